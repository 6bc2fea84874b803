//! The archive, from outside.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod dump;
mod duplicates;
mod erasure;
mod files;
mod filters;
mod groups;
mod histories;
mod hostile;
mod laws;
mod lessons;
mod rows;
mod seal;
mod searching;
mod snippets;
mod walks;

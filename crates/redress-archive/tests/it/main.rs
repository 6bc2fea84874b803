//! The archive, from outside.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod dump;
mod duplicates;
mod erasure;
mod files;
mod histories;
mod laws;
mod rows;
mod searching;
mod walks;

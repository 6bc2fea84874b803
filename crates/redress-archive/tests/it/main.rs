//! The archive, from outside.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod dump;
mod erasure;
mod files;
mod histories;
mod laws;
mod rows;
mod searching;

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
#[path = "../../../redress-sla/tests/it/orders.rs"]
#[expect(
    dead_code,
    reason = "the archive does not care when facts were recorded"
)]
mod orders;
mod rows;
mod seal;
mod searching;
mod snippets;
mod streams;
mod walks;

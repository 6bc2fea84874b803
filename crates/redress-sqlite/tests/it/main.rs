//! Tests of the embedded store, through the public interface.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod contract;
mod damage;
mod kill;
mod open;
mod reading;
mod restore;
mod strangers;

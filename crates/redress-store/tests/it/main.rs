//! Tests of the store in memory, the contract and the codec, through the public interface.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod action_codec;
mod codec;
mod examples;
mod files;
mod ledger_codec;
mod memory;
mod packed;

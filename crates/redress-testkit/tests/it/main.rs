//! Tests of the testkit.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod exploring;
mod forged;
mod mutating;
mod planted;
mod shrinking;
mod strategies;
mod telling;
mod views;

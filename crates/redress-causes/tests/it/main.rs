//! Tests of the root-cause view.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the few facts it is about"
)]
mod actions;
mod analysis;
mod examples;
#[path = "../../../redress-sla/tests/it/histories.rs"]
mod histories;
mod kpis;
mod laws;
#[path = "../../../redress-sla/tests/it/ledger.rs"]
mod ledger;
mod snapshots;
mod statistics;

//! Tests of the department SLA view.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the few facts it is about"
)]

use redress_sla::SlaView as View;

mod columns;
mod cuts;
mod examples;
mod histories;
mod laws;
mod ledger;
mod model;
#[expect(dead_code, reason = "warnings alone care when facts were recorded")]
mod orders;
mod packing;
mod snapshots;

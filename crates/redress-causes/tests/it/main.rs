//! Tests of the root-cause view.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the few facts it is about"
)]

use redress_causes::CauseView as View;

mod actions;
mod alerts;
mod analysis;
#[path = "../../../redress-sla/tests/it/model.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "of the other view's model only the clocks are asked"
)]
mod clocks;
#[path = "../../../redress-sla/tests/it/cuts.rs"]
mod cuts;
mod examples;
#[path = "../../../redress-sla/tests/it/histories.rs"]
mod histories;
mod kpis;
mod laws;
#[path = "../../../redress-sla/tests/it/ledger.rs"]
mod ledger;
#[path = "../../../redress-sla/tests/it/orders.rs"]
mod orders;
mod recounts;
mod snapshots;
mod statistics;

//! Tests of the ledger as a service embeds it, through the public interface.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod actions;
mod alert_snapshots;
mod alerts;
mod canary;
mod conflicts;
mod damage;
mod desk;
mod duplicates;
mod erasure;
mod erasure_kill;
mod evidence;
mod evidence_cost;
mod files;
mod flipped_columns;
mod histories;
mod holds;
mod keys_meanwhile;
mod kill;
mod letters;
mod links;
mod meddled;
mod open;
mod oversight;
mod power;
mod recorded_refusals;
mod refusals;
mod repeats;
mod rules;
mod shared;
mod snapshots;
mod story;
mod take_over;
mod threats;
mod time;
mod told;
mod views;
mod wishes;
mod world;

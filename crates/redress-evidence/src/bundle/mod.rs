//! Bundles: a folder that an auditor checks without the ledger, its keys or a network; and the same check of a ledger itself.
//!
//! What is in it is described in `docs/evidence.md`; the bytes in `docs/format.md`. Paths are made from numbers alone, never
//! from what a bundle says.

mod entries;
mod export;
mod files;
mod ledger;
mod line;
mod manifest;
mod reader;
mod report;
mod verify;

pub use export::{BundleError, Contents, export};
pub use ledger::{LedgerFiles, verify_ledger};
pub use reader::BundleReader;
pub use report::{Fault, Finding, Guarantee, Report};
pub use verify::{Anchors, verify};

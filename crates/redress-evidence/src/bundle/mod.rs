//! Bundles: a folder that an auditor checks without the ledger, its keys or a network; and the same check of a ledger itself.
//!
//! What is in it is described in `docs/evidence.md`; the bytes in `docs/format.md`. Paths are made from numbers alone, never
//! from what a bundle says.

mod check;
mod entries;
mod export;
mod files;
mod ledger;
mod line;
mod manifest;
mod pieces;
mod reader;
mod report;
mod signed;
mod source;
mod verify;

pub use export::{BundleError, Contents, export};
pub use ledger::{LedgerFiles, verify_entry, verify_ledger};
pub use pieces::Pieces;
pub use reader::BundleReader;
pub use report::{Fault, Finding, Guarantee, Report};
pub use source::{MemoryFiles, Source};
pub use verify::{Anchors, verify, verify_source};

//! Bundles: a folder that an auditor checks without the ledger, its keys or a network.
//!
//! What is in it is described in `docs/evidence.md`; the bytes in `docs/format.md`. Paths are made from numbers alone, never
//! from what a bundle says.

mod entries;
mod export;
mod files;
mod line;
mod manifest;
mod report;
mod verify;

pub use export::{BundleError, Contents, export};
pub use report::{Fault, Finding, Guarantee, Report};
pub use verify::{Anchors, verify};

//! Checking a bundle. Every step looks at what it can, whatever the steps before have found.

use std::path::Path;

use super::check::Check;
use super::entries::Entries;
use super::report::Report;
use super::source::Source;
use crate::checkpoint::Checkpoint;
use crate::key::VerifierKey;
use crate::nodes::Nodes;

/// What the auditor brings from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    /// The keys of the log and of witnesses; where there are any, one of the log's must be among them.
    pub keys: Vec<VerifierKey>,
    /// A checkpoint that was kept: the log must begin with its entries.
    pub earlier: Option<Checkpoint>,
}

/// Checks a bundle in a folder, to its end, whatever is found.
///
/// It needs no ledger, no secret and no network. It keeps the tree in memory: 64 bytes for each entry.
#[must_use]
pub fn verify(folder: &Path, anchors: &Anchors) -> Report {
    verify_source(&folder, anchors)
}

/// Checks a bundle as [`verify`] does, wherever its files are.
#[must_use]
pub fn verify_source(source: &dyn Source, anchors: &Anchors) -> Report {
    let mut check = Check::new(source);
    let manifest = check.manifest();
    if let Some(manifest) = &manifest {
        check.files(manifest);
    }
    let entries = Entries::read(&mut check, manifest.as_ref());
    if let Some(manifest) = &manifest {
        check.told(manifest, &entries);
        if entries.nodes.size() == manifest.size {
            check.tiles(&entries.nodes);
        }
        check.checkpoints(manifest, &entries, anchors);
        check.heads(manifest, &entries, anchors);
        check.earlier(&entries, anchors);
        check.policies(manifest, &entries);
    }
    Report {
        size: entries.count,
        root: (manifest.is_some() && entries.whole).then(|| entries.root()),
        findings: check.findings,
        guarantees: check.guarantees,
    }
}

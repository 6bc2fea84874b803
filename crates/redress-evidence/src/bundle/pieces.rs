//! The check of a bundle in pieces, each of which reads one place of it.
//!
//! The whole check costs the whole bundle. Where one place was altered and the rest is as it was, the pieces that read
//! that place find what the whole would find there: every other piece reads what it read before, and the order of the
//! pieces changes nothing, for none stops another. So every bit of a large bundle can be tried. Both run the same functions;
//! the law that the whole finds what the pieces find is a test.

use super::check::Check;
use super::entries::Entries;
use super::line::Decoded;
use super::manifest::{ENTRIES, HEADS, Manifest, checkpoint_path};
use super::report::{Fault, Finding, Report};
use super::source::{self, MemoryFiles, Source};
use super::verify::{Anchors, verify_source};
use crate::tile::Tile;

/// A sound bundle, of which one place at a time can be checked anew.
pub struct Pieces<'a> {
    anchors: &'a Anchors,
    manifest: Manifest,
    entries: Entries,
}

impl<'a> Pieces<'a> {
    /// Reads a bundle.
    ///
    /// # Errors
    ///
    /// The report of the whole check where it finds anything.
    pub fn of(source: &dyn Source, anchors: &'a Anchors) -> Result<Self, Box<Report>> {
        let report = verify_source(source, anchors);
        let mut check = Check::new(source);
        let manifest = check.manifest();
        let entries = Entries::read(&mut check, manifest.as_ref());
        match manifest {
            Some(manifest) if report.is_clean() => Ok(Self {
                anchors,
                manifest,
                entries,
            }),
            Some(_) | None => Err(Box::new(report)),
        }
    }

    /// How many entries the bundle has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.entries.count
    }

    /// The line of the entry at this position: what one entry shows by itself, and its place among the others.
    #[must_use]
    pub fn entry(&self, position: u64, line: &[u8]) -> Vec<Finding> {
        found(|check| {
            let Some(read) = Decoded::read(line, self.entries.ledger_id) else {
                check.find_at(ENTRIES, Some(position), Fault::Malformed);
                return;
            };
            if let Some(fault) = read.place_fault(position) {
                check.find_at(ENTRIES, Some(read.position()), fault);
            } else {
                self.entries.of_one(&read, check);
            }
        })
    }

    /// The entries end before this position.
    #[must_use]
    pub fn end(&self, position: u64) -> Vec<Finding> {
        found(|check| check.end(&self.manifest, position))
    }

    /// The length and the digest of a file; nothing for one that the manifest does not list.
    #[must_use]
    pub fn file(&self, path: &str, bytes: &[u8]) -> Vec<Finding> {
        let listed = self.manifest.files.iter().find(|file| file.path == path);
        found(|check| {
            if let Some(listed) = listed {
                check.file(listed, source::digest(bytes));
            }
        })
    }

    /// A tile of hashes.
    #[must_use]
    pub fn tile(&self, tile: &Tile, bytes: &[u8]) -> Vec<Finding> {
        found(|check| check.tile(tile, bytes, &self.entries.nodes))
    }

    /// The preimages of a tile, from that of the entry at position `from` to the last one.
    #[must_use]
    pub fn preimages(&self, tile: &Tile, from: u64, bytes: &[u8]) -> Vec<Finding> {
        found(|check| check.preimages(tile, from, bytes, &self.entries.nodes))
    }

    /// The signed checkpoint of this size.
    #[must_use]
    pub fn checkpoint(&self, size: u64, bytes: &[u8]) -> Vec<Finding> {
        let path = checkpoint_path(size, self.manifest.checkpoints.last().copied());
        let (manifest, entries) = (&self.manifest, &self.entries);
        found(|check| check.checkpoint(&path, bytes, size, manifest, entries, self.anchors))
    }

    /// The signed statement of the heads of streams.
    #[must_use]
    pub fn stream_heads(&self, bytes: &[u8]) -> Vec<Finding> {
        found(|check| {
            check.stated_heads(
                HEADS,
                bytes,
                &self.entries.heads,
                &self.manifest,
                self.anchors,
            )
        })
    }

    /// The manifest, over the files of `source`. `None` where it tells of another ledger or another size: every entry is
    /// read otherwise then, and only the whole check says what is found.
    #[must_use]
    pub fn manifest(&self, source: &dyn Source, bytes: &[u8]) -> Option<Vec<Finding>> {
        let mut check = Check::new(source);
        if let Some(manifest) = check.manifest_of(bytes) {
            if (manifest.ledger_id, manifest.size) != (self.manifest.ledger_id, self.manifest.size)
            {
                return None;
            }
            check.files(&manifest);
            check.told(&manifest, &self.entries);
            check.checkpoints(&manifest, &self.entries, self.anchors);
            check.heads(&manifest, &self.entries, self.anchors);
        }
        Some(check.findings)
    }
}

/// What a step finds that is handed everything it reads.
fn found(step: impl FnOnce(&mut Check<'_>)) -> Vec<Finding> {
    let no_files = MemoryFiles::default();
    let mut check = Check::new(&no_files);
    step(&mut check);
    check.findings
}

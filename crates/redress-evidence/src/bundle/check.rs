//! What a check looks at in the files of a bundle, each step by itself.

use std::io;

use redress_core::Position;

use super::entries::Entries;
use super::manifest::{ENTRIES, FileLine, MANIFEST, Manifest};
use super::report::{Fault, Finding, Guarantee};
use super::source::{self, Source};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::nodes::{MemoryNodes, Nodes};
use crate::tile::Tile;

/// The longest manifest that is read, in bytes.
pub(super) const MAX_MANIFEST_BYTES: u64 = 256 << 20;
/// The longest policy text that is read, in bytes: the longest public part of an entry holds it.
const MAX_POLICY_BYTES: u64 = 1 << 20;
/// The longest file of preimages that is read, in bytes: 256 entries with 16 personal parts each, and some room.
pub(super) const MAX_TILE_BYTES: u64 = 1 << 20;

/// A check that is under way.
pub(super) struct Check<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) findings: Vec<Finding>,
    pub(super) guarantees: Vec<Guarantee>,
}

impl<'a> Check<'a> {
    pub(super) const fn new(source: &'a dyn Source) -> Self {
        Self {
            source,
            findings: Vec::new(),
            guarantees: Vec::new(),
        }
    }

    pub(super) fn find(&mut self, file: impl Into<String>, fault: Fault) {
        self.find_at(file, None, fault);
    }

    pub(super) fn find_at(&mut self, file: impl Into<String>, position: Option<u64>, fault: Fault) {
        self.findings.push(Finding {
            file: file.into(),
            position: position.map(Position::new),
            fault,
        });
    }

    /// Notes how many personal parts are gone with a receipt.
    pub(super) fn erased(&mut self, parts: usize) {
        if parts > 0 {
            self.guarantees.push(Guarantee::Erased { parts });
        }
    }

    /// Reads a file; what cannot be read is a finding.
    pub(super) fn read(&mut self, path: &str, most: u64) -> Option<Vec<u8>> {
        match source::read(self.source, path, most) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.find(path, Fault::Unreadable(error.kind().to_string()));
                None
            }
        }
    }

    pub(super) fn manifest(&mut self) -> Option<Manifest> {
        let bytes = self.read(MANIFEST, MAX_MANIFEST_BYTES)?;
        self.manifest_of(&bytes)
    }

    pub(super) fn manifest_of(&mut self, bytes: &[u8]) -> Option<Manifest> {
        let manifest = Manifest::parse(bytes);
        if manifest.is_none() {
            self.find(MANIFEST, Fault::Malformed);
        }
        manifest
    }

    /// Every file that the size asks for is there, as the manifest tells, and no other.
    pub(super) fn files(&mut self, manifest: &Manifest) {
        let mut expected = manifest.paths();
        let mut known = std::collections::BTreeSet::from([MANIFEST.to_owned()]);
        for file in &manifest.files {
            let path = expected.next();
            if path.as_ref() != Some(&file.path) {
                let fault = path.map_or(Fault::Unexpected, Fault::NotListed);
                self.find(MANIFEST, fault);
                break;
            }
            known.insert(file.path.clone());
            let found = self.source.open(&file.path).and_then(source::digest);
            self.file(file, found);
        }
        if known.len() > manifest.files.len()
            && let Some(path) = expected.next()
        {
            self.find(MANIFEST, Fault::NotListed(path));
        }
        match self.source.list() {
            Ok(paths) => {
                for path in paths.into_iter().filter(|path| !known.contains(path)) {
                    self.find(path, Fault::Unexpected);
                }
            }
            Err(error) => self.find(".", Fault::Unreadable(error.kind().to_string())),
        }
    }

    /// A file is the one that the manifest lists.
    pub(super) fn file(&mut self, listed: &FileLine, found: io::Result<(u64, String)>) {
        match found {
            Ok(found) if found == (listed.bytes, listed.sha256.clone()) => (),
            Ok(_) => self.find(&listed.path, Fault::Digest),
            Err(error) => {
                self.find(&listed.path, Fault::Unreadable(error.kind().to_string()));
            }
        }
    }

    /// The entries do not end before position `next`.
    pub(super) fn end(&mut self, manifest: &Manifest, next: u64) {
        if next < manifest.size {
            self.find_at(ENTRIES, Some(next), Fault::CutOff);
        }
    }

    /// What the manifest tells of the whole.
    pub(super) fn told(&mut self, manifest: &Manifest, entries: &Entries) {
        let (told, actual) = (manifest.size, entries.count);
        if told != actual {
            self.find(MANIFEST, Fault::Size { told, actual });
        }
        if Hash::from_base64(&manifest.root) != Some(entries.root()) {
            self.find(MANIFEST, Fault::Root);
        }
        if !manifest.checkpoints.is_sorted_by(|a, b| a < b) {
            self.find(MANIFEST, Fault::Malformed);
        }
        for key in &manifest.keys {
            if let Err(error) = VerifierKey::parse(key) {
                self.find(MANIFEST, Fault::Signature(error.to_string()));
            }
        }
    }

    /// Tiles and preimages are those that the entries lead to.
    pub(super) fn tiles(&mut self, nodes: &MemoryNodes) {
        for tile in Tile::all(nodes.size()) {
            if let Some(found) = self.read(&tile.path(), MAX_TILE_BYTES) {
                self.tile(&tile, &found, nodes);
            }
            if tile.level == 0
                && let Some(found) = self.read(&tile.entries_path(), MAX_TILE_BYTES)
            {
                self.preimages(&tile, tile.first_hash(), &found, nodes);
            }
        }
    }

    /// The bytes of a tile are those that the entries lead to; else the first entry is named below which they are not.
    pub(super) fn tile(&mut self, tile: &Tile, found: &[u8], nodes: &MemoryNodes) {
        let Ok(expected) = tile.bytes(nodes) else {
            return;
        };
        if found != expected {
            let same = found.iter().zip(&expected).take_while(|(a, b)| a == b);
            let hash = u64::try_from(same.count() / Hash::BYTES).unwrap_or(u64::MAX);
            let entry = tile.first_entry(hash);
            self.find_at(tile.path(), entry, Fault::Differs);
        }
    }

    /// Each preimage, from that of entry `from` on, is that of its leaf, and nothing follows the last one.
    pub(super) fn preimages(&mut self, tile: &Tile, from: u64, bytes: &[u8], nodes: &MemoryNodes) {
        let path = tile.entries_path();
        let mut rest = bytes;
        let end = tile.first_hash().saturating_add(u64::from(tile.width));
        for position in from..end {
            let found = take_preimage(&mut rest).map(Hash::leaf);
            if found.is_none() || found != nodes.node(0, position).ok() {
                self.find_at(&path, Some(position), Fault::Differs);
                return;
            }
        }
        if !rest.is_empty() {
            self.find(path, Fault::Malformed);
        }
    }

    /// Whether the policy texts are those that the entries say were adopted.
    pub(super) fn policies(&mut self, manifest: &Manifest, entries: &Entries) {
        let (mut bound, mut unbound) = (0_u32, 0_u32);
        // No more than there are files, whatever number is told.
        for line in manifest.files.iter().filter(|file| is_policy(&file.path)) {
            let text = source::read(self.source, &line.path, MAX_POLICY_BYTES);
            if text.is_ok_and(|text| entries.adopted.contains(&Hash::of(&text))) {
                bound = bound.saturating_add(1);
            } else {
                unbound = unbound.saturating_add(1);
            }
        }
        if bound > 0 {
            self.guarantees.push(Guarantee::Policies { count: bound });
        }
        if unbound > 0 {
            let unbound = Guarantee::PoliciesUnbound { count: unbound };
            self.guarantees.push(unbound);
        }
    }
}

fn is_policy(path: &str) -> bool {
    path.starts_with("policies/")
}

/// The next preimage behind its length.
fn take_preimage<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (preimage, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(preimage)
}

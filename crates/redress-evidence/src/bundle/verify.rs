//! Checking a bundle. Every step looks at what it can, whatever the steps before have found.

use std::path::Path;

use redress_core::Position;

use super::entries::Entries;
use super::files;
use super::manifest::{ENTRIES, HEADS, MANIFEST, Manifest, checkpoint_path};
use super::report::{Fault, Finding, Guarantee, Report};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::heads::{HeadsStatement, StreamHeads};
use crate::key::{KeyKind, VerifierKey};
use crate::nodes::{MemoryNodes, Nodes};
use crate::note::{MAX_NOTE_BYTES, Signed, SignedNote};
use crate::proof::root_at;
use crate::tile::Tile;

/// The longest manifest that is read, in bytes.
pub(super) const MAX_MANIFEST_BYTES: u64 = 256 << 20;
/// The longest policy text that is read, in bytes: the longest public part of an entry holds it.
const MAX_POLICY_BYTES: u64 = 1 << 20;
/// The longest file of preimages that is read, in bytes: 256 entries with 16 personal parts each, and some room.
pub(super) const MAX_TILE_BYTES: u64 = 1 << 20;

/// What the auditor brings from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    /// The keys of the log and of witnesses; where there are any, one of the log's must be among them.
    pub keys: Vec<VerifierKey>,
    /// A checkpoint that was kept: the log must begin with its entries.
    pub earlier: Option<Checkpoint>,
}

/// Checks a bundle, to its end, whatever is found.
///
/// It needs no ledger, no secret and no network. It keeps the tree in memory: 64 bytes for each entry.
#[must_use]
pub fn verify(folder: &Path, anchors: &Anchors) -> Report {
    let mut check = Check {
        folder,
        findings: Vec::new(),
        guarantees: Vec::new(),
    };
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

/// A check that is under way.
pub(super) struct Check<'a> {
    pub(super) folder: &'a Path,
    pub(super) findings: Vec<Finding>,
    pub(super) guarantees: Vec<Guarantee>,
}

impl Check<'_> {
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
    fn read(&mut self, path: &str, most: u64) -> Option<Vec<u8>> {
        match files::read(self.folder, path, most) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.find(path, Fault::Unreadable(error.kind().to_string()));
                None
            }
        }
    }

    fn manifest(&mut self) -> Option<Manifest> {
        let bytes = self.read(MANIFEST, MAX_MANIFEST_BYTES)?;
        let manifest = Manifest::parse(&bytes);
        if manifest.is_none() {
            self.find(MANIFEST, Fault::Malformed);
        }
        manifest
    }

    /// Every file that the size asks for is there, as the manifest tells, and no other.
    fn files(&mut self, manifest: &Manifest) {
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
            match files::digest(self.folder, &file.path) {
                Ok(found) if found == (file.bytes, file.sha256.clone()) => (),
                Ok(_) => self.find(&file.path, Fault::Digest),
                Err(error) => {
                    self.find(&file.path, Fault::Unreadable(error.kind().to_string()));
                }
            }
        }
        if known.len() > manifest.files.len()
            && let Some(path) = expected.next()
        {
            self.find(MANIFEST, Fault::NotListed(path));
        }
        match files::list(self.folder) {
            Ok(paths) => {
                for path in paths.into_iter().filter(|path| !known.contains(path)) {
                    self.find(path, Fault::Unexpected);
                }
            }
            Err(error) => self.find(".", Fault::Unreadable(error.kind().to_string())),
        }
    }

    /// What the manifest tells of the whole.
    fn told(&mut self, manifest: &Manifest, entries: &Entries) {
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
    fn tiles(&mut self, nodes: &MemoryNodes) {
        for tile in Tile::all(nodes.size()) {
            let found = self.read(&tile.path(), MAX_TILE_BYTES);
            if let (Some(found), Ok(expected)) = (found, tile.bytes(nodes))
                && found != expected
            {
                self.find_at(tile.path(), None, Fault::Differs);
            }
            if tile.level == 0 {
                self.preimages(&tile, nodes);
            }
        }
    }

    /// Each preimage of a file is that of its leaf, and nothing follows them.
    fn preimages(&mut self, tile: &Tile, nodes: &MemoryNodes) {
        let path = tile.entries_path();
        let Some(bytes) = self.read(&path, MAX_TILE_BYTES) else {
            return;
        };
        let mut rest = bytes.as_slice();
        let first = tile.first_hash();
        for position in (first..).take(usize::from(tile.width)) {
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

    fn checkpoints(&mut self, manifest: &Manifest, entries: &Entries, anchors: &Anchors) {
        let last = manifest.checkpoints.last().copied();
        // No longer than the list of files: a long list of sizes without files costs no more than reading it.
        for size in manifest.checkpoints.iter().take(manifest.files.len()) {
            self.checkpoint(
                &checkpoint_path(*size, last),
                *size,
                manifest,
                entries,
                anchors,
            );
        }
        self.name_absent(entries);
    }

    /// Says what nobody has signed, and who has not.
    pub(super) fn name_absent(&mut self, entries: &Entries) {
        let sizes = self.guarantees.iter().filter_map(|one| match one {
            Guarantee::Signed { size, .. } => Some(*size),
            Guarantee::Unsigned
            | Guarantee::Uncovered { .. }
            | Guarantee::Follows { .. }
            | Guarantee::NoEarlier
            | Guarantee::EmptyEarlier
            | Guarantee::NoWitness
            | Guarantee::NoTree
            | Guarantee::StreamHeads { .. }
            | Guarantee::StreamHeadsUnsigned { .. }
            | Guarantee::Erased { .. }
            | Guarantee::Policies { .. }
            | Guarantee::PoliciesUnbound { .. } => None,
        });
        match sizes.max() {
            None => self.guarantees.push(Guarantee::Unsigned),
            Some(from) if from < entries.count => {
                let count = entries.count - from;
                self.guarantees.push(Guarantee::Uncovered { from, count });
            }
            Some(_) => {}
        }
        let witnessed = |one: &Guarantee| {
            matches!(
                one,
                Guarantee::Signed {
                    key_given: true,
                    witnessed_at_seconds: Some(_),
                    ..
                }
            )
        };
        if !self.guarantees.iter().any(witnessed) {
            self.guarantees.push(Guarantee::NoWitness);
        }
    }

    fn checkpoint(
        &mut self,
        path: &str,
        told: u64,
        manifest: &Manifest,
        entries: &Entries,
        anchors: &Anchors,
    ) {
        let Some(bytes) = self.read(path, note_bytes()) else {
            return;
        };
        let Some(actual) = self.signed_root(path, &bytes, manifest, entries, anchors) else {
            return;
        };
        if actual != told {
            self.find(path, Fault::Size { told, actual });
        }
    }

    /// The entries lead to the root of a signed checkpoint; tells its size.
    pub(super) fn signed_root(
        &mut self,
        path: &str,
        bytes: &[u8],
        manifest: &Manifest,
        entries: &Entries,
        anchors: &Anchors,
    ) -> Option<u64> {
        let Ok((checkpoint, note)) = Checkpoint::read(bytes) else {
            self.find(path, Fault::Malformed);
            return None;
        };
        let actual = checkpoint.size;
        let rooted = root_at(&entries.nodes, actual).is_ok_and(|root| root == checkpoint.root);
        if !rooted {
            self.find(path, Fault::Root);
        }
        let signed = self.signed(path, &note, manifest, anchors);
        if rooted && let Some((signed, key_given)) = signed {
            let guarantees = signed.into_iter().map(|signed| Guarantee::Signed {
                origin: checkpoint.origin.clone(),
                size: actual,
                name: signed.name,
                key_id: signed.key_id,
                key_given,
                witnessed_at_seconds: signed.time_seconds,
            });
            self.guarantees.extend(guarantees);
        }
        Some(actual)
    }

    /// Who has signed: of the keys that the auditor brought, or, where none was brought, of those of the bundle.
    fn signed(
        &mut self,
        path: &str,
        note: &SignedNote,
        manifest: &Manifest,
        anchors: &Anchors,
    ) -> Option<(Vec<Signed>, bool)> {
        let own = manifest
            .keys
            .iter()
            .filter_map(|key| VerifierKey::parse(key).ok());
        let given = !anchors.keys.is_empty();
        let keys = if given {
            anchors.keys.clone()
        } else {
            own.collect()
        };
        if keys.is_empty() {
            return None;
        }
        match note.verify(&keys) {
            Ok(signed) if signed.iter().any(|one| one.kind == KeyKind::Note) => {
                Some((signed, given))
            }
            Ok(_) => {
                let message = "witnesses have signed, but not the log".to_owned();
                self.find(path, Fault::Signature(message));
                None
            }
            Err(error) => {
                self.find(path, Fault::Signature(error.to_string()));
                None
            }
        }
    }

    fn heads(&mut self, manifest: &Manifest, entries: &Entries, anchors: &Anchors) {
        if !manifest.stream_heads {
            return;
        }
        if let Some(bytes) = self.read(HEADS, note_bytes()) {
            self.stated_heads(HEADS, &bytes, &entries.heads, manifest, anchors);
        }
    }

    /// The heads of histories are those that a signed statement tells.
    pub(super) fn stated_heads(
        &mut self,
        path: &str,
        bytes: &[u8],
        heads: &StreamHeads,
        manifest: &Manifest,
        anchors: &Anchors,
    ) {
        let note = SignedNote::parse(bytes).ok();
        let said = note
            .as_ref()
            .and_then(|note| HeadsStatement::parse_text(note.text()));
        let (Some(note), Some(said)) = (note, said) else {
            self.find(path, Fault::Malformed);
            return;
        };
        if said != heads.statement(&said.origin, manifest.ledger_id) {
            self.find(path, Fault::Differs);
            return;
        }
        let (count, size) = (said.count, said.log_size);
        let signed = self.signed(path, &note, manifest, anchors);
        // The heads bind the last entry of each history alone: where another one is wrong, they show nothing.
        if !self.findings.is_empty() {
            return;
        }
        self.guarantees.push(match signed {
            Some((_, key_given)) => Guarantee::StreamHeads {
                count,
                size,
                key_given,
            },
            None => Guarantee::StreamHeadsUnsigned { count },
        });
    }

    /// Whether the policy texts are those that the entries say were adopted.
    fn policies(&mut self, manifest: &Manifest, entries: &Entries) {
        let (mut bound, mut unbound) = (0_u32, 0_u32);
        // No more than there are files, whatever number is told.
        for line in manifest.files.iter().filter(|file| is_policy(&file.path)) {
            let text = files::read(self.folder, &line.path, MAX_POLICY_BYTES);
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

    pub(super) fn earlier(&mut self, entries: &Entries, anchors: &Anchors) {
        let Some(earlier) = &anchors.earlier else {
            self.guarantees.push(Guarantee::NoEarlier);
            return;
        };
        let size = earlier.size;
        if size == 0 {
            self.guarantees.push(Guarantee::EmptyEarlier);
        } else if root_at(&entries.nodes, size).is_ok_and(|root| root == earlier.root) {
            self.guarantees.push(Guarantee::Follows { size });
        } else {
            self.find(ENTRIES, Fault::Earlier);
        }
    }
}

fn is_policy(path: &str) -> bool {
    path.starts_with("policies/")
}

/// The longest note, as the length of a file.
pub(super) fn note_bytes() -> u64 {
    u64::try_from(MAX_NOTE_BYTES).unwrap_or(u64::MAX)
}

/// The next preimage behind its length.
fn take_preimage<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (preimage, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(preimage)
}

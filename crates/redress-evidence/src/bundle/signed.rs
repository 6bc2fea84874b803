//! What a check looks at in the signed files: checkpoints, and the heads of streams.

use super::check::Check;
use super::entries::Entries;
use super::manifest::{ENTRIES, HEADS, Manifest, checkpoint_path};
use super::report::{Fault, Guarantee};
use super::verify::Anchors;
use crate::checkpoint::Checkpoint;
use crate::heads::{HeadsStatement, StreamHeads};
use crate::key::{KeyKind, VerifierKey};
use crate::note::{MAX_NOTE_BYTES, Signed, SignedNote};
use crate::proof::root_at;

impl Check<'_> {
    pub(super) fn checkpoints(
        &mut self,
        manifest: &Manifest,
        entries: &Entries,
        anchors: &Anchors,
    ) {
        let last = manifest.checkpoints.last().copied();
        // No longer than the list of files: a long list of sizes without files costs no more than reading it.
        for size in manifest.checkpoints.iter().take(manifest.files.len()) {
            let path = checkpoint_path(*size, last);
            if let Some(bytes) = self.read(&path, note_bytes()) {
                self.checkpoint(&path, &bytes, *size, manifest, entries, anchors);
            }
        }
        self.name_absent(entries, anchors);
    }

    /// Says what nobody has signed, and who has not. That a key which the auditor brought has signed nothing is a finding:
    /// it was asked for, and nothing is shown by it.
    pub(super) fn name_absent(&mut self, entries: &Entries, anchors: &Anchors) {
        if self.findings.is_empty() {
            for key in &anchors.keys {
                if !self.guarantees.iter().any(|one| is_by(one, key)) {
                    let (name, id) = (key.name(), crate::hex::encode(&key.id()));
                    let message = format!(
                        "the key {name} ({id}) that you brought has signed nothing of this"
                    );
                    self.find(ENTRIES, Fault::Signature(message));
                }
            }
        }
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

    /// A checkpoint is of the size that the manifest tells, and signed over these entries.
    pub(super) fn checkpoint(
        &mut self,
        path: &str,
        bytes: &[u8],
        told: u64,
        manifest: &Manifest,
        entries: &Entries,
        anchors: &Anchors,
    ) {
        let Some(actual) = self.signed_root(path, bytes, manifest, entries, anchors) else {
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

    pub(super) fn heads(&mut self, manifest: &Manifest, entries: &Entries, anchors: &Anchors) {
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

fn is_by(guarantee: &Guarantee, key: &VerifierKey) -> bool {
    matches!(
        guarantee,
        Guarantee::Signed { name, key_id, key_given: true, .. } if name == key.name() && *key_id == key.id()
    )
}

/// The longest note, as the length of a file.
pub(super) fn note_bytes() -> u64 {
    u64::try_from(MAX_NOTE_BYTES).unwrap_or(u64::MAX)
}

//! Checking a ledger itself as its bundle would be checked.

use redress_core::Position;
use redress_store::{Entry, StoreError};
use uuid::Uuid;

use super::check::Check;
use super::entries::Entries;
use super::line::{Decoded, EntryLine, Envelope};
use super::manifest::{ENTRIES, FORMAT, Manifest};
use super::report::{Fault, Guarantee, Report};
use super::source::MemoryFiles;
use super::verify::Anchors;
use crate::hash::Hash;
use crate::heads::HeadsStatement;
use crate::nodes::Nodes;
use crate::note::SignedNote;

/// What stands beside a ledger, with the names to tell findings by.
#[derive(Clone, Copy, Debug)]
pub struct LedgerFiles<'a, N> {
    /// The ledger's own id.
    pub ledger_id: Uuid,
    /// The name of the ledger.
    pub name: &'a str,
    /// The checkpoint that was signed last: its name and its bytes.
    pub checkpoint: Option<(&'a str, &'a [u8])>,
    /// The signed statement of the heads of histories: its name and its bytes.
    pub stream_heads: Option<(&'a str, &'a [u8])>,
    /// The tree as it was folded before: its name and its nodes. It tells which entry was altered since.
    pub tree: Option<(&'a str, &'a N)>,
}

/// Checks the entries of a ledger to their end, whatever is found.
///
/// `entries` are all of them, from the first one on; in place of one that the store cannot read stands why. Like
/// [`verify`](super::verify) it keeps the tree in memory. The tree beside the ledger is believed in nothing: where it and
/// the entries differ, that is a finding.
#[must_use]
pub fn verify_ledger<N: Nodes>(
    files: &LedgerFiles<'_, N>,
    entries: impl IntoIterator<Item = Result<Entry, StoreError>>,
    anchors: &Anchors,
) -> Report {
    let no_files = MemoryFiles::default();
    let mut check = Check::new(&no_files);
    let manifest = manifest(files.ledger_id);
    // Entries may have come after the heads were stated: those of that time are set aside.
    let stated = files.stream_heads.and_then(|(_, bytes)| size_of(bytes));
    let mut heads = None;
    let entries = Entries::gather(&mut check, Some(&manifest), |taken, check| {
        for entry in entries {
            if stated == Some(taken.count) {
                heads = Some(taken.heads.clone());
            }
            take(entry, files, taken, check);
        }
        Ok(())
    });
    if let Some((name, tree)) = files.tree
        && tree.size() > entries.count
    {
        let (told, actual) = (tree.size(), entries.count);
        check.find(name, Fault::Size { told, actual });
    }
    if let Some((name, bytes)) = files.checkpoint {
        check.signed_root(name, bytes, &manifest, &entries, anchors);
    }
    check.name_absent(&entries, anchors);
    if let Some((name, bytes)) = files.stream_heads {
        let heads = heads.as_ref().unwrap_or(&entries.heads);
        check.stated_heads(name, bytes, heads, &manifest, anchors);
    }
    if files.tree.is_none() {
        check.guarantees.push(Guarantee::NoTree);
    }
    check.earlier(&entries, anchors);
    // Entries are told of by the name of the file in which they stand.
    for finding in &mut check.findings {
        if finding.file == ENTRIES {
            files.name.clone_into(&mut finding.file);
        }
    }
    Report {
        size: entries.count,
        root: entries.whole.then(|| entries.root()),
        findings: check.findings,
        guarantees: check.guarantees,
    }
}

/// Takes an entry as the line that a bundle would hold.
fn take<N: Nodes>(
    entry: Result<Entry, StoreError>,
    files: &LedgerFiles<'_, N>,
    taken: &mut Entries,
    check: &mut Check<'_>,
) {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            taken.pass_over(Fault::Entry(error.to_string()), check);
            return;
        }
    };
    let Some(read) = decoded(&entry, files.ledger_id) else {
        taken.pass_over(Fault::Malformed, check);
        return;
    };
    let position = read.position();
    for fault in contradictions(&entry) {
        check.find_at(ENTRIES, Some(position), fault);
    }
    if let Some((_, tree)) = files.tree
        && position < tree.size()
        && let Some(fault) = read.leaf_fault(tree.node(0, position).ok())
    {
        check.find_at(ENTRIES, Some(position), fault);
    }
    taken.entry(&read, check);
}

/// Over how many entries a statement of heads is.
fn size_of(statement: &[u8]) -> Option<u64> {
    let note = SignedNote::parse(statement).ok()?;
    Some(HeadsStatement::parse_text(note.text())?.log_size)
}

/// An entry as a bundle would hold it.
fn decoded(entry: &Entry, ledger_id: Uuid) -> Option<Decoded> {
    Decoded::of(EntryLine::of(entry)?, ledger_id)
}

/// What is found of one entry of a ledger alone, `told` being the hash of its leaf as the tree tells it.
///
/// [`verify_ledger`] finds the same there, and besides what only several entries show: an order, a gap, a missing receipt.
#[must_use]
pub fn verify_entry(entry: &Entry, ledger_id: Uuid, position: Position, told: Hash) -> Vec<Fault> {
    let Some(read) = decoded(entry, ledger_id) else {
        return vec![Fault::Malformed];
    };
    let own = read.place_fault(position.get());
    let own = own.or_else(|| read.leaf_fault(Some(told)));
    contradictions(entry).chain(own).collect()
}

/// Where a store tells something else of an entry than its public part, where that tells it at all: the leaf binds the
/// public part, and only through that what a store keeps of it besides.
fn contradictions(entry: &Entry) -> impl Iterator<Item = Fault> {
    let content = &entry.content;
    let told: Option<Envelope> = serde_json::from_slice(&content.public).ok();
    let pairs = told.map(|told| {
        let time = told.occurred_at.is_none_or(|it| it == content.occurred_at);
        let command = told.command_id.is_none_or(|it| it == content.command_id);
        [(time, "occurred_at"), (command, "command_id")]
    });
    let differs = pairs.into_iter().flatten();
    differs.filter_map(|(agrees, name)| (!agrees).then_some(Fault::Contradiction(name)))
}

/// What a ledger says of itself: its id. It has no tiles, and brings no keys.
fn manifest(ledger_id: Uuid) -> Manifest {
    Manifest {
        format: FORMAT.to_owned(),
        ledger_id,
        size: 0,
        root: String::new(),
        keys: Vec::new(),
        checkpoints: Vec::new(),
        policies: 0,
        stream_heads: false,
        files: Vec::new(),
    }
}

//! Checking a ledger itself, whose entries and files beside it were meddled with.

use redress_core::Position;
use redress_evidence::bundle::{Anchors, Fault, Guarantee, LedgerFiles, Report, verify_ledger};
use redress_evidence::{Checkpoint, EvidenceLog, MemoryNodes};
use redress_store::{Entry, StoreError, StoreErrorKind};

use crate::ledger::{ORIGIN, entries, key, log, store, verifiers};

const SIZE: u32 = 30;

/// The log as it was signed, and what a check says of these entries, by the key and by that checkpoint.
struct Ledger {
    log: EvidenceLog<MemoryNodes>,
    checkpoint: String,
}

impl Ledger {
    fn new() -> Self {
        let log = log(&store(SIZE));
        let checkpoint = log.checkpoint(ORIGIN, &key(), None).unwrap().to_string();
        Self { log, checkpoint }
    }

    fn check(&self, entries: Vec<Result<Entry, StoreError>>) -> Report {
        let files = LedgerFiles {
            ledger_id: self.log.ledger_id(),
            name: "c.redress",
            checkpoint: Some(("c.checkpoint", self.checkpoint.as_bytes())),
            stream_heads: None,
            tree: Some(("c.tree", self.log.nodes())),
        };
        let (earlier, _) = Checkpoint::read(self.checkpoint.as_bytes()).unwrap();
        let anchors = Anchors {
            keys: verifiers(),
            earlier: Some(earlier),
        };
        verify_ledger(&files, entries, &anchors)
    }
}

fn sound() -> Vec<Result<Entry, StoreError>> {
    entries(&store(SIZE)).into_iter().map(Ok).collect()
}

#[track_caller]
fn check_found(report: &Report, position: u64, fault: &Fault) {
    let position = Some(Position::new(position));
    let is_it = |one: &redress_evidence::bundle::Finding| {
        one.file == "c.redress" && one.position == position && one.fault == *fault
    };
    assert!(report.findings.iter().any(is_it), "{:?}", report.findings);
    // Neither the signature nor the checkpoint speaks for the entries any more.
    let speaks = |one: &Guarantee| one.is_shown();
    assert!(
        !report.guarantees.iter().any(speaks),
        "{:?}",
        report.guarantees
    );
}

#[test]
fn a_sound_ledger_is_shown_by_key_and_checkpoint() {
    let ledger = Ledger::new();
    let report = ledger.check(sound());
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!(report.size, u64::from(SIZE));
    assert_eq!(report.root, Some(ledger.log.root()));
    let shown = report.guarantees.iter().filter(|one| one.is_shown());
    assert_eq!(shown.count(), 2);
}

#[test]
fn an_altered_entry_is_named_wherever_it_stands() {
    let ledger = Ledger::new();
    for position in 0..u64::from(SIZE) {
        let place = usize::try_from(position).unwrap();
        let mut altered = sound();
        altered[place].as_mut().unwrap().content.event_type += 1;
        check_found(&ledger.check(altered), position, &Fault::Leaf);
        let mut unreadable = sound();
        let error = StoreError::new(StoreErrorKind::Damaged, "torn");
        unreadable[place] = Err(error);
        let torn = Fault::Entry("torn".to_owned());
        let report = ledger.check(unreadable);
        let found = report.findings.iter().find(|one| one.position.is_some());
        let found = found.unwrap();
        assert_eq!(found.position, Some(Position::new(position)));
        let (Fault::Entry(told), Fault::Entry(words)) = (&found.fault, &torn) else {
            unreachable!("{found:?}")
        };
        assert!(told.contains(words));
        assert_eq!(report.root, None);
    }
}

#[test]
fn every_truncation_is_found_by_tree_and_checkpoints() {
    let ledger = Ledger::new();
    for size in 0..u64::from(SIZE) {
        let mut cut = sound();
        cut.truncate(usize::try_from(size).unwrap());
        let report = ledger.check(cut);
        let faults: Vec<_> = report
            .findings
            .iter()
            .map(|one| (one.file.as_str(), &one.fault))
            .collect();
        let (told, actual) = (u64::from(SIZE), size);
        let expected = [
            ("c.tree", &Fault::Size { told, actual }),
            ("c.checkpoint", &Fault::Root),
            ("c.redress", &Fault::Earlier),
        ];
        assert_eq!(faults, expected);
    }
}

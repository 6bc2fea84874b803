//! Old copies put back after an erasure: of the key store, of the views, of some files, and of the whole folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pollster::block_on;
use redress::evidence::bundle::Anchors;
use redress::evidence::{Checkpoint, SigningKey};
use redress::{ComplaintId, Evidence, LedgerError, PartFault, PartVerdict, verify_ledger};

use crate::canary::{CANARY, hits};
use crate::desk::{Desk, live, subject};
use crate::wishes::agent;

fn key() -> SigningKey {
    SigningKey::from_seed("example.org/complaints", &[7; 32]).unwrap()
}

/// Every file of a folder, by its name.
type Copy = BTreeMap<String, Vec<u8>>;

fn copy(folder: &Path) -> Copy {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let named = files.map(|file| (file.file_name().into_string().unwrap(), file.path()));
    named
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect()
}

/// Puts the files of a copy with these endings in the place of those that are there.
fn put_back(folder: &Path, copy: &Copy, endings: &[&str]) {
    for name in self::copy(folder).keys().chain(copy.keys()) {
        if endings.iter().any(|ending| name.ends_with(ending)) {
            fs::remove_file(folder.join(name)).ok();
        }
    }
    for (name, bytes) in copy {
        if endings.iter().any(|ending| name.ends_with(ending)) {
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}

/// The ledger, as SQLite keeps it.
const LEDGER: [&str; 3] = [".redress", ".redress-wal", ".redress-shm"];
/// What is folded from it.
const VIEWS: [&str; 7] = [
    ".views",
    ".views-wal",
    ".views-shm",
    ".sla",
    ".causes",
    ".alerts",
    ".alerts-occurred",
];

/// A ledger whose customer was erased, a copy of all its files from before, and the checkpoint signed after it.
struct Erased {
    desk: Desk,
    before: Copy,
    complaint: ComplaintId,
    signed: Checkpoint,
}

impl Erased {
    fn new() -> Self {
        let desk = Desk::new();
        let ledger = desk.open();
        let complaint = live(&ledger, subject(), CANARY);
        drop(ledger.views().unwrap());
        let signed = |ledger: &redress::blocking::Ledger<_>| {
            let evidence = Evidence::open(ledger.as_async().clone(), desk.path());
            let note = block_on(block_on(evidence).unwrap().checkpoint(&key())).unwrap();
            Checkpoint::parse_text(note.text()).unwrap()
        };
        signed(&ledger);
        drop(ledger);
        let before = copy(desk.folder.path());
        let ledger = desk.open();
        let erased = ledger.erase_subject(subject(), "GDPR Art. 17", &agent());
        erased.unwrap().unwrap();
        let signed = signed(&ledger);
        drop(ledger);
        Self {
            desk,
            before,
            complaint,
            signed,
        }
    }

    fn put_back(&self, endings: &[&str]) {
        put_back(self.desk.folder.path(), &self.before, endings);
    }
}

#[test]
fn an_old_key_store_put_back_after_an_erasure_is_refused() {
    let erased = Erased::new();
    erased.put_back(&[".keys"]);
    let error = erased.desk.try_open().unwrap_err();
    assert!(matches!(error, LedgerError::KeyRestored(whose) if whose == subject()));
}

#[test]
fn old_views_put_back_after_an_erasure_are_purged_by_opening() {
    let erased = Erased::new();
    erased.put_back(&VIEWS);
    assert!(!hits(erased.desk.folder.path(), CANARY).is_empty());
    let ledger = erased.desk.open();
    drop(ledger.views().unwrap());
    drop(ledger);
    assert_eq!(
        hits(erased.desk.folder.path(), CANARY),
        Vec::<String>::new()
    );
}

#[test]
fn an_old_ledger_put_back_beside_the_keys_of_today_misses_a_receipt() {
    let erased = Erased::new();
    erased.put_back(
        &[
            LEDGER.as_slice(),
            &VIEWS,
            &[".checkpoint", ".tree", ".heads"],
        ]
        .concat(),
    );
    let error = erased.desk.try_open().unwrap_err();
    let gone = PartFault::Missing;
    assert!(
        matches!(error, LedgerError::Personal { why, .. } if why == gone),
        "{error}"
    );
}

#[test]
fn an_old_ledger_with_its_old_keys_is_refused_by_the_checkpoint_beside_it() {
    let erased = Erased::new();
    erased.put_back(&[LEDGER.as_slice(), &VIEWS, &[".keys"]].concat());
    let error = erased.desk.try_open().unwrap_err();
    assert!(
        matches!(error, LedgerError::LedgerTruncated { .. }),
        "{error}"
    );
}

#[test]
fn an_old_copy_of_the_whole_folder_is_found_by_a_checkpoint_kept_elsewhere() {
    let erased = Erased::new();
    let folder = erased.desk.folder.path();
    let every_ending = [""];
    erased.put_back(&every_ending);
    assert_eq!(copy(folder), erased.before);
    // It is what it looks like, an older ledger whose customer was not erased: nothing in the folder says otherwise.
    let ledger = erased.desk.open();
    let verdicts = ledger.examine_parts(erased.complaint).unwrap();
    assert!(verdicts.iter().all(|(_, it)| *it == PartVerdict::Intact));
    let verify = |earlier| {
        let keys = vec![key().verifier().clone()];
        let anchors = Anchors { keys, earlier };
        let store = ledger.as_async().store();
        block_on(verify_ledger(store, erased.desk.path(), &anchors)).unwrap()
    };
    assert!(verify(None).is_clean());
    let report = verify(Some(erased.signed.clone()));
    assert!(!report.is_clean());
}

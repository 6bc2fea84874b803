//! The seal: the archive's file is believed as it was left, and never when anybody else changed it.

use std::fs;
use std::path::{Path, PathBuf};

use redress_archive::{Archive, ComplaintFile, Query};
use redress_core::{Policy, Position, Recorded};
use redress_store::Projection;
use tempfile::TempDir;

use crate::histories::{History, LEDGER, as_facts, classified, complaint, note, received};

fn facts() -> Vec<Recorded> {
    let mut history = History::new(Policy::standard());
    for number in 1..=2 {
        history.then(complaint(number), received(number, "包裹", "要求退款"));
        history.then(complaint(number), classified("delivery/delay"));
        history.then(complaint(number), note("called"));
    }
    history.facts
}

fn folded() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    archive.fold(&as_facts(&facts())).unwrap();
    (folder, path)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Everything an archive shows.
fn shown(archive: &Archive) -> Vec<ComplaintFile> {
    let hits = archive.search(&Query::new().limit(usize::MAX)).unwrap();
    let files = hits
        .iter()
        .map(|hit| archive.file(hit.summary.id).unwrap().unwrap());
    files.collect()
}

/// Opens an archive that was changed: it is as it was, or starts anew, or is refused; after folding it is as it was.
#[track_caller]
fn check_never_believed(path: &Path, expected: &[ComplaintFile], what: &str) {
    let mut archive = match Archive::open(path, LEDGER) {
        Ok(archive) => archive,
        Err(error) => return assert!(error.is_foreign(), "{what}: {error}"),
    };
    let folded = usize::try_from(archive.next_position().get()).unwrap();
    archive.fold(&as_facts(&facts()[folded..])).unwrap();
    assert_eq!(shown(&archive), expected, "{what}");
    assert_eq!(
        archive.count(&Query::new().text("退款")).unwrap(),
        2,
        "{what}"
    );
}

/// Flips a byte of a file in place, so that neither its length nor its name tells.
fn flip(path: &Path, place: usize, mask: u8) {
    use std::io::{Read, Seek, SeekFrom, Write};
    let mut file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(place as u64)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(place as u64)).unwrap();
    file.write_all(&[byte[0] ^ mask]).unwrap();
}

/// Every byte of the file is flipped in turn; whether the archive is believed is asked each time, and what it shows now and
/// then, for that takes a fold.
#[test]
fn no_byte_of_the_file_can_be_flipped_unseen() {
    let (_folder, path) = folded();
    let expected = shown(&Archive::open(&path, LEDGER).unwrap());
    let length = fs::metadata(&path).unwrap().len();
    for place in 0..usize::try_from(length).unwrap() {
        flip(&path, place, 1 << (place % 8));
        assert!(
            Archive::open_read_only(&path, LEDGER).unwrap().is_none(),
            "byte {place}"
        );
        if place % 4999 == 0 || place < 100 {
            check_never_believed(&path, &expected, &format!("byte {place}"));
            // A file whose marks were flipped is nobody's: it is left, and made anew once it is gone.
            if Archive::open(&path, LEDGER).is_err() {
                fs::remove_file(&path).unwrap();
                check_never_believed(&path, &expected, "made anew");
            }
        }
    }
}

#[test]
fn no_byte_of_the_seal_can_be_flipped_unseen() {
    let (_folder, path) = folded();
    let seal = beside(&path, "-seal");
    let bytes = fs::read(&seal).unwrap();
    assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_some());
    for place in 0..bytes.len() {
        for bit in 0..8 {
            flip(&seal, place, 1 << bit);
            let opened = Archive::open_read_only(&path, LEDGER).unwrap();
            assert!(opened.is_none(), "bit {bit} of byte {place}");
            flip(&seal, place, 1 << bit);
        }
    }
    assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_some());
    for cut in 0..bytes.len() {
        fs::write(&seal, &bytes[..cut]).unwrap();
        assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_none());
    }
    fs::remove_file(&seal).unwrap();
    assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_none());
}

/// An archive as a crash leaves it: what was folded stands in the log alone.
fn crashed() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    // Whoever holds the seal keeps the archive from sealing its file when it is closed.
    let seal = fs::File::open(beside(&path, "-seal")).unwrap();
    seal.lock_shared().unwrap();
    for batch in as_facts(&facts()).chunks(2) {
        archive.fold(batch).unwrap();
    }
    drop(archive);
    (folder, path)
}

#[test]
fn after_a_crash_the_archive_goes_on_from_its_log() {
    let (_folder, path) = crashed();
    assert!(fs::metadata(beside(&path, "-wal")).unwrap().len() > 0);
    assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_none());
    let archive = Archive::open(&path, LEDGER).unwrap();
    assert_eq!(archive.next_position(), Position::new(6));
}

#[test]
fn no_byte_of_the_log_can_be_flipped_into_another_story() {
    let (_folder, path) = folded();
    let expected = shown(&Archive::open(&path, LEDGER).unwrap());
    let length = |path: &Path| usize::try_from(fs::metadata(path).unwrap().len()).unwrap();
    let mut reached = std::collections::BTreeSet::new();
    for part in 0..60 {
        let (_folder, path) = crashed();
        let log = beside(&path, "-wal");
        let place = if part < 32 {
            part
        } else {
            length(&log) * (part - 32) / 28
        };
        flip(&log, place, 1 << (part % 8));
        let archive = Archive::open(&path, LEDGER).unwrap();
        reached.insert(archive.next_position().get());
        drop(archive);
        check_never_believed(&path, &expected, &format!("byte {place} of the log"));
    }
    // What stood in the log before the damage is kept; the damage never is.
    assert_eq!(reached, [0, 2, 4].into());
}

#[test]
fn a_copy_is_folded_anew() {
    let (_folder, path) = folded();
    let copied = beside(&path, ".copy");
    for suffix in ["", "-seal", "-wal"] {
        fs::copy(beside(&path, suffix), beside(&copied, suffix)).unwrap();
    }
    let archive = Archive::open(&copied, LEDGER).unwrap();
    assert_eq!(archive.next_position(), Position::FIRST);
}

/// What is changed under an open archive is not sealed over when it is closed.
#[test]
fn a_change_under_an_open_archive_is_not_sealed() {
    let (_folder, path) = folded();
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    let length = usize::try_from(fs::metadata(&path).unwrap().len()).unwrap();
    flip(&path, length - 1, 1);
    let mut history = History::new(Policy::standard());
    history.facts = facts();
    history.then(complaint(3), received(3, "late", "words"));
    archive.fold(&as_facts(&history.facts[6..])).unwrap();
    drop(archive);
    let archive = Archive::open(&path, LEDGER).unwrap();
    assert_eq!(archive.next_position(), Position::FIRST);
}

#[test]
fn what_is_only_read_is_not_changed_and_cannot_be_folded_into() {
    let (folder, path) = folded();
    let content = || {
        let files = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().path());
        let mut files: Vec<_> = files
            .map(|file| (file.clone(), fs::read(file).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = content();
    let mut reader = Archive::open_read_only(&path, LEDGER).unwrap().unwrap();
    assert_eq!(reader.next_position(), Position::new(6));
    assert_eq!(reader.count(&Query::new().text("退款")).unwrap(), 2);
    let mut history = History::new(Policy::standard());
    history.facts = facts();
    history.then(complaint(3), received(3, "late", "words"));
    let new = as_facts(&history.facts[6..]);
    assert!(reader.fold(&new).is_err());
    assert!(reader.reset().unwrap_err().is_read_only());
    assert_eq!(content(), before);

    // Another program folds meanwhile: the reader goes on showing what it opened, and both are right.
    let mut writer = Archive::open(&path, LEDGER).unwrap();
    writer.fold(&new).unwrap();
    assert_eq!((shown(&reader).len(), shown(&writer).len()), (2, 3));
    drop(writer);
    assert_eq!(shown(&reader).len(), 2);
    assert!(
        Archive::open_read_only(&path, LEDGER).unwrap().is_none(),
        "the log holds a fact"
    );
    drop(reader);
    drop(Archive::open(&path, LEDGER).unwrap());
    let reader = Archive::open_read_only(&path, LEDGER).unwrap().unwrap();
    assert_eq!(shown(&reader).len(), 3);
    assert!(
        Archive::open_read_only(&path, uuid::Uuid::from_u128(9))
            .unwrap()
            .is_none()
    );
}

#[test]
fn where_there_is_no_archive_there_is_nothing_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_none());
    fs::write(&path, "dear diary").unwrap();
    assert!(Archive::open_read_only(&path, LEDGER).unwrap().is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

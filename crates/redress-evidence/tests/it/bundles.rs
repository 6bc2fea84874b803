//! Bundles: written, checked, and damaged in every way.

use std::fs;
use std::path::{Path, PathBuf};

use pollster::block_on;
use redress_core::Position;
use redress_evidence::bundle::{
    Anchors, BundleError, Contents, Fault, Finding, Guarantee, Report, export, verify,
};
use redress_evidence::{Checkpoint, Hash, SignedNote, StreamHeads};
use redress_store::{EventStore, MemoryStore};
use tempfile::TempDir;

use crate::ledger::{ORIGIN, entries, extend, key, log, store, verifiers};

const POLICY: &str = "version = \"example\"\n";

/// A ledger with a checkpoint at `early` entries and one at `size`, and the bundle of it.
struct Sample {
    folder: TempDir,
    store: MemoryStore,
    early: SignedNote,
}

impl Sample {
    fn new(early: u32, size: u32) -> Self {
        let store = store(early);
        let first = log(&store).checkpoint(ORIGIN, &key(), None).unwrap();
        extend(&store, early, size);
        let log = log(&store);
        let last = Checkpoint::parse_text(first.text()).unwrap();
        let newest = log.checkpoint(ORIGIN, &key(), Some(&last)).unwrap();
        let mut heads = StreamHeads::default();
        for entry in entries(&store) {
            heads.push(&entry, log.leaf(&entry).unwrap());
        }
        let statement = heads.statement(ORIGIN, store.ledger_id()).text();
        let heads = SignedNote::sign(statement, &key()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents {
            checkpoints: &[first.clone(), newest],
            keys: &verifiers(),
            policies: &[POLICY.to_owned()],
            stream_heads: Some(&heads),
        };
        // What came after the checkpoint stays out.
        extend(&store, size, size + 3);
        let exported = block_on(export(
            &store,
            &log,
            &contents,
            &folder.path().join("bundle"),
        ));
        assert_eq!(exported.unwrap(), u64::from(size));
        Self {
            folder,
            store,
            early: first,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("bundle")
    }

    fn verify(&self) -> Report {
        let anchors = Anchors {
            keys: verifiers(),
            earlier: Some(Checkpoint::parse_text(self.early.text()).unwrap()),
        };
        verify(&self.path(), &anchors)
    }

    /// Every file, by its path within the bundle.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(&self.path(), "", &mut found);
        found.sort();
        found
    }

    /// The check with this file holding other bytes; they are put back.
    fn with(&self, file: &str, bytes: &[u8]) -> Report {
        let path = self.path().join(file);
        let before = fs::read(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let report = self.verify();
        fs::write(&path, before).unwrap();
        report
    }
}

fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

fn places(report: &Report) -> Vec<(&str, Option<u64>)> {
    let place = |finding: &Finding| finding.position.map(Position::get);
    let findings = report.findings.iter();
    findings
        .map(|finding| (finding.file.as_str(), place(finding)))
        .collect()
}

#[test]
fn a_bundle_says_what_it_shows_and_what_that_rests_on() {
    let sample = Sample::new(5, 300);
    let report = sample.verify();
    assert_eq!(report.findings, []);
    assert_eq!(report.size, 300);
    let (checkpoint, _) =
        Checkpoint::read(&fs::read(sample.path().join("checkpoint")).unwrap()).unwrap();
    assert_eq!(report.root, Some(checkpoint.root));
    let texts: Vec<String> = report.guarantees.iter().map(Guarantee::to_string).collect();
    let id: String = key()
        .verifier()
        .id()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        texts,
        [
            format!("the first 5 entries are those of {ORIGIN} that {ORIGIN} ({id}) signed; it rests on the key that you brought"),
            format!("the first 300 entries are those of {ORIGIN} that {ORIGIN} ({id}) signed; it rests on the key that you brought"),
            "no witness whose key you brought has signed: others may have been shown another history".to_owned(),
            "the signed heads of all 7 histories are those of the first 300 entries: proofs about a history made from them tell where \
             it ended; it rests on the key that you brought".to_owned(),
            "nothing in the first 5 entries was changed, left out or put in since the checkpoint that you brought".to_owned(),
            "1 policy texts are those of no adoption that the entries tell; they rest on nothing but the manifest".to_owned(),
        ]
    );
    let alone = verify(&sample.path(), &Anchors::default());
    assert!(alone.is_clean());
    assert!(alone.guarantees.contains(&Guarantee::NoEarlier));
    assert!(alone.guarantees.iter().any(|one| matches!(
        one,
        Guarantee::Signed {
            key_given: false,
            ..
        }
    )));
}

#[test]
fn the_files_are_those_of_the_specifications() {
    let sample = Sample::new(5, 300);
    assert_eq!(
        sample.files(),
        [
            "README.md",
            "checkpoint",
            "checkpoints/5",
            "entries.ndjson",
            "manifest.json",
            "policies/000.toml",
            "stream-heads",
            "tile/0/000",
            "tile/0/001.p/44",
            "tile/1/000.p/1",
            "tile/entries/000",
            "tile/entries/001.p/44",
        ]
    );
}

#[test]
fn a_bundle_of_nothing_and_one_without_signatures_are_checked_too() {
    let folder = tempfile::tempdir().unwrap();
    for size in [0, 1, 256] {
        let store = store(size);
        let path = folder.path().join(size.to_string());
        let none = Contents::default();
        block_on(export(&store, &log(&store), &none, &path)).unwrap();
        let report = verify(&path, &Anchors::default());
        assert_eq!(report.findings, []);
        assert!(report.guarantees.contains(&Guarantee::Unsigned));
        let again = block_on(export(&store, &log(&store), &none, &path));
        assert!(matches!(again, Err(BundleError::Write { .. })));
    }
    let report = verify(&folder.path().join("nowhere"), &Anchors::default());
    assert!(!report.is_clean());
}

#[test]
fn a_ledger_that_was_altered_is_not_exported() {
    let folder = tempfile::tempdir().unwrap();
    let tree = log(&store(9));
    let other = MemoryStore::new(tree.ledger_id());
    extend(&other, 1, 10);
    let exported = block_on(export(
        &other,
        &tree,
        &Contents::default(),
        &folder.path().join("bundle"),
    ));
    assert!(matches!(exported, Err(BundleError::Evidence(_))));
    let report = verify(&folder.path().join("bundle"), &Anchors::default());
    assert_eq!(places(&report)[0], ("manifest.json", None));
}

#[test]
fn an_altered_entry_is_found_even_where_all_digests_fit() {
    // Whoever alters an entry can write a new manifest and new tiles, but no new signature.
    let sample = Sample::new(5, 40);
    let other = Sample::new(5, 40);
    let forged = {
        let store = MemoryStore::new(sample.store.ledger_id());
        extend(&store, 1, 41);
        let path = sample.folder.path().join("forged");
        let none = Contents {
            keys: &verifiers(),
            ..Contents::default()
        };
        block_on(export(&store, &log(&store), &none, &path)).unwrap();
        verify(
            &path,
            &Anchors {
                keys: verifiers(),
                earlier: Some(Checkpoint::parse_text(other.early.text()).unwrap()),
            },
        )
    };
    let faults: Vec<&Fault> = forged.findings.iter().map(|one| &one.fault).collect();
    let [Fault::Signature(unsigned), Fault::Earlier] = faults[..] else {
        panic!("{faults:?}");
    };
    assert!(
        unsigned.contains("has signed nothing of this"),
        "{unsigned}"
    );
}

/// Lines of the entries after a change, as one text.
fn changed(sample: &Sample, change: impl FnOnce(&mut Vec<String>)) -> Report {
    let text = fs::read_to_string(sample.path().join("entries.ndjson")).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    sample.with("entries.ndjson", lines.concat().as_bytes())
}

#[track_caller]
fn check_place(report: &Report, position: u64, fault: &Fault) {
    let expected = Finding {
        file: "entries.ndjson".to_owned(),
        position: Some(Position::new(position)),
        fault: fault.clone(),
    };
    assert!(
        report.findings.contains(&expected),
        "no {expected:?} in {:?}",
        report.findings
    );
}

#[test]
fn versions_with_a_gap_times_that_go_back_and_kinds_unknown_are_found() {
    let sample = Sample::new(3, 9);
    // Entry 7 is the second of stream 1.
    let report = changed(&sample, |lines| {
        lines[7] = lines[7].replace("\"version\":2", "\"version\":3");
    });
    let fault = Fault::Version {
        expected: 2,
        actual: 3,
    };
    check_place(&report, 7, &fault);
    check_place(&report, 7, &Fault::Leaf);
    let report = changed(&sample, |lines| {
        let time = "\"recorded_at_us\":1000000";
        lines[5] = lines[5].replace(time, "\"recorded_at_us\":999999");
    });
    check_place(&report, 5, &Fault::Time);
    let report = changed(&sample, |lines| {
        lines[4] = lines[4].replace("\"kind\":0", "\"kind\":1");
    });
    // What is in the clear is not what a sealed part commits to.
    check_place(&report, 4, &Fault::PartDiffers(1));
    let report = changed(&sample, |lines| {
        lines[4] = lines[4].replace("\"kind\":0", "\"kind\":2");
    });
    check_place(&report, 4, &Fault::PartUnknown(1));
    let report = changed(&sample, |lines| {
        lines[4] = lines[4].replace("\"kind\":0", "\"kind\":9");
    });
    check_place(&report, 4, &Fault::Malformed);
}

#[test]
fn files_that_are_missing_or_too_many_are_named() {
    let sample = Sample::new(2, 9);
    for file in sample.files() {
        let path = sample.path().join(&file);
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let report = sample.verify();
        assert!(places(&report).contains(&(file.as_str(), None)), "{file}");
        fs::write(&path, bytes).unwrap();
    }
    fs::write(sample.path().join("tile/extra"), b"").unwrap();
    let report = sample.verify();
    assert_eq!(places(&report), [("tile/extra", None)]);
    assert_eq!(report.findings[0].fault, Fault::Unexpected);
}

#[test]
fn a_manifest_with_false_sizes_costs_nothing() {
    let sample = Sample::new(2, 9);
    let text = fs::read_to_string(sample.path().join("manifest.json")).unwrap();
    let huge = text.replace("\"size\": 9", &format!("\"size\": {}", u64::MAX));
    assert_ne!(huge, text);
    assert!(!sample.with("manifest.json", huge.as_bytes()).is_clean());
    let policies = text.replace("\"policies\": 1", &format!("\"policies\": {}", u32::MAX));
    assert!(!sample.with("manifest.json", policies.as_bytes()).is_clean());
    let twice = text.replace("    2,\n", "    2,\n    2,\n");
    assert_ne!(twice, text);
    assert!(!sample.with("manifest.json", twice.as_bytes()).is_clean());
    let far = changed(&sample, |lines| {
        lines[8] = lines[8].replace("\"position\":8", &format!("\"position\":{}", u64::MAX));
    });
    check_place(&far, u64::MAX, &Fault::Gap(Position::new(8)));
    assert_eq!(Hash::empty_root().to_string().len(), 64);
}

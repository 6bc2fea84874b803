//! `redress import --bundle`: a bundle becomes a ledger again, or nothing is written.

use std::fs;
use std::path::Path;

use redress::blocking::Ledger;
use redress::{Actor, Policy};

use crate::erasure::record;
use crate::evidence::{Signed, found, has};
use crate::program::{json, run, text, views};

/// Every file below a folder, with its bytes.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn exported_imported_and_exported_again_it_is_the_same_to_the_byte() {
    let signed = Signed::new();
    // A customer's data erased: the bundle has what is left of their parts, the receipt and the tombstone.
    let opened = Ledger::open(&signed.ledger, Policy::standard()).unwrap();
    let (subject, _) = record(&opened);
    record(&opened);
    let officer = Actor::human(
        "li.na".parse().unwrap(),
        "manager".parse().unwrap(),
        "service_desk".parse().unwrap(),
    );
    let erased = opened.erase_subject(subject, "GDPR Art. 17", &officer);
    assert_eq!(erased.unwrap().unwrap().parts, 1);
    drop(opened);
    assert_eq!(signed.checkpoint("second.checkpoint").code, 0);
    let bundle = signed.export("bundle");

    let elsewhere = signed.folder.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let again = elsewhere.join("again.redress");
    let kept = signed.folder.path("first.checkpoint");
    let imported = json(&[
        "import",
        "--bundle",
        text(&bundle),
        text(&again),
        "--key",
        &signed.public,
        "--checkpoint",
        text(&kept),
    ]);
    assert_eq!(imported["findings"].as_array().unwrap().len(), 0);
    assert_eq!(imported["entries"], signed.entries());
    assert_eq!(imported["sealed_parts"], 1, "{imported}");
    let exported = elsewhere.join("bundle");
    let ran = run(&["export", text(&again), "--bundle", text(&exported)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(content(&exported), content(&bundle));

    // A bundle brings no keys: that its sealed part can be read is not shown until they are put beside it.
    let verified = signed.verify(&again, 6);
    assert_eq!(found(&verified, "again.keys").len(), 1, "{verified}");
    assert_eq!(verified["findings"].as_array().unwrap().len(), 1);
    assert_eq!(verified["root"], signed.verify(&signed.ledger, 0)["root"]);
    assert!(has(&verified["shown"], "each with a receipt"), "{verified}");
    // It goes on where the other one stopped, by the same key.
    let next = ["checkpoint", text(&again), "--key", text(&signed.key)];
    assert_eq!(
        run(&next).out,
        fs::read_to_string(signed.folder.path("second.checkpoint")).unwrap()
    );

    // With the keys, brought by another way, every view tells the same.
    for ending in ["keys", "key"] {
        fs::copy(
            signed.ledger.with_extension(ending),
            again.with_extension(ending),
        )
        .unwrap();
    }
    signed.verify(&again, 0);
    // The archive is made when it is first asked for, and says so.
    assert_eq!(run(&["archive", text(&again)]).code, 0);
    assert_eq!(views(&again), views(&signed.ledger));
}

#[test]
fn without_the_keys_it_says_that_personal_parts_stay_sealed() {
    let signed = Signed::new();
    record(&Ledger::open(&signed.ledger, Policy::standard()).unwrap());
    assert_eq!(signed.checkpoint("second.checkpoint").code, 0);
    let bundle = signed.export("bundle");
    let again = signed.folder.path("again.redress");
    let ran = run(&["import", "--bundle", text(&bundle), text(&again)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains("personal parts are sealed"), "{}", ran.out);
    assert!(ran.out.contains("again.keys"), "{}", ran.out);
    assert!(
        ran.out.contains("no signature of a known key"),
        "{}",
        ran.out
    );
    assert!(!again.with_extension("keys").exists());
    // Nothing mints keys for what was sealed under others.
    let log = signed.folder.path("log.csv");
    let ran = crate::program::import(&log, &again);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("there is no key store"), "{}", ran.err);
}

/// Nothing is there that was not there before.
#[track_caller]
fn check_refused(signed: &Signed, args: &[&str], code: i32, words: &str) {
    let folder = signed.folder.path("new");
    fs::create_dir_all(&folder).unwrap();
    let ledger = folder.join("again.redress");
    let before = content(&folder);
    let ran = run(&[&["import", text(&ledger)], args].concat());
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    let said = ran.out + &ran.err;
    assert!(said.contains(words), "{said}");
    assert_eq!(content(&folder), before);
}

#[test]
fn a_bundle_that_is_not_as_it_was_signed_becomes_no_ledger() {
    let signed = Signed::new();
    let bundle = signed.export("bundle");
    let bundle_name = text(&bundle);
    let with = |file: &str, change: &dyn Fn(&mut Vec<u8>), words: &str| {
        let path = bundle.join(file);
        let before = fs::read(&path).unwrap();
        let mut bytes = before.clone();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        check_refused(&signed, &["--bundle", bundle_name], 6, words);
        fs::write(&path, before).unwrap();
    };
    with(
        "entries.ndjson",
        &|bytes| bytes[200] ^= 1,
        "No ledger was made",
    );
    with(
        "entries.ndjson",
        &|bytes| bytes.truncate(900),
        "No ledger was made",
    );
    with("checkpoint", &|bytes| bytes[20] ^= 1, "checkpoint: ");
    with("stream-heads", &|bytes| bytes[40] ^= 1, "stream-heads: ");
}

#[test]
fn what_the_reader_brings_decides_before_anything_is_written() {
    let signed = Signed::new();
    let bundle = signed.export("bundle");
    let bundle = text(&bundle);
    let stranger = signed.folder.path("stranger.key");
    let ran = run(&["key", "new", text(&stranger)]);
    let key = ran.out.trim_end();
    let args = ["--bundle", bundle, "--key", key];
    check_refused(
        &signed,
        &args,
        6,
        "none of the keys that were given has signed",
    );
    // A checkpoint of another history.
    let other = Signed::new();
    other.grow();
    assert_eq!(other.checkpoint("later.checkpoint").code, 0);
    let later = other.folder.path("later.checkpoint");
    let args = ["--bundle", bundle, "--checkpoint", text(&later)];
    check_refused(&signed, &args, 6, "checkpoint that you brought");
    check_refused(&signed, &["--bundle", "nowhere"], 6, "manifest.json");
    check_refused(&signed, &[], 2, "--mapping");
    let args = ["--bundle", bundle, "--mapping", "uci-incidents"];
    check_refused(&signed, &args, 2, "cannot be used with");
}

#[test]
fn a_ledger_and_what_proves_one_are_never_written_over() {
    let signed = Signed::new();
    let bundle = signed.export("bundle");
    let before = content(&signed.folder.path(""));
    let ran = run(&["import", "--bundle", text(&bundle), text(&signed.ledger)]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("there is a file already"), "{}", ran.err);
    assert_eq!(content(&signed.folder.path("")), before);
    // The ledger is lost, what proves it is not: that is told from another ledger's.
    let again = signed.folder.path("again.redress");
    fs::write(again.with_extension("checkpoint"), "another's").unwrap();
    let ran = run(&["import", "--bundle", text(&bundle), text(&again)]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("move it away"), "{}", ran.err);
    assert!(!again.exists());
    fs::copy(
        bundle.join("checkpoint"),
        again.with_extension("checkpoint"),
    )
    .unwrap();
    let ran = run(&["import", "--bundle", text(&bundle), text(&again)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let verified = signed.verify(&again, 0);
    assert_eq!(found(&verified, "again.redress").len(), 0);
}

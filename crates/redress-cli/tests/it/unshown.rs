//! What commands must not show: figures of a ledger that was cut off, and a verification by a key that signed nothing.

use std::fs;

use redress::Policy;
use redress::blocking::Ledger;

use crate::erasure::record;
use crate::evidence::{Signed, found};
use crate::program::{json, run, text};

/// Commands that read a ledger, with what they need besides its name.
const READING: [&[&str]; 8] = [
    &["sla"],
    &["causes"],
    &["kpi"],
    &["archive"],
    &["alerts"],
    &["actions"],
    &["duties"],
    &["replay"],
];

#[test]
fn no_command_reads_a_ledger_that_was_cut_off() {
    let signed = Signed::new();
    signed.sql("DELETE FROM entries WHERE position > 3");
    for words in READING {
        let ran = run(&[&[words[0], text(&signed.ledger)], &words[1..]].concat());
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (1, ""),
            "{words:?}: {}",
            ran.err
        );
        assert!(ran.err.contains("entries"), "{words:?}: {}", ran.err);
    }
    let verified = run(&["verify", text(&signed.ledger), "--key", &signed.public]);
    assert_eq!(verified.code, 6, "{}", verified.err);
}

#[test]
fn a_key_that_signed_nothing_is_a_finding() {
    let signed = Signed::new();
    let bundle = signed.export("bundle");
    let other = signed.folder.path("other.key");
    let ran = run(&["key", "new", text(&other), "--name", "example.org/c"]);
    let other = ran.out.trim_end().to_owned();
    for target in [&signed.ledger, &bundle] {
        assert_eq!(
            run(&["verify", text(target), "--key", &signed.public]).code,
            0
        );
        let ran = run(&["verify", text(target), "--key", &other]);
        assert_eq!(ran.code, 6, "{}", ran.out);
        // The right key beside it does not make up for one that was asked for in vain.
        let ran = run(&[
            "verify",
            text(target),
            "--key",
            &signed.public,
            "--key",
            &other,
        ]);
        assert_eq!(ran.code, 6, "{}", ran.out);
        assert!(
            ran.out.contains("has signed nothing of this"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn a_key_asked_of_what_nobody_signed_is_a_finding() {
    let signed = Signed::new();
    fs::remove_file(signed.ledger.with_extension("checkpoint")).unwrap();
    fs::remove_file(signed.ledger.with_extension("heads")).unwrap();
    let bundle = signed.folder.path("unsigned");
    let exported = json(&["export", text(&signed.ledger), "--bundle", text(&bundle)]);
    assert_eq!(exported["signed"], false);
    for target in [&signed.ledger, &bundle] {
        assert_eq!(run(&["verify", text(target)]).code, 0);
        let ran = run(&["verify", text(target), "--key", &signed.public]);
        assert_eq!(ran.code, 6, "{}", ran.out);
    }
    let restored = signed.folder.path("restored.redress");
    let args = [
        "import",
        "--bundle",
        text(&bundle),
        text(&restored),
        "--key",
        &signed.public,
    ];
    assert_eq!(run(&args).code, 6);
    assert!(!restored.exists());
}

#[test]
fn a_key_store_that_is_gone_damaged_or_of_another_ledger_is_a_finding() {
    let signed = Signed::new();
    record(&Ledger::open(&signed.ledger, Policy::standard()).unwrap());
    assert_eq!(signed.checkpoint("second.checkpoint").code, 0);
    let keys = signed.ledger.with_extension("keys");
    let good = fs::read(&keys).unwrap();
    let other = Signed::new();
    let foreign = fs::read(other.ledger.with_extension("keys")).unwrap();
    let mut damaged = good.clone();
    let last = damaged.len() - 40;
    damaged[last] ^= 1;
    for bytes in [None, Some(damaged), Some(foreign)] {
        match &bytes {
            None => fs::remove_file(&keys).unwrap(),
            Some(bytes) => fs::write(&keys, bytes).unwrap(),
        }
        let verified = signed.verify(&signed.ledger, 6);
        assert_eq!(found(&verified, "c.keys").len(), 1, "{verified}");
    }
    fs::write(&keys, good).unwrap();
    signed.verify(&signed.ledger, 0);
}

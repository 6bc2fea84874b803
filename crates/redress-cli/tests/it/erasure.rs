//! `redress erase` and `redress hold`, by what they write and how they exit.

use std::fs;

use redress::blocking::Ledger;
use redress::event::{Customer, Received, ReceivedPersonal};
use redress::sqlite::SqliteStore;
use redress::{Actor, Channel, ComplaintId, Policy, SubjectId};

use crate::program::{Folder, command, json, run, text};

/// A complaint with personal data in the ledger `c.redress` of a folder.
fn recorded(folder: &Folder) -> (SubjectId, ComplaintId) {
    record(&Ledger::open(folder.path("c.redress"), Policy::standard()).unwrap())
}

/// Takes in a complaint with personal data.
pub(crate) fn record(ledger: &Ledger<SqliteStore>) -> (SubjectId, ComplaintId) {
    let agent = Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    );
    let subject = ledger.new_subject().unwrap();
    let said = ReceivedPersonal {
        description: "包裹没有送到".into(),
        ..ReceivedPersonal::default()
    };
    let desk = "service_desk".parse().unwrap();
    let customer = Customer::anonymous(subject);
    let received = Received::new(customer, Channel::Email, agent.id.clone(), desk, said);
    let receipt = ledger.receive(received, &agent).unwrap().unwrap();
    (subject, receipt.complaint_id)
}

#[test]
fn a_customer_is_held_released_and_erased() {
    let folder = Folder::new();
    let (subject, complaint) = recorded(&folder);
    let path = folder.path("c.redress");
    let ledger = text(&path);
    let subject = subject.to_string();
    let wish = ["--subject", subject.as_str(), "--basis", "GDPR Art. 17"];
    let say = |what: &[&str]| run(&[what, wish.as_slice()].concat());
    let shown = || run(&["show", ledger, &complaint.to_string(), "--personal"]);
    assert!(shown().out.contains("包裹没有送到"));

    for what in ["hold", "erase"] {
        let refused = run(&[what, ledger, "--subject", &subject, "--basis", " "]);
        assert_eq!(refused.code, 1);
        assert!(
            refused.err.contains("say on which legal or other basis"),
            "{}",
            refused.err
        );
    }
    let held = say(&["hold", ledger]);
    assert_eq!(held.code, 0, "{}", held.err);
    let refused = say(&["erase", ledger]);
    assert_eq!(refused.code, 1);
    assert!(
        refused
            .err
            .contains("legal hold (GDPR Art. 17); release it first"),
        "{}",
        refused.err
    );
    assert!(shown().out.contains("包裹没有送到"));

    assert_eq!(say(&["hold", ledger, "--release"]).code, 0);
    let erased = json(&[&["erase", ledger], wish.as_slice()].concat());
    assert_eq!(erased["parts_removed"], 1);
    assert_eq!(erased["complaints"][0], complaint.to_string());
    assert!(!shown().out.contains("包裹没有送到"));
    let receipt = erased["receipt"].as_u64().unwrap();
    let again = json(&[&["erase", ledger], wish.as_slice()].concat());
    assert_eq!(
        (&again["parts_removed"], &again["receipt"]),
        (&0.into(), &receipt.into())
    );

    let id = complaint.to_string();
    let told = format!("1 parts erased; the receipt stands at position {receipt}");
    assert!(shown().out.contains(&told), "{}", shown().out);
    let told = &json(&["show", ledger, &id])["erased"];
    assert_eq!(
        (&told["parts"], &told["receipt"]),
        (&1.into(), &receipt.into())
    );
    let verified = json(&["verify", ledger]);
    assert!(shows(
        &verified,
        "0 can be read, 1 were erased by a receipt, 0 are being erased"
    ));
}

fn shows(verified: &serde_json::Value, words: &str) -> bool {
    let shown = verified["shown"].as_array().unwrap();
    shown
        .iter()
        .any(|line| line.as_str().unwrap().contains(words))
}

#[test]
fn verifying_tells_of_a_key_that_is_missing_or_came_back() {
    let folder = Folder::new();
    let (subject, _) = recorded(&folder);
    let path = folder.path("c.redress");
    let ledger = text(&path);
    let verify = || {
        let ran = run(&["verify", ledger, "--format", "json"]);
        (
            ran.code,
            serde_json::from_str::<serde_json::Value>(&ran.out).unwrap(),
        )
    };
    let (code, told) = verify();
    assert_eq!(code, 0);
    assert!(shows(&told, "1 can be read, 0 were erased"));

    let keys = path.with_extension("keys");
    let old = fs::read(&keys).unwrap();
    fs::write(&keys, &old[..256]).unwrap();
    let (code, told) = verify();
    // 0 are the founding rules, 1 is the complaint.
    assert_eq!((code, &told["findings"][0]["position"]), (6, &1.into()));
    let what = told["findings"][0]["what"].as_str().unwrap();
    assert!(what.contains("its key is not in the key store"), "{what}");
    fs::write(&keys, &old).unwrap();

    let subject = subject.to_string();
    let erase = [
        "erase",
        ledger,
        "--subject",
        &subject,
        "--basis",
        "GDPR Art. 17",
    ];
    assert_eq!(run(&erase).code, 0);
    fs::write(&keys, &old).unwrap();
    let (code, told) = verify();
    assert_eq!((code, &told["findings"][0]["file"]), (6, &"c.keys".into()));
    let what = told["findings"][0]["what"].as_str().unwrap();
    assert!(what.contains("says was destroyed"), "{what}");

    fs::remove_file(&keys).unwrap();
    let (code, told) = verify();
    // The one sealed part was erased: nothing is left that needs a key.
    assert_eq!((code, &told["findings"]), (0, &serde_json::json!([])));
}

#[test]
fn a_ledger_that_does_not_exist_is_not_made() {
    let folder = Folder::new();
    let path = folder.path("none.redress");
    let (subject, _) = recorded(&folder);
    let subject = subject.to_string();
    let ran = run(&["erase", text(&path), "--subject", &subject, "--basis", "x"]);
    assert_eq!(ran.code, 1);
    assert!(!path.exists());
    let nobody = "00000000-0000-4000-8000-000000000000";
    let ledger = folder.path("c.redress");
    let ran = run(&["erase", text(&ledger), "--subject", nobody, "--basis", "x"]);
    assert!(
        ran.err.contains("no complaint of this customer"),
        "{}",
        ran.err
    );
}

#[test]
fn the_passphrase_comes_from_the_environment() {
    let folder = Folder::new();
    let path = folder.path("c.redress");
    let duties = |secret: &str| {
        let mut command = command(&["oversee", text(&path)]);
        command.env("REDRESS_PASSPHRASE", secret).output().unwrap()
    };
    let adopt = ["policy", "adopt", text(&path), "standard"];
    let made = command(&adopt)
        .env("REDRESS_PASSPHRASE", "correct horse")
        .output();
    assert!(made.unwrap().status.success());
    assert!(!path.with_extension("key").exists());
    assert!(duties("correct horse").status.success());
    let wrong = duties("wrong horse");
    assert_eq!(wrong.status.code(), Some(1));
    let told = String::from_utf8(wrong.stderr).unwrap();
    assert!(
        told.contains("does not open with this passphrase"),
        "{told}"
    );
    assert!(!told.contains("horse"));
    let keys = fs::read(path.with_extension("keys")).unwrap();
    assert!(keys.starts_with(b"redress/keys/v1"));
}

/// Runs a command with passphrases in the environment.
fn run_with(args: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let ran = command(args)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let told = [ran.stdout, ran.stderr].concat();
    (ran.status.code(), String::from_utf8(told).unwrap())
}

#[test]
fn the_secret_is_changed_from_key_file_to_passphrase_and_back() {
    let folder = Folder::new();
    let (_, complaint) = recorded(&folder);
    let (path, complaint) = (folder.path("c.redress"), complaint.to_string());
    let ledger = text(&path);
    let (old, new) = ("REDRESS_PASSPHRASE", "REDRESS_NEW_PASSPHRASE");
    let is_read_with = |variables: &[(&str, &str)]| {
        let (code, told) = run_with(&["show", ledger, &complaint, "--personal"], variables);
        code == Some(0) && told.contains("包裹没有送到")
    };
    let before = fs::read(&path).unwrap();
    let rewrap = ["rewrap", ledger, "--to", "passphrase"];

    for unset in [[].as_slice(), &[(new, "")]] {
        let (code, told) = run_with(&rewrap, unset);
        assert_eq!(code, Some(1));
        assert!(told.contains("set it to "), "{told}");
    }
    assert!(is_read_with(&[]));

    let (code, told) = run_with(&rewrap, &[(new, "correct horse")]);
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains("horse"));
    assert!(!path.with_extension("key").exists());
    assert!(is_read_with(&[(old, "correct horse")]));
    assert!(!is_read_with(&[]) && !is_read_with(&[(old, "wrong horse")]));

    let back = ["rewrap", ledger, "--to", "key-file", "--format", "json"];
    let (code, told) = run_with(&back, &[(old, "wrong horse")]);
    assert_eq!(code, Some(1), "{told}");
    let (code, told) = run_with(&back, &[(old, "correct horse")]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("\"opens_with\":\"key_file\"")
            || told.contains("\"opens_with\": \"key_file\"")
    );
    assert!(is_read_with(&[]) && !is_read_with(&[(old, "correct horse")]));
    assert_eq!(fs::read(&path).unwrap(), before);

    let none = folder.path("none.redress");
    assert_eq!(
        run_with(&["rewrap", text(&none), "--to", "key-file"], &[]).0,
        Some(1)
    );
    assert!(!none.exists());
}

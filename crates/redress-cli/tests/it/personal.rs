//! Personal data: shown to those who ask, as corrected, and never otherwise.

use redress::blocking::Ledger;
use redress::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, Customer, Erased, Feedback,
    FeedbackKind, Received, ReceivedPersonal,
};
use redress::{Actor, Channel, ComplaintId, Personal, Policy, SubjectId};
use serde_json::Value;

use crate::program::{Folder, run, text};

struct Case {
    folder: Folder,
    complaint: ComplaintId,
    subject: SubjectId,
}

fn agent() -> Actor {
    Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    )
}

impl Case {
    /// A complaint in Chinese, its name corrected, with something hostile in the words.
    fn new() -> Self {
        let folder = Folder::new();
        let ledger = Ledger::open(folder.path("c.redress"), Policy::standard()).unwrap();
        let subject = ledger.new_subject().unwrap();
        let words = ReceivedPersonal {
            name: Some("王方".to_owned()),
            description: "包裹没有送到，\n要求退款\u{1b}[31m\u{9b}31m\u{202e}".to_owned(),
            ..ReceivedPersonal::default()
        };
        let received = Received::new(
            Customer::anonymous(subject),
            Channel::Email,
            "li.na".parse().unwrap(),
            "service_desk".parse().unwrap(),
            words,
        );
        let complaint = ledger
            .receive(received, &agent())
            .unwrap()
            .unwrap()
            .complaint_id;
        let told = Feedback::new(
            FeedbackKind::Acknowledgement,
            Channel::Email,
            "已收到您的投诉",
        );
        ledger.execute(complaint, told, &agent()).unwrap().unwrap();
        let corrected = Amended {
            cause: AmendmentCause::CustomerConfirmation,
            patch: Vec::new(),
            outcome: AmendOutcome::Corrected,
            warnings: None,
            personal: Personal::Known(AmendedPersonal {
                name: Some("王芳".to_owned()),
                ..AmendedPersonal::default()
            }),
        };
        ledger
            .execute(complaint, corrected, &agent())
            .unwrap()
            .unwrap();
        // Leaves the archive up to date, so that reading says nothing of it.
        drop(ledger.views().unwrap());
        Self {
            folder,
            complaint,
            subject,
        }
    }

    fn erase(&self) {
        let ledger = Ledger::open(self.folder.path("c.redress"), Policy::standard()).unwrap();
        let erased = Erased {
            subject: self.subject,
            basis: "asked for".to_owned(),
        };
        ledger
            .execute(self.complaint, erased, &agent())
            .unwrap()
            .unwrap();
        drop(ledger.views().unwrap());
    }

    fn show(&self, options: &[&str]) -> (String, String) {
        let (ledger, id) = (self.folder.path("c.redress"), self.complaint.to_string());
        let ran = run(&[&["show", text(&ledger), &id], options].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        (ran.out, ran.err)
    }
}

const WORDS: [&str; 4] = ["王芳", "王方", "退款", "已收到"];

#[test]
fn nothing_personal_is_shown_unasked() {
    let case = Case::new();
    for options in [&[][..], &["--format", "json"][..]] {
        let (out, err) = case.show(options);
        assert_eq!(err, "");
        assert!(WORDS.iter().all(|word| !out.contains(word)), "{out}");
    }
    let ledger = case.folder.path("c.redress");
    for args in [
        vec!["archive", text(&ledger), "退款"],
        vec!["archive", text(&ledger), "退款", "--format", "json"],
    ] {
        let out = run(&args).out;
        assert!(out.contains(&case.complaint.to_string()), "{out}");
        assert!(WORDS.iter().all(|word| !out.contains(word)), "{out}");
    }
}

#[test]
fn who_asks_is_warned_and_sees_what_was_corrected() {
    let (out, err) = Case::new().show(&["--personal"]);
    assert!(
        err.starts_with("redress: this shows personal data"),
        "{err}"
    );
    assert!(out.contains("name         王芳\n"), "{out}");
    assert!(!out.contains("王方"), "{out}");
    assert!(
        out.contains("包裹没有送到， 要求退款\u{fffd}[31m\u{fffd}31m\u{fffd}\n"),
        "{out}"
    );
    assert!(out.contains("已收到您的投诉"), "{out}");
}

#[test]
fn programs_get_every_part_as_json() {
    let (out, _) = Case::new().show(&["--personal", "--format", "json"]);
    assert!(!out.contains(['\u{1b}', '\u{9b}', '\u{202e}']));
    let shown: Value = serde_json::from_str(&out).unwrap();
    let parts: Vec<&Value> = shown["facts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| &fact["personal"][0])
        .collect();
    assert_eq!(parts[0]["name"], "王方", "what was received first");
    assert_eq!(parts[1]["content"], "已收到您的投诉");
    assert_eq!(parts[2]["name"], "王芳");
}

#[test]
fn what_was_erased_is_not_shown_to_anybody() {
    let case = Case::new();
    case.erase();
    for options in [&["--personal"][..], &["--personal", "--format", "json"][..]] {
        let (out, _) = case.show(options);
        assert!(WORDS.iter().all(|word| !out.contains(word)), "{out}");
    }
    assert!(
        case.show(&["--personal"])
            .0
            .contains("none: there was none, or it was erased")
    );
}

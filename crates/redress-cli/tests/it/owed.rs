//! What `redress show` tells of flags, of what is owed, and of probable duplicates.

use redress::blocking::Ledger;
use redress::event::{AmendOutcome, Amended, AmendmentCause, Classified, Customer, Received};
use redress::event::{CloseReason, Closed, Contact, ContactKind, ReceivedPersonal};
use redress::{Actor, Channel, Command, ComplaintId, Policy};

use crate::program::{Folder, json, run, text};

const PHONE: &str = "1380013800";

fn agent() -> Actor {
    Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    )
}

/// One matter by e-mail and by text message, both with a telephone number that lacks a digit and without a product.
struct Case {
    folder: Folder,
    ids: [ComplaintId; 2],
}

impl Case {
    fn new() -> Self {
        let folder = Folder::new();
        let ledger = Ledger::open(folder.path("c.redress"), Policy::standard()).unwrap();
        let subject = ledger.new_subject().unwrap();
        let ids = [Channel::Email, Channel::Sms].map(|channel| {
            let said = ReceivedPersonal {
                description: "包裹三天没有送到，要求退款".to_owned(),
                contacts: vec![Contact {
                    kind: ContactKind::Phone,
                    value: PHONE.to_owned(),
                }],
                ..ReceivedPersonal::default()
            };
            let desk = "service_desk".parse().unwrap();
            let fact = Received::new(Customer::new(subject), channel, agent().id, desk, said);
            let id = ledger
                .receive(fact, &agent())
                .unwrap()
                .unwrap()
                .complaint_id;
            let class = Classified::new("delivery/delay".parse().unwrap());
            ledger.execute(id, class, &agent()).unwrap().unwrap();
            id
        });
        // Leaves the archive up to date, so that reading says nothing of it.
        drop(ledger.views().unwrap());
        Self { folder, ids }
    }

    fn does(&self, wish: impl Into<Command>) {
        let ledger = Ledger::open(self.folder.path("c.redress"), Policy::standard()).unwrap();
        ledger
            .execute(self.ids[0], wish, &agent())
            .unwrap()
            .unwrap();
        drop(ledger.views().unwrap());
    }

    fn args(&self) -> [String; 3] {
        let ledger = self.folder.path("c.redress");
        ["show", text(&ledger), &self.ids[0].to_string()].map(str::to_owned)
    }

    fn show(&self) -> String {
        let args = self.args();
        let ran = run(&args.each_ref().map(String::as_str));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(!ran.out.contains(PHONE));
        ran.out
    }

    fn json(&self) -> serde_json::Value {
        json(&self.args().each_ref().map(String::as_str))
    }
}

#[test]
fn flags_duties_and_suspects_are_told_in_words() {
    let case = Case::new();
    let shown = case.show();
    let other = case.ids[1].to_string();
    for words in [
        "no_product",
        "no product or service is named",
        "contact_format",
        "not written as one",
        "Probable duplicates",
        "category delivery/delay",
        "sms, this one email",
        &other,
        "Look at the record",
        "a supervisor",
        "Tell the customer that the complaint has",
    ] {
        assert!(shown.contains(words), "no `{words}` in:\n{shown}");
    }
}

#[test]
fn programs_are_told_the_same() {
    let case = Case::new();
    let shown = case.json();
    let codes: Vec<&str> = shown["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["contact_format", "no_product"]);
    assert_eq!(shown["warnings"][1]["zh_cn"], "未填写产品或服务");
    let suspect = &shown["probable_duplicates"][0];
    assert_eq!(suspect["complaint"], case.ids[1].to_string());
    assert_eq!(suspect["reasons"][0], "category delivery/delay");
    assert_eq!(suspect["channel"], "sms");
    let owed = shown["owed"].as_array().unwrap();
    let review = owed.iter().find(|duty| duty["what"] == "review_record");
    assert_eq!(review.unwrap()["role"], "supervisor");
    assert_eq!(review.unwrap()["status"], "on_track");
}

#[test]
fn after_a_review_nothing_is_left_of_it() {
    let case = Case::new();
    case.does(Amended::check(
        AmendmentCause::ManualReview,
        AmendOutcome::Confirmed,
    ));
    let shown = case.show();
    for words in ["Flagged", "Probable duplicates", "Look at the record"] {
        assert!(!shown.contains(words), "`{words}` in:\n{shown}");
    }
    assert!(shown.contains("Owed"));
    case.does(Closed::new(CloseReason::Withdrawn));
    assert!(!case.show().contains("Owed"));
    assert_eq!(case.json()["owed"], serde_json::json!([]));
}

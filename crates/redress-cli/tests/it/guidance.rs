//! What is owed, overseeing, letters and refusals, from the command line.

use std::path::PathBuf;

use redress::blocking::Ledger;
use redress::event::{Classified, Customer, Received, ReceivedPersonal};
use redress::sqlite::SqliteStore;
use redress::{Actor, Channel, ComplaintId, Policy, Span, Submission};

use crate::program::{Folder, json, run, text};

fn agent() -> Actor {
    Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    )
}

/// A complaint that was received 70 hours ago, and what is done about it.
fn ledger(
    folder: &Folder,
    then: impl FnOnce(&Ledger<SqliteStore>, ComplaintId),
) -> (PathBuf, ComplaintId) {
    let path = folder.path("c.redress");
    let ledger = Ledger::open(&path, Policy::standard()).unwrap();
    let words = ReceivedPersonal {
        name: Some("王芳".to_owned()),
        description: "包裹没有送到".to_owned(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(ledger.new_subject().unwrap());
    let desk = "service_desk".parse().unwrap();
    let received = Received::new(customer, Channel::Email, agent().id, desk, words);
    let id = ComplaintId::of_source("test", &"1".parse().unwrap());
    let submission = Submission {
        occurred_at: Some(ledger.as_async().now() + Span::hours(-70)),
        ..Submission::new(received, agent())
    };
    ledger.submit(id, submission).unwrap().unwrap();
    then(&ledger, id);
    // Leaves the archive up to date, so that reading says nothing of it.
    drop(ledger.views().unwrap());
    (path, id)
}

/// Acknowledge, assign and the review of a record without product and priority had 24 hours, respond 48; resolve has 10 days. The last answer has no limit.
#[test]
fn duties_say_what_is_owed_and_which_step_leads_on() {
    let folder = Folder::new();
    let (path, id) = ledger(&folder, |_, _| {});
    let path = text(&path);
    let report = json(&["duties", path]);
    let duties = report["duties"].as_array().unwrap();
    let told: Vec<[&str; 4]> = duties
        .iter()
        .map(|duty| ["task", "next", "command", "status"].map(|name| duty[name].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ["acknowledge", "acknowledge", "give_feedback", "overdue"],
            ["assign", "classify", "classify", "overdue"],
            ["review_record", "review_record", "amend", "overdue"],
            ["respond", "respond", "give_feedback", "overdue"],
            ["resolve", "classify", "classify", "on_track"],
            [
                "answer_finally",
                "classify",
                "classify",
                "untargeted_running"
            ],
        ]
    );
    assert_eq!(duties[0]["complaint"], id.to_string());
    assert_eq!(
        json(&["duties", path, &id.to_string()])["duties"],
        report["duties"]
    );
    assert_eq!(
        json(&["duties", path, "--department", "quality"])["duties"],
        serde_json::json!([])
    );
    // Before it was received nothing was owed.
    let before = run(&["duties", path, "--at", "2020-01-01T00:00:00Z"]);
    assert_eq!(before.out, "Nothing is owed at 2020-01-01 00:00:00Z.\n");
    assert_eq!(run(&["duties", path, "nobody"]).code, 4);

    let table = run(&["duties", path, "--limit", "2", "--lang", "zh-CN"]).out;
    assert!(
        table.contains("and 4 more; --limit shows more of them"),
        "{table}"
    );
    assert!(
        table.contains("确定投诉的类别、严重程度和优先级。"),
        "{table}"
    );
    assert!(!table.contains("respond"), "{table}");
}

/// 70 of 24 hours: more than half as much again, so level 2.
#[test]
fn overseeing_escalates_once_and_a_trial_records_nothing() {
    let folder = Folder::new();
    let (path, id) = ledger(&folder, |_, _| {});
    let path = text(&path);
    let trial = json(&["oversee", path, "--dry-run"]);
    assert_eq!(trial["recorded"], false);
    assert_eq!(trial["escalations"][0]["complaint"], id.to_string());
    assert_eq!(trial["escalations"][0]["to_level"], 2);
    assert_eq!(trial["escalations"][0]["percent"], 150);
    assert_eq!(json(&["replay", path])["facts"], 2);

    let done = run(&["oversee", path]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(done.out.contains(&id.to_string()), "{}", done.out);
    let again = json(&["oversee", path]);
    assert_eq!(again["recorded"], true);
    assert_eq!(again["escalations"], serde_json::json!([]));
    // Four rungs each of acknowledge and assignment, three of first response: 145 % of its 48 hours are used.
    assert_eq!(again["notices"].as_array().unwrap().len(), 11);
    assert_eq!(json(&["replay", path])["facts"], 3);

    let nowhere = folder.path("nowhere.redress");
    assert_eq!(run(&["oversee", text(&nowhere)]).code, 1);
    assert!(!nowhere.exists());
}

#[test]
fn a_letter_shows_its_words_only_when_asked() {
    let folder = Folder::new();
    let (path, id) = ledger(&folder, |_, _| {});
    let (path, id) = (text(&path), id.to_string());
    let policy = "version = \"1\"\nextends = \"standard\"\n\
        [templates.arrived]\nzh_cn = \"{customer}：\\n您的投诉已收到。\"\nen = \"Dear {customer},\\nyour complaint is here.\"\n\
        [templates.solved]\nzh_cn = \"{solution}\"\nen = \"{solution}\"\n";
    let policy = folder.write("policy.toml", policy);
    let none = run(&["letter", path, &id, "arrived"]);
    assert_eq!(
        (none.code, none.err.as_str()),
        (
            1,
            "redress: the policy has no template `arrived`; it has none; write one under [templates]\n"
        )
    );
    assert_eq!(run(&["policy", "adopt", path, text(&policy)]).code, 0);
    let letter = |more: &[&str]| {
        let args = ["letter", path, &id, "arrived"];
        run(&[&args, more].concat())
    };
    let quiet = letter(&[]);
    assert_eq!(
        (quiet.code, quiet.out.as_str()),
        (
            0,
            "Every place of `arrived` has a value; --show-personal shows the letter.\n"
        )
    );
    let shown = letter(&["--show-personal", "--lang", "zh-CN"]);
    assert_eq!(shown.out, "王芳：\n您的投诉已收到。\n");
    assert!(shown.err.contains("personal data"), "{}", shown.err);
    let quiet: serde_json::Value =
        serde_json::from_str(&letter(&["--format", "json"]).out).unwrap();
    assert_eq!(quiet["content"], serde_json::Value::Null);
    let words = letter(&["--show-personal", "--format", "json"]).out;
    let words: serde_json::Value = serde_json::from_str(&words).unwrap();
    assert_eq!(words["content"], "Dear 王芳,\nyour complaint is here.");

    let missing = run(&["letter", path, &id, "solved"]);
    assert_eq!(
        (missing.code, missing.err.as_str()),
        (
            1,
            "redress: there is no value for `{solution}`: no solution with these words stands, or they were erased; record it, or take a template without this place\n"
        )
    );
    assert_eq!(run(&["letter", path, "nobody", "arrived"]).code, 4);
    // No letter was recorded: there is the complaint, and twice rules.
    assert_eq!(json(&["replay", path])["facts"], 3);
}

#[test]
fn what_was_refused_about_a_complaint_is_shown_with_it() {
    let folder = Folder::new();
    let (path, id) = ledger(&folder, |ledger, id| {
        let nonsense = Classified::new("no/such".parse().unwrap());
        assert!(
            ledger
                .execute(id, nonsense.clone(), &agent())
                .unwrap()
                .is_err()
        );
        // About another one, which is not there.
        let other = ComplaintId::of_source("test", &"2".parse().unwrap());
        assert!(ledger.execute(other, nonsense, &agent()).unwrap().is_err());
    });
    let (path, id) = (text(&path), id.to_string());
    let shown = json(&["show", path, &id]);
    let refusals = shown["refusals"].as_array().unwrap();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0]["command"], "classify");
    assert_eq!(refusals[0]["rejection"], "unknown_category");
    assert_eq!(refusals[0]["by"], "li.na");
    let table = run(&["show", path, &id]).out;
    let (_, refused) = table.split_once("\nRefused\n").unwrap();
    assert!(refused.contains("unknown_category"), "{refused}");
}

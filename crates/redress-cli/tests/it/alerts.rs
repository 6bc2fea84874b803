//! `redress alerts`: warnings as tables, JSON and CSV, and the actions they open.

use std::path::PathBuf;

use redress::blocking::Ledger;
use redress::event::{Classified, Customer, Received, ReceivedPersonal};
use redress::{Actor, Channel, Policy};

use crate::program::{Folder, demo_ledger, json, run, text};

/// A ledger with a complaint about safety.
fn ledger(folder: &Folder) -> PathBuf {
    let path = folder.path("c.redress");
    let ledger = Ledger::open(&path, Policy::standard()).unwrap();
    let agent = Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    );
    let said = ReceivedPersonal {
        description: "充电时电池起火".to_owned(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(ledger.new_subject().unwrap());
    let desk = "service_desk".parse().unwrap();
    let received = Received::new(customer, Channel::Email, agent.id.clone(), desk, said);
    let id = ledger
        .receive(received, &agent)
        .unwrap()
        .unwrap()
        .complaint_id;
    let mut class = Classified::new("product_quality/safety_hazard".parse().unwrap());
    class.safety = true;
    ledger.execute(id, class, &agent).unwrap().unwrap();
    path
}

#[test]
fn a_warning_is_shown_in_both_languages_and_opens_one_action() {
    let folder = Folder::new();
    let path = ledger(&folder);
    let path = text(&path);
    let shown = run(&["alerts", path]);
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    for words in [
        "red",
        "safety",
        "nothing to judge",
        "Stop the danger",
        "quality",
    ] {
        assert!(shown.out.contains(words), "{words}: {}", shown.out);
    }
    let chinese = run(&["alerts", path, "--lang", "zh-CN"]).out;
    for words in ["红色", "无数据", "立即停止风险", "持续"] {
        assert!(chinese.contains(words), "{words}: {chinese}");
    }
    let opened = json(&["alerts", path, "--open-actions"]);
    assert_eq!(opened["actions"][0]["opened"], true);
    let again = json(&["alerts", path, "--open-actions"]);
    assert_eq!(again["actions"][0]["opened"], false);
    assert_eq!(again["actions"][0]["id"], opened["actions"][0]["id"]);
    let actions = json(&["actions", path]);
    assert_eq!(actions["actions"].as_array().map(Vec::len), Some(1));
    assert_eq!(actions["actions"][0]["origin"]["alert"]["level"], "red");
}

#[test]
fn csv_tells_every_figure_that_is_watched() {
    let folder = Folder::new();
    let shown = run(&["alerts", text(&ledger(&folder)), "--format", "csv"]).out;
    let mut lines = shown.lines();
    let header = "rule,group,metric,above,below,level,raised_at,not_evaluable";
    assert_eq!(lines.next(), Some(header));
    assert_eq!(
        lines.next(),
        Some("dissatisfaction,,dissatisfaction,0,0,,,no_denominator")
    );
    assert!(
        lines
            .next()
            .is_some_and(|line| line.starts_with("safety,,count,1,1,red,"))
    );
    assert_eq!(lines.next(), None);
}

/// Imported today, the log of 2016 could warn nobody then; as if it had been recorded at once, it would have.
#[test]
fn a_history_that_was_taken_over_is_judged_as_it_occurred() {
    let ledger = text(demo_ledger());
    let at = ["--at", "2016-03-31T00:00:00Z"];
    let recorded = json(&[&["alerts", ledger][..], &at].concat());
    assert_eq!(recorded["raised"].as_array().map(Vec::len), Some(0));
    let occurred = json(&[&["alerts", ledger, "--occurred"][..], &at].concat());
    let raised = occurred["raised"].as_array().unwrap();
    assert!(!raised.is_empty());
    assert!(
        raised
            .iter()
            .all(|one| one["alert"]["raised_at"].as_str() < Some("2016-03-31"))
    );
}

#[test]
fn actions_are_opened_for_what_stands_now_alone() {
    for other in [vec!["--at", "2016-03-31T00:00:00Z"], vec!["--occurred"]] {
        let args = [
            &["alerts", text(demo_ledger()), "--open-actions"][..],
            &other,
        ]
        .concat();
        let ran = run(&args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("cannot be used with"), "{}", ran.err);
    }
}

/// What a snapshot beside the ledger changes is the time it takes; one that is damaged is told once, not believed, and written
/// anew.
#[test]
fn a_snapshot_changes_nothing_and_a_damaged_one_is_told() {
    for (timeline, ending) in [(None, "alerts"), (Some("--occurred"), "alerts-occurred")] {
        let folder = Folder::new();
        let ledger = folder.path("complaints.redress");
        std::fs::copy(demo_ledger(), &ledger).unwrap();
        let mut args = vec!["alerts", text(&ledger), "--format", "json"];
        args.extend(["--at", "2016-03-31T00:00:00Z"]);
        args.extend(timeline);
        let snapshot = folder.path("complaints").with_extension(ending);

        let without = run(&args);
        assert_eq!((without.code, without.err.as_str()), (0, ""));
        let mut bytes = std::fs::read(&snapshot).unwrap();
        let with = run(&args);
        assert_eq!((with.err.as_str(), &with.out), ("", &without.out));

        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&snapshot, bytes).unwrap();
        let as_of = [&args[..], &["--as-of", "2999-01-01T00:00:00Z"]].concat();
        assert_eq!(run(&as_of).err, "");
        let damaged = run(&args);
        assert_eq!((damaged.code, &damaged.out), (0, &without.out));
        let told = "is not used: it is damaged; the whole ledger is read instead";
        assert!(damaged.err.contains(told), "{}", damaged.err);
        assert_eq!(damaged.err.lines().count(), 1);
        assert_eq!(run(&args).err, "");
    }
}

/// Such a name is refused where a ledger is made; one that was given another name later is read and left alone.
#[test]
fn a_ledger_that_ends_like_a_snapshot_is_not_replaced_by_one() {
    let folder = Folder::new();
    let ledger = folder.path("complaints.alerts");
    std::fs::copy(demo_ledger(), &ledger).unwrap();
    let before = std::fs::read(&ledger).unwrap();
    for _ in 0..2 {
        let ran = run(&["alerts", text(&ledger)]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    assert!(std::fs::read(&ledger).unwrap() == before);
}

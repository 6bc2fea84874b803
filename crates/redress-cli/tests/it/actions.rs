//! `redress actions`: how improvement actions stand at an instant.

use redress::action::{
    Alert, AlertLevel, Assigned, Done, Effective, Evaluated, Figure, FigureValue, Opened, Origin,
    Owner,
};
use redress::blocking::Ledger;
use redress::core::Ratio;
use redress::sqlite::SqliteStore;
use redress::{Action, ActionCommand, ActionId, Actor, Policy, Span, Submission, Timestamp};

use crate::hostile::check_harmless;
use crate::program::{Folder, demo_ledger, json, run, text};

fn actor(who: &str) -> Actor {
    let role = "quality_manager".parse().unwrap();
    Actor::human(who.parse().unwrap(), role, "quality".parse().unwrap())
}

fn act(
    ledger: &Ledger<SqliteStore>,
    id: ActionId,
    who: &str,
    at: Timestamp,
    what: impl Into<ActionCommand>,
) {
    let submission = Submission {
        occurred_at: Some(at),
        ..Submission::about_action(what, actor(who))
    };
    ledger.submit_action(id, submission).unwrap().unwrap();
}

/// One action given to `sun.li` of logistics until `due`, and a warning's with its effect.
fn write(ledger: &Ledger<SqliteStore>, measure: &str) -> Timestamp {
    // The ledger's clock is the machine's; everything happened in the hours before.
    let now = ledger.as_async().now();
    let h = |hours| now + Span::hours(hours);
    let owner = Owner {
        department: "logistics".parse().unwrap(),
        person: "sun.li".parse().unwrap(),
    };
    let id = |number| ActionId::from_parts(now, [number; 10]);
    let slow = "service/slow_response".parse().unwrap();
    act(
        ledger,
        id(1),
        "chen.jie",
        h(-50),
        Opened::against(slow, measure),
    );
    let due = h(-10);
    act(
        ledger,
        id(1),
        "chen.jie",
        h(-49),
        Assigned {
            owner: owner.clone(),
            due,
        },
    );
    let alert = Alert {
        rule: "overdue".parse().unwrap(),
        level: AlertLevel::Orange,
        group: None,
        raised_at: h(-60),
    };
    let opened = Opened::new(Origin::Alert(alert), "call in the night shift");
    act(ledger, id(2), "chen.jie", h(-48), opened);
    act(ledger, id(2), "chen.jie", h(-47), Assigned { owner, due });
    let result = "called in".to_owned();
    act(ledger, id(2), "sun.li", h(-40), Done { result });
    let share = |part, from, to| Figure {
        value: FigureValue::Ratio(Ratio::new(part, 100).unwrap()),
        from: h(from),
        to: h(to),
    };
    let evaluated = Evaluated {
        effective: Effective::Partly,
        metric: "overdue_share".parse().unwrap(),
        before: share(12, -70, -60),
        after: share(7, -40, -5),
    };
    act(ledger, id(2), "chen.jie", h(-5), evaluated);
    assert!(matches!(
        ledger.action(id(1)).unwrap(),
        Action::Assigned { .. }
    ));
    due
}

fn ledger(folder: &Folder, measure: &str) -> (std::path::PathBuf, Timestamp) {
    let path = folder.path("a.redress");
    let due = write(&Ledger::open(&path, Policy::standard()).unwrap(), measure);
    (path, due)
}

#[test]
fn a_ledger_without_actions_says_so() {
    let ran = run(&[
        "actions",
        text(demo_ledger()),
        "--at",
        "2016-03-10T00:00:00Z",
    ]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "Actions at 2016-03-10 00:00:00Z: 0, of them 0 without an owner and 0 in progress, 0 overdue\n"
    );
}

#[test]
fn an_action_is_overdue_from_just_after_it_is_due() {
    let folder = Folder::new();
    let (path, due) = ledger(&folder, "a second shift");
    for (at, overdue) in [(due, false), (due + Span::micros(1), true)] {
        let report = json(&["actions", text(&path), "--at", &at.to_string()]);
        assert_eq!(report["actions"][0]["measure"], "a second shift");
        assert_eq!(report["actions"][0]["state"], "assigned");
        assert_eq!(report["actions"][0]["is_overdue"], overdue);
        assert_eq!(report["totals"]["overdue"], u64::from(overdue));
        assert_eq!(report["totals"]["partly"], 1);
        let by_cause = report["by_cause"].as_array().unwrap();
        assert_eq!(by_cause[0]["value"], serde_json::Value::Null);
        assert_eq!(by_cause[0]["partly"], 1);
        assert_eq!(by_cause[1]["value"], "service/slow_response");
        assert_eq!(by_cause[1]["overdue"], u64::from(overdue));
    }
}

#[test]
fn people_read_owner_state_origin_and_effect() {
    let folder = Folder::new();
    let (path, _) = ledger(&folder, "a second shift");
    let ran = run(&["actions", text(&path)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let words: String = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "2, of them 0 without an owner and 1 in progress, 1 overdue",
        "in progress, overdue",
        "logistics",
        "evaluated",
        "12.0%",
        "By department of the owner",
        "By cause",
        "Slow response",
    ] {
        assert!(words.contains(part), "no `{part}` in:\n{}", ran.out);
    }
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn a_hostile_measure_never_reaches_the_terminal() {
    let folder = Folder::new();
    let (path, _) = ledger(&folder, "\u{1b}[31mred\u{202e}\u{9b}\n\u{7}");
    check_harmless(&run(&["actions", text(&path)]));
    check_harmless(&run(&["actions", text(&path), "--format", "json"]));
}

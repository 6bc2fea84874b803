//! Rows that are whole cases: three public files against facts counted by a script of its own
//! (`tests/oracles/cut_cases.py`), and small files worked by hand.

use redress_core::event::Received;
use redress_core::{
    Clock, ClockKind, Command, Complaint, Policy, State, Status, Target, Timestamp,
};
use redress_interchange::{Mapping, Options, Report, RowOutcome};

use crate::domain::Domain;
use crate::files::{commands, import_with, rejected, used};

const NYC: &str = include_str!("../data/nyc_311_cut.csv");
const BOSTON: &str = include_str!("../data/boston_311_cut.csv");
const CFPB: &str = include_str!("../data/cfpb_cut.csv");

fn domain(mapping: &str, text: &str) -> (Domain, Report) {
    let mapping = Mapping::shipped(mapping).unwrap();
    let (outcomes, report) = import_with(&mapping, text.as_bytes(), Options::default()).unwrap();
    let mut domain = Domain::default();
    for row in used(&outcomes) {
        domain.run(row);
    }
    (domain, report)
}

fn handling(complaint: &Complaint) -> &Clock {
    let clocks = &complaint.case().unwrap().clocks;
    clocks
        .iter()
        .find(|clock| clock.kind == ClockKind::Handling)
        .unwrap()
}

/// How many complaints have a handling clock that stands so at this moment.
fn count(domain: &Domain, now: &str, wanted: &[Status]) -> usize {
    let now: Timestamp = now.parse().unwrap();
    let policy = Policy::standard();
    domain
        .complaints
        .values()
        .filter(|complaint| {
            let reading = handling(complaint).read(&[], &policy, now);
            wanted.contains(&reading.status)
        })
        .count()
}

fn in_state(domain: &Domain, state: State) -> usize {
    let states = domain.complaints.values().map(Complaint::state);
    states.filter(|found| *found == state).count()
}

/// 1,000 requests: 486 with a due date, 52 of them closed late; 986 closed, of them 10 before they were created and 48 at
/// that moment; 17 with a closing date and another status; 7 open with a due date.
#[test]
fn the_requests_of_new_york() {
    let (domain, report) = domain("nyc-311", NYC);
    assert_eq!((report.rows, report.complaints), (1000, 1000));
    assert_eq!(report.rows_rejected, 0);
    assert_eq!((report.times_adjusted, report.states_overruled), (10, 17));
    let limited =
        |complaint: &&Complaint| matches!(handling(complaint).own_target, Some(Target::At(_)));
    assert_eq!(domain.complaints.values().filter(limited).count(), 486);
    let end = "2026-01-01T00:00:00Z";
    assert_eq!(count(&domain, end, &[Status::Missed]), 52);
    assert_eq!(count(&domain, end, &[Status::Met]), 486 - 52 - 7);
    assert_eq!(count(&domain, end, &[Status::Overdue]), 7);
    assert_eq!(in_state(&domain, State::Closed), 986);
    let at_once = domain.complaints.values().filter(|complaint| {
        let clock = handling(complaint);
        clock
            .end
            .as_ref()
            .is_some_and(|end| end.at == clock.started_at)
    });
    assert_eq!(at_once.count(), 10 + 48);
}

/// 100 requests: 85 closed, 5 of them after their target; of the 15 open ones 12 have a target, the last of 20 May 2022.
#[test]
fn the_requests_of_boston() {
    let (domain, report) = domain("boston-311", BOSTON);
    assert_eq!((report.rows, report.rows_rejected), (100, 0));
    assert_eq!(in_state(&domain, State::Closed), 85);
    let then = "2022-06-01T00:00:00Z";
    assert_eq!(count(&domain, then, &[Status::Missed]), 5);
    assert_eq!(count(&domain, then, &[Status::Overdue]), 12);
    assert_eq!(count(&domain, then, &[Status::UntargetedRunning]), 3);
    // Before the last target, one of them had time left.
    let earlier = "2022-05-20T00:00:00Z";
    assert_eq!(count(&domain, earlier, &[Status::Overdue]), 11);
}

/// 349 complaints: 69 in progress, 41 disputed. When a company answered is not in the file: no limit is met or missed, and
/// nothing counts as solved.
#[test]
fn the_complaints_about_financial_services() {
    let (domain, report) = domain("cfpb", CFPB);
    assert_eq!((report.rows, report.rows_rejected), (349, 0));
    assert_eq!(report.ends_undated, 349 - 69);
    let disputed = |complaint: &&Complaint| complaint.case().unwrap().cycle.get() == 2;
    let open_in_first_cycle =
        |complaint: &&Complaint| complaint.state() == State::Processing && !disputed(complaint);
    let complaints = || domain.complaints.values();
    assert_eq!(complaints().filter(disputed).count(), 41);
    assert_eq!(complaints().filter(open_in_first_cycle).count(), 69);
    assert_eq!(in_state(&domain, State::Closed), 349 - 69 - 41);
    assert_eq!(in_state(&domain, State::Resolved), 0);
    let verdicts = [Status::Met, Status::Missed];
    assert_eq!(count(&domain, "2026-01-01T00:00:00Z", &verdicts), 0);
}

const CASES: &str = r#"
name = "desk"
[source]
title = "A desk"
licence = "none"
attribution = "nobody"
[file]
time_format = "%Y-%m-%d %H:%M"
zone = "UTC"
[case]
key = "id"
rows = "cases"
[received]
at = "opened"
intake_department = "front"
channel = { column = "via", values = {}, default = "post" }
[classified]
category = ["category"]
[assigned]
department = "group"
at = "given"
due = "due"
[states]
column = "state"
values = { "Open" = "open", "Wait" = { pause = "legal" }, "Filed" = "closed" }
[ended]
at = "closed"
disputed = { column = "disputed", values = ["yes"] }
"#;

fn outcomes(rows: &[&str]) -> (Vec<RowOutcome>, Report) {
    let mapping = Mapping::parse(CASES, "desk.toml").unwrap();
    let header = "id,opened,via,category,group,given,due,state,closed,disputed";
    let text = [&[header], rows].concat().join("\n");
    import_with(&mapping, text.as_bytes(), Options::default()).unwrap()
}

/// What a row becomes, with the minute of 5 January 2026, 10 o'clock, at which it happened.
#[track_caller]
fn check(row: &str, steps: &[(&str, u32)], findings: &[&str]) {
    let (outcomes, _) = outcomes(&[row]);
    let row = used(&outcomes)[0];
    let found: Vec<(&str, String)> = row
        .steps
        .iter()
        .map(|step| (step.command.name(), step.occurred_at.to_string()))
        .collect();
    let wanted: Vec<(&str, String)> = steps
        .iter()
        .map(|(name, minute)| (*name, format!("2026-01-05T10:{minute:02}:00Z")))
        .collect();
    assert_eq!(found, wanted);
    let codes: Vec<&str> = row.findings.iter().map(|one| one.problem.code()).collect();
    assert_eq!(codes, findings);
    Domain::default().run(row);
}

#[test]
fn a_case_that_goes_on() {
    check(
        "A,2026-01-05 10:00,mail,Late,East,2026-01-05 10:05,2026-01-06 10:00,Open,,",
        &[("receive", 0), ("classify", 0), ("assign", 5)],
        &[],
    );
    check(
        "A,2026-01-05 10:00,mail,Late,East,,,Wait,,yes",
        &[("receive", 0), ("classify", 0), ("assign", 0), ("pause", 0)],
        &[],
    );
}

#[test]
fn a_case_that_ended() {
    let start = [("receive", 0), ("classify", 0), ("assign", 0)];
    let ended = |minute| [&start[..], &[("resolve", minute), ("close", minute)]].concat();
    check(
        "A,2026-01-05 10:00,mail,Late,East,,,Filed,2026-01-05 10:30,",
        &ended(30),
        &[],
    );
    // Before it began: as it began. And what has ended has ended, whatever its state says.
    check(
        "A,2026-01-05 10:00,mail,Late,East,,,Open,2026-01-05 09:30,",
        &ended(0),
        &["time_went_back", "ended_anyway"],
    );
    // Without a time there is no solution, only an end.
    check(
        "A,2026-01-05 10:00,mail,Late,East,2026-01-05 10:07,,Filed,,yes",
        &[
            ("receive", 0),
            ("classify", 0),
            ("assign", 7),
            ("close", 7),
            ("reopen", 7),
        ],
        &["undated_end"],
    );
}

#[test]
fn a_deadline_that_lies_before_the_beginning_is_none() {
    let row = "A,2026-01-05 10:00,mail,Late,East,2026-01-05 10:05,2026-01-05 10:05,Open,,";
    check(
        row,
        &[("receive", 0), ("classify", 0), ("assign", 5)],
        &["due_too_early"],
    );
    assert_eq!(limit(row), Some(Target::Unlimited));
}

#[test]
fn a_time_beyond_the_calendar_is_told_as_such() {
    let mapping = CASES.replacen("\"UTC\"", "\"America/New_York\"", 1);
    let mapping = Mapping::parse(&mapping, "desk.toml").unwrap();
    let text = "id,opened,via,category,group,given,due,state,closed,disputed\n\
        A,2026-01-05 10:00,mail,Late,East,,9999-12-31 23:59,Open,,\n";
    let (outcomes, _) = import_with(&mapping, text.as_bytes(), Options::default()).unwrap();
    assert_eq!(
        rejected(&outcomes)[0].to_string(),
        "line 2, column due (7): \"9999-12-31 23:59\" lies outside the years 1 to 9999; if it stands for no time, list it as `missing` in the mapping",
    );
}

#[test]
fn the_column_is_named_that_makes_a_category_wrong() {
    let mapping = CASES.replacen("[\"category\"]", "[\"category\", \"group\"]", 1);
    let mapping = Mapping::parse(&mapping, "desk.toml").unwrap();
    let message = |category: &str, group: &str| {
        let text = format!(
            "id,opened,via,category,group,given,due,state,closed,disputed\nA,2026-01-05 10:00,mail,{category},{group},,,Open,,\n"
        );
        let (outcomes, _) = import_with(&mapping, text.as_bytes(), Options::default()).unwrap();
        rejected(&outcomes)[0].to_string()
    };
    let long = "x".repeat(201);
    assert_eq!(
        message("Late", &long),
        "line 2, column group (5): the value is longer than 200 characters"
    );
    let half = "x".repeat(100);
    assert_eq!(
        message(&half, &half),
        "line 2, column category (4): the value is longer than 200 characters"
    );
}

#[test]
fn a_case_stands_once() {
    let row = "A,2026-01-05 10:00,mail,Late,East,,,Open,,";
    let (outcomes, report) = outcomes(&[row, row]);
    assert_eq!(
        rejected(&outcomes)[0].to_string(),
        "line 3, column id (1): the case stands in line 2 already, as a whole"
    );
    assert_eq!((report.rows_with_facts, report.rows_rejected), (1, 1));
}

#[test]
fn an_owner_is_implied_where_there_is_none() {
    let (outcomes, report) = outcomes(&["A,2026-01-05 10:00,mail,Late,,,,Filed,2026-01-05 10:30,"]);
    assert_eq!(
        commands(&outcomes),
        ["receive classify assign resolve close"]
    );
    assert_eq!(report.owners_implied, 1);
}

#[test]
fn an_implied_owner_has_the_case_from_the_beginning_until_its_deadline() {
    let start = [("receive", 0), ("classify", 0), ("assign", 0)];
    let ended = [&start[..], &[("resolve", 30), ("close", 30)]].concat();
    let row = "A,2026-01-05 10:00,mail,Late,,,2026-01-05 10:20,Filed,2026-01-05 10:30,";
    check(row, &ended, &["owner_implied"]);
    let due: Timestamp = "2026-01-05T10:20:00Z".parse().unwrap();
    assert_eq!(limit(row), Some(Target::At(due)));
    // A deadline is not lost where the case goes on, and nothing is met where there is none.
    let row = "A,2026-01-05 10:00,mail,Late,,,2026-01-05 10:20,Open,,";
    check(row, &start, &["owner_implied"]);
    assert_eq!(limit(row), Some(Target::At(due)));
    let row = "A,2026-01-05 10:00,mail,Late,,,,Filed,2026-01-05 10:30,";
    assert_eq!(limit(row), Some(Target::Unlimited));
    let row = "A,2026-01-05 10:00,mail,Late,,,,Open,,";
    check(row, &start[..2], &[]);
}

/// The mapping with the customer's words and the product.
fn with_words() -> Mapping {
    let columns = "subject = \"title\"\ndescription = \"words\"\nproduct = \"thing\"\nchannel =";
    Mapping::parse(&CASES.replacen("channel =", columns, 1), "desk.toml").unwrap()
}

fn received(rows: &str) -> (Received, Vec<String>) {
    let header = "id,opened,via,category,group,given,due,state,closed,disputed,title,words,thing";
    let text = format!("{header}\nA,2026-01-05 10:00,mail,Late,East,,,Open,,,{rows}\n");
    let (outcomes, _) = import_with(&with_words(), text.as_bytes(), Options::default()).unwrap();
    let row = used(&outcomes)[0];
    let Command::Receive(received) = &row.steps[0].command else {
        panic!("a receipt");
    };
    let told = row.findings.iter().map(ToString::to_string);
    (Received::clone(received), told.collect())
}

#[test]
fn words_are_kept_as_they_stand_and_apart() {
    let (fact, told) = received("退款,\"  三天  没到，\n要求退款 \",parcel");
    let words = fact.personal.known().unwrap();
    assert_eq!(words.subject, "退款");
    assert_eq!(words.description, "三天  没到，\n要求退款");
    assert_eq!(fact.product.as_ref().unwrap().code.as_str(), "parcel");
    assert_eq!(told, [""; 0]);
    assert!(!format!("{fact:?}").contains("退款"));
}

#[test]
fn where_there_are_no_words_nothing_is_kept_apart() {
    let (fact, _) = received(", ,");
    assert!(fact.personal.known().is_none() && fact.product.is_none());
    let (fact, _) = received(",only these,");
    let words = fact.personal.known().unwrap();
    assert_eq!(
        (words.subject.as_str(), words.description.as_str()),
        ("", "only these")
    );
}

/// The limit of the assignment that a row leads to.
#[track_caller]
fn limit(row: &str) -> Option<Target> {
    let (outcomes, _) = outcomes(&[row]);
    let Command::Assign(assign) = &used(&outcomes)[0].steps[2].command else {
        panic!("an assignment");
    };
    assign.limit
}

/// The mapping with one text replaced.
#[track_caller]
fn broken(good: &str, bad: &str, message: &str) {
    assert!(CASES.contains(good), "{good}");
    let error = Mapping::parse(&CASES.replacen(good, bad, 1), "desk.toml").unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn what_does_not_go_together_is_told() {
    broken(
        "rows = \"cases\"",
        "rows = \"updates\"",
        "desk.toml:12:8: at `rows`: rows that are updates need a table [update]",
    );
    broken(
        "[received]",
        "[update]\nat = \"a\"\nby = \"b\"\nrole = \"c\"\n[received]",
        "desk.toml:12:8: at `rows`: [update] is for rows that are updates",
    );
    broken(
        "[ended]\nat = \"closed\"\ndisputed = { column = \"disputed\", values = [\"yes\"] }\n",
        "",
        "desk.toml:12:8: at `rows`: rows that are whole cases need a table [ended]",
    );
    broken(
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d",
        "desk.toml:8:15: at `time_format`: the format has no time of day; say which to take by `time_of_day`",
    );
    broken(
        "zone = \"UTC\"",
        "zone = \"UTC\"\ntime_of_day = \"00:00\"",
        "desk.toml:8:15: at `time_format`: the format has a time of day; `time_of_day` is for dates alone",
    );
    broken(
        "zone = \"UTC\"",
        "zone = \"UTC\"\ntime_of_day = \"25:00\"",
        "desk.toml:10:15: at `time_of_day`: is no time of day, such as \"00:00\"",
    );
}

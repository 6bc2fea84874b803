//! The cut of the real log against facts counted by a script of its own (`tests/oracles/uci_facts.py`).

use std::collections::HashMap;

use redress_core::event::{AssignReason, NoteKind};
use redress_core::{Command, Complaint, Event, State};
use redress_interchange::{FindingKind, Importer, Mapping, Options, Row, demo_csv};

use crate::domain::Domain;
use crate::files::{import_with, used};

const FACTS: &str = include_str!("../data/uci_facts.csv");

fn uci() -> Mapping {
    Mapping::shipped("uci-incidents").unwrap()
}

/// Counts what became of an incident, in the words of the script.
fn count(facts: &mut HashMap<&'static str, u64>, row: &Row, lead: &mut Option<String>) {
    let mut add = |name, yes: bool| *facts.entry(name).or_default() += u64::from(yes);
    add("rows", true);
    for finding in &row.findings {
        add("adjusted", finding.problem.kind() == FindingKind::Adjusted);
        add("implied", finding.problem.kind() == FindingKind::Implied);
    }
    for step in &row.steps {
        match &step.command {
            Command::Receive(_) => {}
            Command::Classify(_) => add("classified", true),
            Command::Escalate(_) => add("raised", true),
            Command::Assign(assign) => {
                let implied = step.actor.id.as_str() == "importer";
                add("assigned", !implied);
                let before = lead.replace(assign.lead.department.as_str().to_owned());
                let now = assign.lead.department.as_str();
                let from_desk = before.as_deref() == Some("service-desk");
                add("from_desk", from_desk);
                add("to_desk", assign.reason == AssignReason::Returned);
                let moved = before.is_some_and(|before| before != now);
                add("handed_over", moved && !from_desk && now != "service-desk");
            }
            Command::Pause(_) => add("paused", true),
            Command::Resume(_) => add("resumed", true),
            Command::Resolve(_) => add("resolved", true),
            Command::Close(_) => add("closed", true),
            Command::GiveFeedback(_) => add("dissatisfied", true),
            Command::Reopen(_) => add("reopened", true),
            Command::Note(_) => add("recorded", true),
            Command::Revisit(_)
            | Command::Amend(_)
            | Command::Link(_)
            | Command::Extend(_)
            | Command::Erase(_) => panic!("line {}: {}", row.line, step.command.name()),
        }
    }
}

#[test]
fn every_incident_has_the_facts_that_the_script_counts() {
    let (outcomes, report) =
        import_with(&uci(), demo_csv().as_bytes(), Options::default()).unwrap();
    let mut found: HashMap<String, (HashMap<&str, u64>, Option<String>)> = HashMap::new();
    for row in used(&outcomes) {
        let (facts, lead) = found.entry(row.case.as_str().to_owned()).or_default();
        count(facts, row, lead);
    }
    let mut wanted = csv::Reader::from_reader(FACTS.as_bytes());
    let names = wanted.headers().unwrap().clone();
    let mut incidents = 0;
    for line in wanted.records() {
        let line = line.unwrap();
        let (facts, _) = &found[&line[0]];
        for (name, value) in names.iter().zip(&line).skip(1) {
            if matches!(name, "late" | "ended" | "cause") {
                continue;
            }
            let counted = facts.get(name).copied().unwrap_or_default();
            assert_eq!(counted.to_string(), value, "{name} of {}", &line[0]);
        }
        incidents += 1;
    }
    assert_eq!(found.len(), incidents);
    assert_eq!(report.complaints, u64::try_from(incidents).unwrap());
    assert_eq!(report.rows_rejected, 0);
    assert_eq!(report.rows, report.rows_with_facts + report.rows_unchanged);
}

#[test]
fn the_domain_takes_every_step_and_ends_where_the_log_ends() {
    let (outcomes, _) = import_with(&uci(), demo_csv().as_bytes(), Options::default()).unwrap();
    let mut domain = Domain::default();
    let mut ids = HashMap::new();
    for row in used(&outcomes) {
        domain.run(row);
        ids.insert(row.case.as_str().to_owned(), row.complaint_id);
    }
    let mut wanted = csv::Reader::from_reader(FACTS.as_bytes());
    let names = wanted.headers().unwrap().clone();
    for line in wanted.records() {
        let line: HashMap<&str, String> = names
            .iter()
            .zip(&line.unwrap())
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        let id = ids[&line["number"]];
        let complaint = &domain.complaints[&id];
        assert_eq!(complaint.state(), State::Closed);
        assert_eq!(line["ended"], "Closed");
        check_cycles(complaint, &line);
        check_cause(complaint, &line["cause"]);
        let late = domain.events[&id].iter().rev().find_map(made_sla);
        assert_eq!(
            late,
            Some(if line["late"] == "1" { "false" } else { "true" })
        );
    }
}

fn check_cycles(complaint: &Complaint, line: &HashMap<&str, String>) {
    let again: u32 = ["dissatisfied", "reopened"]
        .iter()
        .map(|name| line[name].parse::<u32>().unwrap())
        .sum();
    let case = complaint.case().unwrap();
    assert_eq!(case.cycle.get(), 1 + again, "{}", line["number"]);
    assert_eq!(
        case.level.get().to_string(),
        line["raised"],
        "{}",
        line["number"]
    );
}

fn check_cause(complaint: &Complaint, wanted: &str) {
    let fact = &complaint.resolution().unwrap().fact;
    let cause = fact.primary_cause.as_ref().map(|cause| cause.code.as_str());
    let wanted = (wanted != "?").then(|| format!("imported/uci-incidents/{wanted}"));
    assert_eq!(cause, wanted.as_deref());
}

fn made_sla(event: &Event) -> Option<&str> {
    let Event::Noted(noted) = event else {
        return None;
    };
    let NoteKind::SourceRecord { facts, .. } = &noted.kind else {
        return None;
    };
    facts.get("made_sla").map(String::as_str)
}

#[test]
fn the_first_incident_is_as_worked_by_hand() {
    let (outcomes, _) = import_with(&uci(), demo_csv().as_bytes(), Options::default()).unwrap();
    let rows = used(&outcomes);
    let told: Vec<String> = rows
        .iter()
        .filter(|row| row.case.as_str() == "INC0000045")
        .flat_map(|row| &row.steps)
        .map(|step| {
            format!(
                "{} {} {}",
                step.occurred_at,
                step.command.name(),
                step.actor.id
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "2016-02-29T01:16:00Z receive importer",
            "2016-02-29T01:23:00Z classify Updated by 21",
            "2016-02-29T01:23:00Z assign Updated by 21",
            "2016-02-29T08:53:00Z resolve Updated by 642",
            "2016-03-05T12:00:00Z close Updated by 908",
            "2016-03-05T12:00:00Z note Updated by 908",
        ]
    );
    let Command::Receive(received) = &rows[0].steps[0].command else {
        panic!("the first step is the receipt");
    };
    assert_eq!(received.receiver.as_str(), "Opened by 8");
    assert!(!received.customer.anonymous);
}

#[test]
fn back_filled_columns_are_not_read_before_the_end() {
    // The very first row of the log is New and holds resolved_at, closed_at, resolved_by and closed_code.
    let mut reader = csv::Reader::from_reader(demo_csv().as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let back_filled = [
        "resolved_at",
        "closed_at",
        "resolved_by",
        "closed_code",
        "made_sla",
    ]
    .map(column);
    let state = column("incident_state");
    let mut scrubbed = csv::Writer::from_writer(Vec::new());
    scrubbed.write_record(&header).unwrap();
    let mut changed = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let keep = match &record[state] {
            "Closed" => vec![back_filled[4]],
            "Resolved" => vec![back_filled[3]],
            _ => vec![],
        };
        let scrub = |index: usize| back_filled.contains(&index) && !keep.contains(&index);
        changed += record
            .iter()
            .enumerate()
            .filter(|(index, cell)| scrub(*index) && *cell != "?")
            .count();
        let cells = record.iter().enumerate();
        scrubbed
            .write_record(cells.map(|(index, cell)| if scrub(index) { "?" } else { cell }))
            .unwrap();
    }
    let scrubbed = scrubbed.into_inner().unwrap();
    assert!(changed > 5000, "{changed}");
    let (with, _) = import_with(&uci(), demo_csv().as_bytes(), Options::default()).unwrap();
    let (without, _) = import_with(&uci(), scrubbed.as_slice(), Options::default()).unwrap();
    assert_eq!(with, without);
}

#[test]
fn the_same_file_gives_the_same_rows_with_ids_of_their_own() {
    let one: Vec<_> = Importer::new(&uci(), demo_csv().as_bytes(), Options::default())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let (other, report) = import_with(&uci(), demo_csv().as_bytes(), Options::default()).unwrap();
    assert_eq!(one, other);
    let ids: std::collections::HashSet<_> = used(&one)
        .iter()
        .flat_map(|row| &row.steps)
        .map(|step| step.command_id)
        .collect();
    assert_eq!(u64::try_from(ids.len()).unwrap(), report.steps);
}

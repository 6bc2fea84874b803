//! One case, imported and run through the domain.

use redress_core::event::AssignReason;
use redress_core::{Command, Complaint};
use redress_interchange::{FindingKind, RowOutcome};

use crate::domain::Domain;
use crate::files::{Line, commands, file, import, used};

/// Imports the lines, runs the steps, and compares the names of the commands row by row.
#[track_caller]
pub(crate) fn check(lines: &[Line<'_>], wanted: &[&str]) -> (Vec<RowOutcome>, Complaint) {
    let (outcomes, _) = import(file(lines).as_bytes()).unwrap();
    assert_eq!(commands(&outcomes), wanted);
    let mut domain = Domain::default();
    for row in used(&outcomes) {
        domain.run(row);
    }
    let complaint = domain.complaints.into_values().next().unwrap();
    (outcomes, complaint)
}

pub(crate) fn command(outcomes: &[RowOutcome], row: usize, step: usize) -> &Command {
    &used(outcomes)[row].steps[step].command
}

pub(crate) fn findings(outcomes: &[RowOutcome], row: usize) -> Vec<FindingKind> {
    let findings = used(outcomes)[row].findings.iter();
    findings.map(|finding| finding.problem.kind()).collect()
}

pub(crate) fn lead(
    outcomes: &[RowOutcome],
    row: usize,
    step: usize,
) -> (String, Option<String>, AssignReason) {
    let Command::Assign(assign) = command(outcomes, row, step) else {
        panic!("an assignment");
    };
    let person = assign
        .lead
        .person
        .as_ref()
        .map(|person| person.as_str().to_owned());
    (
        assign.lead.department.as_str().to_owned(),
        person,
        assign.reason,
    )
}

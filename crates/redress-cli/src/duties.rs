//! `redress duties`: what is owed, by whom, until when, and the step to take.

use std::collections::BTreeMap;
use std::io::Write;

use redress::blocking::Ledger;
use redress::core::duty::{Duty, Task, duties};
use redress::core::{Status, evolve};
use redress::sqlite::SqliteStore;
use redress::store::Fact;
use redress::{
    Complaint, ComplaintId, DepartmentId, Language, LedgerError, PersonId, Position, Recorded,
    Role, Timestamp,
};
use serde::Serialize;

use crate::args::{DutiesArgs, Format};
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::{describe, reading, show};

/// The work list, for programs.
#[derive(Serialize)]
struct Report {
    at: Timestamp,
    duties: Vec<Item>,
}

/// A duty.
#[derive(Serialize)]
struct Item {
    complaint: ComplaintId,
    task: &'static str,
    next: &'static str,
    command: &'static str,
    instruction: &'static str,
    department: DepartmentId,
    person: Option<PersonId>,
    role: Option<Role>,
    due: Option<Timestamp>,
    status: Status,
    #[serde(skip)]
    step: Task,
}

impl Item {
    fn of(complaint: ComplaintId, duty: Duty, language: Language) -> Self {
        Self {
            complaint,
            task: duty.what.name(),
            next: duty.next.name(),
            command: duty.next.command(),
            instruction: duty.next.instruction(language),
            department: duty.department,
            person: duty.person,
            role: duty.role,
            due: duty.due,
            status: duty.status,
            step: duty.next,
        }
    }
}

/// Runs `redress duties`.
pub(crate) fn run(args: &DutiesArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let at = args.at.unwrap_or_else(|| ledger.as_async().now());
    let complaints = match &args.id {
        Some(text) => {
            let id = show::find(&ledger, &args.ledger, text)?;
            BTreeMap::from([(id, one(&ledger, id, at)?)])
        }
        None => all(&ledger, at)?,
    };
    let rules = ledger.rules()?;
    let language = match args.output.format {
        Format::Table => args.language.get(),
        Format::Json => args.language.for_programs(),
    };
    let mut items: Vec<Item> = complaints
        .into_iter()
        .flat_map(|(id, past)| {
            let owed = duties(&past.complaint, &rules, at);
            owed.into_iter().map(move |duty| (id, duty))
        })
        .filter(|(_, duty)| {
            let wanted = args.department.as_ref();
            wanted.is_none_or(|wanted| duty.department == *wanted)
        })
        .map(|(id, duty)| Item::of(id, duty, language))
        .collect();
    items.sort_by_key(|item| (item.due.is_none(), item.due, item.complaint));
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Report { at, duties: items })?;
    } else {
        print(&mut output, at, &items, args.limit)?;
    }
    Ok(Exit::Done)
}

/// A complaint as it stood at a moment.
#[derive(Default)]
struct Past {
    complaint: Complaint,
    /// A fact that moved it later was seen.
    is_over: bool,
}

impl Past {
    /// Takes the next fact, up to the first one that moved the complaint after the moment.
    fn fold(&mut self, fact: &Recorded, at: Timestamp) -> Result<(), LedgerError> {
        self.is_over |= fact.occurred_at > at && fact.event.moves_state();
        if !self.is_over {
            self.complaint = evolve(std::mem::take(&mut self.complaint), fact)?;
        }
        Ok(())
    }
}

fn one(ledger: &Ledger<SqliteStore>, id: ComplaintId, at: Timestamp) -> Result<Past, LedgerError> {
    let mut past = Past::default();
    for fact in &ledger.history(id)? {
        past.fold(fact, at)?;
    }
    Ok(past)
}

fn all(
    ledger: &Ledger<SqliteStore>,
    at: Timestamp,
) -> Result<BTreeMap<ComplaintId, Past>, LedgerError> {
    let mut complaints: BTreeMap<ComplaintId, Past> = BTreeMap::new();
    ledger.replay_pages(None, Position::FIRST, |facts| {
        let mut facts = facts.iter().filter_map(Fact::as_complaint);
        facts.try_for_each(|fact| {
            complaints
                .entry(fact.complaint_id)
                .or_default()
                .fold(fact, at)
        })
    })?;
    Ok(complaints)
}

fn print(
    output: &mut Output<'_>,
    at: Timestamp,
    items: &[Item],
    limit: usize,
) -> Result<(), Failure> {
    if items.is_empty() {
        output.line(&format!("Nothing is owed at {}.", instant(at)))?;
        return Ok(());
    }
    output.line(&format!("Owed at {}", instant(at)))?;
    output.line("")?;
    let mut grid = Grid::new(&[
        "Due",
        "Status",
        "Complaint",
        "Task",
        "Next step",
        "Department",
        "Person",
    ]);
    let shown = &items[..items.len().min(limit)];
    for item in shown {
        grid.row([
            item.due.map_or_else(|| "none".to_owned(), instant),
            status(item.status),
            item.complaint.to_string(),
            item.task.replace('_', " "),
            item.next.replace('_', " "),
            item.department.to_string(),
            item.person
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        ]);
    }
    output.table(&grid)?;
    if items.len() > shown.len() {
        let more = items.len() - shown.len();
        output.line(&format!("and {more} more; --limit shows more of them"))?;
    }
    output.heading("Next steps")?;
    let mut guide = Grid::new(&["Next step", "Command", "~What to do"]);
    let steps: BTreeMap<Task, &Item> = shown.iter().map(|item| (item.step, item)).collect();
    for item in steps.values() {
        guide.row([
            item.next.replace('_', " "),
            item.command.to_owned(),
            item.instruction.to_owned(),
        ]);
    }
    output.table(&guide)?;
    Ok(())
}

fn status(status: Status) -> String {
    if status == Status::UntargetedRunning {
        "no limit".to_owned()
    } else {
        describe::word(&status)
    }
}

//! `redress oversee`: has the escalations recorded that the ladder demands, and lists the notices that are due.

use std::io::Write;

use redress::blocking::Ledger;
use redress::core::{ClockKind, Cycle, Level};
use redress::event::Assignee;
use redress::{Actor, ComplaintId, DepartmentId, Oversight, Policy, Timestamp};
use serde::Serialize;

use crate::args::OverseeArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::reading;

/// The name of the program in what it has recorded.
const OVERSEER: &str = "overseer";
/// Its role, as `[[authority]]` of a policy names it.
const ROLE: &str = "system";

/// What overseeing came to, for programs.
#[derive(Serialize)]
struct Report {
    at: Timestamp,
    /// The escalations are recorded; else they would be.
    recorded: bool,
    escalations: Vec<Escalation>,
    notices: Vec<Notice>,
    failures: Vec<Failed>,
}

#[derive(Serialize)]
struct Escalation {
    complaint: ComplaintId,
    to_level: Level,
    #[serde(flatten)]
    rung: Rung,
}

#[derive(Serialize)]
struct Notice {
    complaint: ComplaintId,
    #[serde(flatten)]
    rung: Rung,
}

/// A rung of the ladder that a clock has reached.
#[derive(Serialize)]
struct Rung {
    clock: ClockKind,
    cycle: Cycle,
    started_at: Timestamp,
    department: DepartmentId,
    percent: u16,
    to: Option<Assignee>,
}

#[derive(Serialize)]
struct Failed {
    complaint: ComplaintId,
    message: String,
}

/// Runs `redress oversee`.
pub(crate) fn run(args: &OverseeArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    // A ledger that does not exist is not made here.
    let ledger = reading::open_with_rules(&args.ledger)?;
    let oversight = if args.dry_run {
        ledger.demands()?
    } else {
        drop(ledger);
        let ledger = Ledger::open_with(
            &args.ledger,
            Policy::standard(),
            crate::secret::from_environment()?,
        )?;
        reading::tell_rebuilt(&ledger);
        ledger.oversee(&overseer()?)?
    };
    let report = Report::of(oversight, !args.dry_run);
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&report)?;
    } else {
        print(&mut output, &report)?;
    }
    Ok(if report.failures.is_empty() {
        Exit::Done
    } else {
        Exit::SomeRefused
    })
}

/// Whoever does what the rules demand of themselves.
pub(crate) fn overseer() -> Result<Actor, Failure> {
    let (person, role) = (OVERSEER.parse(), ROLE.parse());
    match (person, role) {
        (Ok(person), Ok(role)) => Ok(Actor::system(person, role)),
        (Err(error), _) | (_, Err(error)) => {
            Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, error).into())
        }
    }
}

impl Report {
    fn of(oversight: Oversight, recorded: bool) -> Self {
        let escalations = oversight.escalations.into_iter().map(|escalation| {
            let demand = escalation.demand;
            Escalation {
                complaint: escalation.complaint,
                to_level: demand.level,
                rung: Rung {
                    clock: demand.clock,
                    cycle: demand.cycle,
                    started_at: demand.started_at,
                    department: demand.department,
                    percent: demand.percent,
                    to: demand.command.to,
                },
            }
        });
        let notices = oversight.notices.into_iter().map(|due| Notice {
            complaint: due.complaint,
            rung: Rung {
                clock: due.notice.clock,
                cycle: due.notice.cycle,
                started_at: due.notice.started_at,
                department: due.notice.department,
                percent: due.notice.percent,
                to: due.notice.to,
            },
        });
        let failures = oversight.failures.into_iter().map(|failure| Failed {
            complaint: failure.complaint,
            message: failure.why.to_string(),
        });
        Self {
            at: oversight.at,
            recorded,
            escalations: escalations.collect(),
            notices: notices.collect(),
            failures: failures.collect(),
        }
    }
}

fn print(output: &mut Output<'_>, report: &Report) -> Result<(), Failure> {
    let done = if report.recorded {
        "Escalated"
    } else {
        "To be escalated; nothing was recorded"
    };
    output.line(&format!("Overseen at {}", instant(report.at)))?;
    output.heading(done)?;
    let mut grid = Grid::new(&["Complaint", ">Level", "Clock", ">Used", "Department", "To"]);
    for escalation in &report.escalations {
        let [clock, used, department, to] = escalation.rung.cells();
        let (complaint, level) = (
            escalation.complaint.to_string(),
            escalation.to_level.to_string(),
        );
        grid.row([complaint, level, clock, used, department, to]);
    }
    table_or_none(output, &grid)?;
    output.heading("Notices that are due")?;
    let mut grid = Grid::new(&["Complaint", "Clock", ">Used", "Department", "To"]);
    for notice in &report.notices {
        let [clock, used, department, to] = notice.rung.cells();
        grid.row([notice.complaint.to_string(), clock, used, department, to]);
    }
    table_or_none(output, &grid)?;
    if !report.failures.is_empty() {
        output.heading("Failed")?;
        let mut grid = Grid::new(&["Complaint", "~Why"]);
        for failure in &report.failures {
            grid.row([failure.complaint.to_string(), failure.message.clone()]);
        }
        output.table(&grid)?;
    }
    Ok(())
}

fn table_or_none(output: &mut Output<'_>, grid: &Grid) -> Result<(), Failure> {
    if grid.is_empty() {
        output.line("none")?;
    } else {
        output.table(grid)?;
    }
    Ok(())
}

impl Rung {
    fn cells(&self) -> [String; 4] {
        let to = self.to.as_ref().map_or_else(String::new, |to| {
            let person = to.person.as_ref().map(|person| format!(" {person}"));
            format!("{}{}", to.department, person.unwrap_or_default())
        });
        [
            self.clock.name().to_owned(),
            format!("{} %", self.percent),
            self.department.to_string(),
            to,
        ]
    }
}

//! `redress show`: one complaint with its whole time line.

use std::io::Write;
use std::path::Path;

use redress::blocking::Ledger;
use redress::core::{Language, Status};
use redress::event::Event;
use redress::sqlite::SqliteStore;
use redress::store::{Entry, EventStore};
use redress::{Channel, Complaint, ComplaintId, ExternalRef, Recorded, Timestamp};
use redress_interchange::Mapping;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{self, ShowArgs};
use crate::describe;
use crate::error::{Exit, Failure};
use crate::output::{Grid, Output};
use crate::reading;

/// Runs `redress show`.
pub(crate) fn run(args: &ShowArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open(&args.ledger)?;
    let id = find(&args.ledger, &ledger, &args.id)?.ok_or_else(|| Failure::NoSuchComplaint {
        id: args.id.clone(),
        ledger: args.ledger.clone(),
    })?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        let entries = entries(&ledger, id)?;
        output.json(&file(&ledger, id, &entries, args.personal)?)?;
    } else {
        print(&mut output, &ledger, id, args.personal)?;
    }
    Ok(Exit::Done)
}

/// The complaint with this id, or with this reference: taken in through any channel, or taken over by any mapping.
fn find(
    path: &Path,
    ledger: &Ledger<SqliteStore>,
    text: &str,
) -> Result<Option<ComplaintId>, Failure> {
    let mut candidates: Vec<ComplaintId> = args::complaint_id(text).into_iter().collect();
    if let Ok(reference) = ExternalRef::new(text) {
        let channels = Channel::ALL.into_iter();
        candidates.extend(channels.map(|channel| ComplaintId::derived(channel, &reference)));
        let mappings = Mapping::shipped_names();
        candidates.extend(mappings.map(|name| ComplaintId::of_source(name, &reference)));
    }
    for id in candidates {
        if ledger.complaint(id)?.case().is_some() {
            return Ok(Some(id));
        }
    }
    // A mapping of somebody's own: only the archive knows its references.
    let found = reading::archive(path, ledger)?.by_external_ref(text)?;
    Ok(found.first().map(|hit| hit.summary.id))
}

/// Prints the complaint for people.
pub(crate) fn print<S: EventStore>(
    output: &mut Output<'_>,
    ledger: &Ledger<S>,
    id: ComplaintId,
    personal: bool,
) -> Result<(), Failure> {
    let history = ledger.history(id)?;
    let complaint = ledger.complaint(id)?;
    output.table(head(ledger, &complaint, &history))?;
    if personal {
        output.heading("Personal")?;
        output.table(personal_values(&history))?;
    }
    output.heading("Time line")?;
    output.table(time_line(&history))?;
    output.heading("Clocks")?;
    output.table(clocks(ledger, &complaint))?;
    Ok(())
}

fn head<S: EventStore>(ledger: &Ledger<S>, complaint: &Complaint, history: &[Recorded]) -> Grid {
    let policy = ledger.as_async().policy();
    let mut grid = Grid::pairs();
    let Some(case) = complaint.case() else {
        return grid;
    };
    grid.pair("complaint", case.id);
    grid.pair("state", complaint.state().label(Language::English));
    grid.pair("received", case.received_at);
    grid.pair("cycle", case.cycle);
    grid.pair("level", case.level);
    if let Some(class) = complaint.classification() {
        grid.pair(
            "category",
            policy
                .categories
                .label(class.category.as_str(), Language::English),
        );
        grid.pair("priority", describe::word(&class.priority));
    }
    if let Some(lead) = complaint.lead() {
        grid.pair("department", &lead.department);
        grid.pair(
            "person",
            lead.person
                .as_ref()
                .map_or("none", |person| person.as_str()),
        );
    }
    if let Some(cause) = complaint
        .resolution()
        .and_then(|resolution| resolution.fact.primary_cause.as_ref())
    {
        grid.pair(
            "cause",
            policy.causes.label(cause.code.as_str(), Language::English),
        );
    }
    grid.pair("facts", history.len());
    grid
}

fn time_line(history: &[Recorded]) -> Grid {
    let mut grid = Grid::new(&[">No", "Happened", "Fact", "By", "What"]);
    for fact in history {
        grid.row([
            fact.version.to_string(),
            fact.occurred_at.to_string(),
            fact.event.event_type().name().to_owned(),
            fact.actor.id.to_string(),
            describe::event(&fact.event),
        ]);
    }
    grid
}

fn clocks<S: EventStore>(ledger: &Ledger<S>, complaint: &Complaint) -> Grid {
    let ledger = ledger.as_async();
    let (policy, now) = (ledger.policy(), ledger.now());
    let mut grid = Grid::new(&[
        ">Cycle",
        "Clock",
        "Department",
        "Started",
        "Status",
        ">Ran",
        "Due",
    ]);
    let Some(case) = complaint.case() else {
        return grid;
    };
    for clock in &case.clocks {
        let reading = clock.read(&case.pauses, policy, now);
        let timed = !matches!(
            reading.status,
            Status::UntargetedEnded | Status::UntargetedRunning
        );
        grid.row([
            clock.cycle.to_string(),
            clock.kind.name().to_owned(),
            clock
                .department(&case.intake_department, complaint.lead(), policy)
                .to_string(),
            clock.started_at.to_string(),
            if timed {
                describe::word(&reading.status)
            } else {
                "no limit".to_owned()
            },
            reading.elapsed.to_string(),
            reading.due.map_or_else(String::new, |due| due.to_string()),
        ]);
    }
    grid
}

/// Who complained and in which words, as last corrected.
fn personal_values(history: &[Recorded]) -> Grid {
    let mut grid = Grid::pairs();
    for fact in history {
        match &fact.event {
            Event::Received(received) => {
                if let Some(personal) = received.personal.known() {
                    grid.pair("name", personal.name.as_deref().unwrap_or("none"));
                    for contact in &personal.contacts {
                        grid.pair(&describe::word(&contact.kind), &contact.value);
                    }
                    grid.pair("subject", &personal.subject);
                    grid.pair("description", &personal.description);
                }
            }
            Event::Resolved(resolved) => {
                if let Some(personal) = resolved.personal.known() {
                    grid.pair("solution", &personal.solution);
                }
            }
            Event::Feedback(feedback) => {
                if let Some(personal) = feedback.personal.known() {
                    grid.pair(&describe::word(&feedback.kind), &personal.content);
                }
            }
            Event::Noted(noted) => {
                if let Some(personal) = noted.personal.known() {
                    grid.pair("note", &personal.text);
                }
            }
            Event::Classified(_)
            | Event::Assigned(_)
            | Event::Escalated(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Amended(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Closed(_)
            | Event::Reopened(_)
            | Event::Erased(_) => {}
        }
    }
    grid
}

/// A complaint for programs: the facts as they are stored.
#[derive(Serialize)]
struct File<'a> {
    complaint: ComplaintId,
    state: &'static str,
    cycle: u32,
    level: u8,
    facts: Vec<Fact<'a>>,
}

#[derive(Serialize)]
struct Fact<'a> {
    position: u64,
    version: u64,
    recorded_at: Timestamp,
    public: &'a RawValue,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    personal: Vec<&'a RawValue>,
}

fn entries(ledger: &Ledger<SqliteStore>, id: ComplaintId) -> Result<Vec<Entry>, Failure> {
    Ok(ledger.entries(id)?)
}

fn file<'a>(
    ledger: &Ledger<SqliteStore>,
    id: ComplaintId,
    entries: &'a [Entry],
    personal: bool,
) -> Result<File<'a>, Failure> {
    let complaint = ledger.complaint(id)?;
    let facts = entries
        .iter()
        .map(|entry| {
            let parts = entry.content.parts.iter().filter(|_| personal);
            Ok(Fact {
                position: entry.position.get(),
                version: entry.version.get(),
                recorded_at: entry.recorded_at,
                public: raw(&entry.content.public)?,
                personal: parts
                    .map(|part| raw(&part.bytes))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<_, std::io::Error>>()?;
    let case = complaint.case();
    Ok(File {
        complaint: id,
        state: complaint.state().name(),
        cycle: case.map_or(0, |case| case.cycle.get()),
        level: case.map_or(0, |case| case.level.get()),
        facts,
    })
}

fn raw(bytes: &[u8]) -> Result<&RawValue, std::io::Error> {
    Ok(serde_json::from_slice(bytes)?)
}

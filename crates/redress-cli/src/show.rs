//! `redress show`: one complaint with its whole time line.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use redress::archive::{Archive, ComplaintFile};
use redress::blocking::Ledger;
use redress::core::{Event, Language, Reading, Status};
use redress::sqlite::SqliteStore;
use redress::store::{Entry, EventStore};
use redress::{
    Channel, Complaint, ComplaintId, ExternalRef, LedgerEvent, PartVerdict, PersonId, Position,
    Recorded, Role, Rulebook, Timestamp,
};
use redress_interchange::Mapping;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{self, ShowArgs};
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::owed::{ForPrograms, Owed};
use crate::{describe, personal, reading};

/// Runs `redress show`.
pub(crate) fn run(args: &ShowArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let id = find(&ledger, &args.ledger, &args.id)?;
    let archive = reading::archive(&args.ledger, &ledger, None)?;
    let personal = if args.personal {
        personal::warn();
        // The archive works corrections in and leaves out what was erased.
        archive.file(id)?
    } else {
        None
    };
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        let entries = ledger.entries(id)?;
        output.json(&file(&ledger, &archive, id, &entries, personal.as_ref())?)?;
    } else {
        print(&mut output, &ledger, &archive, id, personal.as_ref())?;
    }
    Ok(Exit::Done)
}

/// The complaint with this id, or with this reference: taken in through any channel, or taken over by any mapping.
pub(crate) fn find(
    ledger: &Ledger<SqliteStore>,
    ledger_path: &Path,
    text: &str,
) -> Result<ComplaintId, Failure> {
    let mut found = Vec::new();
    for id in candidates(text) {
        if ledger.complaint(id)?.case().is_some() {
            found.push(id);
        }
    }
    if found.is_empty() {
        // A mapping of somebody's own: only the archive knows its references.
        let hits = reading::archive(ledger_path, ledger, None)?.by_external_ref(text)?;
        found.extend(hits.iter().map(|hit| hit.summary.id));
    }
    match found.as_slice() {
        [id] => Ok(*id),
        [] => Err(Failure::NoSuchComplaint {
            id: text.to_owned(),
            ledger: ledger_path.to_owned(),
        }),
        several => Err(Failure::SeveralComplaints {
            reference: text.to_owned(),
            ids: several.to_vec(),
        }),
    }
}

/// The ids that a complaint may have that somebody names so.
fn candidates(text: &str) -> Vec<ComplaintId> {
    let mut candidates: Vec<ComplaintId> = args::complaint_id(text).into_iter().collect();
    if let Ok(reference) = ExternalRef::new(text) {
        let channels = Channel::ALL.into_iter();
        candidates.extend(channels.map(|channel| ComplaintId::derived(channel, &reference)));
        let mappings = Mapping::shipped_names();
        candidates.extend(mappings.map(|name| ComplaintId::of_source(name, &reference)));
    }
    candidates
}

/// Prints the complaint for people.
pub(crate) fn print<S: EventStore>(
    output: &mut Output<'_>,
    ledger: &Ledger<S>,
    archive: &Archive,
    id: ComplaintId,
    file: Option<&ComplaintFile>,
) -> Result<(), Failure> {
    let history = ledger.history(id)?;
    let complaint = ledger.complaint(id)?;
    let rules = ledger.rules()?;
    let mut head = head(&rules, &complaint, &history);
    if let Some((parts, receipt)) = erased(ledger, id)? {
        head.pair(
            "personal data",
            format!("{parts} parts erased; the receipt stands at position {receipt}"),
        );
    }
    output.table(&head)?;
    if let Some(file) = file {
        print_personal(output, file)?;
    }
    Owed::of(ledger, archive, &complaint)?.print(output)?;
    output.heading("Time line")?;
    output.table(&time_line(&history))?;
    output.heading("Clocks")?;
    let now = ledger.as_async().now();
    output.table(&clocks(&rules, &complaint, now))?;
    let refusals = refusals(ledger, id)?;
    if !refusals.is_empty() {
        output.heading("Refused")?;
        output.table(&refused(&refusals))?;
    }
    Ok(())
}

/// How many personal parts of a complaint were erased, and where the newest receipt stands.
fn erased<S: EventStore>(
    ledger: &Ledger<S>,
    id: ComplaintId,
) -> Result<Option<(usize, Position)>, Failure> {
    let verdicts = ledger.examine_parts(id)?.into_iter();
    let receipts: Vec<Position> = verdicts
        .filter_map(|(_, verdict)| match verdict {
            PartVerdict::Erased { receipt } => Some(receipt),
            PartVerdict::Intact | PartVerdict::Erasing | PartVerdict::Faulty(_) => None,
        })
        .collect();
    let newest = receipts.iter().max().copied();
    Ok(newest.map(|newest| (receipts.len(), newest)))
}

fn print_personal(output: &mut Output<'_>, file: &ComplaintFile) -> Result<(), Failure> {
    output.heading("Personal data, as corrected")?;
    let intake = personal::intake(file);
    if intake.is_empty() {
        output.line("none: there was none, or it was erased")?;
    } else {
        output.table(&intake)?;
    }
    let later = personal::later(file)?;
    if !later.is_empty() {
        output.line("")?;
        output.table(&later)?;
    }
    Ok(())
}

fn head(rules: &Rulebook, complaint: &Complaint, history: &[Recorded]) -> Grid {
    let mut grid = Grid::pairs();
    let Some(case) = complaint.case() else {
        return grid;
    };
    grid.pair("complaint", case.id);
    grid.pair("state", complaint.state().label(Language::English));
    if let Some(reference) = reference(history) {
        grid.pair("reference", reference);
    }
    grid.pair("received", instant(case.received_at));
    grid.pair("cycle", case.cycle);
    grid.pair("level", case.level);
    if let Some(class) = complaint.classification() {
        grid.pair("category", rules.category_name(class.category.as_str()).en);
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
        grid.pair("cause", rules.cause_name(cause.code.as_str()).en);
    }
    grid.pair("facts", history.len());
    grid
}

/// The reference under which another system knows the complaint.
fn reference(history: &[Recorded]) -> Option<&ExternalRef> {
    history.first().and_then(|first| match &first.event {
        Event::Received(received) => received.external_ref.as_ref(),
        Event::Classified(_)
        | Event::Assigned(_)
        | Event::Escalated(_)
        | Event::Resolved(_)
        | Event::Feedback(_)
        | Event::Revisited(_)
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::Noted(_)
        | Event::Amended(_)
        | Event::Linked(_)
        | Event::Extended(_)
        | Event::Closed(_)
        | Event::Reopened(_)
        | Event::Erased(_) => None,
    })
}

fn time_line(history: &[Recorded]) -> Grid {
    let mut grid = Grid::new(&[">No", "Happened", "Fact", "By", "~What"]);
    for fact in history {
        grid.row([
            fact.version.to_string(),
            instant(fact.occurred_at),
            fact.event.event_type().name().to_owned(),
            fact.actor.id.to_string(),
            describe::event(&fact.event),
        ]);
    }
    grid
}

fn clocks(rules: &Rulebook, complaint: &Complaint, now: Timestamp) -> Grid {
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
        let reading = rules.read(clock, &case.pauses, now);
        let timed = !matches!(
            reading.status,
            Status::UntargetedEnded | Status::UntargetedRunning
        );
        grid.row([
            clock.cycle.to_string(),
            clock.kind.name().to_owned(),
            clock
                .department(
                    &case.intake_department,
                    complaint.lead(),
                    rules.of_clock(clock),
                )
                .to_string(),
            instant(clock.started_at),
            if timed {
                describe::word(&reading.status)
            } else {
                "no limit".to_owned()
            },
            ran(&reading),
            reading.due.map_or_else(String::new, instant),
        ]);
    }
    grid
}

/// A command about the complaint that was refused.
#[derive(Serialize)]
struct Refusal {
    position: u64,
    occurred_at: Timestamp,
    by: PersonId,
    role: Role,
    command: Cow<'static, str>,
    rejection: Cow<'static, str>,
}

fn refusals<S: EventStore>(ledger: &Ledger<S>, id: ComplaintId) -> Result<Vec<Refusal>, Failure> {
    let mut found = Vec::new();
    for fact in ledger.refusals()? {
        match fact.event {
            LedgerEvent::Refused(refused) if refused.complaint == Some(id) => found.push(Refusal {
                position: fact.position.get(),
                occurred_at: fact.occurred_at,
                by: fact.actor.id,
                role: fact.actor.role,
                command: refused.command,
                rejection: refused.rejection,
            }),
            LedgerEvent::Refused(_)
            | LedgerEvent::PolicyAdopted(_)
            | LedgerEvent::Held(_)
            | LedgerEvent::Released(_)
            | LedgerEvent::ErasureRequested(_)
            | LedgerEvent::KeyDestroyed(_) => {}
        }
    }
    Ok(found)
}

fn refused(refusals: &[Refusal]) -> Grid {
    let mut grid = Grid::new(&["Happened", "Command", "By", "Role", "Reason"]);
    for refusal in refusals {
        grid.row([
            instant(refusal.occurred_at),
            refusal.command.to_string(),
            refusal.by.to_string(),
            refusal.role.to_string(),
            refusal.rejection.to_string(),
        ]);
    }
    grid
}

/// How long a clock ran, where that is known.
fn ran(reading: &Reading) -> String {
    if reading.status == Status::NotEvaluable {
        String::new()
    } else if reading.at_least {
        format!("at least {}", reading.elapsed)
    } else {
        reading.elapsed.to_string()
    }
}

/// A complaint for programs: the facts as they are stored.
#[derive(Serialize)]
struct File<'a> {
    complaint: ComplaintId,
    state: &'static str,
    cycle: u32,
    level: u8,
    #[serde(flatten)]
    owed: ForPrograms,
    facts: Vec<Fact<'a>>,
    /// How many personal parts were erased, and where the newest receipt stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    erased: Option<ErasedParts>,
    /// The commands about it that were refused.
    refusals: Vec<Refusal>,
}

#[derive(Serialize)]
struct ErasedParts {
    parts: usize,
    receipt: Position,
}

#[derive(Serialize)]
struct Fact<'a> {
    position: u64,
    version: u64,
    recorded_at: Timestamp,
    public: &'a RawValue,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    personal: Vec<Box<RawValue>>,
}

fn file<'a>(
    ledger: &Ledger<SqliteStore>,
    archive: &Archive,
    id: ComplaintId,
    entries: &'a [Entry],
    personal: Option<&ComplaintFile>,
) -> Result<File<'a>, Failure> {
    let complaint = ledger.complaint(id)?;
    let case = complaint.case();
    let facts = entries.iter().map(|entry| fact(entry, personal));
    Ok(File {
        complaint: id,
        state: complaint.state().name(),
        cycle: case.map_or(0, |case| case.cycle.get()),
        level: case.map_or(0, |case| case.level.get()),
        owed: Owed::of(ledger, archive, &complaint)?.for_programs(),
        facts: facts.collect::<Result<_, _>>()?,
        erased: erased(ledger, id)?.map(|(parts, receipt)| ErasedParts { parts, receipt }),
        refusals: refusals(ledger, id)?,
    })
}

fn fact<'a>(entry: &'a Entry, file: Option<&ComplaintFile>) -> Result<Fact<'a>, Failure> {
    let folded = file
        .iter()
        .flat_map(|file| &file.timeline)
        .find(|fact| fact.version == entry.version);
    let mut personal = Vec::new();
    for part in folded
        .map(personal::parts)
        .transpose()?
        .into_iter()
        .flatten()
    {
        personal.push(raw(&part.bytes)?.to_owned());
    }
    Ok(Fact {
        position: entry.position.get(),
        version: entry.version.get(),
        recorded_at: entry.recorded_at,
        public: raw(&entry.content.public)?,
        personal,
    })
}

fn raw(bytes: &[u8]) -> Result<&RawValue, std::io::Error> {
    Ok(serde_json::from_slice(bytes)?)
}

//! `redress replay` of a counterexample: a history in a file of lines, and the rule that it breaks.
//!
//! The first line holds the rule as text, each other line a fact as it is stored. The facts are folded by the same code as
//! those of a ledger, so that whoever is handed the file sees what the finder saw.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use redress::core::EventType;
use redress::store::codec::{decode_complaint, no_upcasts};
use redress::store::file::open_plain;
use redress::store::{Entry, NewEntry, StreamId};
use redress::{
    Actor, CommandId, Complaint, ComplaintId, Policy, Position, Recorded, Timestamp, Version,
};
use redress_rules::{Calendars, Monitor, Observation, Rule, Verdict, parse};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::args::ReplayArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::{describe, reading};

/// The first line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    rule: String,
    /// Where the rule counts working time: the policy whose calendars it names.
    policy: Option<String>,
}

/// Every other line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    complaint_id: ComplaintId,
    version: Version,
    position: Position,
    recorded_at: Timestamp,
    fact: Box<RawValue>,
}

/// What of a stored fact stands beside it in a store.
#[derive(Deserialize)]
struct Envelope {
    r#type: String,
    schema: u16,
    occurred_at: Timestamp,
    actor: Actor,
    command_id: CommandId,
}

/// What is told of the whole.
#[derive(Serialize)]
struct Told {
    rule: String,
    words: String,
    clause: String,
    complaint: Option<ComplaintId>,
    state: &'static str,
    verdict: Verdict,
    broken_by: Option<Version>,
    facts: Vec<ToldFact>,
}

/// What is told of a fact.
#[derive(Serialize)]
struct ToldFact {
    version: Version,
    occurred_at: Timestamp,
    fact: &'static str,
    actor: String,
    what: String,
    state: &'static str,
    verdict: Verdict,
}

/// Whether a file is such a history and no ledger: its first line is JSON. A ledger begins with the name of its format.
pub(super) fn is_one(path: &Path) -> bool {
    let mut first = [0];
    open_plain(path).is_ok_and(|mut file| file.read_exact(&mut first).is_ok()) && first == *b"{"
}

/// Shows the story, where it ends and how the rule stands after each fact.
pub(super) fn run(args: &ReplayArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let text = reading::text("history", &args.ledger)?;
    let file = args.ledger.display().to_string();
    let told = told(&text, &file, args.as_of)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&told)?;
    } else {
        print(&mut output, &told)?;
    }
    Ok(if told.verdict.is_kept() {
        Exit::Done
    } else {
        Exit::Found
    })
}

fn told(text: &str, file: &str, as_of: Option<Timestamp>) -> Result<Told, Failure> {
    let fault = |line: usize, why: String| Failure::History {
        file: file.to_owned(),
        line,
        why,
    };
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    let (_, first) = lines.next().unwrap_or((1, ""));
    let head: Head = serde_json::from_str(first).map_err(|error| {
        let wanted = "the first line holds the rule, such as {\"rule\":\"rule told \\\"\\\": existence(feedback)\"}";
        fault(1, format!("{wanted} ({})", place(&error)))
    })?;
    let (rule, mut monitor) = watched(&head, file)?;
    let (mut complaint, mut facts) = (Complaint::Absent, Vec::new());
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let recorded = recorded(line).map_err(|why| fault(number, why))?;
        if as_of.is_some_and(|as_of| recorded.recorded_at > as_of) {
            break;
        }
        let before = complaint.clone();
        redress::core::apply(&mut complaint, &recorded).map_err(|misfit| {
            let advice = "a line is missing, or it was found in a process that allows what redress cannot fold";
            fault(number, format!("{misfit}; {advice}"))
        })?;
        let seen = Observation {
            recorded: &recorded,
            before: &before,
            after: &complaint,
        };
        let verdict = monitor
            .step(&seen)
            .map_err(|error| fault(number, error.to_string()))?;
        facts.push(told_fact(&recorded, &complaint, verdict));
    }
    let violated = facts.iter().find(|fact| fact.verdict == Verdict::Violated);
    Ok(Told {
        rule: rule.name().to_owned(),
        words: rule.words().to_owned(),
        clause: rule.clause().to_string(),
        complaint: complaint.case().map(|case| case.id),
        state: complaint.state().name(),
        verdict: monitor.verdict(),
        broken_by: violated.map(|fact| fact.version),
        facts,
    })
}

/// The rule of the first line, and a monitor that has seen nothing yet.
fn watched(head: &Head, file: &str) -> Result<(Rule, Monitor), Failure> {
    let mut rules = parse(&head.rule, file).map_err(|errors| Failure::rules(&errors))?;
    let (Some(rule), true) = (rules.pop(), rules.is_empty()) else {
        return Err(Failure::History {
            file: file.to_owned(),
            line: 1,
            why: "the first line holds several rules; leave one".to_owned(),
        });
    };
    let calendars = match &head.policy {
        Some(text) => Calendars::from(
            &Policy::parse(text, file).map_err(|errors| Failure::policy(file, &errors))?,
        ),
        None => Calendars::none(),
    };
    let monitor = Monitor::new(&rule, &Arc::new(calendars))?;
    Ok((rule, monitor))
}

fn recorded(line: &str) -> Result<Recorded, String> {
    let unread = |error: serde_json::Error| {
        format!("this is no stored fact with its place ({})", place(&error))
    };
    let line: Line = serde_json::from_str(line).map_err(unread)?;
    let envelope: Envelope = serde_json::from_str(line.fact.get()).map_err(unread)?;
    let kind = EventType::ALL
        .into_iter()
        .find(|kind| kind.name() == envelope.r#type);
    let entry = Entry {
        position: line.position,
        stream: StreamId::from(line.complaint_id),
        version: line.version,
        recorded_at: line.recorded_at,
        content: NewEntry {
            event_type: kind
                .ok_or("there is no such kind of fact; a newer version may know it")?
                .number(),
            schema: envelope.schema,
            occurred_at: envelope.occurred_at,
            actor: envelope.actor.id.to_bytes(),
            command_id: envelope.command_id,
            public: line.fact.get().as_bytes().to_vec(),
            parts: Vec::new(),
        },
    };
    decode_complaint(&entry, no_upcasts).map_err(|error| error.to_string())
}

/// Where in a line; what stands there is not repeated, as it may be personal.
fn place(error: &serde_json::Error) -> String {
    format!("column {}", error.column())
}

fn told_fact(recorded: &Recorded, after: &Complaint, verdict: Verdict) -> ToldFact {
    ToldFact {
        version: recorded.version,
        occurred_at: recorded.occurred_at,
        fact: recorded.event.event_type().name(),
        actor: recorded.actor.id.to_string(),
        what: describe::event(&recorded.event),
        state: after.state().name(),
        verdict,
    }
}

fn print(output: &mut Output<'_>, told: &Told) -> Result<(), Failure> {
    let mut head = Grid::pairs();
    head.pair("rule", &told.rule);
    head.pair("says", &told.words);
    head.pair("demands", &told.clause);
    if let Some(complaint) = told.complaint {
        head.pair("complaint", complaint);
    }
    head.pair("state", told.state);
    head.pair("verdict", told.verdict.name());
    if let Some(version) = told.broken_by {
        head.pair("broken by", format!("fact {version}"));
    }
    output.table(&head)?;
    output.heading("Time line")?;
    let mut grid = Grid::new(&[">No", "Happened", "Fact", "By", "~What", "State", "Rule"]);
    for fact in &told.facts {
        grid.row([
            fact.version.to_string(),
            instant(fact.occurred_at),
            fact.fact.to_owned(),
            fact.actor.clone(),
            fact.what.clone(),
            fact.state.to_owned(),
            fact.verdict.name().to_owned(),
        ]);
    }
    Ok(output.table(&grid)?)
}

//! `redress policy adopt`, `list` and `show`: the rules that a ledger has adopted.

use std::io::Write;
use std::path::Path;

use redress::blocking::Ledger;
use redress::core::policy::{Difference, compare};
use redress::store::EventStore;
use redress::{
    Actor, ActorKind, Label, LedgerEvent, LedgerRecorded, PersonId, Policy, PolicyAdopted,
    Timestamp,
};
use serde::Serialize;

use super::{table, usable};
use crate::args::{Format, PolicyAdoptArgs, PolicyListArgs, PolicyShowArgs};
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::reading;

/// What came of an adoption, for programs.
#[derive(Serialize)]
struct Outcome<'a> {
    version: &'a Label,
    /// None where the rules are in force then already.
    in_force_from: Option<Timestamp>,
    differences: &'a [Difference],
}

/// Runs `redress policy adopt`.
pub(super) fn adopt(args: &PolicyAdoptArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let policy = usable(&args.file)?;
    let is_new = !args.ledger.exists();
    let founding = if is_new {
        policy.clone()
    } else {
        Policy::standard()
    };
    let ledger = Ledger::open_with(&args.ledger, founding, crate::secret::from_environment()?)?;
    reading::tell_rebuilt(&ledger);
    let now = ledger.as_async().now();
    let rules = ledger.rules()?;
    let before = rules.in_force_at(args.from.unwrap_or(now));
    let differences = compare(before, &policy);
    let actor = Actor {
        id: args.by.clone(),
        role: args.role.clone(),
        department: None,
        kind: ActorKind::Human,
    };
    let adopted = ledger.adopt(&policy, args.from, &actor)??;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Outcome {
            version: &policy.version,
            in_force_from: adopted.map(|adopted| adopted.in_force_from),
            differences: &differences,
        })?;
        return Ok(Exit::Done);
    }
    let version = &policy.version;
    match adopted {
        Some(PolicyAdopted { in_force_from, .. }) => {
            let from = instant(in_force_from);
            output.line(&format!("{version} is adopted, in force from {from}"))?;
            output.line("")?;
            output.table(&table(&differences))?;
        }
        None if is_new => output.line(&format!(
            "{version} are the founding rules of the new ledger"
        ))?,
        None => output.line(&format!(
            "nothing is adopted: {version} is in force then already"
        ))?,
    }
    Ok(Exit::Done)
}

/// An adoption, for programs.
#[derive(Serialize)]
struct Listed<'a> {
    version: &'a Label,
    /// None for the founding rules, which are in force from the beginning of time.
    in_force_from: Option<Timestamp>,
    digest: &'a str,
    recorded_at: Timestamp,
    by: &'a PersonId,
}

impl<'a> Listed<'a> {
    fn of(fact: &'a LedgerRecorded) -> Option<Self> {
        match &fact.event {
            LedgerEvent::PolicyAdopted(adopted) => Some(Self {
                version: &adopted.version,
                in_force_from: (adopted.in_force_from > Timestamp::MIN)
                    .then_some(adopted.in_force_from),
                digest: &adopted.digest,
                recorded_at: fact.recorded_at,
                by: &fact.actor.id,
            }),
            LedgerEvent::Refused(_)
            | LedgerEvent::Held(_)
            | LedgerEvent::Released(_)
            | LedgerEvent::ErasureRequested(_)
            | LedgerEvent::KeyDestroyed(_) => None,
        }
    }
}

/// Runs `redress policy list`.
pub(super) fn list(args: &PolicyListArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open(&args.ledger)?;
    let adoptions = ledger.adoptions()?;
    let listed: Vec<Listed<'_>> = adoptions.iter().filter_map(Listed::of).collect();
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&listed)?;
        return Ok(Exit::Done);
    }
    let mut grid = Grid::new(&["Version", "In force from", "Recorded", "By", "SHA-256"]);
    for adoption in listed {
        let from = adoption.in_force_from;
        grid.row([
            adoption.version.to_string(),
            from.map_or_else(|| "the beginning".to_owned(), instant),
            instant(adoption.recorded_at),
            adoption.by.to_string(),
            adoption.digest.to_owned(),
        ]);
    }
    output.table(&grid)?;
    Ok(Exit::Done)
}

/// Runs `redress policy show`.
pub(super) fn show(args: &PolicyShowArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let text = the_text(&ledger, &args.ledger, args.version.as_ref())?;
    let mut output = Output::new(writer, Format::Table);
    for line in text.lines() {
        output.line(line)?;
    }
    Ok(Exit::Done)
}

/// The text that was adopted: of these rules, or of those in force now.
fn the_text<S: EventStore>(
    ledger: &Ledger<S>,
    path: &Path,
    version: Option<&Label>,
) -> Result<String, Failure> {
    let rules = ledger.rules()?;
    let in_force = rules.in_force_at(ledger.as_async().now());
    let version = version.unwrap_or(&in_force.version);
    let adoptions = ledger.adoptions()?;
    let mut adopted = adoptions.iter().filter_map(|fact| match &fact.event {
        LedgerEvent::PolicyAdopted(adopted) => Some(adopted),
        LedgerEvent::Refused(_)
        | LedgerEvent::Held(_)
        | LedgerEvent::Released(_)
        | LedgerEvent::ErasureRequested(_)
        | LedgerEvent::KeyDestroyed(_) => None,
    });
    match adopted.find(|adopted| adopted.version == *version) {
        Some(adopted) => Ok(adopted.text.clone()),
        None if *version == in_force.version => Ok(in_force.to_toml()),
        None => Err(Failure::NoSuchRules {
            version: version.clone(),
            ledger: path.to_owned(),
        }),
    }
}

//! What a complaint holds of people, for those who may see it.

use std::io::Write;

use redress::Recorded;
use redress::archive::ComplaintFile;
use redress::core::Event;
use redress::event::ReceivedPersonal;
use redress::store::Part;
use redress::store::codec::{self, Draft};
use serde_json::Value;

use crate::describe;
use crate::error::Failure;
use crate::grid::Grid;

const WARNING: &str =
    "redress: this shows personal data; keep it from everybody who has no need of it";

/// Warns whoever asks for personal data, beside the result. That nobody reads the warning is no failure.
pub(crate) fn warn() {
    drop(writeln!(std::io::stderr(), "{WARNING}"));
}

/// Who complained and in which words, as corrected since.
pub(crate) fn intake(file: &ComplaintFile) -> Grid {
    let mut grid = Grid::pairs();
    let Some(ReceivedPersonal {
        name,
        contacts,
        on_behalf_of,
        subject,
        description,
        captions,
        place,
    }) = file.personal.known()
    else {
        return grid;
    };
    let mut line = |what: &str, value: &str| {
        if !value.is_empty() {
            grid.pair(what, value);
        }
    };
    line("name", name.as_deref().unwrap_or_default());
    for contact in contacts {
        line(&describe::word(&contact.kind), &contact.value);
    }
    line("on behalf of", on_behalf_of.as_deref().unwrap_or_default());
    line("subject", subject);
    line("description", description);
    line("place", place.as_deref().unwrap_or_default());
    for caption in captions {
        line("evidence", caption);
    }
    grid
}

/// What was said and written later, fact by fact.
pub(crate) fn later(file: &ComplaintFile) -> Result<Grid, Failure> {
    let mut grid = Grid::new(&[">No", "Fact", "What", "~Words"]);
    for fact in &file.timeline {
        // Both are in the intake.
        if matches!(fact.event, Event::Received(_) | Event::Amended(_)) {
            continue;
        }
        for part in parts(fact)? {
            let value = serde_json::from_slice(&part.bytes).map_err(std::io::Error::from)?;
            for (name, words) in fields(value) {
                let kind = fact.event.event_type().name().to_owned();
                grid.row([fact.version.to_string(), kind, name, words]);
            }
        }
    }
    Ok(grid)
}

/// The personal parts of a fact, as far as they were not erased.
pub(crate) fn parts(fact: &Recorded) -> Result<Vec<Part>, Failure> {
    let draft = Draft {
        event_id: fact.event_id,
        occurred_at: fact.occurred_at,
        actor: fact.actor.clone(),
        command_id: fact.command_id,
        correlation_id: fact.correlation_id,
        causation_id: fact.causation_id,
        event: fact.event.clone(),
    };
    let entry = codec::encode(&draft).map_err(redress::LedgerError::from)?;
    Ok(entry.parts)
}

/// The values of a part that say anything.
fn fields(part: Value) -> Vec<(String, String)> {
    match part {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name.replace('_', " "), words(value)))
            .filter(|(_, words)| !words.is_empty())
            .collect(),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => vec![(String::new(), words(other))],
    }
}

fn words(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        Value::Array(values) => values.into_iter().map(words).collect::<Vec<_>>().join("; "),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Object(_)) => other.to_string(),
    }
}

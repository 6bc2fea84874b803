//! Writing what is known of a complaint into the tables.

use redress_core::{Clock, Pause};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;

use crate::dossier::Dossier;
use crate::error::ArchiveError;
use crate::number::Number;
use crate::summary::Summary;
use crate::{clocks, dimension};

/// What the tables say of a complaint.
pub(crate) struct State {
    summary: Summary,
    clocks: Vec<Clock>,
    pauses: Vec<Pause>,
}

impl State {
    /// What is to be said of a complaint, once it was received.
    pub(crate) fn of(dossier: &Dossier) -> Option<Self> {
        let case = dossier.complaint.case()?;
        Some(Self {
            summary: dossier.summary()?,
            clocks: case.clocks.clone(),
            pauses: case.pauses.clone(),
        })
    }
}

/// Writes wherein a complaint differs from what the tables say of it: a line that stays costs nothing, and neither does its
/// place in an index.
pub(crate) fn write(
    connection: &Connection,
    before: Option<&State>,
    dossier: &Dossier,
) -> Result<(), ArchiveError> {
    let Some(now) = State::of(dossier) else {
        return Ok(());
    };
    let number = dossier.number;
    match before {
        Some(before) => update(connection, number, &before.summary, &now.summary)?,
        None => insert(connection, number, &now.summary)?,
    }
    write_summary(connection, dossier, &now.summary)?;
    write_lists(
        connection,
        number,
        before.map(|before| &before.summary),
        &now.summary,
    )?;
    let (clocks, pauses) = before.map_or((&[][..], &[][..]), |before| {
        (&before.clocks, &before.pauses)
    });
    clocks::write(connection, number, clocks, &now.clocks)?;
    clocks::write_pauses(connection, number, pauses, &now.pauses)
}

/// The line of a complaint, without its number.
fn columns(summary: &Summary) -> Vec<(&'static str, Value)> {
    let reference = summary.external_ref.as_ref().map(ToString::to_string);
    let handling = summary.handling.map(|span| span.as_micros());
    let resolved_at = summary.resolved_at.map(|at| at.as_micros());
    let closed_at = summary.closed_at.map(|at| at.as_micros());
    let severity_rank = dimension::severity_rank(summary.severity);
    let mut columns: Vec<(&str, Value)> = vec![
        ("id", summary.id.as_uuid().as_bytes().to_vec().into()),
        ("received_at", summary.received_at.as_micros().into()),
        ("resolved_at", resolved_at.into()),
        ("closed_at", closed_at.into()),
        ("handling_us", handling.into()),
        ("reached", summary.reached.into()),
        ("asked", summary.asked.into()),
        ("severity_rank", severity_rank.into()),
        ("external_ref", reference.into()),
        ("subject", summary.subject.to_string().into()),
    ];
    columns.extend(dimension::columns(summary));
    columns
}

fn insert(connection: &Connection, number: Number, now: &Summary) -> Result<(), ArchiveError> {
    let (names, values): (Vec<&str>, Vec<Value>) = columns(now).into_iter().unzip();
    let sql = format!(
        "INSERT INTO complaints (n, {}) VALUES (?{})",
        names.join(", "),
        ", ?".repeat(names.len())
    );
    let values = std::iter::once(number.into()).chain(values);
    connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(values))?;
    Ok(())
}

fn update(
    connection: &Connection,
    number: Number,
    before: &Summary,
    now: &Summary,
) -> Result<(), ArchiveError> {
    let changed = columns(before)
        .into_iter()
        .zip(columns(now))
        .filter(|(before, now)| before != now);
    let (names, mut values): (Vec<&str>, Vec<Value>) = changed.map(|(_, now)| now).unzip();
    if names.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE complaints SET {} = ? WHERE n = ?",
        names.join(" = ?, ")
    );
    values.push(number.into());
    connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(values))?;
    Ok(())
}

fn write_summary(
    connection: &Connection,
    dossier: &Dossier,
    summary: &Summary,
) -> Result<(), ArchiveError> {
    let personal = dossier.personal().map(serde_json::to_vec).transpose();
    connection
        .prepare_cached("INSERT OR REPLACE INTO summaries (n, summary, personal) VALUES (?, ?, ?)")?
        .execute(params![
            dossier.number,
            serde_json::to_string(summary).map_err(|_| ArchiveError::damaged())?,
            personal.map_err(|_| ArchiveError::damaged())?,
        ])?;
    Ok(())
}

/// Writes the tables of what a complaint has several of: two columns, the complaint and the value.
fn write_lists(
    connection: &Connection,
    number: Number,
    before: Option<&Summary>,
    now: &Summary,
) -> Result<(), ArchiveError> {
    for (table, values) in dimension::lists(now) {
        let written = before.map_or_else(Vec::new, |before| dimension::list(table, before));
        if written == values {
            continue;
        }
        for value in written.iter().filter(|value| !values.contains(value)) {
            connection
                .prepare_cached(&format!("DELETE FROM {table} WHERE value = ? AND n = ?"))?
                .execute(params![value, number])?;
        }
        for value in values.iter().filter(|value| !written.contains(value)) {
            connection
                .prepare_cached(&format!("INSERT INTO {table} (n, value) VALUES (?, ?)"))?
                .execute(params![number, value])?;
        }
    }
    Ok(())
}

/// The text that stands for a value without fields in stored JSON; nothing for any other value.
pub(crate) fn code<T: Serialize>(value: &T) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Some(text),
        Ok(
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_),
        )
        | Err(_) => None,
    }
}

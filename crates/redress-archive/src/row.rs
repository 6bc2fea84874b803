//! Writing what is known of a complaint into the tables.

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, params, params_from_iter};
use serde::Serialize;

use crate::dossier::Dossier;
use crate::error::ArchiveError;
use crate::number::Number;
use crate::summary::Summary;
use crate::{clocks, dimension};

/// Writes a complaint, once it was received.
pub(crate) fn write(connection: &Connection, dossier: &mut Dossier) -> Result<(), ArchiveError> {
    let Some(summary) = dossier.summary() else {
        return Ok(());
    };
    let number = dossier.number;
    write_columns(connection, number, &summary)?;
    write_summary(connection, dossier, &summary)?;
    write_lists(connection, number, dossier.written.as_ref(), &summary)?;
    if let Some(case) = dossier.complaint.case() {
        clocks::write(connection, number, case)?;
    }
    dossier.written = Some(summary);
    Ok(())
}

fn write_columns(
    connection: &Connection,
    number: Number,
    summary: &Summary,
) -> Result<(), ArchiveError> {
    let mut columns: Vec<(&str, Value)> = vec![
        ("n", number.into()),
        ("id", summary.id.as_uuid().as_bytes().to_vec().into()),
        ("received_at", summary.received_at.as_micros().into()),
        (
            "resolved_at",
            summary.resolved_at.map(|at| at.as_micros()).into(),
        ),
        (
            "closed_at",
            summary.closed_at.map(|at| at.as_micros()).into(),
        ),
        (
            "handling_us",
            summary.handling.map(|span| span.as_micros()).into(),
        ),
        ("asked", summary.asked.into()),
        (
            "severity_rank",
            dimension::severity_rank(summary.severity).into(),
        ),
        (
            "external_ref",
            summary
                .external_ref
                .as_ref()
                .map(ToString::to_string)
                .into(),
        ),
        ("subject", summary.subject.to_string().into()),
    ];
    columns.extend(dimension::columns(summary));
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let updates: Vec<String> = names[1..]
        .iter()
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    let sql = format!(
        "INSERT INTO complaints ({}) VALUES ({}) ON CONFLICT (n) DO UPDATE SET {}",
        names.join(", "),
        vec!["?"; names.len()].join(", "),
        updates.join(", ")
    );
    let values = columns.into_iter().map(|(_, value)| value);
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

/// Writes the tables of what a complaint has several of, where they differ from what was written before.
fn write_lists(
    connection: &Connection,
    number: Number,
    before: Option<&Summary>,
    now: &Summary,
) -> Result<(), ArchiveError> {
    for (table, values) in dimension::lists(now) {
        let written = before.map(|before| dimension::list(table, before));
        if written.as_ref() != Some(&values) {
            replace(connection, table, number, &values)?;
        }
    }
    Ok(())
}

/// A table of two columns, the complaint and the value; a value that stands twice is kept once.
fn replace(
    connection: &Connection,
    table: &'static str,
    number: Number,
    values: &[String],
) -> Result<(), ArchiveError> {
    let sql = format!("INSERT OR IGNORE INTO {table} VALUES (?, ?)");
    let mut insert = emptied(connection, table, number, &sql)?;
    for value in values {
        insert.execute(params![number, value])?;
    }
    Ok(())
}

/// Removes a complaint's lines from a table and prepares to insert new ones.
pub(crate) fn emptied<'a>(
    connection: &'a Connection,
    table: &'static str,
    number: Number,
    insert: &str,
) -> Result<CachedStatement<'a>, ArchiveError> {
    connection
        .prepare_cached(&format!("DELETE FROM {table} WHERE n = ?"))?
        .execute([number])?;
    Ok(connection.prepare_cached(insert)?)
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

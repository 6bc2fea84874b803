//! The time line: every fact of a complaint as it is kept in the archive.
//!
//! Facts are kept as the ledger keeps them: a public part, and the personal part apart, so that it can be removed alone.

use redress_core::{CommandId, ComplaintId, Position, Recorded, Version};
use redress_store::codec::{self, Draft};
use redress_store::{Entry, NewEntry, Part, PartKind, StreamId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::error::ArchiveError;
use crate::number::{Number, from_integer, of_piece, timestamp, to_integer};

/// Keeps a fact.
pub(crate) fn append(
    connection: &Connection,
    number: Number,
    fact: &Recorded,
) -> Result<(), ArchiveError> {
    let entry = codec::encode(&Draft {
        event_id: fact.event_id,
        occurred_at: fact.occurred_at,
        actor: fact.actor.clone(),
        command_id: fact.command_id,
        correlation_id: fact.correlation_id,
        causation_id: fact.causation_id,
        event: fact.event.clone(),
    })?;
    connection
        .prepare_cached("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            number.fact(fact.version)?,
            to_integer(fact.position.get())?,
            entry.event_type,
            fact.schema,
            fact.occurred_at.as_micros(),
            fact.recorded_at.as_micros(),
            entry.actor,
            entry.command_id.as_uuid().as_bytes(),
            entry.public,
            entry.parts.first().map(|part| part.bytes.as_slice()),
        ])?;
    Ok(())
}

/// The facts of a complaint in their order.
pub(crate) fn of(
    connection: &Connection,
    number: Number,
    complaint: ComplaintId,
) -> Result<Vec<Recorded>, ArchiveError> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE number BETWEEN ? AND ? ORDER BY number");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(number.pieces())?;
    let mut facts = Vec::new();
    while let Some(row) = rows.next()? {
        facts.push(fact(complaint, row)?);
    }
    Ok(facts)
}

/// One fact of a complaint.
pub(crate) fn one(
    connection: &Connection,
    number: Number,
    complaint: ComplaintId,
    version: Version,
) -> Result<Recorded, ArchiveError> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE number = ?");
    connection
        .prepare_cached(&sql)?
        .query_row([number.fact(version)?], |row| Ok(fact(complaint, row)))?
}

/// Removes what is personal from a complaint's facts, and tells in how many there was something.
pub(crate) fn purge(connection: &Connection, number: Number) -> Result<usize, ArchiveError> {
    let mut update = connection.prepare_cached(
        "UPDATE events SET personal = NULL WHERE personal IS NOT NULL AND number BETWEEN ? AND ?",
    )?;
    Ok(update.execute(number.pieces())?)
}

const COLUMNS: &str = "position, number, event_type, ledger_schema, occurred_at, recorded_at, actor, command, public, personal";

fn fact(complaint: ComplaintId, row: &Row<'_>) -> Result<Recorded, ArchiveError> {
    let event_type: u32 = row.get(2)?;
    let kind =
        redress_core::EventType::from_number(event_type).ok_or_else(ArchiveError::damaged)?;
    let personal: Option<Vec<u8>> = row.get(9)?;
    let entry = Entry {
        position: Position::new(from_integer(row.get(0)?)?),
        stream: StreamId::from(complaint),
        version: of_piece(row.get(1)?).0,
        recorded_at: timestamp(row.get(5)?)?,
        content: NewEntry {
            event_type,
            // Facts are always kept in the present layout; the ledger's own is told beside.
            schema: codec::schema(kind),
            occurred_at: timestamp(row.get(4)?)?,
            actor: row.get(6)?,
            command_id: CommandId::new(Uuid::from_bytes(row.get(7)?)),
            public: row.get(8)?,
            parts: personal
                .map(|bytes| Part {
                    kind: PartKind::Plain,
                    bytes,
                })
                .into_iter()
                .collect(),
        },
    };
    let mut fact = codec::decode_complaint(&entry, codec::no_upcasts)?;
    fact.schema = row.get(3)?;
    Ok(fact)
}

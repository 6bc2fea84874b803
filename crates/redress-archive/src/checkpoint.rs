//! How far an archive has folded, and which fact it folded last.

use redress_core::{EventId, Position, Timestamp};
use redress_store::Fact;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::error::ArchiveError;
use crate::number::{from_integer, timestamp, to_integer};

/// How far an archive has folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// The position of the next fact.
    pub(crate) next: Position,
    /// The id of the last fact, and when it was recorded; `None` before the first.
    pub(crate) last: Option<(EventId, Timestamp)>,
}

impl Checkpoint {
    /// Nothing is folded.
    pub(crate) const START: Self = Self {
        next: Position::FIRST,
        last: None,
    };

    /// After this fact.
    pub(crate) const fn after(fact: &Fact) -> Self {
        Self {
            next: fact.position().next(),
            last: Some((fact.event_id(), fact.recorded_at())),
        }
    }

    pub(crate) fn read(connection: &Connection) -> Result<Self, ArchiveError> {
        let query = "SELECT next_position, last_event, last_recorded_at FROM checkpoint";
        connection.query_row(query, [], |row| Ok(Self::of_row(row)))?
    }

    fn of_row(row: &Row<'_>) -> Result<Self, ArchiveError> {
        let last_event: Option<[u8; 16]> = row.get(1)?;
        let last_recorded_at: Option<i64> = row.get(2)?;
        let last = match (last_event, last_recorded_at) {
            (Some(event), Some(micros)) => {
                Some((EventId::new(Uuid::from_bytes(event)), timestamp(micros)?))
            }
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(ArchiveError::damaged()),
        };
        Ok(Self {
            next: Position::new(from_integer(row.get(0)?)?),
            last,
        })
    }

    pub(crate) fn write(&self, connection: &Connection) -> Result<(), ArchiveError> {
        connection.execute(
            "UPDATE checkpoint SET next_position = ?, last_event = ?, last_recorded_at = ?",
            params![
                to_integer(self.next.get())?,
                self.last.map(|(event, _)| event.as_uuid().into_bytes()),
                self.last.map(|(_, recorded_at)| recorded_at.as_micros()),
            ],
        )?;
        Ok(())
    }
}

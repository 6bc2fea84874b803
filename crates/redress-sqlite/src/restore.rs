//! Filling a new ledger with entries that were stored elsewhere, each in its place.

use redress_core::{Position, Timestamp, Version};
use redress_store::admission::check_limits;
use redress_store::{Append, Entry, ExpectedVersion, StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::rows::{self, Place};

/// Writes the entries of a whole ledger.
pub(crate) fn fill(
    connection: &Connection,
    entries: impl IntoIterator<Item = Result<Entry, StoreError>>,
) -> Result<(), StoreError> {
    let mut position = Position::FIRST;
    let mut recorded_at = Timestamp::MIN;
    for entry in entries {
        let entry = entry?;
        let refused = |why| Err(refused(position, why));
        if entry.position != position {
            return refused("another position stands here");
        }
        if entry.recorded_at < recorded_at {
            return refused("it was recorded before the entry before it");
        }
        let last = rows::last_version(connection, entry.stream)?;
        if entry.version != last.map_or(Version::FIRST, Version::next) {
            return refused("its version does not follow those of its stream");
        }
        recorded_at = entry.recorded_at;
        position = position.next();
        insert(connection, entry)?;
    }
    Ok(())
}

fn insert(connection: &Connection, entry: Entry) -> Result<(), StoreError> {
    let Entry {
        position,
        stream,
        version,
        recorded_at,
        content,
    } = entry;
    let append = Append {
        stream,
        expected: ExpectedVersion::Any,
        recorded_at,
        entries: vec![content],
    };
    check_limits(&append).map_err(|why| refused(position, &why.to_string()))?;
    let place = Place {
        first_position: position,
        first_version: version,
        recorded_at,
    };
    rows::insert(connection, &append, &place)
}

fn refused(position: Position, why: &str) -> StoreError {
    let message = format!("no ledger can hold this entry: {why}; nothing was stored");
    StoreError::new(StoreErrorKind::Damaged, message).at_position(position)
}

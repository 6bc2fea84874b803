//! A page by earliest deadline: complaints that have one, then the rest.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use redress_core::Timestamp;
use rusqlite::{Connection, params_from_iter};

use crate::cursor::Cursor;
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::number::{Number, timestamp};
use crate::page::Place;
use crate::query::Query;

/// The key of what has no deadline: the last.
const NEVER: i64 = i64::MAX;

/// The key of an order: deadline, then the latest received first, as in every other order.
type Key = (i64, Reverse<(Timestamp, [u8; 16])>);

/// A page of the complaints that meet a filter; `due` holds the deadlines of those that have one.
pub(crate) fn page(
    connection: &Connection,
    query: &Query,
    filter: &Filter,
    due: &BTreeMap<Number, Timestamp>,
) -> Result<Vec<Place>, ArchiveError> {
    let after = query.after.map(key_of);
    let mut page = first_due(connection, due, after, query.limit)?;
    if page.len() < query.limit {
        page.extend(never_due(
            connection,
            filter,
            due,
            after,
            query.limit - page.len(),
        )?);
    }
    Ok(page)
}

fn key_of(cursor: Cursor) -> Key {
    let id = cursor.id.as_uuid().into_bytes();
    (cursor.key, Reverse((cursor.received_at, id)))
}

/// What is due first: of those due at the same instant each is looked at, of later ones none.
fn first_due(
    connection: &Connection,
    due: &BTreeMap<Number, Timestamp>,
    after: Option<Key>,
    limit: usize,
) -> Result<Vec<Place>, ArchiveError> {
    let mut by_due: Vec<(Timestamp, Number)> =
        due.iter().map(|(number, due)| (*due, *number)).collect();
    by_due.sort_unstable();
    let begin =
        by_due.partition_point(|(due, _)| after.is_some_and(|(key, _)| due.as_micros() < key));
    let mut read =
        connection.prepare_cached("SELECT received_at, id FROM complaints WHERE n = ?")?;
    let mut page = Vec::new();
    for alike in by_due
        .split_at(begin)
        .1
        .chunk_by(|one, next| one.0 == next.0)
    {
        if page.len() >= limit {
            break;
        }
        let mut places = Vec::new();
        for (due, number) in alike {
            let (received, id) = read.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let place = Place {
                number: *number,
                due: Some(*due),
                key: due.as_micros(),
                received_at: timestamp(received)?,
            };
            let key: Key = (place.key, Reverse((place.received_at, id)));
            if after.is_none_or(|after| key > after) {
                places.push((key, place));
            }
        }
        places.sort_unstable_by_key(|(key, _)| *key);
        page.extend(places.into_iter().map(|(_, place)| place));
    }
    page.truncate(limit);
    Ok(page)
}

/// What has no deadline, in the order of receipt.
fn never_due(
    connection: &Connection,
    filter: &Filter,
    due: &BTreeMap<Number, Timestamp>,
    after: Option<Key>,
    limit: usize,
) -> Result<Vec<Place>, ArchiveError> {
    let mut sql = filter.whole();
    if let Some((NEVER, Reverse((received_at, id)))) = after {
        let values = [received_at.as_micros().into(), id.to_vec().into()];
        sql.and("(complaints.received_at, complaints.id) < (?, ?)", &values);
    }
    let mut statement = connection.prepare(&format!(
        "SELECT complaints.n, complaints.received_at FROM complaints WHERE {}
         ORDER BY complaints.received_at DESC, complaints.id DESC",
        sql.text
    ))?;
    let mut rows = statement.query(params_from_iter(&sql.values))?;
    let mut page = Vec::new();
    while page.len() < limit
        && let Some(row) = rows.next()?
    {
        let number = Number::of_row(row.get(0)?)?;
        if !due.contains_key(&number) {
            page.push(Place {
                number,
                due: None,
                key: NEVER,
                received_at: timestamp(row.get(1)?)?,
            });
        }
    }
    Ok(page)
}

//! One page of a list of complaints: its order, and where it goes on.
//!
//! A page begins where a key in the order lies, not after so many rows; so complaints that come in meanwhile do not shift it.

use std::collections::BTreeMap;

use redress_core::{ComplaintId, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

use crate::cursor::Cursor;
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::number::{Number, timestamp};
use crate::query::{Query, Sort};

/// A complaint in a list, with what its place there depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: Number,
    pub(crate) due: Option<Timestamp>,
    key: i64,
    received_at: Timestamp,
}

impl Place {
    /// The cursor behind this place.
    pub(crate) const fn cursor(&self, query: Uuid, id: ComplaintId) -> Cursor {
        Cursor {
            query,
            key: self.key,
            received_at: self.received_at,
            id,
        }
    }
}

/// The column that an order goes by first; receipt and id follow.
const fn column(sort: &Sort) -> Option<&'static str> {
    match sort {
        Sort::Closed => Some("closed_key"),
        Sort::Severity => Some("severity_rank"),
        // Deadlines are in no column.
        Sort::Received | Sort::Due(_) => None,
    }
}

/// A page in an order that a column gives.
pub(crate) fn by_column(
    connection: &Connection,
    query: &Query,
    filter: &Filter,
) -> Result<Vec<Place>, ArchiveError> {
    let (sql, values) = page_sql(query, filter);
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut places = Vec::new();
    while let Some(row) = rows.next()? {
        places.push(Place {
            number: Number::of_row(row.get(0)?)?,
            due: None,
            key: row.get(1)?,
            received_at: timestamp(row.get(2)?)?,
        });
    }
    Ok(places)
}

/// The statement of a page in an order that a column gives, and the values it is bound to.
pub(crate) fn page_sql(query: &Query, filter: &Filter) -> (String, Vec<Value>) {
    // Where the complaints come from a driving index, the one of the order must not take its place.
    let plus = if filter.sorts { "+" } else { "" };
    let mut order = vec!["received_at", "id"];
    order.splice(0..0, column(&query.sort));
    let order: Vec<String> = order
        .iter()
        .map(|name| format!("{plus}complaints.{name}"))
        .collect();
    let mut values = filter.values.clone();
    let mut sql = format!(
        "SELECT complaints.n, {}, complaints.received_at FROM complaints WHERE {}",
        column(&query.sort).unwrap_or("0"),
        filter.sql
    );
    if let Some(cursor) = query.after {
        sql.push_str(&format!(
            " AND ({}) < ({})",
            order.join(", "),
            vec!["?"; order.len()].join(", ")
        ));
        values.extend(column(&query.sort).map(|_| Value::from(cursor.key)));
        values.push(cursor.received_at.as_micros().into());
        values.push(bytes(cursor.id).into());
    }
    let order: Vec<String> = order.iter().map(|term| format!("{term} DESC")).collect();
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    sql.push_str(&format!(" ORDER BY {} LIMIT {limit}", order.join(", ")));
    (sql, values)
}

/// A page by earliest deadline: those that have one, then the rest.
pub(crate) fn by_deadline(
    connection: &Connection,
    query: &Query,
    filter: &Filter,
    due: &BTreeMap<Number, Timestamp>,
) -> Result<Vec<Place>, ArchiveError> {
    let sql = format!(
        "SELECT complaints.n, complaints.received_at, complaints.id FROM complaints WHERE {}",
        filter.sql
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(&filter.values))?;
    let mut places = Vec::new();
    while let Some(row) = rows.next()? {
        let number = Number::of_row(row.get(0)?)?;
        let id: [u8; 16] = row.get(2)?;
        let due = due.get(&number).copied();
        let place = Place {
            number,
            due,
            key: due.map_or(i64::MAX, Timestamp::as_micros),
            received_at: timestamp(row.get(1)?)?,
        };
        places.push((place, id));
    }
    // The latest received first, as in every other order.
    let order = |key, received_at, id| (key, std::cmp::Reverse((received_at, id)));
    places.sort_unstable_by_key(|(place, id)| order(place.key, place.received_at, *id));
    let after = query.after.map(|cursor| {
        let id = cursor.id.as_uuid().into_bytes();
        order(cursor.key, cursor.received_at, id)
    });
    let begin = places.partition_point(|(place, id)| {
        after.is_some_and(|after| order(place.key, place.received_at, *id) <= after)
    });
    let page = places.into_iter().skip(begin).take(query.limit);
    Ok(page.map(|(place, _)| place).collect())
}

fn bytes(complaint: ComplaintId) -> Vec<u8> {
    complaint.as_uuid().as_bytes().to_vec()
}

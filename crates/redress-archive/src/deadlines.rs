//! A page by earliest deadline: complaints that have one, then the rest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use redress_core::{ComplaintId, Timestamp};
use rusqlite::{Connection, params_from_iter};

use crate::check::{self, Check};
use crate::clock_conditions::earliest_due;
use crate::error::ArchiveError;
use crate::filter::{Filter, Sql, Walk};
use crate::moment::Moment;
use crate::number::Number;
use crate::page::{self, Place};
use crate::query::{Query, Sort};
use crate::race::{FIRST_BLOCK, LAST_BLOCK};
use crate::upcoming::Upcoming;

/// The key of what has no deadline: the last.
const NEVER: i64 = i64::MAX;

/// The place in the order: deadline, then the latest received first, as in every other order.
type Key = (i64, Reverse<(Timestamp, ComplaintId)>);

/// A page of the complaints that meet a query, what is due first on top.
///
/// Few complaints are read and sorted. Of many, those are looked at that can be due next, until enough of them are known to
/// be due before all others.
pub(crate) fn page(
    connection: &Connection,
    query: &Query,
    moment: &Moment,
) -> Result<Vec<Place>, ArchiveError> {
    let mut walk = Walk::of(connection, query)?;
    let after = query
        .after
        .map(|cursor| (cursor.key, Reverse((cursor.received_at, cursor.id))));
    let mut page = Page {
        connection,
        moment,
        after,
        limit: query.limit,
        places: BTreeMap::new(),
    };
    if let Some(way) = walk.narrow_way() {
        page.take(&way.whole(), &walk.checks, true)?;
        return Ok(page.first());
    }
    if after.is_none_or(|(key, _)| key < NEVER) {
        page.take_due(&walk)?;
    }
    let mut places = page.first();
    if places.len() < query.limit {
        walk.checks.push(Check::NeverDue(moment.clone()));
        let rest = Query {
            sort: Sort::Received,
            limit: query.limit - places.len(),
            after: query.after.filter(|cursor| cursor.key == NEVER),
            ..query.clone()
        };
        let never = page::by_column(connection, &rest, walk)?;
        places.extend(never.into_iter().map(|place| Place {
            key: NEVER,
            ..place
        }));
    }
    Ok(places)
}

/// The complaints looked at so far that come behind the cursor, in their order.
struct Page<'a> {
    connection: &'a Connection,
    moment: &'a Moment,
    after: Option<Key>,
    limit: usize,
    places: BTreeMap<Key, Place>,
}

impl Page<'_> {
    /// Looks at what can be due next, until the page is full.
    fn take_due(&mut self, walk: &Walk) -> Result<(), ArchiveError> {
        let mut upcoming = Upcoming::of(self.connection, self.moment)?;
        let mut size = FIRST_BLOCK;
        while let Some(bound) = upcoming.bound()
            && !self.is_full_before(bound)
        {
            let block: BTreeSet<Number> = upcoming.block(size)?;
            let mut those = Filter::among(block).whole();
            those.and(&walk.whole.text, &walk.whole.values);
            self.take(&those, &walk.checks, false)?;
            size = LAST_BLOCK.min(size * 2);
        }
        Ok(())
    }

    /// Whether the page is full of what is due before an instant.
    fn is_full_before(&self, bound: Timestamp) -> bool {
        let Some(last) = self.limit.checked_sub(1) else {
            return true;
        };
        let last = self.places.keys().nth(last);
        last.is_some_and(|(due, _)| *due < bound.as_micros())
    }

    /// Takes the complaints that meet a condition and pass the checks; those that have no deadline too, or not.
    fn take(
        &mut self,
        condition: &Sql,
        checks: &[Check],
        also_never_due: bool,
    ) -> Result<(), ArchiveError> {
        let mut places = read(self.connection, condition)?;
        check::keep(self.connection, checks, &mut places)?;
        let among = Filter::among(places.iter().map(|place| place.number));
        let due = earliest_due(self.connection, self.moment, &among)?;
        for place in places {
            let due = due.get(&place.number).copied();
            let key = due.map_or(NEVER, Timestamp::as_micros);
            let order = (key, Reverse((place.received_at, place.id)));
            let is_asked_for = due.is_some() || also_never_due;
            if is_asked_for && self.after.is_none_or(|after| order > after) {
                self.places.insert(order, Place { due, key, ..place });
            }
        }
        Ok(())
    }

    fn first(self) -> Vec<Place> {
        self.places.into_values().take(self.limit).collect()
    }
}

/// The complaints that meet a condition.
fn read(connection: &Connection, condition: &Sql) -> Result<Vec<Place>, ArchiveError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT complaints.n, 0, complaints.received_at, complaints.id FROM complaints WHERE {}",
        condition.text
    ))?;
    let mut rows = statement.query(params_from_iter(&condition.values))?;
    let mut places = Vec::new();
    while let Some(row) = rows.next()? {
        places.push(Place::of_row(row)?);
    }
    Ok(places)
}

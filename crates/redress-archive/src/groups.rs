//! Complaints by group: how many, how long they took, how many in time, how many content.

use std::collections::BTreeMap;

use redress_core::event::Satisfaction;
use redress_core::{ClockKind, Ratio, Span};
use rusqlite::params_from_iter;
use serde::Serialize;

use crate::archive::Archive;
use crate::clocks::{self, Which};
use crate::dimension::{Dimension, Kept};
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::number::{Number, from_integer};
use crate::query::Query;
use crate::row::code;

/// Complaints by the values of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Groups {
    /// All of them, each counted once whatever its groups.
    pub total: Figures,
    /// A row for each value, the most complaints first, then by value; last those that have none.
    pub rows: Vec<Group>,
}

/// The complaints with one value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The value; `None` of complaints that have none.
    pub value: Option<String>,
    /// Their part of all complaints; of a [dimension with several values](Dimension::is_multiple) the shares may add up to
    /// more than one.
    pub share: Ratio,
    /// Their figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// How it went with some complaints. A rate with nothing below the line is `None`, never 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How many complaints.
    pub complaints: u64,
    /// AHT 平均处理时间: from receipt to the solution that stands, pauses taken out, over those that have one.
    pub handling: Option<HandlingTime>,
    /// Timeliness 及时率: resolution clocks of every cycle that were met, out of met, missed and running overdue.
    pub timeliness: Option<Ratio>,
    /// Satisfaction 满意度: those satisfied at the last revisit that reached them, out of those whose verdict stands; one from
    /// before the complaint was opened again does not.
    pub satisfaction: Option<Ratio>,
    /// Response rate 回访成功率: those reached, out of those that somebody tried to ask.
    pub response: Option<Ratio>,
}

/// How long complaints took on average, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HandlingTime {
    /// Of how many complaints.
    pub complaints: u64,
    /// All of it together, in microseconds.
    pub total_us: i128,
    /// The mean, in microseconds, rounded down to a whole one.
    pub mean: Span,
}

impl HandlingTime {
    fn of(complaints: u64, total_us: i128) -> Option<Self> {
        let mean = total_us.checked_div_euclid(i128::from(complaints))?;
        Some(Self {
            complaints,
            total_us,
            mean: Span::micros(i64::try_from(mean).ok()?),
        })
    }
}

/// What is counted of one group.
#[derive(Clone, Copy, Default)]
struct Tally {
    complaints: u64,
    resolved: u64,
    handling_us: i128,
    met: u64,
    judged: u64,
    satisfied: u64,
    verdicts: u64,
    reached: u64,
    asked: u64,
}

impl Tally {
    /// Counts a clock that was met, or was or is too late.
    const fn judge(&mut self, is_met: bool) {
        self.judged += 1;
        if is_met {
            self.met += 1;
        }
    }

    fn figures(&self) -> Figures {
        Figures {
            complaints: self.complaints,
            handling: HandlingTime::of(self.resolved, self.handling_us),
            timeliness: Ratio::new(self.met, self.judged),
            satisfaction: Ratio::new(self.satisfied, self.verdicts),
            response: Ratio::new(self.reached, self.asked),
        }
    }
}

/// Tallies by value; without one, of the complaints that have none.
type Tallies = BTreeMap<Option<String>, Tally>;

impl Archive {
    /// The complaints that meet every condition, by the values of a dimension, with their figures.
    ///
    /// All of them, whatever the limit, the order and the place in the list. Clocks are read at the moment. Duplicates count
    /// like any other complaint; to leave them out, ask for [`duplicate(false)`](Query::duplicate).
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn groups(
        &self,
        query: &Query,
        dimension: Dimension,
        moment: &Moment,
    ) -> Result<Groups, ArchiveError> {
        let filter = Filter::of(&self.connection, query)?;
        let total = self.tallies(&filter, None)?.remove(&None);
        let mut total = total.unwrap_or_default();
        let mut by_value = self.tallies(&filter, Some(dimension))?;
        self.judge(&filter, dimension, moment, &mut total, &mut by_value)?;
        Ok(Groups {
            rows: rows(by_value, total.complaints),
            total: total.figures(),
        })
    }

    /// What columns tell: everything but the verdicts on clocks.
    fn tallies(
        &self,
        filter: &Filter,
        dimension: Option<Dimension>,
    ) -> Result<Tallies, ArchiveError> {
        let (value, join) = value_sql(dimension);
        // Sums of seconds and of what is left over cannot overflow; the numbers themselves could.
        let satisfied = code(&Satisfaction::Satisfied).unwrap_or_default();
        let condition = filter.whole();
        let sql = format!(
            "SELECT {value} AS value, count(*), count(complaints.handling_us),
                 ifnull(sum(complaints.handling_us / 1000000), 0), ifnull(sum(complaints.handling_us % 1000000), 0),
                 count(*) FILTER (WHERE complaints.satisfaction = '{satisfied}'), count(complaints.satisfaction),
                 ifnull(sum(complaints.reached), 0), ifnull(sum(complaints.asked), 0)
             FROM complaints {join} WHERE {} GROUP BY 1",
            condition.text
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(&condition.values))?;
        let mut tallies = Tallies::new();
        while let Some(row) = rows.next()? {
            let (seconds, rest): (i64, i64) = (row.get(3)?, row.get(4)?);
            let tally = Tally {
                complaints: from_integer(row.get(1)?)?,
                resolved: from_integer(row.get(2)?)?,
                handling_us: i128::from(seconds) * 1_000_000 + i128::from(rest),
                satisfied: from_integer(row.get(5)?)?,
                verdicts: from_integer(row.get(6)?)?,
                reached: from_integer(row.get(7)?)?,
                asked: from_integer(row.get(8)?)?,
                ..Tally::default()
            };
            tallies.insert(row.get(0)?, tally);
        }
        Ok(tallies)
    }

    /// Adds the verdicts on the resolution clocks.
    fn judge(
        &self,
        filter: &Filter,
        dimension: Dimension,
        moment: &Moment,
        total: &mut Tally,
        by_value: &mut Tallies,
    ) -> Result<(), ArchiveError> {
        let values = self.values_by_complaint(filter, dimension)?;
        let which = Which {
            kind: Some(ClockKind::Resolution),
            running: false,
        };
        clocks::read(&self.connection, moment, which, filter, |standing| {
            let Some(is_met) = standing.status.is_in_time() else {
                return;
            };
            for value in values.get(&standing.number).into_iter().flatten() {
                if let Some(tally) = by_value.get_mut(value) {
                    tally.judge(is_met);
                }
            }
            total.judge(is_met);
        })
    }

    /// The values that each complaint has.
    fn values_by_complaint(
        &self,
        filter: &Filter,
        dimension: Dimension,
    ) -> Result<BTreeMap<Number, Vec<Option<String>>>, ArchiveError> {
        let (value, join) = value_sql(Some(dimension));
        let condition = filter.whole();
        let sql = format!(
            "SELECT complaints.n, {value} FROM complaints {join} WHERE {}",
            condition.text
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(&condition.values))?;
        let mut values: BTreeMap<Number, Vec<Option<String>>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let number = Number::of_row(row.get(0)?)?;
            values.entry(number).or_default().push(row.get(1)?);
        }
        Ok(values)
    }
}

/// The value of a dimension as SQL, and what must be joined for it.
fn value_sql(dimension: Option<Dimension>) -> (String, String) {
    match dimension.map(Dimension::kept) {
        None => ("NULL".to_owned(), String::new()),
        Some(Kept::Column(name)) => (format!("CAST(complaints.{name} AS TEXT)"), String::new()),
        Some(Kept::Root(name)) => (
            format!("substr(complaints.{name}, 1, instr(complaints.{name} || '/', '/') - 1)"),
            String::new(),
        ),
        Some(Kept::List(table)) => (
            format!("{table}.value"),
            format!("LEFT JOIN {table} ON {table}.n = complaints.n"),
        ),
    }
}

fn rows(tallies: Tallies, total: u64) -> Vec<Group> {
    let mut rows: Vec<Group> = tallies
        .into_iter()
        .filter_map(|(value, tally)| {
            Some(Group {
                value,
                share: Ratio::new(tally.complaints, total)?,
                figures: tally.figures(),
            })
        })
        .collect();
    rows.sort_by(|one, other| {
        let key = |group: &Group| {
            (
                group.value.is_none(),
                std::cmp::Reverse(group.figures.complaints),
            )
        };
        key(one)
            .cmp(&key(other))
            .then_with(|| one.value.cmp(&other.value))
    });
    rows
}

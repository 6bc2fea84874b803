//! The figures of complaint handling: what they are, each with the numbers above and below the line.

mod figure;
mod gathering;
mod repeats;

use std::collections::BTreeMap;

use redress_core::event::Currency;
use redress_core::{Name, Ratio, Span, Timestamp};
use serde::Serialize;

pub use figure::Figure;

use crate::dimension::{Dimension, Values as _};
use crate::query::CauseQuery;
use crate::statistics::{Change, Durations};
use crate::view::CauseView;

use gathering::Gathering;
pub(crate) use repeats::repeats;

/// What the figures are asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KpiQuery {
    /// Which complaints, in which period, and how finely codes are told apart.
    pub complaints: CauseQuery,
    /// As of when clocks are read and the backlog is counted.
    pub now: Timestamp,
    /// How many customers were served in the period, where that is known.
    pub served: Option<u64>,
}

/// So many out of so many; with nothing below the line there is no rate.
///
/// ```
/// use redress_causes::Kpi;
///
/// let satisfied = Kpi { numerator: 3, denominator: 4 };
/// assert_eq!(satisfied.ratio().map(|ratio| ratio.percent()), Some("75.0%".to_owned()));
/// assert_eq!(Kpi::default().ratio(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kpi {
    /// The number above the line.
    pub numerator: u64,
    /// The number below the line.
    pub denominator: u64,
}

impl Kpi {
    /// The rate, exact; `None` where nothing is below the line.
    #[must_use]
    pub const fn ratio(self) -> Option<Ratio> {
        Ratio::new(self.numerator, self.denominator)
    }

    /// Counts one more below the line, and above it where it is so.
    pub(crate) fn count(&mut self, is_so: bool) {
        self.numerator += u64::from(is_so);
        self.denominator += 1;
    }
}

/// The figures of a period. What each counts, and in which period it falls, is told by [`Figure`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kpis {
    /// Complaints received in the period.
    pub received: u64,
    /// Complaints whose standing resolution lies in the period.
    pub resolved: u64,
    /// Complaints that are closed, and were in the period.
    pub closed: u64,
    /// See [`Figure::ComplaintRate`].
    pub complaint_rate: Kpi,
    /// AHT 平均处理时间: from receipt to the resolution that stands, pauses taken out, of the resolved complaints.
    pub handling_time: Option<Durations>,
    /// See [`Figure::Timeliness`].
    pub timeliness: Kpi,
    /// See [`Figure::Satisfaction`].
    pub satisfaction: Kpi,
    /// See [`Figure::Response`].
    pub response: Kpi,
    /// See [`Figure::Repeat`].
    pub repeat: Kpi,
    /// See [`Figure::Rework`].
    pub rework: Kpi,
    /// See [`Figure::Escalation`].
    pub escalation: Kpi,
    /// See [`Figure::Upheld`].
    pub upheld: Kpi,
    /// See [`Figure::RevisitCompletion`].
    pub revisit_completion: Kpi,
    /// See [`Figure::HandOvers`].
    pub hand_overs: Kpi,
    /// See [`Figure::Conformity`].
    pub conformity: Kpi,
    /// See [`Figure::DataQuality`].
    pub data_quality: Kpi,
    /// The complaints that are open at `now`, received whenever.
    pub backlog: Backlog,
    /// What the resolved complaints cost, by currency in the order of its code.
    pub costs: Vec<Cost>,
}

/// The complaints that are open at an instant, by how long ago they were received, in days of 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Backlog {
    /// All of them.
    pub open: u64,
    /// Less than one day.
    pub under_1_day: u64,
    /// One day or more, and less than three.
    pub from_1_to_3_days: u64,
    /// Three days or more, and at most seven.
    pub from_3_to_7_days: u64,
    /// More than seven days.
    pub over_7_days: u64,
}

/// What complaints cost in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// The currency.
    pub currency: Currency,
    /// The sum, in its smallest unit.
    pub minor_units: i128,
    /// How many complaints tell a cost in it.
    pub complaints: u64,
}

/// The figures of the complaints with one value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KpiRow {
    /// The value; none for those that have none.
    pub value: Option<String>,
    /// Its name for people.
    pub label: Option<Name>,
    /// The figures.
    pub kpis: Kpis,
}

impl CauseView {
    /// The figures of a period.
    #[must_use]
    pub fn kpis(&self, query: &KpiQuery) -> Kpis {
        let repeats = repeats(self.counted(query.complaints.duplicates));
        let mut gathering = Gathering::new(query, self.rules(), &repeats);
        for track in self.counted(query.complaints.duplicates) {
            gathering.take(&track);
        }
        gathering.kpis()
    }

    /// The figures of a period for each value of a dimension, in the order of the values; those without one come first.
    ///
    /// A row counts what [`CauseView::kpis`] counts, of the complaints that have its value now; the rows add up to it. The
    /// complaint rate of each row is out of all customers served.
    #[must_use]
    pub fn kpis_by(&self, dimension: Dimension, query: &KpiQuery) -> Vec<KpiRow> {
        let repeats = repeats(self.counted(query.complaints.duplicates));
        let mut rows = BTreeMap::new();
        for track in self.counted(query.complaints.duplicates) {
            let value = dimension.value(&track, query.complaints.grain);
            rows.entry(value.map(str::to_owned))
                .or_insert_with(|| Gathering::new(query, self.rules(), &repeats))
                .take(&track);
        }
        let rows = rows.into_iter().map(|(value, gathering)| KpiRow {
            label: (value.as_deref()).map(|value| dimension.label(value, self.rules())),
            value,
            kpis: gathering.kpis(),
        });
        rows.filter(|row| !row.kpis.is_empty()).collect()
    }
}

impl Kpis {
    /// The efficiency gain 处理效率提升率 against an earlier period: the change of the mean handling time, in microseconds. A
    /// negative one means faster. `None` where a period resolved nothing.
    #[must_use]
    pub fn efficiency_gain(&self, before: &Self) -> Option<Change> {
        let micros = |kpis: &Self| u64::try_from(kpis.handling_time?.mean.as_micros()).ok();
        Some(Change {
            before: micros(before)?,
            after: micros(self)?,
        })
    }

    /// By how much the mean handling time is shorter than in an earlier period; negative where it is longer.
    #[must_use]
    pub fn time_saved(&self, before: &Self) -> Option<Span> {
        Some(before.handling_time?.mean - self.handling_time?.mean)
    }

    /// Whether no complaint counts in any figure.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let counts = [self.received, self.resolved, self.closed, self.backlog.open];
        // Customers are served whether or not one of them complains.
        let rates = Figure::ALL
            .into_iter()
            .filter(|figure| *figure != Figure::ComplaintRate)
            .map(|figure| figure.of(self).denominator);
        counts.into_iter().chain(rates).all(|count| count == 0)
    }
}

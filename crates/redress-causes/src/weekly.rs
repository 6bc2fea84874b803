//! Counts and rates week by week, for control charts.

use redress_core::calendar::{NaiveDate, Weekday};
use redress_core::event::{Satisfaction, Upheld};
use redress_core::{Cycle, Level, Period, Ratio, Timestamp, WorkingTime};
use serde::Serialize;

use crate::kpi::Kpi;
use crate::query::CauseQuery;
use crate::statistics::{LaneyChart, Signal, laney_p_chart};
use crate::track::Track;
use crate::view::CauseView;

/// The complaints of one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Week {
    /// The Monday it begins with.
    pub monday: NaiveDate,
    /// Complaints received.
    pub received: u64,
    /// Of these, escalated since.
    pub escalation: Kpi,
    /// Complaints resolved, and of these, in their second cycle or a later one.
    pub rework: Kpi,
    /// Complaints resolved that tell whether they were right, and of these, upheld in full or in part.
    pub upheld: Kpi,
    /// Complaints whose standing verdict was given, and of these, not content.
    pub dissatisfaction: Kpi,
}

/// A control chart of one rate, week by week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeeklyChart {
    /// The Monday of each point's week; weeks with nothing below the line have no point.
    pub mondays: Vec<NaiveDate>,
    /// Laney's p′ chart of them.
    #[serde(flatten)]
    pub laney: LaneyChart,
    /// What the run rules find in it.
    pub signals: Vec<Signal>,
}

impl WeeklyChart {
    /// The chart of a rate of weeks; `None` where fewer than two have something below its line.
    #[must_use]
    pub fn of(weeks: &[Week], rate: fn(&Week) -> Kpi) -> Option<Self> {
        let samples = weeks
            .iter()
            .filter_map(|week| Some((week.monday, rate(week).ratio()?)));
        let (mondays, ratios): (Vec<NaiveDate>, Vec<Ratio>) = samples.unzip();
        let laney = laney_p_chart(&ratios)?;
        Some(Self {
            mondays,
            signals: laney.chart.signals(),
            laney,
        })
    }
}

impl CauseView {
    /// The whole weeks of the period that are over by `now`, Monday to Sunday in the zone of the calendar, in order; those
    /// without complaints are among them. Where an end of the period is open, they reach as far as there are complaints.
    #[must_use]
    pub fn weekly(&self, calendar: &WorkingTime, query: &CauseQuery, now: Timestamp) -> Vec<Week> {
        let mut starts = self
            .reach(query)
            .map_or_else(Vec::new, |(from, to)| starts(calendar, from, to));
        starts.retain(|start| *start <= now);
        let mut weeks = Weeks::new(calendar, starts);
        for track in self.counted(query.duplicates) {
            weeks.take(&track);
        }
        weeks.weeks
    }

    /// The period, with open ends put where the complaints begin and end.
    fn reach(&self, query: &CauseQuery) -> Option<(Bound, Bound)> {
        let times = || {
            self.counted(query.duplicates)
                .flat_map(|track| times_of(&track))
        };
        let Period { from, to } = query.period;
        let from = match from {
            Some(from) => Bound::Given(from),
            None => Bound::Complaint(times().min()?),
        };
        let to = match to {
            Some(to) => Bound::Given(to),
            None => Bound::Complaint(times().max()?),
        };
        Some((from, to))
    }
}

/// An end of the weeks.
#[derive(Clone, Copy)]
enum Bound {
    /// Weeks reach no further.
    Given(Timestamp),
    /// The week of this moment is the last.
    Complaint(Timestamp),
}

/// The moments by which a complaint is counted.
fn times_of(track: &Track) -> impl Iterator<Item = Timestamp> + use<> {
    let received = track.complaint.case().map(|case| case.received_at);
    let resolved = track.resolution().map(|resolution| resolution.at);
    let told = track.visits.verdict().map(|verdict| verdict.at);
    received.into_iter().chain(resolved).chain(told)
}

struct Weeks {
    weeks: Vec<Week>,
    /// When each begins; one more for the end of the last.
    starts: Vec<Timestamp>,
}

impl Weeks {
    fn new(calendar: &WorkingTime, starts: Vec<Timestamp>) -> Self {
        let weeks = starts
            .windows(2)
            .map(|pair| Week::starting(calendar.date_at(pair[0])));
        Self {
            weeks: weeks.collect(),
            starts,
        }
    }

    fn at(&mut self, at: Timestamp) -> Option<&mut Week> {
        let place = self.starts.partition_point(|start| *start <= at);
        self.weeks.get_mut(place.checked_sub(1)?)
    }

    fn take(&mut self, track: &Track) {
        let Some(case) = track.complaint.case() else {
            return;
        };
        if let Some(week) = self.at(case.received_at) {
            week.received += 1;
            week.escalation.count(case.level > Level::FIRST);
        }
        if let Some(resolution) = track.resolution()
            && let Some(week) = self.at(resolution.at)
        {
            week.rework.count(case.cycle > Cycle::FIRST);
            if let Some(upheld) = resolution.fact.upheld {
                week.upheld.count(upheld != Upheld::NotUpheld);
            }
        }
        if let Some(verdict) = track.visits.verdict()
            && let Some(week) = self.at(verdict.at)
        {
            week.dissatisfaction
                .count(verdict.result == Satisfaction::Dissatisfied);
        }
    }
}

impl Week {
    fn starting(monday: NaiveDate) -> Self {
        Self {
            monday,
            received: 0,
            escalation: Kpi::default(),
            rework: Kpi::default(),
            upheld: Kpi::default(),
            dissatisfaction: Kpi::default(),
        }
    }
}

/// When the weeks begin, and when the last one ends.
fn starts(calendar: &WorkingTime, from: Bound, to: Bound) -> Vec<Timestamp> {
    let (Bound::Given(first) | Bound::Complaint(first)) = from;
    let date = calendar.date_at(first);
    let Some(monday) = date.week(Weekday::Mon).checked_first_day() else {
        return Vec::new();
    };
    monday
        .iter_weeks()
        .map_while(|monday| calendar.start_of_day(monday))
        .skip_while(|start| matches!(from, Bound::Given(from) if *start < from))
        .scan(false, |is_over, start| {
            if *is_over {
                return None;
            }
            match to {
                Bound::Given(to) => (start <= to).then_some(start),
                Bound::Complaint(last) => {
                    *is_over = start > last;
                    Some(start)
                }
            }
        })
        .collect()
}

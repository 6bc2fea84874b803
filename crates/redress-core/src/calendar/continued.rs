//! A calendar continued by a later edition of itself, and when two calendars count alike.

use chrono::NaiveDate;

use super::WorkingTime;
use super::working_time::{Segments, WorkingDays};
use crate::time::Timestamp;

impl PartialEq for WorkingTime {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (self.source(), other.source());
        own.version == others.version
            && own.zone == others.zone
            && own.hours == others.hours
            // One that was continued was made from the same source as the one it continues.
            && self.counts_like(other)
    }
}

impl Eq for WorkingTime {}

impl WorkingTime {
    /// Whether both give the same answer to every question, whatever they and their versions are called.
    #[must_use]
    pub fn counts_like(&self, other: &Self) -> bool {
        self.source().zone == other.source().zone
            && (self.first, self.last) == (other.first, other.last)
            && (self.begin, self.end) == (other.begin, other.end)
            && self.segments == other.segments
            && self.days == other.days
    }

    /// The same working time, continued beyond its last date by a later edition.
    ///
    /// `None` where the later one reaches no further, or says otherwise about a date that both speak of, or leaves time
    /// between them of which neither speaks: then nobody knows which of them is right.
    ///
    /// ```
    /// use redress_core::calendar::{Calendar, Hours, WorkingTime};
    ///
    /// let up_to = |last: &str| {
    ///     let mut office = Calendar::china(&["09:00-17:30".parse()?]);
    ///     if let Hours::Scheduled(schedule) = &mut office.hours {
    ///         schedule.last = last.parse()?;
    ///         let last = schedule.last;
    ///         schedule.exceptions.retain(|date, _| *date <= last);
    ///     }
    ///     Ok::<_, Box<dyn std::error::Error>>(WorkingTime::new(&office)?)
    /// };
    /// let (of_2025, of_2026) = (up_to("2025-12-31")?, up_to("2026-12-31")?);
    /// let continued = of_2025.continued_by(&of_2026);
    /// assert!(continued.is_some_and(|continued| continued.counts_like(&of_2026)));
    /// assert!(of_2026.continued_by(&of_2025).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn continued_by(&self, later: &Self) -> Option<Self> {
        let (WorkingDays::Listed(own), WorkingDays::Listed(further)) = (&self.days, &later.days)
        else {
            // Day and night has no last date to go beyond.
            return None;
        };
        let from = self.begin.max(later.begin);
        let agree = self.source().zone == later.source().zone
            && self.segments.within(from, self.end) == later.segments.within(from, self.end)
            && listed(own, later.first, self.last).eq(listed(further, self.first, self.last));
        if later.end <= self.end || !agree || !self.is_met_by(later) {
            return None;
        }
        let mut segments = self.segments.clone();
        segments.append(&later.segments.within(self.end, later.end));
        let mut days = own.clone();
        days.extend(further.iter().filter(|date| **date > self.last));
        Some(Self {
            source: self.source().clone(),
            first: self.first,
            last: later.last,
            begin: self.begin,
            end: later.end,
            segments,
            days: WorkingDays::Listed(days),
        })
    }

    /// Whether no time lies between them. A shift past midnight of the last date belongs to nobody where the later one
    /// begins only then, so where work goes on up to midnight the later one must speak of that date too.
    fn is_met_by(&self, later: &Self) -> bool {
        later.begin < self.end
            || (later.begin == self.end && !self.segments.ends_at(self.end.as_micros()))
    }
}

/// The dates from `first` to `last`.
fn listed(
    dates: &[NaiveDate],
    first: NaiveDate,
    last: NaiveDate,
) -> impl Iterator<Item = &NaiveDate> {
    dates
        .iter()
        .filter(move |date| (first..=last).contains(*date))
}

impl Segments {
    /// What of them lies in `[from, to)`.
    fn within(&self, from: Timestamp, to: Timestamp) -> Self {
        let (from, to) = (from.as_micros(), to.as_micros());
        let mut within = Self::default();
        for (open, close) in self.iter() {
            within.push(open.max(from), close.min(to));
        }
        within
    }

    /// Adds those that follow.
    fn append(&mut self, later: &Self) {
        for (open, close) in later.iter() {
            self.push(open, close);
        }
    }
}

//! Days as a list of holidays publishes them, before they are put into a calendar.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Exception;
use super::period::Period;

/// A day that a published list speaks of. To be looked at before it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedDay {
    /// The date.
    pub date: NaiveDate,
    /// What the list calls it, such as 春节.
    pub name: String,
    /// Whether it is worked.
    pub kind: DayKind,
}

/// Whether a published day is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// 休: a day off, though its weekday may be worked.
    Rest,
    /// 班: a working day, though its weekday may be off.
    Work,
}

impl PublishedDay {
    /// What it means for a calendar that works these periods on a working day.
    ///
    /// ```
    /// use redress_core::calendar::{DayKind, Exception, NaiveDate, PublishedDay};
    ///
    /// let periods = ["09:00-17:30".parse()?];
    /// let make_up = PublishedDay {
    ///     date: "2026-02-14".parse()?,
    ///     name: "春节".to_owned(),
    ///     kind: DayKind::Work,
    /// };
    /// assert_eq!(make_up.exception(&periods), Exception::Work(periods.to_vec()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn exception(&self, periods: &[Period]) -> Exception {
        match self.kind {
            DayKind::Rest => Exception::Rest,
            DayKind::Work => Exception::Work(periods.to_vec()),
        }
    }
}

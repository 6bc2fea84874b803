//! Local dates and times to instants, where clocks are put forward and back.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono::{TimeZone as _, Utc};
use chrono_tz::{GapInfo, Tz};

use super::period::Period;
use crate::time::Timestamp;

/// The first instant at which the local clock shows this time or later.
pub(crate) fn opening(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    let instant = match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant,
        LocalResult::None => end_of_gap(zone, local)?,
    };
    written(instant)
}

/// The first instant after which the local clock never again shows less than this time.
pub(crate) fn closing(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    let instant = match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) => instant,
        LocalResult::Ambiguous(earlier, later) => {
            // Put back exactly to this time, the clock shows less than it only before the first time it comes.
            let before = later.checked_sub_signed(TimeDelta::seconds(1))?;
            if before.naive_local() < local {
                later
            } else {
                earlier
            }
        }
        LocalResult::None => end_of_gap(zone, local)?,
    };
    written(instant)
}

/// When a period opens and closes on a date.
pub(crate) fn bounds(zone: Tz, date: NaiveDate, period: Period) -> Option<(Timestamp, Timestamp)> {
    let midnight = date.and_time(NaiveTime::MIN);
    let at = |minute: u16| midnight.checked_add_signed(TimeDelta::minutes(i64::from(minute)));
    Some((
        opening(zone, at(period.from_minute)?)?,
        closing(zone, at(period.to_minute)?)?,
    ))
}

/// When a date begins.
pub(crate) fn start_of_day(zone: Tz, date: NaiveDate) -> Option<Timestamp> {
    opening(zone, date.and_time(NaiveTime::MIN))
}

/// When a date ends: the first instant of the next one.
pub(crate) fn end_of_day(zone: Tz, date: NaiveDate) -> Option<Timestamp> {
    start_of_day(zone, date.checked_add_days(Days::new(1))?)
}

/// The date the local calendar shows.
pub(crate) fn date_at(zone: Tz, instant: Timestamp) -> NaiveDate {
    zone.from_utc_datetime(&instant.to_chrono().naive_utc())
        .date_naive()
}

fn end_of_gap(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Tz>> {
    GapInfo::new(&local, &zone)?.end
}

fn written(instant: DateTime<Tz>) -> Option<Timestamp> {
    instant.with_timezone(&Utc).try_into().ok()
}

//! Times of a file: written without a zone, meant in the mapping's zone.

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use redress_core::Timestamp;

/// A local time as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) at: Timestamp,
    /// The later of two instants that are meant; otherwise the same.
    pub(crate) later: Timestamp,
    pub(crate) shift: Shift,
}

/// What the change between summer and winter time had to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    /// Nothing.
    None,
    /// There is no such local time: the clock was put forward over it. The first instant after the gap was taken.
    Gap,
    /// There are two such instants: the clock was put back. The earlier was taken.
    Overlap,
}

/// The instant of a local time; `None` where that lies outside the years 1 to 9999.
pub(crate) fn place(local: NaiveDateTime, zone: Tz) -> Option<Placed> {
    let (instant, later, shift) = match zone.from_local_datetime(&local) {
        chrono::LocalResult::Single(instant) => (instant.to_utc(), instant.to_utc(), Shift::None),
        chrono::LocalResult::Ambiguous(one, other) => {
            let (one, other) = (one.to_utc(), other.to_utc());
            (one.min(other), one.max(other), Shift::Overlap)
        }
        chrono::LocalResult::None => {
            let behind = after_gap(local, zone);
            (behind, behind, Shift::Gap)
        }
    };
    let at = Timestamp::try_from(instant).ok()?;
    let later = Timestamp::try_from(later).ok()?;
    Some(Placed { at, later, shift })
}

/// The first whole second whose local time lies behind `local`, which itself lies in a gap.
fn after_gap(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    // No zone is further than 15 hours from UTC, and no gap is longer than a day.
    let reach = Duration::hours(40);
    let is_behind = |instant: DateTime<Utc>| instant.with_timezone(&zone).naive_local() > local;
    let (mut before, mut behind) = (local.and_utc() - reach, local.and_utc() + reach);
    while behind - before > Duration::seconds(1) {
        let middle = before + Duration::seconds((behind - before).num_seconds() / 2);
        if is_behind(middle) {
            behind = middle;
        } else {
            before = middle;
        }
    }
    behind
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(local: &str, zone: &str, wanted: &str, shift: Shift) {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").unwrap();
        let placed = place(local, zone.parse().unwrap()).unwrap();
        assert_eq!(
            (placed.at.to_string().as_str(), placed.shift),
            (wanted, shift)
        );
    }

    #[test]
    fn a_plain_time_is_moved_by_the_offset() {
        check(
            "2016-02-29 01:16:00",
            "UTC",
            "2016-02-29T01:16:00Z",
            Shift::None,
        );
        check(
            "2016-02-29 09:16:00",
            "Asia/Shanghai",
            "2016-02-29T01:16:00Z",
            Shift::None,
        );
    }

    #[test]
    fn in_a_gap_it_is_the_first_instant_after_it() {
        // Berlin, 27 March 2016: 01:59:59 +01:00 is followed by 03:00:00 +02:00, which is 01:00:00 UTC.
        for local in [
            "2016-03-27 02:00:00",
            "2016-03-27 02:30:00",
            "2016-03-27 02:59:59",
        ] {
            check(local, "Europe/Berlin", "2016-03-27T01:00:00Z", Shift::Gap);
        }
        check(
            "2016-03-27 01:59:59",
            "Europe/Berlin",
            "2016-03-27T00:59:59Z",
            Shift::None,
        );
        check(
            "2016-03-27 03:00:00",
            "Europe/Berlin",
            "2016-03-27T01:00:00Z",
            Shift::None,
        );
        // Samoa left out 30 December 2011: the next day began at 10:00 UTC of that day.
        check(
            "2011-12-30 12:00:00",
            "Pacific/Apia",
            "2011-12-30T10:00:00Z",
            Shift::Gap,
        );
    }

    #[test]
    fn in_an_overlap_it_is_the_earlier() {
        // Berlin, 30 October 2016: 02:30 came at 00:30 UTC and again at 01:30 UTC.
        check(
            "2016-10-30 02:30:00",
            "Europe/Berlin",
            "2016-10-30T00:30:00Z",
            Shift::Overlap,
        );
        check(
            "2016-10-30 03:00:00",
            "Europe/Berlin",
            "2016-10-30T02:00:00Z",
            Shift::None,
        );
    }

    proptest! {
        #[test]
        fn any_local_time_is_placed_or_refused(seconds in -70_000_000_000_i64..260_000_000_000, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
            let Some(local) = DateTime::from_timestamp(seconds, 0) else { return Ok(()) };
            let zone = chrono_tz::TZ_VARIANTS[zone];
            if let Some(placed) = place(local.naive_utc(), zone) {
                let shown = placed.at.to_chrono().with_timezone(&zone).naive_local();
                match placed.shift {
                    Shift::None | Shift::Overlap => prop_assert_eq!(shown, local.naive_utc()),
                    Shift::Gap => prop_assert!(shown > local.naive_utc()),
                }
            }
        }
    }
}

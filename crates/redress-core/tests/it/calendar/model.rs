//! Working time against a model that is slow and obvious: one bit for each minute of a month, set or counted one by one.
//!
//! The model knows calendars only as lists of periods, and local time only as what the clock shows at each minute of
//! UTC: it never turns a local time into an instant, which is the part that is easy to get wrong.

use std::num::NonZeroU32;

use chrono::{Datelike as _, TimeZone as _, Timelike as _};
use redress_core::calendar::{Exception, NaiveDate, Period, Schedule, Tz, Week, WorkingTime};
use redress_core::{Span, Timestamp};

use super::{calendar, date};

const CALENDARS: usize = 2_600;
const INTERVALS: usize = 50;
const DAYS: i64 = 30;
const DAY: i64 = 24 * 60;

/// SplitMix64: the same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_in(&mut self, end: i64) -> bool {
        self.below(end) == 0
    }
}

/// What the clock of a zone shows during a month, and a day before and after.
struct Month {
    zone: Tz,
    first: NaiveDate,
    /// The instant of minute 0.
    origin: Timestamp,
    /// For each local minute since the midnight of `first`: the first minute at which the clock shows it or later.
    opening: Vec<usize>,
    /// For each local minute: the first minute after which the clock never shows less.
    closing: Vec<usize>,
    /// Whether the clock is changed in between.
    jumps: bool,
}

impl Month {
    fn new(zone: Tz, first: &str) -> Self {
        let first = date(first);
        let origin: Timestamp = format!("{first}T00:00:00Z").parse().unwrap();
        let origin = origin + Span::days(-2);
        let shown: Vec<i64> = (0..(DAYS + 5) * DAY)
            .map(|minute| local_minute(zone, first, origin + Span::minutes(minute)))
            .collect();
        let local_minutes = 0..=(DAYS + 1) * DAY;
        let opening = local_minutes
            .clone()
            .scan(0, |at, wanted| {
                while shown[*at] < wanted {
                    *at += 1;
                }
                Some(*at)
            })
            .collect();
        let mut closing: Vec<usize> = local_minutes
            .rev()
            .scan(shown.len(), |at, wanted| {
                while shown[*at - 1] >= wanted {
                    *at -= 1;
                }
                Some(*at)
            })
            .collect();
        closing.reverse();
        Self {
            zone,
            first,
            origin,
            opening,
            closing,
            jumps: shown.windows(2).any(|pair| pair[1] != pair[0] + 1),
        }
    }

    fn instant(&self, minute: usize) -> Timestamp {
        self.origin + Span::minutes(i64::try_from(minute).unwrap())
    }

    /// The minute at which a day of the month begins.
    fn midnight(&self, day: i64) -> usize {
        self.opening[usize::try_from(day * DAY).unwrap()]
    }
}

/// What the clock shows, in minutes since the midnight of `first`.
fn local_minute(zone: Tz, first: NaiveDate, at: Timestamp) -> i64 {
    let local = zone
        .from_utc_datetime(&at.to_chrono().naive_utc())
        .naive_local();
    let days = local.date().signed_duration_since(first).num_days();
    days * DAY + i64::from(local.hour() * 60 + local.minute())
}

/// A bit for each minute.
struct Minutes(Vec<u64>);

impl Minutes {
    fn set(&mut self, minute: usize) {
        self.0[minute / 64] |= 1 << (minute % 64);
    }

    fn is_set(&self, minute: usize) -> bool {
        self.0[minute / 64] >> (minute % 64) & 1 == 1
    }

    /// How many are set in a range: one by one up to a whole word, then by words.
    fn count(&self, from: usize, to: usize) -> usize {
        let mut minute = from;
        let mut count = 0;
        while minute < to {
            if minute.is_multiple_of(64) && minute + 64 <= to {
                count += self.0[minute / 64].count_ones() as usize;
                minute += 64;
            } else {
                count += usize::from(self.is_set(minute));
                minute += 1;
            }
        }
        count
    }

    /// The minute after which `wanted` were set, looking from a minute on.
    fn after(&self, from: usize, mut wanted: usize) -> Option<usize> {
        let mut minute = from;
        while wanted > 0 {
            let word = *self.0.get(minute / 64)?;
            if minute.is_multiple_of(64) && (word.count_ones() as usize) < wanted {
                wanted -= word.count_ones() as usize;
                minute += 64;
            } else {
                wanted -= usize::from(self.is_set(minute));
                minute += 1;
            }
        }
        Some(minute)
    }
}

struct Model {
    worked: Minutes,
    /// Whether work begins on each day of the month.
    working_days: Vec<bool>,
    begin: usize,
    end: usize,
}

impl Model {
    fn new(month: &Month, schedule: &Schedule) -> Self {
        let begin = month.midnight(0);
        let end = month.midnight(DAYS);
        let words = usize::try_from((DAYS + 5) * DAY).unwrap() / 64 + 1;
        let mut worked = Minutes(vec![0; words]);
        let mut working_days = vec![false; usize::try_from(DAYS).unwrap()];
        for (day, works) in working_days.iter_mut().enumerate() {
            let date = month.first.iter_days().nth(day).unwrap();
            for period in schedule.periods_on(date) {
                let local = |minute: u16| day * usize::try_from(DAY).unwrap() + usize::from(minute);
                let open = month.opening[local(period.from_minute)];
                let close = month.closing[local(period.to_minute)].min(end);
                (open..close).for_each(|minute| worked.set(minute));
                *works |= open < close;
            }
        }
        Self {
            worked,
            working_days,
            begin,
            end,
        }
    }
}

fn any_day(chance: &mut Chance) -> Vec<Period> {
    let mut cuts: Vec<u16> = (0..2 * chance.below(4))
        .map(|_| {
            let quarter = if chance.one_in(3) { 1 } else { 15 };
            u16::try_from(chance.below(DAY / quarter) * quarter).unwrap()
        })
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut periods: Vec<Period> = cuts
        .chunks_exact(2)
        .map(|pair| Period {
            from_minute: pair[0],
            to_minute: pair[1],
        })
        .collect();
    if let Some(last) = periods.last_mut() {
        if chance.one_in(6) {
            last.to_minute = 24 * 60;
        } else if chance.one_in(5) {
            // Past midnight; where it runs into the next morning the calendar is refused and another one tried.
            last.to_minute = 24 * 60 + u16::try_from(chance.below(5 * 60)).unwrap();
        }
        if chance.one_in(5) {
            // Two periods that meet.
            let middle = (last.from_minute + last.to_minute.min(1439)) / 2;
            if last.from_minute < middle {
                let second = Period {
                    from_minute: middle,
                    to_minute: last.to_minute,
                };
                last.to_minute = middle;
                periods.push(second);
            }
        }
    }
    periods
}

fn any_schedule(chance: &mut Chance, first: NaiveDate) -> Schedule {
    let dates: Vec<_> = first
        .iter_days()
        .take(usize::try_from(DAYS).unwrap())
        .collect();
    let week = dates[..7].iter().fold(Week::new(), |week, date| {
        week.with(date.weekday(), &any_day(chance))
    });
    let exceptions = (0..chance.below(6))
        .map(|_| {
            let date = dates[usize::try_from(chance.below(DAYS)).unwrap()];
            let periods = any_day(chance);
            let exception = match periods.is_empty() {
                true => Exception::Rest,
                false => Exception::Work(periods),
            };
            (date, exception)
        })
        .collect();
    Schedule {
        first,
        last: dates[dates.len() - 1],
        week,
        exceptions,
    }
}

/// Which interesting things the random calendars had.
#[derive(Debug, Default)]
struct Seen {
    cases: usize,
    beyond: usize,
    past_midnight: usize,
    until_midnight: usize,
    exceptions: usize,
    with_jump: usize,
    refused: usize,
}

fn compare(chance: &mut Chance, month: &Month, model: &Model, ours: &WorkingTime, seen: &mut Seen) {
    let length = i64::try_from(model.end - model.begin).unwrap();
    let any_minute =
        |chance: &mut Chance| model.begin + usize::try_from(chance.below(length + 1)).unwrap();
    for _ in 0..INTERVALS {
        let (one, other) = (any_minute(chance), any_minute(chance));
        let (from, to) = (one.min(other), one.max(other));
        let counted = model.worked.count(from, to);
        let span = Span::minutes(i64::try_from(counted).unwrap());
        assert_eq!(
            ours.elapsed(month.instant(from), month.instant(to)),
            Ok(span)
        );

        let wanted = usize::try_from(chance.below(6_000)).unwrap();
        let due = ours.due(
            month.instant(from),
            Span::minutes(i64::try_from(wanted).unwrap()),
        );
        match model.worked.after(from, wanted) {
            Some(minute) => assert_eq!(due, Ok(month.instant(minute))),
            None => {
                seen.beyond += 1;
                assert!(due.unwrap_err().is_beyond_horizon());
            }
        }
        seen.cases += 1;
    }
}

fn compare_days(chance: &mut Chance, month: &Month, model: &Model, ours: &WorkingTime) {
    let today = chance.below(DAYS);
    // Noon comes once on every day of every zone tried here.
    let noon = month.instant(month.opening[usize::try_from(today * DAY + DAY / 2).unwrap()]);
    let days = chance.below(10) + 1;
    let expected = (today + 1..DAYS)
        .filter(|day| model.working_days[usize::try_from(*day).unwrap()])
        .nth(usize::try_from(days - 1).unwrap())
        .map(|day| month.instant(month.midnight(day + 1)));
    let days = NonZeroU32::new(u32::try_from(days).unwrap()).unwrap();
    assert_eq!(ours.due_working_days(noon, days).ok(), expected);
}

#[test]
fn every_minute_is_counted_once() {
    let months: Vec<Month> = [
        (Tz::Asia__Shanghai, "2024-02-01"),
        (Tz::Asia__Shanghai, "1986-04-20"),
        (Tz::Asia__Shanghai, "1991-09-01"),
        (Tz::Europe__London, "2024-03-10"),
        (Tz::Europe__London, "2024-10-10"),
        (Tz::America__New_York, "2024-02-25"),
        (Tz::America__New_York, "2024-10-20"),
        (Tz::Australia__Lord_Howe, "2024-03-25"),
        (Tz::Australia__Lord_Howe, "2024-09-25"),
        (Tz::America__Havana, "2024-10-20"),
        (Tz::Asia__Beirut, "2024-03-15"),
        (Tz::Asia__Kathmandu, "2024-06-01"),
        (Tz::UTC, "2024-12-15"),
    ]
    .into_iter()
    .map(|(zone, first)| Month::new(zone, first))
    .collect();
    let mut chance = Chance(2024);
    let mut seen = Seen::default();
    let mut made = 0;
    while made < CALENDARS {
        let month = &months[made % months.len()];
        let schedule = any_schedule(&mut chance, month.first);
        let Ok(ours) = WorkingTime::new(&calendar(month.zone, schedule.clone())) else {
            seen.refused += 1;
            continue;
        };
        made += 1;
        note(&schedule, month, &mut seen);
        let model = Model::new(month, &schedule);
        compare(&mut chance, month, &model, &ours, &mut seen);
        compare_days(&mut chance, month, &model, &ours);
    }
    assert!(seen.cases >= 100_000, "{seen:?}");
    for rare in [
        seen.beyond,
        seen.past_midnight,
        seen.until_midnight,
        seen.exceptions,
        seen.with_jump,
        seen.refused,
    ] {
        assert!(rare >= 100, "hardly ever tried: {seen:?}");
    }
}

fn note(schedule: &Schedule, month: &Month, seen: &mut Seen) {
    let dates = schedule.first.iter_days().take(7);
    let ends: Vec<u16> = dates
        .flat_map(|date| schedule.periods_on(date))
        .map(|period| period.to_minute)
        .collect();
    seen.past_midnight += usize::from(ends.iter().any(|end| *end > 24 * 60));
    seen.until_midnight += usize::from(ends.contains(&(24 * 60)));
    seen.exceptions += usize::from(!schedule.exceptions.is_empty());
    seen.with_jump += usize::from(month.jumps);
}

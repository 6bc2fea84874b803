//! How long working time takes to count, over ten years of shifts.

use std::hint::black_box;

use redress::core::WorkingTime;
use redress::{Policy, Span, Timestamp};

use crate::report::{Figure, Section, Unit};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check};

/// Two shifts a day from Monday to Friday, ten years long, in UTC so that the yardstick needs no zones.
const POLICY: &str = r#"
version = "bench"
extends = "standard"
calendar = "office"

[calendars.office]
zone = "UTC"
first = 2016-01-01
last = 2025-12-31
week = { workdays = ["09:00-12:00", "13:00-17:30"] }
"#;
const FIRST: &str = "2016-01-01T00:00:00Z";
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const DAYS: i64 = 3_653;
/// 1 January 2016 was a Friday, the fourth day after Monday.
const FIRST_WEEKDAY: i64 = 4;
const QUESTIONS: i64 = 10_000;
/// How often all are asked in a round, so that a round is long enough to be timed.
const TIMES: usize = 10;

/// A start, so much working time, and when that ends.
struct Question {
    start: Timestamp,
    length: Span,
    due: Timestamp,
}

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let policy = Policy::parse(POLICY, "bench")?;
    let calendar = policy.calendar_of(None);
    let shifts = shifts()?;
    let questions = questions(calendar, &shifts)?;
    let [due, due_by_hand, elapsed, elapsed_by_hand] = compare(
        plan.rounds,
        [
            &mut |_| {
                ask(
                    &questions,
                    |q| Ok(calendar.due(q.start, q.length)? == q.due),
                )
            },
            &mut |_| {
                ask(&questions, |q| {
                    Ok(walk_due(&shifts, q) == Some(q.due.as_micros()))
                })
            },
            &mut |_| {
                ask(&questions, |q| {
                    Ok(calendar.elapsed(q.start, q.due)? == q.length)
                })
            },
            &mut |_| {
                ask(&questions, |q| {
                    Ok(walk_elapsed(&shifts, q) == q.length.as_micros())
                })
            },
        ],
    )?;
    let figure = |what: &'static str, ours, yardstick| {
        Figure::alone(what, Unit::Each, ours)
            .beside("walking the shifts in between", yardstick)
            .target("< 200 ns")
    };
    Ok(Section {
        title: "Calendar",
        about: format!(
            "Ten years of shifts, two a working day, {} of them; {QUESTIONS} starts, each with up to 60 days of eight hours. The yardstick finds the first shift by binary search as well, then walks.",
            shifts.len()
        ),
        figures: vec![
            figure("due over ten years of shifts", due, due_by_hand),
            figure("elapsed over ten years of shifts", elapsed, elapsed_by_hand),
        ],
    })
}

/// Every shift, from when to when, in microseconds since 1970.
fn shifts() -> Outcome<Vec<(i64, i64)>> {
    let first = FIRST.parse::<Timestamp>()?.as_micros();
    let working_days = (0..DAYS).filter(|day| (day + FIRST_WEEKDAY) % 7 < 5);
    let shifts = working_days.flat_map(|day| {
        let at = |minute: i64| first + day * DAY + minute * MINUTE;
        [(at(9 * 60), at(12 * 60)), (at(13 * 60), at(17 * 60 + 30))]
    });
    Ok(shifts.collect())
}

/// Questions spread over the ten years, the last half year left out so that every one has an answer.
fn questions(calendar: &WorkingTime, shifts: &[(i64, i64)]) -> Outcome<Vec<Question>> {
    let first = FIRST.parse::<Timestamp>()?;
    let spread = |number: i64, step: i64, modulus: i64| number * step % modulus;
    let mut questions = Vec::new();
    for number in 0..QUESTIONS {
        let start = first + Span::minutes(spread(number, 514_229, (DAYS - 180) * 24 * 60));
        let length = Span::minutes(1 + spread(number, 17_711, 60 * 8 * 60));
        let due = calendar.due(start, length)?;
        let question = Question { start, length, due };
        check(walk_due(shifts, &question) == Some(due.as_micros()), || {
            format!("{length} from {start} is due at {due} by one way of counting only")
        })?;
        questions.push(question);
    }
    Ok(questions)
}

fn ask(questions: &[Question], is_right: impl Fn(&Question) -> Outcome<bool>) -> Outcome<Sample> {
    let (right, took) = time(|| {
        let mut right = 0;
        for _ in 0..TIMES {
            for question in questions {
                right += usize::from(is_right(black_box(question))?);
            }
        }
        Ok(right)
    })?;
    let operations = TIMES * questions.len();
    check(right == operations, || "an answer is wrong".to_owned())?;
    Ok(Sample { operations, took })
}

/// The shifts that have not ended at an instant.
fn from(shifts: &[(i64, i64)], start: i64) -> &[(i64, i64)] {
    &shifts[shifts.partition_point(|(_, close)| *close <= start)..]
}

fn walk_due(shifts: &[(i64, i64)], question: &Question) -> Option<i64> {
    let (start, mut left) = (question.start.as_micros(), question.length.as_micros());
    for (open, close) in from(shifts, start) {
        let open = start.max(*open);
        if left <= close - open {
            return Some(open + left);
        }
        left -= close - open;
    }
    None
}

fn walk_elapsed(shifts: &[(i64, i64)], question: &Question) -> i64 {
    let (start, end) = (question.start.as_micros(), question.due.as_micros());
    from(shifts, start)
        .iter()
        .take_while(|(open, _)| *open < end)
        .map(|(open, close)| end.min(*close) - start.max(*open))
        .sum()
}

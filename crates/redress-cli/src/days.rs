//! A period as it is typed: from one day up to another.

use std::str::FromStr;

use redress::causes::Period;
use redress::core::calendar::NaiveDate;
use redress::{Policy, Timestamp};

/// Days `[from, to)`; an end that is left out is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Days {
    /// The period, in the zone of the organisation's calendar.
    pub(crate) fn period(self, policy: &Policy) -> Period {
        let calendar = policy.calendar_of(None);
        // Every day of a year of four digits has a beginning.
        let start = |date| calendar.start_of_day(date).unwrap_or(Timestamp::MIN);
        Period {
            from: self.from.map(start),
            to: self.to.map(start),
        }
    }
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "use FROM..TO with days such as 2026-03-01..2026-04-01".to_owned();
        let (from, to) = text.split_once("..").ok_or_else(form)?;
        let day = |text: &str| match text {
            "" => Ok(None),
            _ => day(text).map(Some).ok_or_else(form),
        };
        let (from, to) = (day(from)?, day(to)?);
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            return Err("the second day must come after the first".to_owned());
        }
        Ok(Self { from, to })
    }
}

/// A day written as `2026-03-01`.
fn day(text: &str) -> Option<NaiveDate> {
    let is_form = text.len() == 10 && text.is_ascii() && !text.starts_with(['+', '-', '0']);
    text.parse().ok().filter(|_| is_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_open_ends_may_be_left_out() {
        let period = |text: &str| {
            let days: Days = text.parse().unwrap();
            let period = days.period(&Policy::standard());
            (
                period.from.map(|at| at.to_string()),
                period.to.map(|at| at.to_string()),
            )
        };
        let day = |text: &str| Some(format!("{text}T00:00:00Z"));
        assert_eq!(
            period("2026-03-01..2026-04-01"),
            (day("2026-03-01"), day("2026-04-01"))
        );
        assert_eq!(period("2026-03-01.."), (day("2026-03-01"), None));
        assert_eq!(period("..2026-04-01"), (None, day("2026-04-01")));
        assert_eq!(period(".."), (None, None));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for wrong in [
            "",
            "2026-03-01",
            "2026-03-01...2026-04-01",
            "2026-02-30..",
            "26-3-1..",
            "+12026-01-01..",
            "-0001-01-01..",
            "2026-3-01..",
            "０..",
            "2026-04-01..2026-03-01",
            "2026-04-01..2026-04-01",
        ] {
            assert!(wrong.parse::<Days>().is_err(), "{wrong}");
        }
    }
}

//! One stretch of work on a day, by the local clock.

use std::fmt;
use std::str::FromStr;

pub(crate) const DAY_MINUTES: u16 = 24 * 60;

/// One stretch of work, from an opening to a closing on the local clock. Unchecked; its calendar is checked as a whole.
///
/// Written as `09:00-17:30`. `24:00` closes at midnight; a closing earlier than the opening lies on the next day.
///
/// ```
/// use redress_core::calendar::Period;
///
/// let night: Period = "22:00-06:00".parse()?;
/// assert_eq!(night, Period { from_minute: 22 * 60, to_minute: 30 * 60 });
/// assert_eq!(night.to_string(), "22:00-06:00");
/// # Ok::<(), redress_core::calendar::InvalidPeriod>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The opening, in minutes after midnight.
    pub from_minute: u16,
    /// The closing, in minutes after the midnight before the opening; above 1,440 on the next day.
    pub to_minute: u16,
}

/// A text that is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no period; write it like 09:00-17:30, or 22:00-06:00 for a shift past midnight")]
pub struct InvalidPeriod;

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        let (from, to) = text.split_once('-').ok_or(InvalidPeriod)?;
        let from_minute = minute_of(from)?;
        let to_minute = minute_of(to)?;
        let next_day = if to_minute < from_minute {
            DAY_MINUTES
        } else {
            0
        };
        Ok(Self {
            from_minute,
            to_minute: to_minute + next_day,
        })
    }
}

/// Reads `HH:MM`; whether such a time makes sense is for the calendar's check, which knows the day.
fn minute_of(text: &str) -> Result<u16, InvalidPeriod> {
    let (hours, minutes) = text.split_once(':').ok_or(InvalidPeriod)?;
    let minutes = two_digits(minutes)?;
    if minutes > 59 {
        return Err(InvalidPeriod);
    }
    Ok(two_digits(hours)? * 60 + minutes)
}

fn two_digits(text: &str) -> Result<u16, InvalidPeriod> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(InvalidPeriod);
    }
    text.parse().map_err(|_| InvalidPeriod)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = self.from_minute;
        // A whole day from 08:00 is 08:00-32:00; as 08:00-08:00 it would read as nothing.
        let to = match self.to_minute.checked_sub(DAY_MINUTES) {
            Some(next_day) if next_day > 0 && next_day < from => next_day,
            Some(_) | None => self.to_minute,
        };
        let text = format!(
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        );
        f.pad(&text)
    }
}

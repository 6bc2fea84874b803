//! Instants and lengths of time, in whole microseconds.
//!
//! Nothing here reads a clock. Files and people speak RFC 3339; `chrono` converts.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

mod canonical;

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
///
/// Stored as RFC 3339 text in UTC, so that people can read it in thirty years.
///
/// ```
/// use redress_core::{Span, Timestamp};
///
/// let noon: Timestamp = "2026-03-02T12:00:00+08:00".parse()?;
/// assert_eq!(noon.to_string(), "2026-03-02T04:00:00Z");
/// assert_eq!((noon + Span::hours(4)).to_string(), "2026-03-02T08:00:00Z");
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text or number that is no instant between the years 1 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no RFC 3339 instant between the years 1 and 9999")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// The first instant that can be written down: the year 1.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// The last instant that can be written down: the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// Takes microseconds since 1970.
    ///
    /// # Errors
    ///
    /// [`InvalidTimestamp`] outside [`Timestamp::MIN`] to [`Timestamp::MAX`].
    pub const fn from_micros(micros: i64) -> Result<Self, InvalidTimestamp> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 {
            return Err(InvalidTimestamp);
        }
        Ok(Self(micros))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The time since an earlier instant; negative if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The same instant for `chrono`.
    #[must_use]
    pub fn to_chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl TryFrom<DateTime<Utc>> for Timestamp {
    type Error = InvalidTimestamp;

    /// Drops what is finer than a microsecond.
    fn try_from(instant: DateTime<Utc>) -> Result<Self, InvalidTimestamp> {
        Self::from_micros(instant.timestamp_micros())
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        // Nearly every text was written by `Display`, and a replay reads millions of them.
        if let Some(instant) = canonical::read(text) {
            return Ok(instant);
        }
        let instant = DateTime::parse_from_rfc3339(text).map_err(|_| InvalidTimestamp)?;
        Self::from_micros(instant.timestamp_micros())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(text: String) -> Result<Self, InvalidTimestamp> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(instant: Timestamp) -> String {
        instant.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(
            &self
                .to_chrono()
                .to_rfc3339_opts(SecondsFormat::AutoSi, true),
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::ops::Add<Span> for Timestamp {
    type Output = Self;

    /// Stays within [`Timestamp::MIN`] and [`Timestamp::MAX`].
    fn add(self, span: Span) -> Self {
        Self(
            self.0
                .saturating_add(span.0)
                .clamp(Self::MIN.0, Self::MAX.0),
        )
    }
}

/// A length of time, in microseconds; may be negative.
///
/// Stored as a whole number of microseconds.
///
/// ```
/// use redress_core::Span;
///
/// assert_eq!(Span::hours(49).to_string(), "2d 1h");
/// assert_eq!((Span::ZERO - Span::minutes(90)).to_string(), "-1h 30m");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// Takes microseconds.
    #[must_use]
    pub const fn micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Takes seconds.
    #[must_use]
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Takes minutes.
    #[must_use]
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// Takes hours.
    #[must_use]
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }

    /// Takes days of 24 hours.
    #[must_use]
    pub const fn days(days: i64) -> Self {
        Self::hours(days.saturating_mul(24))
    }

    /// The length in microseconds.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The length in whole seconds, towards zero.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// Whether this is shorter than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// This length times `percent` / 100, towards zero.
    #[must_use]
    pub fn percent(self, percent: u16) -> Self {
        let scaled = i128::from(self.0) * i128::from(percent) / 100;
        Self(i64::try_from(scaled).unwrap_or(if scaled < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl std::ops::Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Span {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, |total, span| total + span)
    }
}

impl fmt::Display for Span {
    /// The two largest units that are not zero: `3d 4h`, `2h 5m`, `40s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.unsigned_abs() / 1_000_000;
        let units = [
            (seconds / 86_400, 'd'),
            (seconds / 3_600 % 24, 'h'),
            (seconds / 60 % 60, 'm'),
            (seconds % 60, 's'),
        ];
        let shown = match units.iter().position(|(amount, _)| *amount > 0) {
            None => "0s".to_owned(),
            Some(first) => {
                let words: Vec<String> = units[first..]
                    .iter()
                    .take(2)
                    .filter(|(amount, _)| *amount > 0)
                    .map(|(amount, unit)| format!("{amount}{unit}"))
                    .collect();
                let sign = if self.is_negative() { "-" } else { "" };
                format!("{sign}{}", words.join(" "))
            }
        };
        f.pad(&shown)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

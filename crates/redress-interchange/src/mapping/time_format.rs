//! How a file writes date and time.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use redress_core::Timestamp;
use serde::Deserialize;

use crate::cell::even_blanks;
use crate::local_time::{Placed, Shift, place};

/// One way to write date and time, or several: the first that fits a cell is taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "OneOrMany")]
pub(crate) struct TimeFormats(Vec<TimeFormat>);

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a format between quotation marks, or a list of them"
)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl TimeFormats {
    /// Whether a cell may hold a date alone.
    pub(crate) fn has_dates_alone(&self) -> bool {
        let mut formats = self.0.iter();
        formats.any(|format| format.kind == Kind::Date)
    }

    /// Reads a cell; a date alone is meant at `time_of_day`.
    pub(crate) fn read(&self, text: &str, time_of_day: Option<TimeOfDay>) -> Option<Written> {
        let mut formats = self.0.iter();
        formats.find_map(|format| format.read(text, time_of_day))
    }

    /// The formats as the mapping writes them.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.0.iter().map(|format| format.text.clone()).collect()
    }
}

impl TryFrom<OneOrMany> for TimeFormats {
    type Error = String;

    fn try_from(given: OneOrMany) -> Result<Self, String> {
        let texts = match given {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        };
        if texts.is_empty() {
            return Err("the list of formats is empty".to_owned());
        }
        let formats = texts.iter().map(|text| TimeFormat::new(text));
        formats.collect::<Result<_, _>>().map(Self)
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// A time on the clocks of the mapping's zone.
    Local(NaiveDateTime),
    /// An instant, for the cell tells how far its clock is from UTC.
    Instant(DateTime<Utc>),
}

#[derive(Clone, Debug)]
struct TimeFormat {
    text: String,
    kind: Kind,
}

/// What a format writes besides the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The time of day.
    Local,
    /// Nothing.
    Date,
    /// The time of day and how far it is from UTC.
    Offset,
}

impl TimeFormat {
    fn new(format: &str) -> Result<Self, String> {
        // Cells are read with even blanks.
        let text = even_blanks(format).into_owned();
        [Kind::Local, Kind::Date, Kind::Offset]
            .into_iter()
            .map(|kind| Self { text: text.clone(), kind })
            .find(Self::is_complete)
            .ok_or_else(|| {
                format!("\"{text}\" is no format of a whole date, with hour and minute or alone, such as \"%d/%m/%Y %H:%M\"")
            })
    }

    fn read(&self, text: &str, time_of_day: Option<TimeOfDay>) -> Option<Written> {
        match self.kind {
            Kind::Local => {
                let local = NaiveDateTime::parse_from_str(text, &self.text).ok()?;
                Some(Written::Local(local))
            }
            Kind::Date => {
                let day = NaiveDate::parse_from_str(text, &self.text).ok()?;
                Some(Written::Local(day.and_time(time_of_day?.0)))
            }
            Kind::Offset => {
                let instant = DateTime::parse_from_str(text, &self.text).ok()?;
                Some(Written::Instant(instant.to_utc()))
            }
        }
        .filter(Written::has_whole_year)
    }

    /// Whether a moment written in this format is read back as the same one, to the minute; or where it writes no time
    /// of day, to the day.
    fn is_complete(&self) -> bool {
        let Some(day) = NaiveDate::from_ymd_opt(2016, 2, 29) else {
            return false;
        };
        let times = [day.and_hms_opt(13, 7, 0), day.and_hms_opt(0, 0, 0)];
        let [Some((moment, written)), Some((_, at_midnight))] =
            times.map(|moment| Some((moment?, self.write(moment?)?)))
        else {
            return false;
        };
        let same_all_day = written == at_midnight;
        let wanted = match self.kind {
            Kind::Offset => Written::Instant(moment.and_utc()),
            Kind::Local | Kind::Date => Written::Local(moment),
        };
        same_all_day == (self.kind == Kind::Date)
            && self.read(&written, Some(TimeOfDay(moment.time()))) == Some(wanted)
    }

    /// `None` where the format asks for what is not there, such as an offset.
    fn write(&self, moment: NaiveDateTime) -> Option<String> {
        let mut written = String::new();
        // Formatting what is not there is an error, not a panic, when written this way.
        let result = match self.kind {
            Kind::Local | Kind::Date => {
                std::fmt::write(&mut written, format_args!("{}", moment.format(&self.text)))
            }
            Kind::Offset => {
                // `%#z` is for reading alone: it takes `Z`, and offsets without minutes.
                let format = self.text.replace("%#z", "%z");
                let moment = moment.and_utc().fixed_offset();
                std::fmt::write(&mut written, format_args!("{}", moment.format(&format)))
            }
        };
        result.ok().map(|()| written)
    }
}

impl Written {
    /// The instant that is meant, on the clocks of this zone.
    pub(crate) fn place(self, zone: Tz) -> Option<Placed> {
        match self {
            Self::Local(local) => place(local, zone),
            Self::Instant(instant) => {
                let at = Timestamp::try_from(instant).ok()?;
                Some(Placed {
                    at,
                    later: at,
                    shift: Shift::None,
                })
            }
        }
    }

    /// Whether the year has four digits: `%Y` also reads the `18` of `06/26/18`, and nobody means the year 18.
    fn has_whole_year(&self) -> bool {
        use chrono::Datelike;

        let year = match self {
            Self::Local(local) => local.year(),
            Self::Instant(instant) => instant.year(),
        };
        (1000..=9999).contains(&year)
    }
}

/// The time of day that stands for a day of which no more is known.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct TimeOfDay(NaiveTime);

impl TryFrom<String> for TimeOfDay {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(Self)
            .map_err(|_| "is no time of day, such as \"00:00\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(texts: &[&str]) -> TimeFormats {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        TimeFormats::try_from(OneOrMany::Many(texts)).unwrap()
    }

    /// What a cell means, where a date alone is midnight.
    #[track_caller]
    fn check(texts: &[&str], cell: &str, wanted: Option<&str>) {
        let midnight = TimeOfDay::try_from("00:00".to_owned()).unwrap();
        let read = formats(texts).read(cell, Some(midnight));
        let told = read.map(|written| match written {
            Written::Local(local) => local.to_string(),
            Written::Instant(instant) => instant.to_rfc3339(),
        });
        assert_eq!(told.as_deref(), wanted, "{cell}");
    }

    #[test]
    fn the_first_format_that_fits_is_taken() {
        let texts = ["%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S%.f", "%m/%d/%Y"];
        check(
            &texts,
            "06/26/2018 12:00:00 AM",
            Some("2018-06-26 00:00:00"),
        );
        check(
            &texts,
            "2018-06-26T10:58:54.000",
            Some("2018-06-26 10:58:54"),
        );
        check(&texts, "2018-06-26T10:58:54", Some("2018-06-26 10:58:54"));
        check(&texts, "06/26/2018", Some("2018-06-26 00:00:00"));
        check(&texts, "26/06/2018", None);
        check(&texts, "06/26/2018 12:00", None);
    }

    #[test]
    fn a_year_has_four_digits() {
        check(&["%m/%d/%Y"], "06/26/18", None);
        check(
            &["%m/%d/%Y", "%m/%d/%y"],
            "06/26/18",
            Some("2018-06-26 00:00:00"),
        );
        check(&["%Y-%m-%d"], "0023-06-26", None);
    }

    #[test]
    fn an_offset_makes_an_instant() {
        let texts = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%#z"];
        check(
            &texts,
            "2020-02-28T12:00:00-05:00",
            Some("2020-02-28T17:00:00+00:00"),
        );
        check(
            &texts,
            "2024-01-01T08:15:30.000Z",
            Some("2024-01-01T08:15:30+00:00"),
        );
        check(
            &texts,
            "2026-03-20 09:00:00+00",
            Some("2026-03-20T09:00:00+00:00"),
        );
    }

    #[test]
    fn what_is_no_format() {
        for text in [
            "",
            "%H:%M",
            "%Y-%m",
            "%Y-%m-%d %H",
            "%Q",
            "%d.%m. %z",
            "%s.%f%",
        ] {
            assert!(TimeFormat::new(text).is_err(), "{text}");
        }
        assert!(TimeFormats::try_from(OneOrMany::Many(vec![])).is_err());
    }
}

//! The common yearly JSON form of China's holidays: a year, the notices it comes from, and its days.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::import::ImportError;
use super::published::{DayKind, PublishedDay};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year<'a> {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    #[serde(rename = "$id")]
    _id: Option<String>,
    year: i32,
    #[serde(rename = "papers")]
    _papers: Option<Vec<String>>,
    // Read one by one, for only so it is known on which line each of them stands.
    #[serde(borrow)]
    days: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearDay {
    name: String,
    date: NaiveDate,
    #[serde(rename = "isOffDay")]
    is_off_day: bool,
}

/// Reads the days of a year from its JSON form.
///
/// A year may speak of the December before it and the January after it, as notices do. A year without days has not been
/// published yet and is refused.
///
/// ```
/// use redress_core::calendar::{DayKind, yearly_json};
///
/// let text = r#"{"year": 2026, "papers": [], "days": [
///     {"name": "元旦", "date": "2026-01-01", "isOffDay": true},
///     {"name": "元旦", "date": "2026-01-04", "isOffDay": false}
/// ]}"#;
/// let days = yearly_json(text)?;
/// assert_eq!(days[1].date.to_string(), "2026-01-04");
/// assert_eq!(days[1].kind, DayKind::Work);
///
/// let error = yearly_json(&text.replace("2026-01-04", "2026-13-04")).unwrap_err();
/// assert_eq!(error.line, 3);
/// # Ok::<(), redress_core::calendar::ImportError>(())
/// ```
///
/// # Errors
///
/// [`ImportError`] with the line of the first thing that is not of this form: no JSON, an unknown or missing field, a
/// date that does not exist, lies in another year or comes twice, no days.
pub fn yearly_json(text: &str) -> Result<Vec<PublishedDay>, ImportError> {
    let year: Year<'_> = serde_json::from_str(text).map_err(|error| json_error(1, &error))?;
    if year.days.is_empty() {
        let message = format!(
            "the year {} has no days; it is not published yet",
            year.year
        );
        return Err(ImportError::new(1, message));
    }
    let mut seen = BTreeSet::new();
    year.days
        .iter()
        .map(|raw| read_day(text, year.year, raw, &mut seen))
        .collect()
}

fn read_day(
    text: &str,
    year: i32,
    raw: &RawValue,
    seen: &mut BTreeSet<NaiveDate>,
) -> Result<PublishedDay, ImportError> {
    let line = line_of(text, raw);
    let day: YearDay = serde_json::from_str(raw.get()).map_err(|error| json_error(line, &error))?;
    if !belongs_to(day.date, year) {
        let message = format!("{} does not belong to the year {year}", day.date);
        return Err(ImportError::new(line, message));
    }
    if !seen.insert(day.date) {
        let message = format!("{} comes twice; keep one of the two", day.date);
        return Err(ImportError::new(line, message));
    }
    Ok(PublishedDay {
        date: day.date,
        name: day.name,
        kind: if day.is_off_day {
            DayKind::Rest
        } else {
            DayKind::Work
        },
    })
}

fn belongs_to(date: NaiveDate, year: i32) -> bool {
    let december_before = date.month() == 12 && date.year().checked_add(1) == Some(year);
    let january_after = date.month() == 1 && date.year().checked_sub(1) == Some(year);
    date.year() == year || december_before || january_after
}

fn json_error(first_line: usize, error: &serde_json::Error) -> ImportError {
    let line = first_line + error.line().saturating_sub(1);
    // The reader's own position counts from where the day begins, and would contradict the line of the text.
    let mut message = error.to_string();
    if let Some(position) = message.rfind(" at line ") {
        message.truncate(position);
    }
    ImportError::new(line, message)
}

/// The line of the text on which a part of it begins.
fn line_of(text: &str, part: &RawValue) -> usize {
    let offset = (part.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

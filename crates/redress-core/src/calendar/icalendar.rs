//! Published holidays as an iCalendar file (RFC 5545) of all-day events.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::import::ImportError;
use super::published::{DayKind, PublishedDay};

/// The longest event that is believed: no holiday lasts longer than two months.
const MAX_EVENT_DAYS: i64 = 62;

/// What an event may say besides its dates and its summary: none of it changes which days it means.
const SILENT: &[&str] = &[
    "UID",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "CLASS",
    "TRANSP",
    "CATEGORIES",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "PRIORITY",
];

/// What a file may say about itself.
const FILE: &[&str] = &[
    "VERSION",
    "PRODID",
    "METHOD",
    "CALSCALE",
    "CLASS",
    "NAME",
    "DESCRIPTION",
    "REFRESH-INTERVAL",
    "COLOR",
    "URL",
    "LAST-MODIFIED",
    "UID",
];

/// One line of the file, folded lines joined.
struct Line {
    number: usize,
    /// The property with its parameters, in capitals.
    name: String,
    value: String,
}

/// Where in the file the reader stands.
enum Place {
    Outside,
    Calendar,
    Event(Event),
    /// Inside a part that says nothing about days: a zone of the file, or an alarm of an event.
    Skipped {
        name: String,
        back: Box<Place>,
    },
    End,
}

#[derive(Default)]
struct Event {
    line: usize,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    summary: Option<(usize, String)>,
}

/// Reads the days of an iCalendar file of all-day events.
///
/// Each event starts on a date, ends before another (or lasts one day), and tells by its summary whether it is rest
/// (休, 放假, 假期, the word "rest") or work (班, the word "work"). Zones and alarms are skipped, for no all-day event
/// depends on them. Everything else is refused: times of day, repetitions, tasks, cancelled events, unclear summaries.
///
/// ```
/// use redress_core::calendar::{DayKind, all_day_icalendar};
///
/// let text = "BEGIN:VCALENDAR\n\
///     BEGIN:VEVENT\n\
///     DTSTART;VALUE=DATE:20260101\n\
///     DTEND;VALUE=DATE:20260104\n\
///     SUMMARY:元旦（休）\n\
///     END:VEVENT\n\
///     BEGIN:VEVENT\n\
///     DTSTART;VALUE=DATE:20260104\n\
///     SUMMARY:元旦（班）\n\
///     END:VEVENT\n\
///     END:VCALENDAR\n";
/// let days = all_day_icalendar(text)?;
/// assert_eq!(days.len(), 4);
/// assert_eq!(days[3].kind, DayKind::Work);
///
/// let error = all_day_icalendar(&text.replace("（班）", "")).unwrap_err();
/// assert_eq!(error.line, 9);
/// # Ok::<(), redress_core::calendar::ImportError>(())
/// ```
///
/// # Errors
///
/// [`ImportError`] with the line of the first thing that is not of this form.
pub fn all_day_icalendar(text: &str) -> Result<Vec<PublishedDay>, ImportError> {
    let mut place = Place::Outside;
    let mut days = Vec::new();
    let mut seen = BTreeSet::new();
    for line in unfold(text)? {
        place = step(place, &line, &mut days, &mut seen)?;
    }
    match place {
        Place::End if days.is_empty() => Err(ImportError::new(1, "the file has no events")),
        Place::End => Ok(days),
        Place::Outside | Place::Calendar | Place::Event(_) | Place::Skipped { .. } => {
            let message = "the file ends before END:VCALENDAR; it may have been cut off";
            Err(ImportError::new(text.lines().count().max(1), message))
        }
    }
}

/// Joins folded lines: one that begins with white space goes on with the line before it.
fn unfold(text: &str) -> Result<Vec<Line>, ImportError> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    for (index, physical) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = index + 1;
        match (physical.strip_prefix([' ', '\t']), joined.last_mut()) {
            (Some(rest), Some((_, line))) => line.push_str(rest),
            (Some(_), None) => {
                return Err(ImportError::new(number, "the file begins with white space"));
            }
            (None, _) if physical.is_empty() => {}
            (None, _) => joined.push((number, physical.to_owned())),
        }
    }
    joined
        .into_iter()
        .map(|(number, line)| split(number, &line))
        .collect()
}

fn split(number: usize, line: &str) -> Result<Line, ImportError> {
    // A quoted parameter may hold a colon as well, but no property that is read here has such a parameter.
    let (name, value) = line
        .split_once(':')
        .ok_or_else(|| ImportError::new(number, "is no iCalendar line; write it as NAME:VALUE"))?;
    Ok(Line {
        number,
        name: name.to_ascii_uppercase(),
        value: value.trim_end().to_owned(),
    })
}

fn step(
    place: Place,
    line: &Line,
    days: &mut Vec<PublishedDay>,
    seen: &mut BTreeSet<NaiveDate>,
) -> Result<Place, ImportError> {
    match place {
        Place::Outside if line.is("BEGIN", "VCALENDAR") => Ok(Place::Calendar),
        Place::Outside => Err(line.refuse("the file must begin with BEGIN:VCALENDAR")),
        Place::Calendar => in_calendar(line),
        Place::Event(event) if line.is("END", "VEVENT") => {
            add(event, days, seen)?;
            Ok(Place::Calendar)
        }
        Place::Event(event) if line.is("BEGIN", "VALARM") => Ok(Place::Skipped {
            name: "VALARM".to_owned(),
            back: Box::new(Place::Event(event)),
        }),
        Place::Event(mut event) => {
            event.read(line)?;
            Ok(Place::Event(event))
        }
        Place::Skipped { name, back } if line.is("END", &name) => Ok(*back),
        Place::Skipped { name, back } => Ok(Place::Skipped { name, back }),
        Place::End => Err(line.refuse("nothing may follow END:VCALENDAR")),
    }
}

fn in_calendar(line: &Line) -> Result<Place, ImportError> {
    if line.is("BEGIN", "VEVENT") {
        return Ok(Place::Event(Event {
            line: line.number,
            ..Event::default()
        }));
    }
    if line.is("BEGIN", "VTIMEZONE") {
        return Ok(Place::Skipped {
            name: "VTIMEZONE".to_owned(),
            back: Box::new(Place::Calendar),
        });
    }
    if line.is("END", "VCALENDAR") {
        return Ok(Place::End);
    }
    if line.is_one_of(FILE) {
        return Ok(Place::Calendar);
    }
    Err(line.refuse("is not read; a file of holidays holds all-day events (VEVENT) alone"))
}

impl Line {
    fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.eq_ignore_ascii_case(value)
    }

    /// The property, without its parameters.
    fn property(&self) -> &str {
        self.name.split(';').next().unwrap_or_default()
    }

    fn is_one_of(&self, known: &[&str]) -> bool {
        self.property().starts_with("X-") || known.contains(&self.property())
    }

    fn refuse(&self, what: &str) -> ImportError {
        let shown = match self.property() {
            "BEGIN" | "END" => format!("{}:{}", self.name, self.value),
            property => property.to_owned(),
        };
        ImportError::new(self.number, format!("{shown}: {what}"))
    }

    fn date(&self) -> Result<NaiveDate, ImportError> {
        let refuse = || self.refuse("only all-day events are read; write ;VALUE=DATE:20260101");
        if !self.name.ends_with(";VALUE=DATE") || self.value.len() != 8 {
            return Err(refuse());
        }
        NaiveDate::parse_from_str(&self.value, "%Y%m%d").map_err(|_| refuse())
    }
}

impl Event {
    fn read(&mut self, line: &Line) -> Result<(), ImportError> {
        match line.property() {
            "DTSTART" => once(&mut self.start, line.date()?, line),
            "DTEND" => once(&mut self.end, line.date()?, line),
            "SUMMARY" => once(&mut self.summary, (line.number, line.value.clone()), line),
            "STATUS" if line.value.eq_ignore_ascii_case("CONFIRMED") => Ok(()),
            "STATUS" => Err(line.refuse("only confirmed events are read")),
            _ if line.is_one_of(SILENT) => Ok(()),
            _ => {
                Err(line
                    .refuse("is not read in an event; give each day off or worked its own event"))
            }
        }
    }
}

fn once<T>(field: &mut Option<T>, value: T, line: &Line) -> Result<(), ImportError> {
    if field.replace(value).is_some() {
        return Err(line.refuse("comes twice in one event"));
    }
    Ok(())
}

fn add(
    event: Event,
    days: &mut Vec<PublishedDay>,
    seen: &mut BTreeSet<NaiveDate>,
) -> Result<(), ImportError> {
    let at = event.line;
    let missing = |what| ImportError::new(at, format!("the event has no {what}"));
    let start = event.start.ok_or_else(|| missing("DTSTART"))?;
    let (summary_line, name) = event.summary.ok_or_else(|| missing("SUMMARY"))?;
    let kind = kind(&name).ok_or_else(|| {
        let message = "SUMMARY: tells neither rest nor work, or both; write 休 or 班, or the word rest or work";
        ImportError::new(summary_line, message)
    })?;
    let end = match event.end {
        Some(end) => end,
        None => start
            .succ_opt()
            .ok_or_else(|| ImportError::new(at, "the event has no end"))?,
    };
    if !(1..=MAX_EVENT_DAYS).contains(&(end - start).num_days()) {
        let message = format!(
            "the event runs from {start} to before {end}; DTEND is the day after the last, at most {MAX_EVENT_DAYS} days on"
        );
        return Err(ImportError::new(at, message));
    }
    for date in start.iter_days().take_while(|date| *date < end) {
        if !seen.insert(date) {
            let message = format!("{date} comes twice; keep one of the two events");
            return Err(ImportError::new(at, message));
        }
        let name = name.clone();
        days.push(PublishedDay { date, name, kind });
    }
    Ok(())
}

/// 班 goes before 假: 上班(补春节假期) is worked. With 休 beside it nobody can tell.
fn kind(summary: &str) -> Option<DayKind> {
    let lower = summary.to_lowercase();
    let says = |wanted: &str| {
        lower
            .split(|letter: char| !letter.is_ascii_alphabetic())
            .any(|word| word == wanted)
    };
    let work = lower.contains('班') || says("work");
    let rest = lower.contains('休') || says("rest");
    let holiday = lower.contains("放假") || lower.contains("假期");
    match (work, rest) {
        (true, false) => Some(DayKind::Work),
        (false, true) => Some(DayKind::Rest),
        (false, false) if holiday => Some(DayKind::Rest),
        (false, false) | (true, true) => None,
    }
}

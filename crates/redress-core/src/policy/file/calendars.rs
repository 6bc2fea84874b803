//! Working calendars in a policy file.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, Weekday};

use super::node::{Fields, Node};
use super::source::shown;
use crate::calendar::{
    Calendar, CalendarFault, Day, Exception, Hours, Period, Schedule, Tz, Week, WorkingTime,
};
use crate::id::Label;
use crate::policy::Policy;

const KEYS: &[&str] = &[
    "version", "zone", "always", "first", "last", "week", "rest", "work", "holidays", "make_up",
];

pub(crate) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const WEEK_KEYS: &[&str] = &[
    "workdays",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

const PERIODS: &str = "a list of periods, such as [\"09:00-12:00\", \"13:00-17:30\"]";

pub(super) fn read(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(table) = fields
        .get("calendars")
        .and_then(|node| node.table("a table of calendars by their names"))
    else {
        return;
    };
    for (name, node) in table.named::<Label>() {
        // A calendar with a fault is there all the same; whoever works by it is not at fault.
        let working_time = calendar(&name, &node, policy).unwrap_or_else(WorkingTime::every_hour);
        policy.calendars.insert(name, Arc::new(working_time));
    }
}

fn calendar(name: &Label, node: &Node<'_>, policy: &Policy) -> Option<WorkingTime> {
    let fields = node.fields(KEYS)?;
    let version = match fields.get("version") {
        Some(node) => node.code::<Label>()?,
        None => policy.version.clone(),
    };
    let zone = fields.need("zone", "\"Asia/Shanghai\"");
    let zone = zone.and_then(|node| zone_of(&node));
    let always = fields.get("always");
    let (hours, places) = if let Some(always) = always {
        (always_open(&fields, &always)?, Places::default())
    } else {
        scheduled(&fields)?
    };
    let calendar = Calendar {
        name: name.to_string(),
        version: version.to_string(),
        zone: zone?,
        hours,
    };
    match WorkingTime::new(&calendar) {
        Ok(working_time) => Some(working_time),
        Err(invalid) => {
            for fault in invalid.faults.iter().filter(|fault| !places.repeats(fault)) {
                places.of(fault).unwrap_or(node).refuse(fault.to_string());
            }
            None
        }
    }
}

fn zone_of(node: &Node<'_>) -> Option<Tz> {
    let name = node.text("the IANA name of a time zone in quotes")?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        node.unknown("time zone", name, known);
    }
    zone
}

fn always_open(fields: &Fields<'_>, always: &Node<'_>) -> Option<Hours> {
    if !always.flag()? {
        always.refuse("this says nothing; write true for day and night, else leave it out");
        return None;
    }
    let other = KEYS[3..].iter().find_map(|key| fields.get(key));
    if let Some(other) = other {
        other.refuse("a calendar that is always open has no hours of its own; leave one out");
        return None;
    }
    Some(Hours::Always)
}

/// Where the parts of a calendar stand in the file.
#[derive(Default)]
struct Places<'a> {
    last: Option<Node<'a>>,
    first: Option<Node<'a>>,
    week: Option<Node<'a>>,
    weekdays: Vec<(Weekday, Node<'a>)>,
    dates: BTreeMap<NaiveDate, Node<'a>>,
}

impl<'a> Places<'a> {
    fn of(&self, fault: &CalendarFault) -> Option<&Node<'a>> {
        match fault {
            CalendarFault::RangeInverted { .. } | CalendarFault::RangeTooLong { .. } => {
                self.last.as_ref()
            }
            CalendarFault::YearOutOfRange { date } => {
                let is_last = self.last.as_ref().and_then(Node::date) == Some(*date);
                if is_last {
                    self.last.as_ref()
                } else {
                    self.first.as_ref()
                }
            }
            CalendarFault::EmptyWeek => self.week.as_ref(),
            CalendarFault::OpensTooLate { day, .. }
            | CalendarFault::NoLength { day, .. }
            | CalendarFault::LongerThanADay { day, .. } => self.day(*day),
            CalendarFault::Overlap { day, other_day, .. } => {
                self.day(*day).or_else(|| self.day(*other_day))
            }
            CalendarFault::ExceptionOutside { date, .. }
            | CalendarFault::WorkWithoutPeriod { date } => self.dates.get(date),
        }
    }

    /// Whether a fault of the workdays was told of Monday already.
    fn repeats(&self, fault: &CalendarFault) -> bool {
        match fault {
            CalendarFault::OpensTooLate { day, .. }
            | CalendarFault::NoLength { day, .. }
            | CalendarFault::LongerThanADay { day, .. } => self.is_another_monday(*day),
            CalendarFault::Overlap { day, other_day, .. } => {
                self.is_another_monday(*day) && self.is_another_monday(*other_day)
            }
            CalendarFault::RangeInverted { .. }
            | CalendarFault::RangeTooLong { .. }
            | CalendarFault::YearOutOfRange { .. }
            | CalendarFault::EmptyWeek
            | CalendarFault::ExceptionOutside { .. }
            | CalendarFault::WorkWithoutPeriod { .. } => false,
        }
    }

    /// Whether a day has the hours of Monday because both have those of the workdays.
    fn is_another_monday(&self, day: Day) -> bool {
        let monday = Day::Weekday(Weekday::Mon);
        let key_of = |day| self.day(day).map(Node::key);
        day != monday && key_of(day) == key_of(monday)
    }

    fn day(&self, day: Day) -> Option<&Node<'a>> {
        match day {
            Day::Weekday(day) => {
                let found = self.weekdays.iter().find(|(other, _)| *other == day);
                found.map(|(_, node)| node).or(self.week.as_ref())
            }
            Day::Date(date) => self.dates.get(&date),
        }
    }
}

fn scheduled<'a>(fields: &Fields<'a>) -> Option<(Hours, Places<'a>)> {
    let mut places = Places {
        last: fields.get("last"),
        first: fields.get("first"),
        week: fields.need("week", "{ workdays = [\"09:00-17:30\"] }"),
        ..Places::default()
    };
    let week = places
        .week
        .clone()
        .and_then(|node| week(&node, &mut places.weekdays));
    let holidays = holidays(fields);
    let range = match &holidays {
        Some(published) => within(fields, published),
        // With a wrong list of holidays it is not known which range there is.
        None if fields.get("holidays").is_some() => None,
        None => range(fields),
    };
    let mut exceptions = BTreeMap::new();
    dated(fields, &mut exceptions, &mut places);
    let (first, last) = range?;
    for (date, exception) in holidays
        .map(|published| published.exceptions)
        .into_iter()
        .flatten()
    {
        if (first..=last).contains(&date) {
            exceptions.entry(date).or_insert(exception);
        }
    }
    let schedule = Schedule {
        first,
        last,
        week: week?,
        exceptions,
    };
    Some((Hours::Scheduled(schedule), places))
}

fn range(fields: &Fields<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let first = fields
        .need("first", "2026-01-01")
        .and_then(|node| node.date());
    let last = fields
        .need("last", "2026-12-31")
        .and_then(|node| node.date());
    Some((first?, last?))
}

/// A range that lies within what is published; all of that unless the file says less.
fn within(fields: &Fields<'_>, published: &Schedule) -> Option<(NaiveDate, NaiveDate)> {
    let bound = |key: &str, otherwise: NaiveDate| {
        let Some(node) = fields.get(key) else {
            return Some(otherwise);
        };
        let date = node.date()?;
        if (published.first..=published.last).contains(&date) {
            return Some(date);
        }
        let Schedule { first, last, .. } = published;
        node.refuse(format!(
            "these holidays are published from {first} to {last} and {date} lies outside; write a date within"
        ));
        None
    };
    let first = bound("first", published.first);
    let last = bound("last", published.last);
    Some((first?, last?))
}

/// The published holidays that a calendar builds on, make-up days included.
fn holidays(fields: &Fields<'_>) -> Option<Schedule> {
    let make_up = fields.get("make_up");
    let Some(node) = fields.get("holidays") else {
        if let Some(node) = make_up {
            node.refuse("there are no published holidays to make up for; add holidays = \"china\", or leave this out");
        }
        return None;
    };
    node.choice("list of holidays", &[("china", ())])?;
    let Some(make_up) = make_up else {
        fields.missing("make_up", "[\"09:00-17:30\"]");
        return None;
    };
    let periods = periods(&make_up)?;
    if periods.is_empty() {
        make_up.refuse("the list is empty; write when the make-up days are worked");
        return None;
    }
    match Calendar::china(&periods).hours {
        Hours::Scheduled(schedule) => Some(schedule),
        Hours::Always => None,
    }
}

fn week<'a>(node: &Node<'a>, weekdays: &mut Vec<(Weekday, Node<'a>)>) -> Option<Week> {
    let fields = node.fields(WEEK_KEYS)?;
    let workdays = match fields.get("workdays") {
        None => Some(Vec::new()),
        Some(node) => {
            for (_, day) in &WEEKDAYS[..5] {
                weekdays.push((*day, node.clone()));
            }
            periods(&node)
        }
    };
    let mut week = Some(Week::monday_to_friday(
        &workdays.clone().unwrap_or_default(),
    ));
    for (name, day) in WEEKDAYS {
        let Some(node) = fields.get(name) else {
            continue;
        };
        weekdays.insert(0, (day, node.clone()));
        let periods = periods(&node);
        week = week.and_then(|week| Some(week.with(day, &periods?)));
    }
    workdays.and(week)
}

fn periods(node: &Node<'_>) -> Option<Vec<Period>> {
    let items = node.list(PERIODS)?;
    let read: Vec<Option<Period>> = items.iter().map(period).collect();
    read.into_iter().collect()
}

fn period(node: &Node<'_>) -> Option<Period> {
    let text = node.text("a period in quotes, such as \"09:00-17:30\"")?;
    match text.parse() {
        Ok(period) => Some(period),
        Err(why) => {
            node.refuse(format!("`{}` {why}", shown(text)));
            None
        }
    }
}

/// Reads the dates that differ.
fn dated<'a>(
    fields: &Fields<'a>,
    exceptions: &mut BTreeMap<NaiveDate, Exception>,
    places: &mut Places<'a>,
) {
    let mut take = |node: Node<'a>, date: NaiveDate, exception: Exception| {
        if exceptions.insert(date, exception).is_some() {
            node.refuse(format!("{date} is given already; leave one out"));
        }
        places.dates.insert(date, node);
    };
    if let Some(node) = fields.get("rest") {
        for (item, date) in node.each("a list of dates, such as [2026-01-01]", Node::date) {
            take(item, date, Exception::Rest);
        }
    }
    if let Some(node) = fields.get("work") {
        let wanted =
            "a list of tables, such as [{ date = 2026-02-14, periods = [\"09:00-17:30\"] }]";
        for (item, (date, periods)) in node.each(wanted, worked) {
            take(item, date, Exception::Work(periods));
        }
    }
}

fn worked(node: &Node<'_>) -> Option<(NaiveDate, Vec<Period>)> {
    let fields = node.fields(&["date", "periods"])?;
    let date = fields
        .need("date", "2026-02-14")
        .and_then(|node| node.date());
    let periods = fields
        .need("periods", "[\"09:00-17:30\"]")
        .and_then(|node| periods(&node));
    Some((date?, periods?))
}

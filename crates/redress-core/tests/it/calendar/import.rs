//! Published lists of holidays: read, and refused with the line.

use redress_core::calendar::{
    DayKind, ImportError, PublishedDay, all_day_icalendar, china_days, yearly_json,
};

use super::date;

fn told(days: &[PublishedDay]) -> Vec<(String, &str, DayKind)> {
    days.iter()
        .map(|day| (day.date.to_string(), day.name.as_str(), day.kind))
        .collect()
}

#[track_caller]
fn refused(result: Result<Vec<PublishedDay>, ImportError>, message: &str) {
    assert_eq!(result.unwrap_err().to_string(), message);
}

const JSON: &str = r#"{
    "$schema": "https://example.org/schema.json",
    "$id": "https://example.org/2019.json",
    "year": 2019,
    "papers": ["http://www.gov.cn/zhengce/content/2018-12/06/content_5346276.htm"],
    "days": [
        {
            "name": "元旦",
            "date": "2018-12-29",
            "isOffDay": false
        },
        {
            "name": "元旦",
            "date": "2019-01-01",
            "isOffDay": true
        }
    ]
}"#;

#[test]
fn a_year_of_days() {
    let days = yearly_json(JSON).unwrap();
    assert_eq!(
        told(&days),
        [
            ("2018-12-29".to_owned(), "元旦", DayKind::Work),
            ("2019-01-01".to_owned(), "元旦", DayKind::Rest),
        ]
    );
    // Both are in the built-in list as well, under the same name.
    assert!(days.iter().all(|day| china_days().contains(day)));
}

#[test]
fn years_that_are_not_understood() {
    let changed = |from: &str, to: &str| yearly_json(&JSON.replacen(from, to, 1));
    refused(
        changed("\"papers\"", "\"paper\""),
        "line 5: unknown field `paper`, expected one of `$schema`, `$id`, `year`, `papers`, `days`",
    );
    refused(
        changed("\"isOffDay\": true", "\"isOffDay\": true, \"wage\": 3"),
        "line 15: unknown field `wage`, expected one of `name`, `date`, `isOffDay`",
    );
    refused(
        changed("2019-01-01", "2019-02-29"),
        "line 14: input is out of range",
    );
    refused(
        changed("\"isOffDay\": true", "\"isOffDay\": 1"),
        "line 15: invalid type: integer `1`, expected a boolean",
    );
    refused(
        changed("2018-12-29", "2018-11-29"),
        "line 7: 2018-11-29 does not belong to the year 2019",
    );
    refused(
        changed("2018-12-29", "2019-01-01"),
        "line 12: 2019-01-01 comes twice; keep one of the two",
    );
    refused(
        yearly_json("{\"year\": 2027, \"papers\": [], \"days\": []}"),
        "line 1: the year 2027 has no days; it is not published yet",
    );
    refused(yearly_json(""), "line 1: EOF while parsing a value");
    refused(
        yearly_json("{\"year\": 2027}"),
        "line 1: missing field `days`",
    );
    refused(
        yearly_json(&JSON.replace("true", "true,")),
        "line 16: key must be a string",
    );
}

const ICALENDAR: &str = "BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//example//holidays//EN\r
X-WR-CALDESC:中国法定节假日，自动每日抓取国务院公\r
 告。\r
BEGIN:VTIMEZONE\r
TZID:Asia/Shanghai\r
BEGIN:STANDARD\r
DTSTART:19700101T000000\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
SUMMARY:春节假期\r
DTSTART;VALUE=DATE:20240210\r
DTEND;VALUE=DATE:20240218\r
DTSTAMP:20231025T000000Z\r
UID:1@example.org\r
STATUS:CONFIRMED\r
BEGIN:VALARM\r
TRIGGER:-PT12H\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY;LANGUAGE=zh-CN:上班(补春\r
 节假期)\r
DTSTART;VALUE=DATE:20240218\r
END:VEVENT\r
END:VCALENDAR\r
";

#[test]
fn all_day_events() {
    let days = all_day_icalendar(ICALENDAR).unwrap();
    assert_eq!(days.len(), 9);
    assert_eq!(days[0].date, date("2024-02-10"));
    assert_eq!(days[7].date, date("2024-02-17"));
    assert!(days[..8].iter().all(|day| day.kind == DayKind::Rest));
    assert_eq!(
        told(&days[8..]),
        [("2024-02-18".to_owned(), "上班(补春节假期)", DayKind::Work)]
    );
}

#[test]
fn summaries_that_tell() {
    let said = |summary: &str| {
        let text = ICALENDAR.replace("春节假期\r", &format!("{summary}\r"));
        all_day_icalendar(&text).map(|days| days[0].kind)
    };
    for rest in ["元旦（休）", "国庆节放假", "New Year (Rest)", "rest"] {
        assert_eq!(said(rest), Ok(DayKind::Rest), "{rest}");
    }
    for work in ["元旦 班", "补班", "上班(补春节假期)", "WORK: New Year"] {
        assert_eq!(said(work), Ok(DayKind::Work), "{work}");
    }
    for unclear in [
        "",
        "元旦",
        "调休上班",
        "restaurant",
        "rest or work",
        "homework",
    ] {
        assert_eq!(
            said(unclear).unwrap_err().to_string(),
            "line 13: SUMMARY: tells neither rest nor work, or both; write 休 or 班, or the word rest or work",
            "{unclear}"
        );
    }
}

#[test]
fn files_that_are_not_understood() {
    let changed = |from: &str, to: &str| all_day_icalendar(&ICALENDAR.replacen(from, to, 1));
    refused(
        changed("DTSTART;VALUE=DATE:20240210", "DTSTART:20240210T090000Z"),
        "line 14: DTSTART: only all-day events are read; write ;VALUE=DATE:20260101",
    );
    refused(
        changed("20240210", "20240230"),
        "line 14: DTSTART: only all-day events are read; write ;VALUE=DATE:20260101",
    );
    refused(
        changed("UID:1@example.org", "RRULE:FREQ=YEARLY"),
        "line 17: RRULE: is not read in an event; give each day off or worked its own event",
    );
    refused(
        changed("STATUS:CONFIRMED", "STATUS:CANCELLED"),
        "line 18: STATUS: only confirmed events are read",
    );
    refused(
        changed("UID:1@example.org", "SUMMARY:休"),
        "line 17: SUMMARY: comes twice in one event",
    );
    refused(
        changed("DTSTART;VALUE=DATE:20240210\r\n", ""),
        "line 12: the event has no DTSTART",
    );
    refused(
        changed("SUMMARY:春节假期\r\n", ""),
        "line 12: the event has no SUMMARY",
    );
    refused(
        changed("20240218", "20240210"),
        "line 12: the event runs from 2024-02-10 to before 2024-02-10; DTEND is the day after the last, at most 62 days on",
    );
    refused(
        changed("20240218", "20250218"),
        "line 12: the event runs from 2024-02-10 to before 2025-02-18; DTEND is the day after the last, at most 62 days on",
    );
    refused(
        changed("20240218", "20240219"),
        "line 23: 2024-02-18 comes twice; keep one of the two events",
    );
    refused(
        changed("BEGIN:VEVENT", "BEGIN:VTODO"),
        "line 12: BEGIN:VTODO: is not read; a file of holidays holds all-day events (VEVENT) alone",
    );
    refused(
        changed("VERSION:2.0", "VERSION"),
        "line 2: is no iCalendar line; write it as NAME:VALUE",
    );
    refused(
        changed("END:VCALENDAR\r\n", ""),
        "line 27: the file ends before END:VCALENDAR; it may have been cut off",
    );
    refused(
        all_day_icalendar(&format!("{ICALENDAR}BEGIN:VCALENDAR\r\n")),
        "line 29: BEGIN:VCALENDAR: nothing may follow END:VCALENDAR",
    );
    refused(
        all_day_icalendar("<html>:</html>"),
        "line 1: <HTML>: the file must begin with BEGIN:VCALENDAR",
    );
    refused(
        all_day_icalendar(" BEGIN:VCALENDAR"),
        "line 1: the file begins with white space",
    );
    refused(
        all_day_icalendar(""),
        "line 1: the file ends before END:VCALENDAR; it may have been cut off",
    );
    refused(
        all_day_icalendar("BEGIN:VCALENDAR\nEND:VCALENDAR"),
        "line 1: the file has no events",
    );
}

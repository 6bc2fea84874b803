//! `redress policy days`: a published list is looked at before it is used.

use crate::program::{Folder, json, run, text};

const YEAR: &str = r#"{"year": 2026, "papers": [], "days": [
  {"name": "春节", "date": "2026-02-14", "isOffDay": false},
  {"name": "元旦", "date": "2026-01-01", "isOffDay": true}
]}"#;

#[test]
fn a_list_is_told_with_the_lines_that_say_it_in_a_policy() {
    let folder = Folder::new();
    let file = folder.write("2026.json", YEAR);
    let list = |more: &[&str]| run(&[&["policy", "days", text(&file)], more].concat());
    let ran = list(&["--make-up", "09:00-12:00", "--make-up", "13:00-17:30"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in [
        "2026-01-01  Thu  rest  元旦",
        "2026-02-14  Sat  work  春节",
        "rest = [2026-01-01]",
        r#"work = [{ date = 2026-02-14, periods = ["09:00-12:00", "13:00-17:30"] }]"#,
    ] {
        assert!(ran.out.lines().any(|found| found == line), "{}", ran.out);
    }
    let days = json(&["policy", "days", text(&file)]);
    assert_eq!(days["days"][1]["kind"], "work");
    assert_eq!(list(&["--make-up", "25:00"]).code, 2);
}

/// What stands after the list in `[calendars.office]` is a policy again, which works on the make-up day.
#[test]
fn the_lines_are_those_of_a_policy() {
    let folder = Folder::new();
    let file = folder.write("2026.json", YEAR);
    let told = run(&["policy", "days", text(&file)]).out;
    let lines: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("rest =") || line.starts_with("work ="))
        .collect();
    let policy = format!(
        "version = \"1\"\nextends = \"standard\"\ncalendar = \"office\"\n[calendars.office]\nzone = \"Asia/Shanghai\"\n\
        version = \"1\"\nfirst = 2026-01-01\nlast = 2026-12-31\nweek = {{ workdays = [\"09:00-17:30\"] }}\n{}\n",
        lines.join("\n")
    );
    let policy = folder.write("policy.toml", policy);
    let checked = run(&["policy", "check", text(&policy)]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{told}");
}

#[test]
fn anything_else_in_the_list_is_refused_with_its_line() {
    let folder = Folder::new();
    let wrong = folder.write("a.json", YEAR.replace("isOffDay\": true", "isOff\": true"));
    let ran = run(&["policy", "days", text(&wrong)]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("a.json, line 3: "), "{}", ran.err);
    assert!(ran.err.ends_with("nothing of it is used\n"), "{}", ran.err);
    let timed = folder.write(
        "a.ics",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T090000Z\nSUMMARY:rest\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    let ran = run(&["policy", "days", text(&timed)]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("a.ics, line 3: "), "{}", ran.err);
}

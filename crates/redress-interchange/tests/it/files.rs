//! Small files for tests, and what becomes of them.

use std::io::Read;

use redress_interchange::{
    Finding, ImportError, Importer, Mapping, Options, Report, Row, RowOutcome,
};

/// The mapping of the small files: seconds, in Berlin.
pub(crate) const MAPPING: &str = r#"
name = "desk"
[source]
title = "A desk"
licence = "none"
attribution = "nobody"
[file]
missing = ["?"]
time_format = "%Y-%m-%d %H:%M:%S"
zone = "Europe/Berlin"
[case]
key = "id"
rows = "updates"
order = "file"
[received]
at = "opened"
intake_department = "front"
receiver = "taken by"
customer_pseudonym = "customer"
channel = { column = "via", values = { "Phone" = "phone_hotline", "Mail" = "email" } }
[update]
at = "at"
by = "by"
role = "agent"
[classified]
category = ["category"]
severity = { column = "impact", values = { "1" = "serious", "2" = "minor" } }
priority = { column = "priority", values = { "1" = "urgent", "2" = "high", "3" = "normal", "4" = "low" } }
[assigned]
department = "group"
person = "person"
[states]
column = "state"
values = { "New" = "open", "Wait" = { pause = "awaiting_customer" }, "Vendor" = { pause = "awaiting_third_party" }, "Done" = "resolved", "Filed" = "closed" }
[resolved]
cause = "code"
[recorded]
at_close = ["in time"]
"#;

pub(crate) const HEADER: &str = "id,opened,taken by,customer,via,at,by,category,impact,priority,group,person,state,code,in time";

/// One row: case, minute of 2026-01-05 10:00, state, group, person, priority, category.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) case: &'a str,
    pub(crate) minute: u32,
    pub(crate) state: &'a str,
    pub(crate) group: &'a str,
    pub(crate) person: &'a str,
    pub(crate) priority: &'a str,
    pub(crate) category: &'a str,
    pub(crate) code: &'a str,
    pub(crate) in_time: &'a str,
}

pub(crate) const PLAIN: Line<'static> = Line {
    case: "C1",
    minute: 0,
    state: "New",
    group: "?",
    person: "?",
    priority: "3",
    category: "Late",
    code: "?",
    in_time: "yes",
};

impl Line<'_> {
    pub(crate) fn text(&self) -> String {
        format!(
            "{},2026-01-05 10:00:00,Taker 1,Customer 1,Phone,2026-01-05 10:{:02}:00,Agent 1,{},2,{},{},{},{},{},{}",
            self.case,
            self.minute,
            self.category,
            self.priority,
            self.group,
            self.person,
            self.state,
            self.code,
            self.in_time,
        )
    }
}

pub(crate) fn file(lines: &[Line<'_>]) -> String {
    let rows = lines.iter().map(Line::text);
    let all: Vec<String> = std::iter::once(HEADER.to_owned()).chain(rows).collect();
    all.join("\n") + "\n"
}

pub(crate) fn mapping() -> Mapping {
    Mapping::parse(MAPPING, "desk.toml").unwrap()
}

pub(crate) fn import_with<R: Read>(
    mapping: &Mapping,
    reader: R,
    options: Options,
) -> Result<(Vec<RowOutcome>, Report), ImportError> {
    let mut importer = Importer::new(mapping, reader, options)?;
    let rows = importer.by_ref().collect::<Result<_, _>>()?;
    Ok((rows, *importer.report()))
}

pub(crate) fn import(text: &[u8]) -> Result<(Vec<RowOutcome>, Report), ImportError> {
    import_with(&mapping(), text, Options::default())
}

pub(crate) fn used(outcomes: &[RowOutcome]) -> Vec<&Row> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            RowOutcome::Used(row) => row,
            RowOutcome::Rejected(finding) => panic!("{finding}"),
        })
        .collect()
}

pub(crate) fn rejected(outcomes: &[RowOutcome]) -> Vec<&Finding> {
    outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            RowOutcome::Used(_) => None,
            RowOutcome::Rejected(finding) => Some(finding),
        })
        .collect()
}

/// The names of the commands of each row.
pub(crate) fn commands(outcomes: &[RowOutcome]) -> Vec<String> {
    used(outcomes)
        .iter()
        .map(|row| {
            let names: Vec<_> = row.steps.iter().map(|step| step.command.name()).collect();
            names.join(" ")
        })
        .collect()
}

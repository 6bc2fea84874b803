//! The public files as other years, other ways of export and other programs write them.
//!
//! These are variations made of the cuts, no files that anybody published. `docs/sources.md` says where each
//! difference comes from. Whatever the form, the rows lead to the same steps under the same ids.

use chrono::NaiveDateTime;
use redress_core::Command;
use redress_interchange::{Mapping, Options, Row, demo_csv};

use crate::files::{import_with, used};

const NYC: &str = include_str!("../data/nyc_311_cut.csv");
const BOSTON: &str = include_str!("../data/boston_311_cut.csv");
const CFPB: &str = include_str!("../data/cfpb_cut.csv");

fn rows(mapping: &str, file: &[u8]) -> Vec<Row> {
    let mapping = Mapping::shipped(mapping).unwrap();
    let (outcomes, _) = import_with(&mapping, file, Options::default()).unwrap();
    used(&outcomes).into_iter().cloned().collect()
}

/// A file as a table.
#[derive(Clone)]
struct Table(Vec<Vec<String>>);

impl Table {
    fn of(text: &str) -> Self {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let records = reader.records().map(Result::unwrap);
        Self(
            records
                .map(|row| row.iter().map(str::to_owned).collect())
                .collect(),
        )
    }

    fn rename(mut self, name: &str, other: &str) -> Self {
        let column = self.0[0].iter_mut().find(|column| *column == name);
        other.clone_into(column.unwrap());
        self
    }

    /// The names as Socrata's interface makes them of the headings.
    fn with_field_names(mut self) -> Self {
        for name in &mut self.0[0] {
            *name = name
                .to_lowercase()
                .replace(' ', "_")
                .replace(['?', '-'], "");
        }
        self
    }

    fn without(mut self, name: &str) -> Self {
        let place = self.0[0].iter().position(|column| column == name).unwrap();
        for row in &mut self.0 {
            row.remove(place);
        }
        self
    }

    /// Columns in another order, and more of them.
    fn reordered(mut self) -> Self {
        for (line, row) in self.0.iter_mut().enumerate() {
            row.reverse();
            row.insert(
                1,
                if line == 0 {
                    "Additional Details"
                } else {
                    "a, \"b\"\nc"
                }
                .to_owned(),
            );
        }
        self
    }

    /// Every time in one form written in another.
    fn with_times(mut self, form: &str, other: &str) -> Self {
        let mut count = 0;
        for cell in self.0.iter_mut().skip(1).flatten() {
            let midnight = format!("{cell} 00:00");
            let time = NaiveDateTime::parse_from_str(cell, form)
                .or_else(|_| NaiveDateTime::parse_from_str(&midnight, &format!("{form} %H:%M")));
            if let Ok(time) = time {
                *cell = time.format(other).to_string();
                count += 1;
            }
        }
        assert!(count >= self.0.len(), "a time in each row");
        self
    }

    fn written(&self, delimiter: u8, terminator: csv::Terminator) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(terminator)
            .from_writer(Vec::new());
        self.0
            .iter()
            .for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    }

    fn plain(&self) -> Vec<u8> {
        self.written(b',', csv::Terminator::Any(b'\n'))
    }
}

/// The steps of each row, without what is told of columns.
#[track_caller]
fn check(mapping: &str, cut: &str, variation: &[u8]) {
    let steps = |file: &[u8]| -> Vec<_> {
        let rows = rows(mapping, file).into_iter();
        rows.map(|row| (row.case, row.steps, row.findings.len()))
            .collect()
    };
    let (wanted, found) = (steps(cut.as_bytes()), steps(variation));
    assert_eq!(wanted.len(), found.len());
    for (wanted, found) in wanted.iter().zip(&found) {
        assert_eq!(wanted, found);
    }
}

#[test]
fn new_york_by_other_names_and_times() {
    let export = "%m/%d/%Y %I:%M:%S %p";
    let table = Table::of(NYC);
    let renamed = table
        .clone()
        .rename("Complaint Type", "Problem (formerly Complaint Type)")
        .rename("Descriptor", "Problem Detail (formerly Descriptor)")
        .reordered();
    check("nyc-311", NYC, &renamed.plain());
    let interface = table
        .clone()
        .with_field_names()
        .with_times(export, "%Y-%m-%dT%H:%M:%S.000");
    check("nyc-311", NYC, &interface.plain());
    for form in [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M:%S.000000",
        "%-m/%-d/%Y %H:%M:%S",
    ] {
        let again = table.clone().with_times(export, form);
        check("nyc-311", NYC, &again.plain());
    }
}

#[test]
fn new_york_without_what_some_years_lack() {
    let table = Table::of(NYC)
        .without("Due Date")
        .without("Open Data Channel Type");
    let rows = rows("nyc-311", &table.plain());
    assert_eq!(rows.len(), 1000);
    // Nothing is due where the file has no deadlines, and today's rules are not held against it.
    let empty = Table::of(NYC);
    let mut empty = empty.0;
    let places: Vec<usize> = ["Due Date", "Open Data Channel Type"]
        .iter()
        .map(|name| empty[0].iter().position(|column| column == name).unwrap())
        .collect();
    for row in empty.iter_mut().skip(1) {
        places.iter().for_each(|place| row[*place].clear());
    }
    let empty = String::from_utf8(Table(empty).plain()).unwrap();
    check("nyc-311", &empty, &table.plain());
}

#[test]
fn boston_by_other_names_and_times() {
    let table = Table::of(BOSTON);
    let renamed = table
        .clone()
        .rename("target_dt", "sla_target_dt")
        .rename("ontime", "on_time")
        .reordered();
    check("boston-311", BOSTON, &renamed.plain());
    let interface = table
        .clone()
        .with_times("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S");
    check("boston-311", BOSTON, &interface.plain());
    let socrata = table.with_times("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p");
    check("boston-311", BOSTON, &socrata.plain());
    // The portal of the years before 2017 wrote its names in capitals.
    let (header, rest) = BOSTON.split_once('\n').unwrap();
    let capitals = format!("{}\n{rest}", header.to_uppercase());
    check("boston-311", BOSTON, capitals.as_bytes());
}

#[test]
fn the_complaints_by_other_names_and_dates() {
    let table = Table::of(CFPB);
    for form in ["%Y-%m-%d", "%m/%d/%y", "%-m/%-d/%Y", "%Y-%m-%dT00:00:00"] {
        let dates = table.clone().with_times("%m/%d/%Y", form);
        check("cfpb", CFPB, &dates.plain());
    }
    let interface = table
        .clone()
        .with_field_names()
        .rename("company_response_to_consumer", "company_response")
        .rename("timely_response", "timely");
    check("cfpb", CFPB, &interface.plain());
    // Later files have no column about disputes: nothing is reopened.
    let later = rows("cfpb", &table.without("Consumer disputed?").plain());
    let reopened = later.iter().flat_map(|row| &row.steps);
    assert_eq!(later.len(), 349);
    assert_eq!(
        reopened
            .filter(|step| step.command.name() == "reopen")
            .count(),
        0
    );
}

#[test]
fn a_narrative_is_the_description_under_either_name() {
    for name in ["Consumer complaint narrative", "complaint_what_happened"] {
        let mut table = Table::of(CFPB);
        for (line, row) in table.0.iter_mut().enumerate() {
            row.push(
                if line == 0 {
                    name
                } else {
                    "They wrote,\n\"no\""
                }
                .to_owned(),
            );
        }
        for row in rows("cfpb", &table.plain()) {
            let Command::Receive(received) = &row.steps[0].command else {
                panic!("a receipt");
            };
            let words = received.personal.known().unwrap();
            assert_eq!(words.description, "They wrote,\n\"no\"");
            assert!(received.product.is_some());
        }
    }
}

#[test]
fn a_date_with_its_offset_is_an_instant() {
    let file = "date_received,product,issue,company,submitted_via,date_sent_to_company,company_response,timely,complaint_id\n\
        2020-02-28T12:00:00-05:00,Mortgage,Trouble,Example Bank,Web,2020-03-02T17:00:00.000Z,Closed with explanation,Yes,1\n";
    let rows = rows("cfpb", file.as_bytes());
    let times: Vec<_> = rows[0]
        .steps
        .iter()
        .map(|step| step.occurred_at.to_string())
        .collect();
    assert_eq!(times[0], "2020-02-28T17:00:00Z");
    assert_eq!(times[2], "2020-03-02T17:00:00Z");
}

#[test]
fn the_incidents_with_other_times() {
    let table = Table::of(demo_csv());
    let frame = table.with_times("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S");
    check("uci-incidents", demo_csv(), &frame.plain());
}

#[test]
fn any_file_by_other_delimiters_line_ends_and_encodings() {
    let files = [
        ("nyc-311", NYC),
        ("boston-311", BOSTON),
        ("cfpb", CFPB),
        ("uci-incidents", demo_csv()),
    ];
    for (mapping, cut) in files {
        let table = Table::of(cut);
        for delimiter in *b";\t|" {
            check(
                mapping,
                cut,
                &table.written(delimiter, csv::Terminator::CRLF),
            );
        }
        let marked = ["\u{feff}".as_bytes(), &table.plain()].concat();
        check(mapping, cut, &marked);
        let text = String::from_utf8(table.written(b'\t', csv::Terminator::CRLF)).unwrap();
        let units = format!("\u{feff}{text}");
        let utf16: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(mapping, cut, &utf16);
    }
}

#[test]
fn bytes_that_nobody_reads_cost_nothing() {
    let table = Table::of(BOSTON).reordered();
    let file = table.plain();
    let place = file.windows(3).position(|bytes| bytes == b"a, ").unwrap();
    let mut broken = file;
    broken[place] = 0xe9;
    check("boston-311", BOSTON, &broken);
}

#[test]
fn a_delimiter_at_the_end_of_each_row_costs_nothing() {
    let (header, rest) = BOSTON.split_once("\r\n").unwrap();
    let text = format!("{header}\r\n{}", rest.replace("\r\n", ",\r\n"));
    check("boston-311", BOSTON, text.as_bytes());
}

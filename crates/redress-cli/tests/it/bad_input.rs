//! Files that cannot be imported, or not whole: what is said, what the shell is told, and what the ledger holds.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use crate::program::{Folder, Ran, import, json, rows, run, text};

/// Imports a file that is refused as a whole, and checks that nothing was made.
#[track_caller]
fn check_refused(content: impl AsRef<[u8]>, message: &str) {
    let folder = Folder::new();
    let file = folder.write("bad.csv", content);
    let ran = import(&file, &folder.path("c.redress"));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let wanted = format!("redress: cannot import {}: {message}", text(&file));
    assert!(ran.err.starts_with(&wanted), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1);
    assert_eq!(folder.content().len(), 1, "only the file itself");
}

/// Checks that an import took everything but one row: what is left is the import of `rest`.
#[track_caller]
fn check_one_row_refused(folder: &Folder, ran: &Ran, ledger: &Path, rest: &str, finding: &str) {
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    let listed = std::fs::read_to_string(ledger.with_extension("rejects.csv")).unwrap();
    assert!(
        listed.lines().any(|line| line.starts_with(finding)),
        "{listed}"
    );
    let code = finding.split(',').nth(3).unwrap();
    assert!(ran.out.contains(code), "{}", ran.out);
    let clean = folder.path("clean.redress");
    assert_eq!(import(&folder.write("clean.csv", rest), &clean).code, 0);
    assert_eq!(counts(ledger), counts(&clean));
}

fn counts(ledger: &Path) -> Value {
    json(&["replay", text(ledger)])
}

/// Imports 60 rows with the 30th changed.
#[track_caller]
fn check_bad_row(change: impl Fn(&[u8]) -> Vec<u8>, finding: &str) {
    let folder = Folder::new();
    let good = rows(60);
    let mut bad = Vec::new();
    let mut rest = String::new();
    for (index, line) in good.split_inclusive('\n').enumerate() {
        if index == 30 {
            bad.extend(change(line.as_bytes()));
        } else {
            bad.extend(line.as_bytes());
            rest.push_str(line);
        }
    }
    let ledger = folder.path("c.redress");
    let ran = import(&folder.write("bad.csv", bad), &ledger);
    check_one_row_refused(&folder, &ran, &ledger, &rest, finding);
}

/// The row with one cell replaced; the cells of the demo cut are not quoted.
fn with_cell(row: &[u8], index: usize, value: &[u8]) -> Vec<u8> {
    let mut cells: Vec<&[u8]> = row.split(|byte| *byte == b',').collect();
    cells[index] = value;
    cells.join(&b',')
}

#[test]
fn an_empty_file_is_refused() {
    check_refused("", "the file is empty: line 1 must name the columns");
}

#[test]
fn a_missing_column_is_named() {
    check_refused(
        rows(5).replacen("incident_state", "status", 1),
        "line 1: the header lacks \"incident_state\", which the mapping names; it has \"number\", \"status\"",
    );
}

#[test]
fn a_file_that_is_no_csv_is_refused() {
    check_refused(
        "Dear Sir or Madam,\nthe parcel did not come.\n",
        "line 1: none of the columns that the mapping names is there",
    );
    check_refused(
        b"\x89PNG\r\n\x1a\n\0\0",
        "line 1, column 1: the header is not UTF-8 text",
    );
}

#[test]
fn a_header_that_never_ends_is_refused() {
    check_refused(
        "x".repeat(3 << 20),
        "line 1: the header is longer than 1048576 bytes; is this a CSV file?",
    );
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new();
    let inside = folder.path("folder");
    std::fs::create_dir(&inside).unwrap();
    let ran = import(&inside, &folder.path("c.redress"));
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("it is a folder; name a CSV file"),
        "{}",
        ran.err
    );
    assert!(!folder.path("c.redress").exists());
}

#[test]
fn broken_utf8_in_the_middle_costs_one_row() {
    check_bad_row(
        |row| with_cell(row, 16, b"Cat\xffegory"),
        "31,category (17),rejected,not_text,the cell is not UTF-8 text after its first 3 characters",
    );
}

#[test]
fn a_date_that_is_none_costs_one_row() {
    check_bad_row(
        |row| with_cell(row, 13, b"31/2/2016 07:00"),
        "31,sys_updated_at (14),rejected,unreadable_time,",
    );
}

#[test]
fn a_row_with_too_few_cells_costs_one_row() {
    check_bad_row(
        |_| b"INC0000045,New\n".to_vec(),
        "31,,rejected,cell_count,the row has 2 cells and the header 36",
    );
}

#[test]
fn a_line_of_100_megabytes_costs_one_row() {
    let folder = Folder::new();
    let path = folder.path("bad.csv");
    let (before, whole) = (rows(30), rows(60));
    let mut file = File::create(&path).unwrap();
    file.write_all(before.as_bytes()).unwrap();
    let megabyte = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        file.write_all(&megabyte).unwrap();
    }
    file.write_all(b"\n").unwrap();
    file.write_all(whole.strip_prefix(&before).unwrap().as_bytes())
        .unwrap();
    drop(file);
    let ledger = folder.path("c.redress");
    let ran = import(&path, &ledger);
    let finding = "32,,rejected,row_too_long,\"the row is longer than 1048576 bytes";
    check_one_row_refused(&folder, &ran, &ledger, &whole, finding);
}

#[test]
fn the_output_counts_refusals_by_reason_and_says_what_to_do() {
    let folder = Folder::new();
    let lines = rows(40);
    let mut lines: Vec<&str> = lines.split_inclusive('\n').collect();
    lines.insert(10, "INC1,New\n");
    lines.insert(20, "INC2,New\n");
    let ran = import(
        &folder.write("bad.csv", lines.concat()),
        &folder.path("c.redress"),
    );
    let found = ran
        .out
        .lines()
        .find(|line| line.contains("cell_count"))
        .unwrap();
    let cells: Vec<&str> = found
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    assert_eq!(
        cells,
        [
            "rejected",
            "cell_count",
            "2",
            "11",
            "the row has 2 cells and the header 36"
        ]
    );
    assert!(
        ran.out
            .contains("mend the file or the mapping and import into a new ledger"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("Next: redress sla "), "{}", ran.out);
}

/// Imports with a mapping of one's own that is not good.
#[track_caller]
fn check_mapping(content: impl AsRef<[u8]>, message: &str) {
    let folder = Folder::new();
    let mapping = folder.write("own.toml", content);
    let file = folder.write("log.csv", rows(5));
    let ledger = folder.path("c.redress");
    let ran = run(&[
        "import",
        "--mapping",
        text(&mapping),
        text(&file),
        text(&ledger),
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let wanted = format!("redress: {}:{message}", text(&mapping));
    assert!(ran.err.starts_with(&wanted), "{}", ran.err);
    assert_eq!(folder.content().len(), 2, "mapping and file");
}

#[test]
fn a_mapping_is_refused_with_line_and_column() {
    check_mapping(
        "name = \"own\"\nname = \"own\"\n",
        "2:1: at `name`: duplicate key",
    );
    check_mapping(
        "name = 3\n",
        "1:8: at `name`: invalid type: integer `3`, expected a string",
    );
    check_mapping(
        b"name = \"own\"\n# caf\xe9\n",
        "2:6: the mapping is not UTF-8 text; save the file as UTF-8",
    );
}

#[test]
fn a_mapping_that_is_not_there_is_told_with_those_that_are() {
    let folder = Folder::new();
    let file = folder.write("log.csv", rows(5));
    let ledger = folder.path("c.redress");
    let ran = run(&["import", "--mapping", "nope", text(&file), text(&ledger)]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        "redress: \"nope\": is no shipped mapping; there are: boston-311, cfpb, nyc-311, uci-incidents\n"
    );
    let path = folder.path("nope.toml");
    let ran = run(&[
        "import",
        "--mapping",
        text(&path),
        text(&file),
        text(&ledger),
    ]);
    let wanted = format!("redress: cannot read {}: ", path.display());
    assert!(ran.code == 1 && ran.err.starts_with(&wanted), "{}", ran.err);
    assert!(!ledger.exists());
}

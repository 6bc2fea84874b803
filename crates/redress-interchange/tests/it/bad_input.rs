//! Files that are broken: what is said, and what is still used.

use std::io::{self, Read};

use redress_interchange::{ImportError, Mapping, Options};

use crate::files::{
    HEADER, Line, MAPPING, PLAIN, commands, file, import, import_with, mapping, rejected,
};

#[track_caller]
fn refused(text: &[u8], message: &str) {
    let error = import(text).unwrap_err();
    assert_eq!(error.to_string(), message);
}

/// The rejected rows of a file, as they are told.
#[track_caller]
fn check(text: &[u8], messages: &[&str]) {
    let (outcomes, report) = import(text).unwrap();
    let told: Vec<_> = rejected(&outcomes)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told, messages);
    assert_eq!(report.rows_rejected, u64::try_from(messages.len()).unwrap());
}

#[test]
fn an_empty_file() {
    for text in ["", "\n\r\n\n", "\u{feff}", "\u{feff}\r\n"] {
        refused(
            text.as_bytes(),
            "the file is empty: line 1 must name the columns",
        );
    }
}

#[test]
fn a_header_alone_is_a_file_without_rows() {
    let (outcomes, report) = import(HEADER.as_bytes()).unwrap();
    assert_eq!((outcomes.len(), report.rows), (0, 0));
}

#[test]
fn a_wrong_delimiter() {
    let mapping = MAPPING.replacen("[file]", "[file]\ndelimiter = ','", 1);
    let mapping = Mapping::parse(&mapping, "desk.toml").unwrap();
    for (delimiter, shown) in [(";", "\";\""), ("|", "\"|\""), ("\t", "a tab")] {
        let text = file(&[PLAIN]).replace(',', delimiter);
        let start: String = HEADER.replace(',', delimiter).chars().take(40).collect();
        let start = start.replace('\t', "\u{fffd}");
        let error = import_with(&mapping, text.as_bytes(), Options::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "line 1: the header has one column, \"{start}…\", where several are expected: the mapping says that \",\" stands between columns, but it may be {shown}"
            ),
        );
    }
}

#[test]
fn a_packed_file() {
    for start in [&b"PK\x03\x04\x14\0\0\0"[..], &b"\x1f\x8b\x08\0"[..]] {
        refused(
            start,
            "the file is packed, or a workbook; unpack it, or save it as CSV",
        );
    }
}

#[test]
fn a_file_without_a_header() {
    for text in ["Wang Fang\n", "Wang Fang,2026,a\n"] {
        refused(
            text.as_bytes(),
            "line 1: none of the columns that the mapping names is there; the first line of the file must name them: \"id\", \"opened\", \"taken by\", \"customer\", \"via\", \"at\", \"by\", \"category\", \"impact\", \"priority\", \"group\", \"person\", \"state\", \"code\", \"in time\"",
        );
    }
}

#[test]
fn columns_that_are_not_there() {
    let text = file(&[PLAIN])
        .replacen("opened,", "begun,", 1)
        .replacen(",in time", ",sla", 1);
    refused(
        text.as_bytes(),
        "line 1: the header lacks \"opened\", \"in time\", which the mapping names; it has \"id\", \"begun\", \"taken by\", \"customer\", \"via\", \"at\", \"by\", \"category\", \"impact\", \"priority\", \"group\", \"person\", \"state\", \"code\", \"sla\"",
    );
    refused(
        b"id\n",
        "line 1: the header lacks \"opened\", \"taken by\", \"customer\", \"via\", \"at\", \"by\", \"category\", \"impact\", \"priority\", \"group\", \"person\", \"state\", \"code\", \"in time\", which the mapping names; it has \"id\"",
    );
}

#[test]
fn a_column_that_is_there_twice() {
    let text = file(&[PLAIN]).replacen("code", "state", 1);
    refused(
        text.as_bytes(),
        "line 1: the header names \"state\" twice, as columns 13 and 14; rename one of them",
    );
    // A column that nobody reads may be there as often as it likes.
    let text = format!("{HEADER},x,x\n{},1,2\n", PLAIN.text());
    check(text.as_bytes(), &[]);
}

#[test]
fn a_header_that_is_not_text() {
    refused(
        b"\n\nid,op\xff\n",
        "line 3, column 2: the header is not UTF-8 text; say by `encoding` in the table [file] of the mapping what it is, such as \"utf-8\" or \"gb18030\", or save the file as UTF-8",
    );
    refused(
        b"id,\"at\nx,y\n",
        "line 1: quotation marks opened in the header are not closed before the file ends",
    );
    let options = Options {
        max_row_bytes: 10,
        ..Options::default()
    };
    let error = import_with(&mapping(), HEADER.as_bytes(), options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1: the header is longer than 10 bytes; is this a CSV file?"
    );
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_fine() {
    let text = format!("\u{feff}{}", file(&[PLAIN]).replace('\n', "\r\n"));
    let (outcomes, _) = import(text.as_bytes()).unwrap();
    assert_eq!(commands(&outcomes), ["receive classify"]);
    assert_eq!(outcomes, import(file(&[PLAIN]).as_bytes()).unwrap().0);
}

#[test]
fn a_quoted_cell_may_hold_line_ends() {
    let text = file(&[PLAIN, PLAIN]).replacen("Late", "\"La\nte, \"\"x\"\"\"", 1);
    let (outcomes, _) = import(text.as_bytes()).unwrap();
    let lines: Vec<_> = crate::files::used(&outcomes)
        .iter()
        .map(|row| row.line)
        .collect();
    assert_eq!(lines, [2, 4]);
}

#[test]
fn broken_utf_8_costs_one_row() {
    let mut text = file(&[PLAIN, PLAIN, PLAIN]).into_bytes();
    let second = text.windows(4).position(|bytes| bytes == b"Late").unwrap();
    text[second + 2] = 0xff;
    check(
        &text,
        &["line 2, column category (8): the cell is not UTF-8 text after its first 2 characters"],
    );
}

#[test]
fn too_few_and_too_many_cells() {
    let text = file(&[PLAIN]) + "C1,2\n" + &PLAIN.text() + ",x\n";
    check(
        text.as_bytes(),
        &[
            "line 3: the row has 2 cells and the header 15",
            "line 4: the row has 16 cells and the header 15",
        ],
    );
}

#[test]
fn times_that_cannot_be_read() {
    for (bad, shown) in [
        ("yesterday", "\"yesterday\""),
        ("2026-02-30 10:00:00", "\"2026-02-30 10:00:00\""),
        ("2026-01-05", "\"2026-01-05\""),
        ("0000-01-05 10:00:00", "\"0000-01-05 10:00:00\""),
    ] {
        let text = file(&[PLAIN]).replace("2026-01-05 10:00:00,Agent", &format!("{bad},Agent"));
        let message =
            format!("line 2, column at (6): {shown} is no time of the form \"%Y-%m-%d %H:%M:%S\"");
        check(text.as_bytes(), &[&message]);
        let text = file(&[PLAIN]).replace("C1,2026-01-05 10:00:00", &format!("C1,{bad}"));
        let message = message.replace("at (6)", "opened (2)");
        check(text.as_bytes(), &[&message]);
    }
    let text = file(&[PLAIN]).replace("C1,2026-01-05 10:00:00", "C1,?");
    check(
        text.as_bytes(),
        &["line 2, column opened (2): the value is missing"],
    );
}

#[test]
fn values_that_mean_nothing_here() {
    let text = file(&[
        Line { case: "?", ..PLAIN },
        Line {
            priority: "9",
            ..PLAIN
        },
        Line {
            priority: "",
            ..PLAIN
        },
        Line {
            group: "a\u{202e}b",
            ..PLAIN
        },
        PLAIN,
    ]);
    let text = text
        .replacen(",Phone,", ",Pigeon,", 1)
        .replacen("?,2026", "C2,2026", 1);
    check(
        text.as_bytes(),
        &[
            "line 2, column via (5): the value \"Pigeon\" is not in the mapping",
            "line 3, column priority (10): the value \"9\" is not in the mapping",
            "line 4, column priority (10): the value is missing",
            "line 5, column group (11): the value holds a control or text-direction character",
        ],
    );
    let long = "x".repeat(201);
    let text = file(&[
        Line { case: "?", ..PLAIN },
        Line {
            case: &long,
            ..PLAIN
        },
    ]);
    check(
        text.as_bytes(),
        &[
            "line 2, column id (1): the value is missing",
            "line 3, column id (1): the value is longer than 200 characters",
        ],
    );
}

#[test]
fn a_rejected_row_changes_nothing_of_its_case() {
    let bad = Line {
        minute: 5,
        state: "Done",
        group: "G1",
        code: "a\u{202e}b",
        ..PLAIN
    };
    let good = Line {
        minute: 9,
        state: "Done",
        group: "G1",
        code: "7",
        ..PLAIN
    };
    let (with, _) = import(file(&[PLAIN, bad, good]).as_bytes()).unwrap();
    let good = Line {
        minute: 9,
        state: "Done",
        group: "G1",
        code: "7",
        ..PLAIN
    };
    let (without, _) = import(file(&[PLAIN, good]).as_bytes()).unwrap();
    assert_eq!(rejected(&with).len(), 1);
    let steps = |outcomes: &[redress_interchange::RowOutcome]| {
        let rows: Vec<_> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                redress_interchange::RowOutcome::Used(row) => Some(row.steps.clone()),
                redress_interchange::RowOutcome::Rejected(_) => None,
            })
            .collect();
        rows
    };
    assert_eq!(steps(&with), steps(&without));
}

#[test]
fn a_line_of_a_hundred_megabytes_is_passed_over() {
    let before = file(&[PLAIN]);
    let after = Line {
        case: "C2",
        ..PLAIN
    }
    .text();
    let reader = before
        .as_bytes()
        .chain(io::repeat(b'x').take(100_000_000))
        .chain(&b"\n"[..])
        .chain(after.as_bytes());
    let (outcomes, report) = import_with(&mapping(), reader, Options::default()).unwrap();
    let told: Vec<_> = rejected(&outcomes)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        ["line 3: the row is longer than 1048576 bytes and was passed over, up to line 3"]
    );
    assert_eq!((report.rows, report.complaints), (3, 2));
}

#[test]
fn quotation_marks_that_are_never_closed_take_the_rest_with_them() {
    let opened = PLAIN.text().replace("Late", "\"Late");
    let text = format!(
        "{}{opened}\n{}\n{}\n",
        file(&[PLAIN]),
        PLAIN.text(),
        PLAIN.text()
    );
    check(
        text.as_bytes(),
        &[
            "line 3: quotation marks opened in this row are not closed before the file ends on line 6",
        ],
    );
    let options = Options {
        max_row_bytes: 200,
        ..Options::default()
    };
    let (outcomes, _) = import_with(&mapping(), text.as_bytes(), options).unwrap();
    assert_eq!(
        rejected(&outcomes)[0].to_string(),
        "line 3: the row is longer than 200 bytes and was passed over, up to line 6"
    );
}

/// Fails after some bytes, as a disk or a network does.
struct Breaks<'a>(&'a [u8]);

impl Read for Breaks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::other("the cable is out"));
        }
        self.0.read(buffer)
    }
}

#[test]
fn a_reader_that_fails_ends_the_import_after_the_last_good_row() {
    let text = file(&[PLAIN, PLAIN]);
    let mut importer =
        redress_interchange::Importer::new(&mapping(), Breaks(text.as_bytes()), Options::default())
            .unwrap();
    assert!(importer.next().unwrap().is_ok());
    assert!(importer.next().unwrap().is_ok());
    let error = importer.next().unwrap().unwrap_err();
    assert!(
        matches!(error, ImportError::Read { line: 4, .. }),
        "{error:?}"
    );
    assert!(importer.next().is_none());
    assert!(matches!(
        import_with(&mapping(), Breaks(b""), Options::default()),
        Err(ImportError::Read { line: 1, .. })
    ));
}

#[test]
fn who_the_customer_is_stands_in_no_message() {
    let secret = "Wang Fang 13800138000";
    let mut text = file(&[PLAIN]).replace("Customer 1", secret);
    text.push_str(&PLAIN.text().replace("C1", &secret.repeat(20)));
    let (outcomes, _) = import(text.as_bytes()).unwrap();
    assert_eq!(rejected(&outcomes).len(), 1);
    assert!(!format!("{outcomes:?}").contains("Wang"));
}

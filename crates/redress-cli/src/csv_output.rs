//! Writing tables as CSV (RFC 4180), for spreadsheets.

use std::io::{self, Write};

use crate::output::printable;

/// Writes headings and rows, with lines that end in CRLF. What would steer a terminal is replaced by a mark, as in tables.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it: what customers or other systems call a
/// complaint must not be reckoned with.
pub(crate) fn write(
    records: impl IntoIterator<Item = Vec<String>>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(writer);
    for record in records {
        csv.write_record(record.iter().map(|cell| harmless(&printable(cell))))?;
    }
    csv.flush()
}

/// Also as full-width forms, which some spreadsheets take for the same.
const STARTS_FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

fn harmless(cell: &str) -> String {
    let is_number = cell.parse::<i128>().is_ok();
    let first = cell.trim_start().chars().next();
    if first.is_some_and(|first| STARTS_FORMULA.contains(&first)) && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::grid::Grid;

    #[test]
    fn no_cell_begins_a_formula() {
        for formula in [
            "=1", "＝1", "+1=", "-a", "@a", "\t=1", "\r=1", " ＠a", "－1",
        ] {
            let mut out = Vec::new();
            write([vec![formula.to_owned()]], &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.starts_with('\''), "{formula:?}: {text:?}");
        }
        for plain in ["-7", "7", "a=b", "退款", ""] {
            assert_eq!(super::harmless(plain), plain);
        }
    }

    #[test]
    fn cells_are_quoted_and_formulas_are_none() {
        let mut grid = Grid::new(&["Name", ">Number", "~Text"]);
        grid.row([
            "=1+1".to_owned(),
            "-7".to_owned(),
            "a, \"b\"\u{1b}".to_owned(),
        ]);
        let mut out = Vec::new();
        write(grid.records(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "Name,Number,Text\r\n'=1+1,-7,\"a, \"\"b\"\"\u{fffd}\"\r\n"
        );
    }
}

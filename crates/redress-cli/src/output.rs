//! Writing results: aligned tables for people, JSON for programs.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use redress::core::id::is_unprintable;
use serde::Serialize;

use crate::args::Format;

/// Where results go. A reader that has gone away ends the program quietly.
pub(crate) struct Output<'a> {
    writer: &'a mut dyn Write,
    format: Format,
}

impl<'a> Output<'a> {
    pub(crate) fn new(writer: &'a mut dyn Write, format: Format) -> Self {
        Self { writer, format }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer, "{}", printable(text))
    }

    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer, "\n{}\n", printable(text))
    }

    pub(crate) fn table(&mut self, grid: Grid) -> io::Result<()> {
        for line in grid.table.lines() {
            writeln!(self.writer, "{}", line.trim_end())?;
        }
        Ok(())
    }

    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.writer, value)?;
        writeln!(self.writer)
    }
}

/// Rows and columns; numbers stand on the right.
pub(crate) struct Grid {
    table: Table,
}

impl Grid {
    /// A table with these headings; one that starts with `>` heads a column of numbers.
    pub(crate) fn new(headings: &[&str]) -> Self {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(
            headings
                .iter()
                .map(|heading| heading.trim_start_matches('>')),
        );
        for (column, heading) in table.column_iter_mut().zip(headings) {
            column.set_padding((0, 2));
            if heading.starts_with('>') {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self { table }
    }

    /// A table of two columns without headings.
    pub(crate) fn pairs() -> Self {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        Self { table }
    }

    pub(crate) fn row<I: IntoIterator<Item = String>>(&mut self, cells: I) {
        self.table
            .add_row(cells.into_iter().map(|cell| printable(&cell)));
    }

    pub(crate) fn pair(&mut self, name: &str, value: impl ToString) {
        self.row([name.to_owned(), value.to_string()]);
        for column in self.table.column_iter_mut() {
            column.set_padding((0, 2));
        }
    }
}

/// Text that steers neither a terminal nor the direction of writing.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if is_unprintable(character) {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

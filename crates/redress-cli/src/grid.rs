//! Rows and columns that stand under each other, also where Chinese characters take two places.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::output::printable;

/// Wider tables wrap the columns that may be wrapped.
const MAX_WIDTH: u16 = 120;
/// Longer words may be cut.
const MAX_WORD: u16 = 40;
/// How far columns stand apart.
const PADDING: u16 = 2;

/// Rows and columns for people.
pub(crate) struct Grid {
    columns: Vec<Column>,
    has_headings: bool,
    rows: Vec<Vec<String>>,
}

struct Column {
    heading: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    Text,
}

impl Grid {
    /// A table with these headings. `>` before one makes a column of numbers, which stand on the right; `~` one of text,
    /// which may be wrapped.
    pub(crate) fn new(headings: &[&str]) -> Self {
        let columns = headings.iter().map(|heading| {
            let (kind, heading) = match heading.split_at_checked(1) {
                Some((">", rest)) => (Kind::Number, rest),
                Some(("~", rest)) => (Kind::Text, rest),
                Some(_) | None => (Kind::Word, *heading),
            };
            Column {
                heading: heading.to_owned(),
                kind,
            }
        });
        Self {
            columns: columns.collect(),
            has_headings: true,
            rows: Vec::new(),
        }
    }

    /// A table of names and values without headings.
    pub(crate) fn pairs() -> Self {
        Self {
            has_headings: false,
            ..Self::new(&["", "~"])
        }
    }

    /// Adds a row: a cell for each column.
    pub(crate) fn row<I: IntoIterator<Item = String>>(&mut self, cells: I) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a name and its value.
    pub(crate) fn pair(&mut self, name: &str, value: impl ToString) {
        self.row([name.to_owned(), value.to_string()]);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The same with other cells.
    pub(crate) fn map_cells(mut self, mut change: impl FnMut(&str) -> String) -> Self {
        for cell in self.rows.iter_mut().flatten() {
            *cell = change(cell);
        }
        self
    }

    /// The headings and the rows, as they are.
    pub(crate) fn records(&self) -> impl Iterator<Item = Vec<String>> {
        let headings = self
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect();
        std::iter::once(headings).chain(self.rows.iter().cloned())
    }

    /// Leaves out the columns that hold zeros and blanks only; returns their headings.
    pub(crate) fn without_empty_columns(mut self) -> (Self, Vec<String>) {
        let is_kept: Vec<bool> = (0..self.columns.len())
            .map(|index| {
                let says = |cell: &String| !cell.is_empty() && cell != "0";
                self.rows.iter().any(|row| row.get(index).is_some_and(says))
            })
            .collect();
        let (kept, left_out): (Vec<_>, Vec<_>) = self
            .columns
            .into_iter()
            .zip(&is_kept)
            .partition(|(_, is_kept)| **is_kept);
        self.columns = kept.into_iter().map(|(column, _)| column).collect();
        for row in &mut self.rows {
            let mut is_kept = is_kept.iter();
            row.retain(|_| is_kept.next().copied().unwrap_or(true));
        }
        let headings = left_out
            .into_iter()
            .map(|(column, _)| column.heading.replace('\n', " "));
        (self, headings.collect())
    }

    /// The lines as they are printed.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(MAX_WIDTH);
        if self.has_headings {
            table.set_header(self.columns.iter().map(|column| column.heading.as_str()));
        }
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| printable(cell)));
        }
        for (shown, column) in table.column_iter_mut().zip(&self.columns) {
            shown.set_padding((0, PADDING));
            if column.kind == Kind::Number {
                shown.set_cell_alignment(CellAlignment::Right);
            }
        }
        for (index, column) in self.columns.iter().enumerate() {
            let constraint = match column.kind {
                Kind::Number | Kind::Word => ColumnConstraint::ContentWidth,
                Kind::Text => {
                    ColumnConstraint::LowerBoundary(Width::Fixed(self.longest_word(index)))
                }
            };
            if let Some(shown) = table.column_mut(index) {
                shown.set_constraint(constraint);
            }
        }
        table.lines().collect()
    }

    /// How wide a column of text must be so that no word is cut; longer ones than a line bears are.
    fn longest_word(&self, index: usize) -> u16 {
        let cells = self.rows.iter().filter_map(|row| row.get(index));
        let words = cells.flat_map(|cell| cell.split_whitespace());
        let longest = words.map(places).max().unwrap_or(0);
        u16::try_from(longest).unwrap_or(u16::MAX).min(MAX_WORD) + PADDING
    }
}

/// How many places a word takes: Chinese, Japanese and Korean characters two each.
fn places(word: &str) -> usize {
    let of = |character: char| if character < '\u{1100}' { 1 } else { 2 };
    word.chars().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(grid: &Grid, expected: &[&str]) {
        let lines = grid.lines();
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn columns_stand_under_each_other_in_chinese_too() {
        let mut grid = Grid::new(&["Name", ">Number", "Word"]);
        grid.row(["退款".to_owned(), "7".to_owned(), "a".to_owned()]);
        grid.row(["late".to_owned(), "12345678".to_owned(), "b".to_owned()]);
        check(
            &grid,
            &[
                "Name    Number  Word",
                "退款         7  a",
                "late  12345678  b",
            ],
        );
    }

    #[test]
    fn columns_of_zeros_and_blanks_are_left_out_and_named() {
        let mut grid = Grid::new(&["Name", ">At\nrisk", ">Met", "Oldest"]);
        grid.row([
            "a".to_owned(),
            "0".to_owned(),
            "0".to_owned(),
            String::new(),
        ]);
        grid.row([
            "b".to_owned(),
            "0".to_owned(),
            "2".to_owned(),
            String::new(),
        ]);
        let (grid, left_out) = grid.without_empty_columns();
        check(&grid, &["Name  Met", "a       0", "b       2"]);
        assert_eq!(left_out, ["At risk", "Oldest"]);
    }

    #[test]
    fn only_text_is_wrapped_and_nothing_is_lost() {
        let mut grid = Grid::new(&["Word", "~Text"]);
        let words = vec!["word"; 60].join(" ");
        grid.row(["w".repeat(40), words.clone()]);
        let lines = grid.lines();
        assert!(
            lines
                .iter()
                .all(|line| line.trim_end().len() <= usize::from(MAX_WIDTH))
        );
        let text: Vec<&str> = lines.iter().skip(1).map(|line| line[40..].trim()).collect();
        assert_eq!(text.join(" "), words);
    }

    #[test]
    fn what_steers_a_terminal_does_not_come_through() {
        let mut grid = Grid::pairs();
        grid.pair("name", "a\u{1b}[31mb\nc");
        check(&grid, &["name  a\u{fffd}[31mb c"]);
    }
}

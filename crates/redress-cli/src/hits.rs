//! Complaints that were found, as rows.

use redress::archive::{Hit, Lesson, Snippet, Summary};
use redress::{Language, Rulebook};
use serde::Serialize;

use crate::error::Failure;
use crate::grid::Grid;
use crate::names::Names;
use crate::output::{Output, instant};
use crate::words;

/// In which words complaints are shown.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) language: Language,
    pub(crate) rules: &'a Rulebook,
}

impl Columns<'_> {
    fn headings(self) -> [&'static str; 7] {
        match self.language {
            Language::English => [
                "Complaint",
                "Received",
                "State",
                "Department",
                "~Category",
                "Priority",
                "~Cause",
            ],
            Language::Chinese => [
                "投诉",
                "接收时间",
                "状态",
                "主办部门",
                "~类别",
                "优先级",
                "~根本原因",
            ],
        }
    }

    fn more(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self.language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    fn cells(self, summary: &Summary) -> [String; 7] {
        let category = summary.category.as_ref().map(|path| path.as_str());
        let cause = summary.cause.as_ref().map(|code| code.as_str());
        [
            name(summary),
            instant(summary.received_at),
            self.state(summary),
            or_blank(summary.lead.as_ref().map(|lead| &lead.department)),
            category.map_or(String::new(), |path| self.category(path)),
            or_blank(summary.priority.map(|one| self.word(&one)).as_ref()),
            cause.map_or(String::new(), |code| self.cause(code)),
        ]
    }

    fn word(self, value: &impl Serialize) -> String {
        words::word(self.language, value)
    }

    fn state(self, summary: &Summary) -> String {
        match self.language {
            Language::English => self.word(&summary.state.name()),
            Language::Chinese => summary.state.label(Language::Chinese).to_owned(),
        }
    }

    /// A category's code in English, where it says enough, and its name in Chinese.
    pub(crate) fn category(self, path: &str) -> String {
        match self.language {
            Language::English => path.to_owned(),
            Language::Chinese => self.rules.category_name(path).zh_cn,
        }
    }

    /// A cause's code in English, and its name in Chinese.
    pub(crate) fn cause(self, code: &str) -> String {
        match self.language {
            Language::English => code.to_owned(),
            Language::Chinese => self.rules.cause_name(code).zh_cn,
        }
    }
}

/// The hits of a search.
pub(crate) fn grid(hits: &[Hit], columns: Columns<'_>) -> Grid {
    let mut headings = columns.headings().to_vec();
    headings.push(columns.more("Due", "到期时间"));
    headings.push(columns.more("~Found in", "~命中"));
    let mut grid = Grid::new(&headings);
    for hit in hits {
        let due = hit.due.map_or_else(String::new, instant);
        let found = hit
            .snippets
            .iter()
            .map(|snippet| found(snippet, columns))
            .collect::<Vec<_>>()
            .join("; ");
        grid.row(columns.cells(&hit.summary).into_iter().chain([due, found]));
    }
    grid
}

/// Lessons: with what was done, and how it ended.
pub(crate) fn lessons(lessons: &[Lesson], columns: Columns<'_>) -> Grid {
    let mut headings = columns.headings().to_vec();
    headings.push(columns.more("~Remedies", "~补救措施"));
    headings.push(columns.more("Outcome", "结果"));
    headings.push(columns.more(">Score", ">得分"));
    let mut grid = Grid::new(&headings);
    for lesson in lessons {
        let remedies = lesson.summary.remedies.iter().flatten();
        let remedies: Vec<String> = remedies.map(|remedy| columns.word(&remedy.kind)).collect();
        let outcome = lesson.summary.outcome();
        grid.row(columns.cells(&lesson.summary).into_iter().chain([
            remedies.join(", "),
            outcome.map_or_else(String::new, |outcome| columns.word(&outcome.name())),
            lesson.score.to_string(),
        ]));
    }
    grid
}

/// Prints complaints for people, without columns that say nothing, and with short names.
pub(crate) fn print(
    output: &mut Output<'_>,
    language: Language,
    grid: Grid,
) -> Result<(), Failure> {
    let mut names = Names::default();
    let grid = grid.map_cells(|cell| names.short(cell).to_owned());
    output.table(&grid.without_empty_columns().0)?;
    if let Some(legend) = names.legend(language) {
        output.line("")?;
        output.line(&legend)?;
    }
    Ok(())
}

/// Where words were found: the kind of text, or the words with marks where that was asked for.
fn found(snippet: &Snippet, columns: Columns<'_>) -> String {
    let field = columns.word(&snippet.field);
    let Some(excerpt) = snippet.excerpt.known() else {
        return field;
    };
    let mut marked = format!("{field}: ");
    let mut end = 0;
    for range in &snippet.ranges {
        marked.push_str(excerpt.get(end..range.start).unwrap_or_default());
        marked.push('【');
        marked.push_str(excerpt.get(range.clone()).unwrap_or_default());
        marked.push('】');
        end = range.end;
    }
    marked.push_str(excerpt.get(end..).unwrap_or_default());
    marked
}

/// What `redress show` takes: the reference, or the id of a complaint that has none.
fn name(summary: &Summary) -> String {
    match &summary.external_ref {
        Some(reference) => reference.to_string(),
        None => summary.id.to_string(),
    }
}

fn or_blank(value: Option<&impl ToString>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

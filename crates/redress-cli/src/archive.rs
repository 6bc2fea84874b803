//! `redress archive`: complaints by words and by what is known of them, counted by any dimension, and what there is to
//! learn from those that were solved.

use std::io::Write;

use redress::archive::{Archive, Hit, Lesson, Moment, Query, Snippet, Sort, Summary};
use redress::{Language, Rulebook, Timestamp};
use serde::Serialize;

use crate::archive_args::{ArchiveArgs, Order};
use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::hits::{self, Columns};
use crate::output::Output;
use crate::report_args::ReportFormat;
use crate::{archive_groups, csv_output, personal, reading};

/// What was found, for programs. Nothing personal unless it was asked for.
#[derive(Serialize)]
struct Found<'a> {
    /// How many there are; none where they were not counted to the end.
    total: Option<u64>,
    /// Where they were not, there are more than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_than: Option<u64>,
    complaints: Vec<FoundComplaint<'a>>,
    /// Where to go on; none behind the last.
    next: Option<String>,
}

#[derive(Serialize)]
struct FoundComplaint<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    snippets: Vec<FoundWords<'a>>,
}

#[derive(Serialize)]
struct FoundWords<'a> {
    field: redress::archive::Field,
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'a str>,
    ranges: Vec<[usize; 2]>,
}

/// Runs `redress archive`.
pub(crate) fn run(args: &ArchiveArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let archive = reading::archive(&args.ledger, &ledger, args.as_of)?;
    // A page goes on at the moment of the page before: at another, clocks stand elsewhere.
    let begun = args.after.and_then(|cursor| cursor.at());
    let at = (args.at.or(begun).or(args.as_of)).unwrap_or_else(|| ledger.as_async().now());
    let moment = Moment::new(Rulebook::clone(&*ledger.rules()?), at);
    if args.personal {
        personal::warn();
    }
    if let Some(dimension) = args.by {
        let query = query(args, &moment);
        let query = if args.duplicates {
            query
        } else {
            query.duplicate(false)
        };
        let groups = archive.groups(&query, dimension, &moment)?;
        archive_groups::write(args, dimension, &groups, moment.rules(), writer)?;
        return Ok(Exit::Done);
    }
    if let Some(complaint) = args.similar_to {
        if archive.file(complaint)?.is_none() {
            return Err(Failure::NoSuchComplaint {
                id: complaint.to_string(),
                ledger: args.ledger.clone(),
            });
        }
        let lessons = archive.similar(complaint, args.limit)?;
        write_lessons(args, &lessons, moment.rules(), writer)?;
        return Ok(Exit::Done);
    }
    write_hits(args, &archive, &moment, writer)?;
    Ok(Exit::Done)
}

/// How many complaints are counted unless all are to be: to look at each takes long where they are many.
const COUNTED: u64 = 10_000;

/// How many there are.
#[derive(Clone, Copy)]
enum Total {
    Exactly(u64),
    MoreThan(u64),
}

fn total(args: &ArchiveArgs, archive: &Archive, query: &Query) -> Result<Total, Failure> {
    if args.count {
        return Ok(Total::Exactly(archive.count(query)?));
    }
    let counted = archive.count_up_to(query, COUNTED + 1)?;
    Ok(if counted > COUNTED {
        Total::MoreThan(COUNTED)
    } else {
        Total::Exactly(counted)
    })
}

fn write_hits(
    args: &ArchiveArgs,
    archive: &Archive,
    moment: &Moment,
    writer: &mut dyn Write,
) -> Result<(), Failure> {
    let query = query(args, moment);
    let total = total(args, archive, &query)?;
    // One more than is shown tells whether the list goes on.
    let mut hits = archive.search(&query.limit(args.limit.saturating_add(1)))?;
    let goes_on = hits.len() > args.limit;
    hits.truncate(args.limit);
    let last = hits.last().filter(|_| goes_on);
    let next = last.map(|last| last.cursor().to_string());
    let grid = hits::grid(&hits, columns(args, moment.rules()));
    match args.format {
        ReportFormat::Csv => Ok(csv_output::write(grid.records(), writer)?),
        ReportFormat::Json => {
            let (total, more_than) = match total {
                Total::Exactly(total) => (Some(total), None),
                Total::MoreThan(counted) => (None, Some(counted)),
            };
            let found = Found {
                total,
                more_than,
                complaints: hits.iter().map(of_hit).collect(),
                next,
            };
            Ok(Output::new(writer, Format::Json).json(&found)?)
        }
        ReportFormat::Table => {
            let mut output = Output::new(writer, Format::Table);
            output.line(&headline(args, total, hits.len()))?;
            if !hits.is_empty() {
                output.line("")?;
                hits::print(&mut output, args.language.get(), grid)?;
            }
            if let Some(next) = next {
                output.line("")?;
                output.line(&match args.language.get() {
                    Language::English => format!("To go on: --after {next}"),
                    Language::Chinese => format!("下一页：--after {next}"),
                })?;
            }
            Ok(())
        }
    }
}

fn write_lessons(
    args: &ArchiveArgs,
    lessons: &[Lesson],
    rules: &Rulebook,
    writer: &mut dyn Write,
) -> Result<(), Failure> {
    let grid = hits::lessons(lessons, columns(args, rules));
    match args.format {
        ReportFormat::Csv => Ok(csv_output::write(grid.records(), writer)?),
        ReportFormat::Json => {
            let found = Found {
                total: u64::try_from(lessons.len()).ok(),
                more_than: None,
                complaints: lessons.iter().map(of_lesson).collect(),
                next: None,
            };
            Ok(Output::new(writer, Format::Json).json(&found)?)
        }
        ReportFormat::Table => {
            let mut output = Output::new(writer, Format::Table);
            if lessons.is_empty() {
                output.line(match args.language.get() {
                    Language::English => "nothing like it was solved before",
                    Language::Chinese => "没有已解决的类似投诉",
                })?;
            } else {
                hits::print(&mut output, args.language.get(), grid)?;
            }
            Ok(())
        }
    }
}

fn of_hit(hit: &Hit) -> FoundComplaint<'_> {
    FoundComplaint {
        summary: &hit.summary,
        due: hit.due,
        score: None,
        snippets: hit.snippets.iter().map(of_snippet).collect(),
    }
}

fn of_lesson(lesson: &Lesson) -> FoundComplaint<'_> {
    FoundComplaint {
        summary: &lesson.summary,
        due: None,
        score: Some(lesson.score),
        snippets: Vec::new(),
    }
}

fn of_snippet(snippet: &Snippet) -> FoundWords<'_> {
    FoundWords {
        field: snippet.field,
        version: snippet.version.get(),
        excerpt: snippet.excerpt.known().map(String::as_str),
        ranges: snippet
            .ranges
            .iter()
            .map(|range| [range.start, range.end])
            .collect(),
    }
}

/// How many there are, and how to see the rest.
fn headline(args: &ArchiveArgs, total: Total, shown: usize) -> String {
    let is_english = match args.language.get() {
        Language::English => true,
        Language::Chinese => false,
    };
    match total {
        Total::Exactly(total) => {
            let is_all = u64::try_from(shown).unwrap_or(u64::MAX) >= total;
            match (is_english, is_all || args.after.is_some()) {
                (true, true) => format!("{total} found"),
                (false, true) => format!("共 {total} 件"),
                (true, false) => format!(
                    "{total} found, the {} {shown} shown; --limit {total} shows all",
                    first(args)
                ),
                (false, false) => {
                    format!("共 {total} 件，显示前 {shown} 件；--limit {total} 显示全部")
                }
            }
        }
        Total::MoreThan(counted) if is_english => format!(
            "more than {counted} found, the {} {shown} shown; --count counts them all",
            if args.after.is_some() {
                "next"
            } else {
                first(args)
            }
        ),
        Total::MoreThan(counted) => {
            format!("超过 {counted} 件，显示 {shown} 件；--count 统计总数")
        }
    }
}

const fn first(args: &ArchiveArgs) -> &'static str {
    match args.sort {
        Order::Received => "newest",
        Order::Due | Order::Closed | Order::Severity => "first",
    }
}

fn columns<'a>(args: &ArchiveArgs, rules: &'a Rulebook) -> Columns<'a> {
    let language = match args.format {
        ReportFormat::Table => args.language.get(),
        ReportFormat::Json | ReportFormat::Csv => args.language.for_programs(),
    };
    Columns { language, rules }
}

/// What is asked for.
fn query(args: &ArchiveArgs, moment: &Moment) -> Query {
    let mut query = Query::new().limit(args.limit).reveal(args.personal);
    if let Some(text) = args.text.as_deref().filter(|text| !text.trim().is_empty()) {
        query = query.text(text);
    }
    query = dimensions(args, query);
    for words in &args.place {
        query = query.place(words);
    }
    query = periods(args, query, moment);
    if !args.clock_status.is_empty() {
        query = query.clock(args.clock, args.clock_status.iter().copied(), moment);
    }
    if let Some(cursor) = args.after {
        query = query.after(cursor);
    }
    query.sort(match args.sort {
        Order::Received => Sort::Received,
        Order::Due => Sort::Due(moment.clone()),
        Order::Closed => Sort::Closed,
        Order::Severity => Sort::Severity,
    })
}

fn dimensions(args: &ArchiveArgs, mut query: Query) -> Query {
    for path in &args.category {
        query = query.category(path.as_str());
    }
    for department in &args.department {
        query = query.department(department.as_str());
    }
    for state in &args.state {
        query = query.state(*state);
    }
    for channel in &args.channel {
        query = query.channel(*channel);
    }
    for cause in &args.cause {
        query = query.cause(cause.as_str());
    }
    for severity in &args.severity {
        query = query.severity(*severity);
    }
    for priority in &args.priority {
        query = query.priority(*priority);
    }
    for tag in &args.tag {
        query = query.tag(tag.as_str());
    }
    for (dimension, value) in &args.is {
        query = query.is(*dimension, value);
    }
    for recorded in &args.recorded {
        query = query.source_fact(&recorded.system, &recorded.field, &recorded.value);
    }
    query
}

fn periods(args: &ArchiveArgs, mut query: Query, moment: &Moment) -> Query {
    let period = |from: Option<Timestamp>, to: Option<Timestamp>| {
        let is_given = from.is_some() || to.is_some();
        is_given.then(|| from.unwrap_or(Timestamp::MIN)..to.unwrap_or(Timestamp::MAX))
    };
    if let Some(period) = period(args.from, args.to) {
        query = query.received(period);
    }
    let days = args.period.period(moment.rules().in_force_at(moment.at()));
    if let Some(period) = period(days.from, days.to) {
        query = query.received(period);
    }
    if let Some(period) = period(args.closed_from, args.closed_to) {
        query = query.closed(period);
    }
    if let Some(period) = period(None, args.due_to) {
        query = query.due(period, moment);
    }
    query
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{ArchiveArgs, COUNTED, Total, headline};

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        args: ArchiveArgs,
    }

    #[track_caller]
    fn check(typed: &[&str], total: Total, expected: &str) {
        let typed = [&["archive", "complaints.redress"], typed].concat();
        let args = Typed::parse_from(typed).args;
        assert_eq!(headline(&args, total, 20), expected);
    }

    #[test]
    fn the_headline_says_what_was_counted() {
        let lang = ["--lang", "zh-CN"];
        let more = Total::MoreThan(COUNTED);
        check(
            &["--lang", "en"],
            more,
            "more than 10000 found, the newest 20 shown; --count counts them all",
        );
        check(
            &["--lang", "en", "--sort", "due"],
            more,
            "more than 10000 found, the first 20 shown; --count counts them all",
        );
        check(&lang, more, "超过 10000 件，显示 20 件；--count 统计总数");
        check(
            &lang,
            Total::Exactly(21),
            "共 21 件，显示前 20 件；--limit 21 显示全部",
        );
        check(&["--lang", "en"], Total::Exactly(20), "20 found");
    }
}

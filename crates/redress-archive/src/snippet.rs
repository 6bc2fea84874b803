//! Where in a complaint the words asked for were found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use redress_core::{ComplaintId, Personal, Version};
use rusqlite::{Connection, params};

use crate::error::ArchiveError;
use crate::number::{Number, of_piece};
use crate::query::{Field as Asked, Match, Query};
use crate::text_conditions;
use crate::texts::{self, Field};
use crate::timeline;
use crate::words::{Phrase, phrases, words};

/// A piece of text in which words that were asked for stand.
///
/// The excerpt is personal and therefore [withheld](Personal::Withheld) unless the query asks to
/// [reveal](Query::reveal) it; the ranges tell where the words stand in it either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What kind of words they are.
    pub field: Field,
    /// Which fact of the complaint says them.
    pub version: Version,
    /// The text around the first of the words, as it was written, cut where it is long.
    pub excerpt: Personal<String>,
    /// Where the words stand in the excerpt, in bytes, in order; they do not overlap.
    pub ranges: Vec<Range<usize>>,
}

/// The most snippets of a hit.
pub const MAX_SNIPPETS: usize = 3;
/// How many characters of a text are shown at most before the first word that was asked for.
const BEFORE: usize = 20;
/// How many characters of a text are shown at most from there on.
const AFTER: usize = 80;

/// The phrases that a query asks for.
pub(crate) fn asked(query: &Query) -> Vec<Phrase> {
    let conditions = query.conditions.iter();
    conditions
        .filter(|condition| matches!(condition.field, Asked::Text | Asked::Place))
        .flat_map(|condition| &condition.any)
        .filter_map(|wanted| {
            if let Match::Words(words) = wanted {
                words.known()
            } else {
                None
            }
        })
        .flat_map(|words| phrases(words).unwrap_or_default())
        .collect()
}

/// The snippets of a hit that has these pieces, in the order its texts were said.
pub(crate) fn of(
    connection: &Connection,
    number: Number,
    complaint: ComplaintId,
    pieces: &BTreeSet<i64>,
    asked: &[Phrase],
    reveal: bool,
) -> Result<Vec<Snippet>, ArchiveError> {
    let mut snippets = Vec::new();
    for piece in pieces {
        let (version, code) = of_piece(*piece);
        let fact = timeline::one(connection, number, complaint, version)?;
        let said = texts::pieces(&fact.event);
        let found = said.iter().find(|(field, _)| *field as u8 == code);
        let (field, text) = *found.ok_or_else(ArchiveError::damaged)?;
        let Some((excerpt, ranges)) = excerpt(text, asked) else {
            continue;
        };
        snippets.push(Snippet {
            field,
            version,
            excerpt: if reveal {
                Personal::Known(excerpt)
            } else {
                Personal::Withheld
            },
            ranges,
        });
    }
    Ok(snippets)
}

/// The first pieces of each complaint's text that hold one of the phrases.
///
/// To begin a look at the index takes longest, so there is one for all complaints that lie near each other.
pub(crate) fn pieces(
    connection: &Connection,
    hits: &BTreeSet<Number>,
    asked: &[Phrase],
) -> Result<BTreeMap<Number, BTreeSet<i64>>, ArchiveError> {
    let mut statement = connection
        .prepare_cached("SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?")?;
    let mut pieces: BTreeMap<Number, BTreeSet<i64>> = hits
        .iter()
        .map(|number| (*number, BTreeSet::new()))
        .collect();
    for phrase in asked {
        let expression = phrase.expression();
        for (first, last) in text_conditions::stretches(hits) {
            let mut rows = statement.query(params![expression, first, last])?;
            while let Some(row) = rows.next()? {
                let piece = row.get(0)?;
                if let Some(pieces) = pieces.get_mut(&Number::of_piece(piece)?) {
                    pieces.insert(piece);
                    if pieces.len() > MAX_SNIPPETS {
                        pieces.pop_last();
                    }
                }
            }
        }
    }
    Ok(pieces)
}

/// What is shown of a text, and where the phrases stand in it; `None` where none does.
fn excerpt(text: &str, asked: &[Phrase]) -> Option<(String, Vec<Range<usize>>)> {
    let words = words(text);
    let mut places: Vec<Range<usize>> = asked
        .iter()
        .flat_map(|phrase| phrase.places(&words))
        .collect();
    places.sort_unstable_by_key(|place| (place.start, place.end));
    let first = places.first()?.clone();
    let start = back(text, first.start, BEFORE);
    let end = forth(text, first.start, AFTER).max(first.end);
    let shown = text.get(start..end)?.to_owned();
    let within = places.into_iter().filter(|place| place.end <= end);
    let ranges = within.map(|place| place.start - start..place.end - start);
    Some((shown, joined(ranges)))
}

/// Ranges in order that touch or overlap, put together.
fn joined(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

fn back(text: &str, from: usize, characters: usize) -> usize {
    let before = text.get(..from).unwrap_or_default();
    let starts = before.char_indices().rev().take(characters);
    starts.last().map_or(from, |(start, _)| start)
}

fn forth(text: &str, from: usize, characters: usize) -> usize {
    let after = text.get(from..).unwrap_or_default();
    let end = after.char_indices().nth(characters);
    end.map_or(text.len(), |(end, _)| from + end)
}

#[cfg(test)]
mod tests {
    use super::excerpt;
    use crate::words::phrases;

    #[track_caller]
    fn check(text: &str, asked: &str, shown: &str, marked: &[&str]) {
        let phrases = phrases(asked).unwrap_or_default();
        let (excerpt, ranges) = excerpt(text, &phrases).unwrap_or_default();
        let found: Vec<&str> = ranges.into_iter().map(|range| &excerpt[range]).collect();
        assert_eq!((excerpt.as_str(), found.as_slice()), (shown, marked));
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        check("我要求退款！", "退款", "我要求退款！", &["退款"]);
        check("退款，退款", "退款", "退款，退款", &["退款", "退款"]);
        check(
            "Please REFUND it",
            "refund",
            "Please REFUND it",
            &["REFUND"],
        );
        check("我要求退款", "要求退 求退款", "我要求退款", &["要求退款"]);
        check("nothing", "refund", "", &[]);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = format!("{}退款{}", "甲".repeat(100), "乙".repeat(100));
        let shown = format!("{}退款{}", "甲".repeat(20), "乙".repeat(78));
        check(&text, "退款", &shown, &["退款"]);
    }
}

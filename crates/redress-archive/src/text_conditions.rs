//! Conditions on words, answered by the full-text index.
//!
//! Words that few complaints hold are looked up first, and give the complaints. Words that many hold are looked for in one
//! complaint after another, as those come along: a page of hits is full soon then.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::clause::Clause;
use crate::error::ArchiveError;
use crate::filter::Purpose;
use crate::number::{Number, PIECE_BITS};
use crate::query::{Condition, Field, Match, Query};
use crate::texts;
use crate::words::{Phrase, phrases};

/// How many pieces of text are few enough to be looked up before anything else.
const RARE: usize = 20_000;
/// How many complaints are few enough to look into each.
const FEW: usize = 1_000;

/// The clauses of the conditions on words.
pub(crate) fn clauses(
    connection: &Connection,
    query: &Query,
    purpose: Purpose,
) -> Result<Vec<Clause>, ArchiveError> {
    let on_words = query.conditions.iter();
    on_words
        .filter_map(|condition| Some((scope(&condition.field)?, condition)))
        .map(|(scope, condition)| clause(connection, scope, condition, purpose))
        .collect()
}

/// Where words are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Anywhere,
    Place,
}

fn scope(field: &Field) -> Option<Scope> {
    match field {
        Field::Text => Some(Scope::Anywhere),
        Field::Place => Some(Scope::Place),
        Field::Dimension(_)
        | Field::Id
        | Field::ExternalRef
        | Field::Subject
        | Field::Received
        | Field::Resolved
        | Field::Closed
        | Field::Open
        | Field::Duplicate
        | Field::Source { .. }
        | Field::Clock
        | Field::Due => None,
    }
}

impl Scope {
    /// What a piece must be, as SQL.
    fn sql(self) -> String {
        match self {
            Self::Anywhere => String::new(),
            Self::Place => format!(" AND rowid & 7 = {}", texts::Field::Place as u8),
        }
    }
}

/// Which complaints hold some words.
enum Holders {
    /// These.
    Known(BTreeSet<Number>),
    /// Those in which each of these is found.
    Many(Vec<Phrase>),
}

/// Any of several texts.
fn clause(
    connection: &Connection,
    scope: Scope,
    condition: &Condition,
    purpose: Purpose,
) -> Result<Clause, ArchiveError> {
    let mut known = BTreeSet::new();
    let mut looked_for: Vec<Vec<Phrase>> = Vec::new();
    for wanted in &condition.any {
        let Match::Words(words) = wanted else {
            continue;
        };
        let words = words.known().map_or("", String::as_str);
        if scope == Scope::Anywhere {
            known.extend(named(connection, words.trim())?);
        }
        match holders(connection, scope, words, purpose)? {
            Holders::Known(found) => known.extend(found),
            Holders::Many(phrases) => looked_for.push(phrases),
        }
    }
    let found = Clause::among(known);
    if looked_for.is_empty() {
        return Ok(found);
    }
    let mut terms = vec![found.checking];
    let mut values = found.values;
    for phrases in looked_for {
        terms.push(vec![holds(scope); phrases.len()].join(" AND "));
        values.extend(
            phrases
                .iter()
                .map(|phrase| Value::from(phrase.expression())),
        );
    }
    Ok(Clause::checking(
        format!("({})", terms.join(" OR ")),
        values,
    ))
}

/// Whether a complaint at hand holds a phrase, as SQL.
fn holds(scope: Scope) -> String {
    let last = (1_i64 << PIECE_BITS) - 1;
    format!(
        "EXISTS (SELECT 1 FROM words WHERE words MATCH ?
             AND rowid BETWEEN complaints.n << {PIECE_BITS} AND complaints.n << {PIECE_BITS} | {last}{})",
        scope.sql()
    )
}

/// The complaints whose id or reference this is.
fn named(connection: &Connection, text: &str) -> Result<BTreeSet<Number>, ArchiveError> {
    let id = Uuid::parse_str(text).ok().map(|id| id.into_bytes());
    let mut statement = connection.prepare_cached(
        "SELECT n FROM complaints WHERE external_ref = ? UNION SELECT n FROM complaints WHERE id = ?",
    )?;
    let rows = statement.query_map(params![text, id], |row| row.get(0))?;
    rows.map(|number| Number::of_row(number?)).collect()
}

fn holders(
    connection: &Connection,
    scope: Scope,
    words: &str,
    purpose: Purpose,
) -> Result<Holders, ArchiveError> {
    let Some(phrases) = phrases(words) else {
        return Ok(Holders::Known(BTreeSet::new()));
    };
    let most = match purpose {
        Purpose::Page => Some(RARE),
        Purpose::All => None,
    };
    let mut known: Option<BTreeSet<Number>> = None;
    let mut common = Vec::new();
    for phrase in phrases {
        match look_up(connection, scope, &phrase, most)? {
            Some(found) => known = Some(both(known, found)),
            None => common.push(phrase),
        }
    }
    let Some(mut known) = known else {
        return Ok(Holders::Many(common));
    };
    for phrase in common {
        if known.len() <= FEW {
            keep_holders(connection, scope, &phrase, &mut known)?;
        } else if let Some(found) = look_up(connection, scope, &phrase, None)? {
            known = both(Some(known), found);
        }
    }
    Ok(Holders::Known(known))
}

fn both(known: Option<BTreeSet<Number>>, found: BTreeSet<Number>) -> BTreeSet<Number> {
    match known {
        None => found,
        Some(known) => known.intersection(&found).copied().collect(),
    }
}

/// The complaints that hold a phrase; `None` where more pieces than `most` do.
fn look_up(
    connection: &Connection,
    scope: Scope,
    phrase: &Phrase,
    most: Option<usize>,
) -> Result<Option<BTreeSet<Number>>, ArchiveError> {
    let sql = format!(
        "SELECT rowid >> {PIECE_BITS} FROM words WHERE words MATCH ?{} LIMIT ?",
        scope.sql()
    );
    let limit = most.map_or(-1, |most| i64::try_from(most).map_or(-1, |most| most + 1));
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![phrase.expression(), limit])?;
    let mut found = BTreeSet::new();
    let mut pieces = 0;
    while let Some(row) = rows.next()? {
        pieces += 1;
        found.insert(Number::of_row(row.get(0)?)?);
    }
    Ok((most.is_none_or(|most| pieces <= most)).then_some(found))
}

fn keep_holders(
    connection: &Connection,
    scope: Scope,
    phrase: &Phrase,
    known: &mut BTreeSet<Number>,
) -> Result<(), ArchiveError> {
    let sql = format!(
        "SELECT 1 FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?{} LIMIT 1",
        scope.sql()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let expression = phrase.expression();
    let mut kept = BTreeSet::new();
    for number in known.iter() {
        let (first, last) = number.pieces();
        let holds = statement
            .query_row(params![expression, first, last], |_| Ok(()))
            .optional()?;
        if holds.is_some() {
            kept.insert(*number);
        }
    }
    *known = kept;
    Ok(())
}

//! Conditions on words, answered by the full-text index.
//!
//! Words that few complaints hold are looked up first, and give the complaints. Words that many hold are looked for in the
//! complaints that come along, many of them at a time: a page of hits is full soon then. Where it is not, for the words are
//! rare together, they are looked up after all.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::clause::Clause;
use crate::error::ArchiveError;
use crate::number::{Number, PIECE_BITS};
use crate::query::{Condition, Field, Match, Query};
use crate::texts;
use crate::words::{Phrase, phrases};

/// How many pieces of text are few enough to be looked up before anything else; small in tests, whose archives are.
const RARE: usize = if cfg!(test) { 50 } else { 5_000 };
/// How far complaints may lie from each other for one look at the index to be faster than two; in facts. To begin a look
/// takes as long as some hundred pieces that are read in vain.
const NEAR: i64 = if cfg!(test) { 256 } else { 8_192 };

/// What will be done with the complaints that are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The first few are taken: common words may be looked for as complaints come along.
    Page,
    /// All of them are taken: whatever words are asked for are looked up.
    All,
}

/// The conditions on words: as clauses where the complaints are known, and as words still to be looked for.
pub(crate) fn clauses(
    connection: &Connection,
    query: &Query,
    purpose: Purpose,
) -> Result<(Vec<Clause>, Vec<Words>), ArchiveError> {
    let (mut clauses, mut words) = (Vec::new(), Vec::new());
    for condition in &query.conditions {
        let Some(scope) = scope(&condition.field) else {
            continue;
        };
        let sought = sought(connection, scope, condition, purpose)?;
        if sought.any.is_empty() {
            clauses.push(Clause::among(sought.known));
        } else {
            words.push(sought);
        }
    }
    Ok((clauses, words))
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
    const fn sql(self) -> &'static str {
        match self {
            Self::Anywhere => "",
            Self::Place => " AND rowid & 7 = 7",
        }
    }
}

// The SQL above says where a place stands.
const _: () = assert!(texts::Field::Place as u8 == 7);

/// Words that a complaint must hold, as far as it is not known whether it does.
pub(crate) struct Words {
    scope: Scope,
    /// These complaints do.
    known: BTreeSet<Number>,
    /// So do those that hold all phrases of any of these texts.
    any: Vec<Vec<Phrase>>,
}

impl Words {
    /// All complaints that hold the words.
    pub(crate) fn all(&self, connection: &Connection) -> Result<BTreeSet<Number>, ArchiveError> {
        let mut all = self.known.clone();
        for phrases in &self.any {
            let (found, _) = look_up_rare(connection, self.scope, phrases.clone(), Purpose::All)?;
            all.extend(found.into_iter().flatten());
        }
        Ok(all)
    }

    /// Those of some complaints that hold the words.
    pub(crate) fn holders(
        &self,
        connection: &Connection,
        among: &BTreeSet<Number>,
    ) -> Result<BTreeSet<Number>, ArchiveError> {
        let mut holders: BTreeSet<Number> = self.known.intersection(among).copied().collect();
        for phrases in &self.any {
            let mut left: BTreeSet<Number> = among.difference(&holders).copied().collect();
            for phrase in phrases {
                left = holders_of(connection, self.scope, phrase, &left)?;
            }
            holders.extend(left);
        }
        Ok(holders)
    }
}

/// Any of several texts.
fn sought(
    connection: &Connection,
    scope: Scope,
    condition: &Condition,
    purpose: Purpose,
) -> Result<Words, ArchiveError> {
    let mut sought = Words {
        scope,
        known: BTreeSet::new(),
        any: Vec::new(),
    };
    for wanted in &condition.any {
        let Match::Words(words) = wanted else {
            continue;
        };
        let words = words.known().map_or("", String::as_str);
        if scope == Scope::Anywhere {
            sought.known.extend(named(connection, words.trim())?);
        }
        let Some(phrases) = phrases(words) else {
            continue;
        };
        let (found, common) = look_up_rare(connection, scope, phrases, purpose)?;
        match found {
            None => sought.any.push(common),
            Some(mut found) => {
                for phrase in &common {
                    found = holders_of(connection, scope, phrase, &found)?;
                }
                sought.known.extend(found);
            }
        }
    }
    Ok(sought)
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

/// The complaints that hold all phrases that are rare, if one is; and the phrases that are not.
fn look_up_rare(
    connection: &Connection,
    scope: Scope,
    phrases: Vec<Phrase>,
    purpose: Purpose,
) -> Result<(Option<BTreeSet<Number>>, Vec<Phrase>), ArchiveError> {
    let most = match purpose {
        Purpose::Page => Some(RARE),
        Purpose::All => None,
    };
    let mut known: Option<BTreeSet<Number>> = None;
    let mut common = Vec::new();
    for phrase in phrases {
        match (look_up(connection, scope, &phrase, most)?, &known) {
            (None, _) => common.push(phrase),
            (Some(found), None) => known = Some(found),
            (Some(found), Some(before)) => {
                known = Some(before.intersection(&found).copied().collect());
            }
        }
    }
    Ok((known, common))
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
    // The index gives its pieces in the order of their numbers.
    let mut found = Vec::new();
    let mut pieces = 0;
    while let Some(row) = rows.next()? {
        pieces += 1;
        let number = Number::of_row(row.get(0)?)?;
        if found.last() != Some(&number) {
            found.push(number);
        }
    }
    let few = most.is_none_or(|most| pieces <= most);
    Ok(few.then(|| found.into_iter().collect()))
}

/// Those of some complaints that hold a phrase. The index is looked into once for all that lie near each other.
fn holders_of(
    connection: &Connection,
    scope: Scope,
    phrase: &Phrase,
    among: &BTreeSet<Number>,
) -> Result<BTreeSet<Number>, ArchiveError> {
    let sql = format!(
        "SELECT rowid >> {PIECE_BITS} FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?{}",
        scope.sql()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let expression = phrase.expression();
    let mut holders = BTreeSet::new();
    for (first, last) in stretches(among) {
        let mut rows = statement.query(params![expression, first, last])?;
        while let Some(row) = rows.next()? {
            let number = Number::of_row(row.get(0)?)?;
            if among.contains(&number) {
                holders.insert(number);
            }
        }
    }
    Ok(holders)
}

/// The numbers that pieces of some complaints can have, first and last: a stretch for all that lie near each other.
pub(crate) fn stretches(complaints: &BTreeSet<Number>) -> Vec<(i64, i64)> {
    let mut stretches: Vec<(i64, i64)> = Vec::new();
    let mut before: Option<Number> = None;
    for number in complaints {
        let (first, last) = number.pieces();
        let is_near = before.is_some_and(|before| number.get() - before.get() <= NEAR);
        match stretches.last_mut().filter(|_| is_near) {
            Some(stretch) => stretch.1 = last,
            None => stretches.push((first, last)),
        }
        before = Some(*number);
    }
    stretches
}

//! The words of a complaint in the full-text index: what was said, by whom it was said, piece by piece.
//!
//! A piece belongs to the fact that says it. A correction of the matter takes the place of what it corrects; every other
//! piece stays until the customer's data are erased.

use redress_core::{Event, Personal, Recorded};
use rusqlite::{Connection, params};
use serde::Serialize;

use crate::error::ArchiveError;
use crate::number::Number;
use crate::words::Indexed;

/// What kind of words a piece is. The number keeps the pieces of one fact apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The matter in a line.
    Subject = 0,
    /// The matter in the customer's words.
    Description = 1,
    /// The solution.
    Solution = 2,
    /// What was told to the customer, or what they replied.
    Feedback = 3,
    /// What the customer thought of the result.
    Opinion = 4,
    /// What the customer suggested.
    Suggestion = 5,
    /// A note of staff.
    Note = 6,
    /// Where it happened.
    Place = 7,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 8] = [
        Self::Subject,
        Self::Description,
        Self::Solution,
        Self::Feedback,
        Self::Opinion,
        Self::Suggestion,
        Self::Note,
        Self::Place,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Description => "description",
            Self::Solution => "solution",
            Self::Feedback => "feedback",
            Self::Opinion => "opinion",
            Self::Suggestion => "suggestion",
            Self::Note => "note",
            Self::Place => "place",
        }
    }
}

/// Indexes what a fact says.
pub(crate) fn index(
    connection: &Connection,
    number: Number,
    fact: &Recorded,
) -> Result<(), ArchiveError> {
    for (field, text) in pieces(&fact.event) {
        match &fact.event {
            Event::Amended(_) => withdraw(connection, number, field)?,
            Event::Received(_)
            | Event::Classified(_)
            | Event::Assigned(_)
            | Event::Escalated(_)
            | Event::Resolved(_)
            | Event::Feedback(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Closed(_)
            | Event::Reopened(_)
            | Event::Erased(_) => {}
        }
        let indexed = Indexed::of(text);
        if !indexed.text.is_empty() {
            // Derived from the position and the version, so that a rebuilt archive has the same numbers.
            insert(
                connection,
                number.piece(fact.version, field as u8)?,
                &indexed,
            )?;
        }
    }
    Ok(())
}

/// What a fact says, piece by piece.
pub(crate) fn pieces(event: &Event) -> Vec<(Field, &str)> {
    match event {
        Event::Received(fact) => words_of(&fact.personal, |said| {
            let place = said.place.as_deref().map(|text| (Field::Place, text));
            let matter = [
                (Field::Subject, said.subject.as_str()),
                (Field::Description, said.description.as_str()),
            ];
            matter.into_iter().chain(place).collect()
        }),
        Event::Amended(fact) => words_of(&fact.personal, |said| {
            let subject = said.subject.as_deref().map(|text| (Field::Subject, text));
            let description = said.description.as_deref();
            let description = description.map(|text| (Field::Description, text));
            let place = said.place.as_deref().map(|text| (Field::Place, text));
            [subject, description, place]
                .into_iter()
                .flatten()
                .collect()
        }),
        Event::Feedback(fact) => words_of(&fact.personal, |said| {
            let content = (Field::Feedback, said.content.as_str());
            let opinion = said.opinion.as_deref().map(|text| (Field::Opinion, text));
            std::iter::once(content).chain(opinion).collect()
        }),
        Event::Resolved(fact) => words_of(&fact.personal, |said| {
            vec![(Field::Solution, said.solution.as_str())]
        }),
        Event::Revisited(fact) => words_of(&fact.personal, |said| {
            vec![(Field::Suggestion, said.suggestion.as_str())]
        }),
        Event::Assigned(fact) => words_of(&fact.personal, |said| {
            vec![(Field::Note, said.note.as_str())]
        }),
        Event::Paused(fact) => words_of(&fact.personal, |said| {
            vec![(Field::Note, said.note.as_str())]
        }),
        Event::Noted(fact) => words_of(&fact.personal, |said| {
            vec![(Field::Note, said.text.as_str())]
        }),
        Event::Closed(fact) => words_of(&fact.personal, |said| {
            vec![(Field::Note, said.note.as_str())]
        }),
        Event::Classified(_)
        | Event::Escalated(_)
        | Event::Resumed(_)
        | Event::Linked(_)
        | Event::Extended(_)
        | Event::Reopened(_)
        | Event::Erased(_) => Vec::new(),
    }
}

fn words_of<T>(
    personal: &Personal<T>,
    pieces: impl FnOnce(&T) -> Vec<(Field, &str)>,
) -> Vec<(Field, &str)> {
    personal.known().map_or_else(Vec::new, pieces)
}

/// Puts a piece into the index.
fn insert(connection: &Connection, piece: i64, indexed: &Indexed) -> Result<(), ArchiveError> {
    connection
        .prepare_cached("INSERT INTO words (rowid, text, pairs) VALUES (?, ?, ?)")?
        .execute(params![piece, indexed.text, indexed.pairs])?;
    Ok(())
}

/// Takes what a complaint said in a field out of the index.
fn withdraw(connection: &Connection, number: Number, field: Field) -> Result<(), ArchiveError> {
    let (first, last) = number.pieces();
    connection
        .prepare_cached("DELETE FROM words WHERE rowid BETWEEN ? AND ? AND rowid & 7 = ?")?
        .execute(params![first, last, field as u8])?;
    Ok(())
}

/// Removes every piece of a customer's complaints, and tells how many there were.
pub(crate) fn purge(connection: &Connection, subject: &str) -> Result<usize, ArchiveError> {
    let mut delete = connection.prepare_cached("DELETE FROM words WHERE rowid BETWEEN ? AND ?")?;
    let mut complaints = connection.prepare_cached("SELECT n FROM complaints WHERE subject = ?")?;
    let mut rows = complaints.query([subject])?;
    let mut removed = 0;
    while let Some(row) = rows.next()? {
        removed += delete.execute(Number::of_row(row.get(0)?)?.pieces())?;
    }
    Ok(removed)
}

/// Writes the index anew from the pieces that are left.
///
/// Deleting a piece removes its words, but one of them may live on as a signpost between the pages of the index.
pub(crate) fn rebuild_index(connection: &Connection) -> Result<(), ArchiveError> {
    connection.execute("INSERT INTO words (words) VALUES ('rebuild')", [])?;
    Ok(())
}

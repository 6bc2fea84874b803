//! The words of a complaint in the full-text index: what was said, by whom it was said, piece by piece.
//!
//! A piece belongs to the fact that says it. A correction of the matter takes the place of what it corrects; every other
//! piece stays until the customer's data are erased.

use redress_core::{ComplaintId, Event, Personal, Position, Recorded};
use rusqlite::{Connection, params};

use crate::error::ArchiveError;
use crate::timeline::to_integer;
use crate::words::normalised;

/// What kind of words a piece is. The number keeps the pieces of one fact apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Subject = 0,
    Description = 1,
    Solution = 2,
    Feedback = 3,
    Opinion = 4,
    Suggestion = 5,
    Note = 6,
}

/// How many pieces one fact can have at most.
const FIELDS: i64 = 8;

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Description => "description",
            Self::Solution => "solution",
            Self::Feedback => "feedback",
            Self::Opinion => "opinion",
            Self::Suggestion => "suggestion",
            Self::Note => "note",
        }
    }
}

/// Indexes what a fact says.
pub(crate) fn index(connection: &Connection, fact: &Recorded) -> Result<(), ArchiveError> {
    for (field, text) in pieces(&fact.event) {
        match &fact.event {
            Event::Amended(_) => withdraw(connection, fact.complaint_id, field)?,
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
        let words = normalised(text);
        if !words.is_empty() {
            insert(connection, fact, field, &words)?;
        }
    }
    Ok(())
}

fn pieces(event: &Event) -> Vec<(Field, &str)> {
    match event {
        Event::Received(fact) => words_of(&fact.personal, |said| {
            vec![
                (Field::Subject, said.subject.as_str()),
                (Field::Description, said.description.as_str()),
            ]
        }),
        Event::Amended(fact) => words_of(&fact.personal, |said| {
            let subject = said.subject.as_deref().map(|text| (Field::Subject, text));
            let description = said.description.as_deref();
            let description = description.map(|text| (Field::Description, text));
            subject.into_iter().chain(description).collect()
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

fn insert(
    connection: &Connection,
    fact: &Recorded,
    field: Field,
    words: &str,
) -> Result<(), ArchiveError> {
    // Derived from the position, so that a rebuilt archive has the same ids.
    let id = piece_id(fact.position, field)?;
    connection
        .prepare_cached("INSERT INTO texts VALUES (?, ?, ?)")?
        .execute(params![
            id,
            fact.complaint_id.as_uuid().as_bytes(),
            field.name()
        ])?;
    connection
        .prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?
        .execute(params![id, words])?;
    Ok(())
}

fn piece_id(position: Position, field: Field) -> Result<i64, ArchiveError> {
    to_integer(position.get())?
        .checked_mul(FIELDS)
        .and_then(|first| first.checked_add(field as i64))
        .ok_or_else(ArchiveError::too_far)
}

fn withdraw(
    connection: &Connection,
    complaint: ComplaintId,
    field: Field,
) -> Result<(), ArchiveError> {
    let id = complaint.as_uuid();
    let which = params![id.as_bytes(), field.name()];
    connection
        .prepare_cached(
            "DELETE FROM words WHERE rowid IN (SELECT id FROM texts WHERE complaint = ? AND field = ?)",
        )?
        .execute(which)?;
    connection
        .prepare_cached("DELETE FROM texts WHERE complaint = ? AND field = ?")?
        .execute(which)?;
    Ok(())
}

/// Removes every piece of a customer's complaints, and tells how many there were.
pub(crate) fn purge(connection: &Connection, subject: &str) -> Result<usize, ArchiveError> {
    connection.execute(
        "DELETE FROM words WHERE rowid IN (
             SELECT texts.id FROM texts JOIN complaints ON complaints.id = texts.complaint WHERE complaints.subject = ?)",
        [subject],
    )?;
    Ok(connection.execute(
        "DELETE FROM texts WHERE complaint IN (SELECT id FROM complaints WHERE subject = ?)",
        [subject],
    )?)
}

/// Writes the index anew from the pieces that are left.
///
/// Deleting a piece removes its words, but one of them may live on as a signpost between the pages of the index.
pub(crate) fn rebuild_index(connection: &Connection) -> Result<(), ArchiveError> {
    connection.execute("INSERT INTO words (words) VALUES ('rebuild')", [])?;
    Ok(())
}

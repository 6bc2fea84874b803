//! The words of a complaint in the full-text index: what was said, by whom it was said, piece by piece.
//!
//! A piece belongs to the fact that says it. A correction of the matter takes the place of what it corrects; every other
//! piece stays until the customer's data are erased.

use std::collections::BTreeMap;

use redress_core::{Event, Personal, Recorded, Version};
use rusqlite::{Connection, params};
use serde::Serialize;

use crate::error::ArchiveError;
use crate::number::Number;
use crate::timeline;
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

/// Pieces that are to stand in the index and do not yet, by their numbers.
#[derive(Default)]
pub(crate) struct Pending(BTreeMap<i64, Indexed>);

impl Pending {
    /// Takes what a fact says, which stands in the time line already.
    pub(crate) fn index(
        &mut self,
        connection: &Connection,
        number: Number,
        fact: &Recorded,
    ) -> Result<(), ArchiveError> {
        let said = pieces(&fact.event);
        if corrects(&fact.event) && !said.is_empty() {
            let mut before = timeline::of(connection, number, fact.complaint_id)?;
            before.retain(|known| known.version < fact.version);
            for piece in standing(number, &before)? {
                if said.iter().any(|(field, _)| *field == piece.field)
                    && self.0.remove(&piece.number).is_none()
                {
                    withdraw(connection, &piece)?;
                }
            }
        }
        for (field, text) in said {
            if let Some(piece) = Piece::of(number, fact.version, field, text)? {
                self.0.insert(piece.number, piece.indexed);
            }
        }
        Ok(())
    }

    /// Puts the pieces into the index, in the order of their numbers.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<(), ArchiveError> {
        let mut insert =
            connection.prepare_cached("INSERT INTO words (rowid, text, pairs) VALUES (?, ?, ?)")?;
        for (number, indexed) in std::mem::take(&mut self.0) {
            insert.execute(params![number, indexed.text, indexed.pairs])?;
        }
        Ok(())
    }
}

/// A piece of text as it stands in the index.
struct Piece {
    /// Derived from the position and the version, so that a rebuilt archive has the same.
    number: i64,
    field: Field,
    indexed: Indexed,
}

impl Piece {
    /// A piece of a fact's text; `None` of one without words.
    fn of(
        complaint: Number,
        version: Version,
        field: Field,
        text: &str,
    ) -> Result<Option<Self>, ArchiveError> {
        let indexed = Indexed::of(text);
        if indexed.text.is_empty() {
            return Ok(None);
        }
        let number = complaint.piece(version, field as u8)?;
        Ok(Some(Self {
            number,
            field,
            indexed,
        }))
    }
}

/// The pieces of a complaint with this time line that stand in the index.
fn standing(number: Number, timeline: &[Recorded]) -> Result<Vec<Piece>, ArchiveError> {
    let mut standing: Vec<Piece> = Vec::new();
    for fact in timeline {
        for (field, text) in pieces(&fact.event) {
            if corrects(&fact.event) {
                standing.retain(|piece| piece.field != field);
            }
            standing.extend(Piece::of(number, fact.version, field, text)?);
        }
    }
    Ok(standing)
}

/// Whether what a fact says takes the place of what was said before in the same fields.
const fn corrects(event: &Event) -> bool {
    match event {
        Event::Amended(_) => true,
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
        | Event::Erased(_) => false,
    }
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

/// Takes a piece out of the index, which must be told the very words.
fn withdraw(connection: &Connection, piece: &Piece) -> Result<(), ArchiveError> {
    connection
        .prepare_cached("INSERT INTO words (words, rowid, text, pairs) VALUES ('delete', ?, ?, ?)")?
        .execute(params![
            piece.number,
            piece.indexed.text,
            piece.indexed.pairs
        ])?;
    Ok(())
}

/// Removes every piece of a complaint, and tells how many there were. Its time line must still tell them.
pub(crate) fn purge(
    connection: &Connection,
    number: Number,
    timeline: &[Recorded],
) -> Result<usize, ArchiveError> {
    let pieces = standing(number, timeline)?;
    for piece in &pieces {
        withdraw(connection, piece)?;
    }
    Ok(pieces.len())
}

/// Writes the whole index anew, as one piece.
///
/// Withdrawing a piece of text removes its words, but one of them may live on as a signpost between the pages of the index.
/// An index that is of one piece already is not written anew, so something is added to it first; no text has the number 0.
pub(crate) fn rewrite_index(connection: &Connection) -> Result<(), ArchiveError> {
    Ok(connection.execute_batch(
        "INSERT INTO words (rowid, text, pairs) VALUES (0, 'x', '');
         INSERT INTO words (words) VALUES ('optimize');
         INSERT INTO words (words, rowid, text, pairs) VALUES ('delete', 0, 'x', '');",
    )?)
}

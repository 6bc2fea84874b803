//! Folding facts into the tables, within one transaction.
//!
//! The time line takes each fact as it comes. The rows of the complaints that facts touched, and their words, are *pending*:
//! written together later on, in the order of the complaints' numbers. So each row is written once, pages are visited one
//! after another, and the full-text index, which begins a new segment whenever a number is smaller than the one before, is
//! given long runs.

use std::collections::{BTreeMap, HashMap};

use redress_core::event::{Erased, NoteKind};
use redress_core::{ComplaintId, Event, Label, OutOfOrder, Position, Recorded};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::dossier::Dossier;
use crate::error::ArchiveError;
use crate::number::Number;
use crate::row::{self, State};
use crate::{texts, timeline};

/// Complaints folded so far, to go on from; what is missing is folded again from the time line.
pub(crate) type Dossiers = HashMap<ComplaintId, Dossier>;

/// Lets go of complaints where more than `most` are kept: of closed ones first, for little happens to them.
pub(crate) fn make_room(dossiers: &mut Dossiers, most: usize) {
    if dossiers.len() > most {
        dossiers.retain(|_, dossier| dossier.complaint.state() != redress_core::State::Closed);
    }
    if dossiers.len() > most {
        dossiers.clear();
    }
}

/// What is known of facts that were folded and not written yet.
#[derive(Default)]
pub(crate) struct Pending {
    touched: BTreeMap<Number, Touched>,
    texts: texts::Pending,
    purged: bool,
}

/// A complaint whose rows are not as they should be.
struct Touched {
    id: ComplaintId,
    /// As it stands in the tables; `None` of one that does not.
    before: Option<State>,
}

impl Pending {
    /// Writes it all, and tells whether personal data were removed.
    pub(crate) fn write(
        &mut self,
        connection: &Connection,
        dossiers: &mut Dossiers,
    ) -> Result<bool, ArchiveError> {
        self.write_rows(connection, dossiers)?;
        let purged = std::mem::take(&mut self.purged);
        if purged {
            texts::rewrite_index(connection)?;
        }
        Ok(purged)
    }

    fn write_rows(
        &mut self,
        connection: &Connection,
        dossiers: &mut Dossiers,
    ) -> Result<(), ArchiveError> {
        for (number, touched) in std::mem::take(&mut self.touched) {
            // It is gone where its last fact could not follow.
            let dossier = match dossiers.remove(&touched.id) {
                Some(dossier) => dossier,
                None => fold_again(connection, number, touched.id)?,
            };
            row::write(connection, touched.before.as_ref(), &dossier)?;
            dossiers.insert(touched.id, dossier);
        }
        self.texts.write(connection)
    }

    /// Whether personal data were removed.
    pub(crate) const fn has_purged(&self) -> bool {
        self.purged
    }
}

/// Facts on their way into the tables.
pub(crate) struct Batch<'a> {
    connection: &'a Connection,
    dossiers: &'a mut Dossiers,
    pending: &'a mut Pending,
}

impl<'a> Batch<'a> {
    /// A batch within the transaction that `connection` is in.
    pub(crate) const fn new(
        connection: &'a Connection,
        dossiers: &'a mut Dossiers,
        pending: &'a mut Pending,
    ) -> Self {
        Self {
            connection,
            dossiers,
            pending,
        }
    }

    /// Takes the next fact; nothing is written of one that cannot follow.
    pub(crate) fn take(&mut self, fact: &Recorded) -> Result<Result<(), OutOfOrder>, ArchiveError> {
        let id = fact.complaint_id;
        let dossier = self.take_dossier(id, fact.position)?;
        let number = dossier.number;
        self.pending
            .touched
            .entry(number)
            .or_insert_with(|| Touched {
                id,
                before: State::of(&dossier),
            });
        match dossier.fold(fact) {
            Ok(dossier) => self.dossiers.insert(id, dossier),
            Err(misfit) => return Ok(Err(misfit)),
        };
        timeline::append(self.connection, number, fact)?;
        self.pending.texts.index(self.connection, number, fact)?;
        match &fact.event {
            Event::Noted(noted) => match &noted.kind {
                NoteKind::SourceRecord { system, facts } => {
                    self.keep_source(number, system, facts)?
                }
                NoteKind::Investigation
                | NoteKind::Negotiation
                | NoteKind::Coordination
                | NoteKind::Contribution { .. }
                | NoteKind::Internal => {}
            },
            Event::Erased(erased) => self.purge(erased)?,
            Event::Received(_)
            | Event::Classified(_)
            | Event::Assigned(_)
            | Event::Escalated(_)
            | Event::Resolved(_)
            | Event::Feedback(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Amended(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Closed(_)
            | Event::Reopened(_) => {}
        }
        Ok(Ok(()))
    }

    /// A complaint as folded so far. One that nothing is known of takes its number from the fact at hand.
    fn take_dossier(&mut self, id: ComplaintId, at: Position) -> Result<Dossier, ArchiveError> {
        if let Some(dossier) = self.dossiers.remove(&id) {
            return Ok(dossier);
        }
        match number_of(self.connection, id)? {
            Some(number) => fold_again(self.connection, number, id),
            None => Ok(Dossier::new(Number::at(at)?)),
        }
    }

    fn keep_source(
        &self,
        number: Number,
        system: &Label,
        facts: &BTreeMap<String, String>,
    ) -> Result<(), ArchiveError> {
        let mut statement = self
            .connection
            .prepare_cached("INSERT OR REPLACE INTO source_facts VALUES (?, ?, ?, ?)")?;
        for (field, value) in facts {
            statement.execute(params![number, system.as_str(), field, value])?;
        }
        Ok(())
    }

    /// Removes what is personal about a customer from everything folded so far.
    fn purge(&mut self, erased: &Erased) -> Result<(), ArchiveError> {
        // The tables must know every complaint of the customer before they are asked for them.
        self.pending.write_rows(self.connection, self.dossiers)?;
        for (number, complaint) in complaints_of(self.connection, erased)? {
            let timeline = timeline::of(self.connection, number, complaint)?;
            let pieces = texts::purge(self.connection, number, &timeline)?;
            let facts = timeline::purge(self.connection, number)?;
            let row = self.connection.execute(
                "UPDATE summaries SET personal = NULL WHERE personal IS NOT NULL AND n = ?",
                [number],
            )?;
            self.pending.purged |= pieces + facts + row > 0;
        }
        self.dossiers
            .retain(|_, dossier| dossier.subject() != Some(erased.subject));
        Ok(())
    }
}

/// A complaint folded from its time line.
fn fold_again(
    connection: &Connection,
    number: Number,
    complaint: ComplaintId,
) -> Result<Dossier, ArchiveError> {
    timeline::of(connection, number, complaint)?
        .iter()
        .try_fold(Dossier::new(number), Dossier::fold)
        .map_err(|_| ArchiveError::damaged())
}

/// The complaints of a customer.
fn complaints_of(
    connection: &Connection,
    erased: &Erased,
) -> Result<Vec<(Number, ComplaintId)>, ArchiveError> {
    let mut statement =
        connection.prepare_cached("SELECT n, id FROM complaints WHERE subject = ?")?;
    let rows = statement.query_map([erased.subject.to_string()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    rows.map(|row| {
        let (number, id) = row?;
        Ok((
            Number::of_row(number)?,
            ComplaintId::new(Uuid::from_bytes(id)),
        ))
    })
    .collect()
}

/// The number of a complaint; `None` for one that is not here.
pub(crate) fn number_of(
    connection: &Connection,
    complaint: ComplaintId,
) -> Result<Option<Number>, ArchiveError> {
    connection
        .prepare_cached("SELECT n FROM complaints WHERE id = ?")?
        .query_row([complaint.as_uuid().as_bytes()], |row| row.get(0))
        .optional()?
        .map(Number::of_row)
        .transpose()
}

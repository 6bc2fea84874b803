//! Folding facts into the tables, within one transaction.
//!
//! The time line and the index take each fact as it comes; the rows of the complaints it touched are written once, at the
//! end of the batch.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use redress_core::event::{Erased, NoteKind};
use redress_core::{ComplaintId, Event, Label, OutOfOrder, Recorded};
use rusqlite::{CachedStatement, Connection, params};
use serde::Serialize;
use serde_json::Value;

use crate::dossier::Dossier;
use crate::error::ArchiveError;
use crate::summary::{Outcome, Summary};
use crate::{texts, timeline};

/// Complaints folded so far, to go on from; what is missing is folded again from the time line.
pub(crate) type Dossiers = HashMap<ComplaintId, Dossier>;

/// Facts on their way into the tables.
pub(crate) struct Batch<'a> {
    connection: &'a Connection,
    dossiers: &'a mut Dossiers,
    touched: BTreeSet<ComplaintId>,
    purged: bool,
}

impl<'a> Batch<'a> {
    /// A batch within the transaction that `connection` is in.
    pub(crate) fn new(connection: &'a Connection, dossiers: &'a mut Dossiers) -> Self {
        Self {
            connection,
            dossiers,
            touched: BTreeSet::new(),
            purged: false,
        }
    }

    /// Takes the next fact; nothing is written of one that cannot follow.
    pub(crate) fn take(&mut self, fact: &Recorded) -> Result<Result<(), OutOfOrder>, ArchiveError> {
        let id = fact.complaint_id;
        let dossier = self.take_dossier(id)?;
        match dossier.fold(fact) {
            Ok(dossier) => self.dossiers.insert(id, dossier),
            Err(misfit) => return Ok(Err(misfit)),
        };
        self.touched.insert(id);
        timeline::append(self.connection, fact)?;
        texts::index(self.connection, fact)?;
        match &fact.event {
            Event::Noted(noted) => match &noted.kind {
                NoteKind::SourceRecord { system, facts } => self.keep_source(id, system, facts)?,
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

    /// Writes what is left to write, and tells whether personal data were removed.
    pub(crate) fn finish(mut self) -> Result<bool, ArchiveError> {
        self.write_touched()?;
        if self.purged {
            texts::rebuild_index(self.connection)?;
        }
        Ok(self.purged)
    }

    fn take_dossier(&mut self, id: ComplaintId) -> Result<Dossier, ArchiveError> {
        if let Some(dossier) = self.dossiers.remove(&id) {
            return Ok(dossier);
        }
        timeline::of(self.connection, id)?
            .iter()
            .try_fold(Dossier::default(), Dossier::fold)
            .map_err(|_| ArchiveError::damaged())
    }

    fn keep_source(
        &self,
        complaint: ComplaintId,
        system: &Label,
        facts: &BTreeMap<String, String>,
    ) -> Result<(), ArchiveError> {
        let mut statement = self
            .connection
            .prepare_cached("INSERT OR REPLACE INTO source_facts VALUES (?, ?, ?, ?)")?;
        for (field, value) in facts {
            statement.execute(params![
                complaint.as_uuid().as_bytes(),
                system.as_str(),
                field,
                value
            ])?;
        }
        Ok(())
    }

    /// Removes what is personal about a customer from everything folded so far.
    fn purge(&mut self, erased: &Erased) -> Result<(), ArchiveError> {
        // The tables must know every complaint of the customer before they are asked for them.
        self.write_touched()?;
        let subject = erased.subject.to_string();
        let pieces = texts::purge(self.connection, &subject)?;
        let facts = self.connection.execute(
            "UPDATE events SET personal = NULL
             WHERE personal IS NOT NULL AND complaint IN (SELECT id FROM complaints WHERE subject = ?)",
            [&subject],
        )?;
        let rows = self.connection.execute(
            "UPDATE complaints SET personal = NULL WHERE personal IS NOT NULL AND subject = ?",
            [&subject],
        )?;
        self.purged |= pieces + facts + rows > 0;
        self.dossiers
            .retain(|_, dossier| dossier.subject() != Some(erased.subject));
        Ok(())
    }

    fn write_touched(&mut self) -> Result<(), ArchiveError> {
        for id in std::mem::take(&mut self.touched) {
            let mut dossier = self.take_dossier(id)?;
            write(self.connection, &mut dossier)?;
            self.dossiers.insert(id, dossier);
        }
        Ok(())
    }
}

fn write(connection: &Connection, dossier: &mut Dossier) -> Result<(), ArchiveError> {
    let Some(summary) = dossier.summary() else {
        return Ok(());
    };
    write_row(connection, dossier, &summary)?;
    write_lists(connection, dossier.written.as_ref(), &summary)?;
    dossier.written = Some(summary);
    Ok(())
}

fn write_row(
    connection: &Connection,
    dossier: &Dossier,
    summary: &Summary,
) -> Result<(), ArchiveError> {
    let personal = dossier.personal().map(serde_json::to_vec).transpose();
    connection
        .prepare_cached(
            "INSERT INTO complaints (id, received_at, resolved_at, closed_at, outcome, summary, personal)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET received_at = excluded.received_at, resolved_at = excluded.resolved_at,
                 closed_at = excluded.closed_at, outcome = excluded.outcome, summary = excluded.summary,
                 personal = excluded.personal",
        )?
        .execute(params![
            summary.id.as_uuid().as_bytes(),
            summary.received_at.as_micros(),
            summary.resolved_at.map(|at| at.as_micros()),
            summary.closed_at.map(|at| at.as_micros()),
            summary.outcome().map(Outcome::name),
            serde_json::to_string(summary).map_err(|_| ArchiveError::damaged())?,
            personal.map_err(|_| ArchiveError::damaged())?,
        ])?;
    Ok(())
}

/// Writes the tables of what a complaint has several of, where they differ from what was written before.
fn write_lists(
    connection: &Connection,
    before: Option<&Summary>,
    now: &Summary,
) -> Result<(), ArchiveError> {
    let id = now.id;
    if before.map(|before| &before.tags) != Some(&now.tags) {
        replace(connection, "tags", id, &now.tags)?;
    }
    if before.map(|before| &before.flags) != Some(&now.flags) {
        replace(connection, "flags", id, &now.flags)?;
    }
    if before.map(|before| &before.remedies) != Some(&now.remedies) {
        let kinds = now.remedies.iter().flatten().map(|remedy| remedy.kind);
        replace(connection, "remedies", id, &kinds.collect::<Vec<_>>())?;
    }
    if before.map(|before| &before.involved) != Some(&now.involved) {
        write_departments(connection, now)?;
    }
    if before.map(|before| &before.links) != Some(&now.links) {
        write_links(connection, now)?;
    }
    Ok(())
}

/// A table of two columns, the complaint and the value; a value that stands twice is kept once.
fn replace<T: Serialize>(
    connection: &Connection,
    table: &'static str,
    id: ComplaintId,
    values: &[T],
) -> Result<(), ArchiveError> {
    let mut insert = emptied(
        connection,
        table,
        id,
        &format!("INSERT OR IGNORE INTO {table} VALUES (?, ?)"),
    )?;
    for value in values {
        insert.execute(params![id.as_uuid().as_bytes(), code(value)])?;
    }
    Ok(())
}

fn write_departments(connection: &Connection, summary: &Summary) -> Result<(), ArchiveError> {
    let id = summary.id;
    let sql = "INSERT OR IGNORE INTO departments VALUES (?, ?, ?)";
    let mut insert = emptied(connection, "departments", id, sql)?;
    for involvement in &summary.involved {
        insert.execute(params![
            id.as_uuid().as_bytes(),
            involvement.department.as_str(),
            code(&involvement.part)
        ])?;
    }
    Ok(())
}

fn write_links(connection: &Connection, summary: &Summary) -> Result<(), ArchiveError> {
    let id = summary.id;
    let sql = "INSERT OR IGNORE INTO links VALUES (?, ?, ?)";
    let mut insert = emptied(connection, "links", id, sql)?;
    for link in &summary.links {
        insert.execute(params![
            id.as_uuid().as_bytes(),
            code(&link.relation),
            link.target.as_uuid().as_bytes()
        ])?;
    }
    Ok(())
}

/// Removes a complaint's lines from a table and prepares to insert new ones.
fn emptied<'a>(
    connection: &'a Connection,
    table: &'static str,
    id: ComplaintId,
    insert: &str,
) -> Result<CachedStatement<'a>, ArchiveError> {
    connection
        .prepare_cached(&format!("DELETE FROM {table} WHERE complaint = ?"))?
        .execute([id.as_uuid().as_bytes()])?;
    Ok(connection.prepare_cached(insert)?)
}

/// The text that stands for a value without fields in stored JSON; nothing for any other value.
pub(crate) fn code<T: Serialize>(value: &T) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => Some(text),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_),
        )
        | Err(_) => None,
    }
}

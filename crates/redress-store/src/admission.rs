//! Whether an append may be stored: the rules that every store applies in the same way and the same order.
//!
//! First the limits of the format ([`check_limits`]), then the commands that are known already ([`find_duplicate`]),
//! then the version of the stream ([`check_version`]).

use std::collections::HashSet;

use redress_core::{CommandId, Version};

use crate::entry::{Entry, MAX_APPEND_ENTRIES, MAX_PART_BYTES, MAX_PARTS, NewEntry};
use crate::error::{AppendError, InvalidAppend, StoreError};
use crate::store::{Append, Appended};

/// Checks an append against the limits of the format; it needs no store.
///
/// # Errors
///
/// [`InvalidAppend`], the first that applies in the order of its variants.
pub fn check_limits(append: &Append) -> Result<(), InvalidAppend> {
    let entries = &append.entries;
    if entries.is_empty() {
        return Err(InvalidAppend::Empty);
    }
    if entries.len() > MAX_APPEND_ENTRIES {
        return Err(InvalidAppend::TooManyEntries);
    }
    if entries.iter().any(|entry| entry.parts.len() > MAX_PARTS) {
        return Err(InvalidAppend::TooManyParts);
    }
    if entries.iter().any(has_large_part) {
        return Err(InvalidAppend::PartTooLarge);
    }
    if entries
        .iter()
        .any(|entry| std::str::from_utf8(&entry.public).is_err())
    {
        return Err(InvalidAppend::NotUtf8);
    }
    let mut seen = HashSet::new();
    if !by_command(entries).all(|run| seen.insert(run[0].command_id)) {
        return Err(InvalidAppend::SplitCommand);
    }
    Ok(())
}

fn has_large_part(entry: &NewEntry) -> bool {
    entry.public.len() > MAX_PART_BYTES
        || entry
            .parts
            .iter()
            .any(|part| part.bytes.len() > MAX_PART_BYTES)
}

/// The entries of each command; none of the runs is empty.
fn by_command(entries: &[NewEntry]) -> impl Iterator<Item = &[NewEntry]> {
    entries.chunk_by(|one, next| one.command_id == next.command_id)
}

/// Finds the entries of an append that is stored already, and gives its first receipt again.
///
/// `stored` gives the entries of a command in order, none for an unknown one. `None` means that every command is new.
///
/// # Errors
///
/// [`AppendError::CommandReused`] when a command is stored with other entries, or some commands are stored and others
/// are not. Errors of `stored` are passed on.
pub fn find_duplicate(
    append: &Append,
    mut stored: impl FnMut(CommandId) -> Result<Vec<Entry>, StoreError>,
) -> Result<Option<Appended>, AppendError> {
    let mut known: Vec<Entry> = Vec::new();
    let mut all_known = true;
    for run in by_command(&append.entries) {
        let found = stored(run[0].command_id)?;
        let follows = match (known.last(), found.first()) {
            (Some(last), Some(first)) => last.position < first.position,
            (None, _) | (_, None) => true,
        };
        match found.first() {
            None => all_known = false,
            Some(first) if !follows || !is_same(append, run, &found) => {
                return Err(reused(first));
            }
            Some(_) => known.extend(found),
        }
    }
    match (known.first(), known.last()) {
        (Some(first), Some(last)) if all_known => Ok(Some(Appended {
            first_position: first.position,
            last_version: last.version,
            count: known.len(),
            recorded_at: first.recorded_at,
            duplicate: true,
        })),
        (Some(first), Some(_)) => Err(reused(first)),
        (None, _) | (_, None) => Ok(None),
    }
}

fn is_same(append: &Append, run: &[NewEntry], found: &[Entry]) -> bool {
    run.len() == found.len()
        && run
            .iter()
            .zip(found)
            .all(|(new, old)| old.stream == append.stream && old.content == *new)
}

fn reused(first: &Entry) -> AppendError {
    AppendError::CommandReused {
        command: first.content.command_id,
        position: first.position,
    }
}

/// Checks that the stream, whose last entry has the version `actual` (`None`: no stream), is as the append expects it.
///
/// # Errors
///
/// [`AppendError::Conflict`] when it is not.
pub fn check_version(append: &Append, actual: Option<Version>) -> Result<(), AppendError> {
    if append.expected.allows(actual) {
        Ok(())
    } else {
        Err(AppendError::Conflict { actual })
    }
}

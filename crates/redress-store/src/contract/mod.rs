//! The suite that every store passes: what [`EventStore`] promises, as checks.
//!
//! The checks need no runtime of their own. What must happen at once is put in flight together by [`join_all`], so a
//! store's own threads or tasks do meet.

#![expect(
    clippy::unwrap_used,
    reason = "a failed check is a failed test of the store that is checked"
)]

mod appending;
pub mod child;
mod limits;
mod reading;

use std::pin::Pin;
use std::task::Poll;

use redress_core::{CommandId, Position, Timestamp, Version};
use uuid::Uuid;

use crate::entry::{Entry, NewEntry, Part, PartKind, StreamId};
use crate::error::{AppendError, InvalidAppend};
use crate::store::{Append, Appended, EventStore, ExpectedVersion};

/// Runs every check, each on a new and empty store that `open` makes.
///
/// # Panics
///
/// When the store breaks a promise; the message says which.
pub async fn check_all<S: EventStore>(open: impl AsyncFn() -> S) {
    limits::check_all(&open).await;
    appending::check_all(&open).await;
    reading::check_all(&open).await;
}

/// Runs all futures in flight together and gives their results in order.
pub async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut results: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, result) in running.iter_mut().zip(&mut results) {
            if result.is_none()
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *result = Some(output);
            }
        }
        if results.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(results.drain(..).flatten().collect())
    })
    .await
}

/// An entry that can be told from others by `number`, with a personal part where the number is even.
#[must_use]
pub fn entry(command: u128, number: u32) -> NewEntry {
    let personal = Part {
        kind: PartKind::Plain,
        bytes: format!(r#"{{"name":"王芳 {number}"}}"#).into_bytes(),
    };
    NewEntry {
        // A store keeps facts of complaints and of actions alike, and of whatever kinds come later.
        event_type: if number.is_multiple_of(3) {
            201 + number % 5
        } else {
            1 + number % 16
        },
        schema: 1,
        occurred_at: time(i64::from(number)),
        actor: *Uuid::from_u128(0xac).as_bytes(),
        command_id: command_id(command),
        public: format!(r#"{{"data":{{"number":{number},"text":"退款"}}}}"#).into_bytes(),
        parts: if number.is_multiple_of(2) {
            vec![personal]
        } else {
            Vec::new()
        },
    }
}

/// An append of these entries to stream `stream`, recorded at time 1,000,000 µs.
#[must_use]
pub fn append(stream: u128, expected: ExpectedVersion, entries: Vec<NewEntry>) -> Append {
    Append {
        stream: stream_id(stream),
        expected,
        recorded_at: time(1_000_000),
        entries,
    }
}

/// The stream with this number.
#[must_use]
pub const fn stream_id(number: u128) -> StreamId {
    StreamId(Uuid::from_u128(number))
}

/// The command with this number.
#[must_use]
pub const fn command_id(number: u128) -> CommandId {
    CommandId::new(Uuid::from_u128(number))
}

fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn entries_of(command: u128, count: u32) -> Vec<NewEntry> {
    (0..count).map(|number| entry(command, number)).collect()
}

fn receipt(first_position: u64, last_version: u64, count: usize) -> Appended {
    Appended {
        first_position: Position::new(first_position),
        last_version: Version::new(last_version),
        count,
        recorded_at: time(1_000_000),
        duplicate: false,
    }
}

async fn everything(store: &impl EventStore) -> Vec<Entry> {
    store.read_all(Position::FIRST, usize::MAX).await.unwrap()
}

#[track_caller]
fn check_conflict(result: Result<Appended, AppendError>, expected: Option<u64>) {
    match result {
        Err(AppendError::Conflict { actual }) => {
            assert_eq!(actual, expected.map(Version::new), "actual version");
        }
        other => assert_eq!(format!("{other:?}"), "a conflict"),
    }
}

#[track_caller]
fn check_reused(result: Result<Appended, AppendError>, known: u128, at: u64) {
    match result {
        Err(AppendError::CommandReused { command, position }) => {
            assert_eq!(command, command_id(known), "the command that is known");
            assert_eq!(position, Position::new(at), "where it stands");
        }
        other => assert_eq!(format!("{other:?}"), "a reused command"),
    }
}

#[track_caller]
fn check_invalid(result: Result<Appended, AppendError>, expected: InvalidAppend) {
    match result {
        Err(AppendError::Invalid(limit)) => assert_eq!(limit, expected),
        other => assert_eq!(format!("{other:?}"), "an invalid append"),
    }
}

//! The one thread that writes, and the commits it shares among appends.
//!
//! The writer takes all appends that wait, up to a bound, and stores them in one transaction. Each is judged against
//! what stands before it, those of the same transaction included, and writes nothing if it is refused. Answers are
//! given after the commit only, so nothing is acknowledged that is not durable. If the transaction fails, every append
//! in it gets the failure, and the writer stops: what SQLite has written by then is known again only after reopening.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use redress_core::{Position, Timestamp, Version};
use redress_store::admission::{check_version, find_duplicate};
use redress_store::{Append, AppendError, Appended, Arrivals, StoreError};
use rusqlite::{Connection, TransactionBehavior};

use crate::fault::{closed, from_sqlite};
use crate::oneshot::{Reply, oneshot};
use crate::rows::{self, Place};
use crate::worker::Worker;

/// The most entries after which no further append joins a transaction.
const MAX_BATCH_ENTRIES: usize = 4_096;

/// Appends on their way to the writer. Dropping it waits until all of them are stored and answered.
pub(crate) struct Writer {
    // The order of the fields matters: the thread ends when nothing can come through the channel any more.
    requests: Option<Sender<Request>>,
    _thread: Worker,
}

struct Request {
    append: Append,
    reply: Reply<Result<Appended, AppendError>>,
}

impl Writer {
    /// Starts the thread. `last` is where the last entry stands, and when it was recorded.
    pub(crate) fn start(
        connection: Connection,
        last: Option<(Position, Timestamp)>,
        arrivals: Arc<Arrivals>,
    ) -> Result<Self, StoreError> {
        let (requests, waiting) = channel();
        let mut log = Log { connection, last };
        let work = move || {
            log.serve(&waiting, &arrivals);
            // Whoever still waits in the channel is told by its end; then whoever waits for entries.
            drop(waiting);
            arrivals.close();
        };
        Ok(Self {
            requests: Some(requests),
            _thread: Worker::spawn("redress-writer", work)?,
        })
    }

    /// Stores an append whose limits were checked.
    pub(crate) async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (reply, answer) = oneshot();
        let request = Request { append, reply };
        // If the writer has stopped, the request is dropped, and with it the reply.
        if let Some(requests) = &self.requests {
            requests.send(request).ok();
        }
        answer.await.unwrap_or_else(|| Err(closed().into()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.requests = None;
    }
}

/// The ledger as the writer knows it.
struct Log {
    connection: Connection,
    last: Option<(Position, Timestamp)>,
}

impl Log {
    fn serve(&mut self, waiting: &Receiver<Request>, arrivals: &Arrivals) {
        while let Ok(first) = waiting.recv() {
            let (appends, replies) = take_batch(first, waiting);
            match self.store(&appends) {
                Ok(answers) => {
                    if let Some((head, _)) = self.last {
                        arrivals.announce(head);
                    }
                    for (reply, answer) in replies.into_iter().zip(answers) {
                        reply.send(answer);
                    }
                }
                Err(error) => return fail(replies, error),
            }
        }
    }

    /// Stores appends in one transaction; gives an answer for each.
    fn store(
        &mut self,
        appends: &[Append],
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        let failed = |error| from_sqlite("store the entries", error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let mut last = self.last;
        let mut answers = Vec::with_capacity(appends.len());
        for append in appends {
            let answer = match store_one(&transaction, append, &mut last) {
                Err(AppendError::Store(error)) => return Err(error),
                answer => answer,
            };
            answers.push(answer);
        }
        transaction.commit().map_err(failed)?;
        self.last = last;
        Ok(answers)
    }
}

/// Judges and stores one append, and moves `last` on.
fn store_one(
    connection: &Connection,
    append: &Append,
    last: &mut Option<(Position, Timestamp)>,
) -> Result<Appended, AppendError> {
    if let Some(first) = find_duplicate(append, |command| rows::of_command(connection, command))? {
        return Ok(first);
    }
    let actual = rows::last_version(connection, append.stream)?;
    check_version(append, actual)?;
    let place = Place {
        first_position: last.map_or(Position::FIRST, |(position, _)| position.next()),
        first_version: actual.map_or(Version::FIRST, Version::next),
        recorded_at: last.map_or(append.recorded_at, |(_, time)| time.max(append.recorded_at)),
    };
    rows::insert(connection, append, &place)?;
    let count = append.entries.len();
    // There is at least one entry, so the last one is one less away from the first than there are.
    let steps = u64::try_from(count.saturating_sub(1)).unwrap_or(u64::MAX);
    let last_position = place.first_position.get().saturating_add(steps);
    *last = Some((Position::new(last_position), place.recorded_at));
    Ok(Appended {
        first_position: place.first_position,
        last_version: Version::new(place.first_version.get().saturating_add(steps)),
        count,
        recorded_at: place.recorded_at,
        duplicate: false,
    })
}

type Replies = Vec<Reply<Result<Appended, AppendError>>>;

/// Takes what waits behind the first request, as long as the transaction does not grow too large.
fn take_batch(first: Request, waiting: &Receiver<Request>) -> (Vec<Append>, Replies) {
    let mut entries = first.append.entries.len();
    let mut appends = vec![first.append];
    let mut replies = vec![first.reply];
    while entries < MAX_BATCH_ENTRIES
        && let Ok(next) = waiting.try_recv()
    {
        entries = entries.saturating_add(next.append.entries.len());
        appends.push(next.append);
        replies.push(next.reply);
    }
    (appends, replies)
}

/// Tells every append of a transaction why it failed.
fn fail(replies: Replies, error: StoreError) {
    let kind = error.kind();
    let cause = Arc::new(error);
    for reply in replies {
        let message = format!("{cause}; nothing was acknowledged and the store has stopped");
        let failure = StoreError::new(kind, message).caused_by(Arc::clone(&cause));
        reply.send(Err(failure.into()));
    }
}

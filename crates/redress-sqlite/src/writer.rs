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
use redress_store::{Append, AppendError, Appended, Arrivals, Remains, StoreError, StoreErrorKind};
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

enum Request {
    Append(Append, Reply<Result<Appended, AppendError>>),
    Erase(Vec<Remains>, Reply<Result<usize, StoreError>>),
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
        self.send(Request::Append(append, reply));
        answer.await.unwrap_or_else(|| Err(closed().into()))
    }

    /// Puts what is left of parts in their place.
    pub(crate) async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        let (reply, answer) = oneshot();
        self.send(Request::Erase(remains, reply));
        answer.await.unwrap_or_else(|| Err(closed()))
    }

    // If the writer has stopped, the request is dropped, and with it the reply.
    fn send(&self, request: Request) {
        if let Some(requests) = &self.requests {
            requests.send(request).ok();
        }
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
        let mut next = None;
        while let Some(request) = next.take().or_else(|| waiting.recv().ok()) {
            match request {
                Request::Append(append, reply) => {
                    let batch = take_batch(append, reply, waiting);
                    next = batch.next;
                    match self.store(&batch.appends) {
                        Ok(answers) => {
                            if let Some((head, _)) = self.last {
                                arrivals.announce(head);
                            }
                            for (reply, answer) in batch.replies.into_iter().zip(answers) {
                                reply.send(answer);
                            }
                        }
                        Err(error) => {
                            let path = self.connection.path().unwrap_or_default();
                            return fail(batch.replies, error.at_path(path));
                        }
                    }
                }
                Request::Erase(remains, reply) => reply.send(self.erase(&remains)),
            }
        }
    }

    /// Puts what is left of parts in their place. What fails here leaves the parts as they were, or durably gone.
    fn erase(&mut self, remains: &[Remains]) -> Result<usize, StoreError> {
        let failed = |error| from_sqlite("erase personal parts", error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let erased = rows::erase(&transaction, remains).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        // What was overwritten still stands in the write-ahead log.
        let is_busy: bool = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(failed)?;
        if is_busy {
            let message = "the parts are erased, but a reader of the ledger keeps copies of them from being removed; \
                 close it and erase again";
            return Err(StoreError::new(StoreErrorKind::Locked, message));
        }
        Ok(erased)
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

/// Appends that are stored together.
struct Batch {
    appends: Vec<Append>,
    replies: Replies,
    /// What was taken and is no append.
    next: Option<Request>,
}

/// Takes the appends that wait behind the first one, as long as the transaction does not grow too large.
fn take_batch(
    first: Append,
    reply: Reply<Result<Appended, AppendError>>,
    waiting: &Receiver<Request>,
) -> Batch {
    let mut entries = first.entries.len();
    let mut batch = Batch {
        appends: vec![first],
        replies: vec![reply],
        next: None,
    };
    while entries < MAX_BATCH_ENTRIES
        && let Ok(next) = waiting.try_recv()
    {
        match next {
            Request::Append(append, reply) => {
                entries = entries.saturating_add(append.entries.len());
                batch.appends.push(append);
                batch.replies.push(reply);
            }
            Request::Erase(_, _) => {
                batch.next = Some(next);
                break;
            }
        }
    }
    batch
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pollster::block_on;
    use redress_core::Position;
    use redress_store::contract::{append, entry, join_all};
    use redress_store::{AppendError, Arrivals, ExpectedVersion, StoreErrorKind};
    use rusqlite::Connection;

    use super::{Log, Writer};
    use crate::schema::CREATE_TABLES;

    fn one(command: u128) -> redress_store::Append {
        append(command, ExpectedVersion::Any, vec![entry(command, 2)])
    }

    fn kind(error: AppendError) -> StoreErrorKind {
        let AppendError::Store(error) = error else {
            panic!("{error}");
        };
        error.kind()
    }

    fn tables() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(CREATE_TABLES).unwrap();
        connection
    }

    #[test]
    fn a_full_disk_fails_every_append_of_the_transaction_and_stops_the_writer() {
        let connection = tables();
        // As good as a full disk: the file may not grow any more.
        let pages: i64 = connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        connection
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
        let arrivals = Arc::new(Arrivals::new(None));
        let writer = Writer::start(connection, None, Arc::clone(&arrivals)).unwrap();

        let mut large = one(1);
        large.entries[0].parts[0].bytes = vec![0; 100_000];
        let results = block_on(join_all(
            [large, one(2), one(3)].map(|next| writer.append(next)),
        ));
        let mut told = Vec::new();
        for result in results {
            match result {
                Ok(appended) => assert!(arrivals.head() >= Some(appended.first_position)),
                Err(error) => told.push(error),
            }
        }
        let message = told[0].to_string();
        assert!(message.contains("the disk is full"), "{message}");
        assert!(message.contains("nothing was acknowledged"), "{message}");
        assert_eq!(kind(told.remove(0)), StoreErrorKind::Io);

        let later = block_on(writer.append(one(4))).unwrap_err();
        assert_eq!(kind(later), StoreErrorKind::Closed);
        assert!(block_on(arrivals.wait_for(Position::new(1000))).is_err());
    }

    #[test]
    fn a_failed_transaction_stores_nothing_of_it() {
        let connection = tables();
        // The second append fails although the first one of the transaction went well.
        connection
            .execute_batch(
                "CREATE TRIGGER no_more BEFORE INSERT ON entries WHEN NEW.position = 1
                 BEGIN SELECT RAISE(ABORT, 'no'); END",
            )
            .unwrap();
        let mut log = Log {
            connection,
            last: None,
        };
        assert!(log.store(&[one(1), one(2)]).is_err());
        assert!(log.last.is_none());
        let count: i64 = log
            .connection
            .query_row("SELECT count(*) FROM entries", [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, 0);
        // Alone, the first one goes through, at the first position.
        let answers = log.store(&[one(1)]).unwrap();
        let appended = answers.into_iter().next().unwrap().unwrap();
        assert_eq!(appended.first_position, Position::FIRST);
    }

    #[test]
    fn a_refused_append_leaves_the_others_of_its_transaction_alone() {
        let mut log = Log {
            connection: tables(),
            last: None,
        };
        let mut conflicting = one(1);
        conflicting.expected = ExpectedVersion::NoStream;
        conflicting.entries[0] = entry(9, 3);
        let answers = log.store(&[one(1), conflicting, one(1), one(2)]).unwrap();
        let told: Vec<_> = answers
            .into_iter()
            .map(|answer| answer.map(|done| (done.first_position.get(), done.duplicate)))
            .map(|answer| answer.map_err(|error| error.to_string()))
            .collect();
        let conflict = "the stream is not as expected: its version is 1".to_owned();
        assert_eq!(
            told,
            [Ok((0, false)), Err(conflict), Ok((0, true)), Ok((1, false))]
        );
    }
}

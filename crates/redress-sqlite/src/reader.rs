//! The threads that read, each with a connection of its own.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use redress_core::{CommandId, Position, Version};
use redress_store::{Entry, StoreError, StreamId};
use rusqlite::Connection;

use crate::fault::closed;
use crate::file;
use crate::oneshot::{Reply, oneshot};
use crate::rows;
use crate::worker::Worker;

/// What is to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Query {
    Ledger {
        from: Position,
        limit: usize,
    },
    /// As the ledger, without personal parts.
    Public {
        from: Position,
        limit: usize,
    },
    Stream {
        stream: StreamId,
        from: Version,
        limit: usize,
    },
    Command(CommandId),
    /// The last entry of the ledger.
    Last,
}

impl Query {
    fn run(self, connection: &Connection) -> Result<Vec<Entry>, StoreError> {
        match self {
            Self::Ledger { from, limit } => rows::of_ledger(connection, from, limit),
            Self::Public { from, limit } => rows::public_of_ledger(connection, from, limit),
            Self::Stream {
                stream,
                from,
                limit,
            } => rows::of_stream(connection, stream, from, limit),
            Self::Command(command) => rows::of_command(connection, command),
            Self::Last => rows::last_of_ledger(connection),
        }
    }
}

struct Request {
    query: Query,
    reply: Reply<Result<Vec<Entry>, StoreError>>,
}

/// A few threads that answer queries, in the order they come. Dropping it waits for the answers.
pub(crate) struct Readers {
    // The order of the fields matters: the threads end when nothing can come through the channel any more.
    requests: Option<Sender<Request>>,
    _threads: Vec<Worker>,
}

impl Readers {
    /// Opens as many connections to the ledger at `path` and starts a thread with each.
    pub(crate) fn start(path: &Path, count: usize) -> Result<Self, StoreError> {
        let (requests, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let mut threads = Vec::with_capacity(count);
        for _ in 0..count {
            let (connection, _) = file::open_reader(path)?;
            let waiting = Arc::clone(&waiting);
            let path = path.to_owned();
            let work = move || serve(&connection, &waiting, &path);
            threads.push(Worker::spawn("redress-reader", work)?);
        }
        Ok(Self {
            requests: Some(requests),
            _threads: threads,
        })
    }

    pub(crate) async fn read(&self, query: Query) -> Result<Vec<Entry>, StoreError> {
        let (reply, answer) = oneshot();
        // If the threads have stopped, the request is dropped, and with it the reply.
        if let Some(requests) = &self.requests {
            requests.send(Request { query, reply }).ok();
        }
        answer.await.unwrap_or_else(|| Err(closed()))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.requests = None;
    }
}

fn serve(connection: &Connection, waiting: &Mutex<Receiver<Request>>, path: &Path) {
    while let Some(request) = next(waiting) {
        let answer = request.query.run(connection);
        request
            .reply
            .send(answer.map_err(|error| error.at_path(path)));
    }
}

fn next(waiting: &Mutex<Receiver<Request>>) -> Option<Request> {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.recv().ok()
}

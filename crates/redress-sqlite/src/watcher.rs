//! Notices, for a store that only reads, what another process has appended.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use redress_store::{Arrivals, StoreError};
use rusqlite::Connection;

use crate::file;
use crate::rows;
use crate::worker::Worker;

/// How often it looks while somebody waits. SQLite tells nobody that a file has grown.
const INTERVAL: Duration = Duration::from_millis(50);

/// A thread that looks for new entries until it is dropped.
pub(crate) struct Watcher {
    // The order of the fields matters: the thread ends when the channel does.
    stop: Option<Sender<()>>,
    _thread: Worker,
}

impl Watcher {
    pub(crate) fn start(path: &Path, arrivals: Arc<Arrivals>) -> Result<Self, StoreError> {
        let (connection, _) = file::open_reader(path)?;
        let (stop, stopped) = channel();
        let work = move || {
            watch(&connection, &stopped, &arrivals);
            arrivals.close();
        };
        Ok(Self {
            stop: Some(stop),
            _thread: Worker::spawn("redress-watcher", work)?,
        })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop = None;
    }
}

fn watch(connection: &Connection, stopped: &Receiver<()>, arrivals: &Arrivals) {
    while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(INTERVAL) {
        if !arrivals.is_awaited() {
            continue;
        }
        match rows::last(connection) {
            Ok(Some((head, _))) => arrivals.announce(head),
            Ok(None) => {}
            // Whoever waits must not wait for ever; a read will tell what is wrong.
            Err(_) => return,
        }
    }
}

//! The yardstick for many writers: a group commit, as somebody would write it by hand around [`Plain`].

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use redress::store::Append;

use crate::Outcome;
use crate::plain::Plain;

/// After so many appends a commit takes no more.
const MOST: usize = 512;

/// A thread that stores what waits in one commit.
pub(crate) struct CommitGroup {
    requests: Sender<Request>,
    thread: JoinHandle<Outcome<usize>>,
}

/// An append, and where to say that it is stored.
struct Request {
    append: Append,
    done: Sender<()>,
}

/// A way to the thread; every writer has one of its own.
pub(crate) struct Handle {
    requests: Sender<Request>,
    done: Sender<()>,
    answers: Receiver<()>,
}

impl CommitGroup {
    pub(crate) fn start(mut plain: Plain) -> Self {
        let (requests, waiting) = channel();
        let thread = std::thread::spawn(move || serve(&mut plain, &waiting));
        Self { requests, thread }
    }

    pub(crate) fn handle(&self) -> Handle {
        let (done, answers) = channel();
        Handle {
            requests: self.requests.clone(),
            done,
            answers,
        }
    }

    /// Ends the thread, whose handles must be gone; how many entries there are.
    pub(crate) fn finish(self) -> Outcome<usize> {
        drop(self.requests);
        self.thread
            .join()
            .unwrap_or_else(|_| Err("the thread that commits panicked".into()))
    }
}

impl Handle {
    /// Hands an append over.
    pub(crate) fn send(&self, append: Append) -> Outcome<()> {
        let done = self.done.clone();
        self.requests
            .send(Request { append, done })
            .map_err(|_| "the thread that commits has ended".into())
    }

    /// Waits until one more append is stored.
    pub(crate) fn wait(&self) -> Outcome<()> {
        Ok(self.answers.recv()?)
    }
}

fn serve(plain: &mut Plain, waiting: &Receiver<Request>) -> Outcome<usize> {
    while let Ok(first) = waiting.recv() {
        let batch: Vec<Request> = std::iter::once(first)
            .chain(waiting.try_iter().take(MOST - 1))
            .collect();
        plain.commit(batch.iter().map(|request| &request.append))?;
        for request in batch {
            // A writer that does not wait any more needs no answer.
            request.done.send(()).ok();
        }
    }
    plain.count()
}

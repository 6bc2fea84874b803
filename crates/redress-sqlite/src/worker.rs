//! A thread that is waited for when its owner goes.

use std::thread::{self, JoinHandle};

use redress_store::{StoreError, StoreErrorKind};

/// A named thread; dropping it waits for its end, so whatever ends it must have been done before.
pub(crate) struct Worker(Option<JoinHandle<()>>);

impl Worker {
    pub(crate) fn spawn(
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<Self, StoreError> {
        let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
        thread.map(|thread| Self(Some(thread))).map_err(|error| {
            StoreError::new(
                StoreErrorKind::Io,
                format!("cannot start the {name} thread"),
            )
            .caused_by(error)
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let Some(thread) = self.0.take() else { return };
        // A waker that this very thread calls may hold the last handle to the store; a thread cannot wait for itself.
        if thread.thread().id() != thread::current().id() {
            // A panic in it was told by the panic hook; whoever waited for an answer was told as well.
            thread.join().ok();
        }
    }
}

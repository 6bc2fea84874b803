//! One answer from a thread to a future, on the standard library alone.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Makes the two ends.
pub(crate) fn oneshot<T>() -> (Reply<T>, Answer<T>) {
    let slot = Arc::new(Mutex::new(Slot::Empty(None)));
    (Reply(Some(Arc::clone(&slot))), Answer(slot))
}

enum Slot<T> {
    /// No answer yet, and who waits for it.
    Empty(Option<Waker>),
    Full(T),
    /// The answer was taken, or will never come.
    Spent,
}

type Shared<T> = Arc<Mutex<Slot<T>>>;

// Nothing panics while the lock is held, so the slot behind a poisoned lock is whole.
fn lock<T>(slot: &Shared<T>) -> MutexGuard<'_, Slot<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The end that answers. Dropped without an answer, it tells the other end that none will come.
pub(crate) struct Reply<T>(Option<Shared<T>>);

impl<T> Reply<T> {
    pub(crate) fn send(mut self, answer: T) {
        self.put(Slot::Full(answer));
    }

    fn put(&mut self, content: Slot<T>) {
        let Some(slot) = self.0.take() else { return };
        let before = std::mem::replace(&mut *lock(&slot), content);
        if let Slot::Empty(Some(waker)) = before {
            waker.wake();
        }
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        self.put(Slot::Spent);
    }
}

/// The end that waits; `None` when no answer will come.
pub(crate) struct Answer<T>(Shared<T>);

impl<T> Future for Answer<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut slot = lock(&self.0);
        match std::mem::replace(&mut *slot, Slot::Spent) {
            Slot::Empty(_) => {
                *slot = Slot::Empty(Some(context.waker().clone()));
                Poll::Pending
            }
            Slot::Full(answer) => Poll::Ready(Some(answer)),
            Slot::Spent => Poll::Ready(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::oneshot;
    use pollster::block_on;

    #[test]
    fn an_answer_arrives_before_or_after_the_wait_begins() {
        let (reply, answer) = oneshot();
        reply.send(7);
        assert_eq!(block_on(answer), Some(7));

        let (reply, answer) = oneshot();
        let waiter = std::thread::spawn(|| block_on(answer));
        reply.send(8);
        assert_eq!(waiter.join().unwrap(), Some(8));
    }

    #[test]
    fn a_dropped_reply_ends_the_wait() {
        let (reply, answer) = oneshot::<()>();
        let waiter = std::thread::spawn(|| block_on(answer));
        drop(reply);
        assert_eq!(waiter.join().unwrap(), None);
    }
}

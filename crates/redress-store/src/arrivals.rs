//! Waiting for entries: who waits for which position, woken when the ledger has grown.
//!
//! Built on the wakers of the standard library alone, so that a store that uses it needs no runtime.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use redress_core::Position;

use crate::error::{StoreError, StoreErrorKind};

/// Tells those who wait how far a ledger has grown.
///
/// ```
/// use redress_core::Position;
/// use redress_store::Arrivals;
///
/// let arrivals = Arrivals::new(None);
/// assert_eq!(arrivals.head(), None);
/// arrivals.announce(Position::new(4));
/// assert_eq!(arrivals.head(), Some(Position::new(4)));
/// assert!(pollster::block_on(arrivals.wait_for(Position::new(4))).is_ok());
/// arrivals.close();
/// assert!(pollster::block_on(arrivals.wait_for(Position::new(5))).is_err());
/// ```
#[derive(Debug)]
pub struct Arrivals {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    head: Option<Position>,
    closed: bool,
    next_ticket: u64,
    waiting: HashMap<u64, (Position, Waker)>,
}

impl State {
    fn answer(&self, position: Position) -> Option<Result<(), StoreError>> {
        if self.head >= Some(position) {
            return Some(Ok(()));
        }
        self.closed.then(|| Err(closed()))
    }
}

fn closed() -> StoreError {
    let message = "the store was closed while an entry was waited for";
    StoreError::new(StoreErrorKind::Closed, message)
}

impl Arrivals {
    /// Starts with a ledger whose last entry is at `head`.
    #[must_use]
    pub fn new(head: Option<Position>) -> Self {
        Self {
            state: Mutex::new(State {
                head,
                closed: false,
                next_ticket: 0,
                waiting: HashMap::new(),
            }),
        }
    }

    // Nothing here can panic half-way, so the state behind a poisoned lock is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position of the last entry that was announced.
    #[must_use]
    pub fn head(&self) -> Option<Position> {
        self.state().head
    }

    /// Whether anybody waits.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        !self.state().waiting.is_empty()
    }

    /// Says that the last entry is at `head` now; never goes back.
    pub fn announce(&self, head: Position) {
        let mut state = self.state();
        state.head = state.head.max(Some(head));
        let ready = state
            .waiting
            .extract_if(|_, (position, _)| *position <= head);
        let ready: Vec<Waker> = ready.map(|(_, (_, waker))| waker).collect();
        drop(state);
        ready.into_iter().for_each(Waker::wake);
    }

    /// Says that no further entries will come.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_values().for_each(|(_, waker)| waker.wake());
    }

    /// Waits until the entry at `position` was announced, which may be now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of kind [`StoreErrorKind::Closed`] when no further entries will come.
    pub async fn wait_for(&self, position: Position) -> Result<(), StoreError> {
        Arrival {
            arrivals: self,
            position,
            ticket: None,
        }
        .await
    }
}

struct Arrival<'a> {
    arrivals: &'a Arrivals,
    position: Position,
    ticket: Option<u64>,
}

impl Future for Arrival<'_> {
    type Output = Result<(), StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.arrivals.state();
        if let Some(answer) = state.answer(self.position) {
            return Poll::Ready(answer);
        }
        let ticket = self.ticket.unwrap_or(state.next_ticket);
        state.next_ticket = state.next_ticket.max(ticket.saturating_add(1));
        let waiter = (self.position, context.waker().clone());
        state.waiting.insert(ticket, waiter);
        drop(state);
        self.ticket = Some(ticket);
        Poll::Pending
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.arrivals.state().waiting.remove(&ticket);
        }
    }
}

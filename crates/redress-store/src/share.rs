//! Shares of a ledger, for folding its history on several threads: each complaint and each action lies in one of them.

use redress_core::Position;
use uuid::Uuid;

use crate::entry::StreamId;
use crate::fact::Fact;
use crate::projection::Projection;

/// One of so many shares. What the ledger says of itself, such as the rules it adopts, lies in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    number: u8,
    of: u8,
}

impl Share {
    /// The whole ledger.
    pub const WHOLE: Self = Self { number: 0, of: 1 };

    /// All shares, where there are so many; one where there are none.
    ///
    /// ```
    /// use redress_store::{Share, StreamId};
    ///
    /// let stream = StreamId(uuid::Uuid::from_u128(17));
    /// let held = Share::all(3).filter(|share| share.holds(stream));
    /// assert_eq!(held.count(), 1);
    /// ```
    pub fn all(of: u8) -> impl Iterator<Item = Self> {
        let of = of.max(1);
        (0..of).map(move |number| Self { number, of })
    }

    /// Whether a stream lies in it.
    #[must_use]
    pub fn holds(self, StreamId(id): StreamId) -> bool {
        self.holds_id(id)
    }

    /// Whether the stream of a fact lies in it.
    #[must_use]
    pub fn holds_fact(self, fact: &Fact) -> bool {
        match fact {
            Fact::Complaint(fact) => self.holds_id(fact.complaint_id.as_uuid()),
            Fact::Action(fact) => self.holds_id(fact.action_id.as_uuid()),
            Fact::Ledger(_) => true,
        }
    }

    /// The last bytes of an id are random or a digest.
    fn holds_id(self, id: Uuid) -> bool {
        id.as_u128() % u128::from(self.of) == u128::from(self.number)
    }
}

/// A view that can be folded share by share.
pub trait Shares: Projection + Sized + Send {
    /// An empty view under the same rules.
    #[must_use]
    fn emptied(&self) -> Self;

    /// Steps over the facts before `next`: they lie in other shares.
    fn step_over(&mut self, next: Position);

    /// Becomes what these views hold together, in place of what it held. They have folded all shares of the same facts.
    fn merge(&mut self, shares: Vec<Self>);
}

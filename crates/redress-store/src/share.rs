//! Shares of a ledger, for folding its history on several threads: each complaint and each action lies in one of them.

use redress_core::Position;

use crate::entry::StreamId;
use crate::fact::Fact;
use crate::projection::{Projection, ProjectionError};

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

    /// The one of so many that a stream lies in; the whole where there are none.
    ///
    /// The last bytes of an id are random or a digest.
    ///
    /// ```
    /// use redress_store::{Share, StreamId};
    ///
    /// let share = Share::holding(StreamId(uuid::Uuid::from_u128(17)), 5);
    /// assert_eq!(share.number(), 2);
    /// assert!(share.holds(StreamId(uuid::Uuid::from_u128(22))));
    /// ```
    #[must_use]
    pub fn holding(StreamId(id): StreamId, of: u8) -> Self {
        let of = of.max(1);
        let (_, digest) = id.as_u64_pair();
        // Less than `of`.
        let number = u8::try_from(digest % u64::from(of)).unwrap_or_default();
        Self { number, of }
    }

    /// Which one it is, from 0.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }

    /// Whether a stream lies in it.
    #[must_use]
    pub fn holds(self, stream: StreamId) -> bool {
        Self::holding(stream, self.of) == self
    }

    /// Whether the stream of a fact lies in it.
    #[must_use]
    pub fn holds_fact(self, fact: &Fact) -> bool {
        match fact {
            Fact::Complaint(fact) => self.holds(fact.complaint_id.into()),
            Fact::Action(fact) => self.holds(fact.action_id.into()),
            Fact::Ledger(_) => true,
        }
    }
}

/// A view that can be folded share by share.
pub trait Shares: Projection + Sized + Send {
    /// An empty view under the same rules.
    #[must_use]
    fn emptied(&self) -> Self;

    /// Steps over the facts before `next`: they lie in other shares.
    fn step_over(&mut self, next: Position);

    /// Folds facts of one share in their order; those between them lie in other shares.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] at the first fact that cannot be folded; those before it were.
    fn fold_among(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        facts.iter().try_for_each(|fact| {
            self.step_over(fact.position());
            self.fold(std::slice::from_ref(fact))
        })
    }

    /// Becomes what these views hold together, in place of what it held. They have folded all shares of the same facts.
    fn merge(&mut self, shares: Vec<Self>);
}

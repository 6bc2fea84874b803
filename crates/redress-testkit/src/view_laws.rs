//! Laws that every view keeps, whatever it shows: for views of your own, too.

use redress_core::Recorded;
use redress_store::snapshot::{Origin, Snapshot, SnapshotError, Unfit};
use redress_store::{Fact, Projection, ProjectionError, Share, Shares};
use uuid::Uuid;

/// The laws of a view, asked of facts that you choose; [`interleavings`](crate::interleavings) makes some.
///
/// Two views are compared by their figures: whatever they show, without the place in the ledger they have come to.
///
/// ```
/// use redress_core::Recorded;
/// use redress_store::{Fact, Projection, ProjectionError, fold_facts};
/// use redress_testkit::ViewLaws;
///
/// /// How many facts there are.
/// struct Count {
///     next: redress_core::Position,
///     facts: u64,
/// }
///
/// impl Projection for Count {
///     fn name(&self) -> &'static str {
///         "count"
///     }
///     fn next_position(&self) -> redress_core::Position {
///         self.next
///     }
///     fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
///         let Self { next, facts: count } = self;
///         fold_facts("count", next, facts, |_| {
///             *count += 1;
///             Ok(())
///         })
///     }
/// }
///
/// let empty = || Count { next: redress_core::Position::FIRST, facts: 0 };
/// let laws = ViewLaws::of(empty, |view| view.facts);
/// let facts: Vec<Recorded> = Vec::new();
/// assert!(laws.incremental(&facts).is_ok());
/// assert!(laws.commutes(&facts, &facts).is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ViewLaws<N, F> {
    empty: N,
    figures: F,
}

/// A law that a view does not keep.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenViewLaw {
    /// It could not fold the facts.
    #[error(transparent)]
    Fold(#[from] ProjectionError),
    /// It could not be written down.
    #[error(transparent)]
    Write(#[from] SnapshotError),
    /// What it wrote down could not be read back.
    #[error("a snapshot after {after} facts is not read back: {why}")]
    Read {
        /// After how many facts.
        after: usize,
        /// Why.
        why: Unfit,
    },
    /// Folded piece by piece it shows something else.
    #[error(
        "folded in two pieces, the first of {after} facts, the view shows other figures than folded at once"
    )]
    Incremental {
        /// How many facts the first piece had.
        after: usize,
    },
    /// Read back from a snapshot and folded on, it shows something else.
    #[error(
        "a snapshot after {after} facts and what follows show other figures than all facts folded"
    )]
    Snapshot {
        /// After how many facts.
        after: usize,
    },
    /// Folded share by share, it shows something else.
    #[error("folded in {of} shares, the view shows other figures than folded at once")]
    Shares {
        /// How many.
        of: u8,
    },
    /// The order of facts about different complaints matters.
    #[error("the figures depend on which of two complaints was recorded first")]
    Order,
    /// What was added and taken back left something behind.
    #[error("what was added and taken back is still in the figures")]
    LeftBehind,
}

impl<V, T, N, F> ViewLaws<N, F>
where
    V: Projection,
    T: PartialEq,
    N: Fn() -> V,
    F: Fn(&V) -> T,
{
    /// The laws of the view that `empty` makes, which shows these figures.
    pub const fn of(empty: N, figures: F) -> Self {
        Self { empty, figures }
    }

    /// Kept up to date it shows what it shows rebuilt: folded in two pieces, cut anywhere, as folded at once.
    ///
    /// # Errors
    ///
    /// [`BrokenViewLaw::Fold`], [`BrokenViewLaw::Incremental`].
    pub fn incremental(&self, facts: &[Recorded]) -> Result<(), BrokenViewLaw> {
        let facts = numbered(facts);
        let whole = self.shown(&facts)?;
        for after in 0..=facts.len() {
            let (first, rest) = facts.split_at(after);
            let mut view = self.folded(first)?;
            view.fold(rest)?;
            if (self.figures)(&view) != whole {
                return Err(BrokenViewLaw::Incremental { after });
            }
        }
        Ok(())
    }

    /// A snapshot, taken anywhere, and the facts after it show what all facts show.
    ///
    /// # Errors
    ///
    /// [`BrokenViewLaw::Fold`], [`BrokenViewLaw::Write`], [`BrokenViewLaw::Read`], [`BrokenViewLaw::Snapshot`].
    pub fn snapshot(&self, facts: &[Recorded]) -> Result<(), BrokenViewLaw>
    where
        V: Snapshot,
    {
        let origins = facts.iter().map(|fact| (fact.event_id, fact.recorded_at));
        let origins: Vec<_> = std::iter::once(None).chain(origins.map(Some)).collect();
        let facts = numbered(facts);
        let whole = self.shown(&facts)?;
        for (after, last) in origins.into_iter().enumerate() {
            let (first, rest) = facts.split_at(after);
            let ledger = Uuid::nil();
            let bytes = self.folded(first)?.snapshot(Origin { ledger, last })?;
            let mut view = (self.empty)();
            view.restore(&bytes, &mut |_| Ok(()))
                .map_err(|why| BrokenViewLaw::Read { after, why })?;
            view.fold(rest)?;
            if (self.figures)(&view) != whole {
                return Err(BrokenViewLaw::Snapshot { after });
            }
        }
        Ok(())
    }

    /// Folded in so many shares, each with its own facts, it shows what it shows folded at once.
    ///
    /// # Errors
    ///
    /// [`BrokenViewLaw::Fold`], [`BrokenViewLaw::Shares`].
    pub fn shares(&self, facts: &[Recorded], of: u8) -> Result<(), BrokenViewLaw>
    where
        V: Shares,
    {
        let facts = numbered(facts);
        let mut whole = (self.empty)();
        let mut parts = Vec::new();
        for share in Share::all(of) {
            let mut part = whole.emptied();
            let own = facts.iter().filter(|fact| share.holds_fact(fact));
            part.fold_among(&own.cloned().collect::<Vec<_>>())?;
            if let Some(last) = facts.last() {
                part.step_over(last.position().next());
            }
            parts.push(part);
        }
        whole.merge(parts);
        if (self.figures)(&whole) == self.shown(&facts)? {
            Ok(())
        } else {
            Err(BrokenViewLaw::Shares { of })
        }
    }

    /// Facts about different complaints can be recorded in either order. They must not be about the same one.
    ///
    /// # Errors
    ///
    /// [`BrokenViewLaw::Fold`], [`BrokenViewLaw::Order`].
    pub fn commutes(&self, one: &[Recorded], other: &[Recorded]) -> Result<(), BrokenViewLaw> {
        let there = self.shown(&numbered(&[one, other].concat()))?;
        let back = self.shown(&numbered(&[other, one].concat()))?;
        if there == back {
            Ok(())
        } else {
            Err(BrokenViewLaw::Order)
        }
    }

    /// After `more`, the figures are what they were before it: whatever it adds, it takes back. Such as a closing and the
    /// reopening that follows, for the number of closed complaints.
    ///
    /// # Errors
    ///
    /// [`BrokenViewLaw::Fold`], [`BrokenViewLaw::LeftBehind`].
    pub fn gives_back(&self, facts: &[Recorded], more: &[Recorded]) -> Result<(), BrokenViewLaw> {
        let before = self.shown(&numbered(facts))?;
        let after = self.shown(&numbered(&[facts, more].concat()))?;
        if before == after {
            Ok(())
        } else {
            Err(BrokenViewLaw::LeftBehind)
        }
    }

    fn shown(&self, facts: &[Fact]) -> Result<T, ProjectionError> {
        self.folded(facts).map(|view| (self.figures)(&view))
    }

    fn folded(&self, facts: &[Fact]) -> Result<V, ProjectionError> {
        let mut view = (self.empty)();
        view.fold(facts)?;
        Ok(view)
    }
}

/// The facts in this order, positions counted anew. The ledger's clock never goes back along them.
fn numbered(facts: &[Recorded]) -> Vec<Fact> {
    let mut clock = redress_core::Timestamp::MIN;
    let mut position = redress_core::Position::FIRST;
    let facts = facts.iter().map(|fact| {
        clock = clock.max(fact.recorded_at);
        let fact = Recorded {
            position,
            recorded_at: clock,
            ..fact.clone()
        };
        position = position.next();
        Fact::Complaint(fact)
    });
    facts.collect()
}

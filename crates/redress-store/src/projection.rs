//! What every projection promises: a fold over the one global order, that can be thrown away and rebuilt.

use redress_core::{ActionOutOfOrder, AdoptionFault, OutOfOrder, Position};

use crate::fact::Fact;

/// A view folded from the facts of a ledger.
///
/// What every projection promises:
///
/// - It knows up to where it has folded, and refuses a gap.
/// - Rebuilt from nothing it equals itself kept up to date.
/// - It never skips a fact it does not understand: it stops there and says why. What it shows is then as of the fact
///   before that one.
pub trait Projection {
    /// The name of the view, in messages.
    fn name(&self) -> &'static str;

    /// The position of the next fact it needs.
    fn next_position(&self) -> Position;

    /// Whether it looks at the personal parts of facts.
    ///
    /// Where it does not, they may be withheld from it: they need not be opened then, and neither their damage nor a missing
    /// key stops it.
    fn reads_personal(&self) -> bool {
        true
    }

    /// Folds facts that follow each other without a gap, from [`Projection::next_position`] on.
    ///
    /// Facts of actions and of the ledger itself are among them: a view that shows nothing of theirs counts them as folded.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] at the first fact that cannot be folded; those before it were.
    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError>;
}

/// A view could not fold a fact.
#[derive(Debug, thiserror::Error)]
#[error("the {view} view stopped at position {position}: {reason}")]
pub struct ProjectionError {
    /// Which view.
    pub view: &'static str,
    /// The position of the fact that it could not fold.
    pub position: Position,
    /// Why.
    pub reason: ProjectionFault,
}

/// Why a view could not fold a fact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectionFault {
    /// Facts before it are missing, or were folded already.
    #[error("position {expected} was expected")]
    Gap {
        /// The position that was expected.
        expected: Position,
    },
    /// It cannot follow what its complaint's history holds.
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
    /// It cannot follow what its action's history holds.
    #[error(transparent)]
    ActionOutOfOrder(#[from] ActionOutOfOrder),
    /// The rules that it adopts cannot be followed.
    #[error(transparent)]
    Rules(#[from] AdoptionFault),
    /// Where the view keeps what it folded failed.
    #[error("{0}")]
    Storage(String, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Checks that `fact` is the one that `view` needs next.
///
/// # Errors
///
/// [`ProjectionFault::Gap`] when it is another one.
pub fn check_position(
    view: &'static str,
    expected: Position,
    fact: &Fact,
) -> Result<(), ProjectionError> {
    if fact.position() == expected {
        Ok(())
    } else {
        Err(ProjectionError {
            view,
            position: fact.position(),
            reason: ProjectionFault::Gap { expected },
        })
    }
}

/// Folds facts into a view held in memory, and moves `next` on past every fact.
///
/// `fold` changes nothing where a fact cannot follow.
///
/// # Errors
///
/// [`ProjectionError`] at the first fact that is not the next one, or that `fold` refuses; those before it were folded.
pub fn fold_facts(
    view: &'static str,
    next: &mut Position,
    facts: &[Fact],
    mut fold: impl FnMut(&Fact) -> Result<(), ProjectionFault>,
) -> Result<(), ProjectionError> {
    for fact in facts {
        check_position(view, *next, fact)?;
        fold(fact).map_err(|reason| ProjectionError {
            view,
            position: fact.position(),
            reason,
        })?;
        *next = fact.position().next();
    }
    Ok(())
}

/// What may lie between facts that are folded together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Nothing: they follow each other without a gap.
    Nothing,
    /// Facts of other shares.
    OtherShares,
}

impl Between {
    /// Folds facts into a view held in memory, as [`fold_facts`] does.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] at the first fact that is not one to come next, or that `fold` refuses; those before it were folded.
    pub fn fold(
        self,
        view: &'static str,
        next: &mut Position,
        facts: &[Fact],
        mut fold: impl FnMut(&Fact) -> Result<(), ProjectionFault>,
    ) -> Result<(), ProjectionError> {
        facts.iter().try_for_each(|fact| {
            if self == Self::OtherShares {
                *next = fact.position().max(*next);
            }
            fold_facts(view, next, std::slice::from_ref(fact), &mut fold)
        })
    }
}

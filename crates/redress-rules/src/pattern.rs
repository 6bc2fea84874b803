//! Which facts a rule means.

use redress_core::EventType;

use crate::condition::Condition;
use crate::observation::Observation;

/// The facts that a rule means: of some kinds, fulfilling some conditions.
///
/// ```
/// use redress_core::EventType;
/// use redress_rules::{Condition, Field, Pattern, Test};
///
/// let upheld = Condition::new(Field::Upheld, Test::Is("upheld".into()))?;
/// let pattern = Pattern::of(EventType::Resolved).where_(upheld);
/// assert_eq!(pattern.to_string(), "resolved[upheld is upheld]");
/// assert_eq!(Pattern::of(EventType::Noted).or(EventType::Linked).to_string(), "noted | linked");
/// # Ok::<(), redress_rules::InvalidCondition>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    /// A bit for each kind of fact, by its number.
    kinds: u32,
    conditions: Vec<Condition>,
}

const fn bit(kind: EventType) -> u32 {
    1 << kind.number()
}

impl Pattern {
    /// Facts of any kind.
    #[must_use]
    pub fn any() -> Self {
        Self::of_kinds(EventType::ALL)
    }

    /// Facts of this kind.
    #[must_use]
    pub fn of(kind: EventType) -> Self {
        Self::of_kinds([kind])
    }

    /// Facts of every other kind.
    #[must_use]
    pub fn except(kinds: impl IntoIterator<Item = EventType>) -> Self {
        let mut pattern = Self::any();
        for kind in kinds {
            pattern.kinds &= !bit(kind);
        }
        pattern
    }

    pub(crate) fn of_kinds(kinds: impl IntoIterator<Item = EventType>) -> Self {
        Self {
            kinds: kinds.into_iter().fold(0, |all, kind| all | bit(kind)),
            conditions: Vec::new(),
        }
    }

    /// Facts of this kind too.
    #[must_use]
    pub fn or(mut self, kind: EventType) -> Self {
        self.kinds |= bit(kind);
        self
    }

    /// Only those that fulfil this condition too; none, if no fact of these kinds has the field. Text that asks so is
    /// refused.
    #[must_use]
    pub fn where_(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The kinds of fact it means, by number.
    pub fn kinds(&self) -> impl Iterator<Item = EventType> {
        EventType::ALL
            .into_iter()
            .filter(|kind| self.means_kind(*kind))
    }

    /// What the facts must fulfil.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    pub(crate) const fn means_kind(&self, kind: EventType) -> bool {
        self.kinds & bit(kind) != 0
    }

    /// Whether it means this fact.
    #[must_use]
    pub fn matches(&self, seen: &Observation<'_>) -> bool {
        self.means_kind(seen.event().event_type())
            && self
                .conditions
                .iter()
                .all(|condition| condition.holds(seen))
    }

    /// Whether no fact can be meant by both.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        self.kinds & other.kinds == 0
            || self
                .conditions
                .iter()
                .any(|one| other.conditions.iter().any(|two| one.excludes(two)))
    }
}

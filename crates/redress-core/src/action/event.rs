//! The facts an action's history is made of, and their numbers.

use super::{Assigned, Cancelled, Done, Evaluated, Opened};

/// One fact about an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionEvent {
    /// It was opened.
    Opened(Opened),
    /// Somebody answers for it, until a given time.
    Assigned(Assigned),
    /// It was carried out.
    Done(Done),
    /// Whether it helped was measured.
    Evaluated(Box<Evaluated>),
    /// It was given up.
    Cancelled(Cancelled),
}

impl ActionEvent {
    /// The kind of this fact.
    #[must_use]
    pub const fn event_type(&self) -> ActionEventType {
        match self {
            Self::Opened(_) => ActionEventType::Opened,
            Self::Assigned(_) => ActionEventType::Assigned,
            Self::Done(_) => ActionEventType::Done,
            Self::Evaluated(_) => ActionEventType::Evaluated,
            Self::Cancelled(_) => ActionEventType::Cancelled,
        }
    }
}

/// The kind of a fact about an action; its number is part of the stored format and never changes.
///
/// The numbers begin at 201: those below are for the facts of complaints and of the ledger itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "each stands for the variant of `ActionEvent` of the same name"
)]
#[repr(u32)]
pub enum ActionEventType {
    Opened = 201,
    Assigned = 202,
    Done = 203,
    Evaluated = 204,
    Cancelled = 205,
}

impl ActionEventType {
    /// Every kind, in the order of the numbers.
    pub const ALL: [Self; 5] = [
        Self::Opened,
        Self::Assigned,
        Self::Done,
        Self::Evaluated,
        Self::Cancelled,
    ];

    /// The number that stands for it in a stored entry.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The kind with this number.
    ///
    /// ```
    /// use redress_core::action::ActionEventType;
    ///
    /// assert_eq!(ActionEventType::from_number(203), Some(ActionEventType::Done));
    /// assert_eq!(ActionEventType::from_number(3), None);
    /// ```
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its name in stored text and in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "action_opened",
            Self::Assigned => "action_assigned",
            Self::Done => "action_done",
            Self::Evaluated => "action_evaluated",
            Self::Cancelled => "action_cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_kinds_do_not_meet_those_of_other_streams() {
        for kind in ActionEventType::ALL {
            assert!(kind.number() > 200);
            assert_eq!(crate::EventType::from_number(kind.number()), None);
            assert_eq!(crate::LedgerEventType::from_number(kind.number()), None);
            assert_eq!(ActionEventType::from_number(kind.number()), Some(kind));
        }
    }
}

//! A fact of a ledger: of one of its complaints or actions, or of the ledger itself.

use redress_core::{ActionRecorded, EventId, LedgerRecorded, Position, Recorded, Timestamp};

/// What stands at a position of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A fact of a complaint.
    Complaint(Recorded),
    /// A fact of an improvement action.
    Action(ActionRecorded),
    /// A fact of the ledger itself.
    Ledger(LedgerRecorded),
}

impl Fact {
    /// Where it stands in the ledger.
    #[must_use]
    pub const fn position(&self) -> Position {
        match self {
            Self::Complaint(fact) => fact.position,
            Self::Action(fact) => fact.position,
            Self::Ledger(fact) => fact.position,
        }
    }

    /// When the ledger learned of it.
    #[must_use]
    pub const fn recorded_at(&self) -> Timestamp {
        match self {
            Self::Complaint(fact) => fact.recorded_at,
            Self::Action(fact) => fact.recorded_at,
            Self::Ledger(fact) => fact.recorded_at,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn event_id(&self) -> EventId {
        match self {
            Self::Complaint(fact) => fact.event_id,
            Self::Action(fact) => fact.event_id,
            Self::Ledger(fact) => fact.event_id,
        }
    }

    /// The name of its kind, in stored text and in output for programs.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self {
            Self::Complaint(fact) => fact.event.event_type().name(),
            Self::Action(fact) => fact.event.event_type().name(),
            Self::Ledger(fact) => fact.event.event_type().name(),
        }
    }

    /// The fact, if it is a complaint's.
    #[must_use]
    pub const fn as_complaint(&self) -> Option<&Recorded> {
        match self {
            Self::Complaint(fact) => Some(fact),
            Self::Action(_) | Self::Ledger(_) => None,
        }
    }

    /// The fact, if it is an action's.
    #[must_use]
    pub const fn as_action(&self) -> Option<&ActionRecorded> {
        match self {
            Self::Action(fact) => Some(fact),
            Self::Complaint(_) | Self::Ledger(_) => None,
        }
    }

    /// The fact, if it is the ledger's own.
    #[must_use]
    pub const fn as_ledger(&self) -> Option<&LedgerRecorded> {
        match self {
            Self::Complaint(_) | Self::Action(_) => None,
            Self::Ledger(fact) => Some(fact),
        }
    }
}

impl From<Recorded> for Fact {
    fn from(fact: Recorded) -> Self {
        Self::Complaint(fact)
    }
}

impl From<ActionRecorded> for Fact {
    fn from(fact: ActionRecorded) -> Self {
        Self::Action(fact)
    }
}

impl From<LedgerRecorded> for Fact {
    fn from(fact: LedgerRecorded) -> Self {
        Self::Ledger(fact)
    }
}

//! What a caller hands in, and what it gets back.

use redress_core::{
    ActionCommand, ActionId, Actor, Command, CommandId, ComplaintId, Position, Rejection,
    Timestamp, TraceId, Version,
};

use crate::batch::Accepted;

/// A wish to have something recorded about a complaint, or about an action where it holds an [`ActionCommand`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission<C = Command> {
    /// What is wanted.
    pub command: C,
    /// Who wants it.
    pub actor: Actor,
    /// The id of this wish; handing it in twice records it once. Drawn anew where it is `None`.
    pub command_id: Option<CommandId>,
    /// When the fact happened; now where it is `None`.
    pub occurred_at: Option<Timestamp>,
    /// What it belongs together with across complaints.
    pub correlation_id: Option<TraceId>,
    /// The command or event that led to it.
    pub causation_id: Option<TraceId>,
}

impl Submission {
    /// A wish about a complaint, and about something that happens now.
    #[must_use]
    pub fn new(command: impl Into<Command>, actor: Actor) -> Self {
        Self::of(command.into(), actor)
    }
}

impl Submission<ActionCommand> {
    /// A wish about an action, and about something that happens now.
    #[must_use]
    pub fn about_action(command: impl Into<ActionCommand>, actor: Actor) -> Self {
        Self::of(command.into(), actor)
    }
}

impl<C> Submission<C> {
    const fn of(command: C, actor: Actor) -> Self {
        Self {
            command,
            actor,
            command_id: None,
            occurred_at: None,
            correlation_id: None,
            causation_id: None,
        }
    }
}

/// What became of a submission: a receipt, or why it was refused.
pub type Outcome = Result<Receipt, Rejection>;

/// The acknowledgement of a command. What it led to is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The complaint.
    pub complaint_id: ComplaintId,
    /// The wish.
    pub command_id: CommandId,
    /// Where the facts it led to stand; `None` where there was nothing to add.
    pub recorded: Option<Place>,
    /// The same wish was recorded before; nothing was added now.
    pub repeated: bool,
}

impl Receipt {
    pub(crate) const fn of(complaint_id: ComplaintId, accepted: Accepted) -> Self {
        Self {
            complaint_id,
            command_id: accepted.command_id,
            recorded: accepted.recorded,
            repeated: accepted.repeated,
        }
    }
}

/// What became of a submission about an action: a receipt, or why it was refused.
pub type ActionOutcome = Result<ActionReceipt, Rejection>;

/// The acknowledgement of a command about an action. What it led to is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionReceipt {
    /// The action.
    pub action_id: ActionId,
    /// The wish.
    pub command_id: CommandId,
    /// Where the fact it led to stands; `None` where there was nothing to add.
    pub recorded: Option<Place>,
    /// The same wish was recorded before; nothing was added now.
    pub repeated: bool,
}

impl ActionReceipt {
    pub(crate) const fn of(action_id: ActionId, accepted: Accepted) -> Self {
        Self {
            action_id,
            command_id: accepted.command_id,
            recorded: accepted.recorded,
            repeated: accepted.repeated,
        }
    }
}

/// Where the facts of a command stand in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position of the first one.
    pub position: Position,
    /// The version of the first one.
    pub version: Version,
    /// How many there are.
    pub facts: usize,
    /// When they were recorded.
    pub recorded_at: Timestamp,
}

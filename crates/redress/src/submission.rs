//! What a caller hands in, and what it gets back.

use redress_core::{
    Actor, Command, CommandId, ComplaintId, Position, Rejection, Timestamp, TraceId, Version,
};

/// A wish to have something recorded about a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// What is wanted.
    pub command: Command,
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
    /// A wish about something that happens now.
    #[must_use]
    pub fn new(command: impl Into<Command>, actor: Actor) -> Self {
        Self {
            command: command.into(),
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

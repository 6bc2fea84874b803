//! One command that a row leads to.

use redress_core::{Actor, Command, CommandId, Timestamp};

/// A command with all that executing it needs besides the complaint's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to record.
    pub command: Command,
    /// The id of the command, the same each time the file is read.
    pub command_id: CommandId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who did it.
    pub actor: Actor,
}

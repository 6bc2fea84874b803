//! A fact about an action together with what the ledger knows about it.

use super::ActionEvent;
use crate::actor::Actor;
use crate::id::{ActionId, CommandId, EventId, Position, TraceId, Version};
use crate::time::Timestamp;

/// A fact about an action as it stands in the ledger: its envelope and the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRecorded {
    /// This very fact.
    pub event_id: EventId,
    /// Whose history it belongs to.
    pub action_id: ActionId,
    /// Where it stands in that history.
    pub version: Version,
    /// Where it stands in the ledger.
    pub position: Position,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the ledger learned of it. Never goes back along the ledger.
    pub recorded_at: Timestamp,
    /// Who brought it about.
    pub actor: Actor,
    /// The wish it came from.
    pub command_id: CommandId,
    /// What it belongs together with across streams.
    pub correlation_id: Option<TraceId>,
    /// The command or event that led to it.
    pub causation_id: Option<TraceId>,
    /// The layout of the event, counted from 1 for each kind of fact.
    pub schema: u16,
    /// The fact.
    pub event: ActionEvent,
}

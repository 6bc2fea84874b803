//! Facts of actions to bytes and back. They have no personal part.

use redress_core::action::{ActionEvent, ActionEventType, ActionRecorded};
use redress_core::{ActionId, EventType, LedgerEventType, LedgerStream};

use super::actors::Actors;
use super::{CodecError, Draft, damaged, envelope, public_part};
use crate::entry::{Entry, NewEntry};

/// Where a fact of an action stands that belongs elsewhere.
pub(super) const MISPLACED_ACTION: &str = "an action's fact stands in a stream of the ledger's own";

/// The present layout of a kind of fact of an action.
#[must_use]
pub const fn action_schema(kind: ActionEventType) -> u16 {
    match kind {
        ActionEventType::Opened
        | ActionEventType::Assigned
        | ActionEventType::Done
        | ActionEventType::Evaluated
        | ActionEventType::Cancelled => 1,
    }
}

/// Writes a fact of an action; it belongs into the stream of that action.
///
/// # Errors
///
/// [`CodecError::Encode`] when it cannot be written as JSON.
pub fn encode_action(draft: &Draft<ActionEvent>) -> Result<NewEntry, CodecError> {
    let kind = draft.event.event_type();
    let (name, schema) = (kind.name(), action_schema(kind));
    let public = match &draft.event {
        ActionEvent::Opened(fact) => public_part(draft, name, schema, fact),
        ActionEvent::Assigned(fact) => public_part(draft, name, schema, fact),
        ActionEvent::Done(fact) => public_part(draft, name, schema, fact),
        ActionEvent::Evaluated(fact) => public_part(draft, name, schema, fact),
        ActionEvent::Cancelled(fact) => public_part(draft, name, schema, fact),
    }?;
    Ok(NewEntry {
        event_type: kind.number(),
        schema,
        occurred_at: draft.occurred_at,
        actor: draft.actor.id.to_bytes(),
        command_id: draft.command_id,
        public,
        parts: Vec::new(),
    })
}

/// Reads a fact of an action. No kind of them has had a second layout, so there is nothing to lift.
///
/// # Errors
///
/// As [`decode`](super::decode); a fact of a complaint or of the ledger itself is [`CodecError::DamagedPublic`].
pub fn decode_action(entry: &Entry) -> Result<ActionRecorded, CodecError> {
    let kind = kind(entry)?;
    let position = entry.position;
    let content = &entry.content;
    let damage = |place: &str| CodecError::DamagedPublic {
        position,
        place: place.to_owned(),
    };
    if content.schema > action_schema(kind) {
        return Err(CodecError::NewerSchema {
            position,
            schema: content.schema,
        });
    }
    if LedgerStream::from_uuid(entry.stream.0).is_some() {
        return Err(damage(MISPLACED_ACTION));
    }
    if content.schema == 0 {
        return Err(damage("there is no layout 0"));
    }
    let (envelope, event) = envelope::read(entry, kind.name(), &mut Actors::default(), |data| {
        event(kind, data).map_err(|error| damaged(position, &error))
    })?;
    if !content.parts.is_empty() {
        return Err(CodecError::DamagedPersonal { position });
    }
    Ok(ActionRecorded {
        event_id: envelope.event_id,
        action_id: ActionId::new(entry.stream.0),
        version: entry.version,
        position,
        occurred_at: content.occurred_at,
        recorded_at: entry.recorded_at,
        actor: envelope.actor,
        command_id: content.command_id,
        correlation_id: envelope.correlation_id,
        causation_id: envelope.causation_id,
        schema: content.schema,
        event,
    })
}

fn event(kind: ActionEventType, data: &str) -> serde_json::Result<ActionEvent> {
    match kind {
        ActionEventType::Opened => serde_json::from_str(data).map(ActionEvent::Opened),
        ActionEventType::Assigned => serde_json::from_str(data).map(ActionEvent::Assigned),
        ActionEventType::Done => serde_json::from_str(data).map(ActionEvent::Done),
        ActionEventType::Evaluated => serde_json::from_str(data).map(ActionEvent::Evaluated),
        ActionEventType::Cancelled => serde_json::from_str(data).map(ActionEvent::Cancelled),
    }
}

/// The kind of a fact that stands in an action's history.
fn kind(entry: &Entry) -> Result<ActionEventType, CodecError> {
    let number = entry.content.event_type;
    let position = entry.position;
    if let Some(kind) = ActionEventType::from_number(number) {
        return Ok(kind);
    }
    let misplaced = |place: &str| CodecError::DamagedPublic {
        position,
        place: place.to_owned(),
    };
    Err(if EventType::from_number(number).is_some() {
        misplaced("a complaint's fact stands in an action's history")
    } else if LedgerEventType::from_number(number).is_some() {
        misplaced("a fact of the ledger itself stands in an action's history")
    } else {
        CodecError::UnknownType {
            position,
            event_type: number,
        }
    })
}

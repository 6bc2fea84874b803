//! Facts of the ledger itself to bytes and back. They have no personal part.

use redress_core::{ActionEventType, EventType, LedgerEvent, LedgerEventType, LedgerRecorded};

use super::action::MISPLACED_ACTION;
use super::actors::Actors;
use super::{CodecError, Draft, MISPLACED_COMPLAINT, damaged, envelope, public_part};
use crate::entry::{Entry, NewEntry, StreamId};

/// The present layout of a kind of fact of the ledger itself.
#[must_use]
pub const fn ledger_schema(kind: LedgerEventType) -> u16 {
    match kind {
        LedgerEventType::Refused
        | LedgerEventType::PolicyAdopted
        | LedgerEventType::Held
        | LedgerEventType::Released
        | LedgerEventType::ErasureRequested
        | LedgerEventType::KeyDestroyed => 1,
    }
}

/// Writes a fact of the ledger itself; it belongs into the stream of its kind.
///
/// # Errors
///
/// [`CodecError::Encode`] when it cannot be written as JSON.
pub fn encode_ledger(draft: &Draft<LedgerEvent>) -> Result<NewEntry, CodecError> {
    let kind = draft.event.event_type();
    let schema = ledger_schema(kind);
    let public = match &draft.event {
        LedgerEvent::Refused(fact) => public_part(draft, kind.name(), schema, fact)?,
        LedgerEvent::PolicyAdopted(fact) => public_part(draft, kind.name(), schema, fact)?,
        LedgerEvent::Held(fact) => public_part(draft, kind.name(), schema, fact)?,
        LedgerEvent::Released(fact) => public_part(draft, kind.name(), schema, fact)?,
        LedgerEvent::ErasureRequested(fact) => public_part(draft, kind.name(), schema, fact)?,
        LedgerEvent::KeyDestroyed(fact) => public_part(draft, kind.name(), schema, fact)?,
    };
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

/// Reads a fact of the ledger itself. No kind of them has had a second layout, so there is nothing to lift.
///
/// # Errors
///
/// As [`decode`](super::decode); a fact of a complaint or an action is [`CodecError::DamagedPublic`].
pub fn decode_ledger(entry: &Entry) -> Result<LedgerRecorded, CodecError> {
    let kind = kind(entry)?;
    let position = entry.position;
    let content = &entry.content;
    let damage = |place: &str| CodecError::DamagedPublic {
        position,
        place: place.to_owned(),
    };
    if content.schema > ledger_schema(kind) {
        return Err(CodecError::NewerSchema {
            position,
            schema: content.schema,
        });
    }
    if entry.stream != StreamId::from(kind.stream()) {
        return Err(damage(
            "a fact of the ledger itself stands outside the stream of its kind",
        ));
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
    Ok(LedgerRecorded {
        event_id: envelope.event_id,
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

fn event(kind: LedgerEventType, data: &str) -> serde_json::Result<LedgerEvent> {
    match kind {
        LedgerEventType::Refused => serde_json::from_str(data).map(LedgerEvent::Refused),
        LedgerEventType::PolicyAdopted => {
            serde_json::from_str(data).map(LedgerEvent::PolicyAdopted)
        }
        LedgerEventType::Held => serde_json::from_str(data).map(LedgerEvent::Held),
        LedgerEventType::Released => serde_json::from_str(data).map(LedgerEvent::Released),
        LedgerEventType::ErasureRequested => {
            serde_json::from_str(data).map(LedgerEvent::ErasureRequested)
        }
        LedgerEventType::KeyDestroyed => serde_json::from_str(data).map(LedgerEvent::KeyDestroyed),
    }
}

/// The kind of a fact that stands in a stream of the ledger's own.
fn kind(entry: &Entry) -> Result<LedgerEventType, CodecError> {
    let number = entry.content.event_type;
    match LedgerEventType::from_number(number) {
        Some(kind) => Ok(kind),
        None if EventType::from_number(number).is_some() => Err(CodecError::DamagedPublic {
            position: entry.position,
            place: MISPLACED_COMPLAINT.to_owned(),
        }),
        None if ActionEventType::from_number(number).is_some() => Err(CodecError::DamagedPublic {
            position: entry.position,
            place: MISPLACED_ACTION.to_owned(),
        }),
        None => Err(CodecError::UnknownType {
            position: entry.position,
            event_type: number,
        }),
    }
}

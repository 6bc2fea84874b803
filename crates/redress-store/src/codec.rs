//! Facts to bytes and back.
//!
//! The public part is one compact JSON object with the envelope and the fact; its bytes are kept as they are, for they
//! will be hashed. What tells who somebody is goes into a part of its own. An older layout of a fact is lifted to the
//! present one, one schema at a time, before it is read.

use redress_core::event::{
    Amended, Assigned, Classified, Closed, Erased, Escalated, Extended, Feedback, Linked, Noted,
    Paused, Received, Reopened, Resolved, Resumed, Revisited,
};
use redress_core::{
    ActionEventType, Actor, CommandId, ComplaintId, Event, EventId, EventType, LedgerEventType,
    LedgerStream, Personal, Position, Recorded, Timestamp, TraceId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::actors::Actors;
use self::envelope::PublicOut;
use self::recurring::Recurring;
use crate::entry::{Entry, NewEntry, Part, PartKind};
use crate::fact::Fact;

mod action;
mod actors;
mod envelope;
mod ledger;
mod recurring;

pub use action::{action_schema, decode_action, encode_action};
pub use ledger::{decode_ledger, encode_ledger, ledger_schema};

const MISPLACED_COMPLAINT: &str = "a complaint's fact stands in a stream of the ledger's own";

/// A fact with the part of its envelope that the caller knows: a complaint's, an action's, or the ledger's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft<E = Event> {
    /// This very fact.
    pub event_id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who brought it about.
    pub actor: Actor,
    /// The wish it came from.
    pub command_id: CommandId,
    /// What it belongs together with across streams.
    pub correlation_id: Option<TraceId>,
    /// The command or event that led to it.
    pub causation_id: Option<TraceId>,
    /// The fact.
    pub event: E,
}

/// A fact could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The fact cannot be written as JSON.
    #[error("the fact cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// The number of the kind of fact is unknown; a newer program may know it.
    #[error(
        "position {position} holds a fact of unknown kind {event_type}; open the ledger with a newer version"
    )]
    UnknownType {
        /// Where.
        position: Position,
        /// The number.
        event_type: u32,
    },
    /// The layout of the fact is newer than this program.
    #[error(
        "position {position} holds a fact in layout {schema}; open the ledger with a newer version"
    )]
    NewerSchema {
        /// Where.
        position: Position,
        /// The layout.
        schema: u16,
    },
    /// The public part is not what was written.
    #[error("the public part at position {position} cannot be read ({place})")]
    DamagedPublic {
        /// Where.
        position: Position,
        /// Line and column within the part, or what contradicts what; never any of its content.
        place: String,
    },
    /// A personal part is sealed; whoever reads must open it first.
    #[error(
        "the personal part at position {position} is sealed; open the ledger with its key store"
    )]
    Sealed {
        /// Where.
        position: Position,
    },
    /// A personal part is not what was written. Says nothing of its content.
    #[error("a personal part at position {position} cannot be read")]
    DamagedPersonal {
        /// Where.
        position: Position,
    },
}

/// The present layout of a kind of fact.
#[must_use]
pub const fn schema(kind: EventType) -> u16 {
    match kind {
        EventType::Received
        | EventType::Classified
        | EventType::Assigned
        | EventType::Escalated
        | EventType::Resolved
        | EventType::Feedback
        | EventType::Revisited
        | EventType::Paused
        | EventType::Resumed
        | EventType::Noted
        | EventType::Amended
        | EventType::Linked
        | EventType::Extended
        | EventType::Closed
        | EventType::Reopened
        | EventType::Erased => 1,
    }
}

/// Lifts a fact from an older layout to the next one.
pub type Upcast = fn(EventType, u16, Value) -> Result<Value, String>;

/// Lifts nothing: no fact has had a second layout yet.
///
/// # Errors
///
/// Always: there is no older layout to lift from.
pub fn no_upcasts(kind: EventType, schema: u16, _data: Value) -> Result<Value, String> {
    Err(format!(
        "there is no way up from layout {schema} of {}",
        kind.name()
    ))
}

/// Writes a fact of a complaint.
///
/// # Errors
///
/// [`CodecError::Encode`] when it cannot be written as JSON.
pub fn encode(draft: &Draft) -> Result<NewEntry, CodecError> {
    let kind = draft.event.event_type();
    let (public, personal) = match &draft.event {
        Event::Received(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Classified(fact) => (public(draft, fact)?, None),
        Event::Assigned(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Escalated(fact) => (public(draft, fact)?, None),
        Event::Resolved(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Feedback(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Revisited(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Paused(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Resumed(fact) => (public(draft, fact)?, None),
        Event::Noted(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Amended(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Linked(fact) => (public(draft, fact)?, None),
        Event::Extended(fact) => (public(draft, fact)?, None),
        Event::Closed(fact) => (public(draft, fact)?, part(&fact.personal)?),
        Event::Reopened(fact) => (public(draft, fact)?, None),
        Event::Erased(fact) => (public(draft, fact)?, None),
    };
    Ok(NewEntry {
        event_type: kind.number(),
        schema: schema(kind),
        occurred_at: draft.occurred_at,
        actor: draft.actor.id.to_bytes(),
        command_id: draft.command_id,
        public,
        parts: personal.into_iter().collect(),
    })
}

fn public<T: Serialize>(draft: &Draft, data: &T) -> Result<Vec<u8>, CodecError> {
    let kind = draft.event.event_type();
    public_part(draft, kind.name(), schema(kind), data)
}

fn public_part<E, T: Serialize>(
    draft: &Draft<E>,
    name: &'static str,
    schema: u16,
    data: &T,
) -> Result<Vec<u8>, CodecError> {
    let out = PublicOut {
        r#type: name,
        schema,
        event_id: draft.event_id,
        occurred_at: draft.occurred_at,
        actor: &draft.actor,
        command_id: draft.command_id,
        correlation_id: draft.correlation_id,
        causation_id: draft.causation_id,
        data,
    };
    serde_json::to_vec(&out).map_err(CodecError::Encode)
}

fn part<T: Serialize>(personal: &Personal<T>) -> Result<Option<Part>, CodecError> {
    personal
        .known()
        .map(|value| {
            let bytes = serde_json::to_vec(value).map_err(CodecError::Encode)?;
            Ok(Part {
                kind: PartKind::Plain,
                bytes,
            })
        })
        .transpose()
}

/// Reads the facts of many entries, faster than one at a time: it remembers the people in them, and facts that recur.
#[derive(Debug)]
pub struct Decoder {
    upcast: Upcast,
    actors: Actors,
    recurring: Option<Recurring>,
}

impl Decoder {
    /// One that lifts older layouts by `upcast`.
    #[must_use]
    pub fn new(upcast: Upcast) -> Self {
        Self {
            upcast,
            actors: Actors::default(),
            recurring: Some(Recurring::default()),
        }
    }

    /// One for a single fact, which nothing recurs in.
    fn once(upcast: Upcast) -> Self {
        Self {
            upcast,
            actors: Actors::default(),
            recurring: None,
        }
    }

    /// Reads a fact of any kind.
    ///
    /// # Errors
    ///
    /// [`CodecError`], in the order of its variants from [`CodecError::UnknownType`] on. A fact in a stream that facts of
    /// its kind do not stand in is [`CodecError::DamagedPublic`].
    pub fn decode(&mut self, entry: &Entry) -> Result<Fact, CodecError> {
        let number = entry.content.event_type;
        if EventType::from_number(number).is_some() {
            self.complaint(entry).map(Fact::Complaint)
        } else if LedgerEventType::from_number(number).is_some() {
            decode_ledger(entry).map(Fact::Ledger)
        } else if ActionEventType::from_number(number).is_some() {
            decode_action(entry).map(Fact::Action)
        } else {
            // Tells that the kind is unknown.
            self.complaint(entry).map(Fact::Complaint)
        }
    }

    fn complaint(&mut self, entry: &Entry) -> Result<Recorded, CodecError> {
        let position = entry.position;
        let content = &entry.content;
        let kind = complaint_kind(entry)?;
        if content.schema > schema(kind) {
            return Err(CodecError::NewerSchema {
                position,
                schema: content.schema,
            });
        }
        if LedgerStream::from_uuid(entry.stream.0).is_some() {
            return Err(CodecError::DamagedPublic {
                position,
                place: MISPLACED_COMPLAINT.to_owned(),
            });
        }
        let reader = Reader {
            entry,
            kind,
            upcast: self.upcast,
        };
        let recurring = &mut self.recurring;
        let (envelope, event) =
            envelope::read(
                entry,
                kind.name(),
                &mut self.actors,
                |data| match recurring {
                    Some(recurring) if reader.may_recur() => {
                        recurring.get(kind, data, || reader.read(data))
                    }
                    Some(_) | None => reader.read(data),
                },
            )?;
        Ok(Recorded {
            event_id: envelope.event_id,
            complaint_id: ComplaintId::new(entry.stream.0),
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
}

/// Reads a fact of any kind; older layouts are lifted by `upcast`.
///
/// # Errors
///
/// As [`Decoder::decode`].
pub fn decode(entry: &Entry, upcast: Upcast) -> Result<Fact, CodecError> {
    Decoder::once(upcast).decode(entry)
}

/// Reads a fact of a complaint; older layouts are lifted by `upcast`.
///
/// # Errors
///
/// As [`decode`]; a fact of an action or of the ledger itself is [`CodecError::DamagedPublic`].
pub fn decode_complaint(entry: &Entry, upcast: Upcast) -> Result<Recorded, CodecError> {
    Decoder::once(upcast).complaint(entry)
}

/// The kind of a fact that stands in a complaint's history.
fn complaint_kind(entry: &Entry) -> Result<EventType, CodecError> {
    let number = entry.content.event_type;
    match EventType::from_number(number) {
        Some(kind) => Ok(kind),
        None if LedgerEventType::from_number(number).is_some() => Err(CodecError::DamagedPublic {
            position: entry.position,
            place: "a fact of the ledger itself stands in a complaint's history".to_owned(),
        }),
        None if ActionEventType::from_number(number).is_some() => Err(CodecError::DamagedPublic {
            position: entry.position,
            place: "an action's fact stands in a complaint's history".to_owned(),
        }),
        None => Err(CodecError::UnknownType {
            position: entry.position,
            event_type: number,
        }),
    }
}

/// Says where, never what: a message of the JSON reader may quote content.
fn damaged(position: Position, error: &serde_json::Error) -> CodecError {
    CodecError::DamagedPublic {
        position,
        place: format!("line {} column {}", error.line(), error.column()),
    }
}

/// Reads the fact of an entry from its text.
struct Reader<'a> {
    entry: &'a Entry,
    kind: EventType,
    upcast: Upcast,
}

impl Reader<'_> {
    /// Whether the text of the fact is all of it, and may be that of others too.
    fn may_recur(&self) -> bool {
        let content = &self.entry.content;
        // A receipt names its customer.
        self.kind != EventType::Received
            && content.schema == schema(self.kind)
            && content.parts.is_empty()
    }

    fn read(&self, data: &str) -> Result<Event, CodecError> {
        match self.kind {
            EventType::Received => {
                self.with_part(data, |fact: &mut Received, part| fact.personal = part)
            }
            EventType::Classified => self.bare::<Classified>(data),
            EventType::Assigned => {
                self.with_part(data, |fact: &mut Assigned, part| fact.personal = part)
            }
            EventType::Escalated => self.bare::<Escalated>(data),
            EventType::Resolved => {
                self.with_part(data, |fact: &mut Resolved, part| fact.personal = part)
            }
            EventType::Feedback => {
                self.with_part(data, |fact: &mut Feedback, part| fact.personal = part)
            }
            EventType::Revisited => {
                self.with_part(data, |fact: &mut Revisited, part| fact.personal = part)
            }
            EventType::Paused => {
                self.with_part(data, |fact: &mut Paused, part| fact.personal = part)
            }
            EventType::Resumed => self.bare::<Resumed>(data),
            EventType::Noted => self.with_part(data, |fact: &mut Noted, part| fact.personal = part),
            EventType::Amended => {
                self.with_part(data, |fact: &mut Amended, part| fact.personal = part)
            }
            EventType::Linked => self.bare::<Linked>(data),
            EventType::Extended => self.bare::<Extended>(data),
            EventType::Closed => {
                self.with_part(data, |fact: &mut Closed, part| fact.personal = part)
            }
            EventType::Reopened => self.bare::<Reopened>(data),
            EventType::Erased => self.bare::<Erased>(data),
        }
    }

    /// A fact of a kind without a personal part.
    fn bare<T: DeserializeOwned + Into<Event>>(&self, data: &str) -> Result<Event, CodecError> {
        let fact = self.fact::<T>(data)?;
        if self.entry.content.parts.is_empty() {
            Ok(fact.into())
        } else {
            let position = self.entry.position;
            Err(CodecError::DamagedPersonal { position })
        }
    }

    /// A fact of a kind that may have a personal part, which `add` puts into it.
    fn with_part<T: DeserializeOwned + Into<Event>, P: DeserializeOwned>(
        &self,
        data: &str,
        add: impl FnOnce(&mut T, Personal<P>),
    ) -> Result<Event, CodecError> {
        let mut fact = self.fact::<T>(data)?;
        add(&mut fact, self.personal()?);
        Ok(fact.into())
    }

    /// The public part of the fact, lifted to the present layout.
    fn fact<T: DeserializeOwned>(&self, data: &str) -> Result<T, CodecError> {
        let Self {
            entry,
            kind,
            upcast,
        } = *self;
        let position = entry.position;
        let damage = |error| damaged(position, &error);
        let (stored, present) = (entry.content.schema, schema(kind));
        if stored == present {
            return serde_json::from_str(data).map_err(damage);
        }
        let mut value: Value = serde_json::from_str(data).map_err(damage)?;
        for layout in stored..present {
            value = upcast(kind, layout, value)
                .map_err(|place| CodecError::DamagedPublic { position, place })?;
        }
        serde_json::from_value(value).map_err(damage)
    }

    fn personal<T: DeserializeOwned>(&self) -> Result<Personal<T>, CodecError> {
        match self.entry.content.parts.as_slice() {
            [] => Ok(Personal::Withheld),
            [part] => match part.kind {
                PartKind::Plain => serde_json::from_slice(&part.bytes)
                    .map(Personal::Known)
                    .map_err(|_| CodecError::DamagedPersonal {
                        position: self.entry.position,
                    }),
                PartKind::Sealed => Err(CodecError::Sealed {
                    position: self.entry.position,
                }),
                PartKind::Erased => Ok(Personal::Withheld),
            },
            [_, _, ..] => Err(CodecError::DamagedPersonal {
                position: self.entry.position,
            }),
        }
    }
}

//! The envelope of a public part: what stands around the fact.
//!
//! As [`encode`](super::encode) writes it, it is read by its fixed order and without a JSON parser, which a replay of
//! millions notices. However else it may be written is left to the parser, and so is telling what is wrong.

use redress_core::{Actor, CommandId, EventId, Timestamp, TraceId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::actors::Actors;
use super::{CodecError, damaged};
use crate::entry::Entry;

/// The public part as it is written.
#[derive(Serialize)]
pub(super) struct PublicOut<'a, T> {
    pub(super) r#type: &'static str,
    pub(super) schema: u16,
    pub(super) event_id: EventId,
    pub(super) occurred_at: Timestamp,
    pub(super) actor: &'a Actor,
    pub(super) command_id: CommandId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) correlation_id: Option<TraceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) causation_id: Option<TraceId>,
    pub(super) data: &'a T,
}

/// The public part as a parser reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicIn<'a> {
    r#type: &'a str,
    schema: u16,
    event_id: EventId,
    occurred_at: Timestamp,
    actor: Actor,
    command_id: CommandId,
    #[serde(default)]
    correlation_id: Option<TraceId>,
    #[serde(default)]
    causation_id: Option<TraceId>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// What a public part says beside what the columns of its entry say too.
pub(super) struct Envelope {
    pub(super) event_id: EventId,
    pub(super) actor: Actor,
    pub(super) correlation_id: Option<TraceId>,
    pub(super) causation_id: Option<TraceId>,
}

/// Reads the public part of a fact whose kind has this name: the envelope, checked against the entry, and the fact in it, of
/// which `read` makes something.
///
/// # Errors
///
/// [`CodecError::DamagedPublic`] when the envelope cannot be read or contradicts the entry; what `read` returns.
pub(super) fn read<T>(
    entry: &Entry,
    name: &str,
    actors: &mut Actors,
    mut read: impl FnMut(&str) -> Result<T, CodecError>,
) -> Result<(Envelope, T), CodecError> {
    if let Some((envelope, data)) = as_written(entry, name, actors)
        && let Ok(fact) = read(data)
    {
        return Ok((envelope, fact));
    }
    let (envelope, data) = parsed(entry, name)?;
    Ok((envelope, read(data)?))
}

/// As it was written here and agrees with its entry; with the text of the fact.
fn as_written<'a>(
    entry: &'a Entry,
    name: &str,
    actors: &mut Actors,
) -> Option<(Envelope, &'a str)> {
    let content = &entry.content;
    let mut text = Text(std::str::from_utf8(&content.public).ok()?);
    text.pass("{\"type\":\"")?;
    text.pass(name)?;
    text.pass("\",\"schema\":")?;
    text.number(content.schema)?;
    text.pass(",\"event_id\":\"")?;
    let event_id = EventId::new(text.id()?);
    text.pass(",\"occurred_at\":\"")?;
    let occurred_at: Timestamp = text.until('"')?.parse().ok()?;
    text.pass("\"")?;
    text.pass(",\"actor\":")?;
    let actor = actors.at_start(content.actor, &mut text.0)?;
    text.pass(",\"command_id\":\"")?;
    let command_id = CommandId::new(text.id()?);
    let correlation_id = text.id_of(",\"correlation_id\":\"")?.map(TraceId::new);
    let causation_id = text.id_of(",\"causation_id\":\"")?.map(TraceId::new);
    text.pass(",\"data\":")?;
    let data = text.0.strip_suffix('}')?;
    let agrees = occurred_at == content.occurred_at && command_id == content.command_id;
    let envelope = Envelope {
        event_id,
        actor,
        correlation_id,
        causation_id,
    };
    agrees.then_some((envelope, data))
}

/// What is left of a text.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn pass(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// What stands before a mark, which is left.
    fn until(&mut self, mark: char) -> Option<&'a str> {
        let (before, rest) = self.0.split_at(self.0.find(mark)?);
        self.0 = rest;
        Some(before)
    }

    /// This number, as it is written.
    fn number(&mut self, expected: u16) -> Option<()> {
        let digits = self.until(',')?;
        let is_plain = !digits.starts_with(['0', '+']);
        (is_plain && digits.parse() == Ok(expected)).then_some(())
    }

    /// An id and the quotation mark after it.
    fn id(&mut self) -> Option<Uuid> {
        let (id, rest) = self.0.split_at_checked(uuid::fmt::Hyphenated::LENGTH)?;
        self.0 = rest;
        let id = Uuid::try_parse(id).ok()?;
        self.pass("\"")?;
        Some(id)
    }

    /// The id after a key that may be absent.
    fn id_of(&mut self, key: &str) -> Option<Option<Uuid>> {
        match self.pass(key) {
            None => Some(None),
            Some(()) => self.id().map(Some),
        }
    }
}

/// As the parser reads it, however it is written; with the text of the fact.
fn parsed<'a>(entry: &'a Entry, name: &str) -> Result<(Envelope, &'a str), CodecError> {
    let position = entry.position;
    let public: PublicIn<'a> =
        serde_json::from_slice(&entry.content.public).map_err(|error| damaged(position, &error))?;
    if let Some(place) = contradiction(entry, name, &public) {
        return Err(CodecError::DamagedPublic {
            position,
            place: place.to_owned(),
        });
    }
    let envelope = Envelope {
        event_id: public.event_id,
        actor: public.actor,
        correlation_id: public.correlation_id,
        causation_id: public.causation_id,
    };
    Ok((envelope, public.data.get()))
}

/// Where the columns of an entry and its public part disagree.
fn contradiction(entry: &Entry, name: &str, public: &PublicIn<'_>) -> Option<&'static str> {
    let content = &entry.content;
    [
        (public.r#type == name, "type differs from the entry's"),
        (
            public.schema == content.schema,
            "schema differs from the entry's",
        ),
        (
            public.occurred_at == content.occurred_at,
            "occurred_at differs from the entry's",
        ),
        (
            public.command_id == content.command_id,
            "command_id differs from the entry's",
        ),
        (
            public.actor.id.to_bytes() == content.actor,
            "actor differs from the entry's",
        ),
    ]
    .into_iter()
    .find_map(|(agrees, place)| (!agrees).then_some(place))
}

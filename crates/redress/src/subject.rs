//! What commands are decided on: complaints and actions, each a history of its own.
//!
//! How a command is decided, recorded, repeated and refused is the same for both; here is what differs.

mod action;
mod complaint;

use redress_core::{
    Actor, CommandId, Policy, Refused, Rejection, Rulebook, SubjectId, Timestamp, Version,
};
use redress_store::codec::{CodecError, Draft};
use redress_store::{Entry, EventStore, NewEntry, StreamId};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::submission::Place;

pub(crate) use action::OfAction;
pub(crate) use complaint::OfComplaint;

/// What commands are decided on.
pub(crate) trait Subject: Send + Sync {
    /// The id of one of them, and of its history.
    type Id: Copy + Into<StreamId> + Send + Sync;
    /// Where one stands.
    type State: Default + Send + Sync;
    /// What somebody wants recorded.
    type Command: Send + Sync;
    /// A fact.
    type Event: Send + Sync;
    /// A fact with its envelope.
    type Recorded: Clone + Send + Sync;
    /// What a decision must know of other histories.
    type Elsewhere: Send + Sync;

    /// Whether facts of the kind with this number stand in such a history.
    fn has_kind(number: u32) -> bool;

    /// The error about an id that belongs to something else.
    fn is_not_one(id: Self::Id) -> LedgerError;

    fn decode(entry: &Entry) -> Result<Self::Recorded, CodecError>;

    fn encode(draft: &Draft<Self::Event>) -> Result<NewEntry, CodecError>;

    /// The fact that a draft becomes. The store has the last word on position and time.
    fn recorded(
        id: Self::Id,
        place: Place,
        schema: u16,
        draft: Draft<Self::Event>,
    ) -> Self::Recorded;

    fn envelope(recorded: &Self::Recorded) -> Envelope<'_, Self::Event>;

    /// The version of the last fact, and when the one happened that moved the state last.
    fn last(state: &Self::State) -> Option<(Version, Timestamp)>;

    fn evolve(state: Self::State, recorded: &Self::Recorded) -> Result<Self::State, LedgerError>;

    fn decide(
        state: &Self::State,
        command: &Self::Command,
        moment: &Moment<'_>,
        elsewhere: &Self::Elsewhere,
    ) -> Result<Vec<Self::Event>, Rejection>;

    /// Whether the fact is the one that the command asked for.
    fn asks_for(command: &Self::Command, event: &Self::Event) -> bool;

    /// The refusal of a command; without an id where the ledger holds no such history.
    fn refused(known: Option<Self::Id>, command: &Self::Command, rejection: &Rejection) -> Refused;

    /// Whose personal data its facts hold; `None` where they hold nobody's.
    fn customer(state: &Self::State) -> Option<SubjectId>;

    /// Looks up what a decision about the command must know of other histories.
    fn look<S: EventStore>(
        ledger: &Ledger<S>,
        command: &Self::Command,
    ) -> impl Future<Output = Result<Self::Elsewhere, LedgerError>> + Send;
}

/// When a command is decided, for whom, by which rules.
pub(crate) struct Moment<'a> {
    pub(crate) now: Timestamp,
    pub(crate) occurred_at: Timestamp,
    pub(crate) actor: &'a Actor,
    pub(crate) policy: &'a Policy,
    /// Those in force at any moment.
    pub(crate) rules: &'a Rulebook,
}

/// What every recorded fact has.
pub(crate) struct Envelope<'a, E> {
    pub(crate) place: Place,
    pub(crate) command_id: CommandId,
    pub(crate) actor: &'a Actor,
    pub(crate) occurred_at: Timestamp,
    pub(crate) event: &'a E,
}

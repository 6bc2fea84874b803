//! Commands about complaints.

use redress_core::{
    ActionEventType, Command, Complaint, ComplaintId, Context, Event, Recorded, Refused, Rejection,
    SubjectId, Timestamp, Version, decide, evolve,
};
use redress_store::codec::{self, CodecError, Draft};
use redress_store::{Entry, EventStore, NewEntry};

use super::{Envelope, Moment, Subject};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::submission::Place;

/// Commands about complaints.
pub(crate) enum OfComplaint {}

impl Subject for OfComplaint {
    type Id = ComplaintId;
    type State = Complaint;
    type Command = Command;
    type Event = Event;
    type Recorded = Recorded;
    /// The other complaint of a link.
    type Elsewhere = Option<Complaint>;

    fn has_kind(number: u32) -> bool {
        ActionEventType::from_number(number).is_none()
    }

    fn is_not_one(id: ComplaintId) -> LedgerError {
        LedgerError::NotAComplaint(id)
    }

    fn decode(entry: &Entry) -> Result<Recorded, CodecError> {
        codec::decode_complaint(entry, codec::no_upcasts)
    }

    fn encode(draft: &Draft) -> Result<NewEntry, CodecError> {
        codec::encode(draft)
    }

    fn recorded(complaint_id: ComplaintId, place: Place, schema: u16, draft: Draft) -> Recorded {
        Recorded {
            event_id: draft.event_id,
            complaint_id,
            version: place.version,
            position: place.position,
            recorded_at: place.recorded_at,
            occurred_at: draft.occurred_at,
            actor: draft.actor,
            command_id: draft.command_id,
            correlation_id: draft.correlation_id,
            causation_id: draft.causation_id,
            schema,
            event: draft.event,
        }
    }

    fn envelope(fact: &Recorded) -> Envelope<'_, Event> {
        Envelope {
            place: Place {
                position: fact.position,
                version: fact.version,
                facts: 1,
                recorded_at: fact.recorded_at,
            },
            command_id: fact.command_id,
            actor: &fact.actor,
            occurred_at: fact.occurred_at,
            event: &fact.event,
        }
    }

    fn last(complaint: &Complaint) -> Option<(Version, Timestamp)> {
        let case = complaint.case()?;
        Some((case.version, case.moved_at))
    }

    fn evolve(complaint: Complaint, fact: &Recorded) -> Result<Complaint, LedgerError> {
        Ok(evolve(complaint, fact)?)
    }

    fn decide(
        complaint: &Complaint,
        command: &Command,
        moment: &Moment<'_>,
        target: &Option<Complaint>,
    ) -> Result<Vec<Event>, Rejection> {
        let context = Context {
            now: moment.now,
            occurred_at: moment.occurred_at,
            actor: moment.actor,
            policy: moment.policy,
            rules: moment.rules,
            target: target.as_ref(),
        };
        decide(complaint, command, &context)
    }

    fn asks_for(command: &Command, event: &Event) -> bool {
        command.asks_for(event)
    }

    fn refused(known: Option<ComplaintId>, command: &Command, rejection: &Rejection) -> Refused {
        Refused::new(known, command, rejection)
    }

    fn customer(complaint: &Complaint) -> Option<SubjectId> {
        complaint.case().map(|case| case.subject)
    }

    async fn look<S: EventStore>(
        ledger: &Ledger<S>,
        command: &Command,
    ) -> Result<Option<Complaint>, LedgerError> {
        match command {
            Command::Link(link) => {
                let target = match ledger.complaint(link.target).await {
                    Err(LedgerError::NotAComplaint(_)) => return Ok(None),
                    target => target?,
                };
                Ok(target.case().is_some().then_some(target))
            }
            Command::Receive(_)
            | Command::Classify(_)
            | Command::Assign(_)
            | Command::Escalate(_)
            | Command::Resolve(_)
            | Command::GiveFeedback(_)
            | Command::Revisit(_)
            | Command::Pause(_)
            | Command::Resume(_)
            | Command::Note(_)
            | Command::Amend(_)
            | Command::Extend(_)
            | Command::Close(_)
            | Command::Reopen(_)
            | Command::Erase(_) => Ok(None),
        }
    }
}

//! Commands about improvement actions.

use redress_core::action::{
    Action, ActionCommand, ActionContext, ActionEvent, ActionRecorded, decide_action, evolve_action,
};
use redress_core::{ActionId, EventType, Refused, Rejection, SubjectId, Timestamp, Version};
use redress_store::codec::{self, CodecError, Draft};
use redress_store::{Entry, EventStore, NewEntry};

use super::{Envelope, Moment, Subject};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::submission::Place;

/// Commands about improvement actions.
pub(crate) enum OfAction {}

impl Subject for OfAction {
    type Id = ActionId;
    type State = Action;
    type Command = ActionCommand;
    type Event = ActionEvent;
    type Recorded = ActionRecorded;
    /// Whether every complaint that the command names exists.
    type Elsewhere = bool;

    fn has_kind(number: u32) -> bool {
        EventType::from_number(number).is_none()
    }

    fn is_not_one(id: ActionId) -> LedgerError {
        LedgerError::NotAnAction(id)
    }

    fn decode(entry: &Entry) -> Result<ActionRecorded, CodecError> {
        codec::decode_action(entry)
    }

    fn encode(draft: &Draft<ActionEvent>) -> Result<NewEntry, CodecError> {
        codec::encode_action(draft)
    }

    fn recorded(
        action_id: ActionId,
        place: Place,
        schema: u16,
        draft: Draft<ActionEvent>,
    ) -> ActionRecorded {
        ActionRecorded {
            event_id: draft.event_id,
            action_id,
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

    fn envelope(fact: &ActionRecorded) -> Envelope<'_, ActionEvent> {
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

    fn last(action: &Action) -> Option<(Version, Timestamp)> {
        let case = action.case()?;
        Some((case.version, case.moved_at))
    }

    fn evolve(action: Action, fact: &ActionRecorded) -> Result<Action, LedgerError> {
        Ok(evolve_action(action, fact)?)
    }

    fn decide(
        action: &Action,
        command: &ActionCommand,
        moment: &Moment<'_>,
        complaints_exist: &bool,
    ) -> Result<Vec<ActionEvent>, Rejection> {
        let context = ActionContext {
            now: moment.now,
            occurred_at: moment.occurred_at,
            actor: moment.actor,
            policy: moment.policy,
            complaints_exist: *complaints_exist,
        };
        decide_action(action, command, &context)
    }

    fn asks_for(command: &ActionCommand, event: &ActionEvent) -> bool {
        command.asks_for(event)
    }

    fn refused(known: Option<ActionId>, command: &ActionCommand, rejection: &Rejection) -> Refused {
        Refused::about_action(known, command, rejection)
    }

    fn customer(_action: &Action) -> Option<SubjectId> {
        None
    }

    async fn look<S: EventStore>(
        ledger: &Ledger<S>,
        command: &ActionCommand,
    ) -> Result<bool, LedgerError> {
        match command {
            ActionCommand::Open(opened) => {
                for complaint in &opened.complaints {
                    if !ledger.holds_complaint(*complaint).await? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            ActionCommand::Assign(_)
            | ActionCommand::Complete(_)
            | ActionCommand::Evaluate(_)
            | ActionCommand::Cancel(_) => Ok(true),
        }
    }
}

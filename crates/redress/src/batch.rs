//! Commands about one complaint, decided one after the other and recorded together.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use redress_core::{
    CommandId, Complaint, ComplaintId, Context, EventId, Policy, Position, Recorded, Rejection,
    Rulebook, Timestamp, Version, decide, evolve,
};
use redress_store::codec::{self, Draft};
use redress_store::{Append, Appended, ExpectedVersion, NewEntry};

use crate::error::LedgerError;
use crate::submission::{Outcome, Place, Receipt, Submission};

/// Folds the history of one complaint.
pub(crate) fn fold(history: &[Recorded]) -> Result<Complaint, LedgerError> {
    Ok(history.iter().try_fold(Complaint::Absent, evolve)?)
}

/// What is decided about a complaint on what its history was when it was loaded.
pub(crate) struct Batch<'a> {
    complaint_id: ComplaintId,
    now: Timestamp,
    /// The rules in force now.
    policy: Arc<Policy>,
    rules: &'a Rulebook,
    /// The version of the last fact that was loaded.
    loaded: Option<Version>,
    state: Complaint,
    known: BTreeMap<CommandId, Known<'a>>,
    /// Commands whose ids belong to other complaints.
    foreign: &'a BTreeSet<CommandId>,
    entries: Vec<NewEntry>,
    outcomes: Vec<Outcome>,
}

/// A command that has led to facts, in the history or earlier in the batch.
struct Known<'a> {
    place: Place,
    first: Cow<'a, Recorded>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(
        complaint_id: ComplaintId,
        history: &'a [Recorded],
        clock: Timestamp,
        (rules, policy_at): (&'a Rulebook, &dyn Fn(Timestamp) -> Arc<Policy>),
        foreign: &'a BTreeSet<CommandId>,
    ) -> Result<Self, LedgerError> {
        let state = fold(history)?;
        // Clocks of several machines differ, and one that is set right steps back: what happens now never happens
        // before what was recorded as having happened.
        let now = state.case().map_or(clock, |case| clock.max(case.moved_at));
        let mut known: BTreeMap<CommandId, Known<'a>> = BTreeMap::new();
        for fact in history {
            known
                .entry(fact.command_id)
                .and_modify(|known| known.place.facts += 1)
                .or_insert_with(|| Known {
                    place: place_of(fact),
                    first: Cow::Borrowed(fact),
                });
        }
        Ok(Self {
            complaint_id,
            now,
            policy: policy_at(now),
            rules,
            loaded: history.last().map(|fact| fact.version),
            state,
            known,
            foreign,
            entries: Vec::new(),
            outcomes: Vec::new(),
        })
    }

    /// Decides one more command; `target` is the other complaint of a link.
    pub(crate) fn decide(
        &mut self,
        command_id: CommandId,
        submission: &Submission,
        target: Option<&Complaint>,
    ) -> Result<(), LedgerError> {
        let outcome = match self.known.get(&command_id) {
            Some(known) => self.repeat(command_id, submission, known),
            None if self.foreign.contains(&command_id) => Err(Rejection::CommandReused),
            None => self.decide_new(command_id, submission, target)?,
        };
        self.outcomes.push(outcome);
        Ok(())
    }

    /// The first receipt again, if it is the same wish.
    fn repeat(&self, command_id: CommandId, submission: &Submission, known: &Known<'_>) -> Outcome {
        let fact = &known.first;
        let same = submission.command.asks_for(&fact.event)
            && submission.actor == fact.actor
            && submission
                .occurred_at
                .is_none_or(|occurred_at| occurred_at == fact.occurred_at);
        if !same {
            return Err(Rejection::CommandReused);
        }
        Ok(Receipt {
            complaint_id: self.complaint_id,
            command_id,
            recorded: Some(known.place),
            repeated: true,
        })
    }

    fn decide_new(
        &mut self,
        command_id: CommandId,
        submission: &Submission,
        target: Option<&Complaint>,
    ) -> Result<Outcome, LedgerError> {
        let context = Context {
            now: self.now,
            occurred_at: submission.occurred_at.unwrap_or(self.now),
            actor: &submission.actor,
            policy: &self.policy,
            rules: self.rules,
            target,
        };
        let events = match decide(&self.state, &submission.command, &context) {
            Ok(events) => events,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let drafts = events.into_iter().enumerate().map(|(index, event)| Draft {
            event_id: EventId::derived(command_id, index),
            occurred_at: context.occurred_at,
            actor: submission.actor.clone(),
            command_id,
            correlation_id: submission.correlation_id,
            causation_id: submission.causation_id,
            event,
        });
        for draft in drafts.collect::<Vec<Draft>>() {
            self.add(draft)?;
        }
        Ok(Ok(Receipt {
            complaint_id: self.complaint_id,
            command_id,
            recorded: self.known.get(&command_id).map(|known| known.place),
            repeated: false,
        }))
    }

    fn add(&mut self, draft: Draft) -> Result<(), LedgerError> {
        let entry = codec::encode(&draft)?;
        let recorded = Recorded {
            event_id: draft.event_id,
            complaint_id: self.complaint_id,
            version: self.state.version().map_or(Version::FIRST, Version::next),
            // The store has the last word on both; see `acknowledge`.
            position: Position::FIRST,
            recorded_at: self.now,
            occurred_at: draft.occurred_at,
            actor: draft.actor,
            command_id: draft.command_id,
            correlation_id: draft.correlation_id,
            causation_id: draft.causation_id,
            schema: entry.schema,
            event: draft.event,
        };
        self.state = evolve(std::mem::take(&mut self.state), &recorded)?;
        self.entries.push(entry);
        self.known
            .entry(recorded.command_id)
            .and_modify(|known| known.place.facts += 1)
            .or_insert_with(|| Known {
                place: place_of(&recorded),
                first: Cow::Owned(recorded),
            });
        Ok(())
    }

    /// The accepted commands that have nothing to add.
    pub(crate) fn commands_without_facts(&self) -> impl Iterator<Item = CommandId> {
        self.outcomes
            .iter()
            .flatten()
            .filter(|receipt| receipt.recorded.is_none())
            .map(|receipt| receipt.command_id)
    }

    /// What there is to record; `None` where there is nothing.
    pub(crate) fn append(&mut self) -> Option<Append> {
        let entries = std::mem::take(&mut self.entries);
        (!entries.is_empty()).then(|| Append {
            stream: self.complaint_id.into(),
            expected: self
                .loaded
                .map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact),
            recorded_at: self.now,
            entries,
        })
    }

    /// What became of each command, when there was nothing to record.
    pub(crate) fn into_outcomes(self) -> Vec<Outcome> {
        self.outcomes
    }

    /// What became of each command, now that the store has said where the new facts stand.
    pub(crate) fn acknowledge(mut self, appended: &Appended) -> Vec<Outcome> {
        let first = self.loaded.map_or(Version::FIRST, Version::next);
        let places = self
            .outcomes
            .iter_mut()
            .flatten()
            .filter_map(|receipt| receipt.recorded.as_mut());
        for place in places.filter(|place| place.version >= first) {
            // The facts of an append follow each other without a gap, in the ledger as in the history.
            let offset = place.version.get().saturating_sub(first.get());
            let position = appended.first_position.get().saturating_add(offset);
            place.position = Position::new(position);
            place.recorded_at = appended.recorded_at;
        }
        self.outcomes
    }
}

fn place_of(fact: &Recorded) -> Place {
    Place {
        position: fact.position,
        version: fact.version,
        facts: 1,
        recorded_at: fact.recorded_at,
    }
}

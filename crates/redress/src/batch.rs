//! Commands about one complaint or action, decided one after the other and recorded together.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use redress_core::{
    CommandId, EventId, Policy, Position, Rejection, Rulebook, SubjectId, Timestamp, Version,
};
use redress_store::codec::Draft;
use redress_store::{Append, Appended, ExpectedVersion, NewEntry};

use crate::error::LedgerError;
use crate::subject::{Moment, Subject};
use crate::submission::{Place, Submission};

/// Folds one history.
pub(crate) fn fold<K: Subject>(history: &[K::Recorded]) -> Result<K::State, LedgerError> {
    history.iter().try_fold(K::State::default(), K::evolve)
}

/// The acknowledgement of a command, whatever it is about.
#[derive(Clone, Copy)]
pub(crate) struct Accepted {
    pub(crate) command_id: CommandId,
    pub(crate) recorded: Option<Place>,
    pub(crate) repeated: bool,
}

/// What became of a command.
pub(crate) type Decided = Result<Accepted, Rejection>;

/// What is decided about a complaint or an action on what its history was when it was loaded.
pub(crate) struct Batch<'a, K: Subject> {
    id: K::Id,
    now: Timestamp,
    /// The rules in force now.
    policy: Arc<Policy>,
    rules: &'a Rulebook,
    /// The version of the last fact that was loaded.
    loaded: Option<Version>,
    state: K::State,
    known: BTreeMap<CommandId, Known<'a, K>>,
    /// Commands whose ids belong to other histories.
    foreign: &'a BTreeSet<CommandId>,
    entries: Vec<NewEntry>,
    outcomes: Vec<Decided>,
}

/// A command that has led to facts, in the history or earlier in the batch.
struct Known<'a, K: Subject> {
    place: Place,
    first: Cow<'a, K::Recorded>,
}

impl<'a, K: Subject> Batch<'a, K> {
    pub(crate) fn new(
        id: K::Id,
        history: &'a [K::Recorded],
        clock: Timestamp,
        (rules, policy_at): (&'a Rulebook, &dyn Fn(Timestamp) -> Arc<Policy>),
        foreign: &'a BTreeSet<CommandId>,
    ) -> Result<Self, LedgerError> {
        let state = fold::<K>(history)?;
        // Clocks of several machines differ, and one that is set right steps back: what happens now never happens
        // before what was recorded as having happened.
        let now = K::last(&state).map_or(clock, |(_, moved_at)| clock.max(moved_at));
        let mut known: BTreeMap<CommandId, Known<'a, K>> = BTreeMap::new();
        for fact in history {
            let envelope = K::envelope(fact);
            known
                .entry(envelope.command_id)
                .and_modify(|known| known.place.facts += 1)
                .or_insert_with(|| Known {
                    place: envelope.place,
                    first: Cow::Borrowed(fact),
                });
        }
        Ok(Self {
            id,
            now,
            policy: policy_at(now),
            rules,
            loaded: history.last().map(|fact| K::envelope(fact).place.version),
            state,
            known,
            foreign,
            entries: Vec::new(),
            outcomes: Vec::new(),
        })
    }

    /// Decides one more command; `elsewhere` is what it must know of other histories.
    pub(crate) fn decide(
        &mut self,
        command_id: CommandId,
        submission: &Submission<K::Command>,
        elsewhere: &K::Elsewhere,
    ) -> Result<(), LedgerError> {
        let outcome = match self.known.get(&command_id) {
            Some(known) => self.repeat(command_id, submission, known),
            None if self.foreign.contains(&command_id) => Err(Rejection::CommandReused),
            None => self.decide_new(command_id, submission, elsewhere)?,
        };
        self.outcomes.push(outcome);
        Ok(())
    }

    /// The first receipt again, if it is the same wish.
    fn repeat(
        &self,
        command_id: CommandId,
        submission: &Submission<K::Command>,
        known: &Known<'_, K>,
    ) -> Decided {
        let fact = K::envelope(&known.first);
        let same = K::asks_for(&submission.command, fact.event)
            && submission.actor == *fact.actor
            && submission
                .occurred_at
                .is_none_or(|occurred_at| occurred_at == fact.occurred_at);
        if !same {
            return Err(Rejection::CommandReused);
        }
        Ok(Accepted {
            command_id,
            recorded: Some(known.place),
            repeated: true,
        })
    }

    fn decide_new(
        &mut self,
        command_id: CommandId,
        submission: &Submission<K::Command>,
        elsewhere: &K::Elsewhere,
    ) -> Result<Decided, LedgerError> {
        let moment = Moment {
            now: self.now,
            occurred_at: submission.occurred_at.unwrap_or(self.now),
            actor: &submission.actor,
            policy: &self.policy,
            rules: self.rules,
        };
        let decided = K::decide(&self.state, &submission.command, &moment, elsewhere);
        let events = match decided {
            Ok(events) => events,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let drafts = events.into_iter().enumerate().map(|(index, event)| Draft {
            event_id: EventId::derived(command_id, index),
            occurred_at: moment.occurred_at,
            actor: submission.actor.clone(),
            command_id,
            correlation_id: submission.correlation_id,
            causation_id: submission.causation_id,
            event,
        });
        for draft in drafts.collect::<Vec<_>>() {
            self.add(draft)?;
        }
        Ok(Ok(Accepted {
            command_id,
            recorded: self.known.get(&command_id).map(|known| known.place),
            repeated: false,
        }))
    }

    fn add(&mut self, draft: Draft<K::Event>) -> Result<(), LedgerError> {
        let entry = K::encode(&draft)?;
        let command_id = draft.command_id;
        let last = K::last(&self.state).map(|(version, _)| version);
        let place = Place {
            // The store has the last word on both; see `acknowledge`.
            position: Position::FIRST,
            recorded_at: self.now,
            version: last.map_or(Version::FIRST, Version::next),
            facts: 1,
        };
        let recorded = K::recorded(self.id, place, entry.schema, draft);
        self.state = K::evolve(std::mem::take(&mut self.state), &recorded)?;
        self.entries.push(entry);
        self.known
            .entry(command_id)
            .and_modify(|known| known.place.facts += 1)
            .or_insert_with(|| Known {
                place,
                first: Cow::Owned(recorded),
            });
        Ok(())
    }

    /// The accepted commands that have nothing to add.
    pub(crate) fn commands_without_facts(&self) -> impl Iterator<Item = CommandId> {
        self.outcomes
            .iter()
            .flatten()
            .filter(|accepted| accepted.recorded.is_none())
            .map(|accepted| accepted.command_id)
    }

    /// Whose personal data the facts hold.
    pub(crate) fn customer(&self) -> Option<SubjectId> {
        K::customer(&self.state)
    }

    /// What there is to record; `None` where there is nothing.
    pub(crate) fn append(&mut self) -> Option<Append> {
        let entries = std::mem::take(&mut self.entries);
        (!entries.is_empty()).then(|| Append {
            stream: self.id.into(),
            expected: self
                .loaded
                .map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact),
            recorded_at: self.now,
            entries,
        })
    }

    /// What became of each command, when there was nothing to record.
    pub(crate) fn into_outcomes(self) -> Vec<Decided> {
        self.outcomes
    }

    /// What became of each command, now that the store has said where the new facts stand.
    pub(crate) fn acknowledge(mut self, appended: &Appended) -> Vec<Decided> {
        let first = self.loaded.map_or(Version::FIRST, Version::next);
        let places = self
            .outcomes
            .iter_mut()
            .flatten()
            .filter_map(|accepted| accepted.recorded.as_mut());
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

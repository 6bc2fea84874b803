//! Laws that every history keeps, whatever its rules.

use redress_core::{Complaint, Context, Policy};
use redress_store::codec::{Draft, encode, no_upcasts};
use redress_store::{Entry, StreamId};

use crate::history::History;
use crate::process::Process;

/// A law that a history does not keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenLaw {
    /// Folding the facts again comes to another complaint, or to none.
    #[error("folded again, the facts come to another complaint at fact {0}")]
    Replay(usize),
    /// The same command at the same moment was decided in two ways.
    #[error("step {0} is decided in two ways")]
    Deterministic(usize),
    /// A fact is not the same after it was written and read.
    #[error("fact {0} is another one after it was written and read")]
    Codec(usize),
}

/// Checks the laws: replay equals the live state, deciding is deterministic, what is stored reads back the same.
///
/// # Errors
///
/// [`BrokenLaw`], the first that is not kept; numbers count from 0.
pub fn check_laws<P: Process + ?Sized>(process: &P, history: &History) -> Result<(), BrokenLaw> {
    replays(process, history)?;
    decides_once(process, history)?;
    reads_back(history)
}

fn replays<P: Process + ?Sized>(process: &P, history: &History) -> Result<(), BrokenLaw> {
    let mut complaint = Complaint::Absent;
    for (number, (_, fact, after)) in history.transitions().enumerate() {
        complaint = process
            .evolve(complaint, fact)
            .map_err(|_| BrokenLaw::Replay(number))?;
        if complaint != *after {
            return Err(BrokenLaw::Replay(number));
        }
    }
    Ok(())
}

fn decides_once<P: Process + ?Sized>(process: &P, history: &History) -> Result<(), BrokenLaw> {
    let policy: &Policy = process.policy();
    for (number, step) in history.steps().iter().enumerate() {
        let fact = history.facts_before(number);
        let Some((before, recorded, _)) = history.transitions().nth(fact) else {
            continue;
        };
        let now = recorded.occurred_at;
        let rules = crate::history::rulebook(policy, &step.command);
        let context = Context {
            now,
            occurred_at: now,
            actor: &step.actor,
            policy,
            rules: &rules,
            target: None,
        };
        let decide = || process.decide(before, &step.command, &context);
        if decide() != decide() {
            return Err(BrokenLaw::Deterministic(number));
        }
    }
    Ok(())
}

fn reads_back(history: &History) -> Result<(), BrokenLaw> {
    for (number, fact) in history.facts().iter().enumerate() {
        let draft = Draft {
            event_id: fact.event_id,
            occurred_at: fact.occurred_at,
            actor: fact.actor.clone(),
            command_id: fact.command_id,
            correlation_id: fact.correlation_id,
            causation_id: fact.causation_id,
            event: fact.event.clone(),
        };
        let content = encode(&draft).map_err(|_| BrokenLaw::Codec(number))?;
        let entry = Entry {
            position: fact.position,
            stream: StreamId::from(fact.complaint_id),
            version: fact.version,
            recorded_at: fact.recorded_at,
            content,
        };
        let read = redress_store::codec::decode_complaint(&entry, no_upcasts);
        if read.ok().as_ref() != Some(fact) {
            return Err(BrokenLaw::Codec(number));
        }
    }
    Ok(())
}

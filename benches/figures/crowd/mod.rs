//! A crowd of complaints, drawn from a seed: the same ledger each time, of any size.
//!
//! Complaints lie interleaved as in a service: a fiftieth of them is open at any time. Every fact was decided under the
//! standard policy. An hour-by-hour load is not imitated; three years pass evenly.

pub(crate) mod life;
pub(crate) mod random;
pub(crate) mod words;

use std::collections::VecDeque;

use redress::core::{Context, EventId, Position, decide, evolve};
use redress::store::codec::{self, Draft};
use redress::store::{Append, EventStore, ExpectedVersion, NewEntry, StreamId};
use redress::{
    Actor, Command, CommandId, Complaint, ComplaintId, Policy, Recorded, Rulebook, Span, Timestamp,
    Version,
};
use uuid::Uuid;

use self::life::Wish;
use self::random::Random;
use crate::{Outcome, in_flight};

/// How many appends are on their way to the store at once; 2.6 facts each, so a commit holds about a thousand.
const WINDOW: usize = 400;

/// About as many appends as a complaint takes.
const STAGES: i64 = 4;

/// The complaints that are still to come, and those under way.
pub(crate) struct Crowd {
    random: Random,
    to_come: usize,
    under_way: Vec<Life>,
    now: Timestamp,
    step: Span,
    policy: Policy,
    rules: Rulebook,
}

struct Life {
    id: ComplaintId,
    complaint: Complaint,
    stages: VecDeque<Vec<Wish>>,
}

impl Crowd {
    /// So many complaints, from 2023 on.
    pub(crate) fn new(complaints: usize) -> Outcome<Self> {
        let appends = i64::try_from(complaints.max(1))?.saturating_mul(STAGES);
        let step = Span::days(3 * 365).as_micros() / appends;
        let mut crowd = Self {
            random: Random::new(0x0072_6564_7265_7373),
            to_come: complaints,
            under_way: Vec::new(),
            now: "2023-01-01T00:00:00Z".parse()?,
            step: Span::micros(step),
            policy: Policy::standard(),
            rules: Rulebook::fixed(Policy::standard()),
        };
        for _ in 0..(complaints / 50).max(1) {
            crowd.begin()?;
        }
        Ok(crowd)
    }

    fn begin(&mut self) -> Outcome<()> {
        if self.to_come == 0 {
            return Ok(());
        }
        self.to_come -= 1;
        self.under_way.push(Life {
            id: ComplaintId::new(Uuid::from_bytes(self.random.bytes())),
            complaint: Complaint::Absent,
            stages: life::draw(&mut self.random)?.into(),
        });
        Ok(())
    }

    /// The next stage of some complaint; none once the last complaint has begun. What is under way then stays open.
    fn next(&mut self) -> Outcome<Option<Append>> {
        if self.to_come == 0 {
            return Ok(None);
        }
        self.now = self.now + self.step;
        let index = self.random.below(self.under_way.len());
        let append = self.advance(index)?;
        if self.under_way[index].stages.is_empty() {
            self.under_way.swap_remove(index);
            self.begin()?;
        }
        Ok(Some(append))
    }

    fn advance(&mut self, index: usize) -> Outcome<Append> {
        let life = &mut self.under_way[index];
        let expected = match life.complaint.version() {
            None => ExpectedVersion::NoStream,
            Some(version) => ExpectedVersion::Exact(version),
        };
        let mut entries = Vec::new();
        for (actor, command) in life.stages.pop_front().unwrap_or_default() {
            let command_id = CommandId::new(Uuid::from_bytes(self.random.bytes()));
            let command = timed(command, self.now);
            if has_lapsed(&life.complaint, &command, self.now) {
                continue;
            }
            for event in decided(life, &actor, &command, self.now, &self.policy, &self.rules)? {
                let event_id = EventId::new(Uuid::from_bytes(self.random.bytes()));
                entries.push(life.record(event, event_id, command_id, &actor, self.now)?);
            }
        }
        Ok(Append {
            stream: StreamId::from(life.id),
            expected,
            recorded_at: self.now,
            entries,
        })
    }
}

/// A pause of ten days from now on; what else is wished does not depend on the hour.
fn timed(command: Command, now: Timestamp) -> Command {
    if let Command::Pause(mut paused) = command {
        paused.until = Some(now + Span::days(10));
        return Command::Pause(paused);
    }
    command
}

/// Whether the pause that is to be ended has ended by itself.
fn has_lapsed(complaint: &Complaint, command: &Command, now: Timestamp) -> bool {
    let pause = complaint.case().and_then(|case| case.pause_at(now));
    matches!(command, Command::Resume(_)) && pause.is_none()
}

fn decided(
    life: &Life,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
    policy: &Policy,
    rules: &Rulebook,
) -> Outcome<Vec<redress::Event>> {
    let context = Context {
        now,
        occurred_at: now,
        actor,
        policy,
        rules,
        target: None,
    };
    Ok(decide(&life.complaint, command, &context)?)
}

impl Life {
    fn record(
        &mut self,
        event: redress::Event,
        event_id: EventId,
        command_id: CommandId,
        actor: &Actor,
        now: Timestamp,
    ) -> Outcome<NewEntry> {
        let version = self.complaint.version();
        let recorded = Recorded {
            event_id,
            complaint_id: self.id,
            version: version.map_or(Version::FIRST, Version::next),
            position: Position::FIRST,
            occurred_at: now,
            recorded_at: now,
            actor: actor.clone(),
            command_id,
            correlation_id: None,
            causation_id: None,
            schema: 1,
            event,
        };
        self.complaint = evolve(std::mem::take(&mut self.complaint), &recorded)?;
        Ok(codec::encode(&Draft {
            event_id,
            occurred_at: now,
            actor: recorded.actor,
            command_id,
            correlation_id: None,
            causation_id: None,
            event: recorded.event,
        })?)
    }
}

/// Writes a crowd into a store, about a thousand facts a commit; how many facts there are.
pub(crate) fn write(store: &impl EventStore, complaints: usize) -> Outcome<usize> {
    let mut crowd = Crowd::new(complaints)?;
    let mut facts = 0;
    loop {
        let mut appends = Vec::with_capacity(WINDOW);
        while appends.len() < WINDOW
            && let Some(append) = crowd.next()?
        {
            // A pause that ended by itself leaves nothing to resume, and so nothing to store.
            if !append.entries.is_empty() {
                facts += append.entries.len();
                appends.push(append);
            }
        }
        if appends.is_empty() {
            return Ok(facts);
        }
        let futures = appends.into_iter().map(|append| store.append(append));
        in_flight::run(futures, WINDOW, |appended| {
            appended?;
            Ok(())
        })?;
    }
}

//! The steps of an import, run through the domain as a ledger would.

use std::collections::HashMap;

use redress_core::{
    Complaint, ComplaintId, Context, Event, EventId, Policy, Position, Recorded, Rulebook,
    Timestamp, Version, decide, evolve,
};
use redress_interchange::{Row, Step};

/// Complaints and how often each kind of fact was recorded of them.
#[derive(Default)]
pub(crate) struct Domain {
    pub(crate) complaints: HashMap<ComplaintId, Complaint>,
    pub(crate) events: HashMap<ComplaintId, Vec<Event>>,
}

impl Domain {
    /// Runs the steps of a row; each must be accepted and add exactly one fact.
    pub(crate) fn run(&mut self, row: &Row) {
        for step in &row.steps {
            self.step(row, step);
        }
    }

    fn step(&mut self, row: &Row, step: &Step) {
        let policy = Policy::standard().for_history();
        let rules = Rulebook::fixed(policy.clone());
        let complaint = self
            .complaints
            .remove(&row.complaint_id)
            .unwrap_or_default();
        let context = Context {
            now: Timestamp::MAX,
            occurred_at: step.occurred_at,
            actor: &step.actor,
            policy: &policy,
            rules: &rules,
            target: None,
        };
        let decided = decide(&complaint, &step.command, &context)
            .unwrap_or_else(|why| panic!("line {}: {}: {why}", row.line, step.command.name()));
        let [event] = decided.as_slice() else {
            panic!(
                "line {}: {} adds {}",
                row.line,
                step.command.name(),
                decided.len()
            );
        };
        let events = self.events.entry(row.complaint_id).or_default();
        let recorded = Recorded {
            event_id: EventId::derived(step.command_id, 0),
            complaint_id: row.complaint_id,
            version: complaint.version().map_or(Version::FIRST, Version::next),
            position: Position::FIRST,
            occurred_at: step.occurred_at,
            recorded_at: Timestamp::MAX,
            actor: step.actor.clone(),
            command_id: step.command_id,
            correlation_id: None,
            causation_id: None,
            schema: 1,
            event: event.clone(),
        };
        events.push(event.clone());
        let complaint = evolve(complaint, &recorded).unwrap();
        self.complaints.insert(row.complaint_id, complaint);
    }
}

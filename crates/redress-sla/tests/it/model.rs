//! The slow, obvious model: each clock looked up in the bare list of facts, by scanning it again and again.
//!
//! It shares nothing with the fold: no state, no running clocks, only "what came before" and "what comes first after".

// Named in full, for another crate's tests include this file too.
#[path = "model/departments.rs"]
mod departments;
#[path = "model/verdict.rs"]
mod verdict;

pub(crate) use departments::{Tallies, tallies};
pub(crate) use verdict::Verdicted;

use redress_core::event::{
    Assigned, Assignee, CloseReason, Feedback, FeedbackKind, NoteKind, Priority, RevisitOutcome,
    Satisfaction, Verdict,
};
use redress_core::{ClockKind, DepartmentId, Event, PersonId, Recorded, Target, Timestamp};

/// The facts of one complaint.
pub(crate) struct File<'a> {
    pub(crate) facts: Vec<&'a Recorded>,
    /// For each fact, whether a cycle begins with it.
    begins: Vec<bool>,
}

/// A clock: which fact started it, and which ended it how.
pub(crate) struct Timed {
    pub(crate) kind: ClockKind,
    start: usize,
    end: Option<(usize, How)>,
    part: Option<(DepartmentId, bool)>,
    own: Option<Target>,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Stopped,
    HandedOver,
    Cancelled,
    Lapsed,
}

/// Splits a ledger into files, in the order of receipt.
pub(crate) fn files(facts: &[Recorded]) -> Vec<File<'_>> {
    let mut files: Vec<Vec<&Recorded>> = Vec::new();
    for fact in facts {
        match files
            .iter_mut()
            .find(|file| file[0].complaint_id == fact.complaint_id)
        {
            Some(file) => file.push(fact),
            None => files.push(vec![fact]),
        }
    }
    files.into_iter().map(File::new).collect()
}

fn outbound(event: &Event) -> Option<&Feedback> {
    match event {
        Event::Feedback(fact) if fact.kind != FeedbackKind::CustomerReply => Some(fact),
        _ => None,
    }
}

fn is_result(event: &Event) -> bool {
    matches!(event, Event::Feedback(fact) if fact.kind == FeedbackKind::Result)
}

fn is_reply(event: &Event) -> bool {
    matches!(event, Event::Feedback(fact) if fact.kind == FeedbackKind::CustomerReply)
}

/// A word by which a person answers: progress or a result.
fn is_answer(event: &Event) -> bool {
    outbound(event)
        .is_some_and(|fact| fact.kind != FeedbackKind::Acknowledgement && !fact.automated)
}

/// A reply that waits for an answer: thanks do not.
fn is_asking(event: &Event) -> bool {
    matches!(event, Event::Feedback(fact) if fact.kind == FeedbackKind::CustomerReply
        && !matches!(fact.verdict, Some(Verdict::Satisfied | Verdict::Accepted)))
}

fn is_unhappy_revisit(event: &Event) -> bool {
    matches!(event, Event::Revisited(fact) if matches!(fact.outcome, RevisitOutcome::Reached { result, residual_problem, .. }
        if result == Satisfaction::Dissatisfied || residual_problem))
}

fn is_reached(event: &Event) -> bool {
    matches!(event, Event::Revisited(fact) if matches!(fact.outcome, RevisitOutcome::Reached { .. }))
}

fn contribution(event: &Event) -> Option<(&DepartmentId, bool)> {
    match event {
        Event::Noted(noted) => match &noted.kind {
            NoteKind::Contribution { department, done } => Some((department, *done)),
            _ => None,
        },
        _ => None,
    }
}

impl<'a> File<'a> {
    fn new(facts: Vec<&'a Recorded>) -> Self {
        let mut file = Self {
            facts,
            begins: Vec::new(),
        };
        for index in 0..file.facts.len() {
            let begins = match file.event(index) {
                Event::Reopened(_) => true,
                Event::Feedback(fact) => {
                    let unhappy = [Some(Verdict::Dissatisfied), Some(Verdict::Rejected)];
                    is_reply(file.event(index))
                        && unhappy.contains(&fact.verdict)
                        && file.is_resolved_before(index)
                }
                event => is_unhappy_revisit(event),
            };
            file.begins.push(begins);
        }
        file
    }

    fn event(&self, index: usize) -> &'a Event {
        &self.facts[index].event
    }

    fn at(&self, index: usize) -> Timestamp {
        self.facts[index].occurred_at
    }

    fn last_before(&self, index: usize, which: impl Fn(&Event) -> bool) -> Option<usize> {
        (0..index).rev().find(|i| which(self.event(*i)))
    }

    fn last_cycle_before(&self, index: usize) -> Option<usize> {
        (0..index).rev().find(|i| self.begins[*i])
    }

    /// Whether a resolution stands just before this fact.
    fn is_resolved_before(&self, index: usize) -> bool {
        let resolved = self.last_before(index, |event| matches!(event, Event::Resolved(_)));
        resolved.is_some_and(|resolved| self.last_cycle_before(index) < Some(resolved))
    }

    fn assigned(&self, index: usize) -> Option<&'a Assigned> {
        match self.event(index) {
            Event::Assigned(fact) => Some(fact),
            _ => None,
        }
    }

    fn last_assigned_before(&self, index: usize) -> Option<(usize, &'a Assigned)> {
        let at = self.last_before(index, |event| matches!(event, Event::Assigned(_)))?;
        Some((at, self.assigned(at)?))
    }

    fn lead_before(&self, index: usize) -> Option<&'a DepartmentId> {
        let (_, fact) = self.last_assigned_before(index)?;
        Some(&fact.lead.department)
    }

    /// Whether a joint department had finished its part before this assignment of the same cycle.
    fn is_settled(&self, index: usize, whose: &DepartmentId) -> bool {
        let Some((before, fact)) = self.last_assigned_before(index) else {
            return false;
        };
        let named = fact
            .joint
            .iter()
            .any(|task| task.assignee.department == *whose);
        if !named || (before..=index).any(|i| self.begins[i]) {
            return false;
        }
        self.has_contributed(before + 1..index, whose) || self.is_settled(before, whose)
    }

    fn has_contributed(&self, within: std::ops::Range<usize>, whose: &DepartmentId) -> bool {
        within
            .into_iter()
            .any(|i| contribution(self.event(i)).is_some_and(|(theirs, _)| theirs == whose))
    }

    /// Who has a part by this assignment: department, joint or not, limit.
    fn parts(&self, index: usize) -> Vec<(DepartmentId, bool, Option<Target>)> {
        let Some(fact) = self.assigned(index) else {
            return Vec::new();
        };
        let lead = (fact.lead.department.clone(), false, fact.limit);
        let joint = fact
            .joint
            .iter()
            .map(|task| (task.assignee.department.clone(), true, task.limit))
            .filter(|(whose, _, _)| !self.is_settled(index, whose));
        std::iter::once(lead).chain(joint).collect()
    }

    /// Whom this assignment gives a part, the lead or a joint one, of a department.
    fn assignee(&self, index: usize, part: &(DepartmentId, bool)) -> Option<&'a Assignee> {
        let fact = self.assigned(index)?;
        let joint = || fact.joint.iter().map(|task| &task.assignee);
        let (whose, is_joint) = part;
        let mut given = joint()
            .filter(|_| *is_joint)
            .chain((!is_joint).then_some(&fact.lead));
        given.find(|assignee| assignee.department == *whose)
    }

    /// Who has to act on a clock: whoever has the part now or had it at the end, else a lead of that department.
    fn person(&self, clock: &Timed, department: &DepartmentId) -> Option<PersonId> {
        let ended = clock.end.map(|(end, _)| end);
        let last_lead = |until: usize| Some(&self.last_assigned_before(until)?.1.lead);
        let assignee = match &clock.part {
            Some(part) => (clock.start..ended.unwrap_or(self.facts.len()))
                .rev()
                .filter(|i| !self.is_resolved_before(*i))
                .find_map(|i| self.assignee(i, part))
                .or_else(|| last_lead(clock.start)),
            None => last_lead(ended.map_or(self.facts.len(), |end| end + 1)),
        };
        assignee
            .filter(|assignee| assignee.department == *department)?
            .person
            .clone()
    }

    /// Who has a part just before this fact.
    fn holders_before(&self, index: usize) -> Vec<(DepartmentId, bool)> {
        for i in (0..index).rev() {
            if self.begins[i] {
                let lead = self.lead_before(i);
                return lead.map(|lead| (lead.clone(), false)).into_iter().collect();
            }
            match self.event(i) {
                Event::Resolved(_) | Event::Closed(_) => return Vec::new(),
                Event::Assigned(_) if !self.is_resolved_before(i) => {
                    return self
                        .parts(i)
                        .into_iter()
                        .filter(|(whose, joint, _)| {
                            !joint || !self.has_contributed(i + 1..index, whose)
                        })
                        .map(|(whose, joint, _)| (whose, joint))
                        .collect();
                }
                _ => {}
            }
        }
        Vec::new()
    }

    /// Every clock there has been.
    pub(crate) fn clocks(&self) -> Vec<Timed> {
        use ClockKind::{
            Acknowledge, Assignment, Feedback, Final, FirstResponse, Handling, Promise, Reply,
            Resolution, Revisit,
        };
        let mut clocks: Vec<Timed> = Vec::new();
        for i in 0..self.facts.len() {
            let mut start = |kind, part, own| {
                let timed = Timed {
                    kind,
                    start: i,
                    end: None,
                    part,
                    own,
                };
                let end = self.end_of(&timed);
                clocks.push(Timed { end, ..timed });
            };
            match self.event(i) {
                Event::Received(_) => {
                    for kind in [Acknowledge, FirstResponse, Assignment, Resolution, Final] {
                        start(kind, None, None);
                    }
                }
                Event::Assigned(_) if !self.is_resolved_before(i) => {
                    let held = self.holders_before(i);
                    for (whose, joint, limit) in self.parts(i) {
                        let part = (whose, joint);
                        if !held.contains(&part) {
                            start(Handling, Some(part), limit);
                        }
                    }
                }
                Event::Resolved(_) => start(Feedback, None, None),
                event if is_result(event) => start(Revisit, None, None),
                event if is_asking(event) && !self.waits_for_answer(i) => start(Reply, None, None),
                _ => {}
            }
            if let Some(promised) = outbound(self.event(i)).and_then(|fact| fact.promised_by) {
                start(Promise, None, Some(Target::At(promised)));
            }
            if self.begins[i] {
                start(Resolution, None, None);
                match self.lead_before(i) {
                    Some(lead) => start(Handling, Some((lead.clone(), false)), None),
                    None => start(Assignment, None, None),
                }
            }
        }
        clocks
    }

    /// Whether an earlier reply was not answered before this one.
    fn waits_for_answer(&self, index: usize) -> bool {
        let earlier: Vec<usize> = (0..index).filter(|i| is_asking(self.event(*i))).collect();
        earlier.into_iter().any(|i| {
            let answered = (i + 1..index).any(|j| {
                let closed = matches!(self.event(j), Event::Closed(_));
                closed || (is_answer(self.event(j)) && self.at(j) >= self.at(i))
            });
            !answered && !self.waits_for_answer(i)
        })
    }

    fn end_of(&self, clock: &Timed) -> Option<(usize, How)> {
        let from = match clock.kind {
            // The last answer is the last one: earlier results do not count.
            ClockKind::Final => self.last_cycle_before(self.facts.len()).unwrap_or(0),
            _ => clock.start,
        };
        (from + 1..self.facts.len()).find_map(|i| Some((i, self.ending(clock, i)?)))
    }

    /// What this fact does to a clock.
    fn ending(&self, clock: &Timed, i: usize) -> Option<How> {
        let event = self.event(i);
        if let Event::Closed(fact) = event {
            return Some(match fact.reason {
                CloseReason::Withdrawn
                | CloseReason::Refused { .. }
                | CloseReason::Duplicate { .. } => How::Cancelled,
                CloseReason::Unreachable if clock.kind == ClockKind::Revisit => How::Cancelled,
                _ => How::Lapsed,
            });
        }
        let stopped = match clock.kind {
            ClockKind::Acknowledge => outbound(event).is_some(),
            ClockKind::FirstResponse | ClockKind::Reply | ClockKind::Promise => is_answer(event),
            ClockKind::Assignment => matches!(event, Event::Assigned(_)),
            ClockKind::Resolution => matches!(event, Event::Resolved(_)),
            ClockKind::Feedback | ClockKind::Final => is_result(event),
            ClockKind::Revisit => is_reached(event),
            ClockKind::Handling => return self.handling_ending(clock.part.as_ref()?, i),
        };
        let cancelled =
            matches!(clock.kind, ClockKind::Feedback | ClockKind::Revisit) && self.begins[i];
        if self.at(i) < self.at(clock.start) {
            None
        } else if stopped {
            Some(How::Stopped)
        } else {
            cancelled.then_some(How::Cancelled)
        }
    }

    fn handling_ending(&self, (whose, joint): &(DepartmentId, bool), i: usize) -> Option<How> {
        match self.event(i) {
            Event::Resolved(_) => Some(How::Stopped),
            Event::Assigned(_) => {
                let kept = self
                    .parts(i)
                    .iter()
                    .any(|(theirs, joint_now, _)| theirs == whose && joint_now == joint);
                (!kept).then_some(How::HandedOver)
            }
            event => match contribution(event) {
                Some((theirs, true)) if *joint && theirs == whose => Some(How::Stopped),
                Some((theirs, false)) if *joint && theirs == whose => Some(How::Cancelled),
                _ => None,
            },
        }
    }

    /// The limit given to the clock itself, by its start or by a later assignment that kept it.
    fn own_target(&self, clock: &Timed) -> Option<Target> {
        let until = clock.end.map_or(self.facts.len(), |(end, _)| end);
        let mut later = (clock.start + 1..until)
            .filter(|i| !self.is_resolved_before(*i))
            .flat_map(|i| self.parts(i))
            .filter(|(whose, joint, _)| clock.part.as_ref() == Some(&(whose.clone(), *joint)))
            .filter_map(|(_, _, limit)| limit);
        later.next_back().or(clock.own)
    }

    /// The deadline it was moved to: the last extension that meant this clock.
    fn extended_to(&self, clocks: &[Timed], index: usize) -> Option<Timestamp> {
        let meant = |i: usize| {
            let Event::Extended(fact) = self.event(i) else {
                return None;
            };
            let running = |clock: &Timed| {
                clock.kind == fact.clock
                    && clock.start < i
                    && clock.end.is_none_or(|(end, _)| end > i)
            };
            let candidates = (0..clocks.len()).filter(|c| running(&clocks[*c]));
            let joint = |c: usize| clocks[c].part.as_ref().is_some_and(|(_, joint)| *joint);
            let (others, leads): (Vec<usize>, Vec<usize>) = candidates.partition(|c| joint(*c));
            let chosen = leads.last().or(others.last());
            (chosen == Some(&index)).then_some(fact.new_due)
        };
        (0..self.facts.len()).rev().find_map(meant)
    }

    pub(crate) fn intake(&self) -> DepartmentId {
        let received = self.facts.iter().find_map(|fact| match &fact.event {
            Event::Received(fact) => Some(fact.intake_department.clone()),
            _ => None,
        });
        received.unwrap()
    }

    pub(crate) fn is_duplicate(&self) -> bool {
        let last = self
            .facts
            .iter()
            .rev()
            .find(|fact| matches!(fact.event, Event::Closed(_)));
        last.is_some_and(|fact| {
            matches!(&fact.event, Event::Closed(closed)
                if matches!(closed.reason, CloseReason::Duplicate { .. }))
        })
    }

    /// Cycles begun by a reply, by a revisit and by reopening.
    pub(crate) fn reopenings(&self) -> [u64; 3] {
        let count = |which: fn(&Event) -> bool| {
            let begun = (0..self.facts.len()).filter(|i| self.begins[*i] && which(self.event(*i)));
            u64::try_from(begun.count()).unwrap()
        };
        [
            count(is_reply),
            count(is_reached),
            count(|event| matches!(event, Event::Reopened(_))),
        ]
    }

    /// The departments that led, one for each assignment.
    pub(crate) fn leads(&self) -> Vec<DepartmentId> {
        (0..self.facts.len())
            .filter_map(|i| self.assigned(i))
            .map(|fact| fact.lead.department.clone())
            .collect()
    }

    pub(crate) fn priorities(&self) -> Vec<Priority> {
        let classes = self.facts.iter().filter_map(|fact| match &fact.event {
            Event::Classified(class) => Some(class.priority),
            _ => None,
        });
        classes.collect()
    }

    /// The last value another system had recorded in a field.
    pub(crate) fn recorded(&self, wanted: &str) -> Option<&'a str> {
        self.facts.iter().rev().find_map(|fact| match &fact.event {
            Event::Noted(noted) => match &noted.kind {
                NoteKind::SourceRecord { facts, .. } => facts.get(wanted).map(String::as_str),
                _ => None,
            },
            _ => None,
        })
    }

    /// Everybody who had a part, for the queue.
    pub(crate) fn people(&self) -> Vec<PersonId> {
        let fact = |i: usize| self.assigned(i);
        (0..self.facts.len())
            .filter_map(fact)
            .flat_map(|fact| {
                let joint = fact.joint.iter().map(|task| &task.assignee);
                std::iter::once(&fact.lead).chain(joint)
            })
            .filter_map(|assignee| assignee.person.clone())
            .collect()
    }
}

//! What the model says of a clock at a moment: pauses summed up, limits compared.

use redress_core::{
    ClockKind, DepartmentId, Event, PersonId, Policy, Span, Status, Target, Terms, Timestamp,
};

use super::{File, How, Timed, is_reply};

/// What the model says of one clock at a moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdicted {
    pub(crate) department: DepartmentId,
    pub(crate) kind: ClockKind,
    pub(crate) status: Status,
    pub(crate) elapsed: Span,
    pub(crate) started_at: Timestamp,
    pub(crate) remaining: Option<Span>,
    pub(crate) ended_at: Option<Timestamp>,
    /// Of an overdue one, when it was due.
    pub(crate) due: Option<Timestamp>,
    pub(crate) joint: bool,
    pub(crate) own_limit: bool,
    pub(crate) person: Option<PersonId>,
}

impl File<'_> {
    /// How much of `[from, to)` pauses of a clock cover, and whether one holds at `to`.
    fn pauses(&self, kind: ClockKind, from: Timestamp, to: Timestamp) -> (Span, bool) {
        let mut total = Span::ZERO;
        let mut holds = false;
        for i in 0..self.facts.len() {
            let Event::Paused(fact) = self.event(i) else {
                continue;
            };
            if !kind.pauses_for(fact.reason) {
                continue;
            }
            let ended = (i + 1..self.facts.len()).find(|j| {
                let event = self.event(*j);
                is_reply(event)
                    || matches!(
                        event,
                        Event::Resumed(_)
                            | Event::Resolved(_)
                            | Event::Assigned(_)
                            | Event::Closed(_)
                    )
            });
            let end = [fact.until, ended.map(|j| self.at(j))]
                .into_iter()
                .flatten()
                .min();
            let begin = self.at(i);
            holds |= begin <= to && end.is_none_or(|end| to < end);
            let (begin, end) = (begin.max(from), end.map_or(to, |end| end.min(to)));
            if begin < end {
                total = total + end.since(begin);
            }
        }
        (total, holds)
    }

    /// What can be said of every clock that had started at `at`.
    pub(crate) fn verdicts(&self, policy: &Policy, at: Timestamp) -> Vec<Verdicted> {
        let clocks = self.clocks();
        (0..clocks.len())
            .filter(|c| self.at(clocks[*c].start) <= at)
            .map(|c| self.verdict(policy, at, &clocks, c))
            .collect()
    }

    fn verdict(&self, policy: &Policy, at: Timestamp, clocks: &[Timed], c: usize) -> Verdicted {
        let clock = &clocks[c];
        let started_at = self.at(clock.start);
        let end = clock
            .end
            .map(|(end, how)| (self.at(end).max(started_at), how))
            .filter(|(end, _)| *end <= at);
        let stop = end.map_or(at, |(end, _)| end);
        let (paused, holds) = self.pauses(clock.kind, started_at, stop);
        let elapsed = stop.since(started_at) - paused;
        let target = self
            .extended_to(clocks, c)
            .map(Target::At)
            .or_else(|| self.own_target(clock))
            .or_else(|| policy.target(clock.kind, &self.terms(clock)));
        let (used, whole) = match target {
            None | Some(Target::Unlimited) => (elapsed, None),
            Some(Target::Elapsed(length)) => (elapsed, Some(length)),
            Some(Target::At(due)) => (stop.since(started_at), Some(due.since(started_at))),
            Some(Target::WorkingTime(_) | Target::WorkingDays(_) | Target::CalendarDays(_)) => {
                unreachable!("the histories of these tests are measured day and night")
            }
        };
        let late = whole.is_some_and(|whole| used > whole);
        let stands_still = holds && matches!(target, Some(Target::Elapsed(_)));
        let risky = whole.is_some_and(|whole| {
            i128::from(used.as_micros()) * 100
                >= i128::from(whole.as_micros()) * i128::from(policy.at_risk_percent)
        });
        let early = clock.kind == ClockKind::Revisit && elapsed < policy.revisit_window.from;
        let status = match (end.map(|(_, how)| how), whole) {
            (Some(How::Cancelled), _) => Status::Cancelled,
            (Some(_), None) => Status::UntargetedEnded,
            (Some(How::HandedOver), _) if late => Status::HandedOverLate,
            (Some(How::HandedOver), _) => Status::HandedOverInTime,
            (Some(_), _) if late => Status::Missed,
            (Some(How::Lapsed), _) => Status::Cancelled,
            (Some(How::Stopped), _) if early => Status::Early,
            (Some(How::Stopped), _) => Status::Met,
            (None, None) => Status::UntargetedRunning,
            (None, _) if late => Status::Overdue,
            (None, _) if stands_still => Status::Paused,
            (None, _) if risky => Status::AtRisk,
            (None, _) => Status::OnTrack,
        };
        let department = self.department(clock, policy);
        Verdicted {
            person: self.person(clock, &department),
            ended_at: end.map(|(end, _)| end),
            due: whole
                .filter(|_| status == Status::Overdue)
                .map(|whole| self.due(clock, started_at, target, whole)),
            joint: clock.part.as_ref().is_some_and(|(_, joint)| *joint),
            own_limit: self.own_target(clock).is_some(),
            department,
            kind: clock.kind,
            status,
            elapsed,
            started_at,
            remaining: whole.map(|whole| whole - used),
        }
    }

    /// When so much was used: what pauses covered up to then comes on top, looked up again and again until that is all.
    fn due(
        &self,
        clock: &Timed,
        started_at: Timestamp,
        target: Option<Target>,
        whole: Span,
    ) -> Timestamp {
        let mut due = started_at + whole;
        if !matches!(target, Some(Target::Elapsed(_))) {
            return due;
        }
        loop {
            let later = started_at + whole + self.pauses(clock.kind, started_at, due).0;
            if later == due {
                return due;
            }
            due = later;
        }
    }

    fn terms(&self, clock: &Timed) -> Terms {
        let until = clock.end.map_or(self.facts.len(), |(end, _)| end);
        let class = (0..until).rev().find_map(|i| match self.event(i) {
            Event::Classified(fact) => Some(fact),
            _ => None,
        });
        class.map_or(Terms::UNCLASSIFIED, Terms::from)
    }

    fn department(&self, clock: &Timed, policy: &Policy) -> DepartmentId {
        let until = clock.end.map_or(self.facts.len(), |(end, _)| end);
        match clock.kind {
            ClockKind::Acknowledge | ClockKind::FirstResponse | ClockKind::Assignment => {
                self.intake()
            }
            ClockKind::Revisit => policy.quality_department.clone(),
            ClockKind::Handling => clock.part.clone().unwrap().0,
            _ => self
                .lead_before(until)
                .cloned()
                .unwrap_or_else(|| self.intake()),
        }
    }
}

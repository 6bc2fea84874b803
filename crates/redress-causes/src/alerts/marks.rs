//! What a complaint, as it stands, adds to the figure of a rule: to which group, from when until when.

use redress_core::event::Satisfaction;
use redress_core::policy::WarningRule;
use redress_core::policy::warning::Metric;
use redress_core::{Case, Clock, DepartmentId, Dimension, Rulebook, Span, Status, Timestamp};

use super::amount::Adds;
use super::clocks::{Late, late};
use super::watched::Watched;
use crate::dimension::Values as _;
use crate::query::Grain;

/// The values of the dimensions a rule groups by, in their order.
pub(super) type Group = Vec<String>;

/// What a complaint adds to a figure, if nothing else happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) group: Group,
    pub(super) from: Timestamp,
    /// Until just before this instant.
    pub(super) until: Timestamp,
    pub(super) adds: Adds,
}

/// What a complaint adds, as it is known at `at`. What has no value in a dimension of the rule adds nothing.
pub(super) fn marks(
    rule: &WarningRule,
    watched: &Watched,
    is_repeat: bool,
    rules: &Rulebook,
    at: Timestamp,
) -> Vec<Mark> {
    let Some(case) = watched.track.complaint.case() else {
        return Vec::new();
    };
    if !watched.is_in(&rule.scope) {
        return Vec::new();
    }
    let marking = Marking {
        rule,
        watched,
        rules,
        at,
    };
    let resolution = watched.track.resolution();
    let found: Vec<Option<Mark>> = match rule.metric {
        Metric::Count | Metric::Rate | Metric::Share => {
            vec![marking.once(case.received_at, Adds::Above)]
        }
        Metric::RepeatRate => vec![marking.once(
            case.received_at,
            Adds::Below {
                is_above: is_repeat,
            },
        )],
        Metric::Overdue => marking.clocks(case, Marking::overdue),
        Metric::Timeliness => marking.clocks(case, Marking::timeliness),
        Metric::Dissatisfaction => {
            let verdict = watched.track.visits.verdict();
            let mark = verdict.and_then(|verdict| {
                let is_so = verdict.result == Satisfaction::Dissatisfied;
                marking.once(verdict.at, Adds::Below { is_above: is_so })
            });
            vec![mark]
        }
        Metric::EscalationCount => {
            let escalations = watched.escalations.iter();
            let marks = escalations.map(|escalated| marking.once(*escalated, Adds::Above));
            marks.collect()
        }
        Metric::Aht => {
            let took = resolution.zip(watched.track.handling_time());
            let mark = took.and_then(|(resolution, took)| {
                let adds = Adds::Took(took.max(Span::ZERO));
                marking.once(resolution.at, adds)
            });
            vec![mark]
        }
        Metric::CauseCount => {
            let named = resolution.filter(|_| watched.track.primary_cause().is_some());
            vec![named.and_then(|resolution| marking.once(resolution.at, Adds::Above))]
        }
    };
    found.into_iter().flatten().collect()
}

/// A complaint under a rule at an instant.
struct Marking<'a> {
    rule: &'a WarningRule,
    watched: &'a Watched,
    rules: &'a Rulebook,
    at: Timestamp,
}

impl<'a> Marking<'a> {
    /// Something that happened at an instant counts while the window holds that instant.
    fn once(&self, happened: Timestamp, adds: Adds) -> Option<Mark> {
        Some(Mark {
            group: self.group(None)?,
            from: happened,
            until: happened + self.rule.window,
            adds,
        })
    }

    fn clocks(
        &self,
        case: &'a Case,
        mark: fn(&Self, &'a Case, &'a Clock) -> Option<Mark>,
    ) -> Vec<Option<Mark>> {
        let marks = case.clocks.iter().map(|clock| mark(self, case, clock));
        marks.collect()
    }

    /// A clock that runs counts from when it is overdue until something is recorded that ends that.
    fn overdue(&self, case: &'a Case, clock: &'a Clock) -> Option<Mark> {
        if clock.end.is_some() {
            return None;
        }
        let (from, adds) = match late(clock, case, self.rules, self.at)? {
            Late::Overdue { from, .. } => (from, Adds::Above),
            Late::Unknown { from } => (from, Adds::Unknown),
        };
        let lead = self.watched.track.complaint.lead();
        let policy = self.rules.of_clock(clock);
        let department = clock.department(&case.intake_department, lead, policy);
        Some(Mark {
            group: self.group(Some(department))?,
            from,
            until: Timestamp::MAX,
            adds,
        })
    }

    /// A clock counts when it ended, or, while it is overdue, when it was due. Above the line stand the late ones.
    fn timeliness(&self, case: &'a Case, clock: &'a Clock) -> Option<Mark> {
        let Some(end) = &clock.end else {
            let (from, due, adds) = match late(clock, case, self.rules, self.at)? {
                Late::Overdue { from, due } => (from, due, Adds::Below { is_above: true }),
                Late::Unknown { from } => (from, from, Adds::Unknown),
            };
            return Some(Mark {
                from,
                ..self.once(due, adds)?
            });
        };
        let adds = match self.rules.read(clock, &case.pauses, end.at).status {
            Status::Met => Adds::Below { is_above: false },
            Status::Missed => Adds::Below { is_above: true },
            Status::NotEvaluable => Adds::Unknown,
            Status::OnTrack
            | Status::AtRisk
            | Status::Overdue
            | Status::Paused
            | Status::Early
            | Status::Cancelled
            | Status::HandedOverInTime
            | Status::HandedOverLate
            | Status::UntargetedRunning
            | Status::UntargetedEnded => return None,
        };
        self.once(end.at, adds)
    }

    /// The group it belongs to, where it has all the values. A clock belongs to the department that answers for it.
    fn group(&self, answers: Option<&DepartmentId>) -> Option<Group> {
        let track = &self.watched.track;
        let values = self
            .rule
            .by
            .iter()
            .map(|dimension| match (dimension, answers) {
                (Dimension::Department, Some(department)) => Some(department.to_string()),
                (_, _) => dimension.value(track, Grain::Leaf).map(str::to_owned),
            });
        values.collect()
    }
}

//! A case as far as the rows read so far tell, and what the next row adds to it.
//!
//! Only differences become steps, and only against what became a step before. Within a row their order is: leaving a
//! state, class, escalation, owner, entering a state, what the source recorded.

mod whole;

use std::collections::BTreeMap;

use redress_core::event::{
    AssignReason, Assignee, Classified, CloseReason, Closed, Feedback, FeedbackKind, NoteKind,
    Noted, PauseReason, Paused, Priority, Reopened, Requester, Resolved, ResumeCause, Resumed,
    Trigger, Verdict,
};
use redress_core::{
    Actor, ActorKind, Assign, Channel, Command, CommandId, ComplaintId, Escalate, Level, Personal,
    Target, Timestamp,
};

use crate::finding::{Finding, Problem};
use crate::header::Layout;
use crate::mapping::{Mapping, RowMeaning, RowOrder, StateMeaning};
use crate::snapshot::{Intake, Snapshot, Update};
use crate::step::Step;

/// What is remembered of a case between its rows.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) complaint_id: ComplaintId,
    channel: Channel,
    /// How many of its rows were used.
    rows: u64,
    /// The latest time used.
    latest: Timestamp,
    phase: Phase,
    class: Option<Classified>,
    owner: Option<Assignee>,
    level: Level,
    /// What was last kept as the source had it.
    recorded: BTreeMap<String, String>,
    /// The last values of the columns in which an empty cell keeps the one before, by their numbers.
    kept: BTreeMap<usize, String>,
}

/// Where the complaint stands after the steps so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Waiting(PauseReason),
    Resolved,
    Closed,
}

impl From<StateMeaning> for Phase {
    fn from(meaning: StateMeaning) -> Self {
        match meaning {
            StateMeaning::Open => Self::Open,
            StateMeaning::Pause(reason) => Self::Waiting(reason),
            StateMeaning::Resolved => Self::Resolved,
            StateMeaning::Closed => Self::Closed,
        }
    }
}

/// What reading a row depends on besides the row.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) layout: &'a Layout,
    pub(crate) top_level: Level,
}

impl Case {
    /// A case of which no row was used yet.
    pub(crate) const fn new(intake: &Intake) -> Self {
        Self {
            complaint_id: intake.complaint_id,
            channel: intake.received.channel,
            rows: 0,
            latest: intake.at,
            phase: Phase::Open,
            class: None,
            owner: None,
            level: Level::FIRST,
            recorded: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// Whether the case is closed as far as its rows tell.
    pub(crate) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// Takes the next row; `intake` is what its first row says besides.
    ///
    /// On an error the case is half changed: the caller drops it.
    pub(crate) fn take(
        &mut self,
        rules: Rules<'_>,
        snapshot: &mut Snapshot<'_>,
        intake: Option<Intake>,
    ) -> Result<Vec<Step>, Finding> {
        snapshot.kept.clone_from(&self.kept);
        let update = snapshot.update(self.latest, self.owner.as_ref())?;
        self.kept.clone_from(&snapshot.kept);
        self.rows += 1;
        let at = self.latest.max(update.at);
        if let Some(columns) = rules.layout.update.as_ref().filter(|_| at != update.at) {
            let given = update.at;
            if rules.mapping.case.order != Some(RowOrder::File) {
                let reached = at;
                return Err(snapshot.finding(&columns.at, Problem::OutOfOrder { given, reached }));
            }
            snapshot.note(&columns.at, Problem::TimeWentBack { given, used: at });
        }
        self.latest = at;
        let importer = rules.mapping.name.importer();
        let by = update.by.clone().zip(rules.mapping.update.as_ref());
        let actor = by.map_or_else(
            || importer.clone(),
            |(id, update)| Actor {
                id,
                role: update.role.clone(),
                department: None,
                kind: ActorKind::Human,
            },
        );
        let mut row = RowOfCase {
            case: self,
            rules,
            snapshot,
            at,
            actor,
            steps: Vec::new(),
        };
        if let Some(Intake { at, received, .. }) = intake {
            row.add_as("receive", received.into(), at, importer.clone());
        }
        match rules.mapping.rows() {
            RowMeaning::Updates => row.take(update)?,
            RowMeaning::Cases => row.take_whole(update)?,
        }
        Ok(row.steps)
    }
}

/// One row being turned into steps.
struct RowOfCase<'a, 'b> {
    case: &'a mut Case,
    rules: Rules<'a>,
    snapshot: &'a mut Snapshot<'b>,
    at: Timestamp,
    actor: Actor,
    steps: Vec<Step>,
}

impl RowOfCase<'_, '_> {
    fn take(&mut self, update: Update) -> Result<(), Finding> {
        let target = update.state.map_or(self.case.phase, Phase::from);
        self.leave(target);
        if self.case.phase == Phase::Closed {
            self.note_changes_after_close(&update);
        } else {
            self.classify(update.class);
            self.assign(update.owner.as_ref());
            self.enter(target)?;
        }
        if self.case.phase == Phase::Closed {
            self.record_changed()?;
        }
        Ok(())
    }

    fn leave(&mut self, target: Phase) {
        match (self.case.phase, target) {
            (Phase::Closed, Phase::Open | Phase::Waiting(_) | Phase::Resolved) => {
                let reopened = Reopened {
                    reason: "reopened in the source".to_owned(),
                    requested_by: Requester::Unrecorded,
                };
                self.add("reopen", reopened.into());
            }
            (Phase::Resolved, Phase::Open | Phase::Waiting(_)) => {
                let mut reply = Feedback::new(FeedbackKind::CustomerReply, self.case.channel, "");
                reply.personal = Personal::Withheld;
                reply.verdict = Some(Verdict::Dissatisfied);
                self.add("dissatisfied", reply.into());
            }
            (Phase::Waiting(before), Phase::Waiting(now)) if before == now => return,
            (Phase::Waiting(_), Phase::Open | Phase::Waiting(_)) => {
                let cause = ResumeCause::Arrived;
                self.add("resume", Resumed { cause }.into());
            }
            // Solving and closing end a pause by themselves.
            (Phase::Waiting(_), Phase::Resolved | Phase::Closed)
            | (Phase::Open, _)
            | (Phase::Resolved, Phase::Resolved | Phase::Closed)
            | (Phase::Closed, Phase::Closed) => return,
        }
        self.case.phase = Phase::Open;
    }

    fn classify(&mut self, class: Classified) {
        if self.case.class.as_ref() == Some(&class) {
            return;
        }
        let mut fact = class.clone();
        let before = self.case.class.replace(class);
        let priority = fact.priority;
        if before.is_some() {
            fact.reason = Some("changed in the source".to_owned());
        }
        self.add("classify", fact.into());
        if let Some(before) = before.filter(|before| before.priority < priority) {
            self.escalate(before.priority, priority);
        }
    }

    fn escalate(&mut self, before: Priority, now: Priority) {
        if self.case.level >= self.rules.top_level {
            if let Some(column) = &self.rules.layout.priority {
                self.snapshot.note(column, Problem::TopLevelReached);
            }
            return;
        }
        self.case.level = self.case.level.next();
        let (before, now) = (priority_name(before), priority_name(now));
        let escalate = Escalate {
            to_level: None,
            to: None,
            trigger: Trigger::Severity,
            reason: format!("priority raised from {before} to {now} in the source"),
        };
        self.add("escalate", escalate.into());
    }

    fn assign(&mut self, seen: Option<&Assignee>) {
        let Some(assign) = self.new_owner(seen) else {
            return;
        };
        self.case.owner = Some(assign.lead.clone());
        self.add("assign", assign.into());
        // A new owner ends a pause; if the row still waits, a new one begins.
        if let Phase::Waiting(_) = self.case.phase {
            self.case.phase = Phase::Open;
        }
    }

    fn new_owner(&self, seen: Option<&Assignee>) -> Option<Assign> {
        let desk = &self.rules.mapping.received.intake_department;
        match (seen, &self.case.owner) {
            (Some(now), None) => Some(Assign::to(now.clone(), AssignReason::Initial)),
            (Some(now), Some(before)) => {
                (now != before).then(|| Assign::to(now.clone(), AssignReason::Reassign))
            }
            (None, Some(before)) if before.department != *desk => {
                let desk = Assignee::department(desk.clone());
                let mut back = Assign::to(desk, AssignReason::Returned);
                back.explanation = Some("no department in the source".to_owned());
                Some(back)
            }
            (None, Some(_) | None) => None,
        }
    }

    fn note_changes_after_close(&mut self, update: &Update) {
        let layout = self.rules.layout;
        if self.case.class.as_ref() != Some(&update.class) {
            let column = layout.category.first().unwrap_or(&layout.key);
            self.snapshot.note(column, Problem::ChangeAfterClose);
        }
        if let Some(column) = &layout.department
            && self.new_owner(update.owner.as_ref()).is_some()
        {
            self.snapshot.note(column, Problem::ChangeAfterClose);
        }
    }

    fn enter(&mut self, target: Phase) -> Result<(), Finding> {
        if self.case.phase == target {
            return Ok(());
        }
        match target {
            Phase::Open => {}
            Phase::Waiting(reason) => {
                self.imply_owner(None);
                let paused = Paused {
                    reason,
                    until: None,
                    personal: Personal::Withheld,
                };
                self.add("pause", paused.into());
            }
            Phase::Resolved => {
                self.imply_owner(None);
                let resolved = Resolved {
                    primary_cause: self.snapshot.cause()?,
                    ..Resolved::default()
                };
                self.add("resolve", resolved.into());
            }
            Phase::Closed => {
                self.add("close", Closed::new(CloseReason::Waived).into());
                // Each closing has a record of its own, though it may say what the one before said.
                self.case.recorded.clear();
            }
        }
        self.case.phase = target;
        Ok(())
    }

    /// Somebody must have the case before it can wait or be solved.
    fn imply_owner(&mut self, limit: Option<Target>) {
        if self.case.owner.is_some() {
            return;
        }
        let layout = self.rules.layout;
        let column = layout.department.as_ref().or(layout.state.as_ref());
        let column = column.unwrap_or(&layout.key);
        self.snapshot.note(column, Problem::OwnerImplied);
        let desk = Assignee::department(self.rules.mapping.received.intake_department.clone());
        self.case.owner = Some(desk.clone());
        let mut assign = Assign::to(desk, AssignReason::Initial);
        assign.limit = limit;
        let importer = self.rules.mapping.name.importer().clone();
        self.add_as("imply_owner", assign.into(), self.at, importer);
    }

    /// Keeps what the source recorded of a closed case, if it is new.
    fn record_changed(&mut self) -> Result<(), Finding> {
        let facts = self.snapshot.recorded()?;
        if facts.is_empty() || facts == self.case.recorded {
            return Ok(());
        }
        self.case.recorded.clone_from(&facts);
        let system = self.rules.mapping.name.system().clone();
        let noted = Noted {
            kind: NoteKind::SourceRecord { system, facts },
            evidence: Vec::new(),
            personal: Personal::Withheld,
        };
        self.add("record", noted.into());
        Ok(())
    }

    fn add(&mut self, name: &str, command: Command) {
        self.add_as(name, command, self.at, self.actor.clone());
    }

    /// The name is part of the command's id: it stands at most once in a row and never changes.
    fn add_as(&mut self, name: &str, command: Command, occurred_at: Timestamp, actor: Actor) {
        let (mapping, row) = (self.rules.mapping.name(), self.case.rows);
        let name = format!("{mapping}/{row}/{name}");
        self.steps.push(Step {
            command,
            command_id: CommandId::derived(self.case.complaint_id, &name),
            occurred_at,
            actor,
        });
    }
}

const fn priority_name(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "low",
        Priority::Normal => "normal",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    }
}

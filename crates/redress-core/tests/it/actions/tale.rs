//! An action told step by step: commands are decided, their facts folded.

use redress_core::action::{
    Action, ActionCommand, ActionContext, ActionEvent, ActionRecorded, ActionState, Assigned,
    Cancelled, Done, Effective, Evaluated, Figure, FigureValue, Opened, Origin, Owner,
    decide_action, evolve_action,
};
use redress_core::{
    ActionId, Actor, CommandId, EventId, Policy, Position, Ratio, Rejection, Span, Timestamp,
    Version,
};
use uuid::Uuid;

use crate::story::code;

/// So many hours after 2 March 2026, 9:00 UTC.
pub(super) fn h(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    start + Span::hours(hours)
}

pub(super) fn id() -> ActionId {
    ActionId::new(Uuid::from_u128(0xac7))
}

pub(super) fn actor(who: &str) -> Actor {
    Actor::human(code(who), code("quality_manager"), code("quality"))
}

pub(super) fn open() -> Opened {
    Opened::new(Origin::Review, "teach the desk the new return form")
}

pub(super) fn assign(who: &str, due: Timestamp) -> Assigned {
    let owner = Owner {
        department: code("logistics"),
        person: code(who),
    };
    Assigned { owner, due }
}

pub(super) fn done() -> Done {
    Done {
        result: "all nine were taught".to_owned(),
    }
}

pub(super) fn cancel() -> Cancelled {
    Cancelled {
        reason: "the form is withdrawn".to_owned(),
    }
}

pub(super) fn share(part: u64, all: u64, from: Timestamp, to: Timestamp) -> Figure {
    let value = FigureValue::Ratio(Ratio::new(part, all).unwrap());
    Figure { value, from, to }
}

/// 12 of 100 wrong in the 48 hours before 9:00, 3 of 100 in the 24 hours before `at`.
pub(super) fn evaluate(effective: Effective, at: Timestamp) -> Evaluated {
    Evaluated {
        effective,
        metric: code("wrong_returns"),
        before: share(12, 100, h(-48), h(0)),
        after: share(3, 100, at + Span::hours(-24), at),
    }
}

/// An action, and what it is decided by.
#[derive(Clone)]
pub(super) struct Tale {
    pub(super) action: Action,
    pub(super) policy: Policy,
    pub(super) actor: Actor,
    pub(super) complaints_exist: bool,
}

impl Tale {
    pub(super) fn new() -> Self {
        Self {
            action: Action::Absent,
            policy: Policy::standard(),
            actor: actor("chen.jie"),
            complaints_exist: true,
        }
    }

    /// One that stands in this state. Opened at hour 0, assigned to `sun.li` at hour 1 and due at hour 48, done at hour
    /// 40 by its owner, evaluated without effect at hour 100, or cancelled at hour 2.
    pub(super) fn in_state(state: ActionState) -> Self {
        let mut tale = Self::new();
        let steps: &[(i64, ActionCommand)] = &[
            (0, open().into()),
            (1, assign("sun.li", h(48)).into()),
            (40, done().into()),
            (100, evaluate(Effective::No, h(100)).into()),
        ];
        let (taken, cancelled) = match state {
            ActionState::Absent => (0, false),
            ActionState::Opened => (1, false),
            ActionState::Assigned => (2, false),
            ActionState::Done => (3, false),
            ActionState::Evaluated => (4, false),
            ActionState::Cancelled => (1, true),
        };
        for (hour, command) in &steps[..taken] {
            let owner = matches!(command, ActionCommand::Complete(_));
            tale.actor = actor(if owner { "sun.li" } else { "chen.jie" });
            tale.tell(*hour, command.clone());
        }
        tale.actor = actor("chen.jie");
        if cancelled {
            tale.tell(2, cancel());
        }
        assert_eq!(tale.action.state(), state);
        tale
    }

    pub(super) fn decide(
        &self,
        command: impl Into<ActionCommand>,
        (now, occurred_at): (Timestamp, Timestamp),
    ) -> Result<Vec<ActionEvent>, Rejection> {
        let context = ActionContext {
            now,
            occurred_at,
            actor: &self.actor,
            policy: &self.policy,
            complaints_exist: self.complaints_exist,
        };
        decide_action(&self.action, &command.into(), &context)
    }

    pub(super) fn would(
        &self,
        hour: i64,
        command: impl Into<ActionCommand>,
    ) -> Result<Vec<ActionEvent>, Rejection> {
        self.decide(command, (h(hour), h(hour)))
    }

    /// Records what is decided at an hour; a refusal fails the test.
    #[track_caller]
    pub(super) fn tell(&mut self, hour: i64, command: impl Into<ActionCommand>) -> &mut Self {
        for event in self.would(hour, command).unwrap() {
            let fact = self.recorded(h(hour), event);
            self.action = evolve_action(std::mem::take(&mut self.action), &fact).unwrap();
        }
        self
    }

    /// The next fact of the history.
    pub(super) fn recorded(&self, at: Timestamp, event: ActionEvent) -> ActionRecorded {
        let last = self.action.case().map(|case| case.version);
        let version = last.map_or(Version::FIRST, Version::next);
        let command_id = CommandId::new(Uuid::from_u128(u128::from(version.get())));
        ActionRecorded {
            event_id: EventId::derived(command_id, 0),
            action_id: id(),
            version,
            position: Position::new(version.get()),
            occurred_at: at,
            recorded_at: at,
            actor: self.actor.clone(),
            command_id,
            correlation_id: None,
            causation_id: None,
            schema: 1,
            event,
        }
    }
}

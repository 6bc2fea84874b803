//! Scenarios: given these steps, when this one, then that.

use redress_core::{EventType, Label, Language, Span, State};
use redress_rules::{NoSuchCalendar, Rule, Verdict};

use crate::cast::Cast;
use crate::history::{History, Refused, Step, StepRefused};
use crate::judge::verdicts;
use crate::narrative::narrate;
use crate::process::Process;
use crate::wish::Move;

/// A story under a process, up to the step that matters.
///
/// ```
/// use redress_core::event::{Priority, Satisfaction};
/// use redress_core::{EventType, Language, Policy, Span, State};
/// use redress_testkit::{Move, Scenario, Wish};
///
/// let policy = Policy::standard();
/// let ann = |wish| Move { by: 0, wish };
/// let told = Scenario::under(&policy)
///     .given([Wish::Receive, Wish::Classify(Priority::Normal), Wish::Assign { lead: 0, joint: false }].map(ann))?
///     .given([Wish::Resolve, Wish::TellResult].map(ann))?
///     .after(Span::days(1));
/// told.clone()
///     .when(ann(Wish::Reached { agent: 1, result: Satisfaction::Satisfied }))
///     .then(&[EventType::Revisited, EventType::Closed])?
///     .then_state(State::Closed)?;
/// // Ann found the solution.
/// told.when(ann(Wish::Reached { agent: 0, result: Satisfaction::Satisfied }))
///     .then_rejected("revisit_by_resolver")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scenario<'a, P: ?Sized> {
    process: &'a P,
    cast: Cast,
    history: History,
    wait: Span,
}

/// What came of the step that matters.
#[derive(Clone, Debug)]
pub struct Outcome<'a, P: ?Sized> {
    process: &'a P,
    history: History,
    /// The facts before the step.
    before: usize,
    refused: Option<Refused>,
}

/// What should have come of a step and did not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    /// Other facts than these.
    #[error("expected {expected:?}, but {found}")]
    Facts {
        /// What should have been recorded.
        expected: Vec<EventType>,
        /// What was said instead.
        found: String,
    },
    /// Not refused, or for another reason.
    #[error("expected the refusal `{expected}`, but {found}")]
    Refusal {
        /// The code of the rejection.
        expected: String,
        /// What was said instead.
        found: String,
    },
    /// Another state.
    #[error("expected state {}, but it is {}", .expected.name(), .found.name())]
    State {
        /// The state it should be in.
        expected: State,
        /// The state it is in.
        found: State,
    },
    /// A broken rule.
    #[error("rule `{rule}` is broken")]
    Rule {
        /// Which.
        rule: String,
    },
    /// A rule that cannot be asked.
    #[error(transparent)]
    Calendar(#[from] NoSuchCalendar),
}

/// Why a scenario cannot wait for working time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotWait {
    /// There is no such calendar.
    #[error("the policy has no calendar `{0}`; name one of its calendars")]
    NoCalendar(Label),
    /// The calendar does not reach far enough.
    #[error(transparent)]
    WorkingTime(#[from] redress_core::WorkingTimeError),
}

impl<'a, P: Process + ?Sized> Scenario<'a, P> {
    /// A story that has not begun.
    #[must_use]
    pub fn under(process: &'a P) -> Self {
        Self {
            process,
            cast: Cast::of(process.policy()),
            history: History::default(),
            wait: Span::ZERO,
        }
    }

    /// The same story by these people.
    #[must_use]
    pub fn with_cast(mut self, cast: Cast) -> Self {
        self.cast = cast;
        self
    }

    /// These moves were made and accepted.
    ///
    /// # Errors
    ///
    /// [`StepRefused`], the first that was not accepted.
    pub fn given(mut self, moves: impl IntoIterator<Item = Move>) -> Result<Self, StepRefused> {
        for one in moves {
            let step = self.step(one);
            self = self.given_step(step)?;
        }
        Ok(self)
    }

    /// This step was made and accepted.
    ///
    /// # Errors
    ///
    /// [`StepRefused`] where it was not accepted.
    pub fn given_step(mut self, step: Step) -> Result<Self, StepRefused> {
        let (number, command) = (self.history.steps().len(), step.command.name());
        self.history
            .push(self.process, step)
            .map_err(|refused| StepRefused {
                number,
                command,
                refused,
            })?;
        self.wait = Span::ZERO;
        Ok(self)
    }

    /// So much time passed.
    #[must_use]
    pub fn after(mut self, wait: Span) -> Self {
        self.wait = self.wait + wait;
        self
    }

    /// So much working time of one of the policy's calendars passed.
    ///
    /// # Errors
    ///
    /// [`CannotWait`] when there is no such calendar, or it does not reach far enough.
    pub fn after_working(self, calendar: &Label, span: Span) -> Result<Self, CannotWait> {
        let now = self.history.now() + self.wait;
        let known = self.process.policy().calendars.get(calendar);
        let known = known.ok_or_else(|| CannotWait::NoCalendar(calendar.clone()))?;
        let due = known.due(now, span)?;
        Ok(self.after(due.since(now)))
    }

    /// The step that matters.
    #[must_use]
    pub fn when(mut self, one: Move) -> Outcome<'a, P> {
        let step = self.step(one);
        self.when_step(step)
    }

    /// The step that matters, as a command.
    #[must_use]
    pub fn when_step(mut self, step: Step) -> Outcome<'a, P> {
        let before = self.history.facts().len();
        let refused = self.history.push(self.process, step).err();
        Outcome {
            process: self.process,
            history: self.history,
            before,
            refused,
        }
    }

    fn step(&mut self, one: Move) -> Step {
        let wait = std::mem::replace(&mut self.wait, Span::ZERO);
        let (complaint, policy) = (self.history.complaint(), self.process.policy());
        let command = one
            .wish
            .command(&self.cast, complaint, policy, self.history.now() + wait);
        Step {
            wait,
            actor: self.cast.person(one.by),
            command,
        }
    }
}

impl<P: Process + ?Sized> Outcome<'_, P> {
    /// It led to facts of these kinds, in this order.
    ///
    /// # Errors
    ///
    /// [`Unmet::Facts`] otherwise.
    pub fn then(self, expected: &[EventType]) -> Result<Self, Unmet> {
        let found: Vec<EventType> = self
            .history
            .facts()
            .iter()
            .skip(self.before)
            .map(|fact| fact.event.event_type())
            .collect();
        if self.refused.is_none() && found == expected {
            Ok(self)
        } else {
            Err(Unmet::Facts {
                expected: expected.to_vec(),
                found: self.said(),
            })
        }
    }

    /// It was accepted and had nothing to add.
    ///
    /// # Errors
    ///
    /// [`Unmet::Facts`] otherwise.
    pub fn then_nothing(self) -> Result<Self, Unmet> {
        self.then(&[])
    }

    /// It was refused with this code.
    ///
    /// # Errors
    ///
    /// [`Unmet::Refusal`] otherwise.
    pub fn then_rejected(self, code: &str) -> Result<Self, Unmet> {
        match &self.refused {
            Some(Refused::Rejection(rejection)) if rejection.code() == code => Ok(self),
            Some(_) | None => Err(Unmet::Refusal {
                expected: code.to_owned(),
                found: self.said(),
            }),
        }
    }

    /// The complaint is in this state.
    ///
    /// # Errors
    ///
    /// [`Unmet::State`] otherwise.
    pub fn then_state(self, expected: State) -> Result<Self, Unmet> {
        let found = self.history.complaint().state();
        if found == expected {
            Ok(self)
        } else {
            Err(Unmet::State { expected, found })
        }
    }

    /// The rule is not broken: the step was refused, or what it led to keeps the rule.
    ///
    /// # Errors
    ///
    /// [`Unmet::Rule`] otherwise; [`Unmet::Calendar`] when the rule cannot be asked.
    pub fn then_keeps(self, rule: &Rule) -> Result<Self, Unmet> {
        if verdicts(self.process, rule, &self.history)?.contains(&Verdict::Violated) {
            Err(Unmet::Rule {
                rule: rule.name().to_owned(),
            })
        } else {
            Ok(self)
        }
    }

    /// The story in words.
    #[must_use]
    pub fn narrative(&self, language: Language) -> String {
        let mut words = narrate(&self.history, language);
        if let Some(Refused::Rejection(rejection)) = &self.refused {
            words.push_str(&format!("✗ {}\n", rejection.message(language)));
        }
        words
    }

    /// The history up to here.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    fn said(&self) -> String {
        self.refused.as_ref().map_or_else(
            || {
                let kinds = self.history.facts().iter().skip(self.before);
                let kinds: Vec<EventType> = kinds.map(|fact| fact.event.event_type()).collect();
                format!("it led to {kinds:?}")
            },
            |refused| format!("it was {refused}"),
        )
    }
}

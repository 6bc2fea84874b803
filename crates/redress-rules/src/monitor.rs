//! Watching a history for one rule, fact by fact.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use redress_core::{Label, Span, Timestamp, WorkingTimeError};

use crate::automaton::{Automaton, State};
use crate::calendars::Calendars;
use crate::clause::{Clause, Constraint};
use crate::observation::Observation;
use crate::pairs::Pairs;
use crate::pattern::Pattern;
use crate::rule::{InvalidRule, Rule};
use crate::verdict::Verdict;

/// Watches the history of one complaint for one rule.
///
/// A monitor is a value: it can be copied, and two that are equal say the same of whatever follows. What it keeps does
/// not grow with the history, only with the people in it where the rule asks who did something.
///
/// ```
/// use std::sync::Arc;
/// use redress_rules::{Calendars, Monitor, Verdict, parse};
///
/// let rules = parse("rule told \"\": existence(feedback)", "ours.rules")?;
/// let monitor = Monitor::new(&rules[0], &Arc::new(Calendars::none()))?;
/// // Nothing was said yet, and still may be.
/// assert_eq!(monitor.verdict(), Verdict::PossiblyViolated);
/// assert_eq!(monitor.end(), Verdict::Violated);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Monitor {
    watch: Watch,
    calendars: Shared<Calendars>,
}

/// A rule names a calendar that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "rule `{rule}` counts the working time of calendar `{calendar}`, which there is not; {advice}"
)]
pub struct NoSuchCalendar {
    /// The rule.
    pub rule: String,
    /// The calendar.
    pub calendar: Label,
    /// What to do.
    pub advice: &'static str,
}

/// What is watched, and what was seen of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Watch {
    Formula(Shared<Automaton>, State),
    Pairs(Shared<Constraint>, Pairs),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Anew(Box<Stretches>),
}

/// A clause that is asked anew from some facts on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stretches {
    current: Watch,
    fresh: Shared<Watch>,
    at: Shared<Pattern>,
    /// A stretch ended without keeping the clause.
    broken: bool,
}

/// What monitors of one rule have in common. It does not tell them apart, so it adds nothing to a hash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Monitor {
    /// A monitor that has seen nothing yet.
    ///
    /// # Errors
    ///
    /// [`NoSuchCalendar`] when the rule counts the working time of a calendar that is not among these.
    pub fn new(rule: &Rule, calendars: &Arc<Calendars>) -> Result<Self, NoSuchCalendar> {
        let named = rule
            .limits()
            .into_iter()
            .filter_map(|limit| limit.calendar.as_ref());
        for calendar in named {
            if !calendars.knows(calendar) {
                return Err(NoSuchCalendar {
                    rule: rule.name().to_owned(),
                    calendar: calendar.clone(),
                    advice: "name one of the policy's calendars, or leave `working` out",
                });
            }
        }
        Ok(Self {
            watch: rule.watch().clone(),
            calendars: Shared(Arc::clone(calendars)),
        })
    }

    /// Takes a fact in, and says how the rule stands.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError`] where a calendar does not tell when a limit ends; the monitor is then as it was.
    pub fn step(&mut self, seen: &Observation<'_>) -> Result<Verdict, WorkingTimeError> {
        let mut watch = self.watch.clone();
        watch.step(&self.calendars.0, seen)?;
        self.watch = watch;
        Ok(self.watch.verdict())
    }

    /// Lets time pass up to `now` without a fact, and says how the rule stands.
    pub fn tick(&mut self, now: Timestamp) -> Verdict {
        self.watch.tick(now);
        self.watch.verdict()
    }

    /// Moves all it remembers by a length of time, as if the history so far had happened so much later, or earlier.
    ///
    /// Two histories that differ only in when they happened are then remembered alike. Limits in working time lie
    /// elsewhere at another time of day: such a rule is not to be moved.
    pub fn shift(&mut self, by: Span) {
        self.watch.shift(by);
    }

    /// How the rule stands.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.watch.verdict()
    }

    /// How the rule stands if the history is over: satisfied or violated.
    #[must_use]
    pub fn end(&self) -> Verdict {
        if self.watch.is_kept() {
            Verdict::Satisfied
        } else {
            Verdict::Violated
        }
    }
}

impl Watch {
    pub(crate) fn of(clause: &Clause) -> Result<Self, InvalidRule> {
        if clause.is_formula() {
            return Ok(Self::Formula(Shared::new(Automaton::of(clause)?), 0));
        }
        let of = |clause: &Clause| Self::of(clause).map(Box::new);
        Ok(match clause {
            Clause::Declare(constraint) => {
                Self::Pairs(Shared::new(constraint.clone()), Pairs::default())
            }
            Clause::Not(one) => Self::Not(of(one)?),
            Clause::And(one, two) => Self::And(of(one)?, of(two)?),
            Clause::Or(one, two) => Self::Or(of(one)?, of(two)?),
            Clause::Implies(one, two) => Self::Or(Box::new(Self::Not(of(one)?)), of(two)?),
            Clause::Anew(one, at) => {
                let current = Self::of(one)?;
                Self::Anew(Box::new(Stretches {
                    fresh: Shared::new(current.clone()),
                    current,
                    at: Shared::new(at.clone()),
                    broken: false,
                }))
            }
            Clause::Holds(_)
            | Clause::Next(_)
            | Clause::Always(_)
            | Clause::Eventually(_)
            | Clause::Until(..) => return Err(InvalidRule::Inside),
        })
    }

    fn step(
        &mut self,
        calendars: &Calendars,
        seen: &Observation<'_>,
    ) -> Result<(), WorkingTimeError> {
        match self {
            Self::Formula(automaton, state) => {
                *state = automaton.0.step(*state, seen);
                Ok(())
            }
            Self::Pairs(constraint, pairs) => pairs.step(&constraint.0, calendars, seen),
            Self::Not(one) => one.step(calendars, seen),
            Self::And(one, two) | Self::Or(one, two) => {
                one.step(calendars, seen)?;
                two.step(calendars, seen)
            }
            Self::Anew(stretches) => stretches.step(calendars, seen),
        }
    }

    fn tick(&mut self, now: Timestamp) {
        match self {
            Self::Formula(..) => {}
            Self::Pairs(constraint, pairs) => pairs.tick(&constraint.0, now),
            Self::Not(one) => one.tick(now),
            Self::And(one, two) | Self::Or(one, two) => {
                one.tick(now);
                two.tick(now);
            }
            Self::Anew(stretches) => stretches.current.tick(now),
        }
    }

    fn shift(&mut self, by: Span) {
        match self {
            Self::Formula(..) => {}
            Self::Pairs(_, pairs) => pairs.shift(by),
            Self::Not(one) => one.shift(by),
            Self::And(one, two) | Self::Or(one, two) => {
                one.shift(by);
                two.shift(by);
            }
            Self::Anew(stretches) => stretches.current.shift(by),
        }
    }

    fn verdict(&self) -> Verdict {
        match self {
            Self::Formula(automaton, state) => automaton.0.verdict(*state),
            Self::Pairs(constraint, pairs) => pairs.verdict(&constraint.0),
            Self::Not(one) => one.verdict().negated(),
            // The order of verdicts is from kept to broken, so the worse one is the greater.
            Self::And(one, two) => one.verdict().max(two.verdict()),
            Self::Or(one, two) => one.verdict().min(two.verdict()),
            Self::Anew(stretches) => stretches.verdict(),
        }
    }

    fn is_kept(&self) -> bool {
        self.verdict().is_kept()
    }
}

impl Stretches {
    fn step(
        &mut self,
        calendars: &Calendars,
        seen: &Observation<'_>,
    ) -> Result<(), WorkingTimeError> {
        if self.at.0.matches(seen) {
            // Time passes before the stretch ends, so what was due in it is judged in it.
            self.current.tick(seen.at());
            self.broken |= !self.current.is_kept();
            self.current = self.fresh.0.as_ref().clone();
        }
        self.current.step(calendars, seen)
    }

    fn verdict(&self) -> Verdict {
        if self.broken {
            return Verdict::Violated;
        }
        match self.current.verdict() {
            // The next stretch may break what this one has kept for good.
            Verdict::Satisfied => Verdict::PossiblySatisfied,
            verdict @ (Verdict::PossiblySatisfied
            | Verdict::PossiblyViolated
            | Verdict::Violated) => verdict,
        }
    }
}

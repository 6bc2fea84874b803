//! Templates that ask who did two things, or how much time lay between them.
//!
//! An automaton cannot tell one person from another. What is kept instead is which first facts count still: by person,
//! and until when. A history of any length therefore takes no more memory than it has people.
//!
//! Time goes by what the facts say of themselves (`occurred_at`) and never backwards: a fact told late, after another
//! one has shown that a limit is over, does not make up for it.

use std::collections::BTreeMap;

use redress_core::{PersonId, Span, Timestamp, WorkingTimeError};

use crate::calendars::Calendars;
use crate::clause::{Constraint, Who};
use crate::observation::{Observation, Person};
use crate::template::Template;
use crate::verdict::Verdict;

/// What is remembered of a history for one template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Pairs {
    /// First facts that wait for a second one, or forbid it.
    ahead: Waiting,
    /// First facts that a second one may look back to.
    behind: Waiting,
    now: Option<Timestamp>,
    broken: bool,
}

/// First facts: who did them, and until when they count; without an end, for ever.
type Waiting = BTreeMap<Option<PersonId>, Option<Timestamp>>;

/// How a template looks ahead from each first fact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ahead {
    /// A second one must come.
    Owed,
    /// It must come before another first one.
    OwedOnce,
    /// It must come right after.
    OwedAtOnce,
    /// None may come.
    Forbidden,
    /// None may come right after.
    ForbiddenAtOnce,
}

/// How a template looks back from each second fact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// A first one must have come.
    Needed,
    /// After the second one before.
    NeededOnce,
    /// Right before.
    NeededAtOnce,
}

impl Template {
    const fn ahead(self) -> Option<Ahead> {
        match self {
            Self::Response | Self::Succession => Some(Ahead::Owed),
            Self::AlternateResponse | Self::AlternateSuccession => Some(Ahead::OwedOnce),
            Self::ChainResponse | Self::ChainSuccession => Some(Ahead::OwedAtOnce),
            Self::NotResponse | Self::NotPrecedence | Self::NotSuccession => Some(Ahead::Forbidden),
            Self::NotChainResponse | Self::NotChainPrecedence | Self::NotChainSuccession => {
                Some(Ahead::ForbiddenAtOnce)
            }
            Self::Init
            | Self::Existence
            | Self::Absence
            | Self::Exactly
            | Self::Choice
            | Self::ExclusiveChoice
            | Self::RespondedExistence
            | Self::CoExistence
            | Self::NotRespondedExistence
            | Self::NotCoExistence
            | Self::Precedence
            | Self::AlternatePrecedence
            | Self::ChainPrecedence => None,
        }
    }

    const fn behind(self) -> Option<Behind> {
        match self {
            Self::Precedence | Self::Succession => Some(Behind::Needed),
            Self::AlternatePrecedence | Self::AlternateSuccession => Some(Behind::NeededOnce),
            Self::ChainPrecedence | Self::ChainSuccession => Some(Behind::NeededAtOnce),
            Self::Init
            | Self::Existence
            | Self::Absence
            | Self::Exactly
            | Self::Choice
            | Self::ExclusiveChoice
            | Self::RespondedExistence
            | Self::CoExistence
            | Self::NotRespondedExistence
            | Self::NotCoExistence
            | Self::Response
            | Self::AlternateResponse
            | Self::ChainResponse
            | Self::NotResponse
            | Self::NotPrecedence
            | Self::NotSuccession
            | Self::NotChainResponse
            | Self::NotChainPrecedence
            | Self::NotChainSuccession => None,
        }
    }
}

impl Pairs {
    /// Takes a fact in.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError`] where the calendar does not tell until when a first fact counts.
    pub(crate) fn step(
        &mut self,
        constraint: &Constraint,
        calendars: &Calendars,
        seen: &Observation<'_>,
    ) -> Result<(), WorkingTimeError> {
        self.tick(constraint, seen.at());
        let (is_first, is_second) = (
            constraint.first.matches(seen),
            constraint.second.matches(seen),
        );
        let second = person(constraint.who.map(|who| who.second), seen);
        if let Some(behind) = constraint.template.behind() {
            self.look_back(behind, constraint, is_second.then_some(&second), seen.at());
        }
        if let Some(ahead) = constraint.template.ahead() {
            self.look_ahead(
                ahead,
                constraint,
                is_first,
                is_second.then_some(&second),
                seen.at(),
            );
        }
        if is_first {
            self.remember(constraint, calendars, seen)?;
        }
        Ok(())
    }

    /// Lets time pass without a fact.
    pub(crate) fn tick(&mut self, constraint: &Constraint, now: Timestamp) {
        let now = self.now.map_or(now, |before| before.max(now));
        // Without a limit time changes nothing, and histories that differ in it alone are one.
        self.now = constraint.within.as_ref().map(|_| now);
        let is_over = |until: &Option<Timestamp>| until.is_some_and(|until| until < now);
        match constraint.template.ahead() {
            Some(Ahead::Owed | Ahead::OwedOnce | Ahead::OwedAtOnce) => {
                self.broken |= self.ahead.values().any(is_over);
            }
            Some(Ahead::Forbidden | Ahead::ForbiddenAtOnce) | None => {
                self.ahead.retain(|_, until| !is_over(until));
            }
        }
        self.behind.retain(|_, until| !is_over(until));
    }

    /// Moves every instant that is remembered.
    pub(crate) fn shift(&mut self, by: Span) {
        let limits = self.ahead.values_mut().chain(self.behind.values_mut());
        for at in limits.flatten().chain(&mut self.now) {
            *at = *at + by;
        }
    }

    pub(crate) fn verdict(&self, constraint: &Constraint) -> Verdict {
        if self.broken {
            return Verdict::Violated;
        }
        match constraint.template.ahead() {
            Some(Ahead::Owed | Ahead::OwedOnce | Ahead::OwedAtOnce) => {
                Verdict::open(self.ahead.is_empty())
            }
            Some(Ahead::Forbidden | Ahead::ForbiddenAtOnce) | None => Verdict::PossiblySatisfied,
        }
    }

    fn look_back(
        &mut self,
        behind: Behind,
        constraint: &Constraint,
        second: Option<&Option<PersonId>>,
        at: Timestamp,
    ) {
        if let Some(second) = second {
            let found = self.behind.iter().any(|(first, until)| {
                fits(constraint.who, first.as_ref(), second.as_ref()) && in_time(*until, at)
            });
            self.broken |= !found;
        }
        match (behind, second) {
            (Behind::NeededOnce, Some(_)) | (Behind::NeededAtOnce, _) => self.behind.clear(),
            (Behind::Needed, _) | (Behind::NeededOnce, None) => {}
        }
    }

    fn look_ahead(
        &mut self,
        ahead: Ahead,
        constraint: &Constraint,
        is_first: bool,
        second: Option<&Option<PersonId>>,
        at: Timestamp,
    ) {
        let pairs_up = |first: &Option<PersonId>, until: &Option<Timestamp>| {
            second.is_some_and(|second| {
                fits(constraint.who, first.as_ref(), second.as_ref()) && in_time(*until, at)
            })
        };
        match ahead {
            Ahead::Owed => self.ahead.retain(|first, until| !pairs_up(first, until)),
            Ahead::OwedOnce => {
                self.ahead.retain(|first, until| !pairs_up(first, until));
                self.broken |= is_first && !self.ahead.is_empty();
            }
            Ahead::OwedAtOnce => {
                self.ahead.retain(|first, until| !pairs_up(first, until));
                self.broken |= !self.ahead.is_empty();
                self.ahead.clear();
            }
            Ahead::Forbidden | Ahead::ForbiddenAtOnce => {
                self.broken |= self
                    .ahead
                    .iter()
                    .any(|(first, until)| pairs_up(first, until));
                if ahead == Ahead::ForbiddenAtOnce {
                    self.ahead.clear();
                }
            }
        }
    }

    fn remember(
        &mut self,
        constraint: &Constraint,
        calendars: &Calendars,
        seen: &Observation<'_>,
    ) -> Result<(), WorkingTimeError> {
        let first = person(constraint.who.map(|who| who.first), seen);
        let until = match &constraint.within {
            Some(limit) => Some(calendars.due(limit, seen.at())?),
            None => None,
        };
        match constraint.template.ahead() {
            // Who keeps the earliest limit keeps the later ones too.
            Some(Ahead::Owed | Ahead::OwedOnce | Ahead::OwedAtOnce) => {
                let earliest = self.ahead.entry(first.clone()).or_insert(until);
                *earliest = (*earliest).min(until);
            }
            Some(Ahead::Forbidden | Ahead::ForbiddenAtOnce) => {
                let latest = self.ahead.entry(first.clone()).or_insert(until);
                *latest = (*latest).max(until);
            }
            None => {}
        }
        if constraint.template.behind().is_some() {
            let latest = self.behind.entry(first).or_insert(until);
            *latest = (*latest).max(until);
        }
        Ok(())
    }
}

/// Whom the constraint asks about; nobody where it does not ask.
fn person(person: Option<Person>, seen: &Observation<'_>) -> Option<PersonId> {
    person.and_then(|person| seen.person(person)).cloned()
}

/// Whether the two people are as wanted. Who is not known is neither the same one nor another.
fn fits(who: Option<Who>, first: Option<&PersonId>, second: Option<&PersonId>) -> bool {
    match (who, first, second) {
        (None, _, _) => true,
        (Some(who), Some(first), Some(second)) => (first == second) == who.same,
        (Some(_), _, _) => false,
    }
}

fn in_time(until: Option<Timestamp>, at: Timestamp) -> bool {
    until.is_none_or(|until| at <= until)
}

//! What a run has reached: transitions, guards both ways, rejections.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::{Complaint, Rejection, State};

use crate::history::History;

/// A command in a state, and where it led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// The command, by its name.
    pub command: &'static str,
    /// The state after.
    pub to: State,
}

/// What was reached, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    transitions: BTreeMap<Transition, u64>,
    /// By command and code.
    rejections: BTreeMap<(&'static str, &'static str), u64>,
    /// By command and state.
    out_of_state: BTreeSet<(&'static str, State)>,
    /// Guards of conduct that refused something structure would have let through, by command and code.
    guards: BTreeSet<(&'static str, &'static str)>,
}

/// Something that a run should reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demanded {
    /// A state.
    State(State),
    /// A command that is accepted in a state.
    Accepted(&'static str, State),
    /// A rejection, by its code.
    Rejected(&'static str),
    /// A guard both ways: a command that was refused with this code, and accepted elsewhere.
    BothWays(&'static str, &'static str),
}

/// What was never reached although it was demanded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("never reached: {}", .missing.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>().join(", "))]
pub struct NotCovered {
    /// In the order it was demanded.
    pub missing: Vec<Demanded>,
}

impl Coverage {
    pub(crate) fn accept(&mut self, from: &Complaint, command: &'static str, to: &Complaint) {
        let transition = Transition {
            from: from.state(),
            command,
            to: to.state(),
        };
        *self.transitions.entry(transition).or_default() += 1;
    }

    pub(crate) fn reject(
        &mut self,
        from: &Complaint,
        command: &'static str,
        rejection: &Rejection,
    ) {
        *self
            .rejections
            .entry((command, rejection.code()))
            .or_default() += 1;
        if let Rejection::NotInThisState { state, .. } = rejection {
            self.out_of_state.insert((command, *state));
        } else if let Rejection::NotReceived = rejection {
            self.out_of_state.insert((command, from.state()));
        }
    }

    pub(crate) fn is_guard(&self, command: &'static str, code: &'static str) -> bool {
        self.guards.contains(&(command, code))
    }

    pub(crate) fn guard(&mut self, command: &'static str, code: &'static str, is_conduct: bool) {
        if is_conduct {
            self.guards.insert((command, code));
        }
    }

    /// The guards of conduct that were seen to refuse, by command and code.
    pub fn guards(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.guards.iter().copied()
    }

    /// Adds what a history went through.
    pub fn add(&mut self, history: &History) {
        for (number, step) in history.steps().iter().enumerate() {
            let transitions = history.transitions().skip(history.facts_before(number));
            let count = history.facts_before(number + 1) - history.facts_before(number);
            let mut of_step = transitions.take(count);
            if let Some((before, _, first)) = of_step.next() {
                let after = of_step.last().map_or(first, |(_, _, after)| after);
                self.accept(before, step.command.name(), after);
            }
        }
    }

    /// The transitions that were taken.
    pub fn transitions(&self) -> impl Iterator<Item = Transition> {
        self.transitions.keys().copied()
    }

    /// The commands that were refused, each with the code of the rejection.
    pub fn rejections(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.rejections.keys().copied()
    }

    /// The commands that were refused because of the state.
    pub(crate) fn out_of_state(&self) -> impl Iterator<Item = (&'static str, State)> {
        self.out_of_state.iter().copied()
    }

    /// Fails unless everything demanded was reached: what a generator never reaches proves nothing.
    ///
    /// # Errors
    ///
    /// [`NotCovered`] with all that is missing.
    pub fn require_coverage(&self, demanded: &[Demanded]) -> Result<(), NotCovered> {
        let missing: Vec<Demanded> = demanded
            .iter()
            .copied()
            .filter(|one| !self.has(*one))
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(NotCovered { missing })
        }
    }

    fn has(&self, one: Demanded) -> bool {
        let accepted = |wanted: &str| self.transitions().any(|taken| taken.command == wanted);
        match one {
            Demanded::State(state) => self.transitions().any(|taken| taken.to == state),
            Demanded::Accepted(command, state) => self
                .transitions()
                .any(|taken| (taken.command, taken.from) == (command, state)),
            Demanded::Rejected(code) => self.rejections().any(|(_, seen)| seen == code),
            Demanded::BothWays(command, code) => {
                accepted(command) && self.rejections.contains_key(&(command, code))
            }
        }
    }
}

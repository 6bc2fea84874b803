//! Making a history that breaks a rule as short and plain as it can be.
//!
//! What is shrunk is the accepted history, not the choices that made it. Whatever is tried is given to the process
//! again: it counts only if every step is accepted and the same rule is broken.

use redress_core::event::{Classified, Feedback, Received, Resolved};
use redress_core::{Assign, Command, Complaint, Escalate, Span, Timestamp};
use redress_rules::{NoSuchCalendar, Rule};

use crate::alphabet::Alphabet;
use crate::history::{self, History, Step, start};
use crate::judge::broken_at;
use crate::key::{Key, key};
use crate::process::Process;
use crate::wish::Move;

/// The history cut down: no single step can be taken out of it any more, no two steps together, no stretch replaced by one
/// step that leads to the same place, no value made plainer and no time rounder. `None` where it does not break the rule.
///
/// # Errors
///
/// [`NoSuchCalendar`] when the rule counts the working time of a calendar that the policy does not have.
pub fn shrink<P: Process + ?Sized>(
    process: &P,
    rule: &Rule,
    history: &History,
) -> Result<Option<History>, NoSuchCalendar> {
    let Some(broken) = broken_at(process, rule, history)? else {
        return Ok(None);
    };
    let steps = history.steps().iter().take(broken + 1).cloned().collect();
    let mut shrinker = Shrinker {
        process,
        rule,
        steps,
    };
    while shrinker.remove_chunks()?
        || shrinker.remove_pairs()?
        || shrinker.splice()?
        || shrinker.simplify()?
        || shrinker.round()?
    {}
    Ok(History::play(process, shrinker.steps).ok())
}

struct Shrinker<'a, P: ?Sized> {
    process: &'a P,
    rule: &'a Rule,
    steps: Vec<Step>,
}

type Shrunk = Result<bool, NoSuchCalendar>;

impl<P: Process + ?Sized> Shrinker<'_, P> {
    /// Keeps other steps if all are accepted and break the rule, and forgets what follows.
    fn keep(&mut self, mut steps: Vec<Step>) -> Shrunk {
        let Ok(history) = History::play(self.process, steps.iter().cloned()) else {
            return Ok(false);
        };
        let broken = broken_at(self.process, self.rule, &history)?;
        if let Some(broken) = broken {
            steps.truncate(broken + 1);
            self.steps = steps;
        }
        Ok(broken.is_some())
    }

    /// Delta debugging (Zeller and Hildebrandt 2002): pieces of every size, the largest first.
    fn remove_chunks(&mut self) -> Shrunk {
        let mut shorter = false;
        let mut size = self.steps.len() / 2;
        while size > 0 {
            let mut from = 0;
            while from < self.steps.len() {
                let gone: Vec<usize> = (from..from + size).collect();
                if self.remove(&gone)? {
                    shorter = true;
                } else {
                    from += size;
                }
            }
            size /= 2;
        }
        Ok(shorter)
    }

    /// Two steps that need each other, such as a closing and the reopening.
    fn remove_pairs(&mut self) -> Shrunk {
        for first in 0..self.steps.len() {
            for second in first + 1..self.steps.len() {
                if self.remove(&[first, second])? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Without these steps; with their time, or also without it.
    fn remove(&mut self, gone: &[usize]) -> Shrunk {
        let mut kept = Vec::new();
        let mut in_time = Vec::new();
        let mut waited = Span::ZERO;
        for (number, step) in self.steps.iter().enumerate() {
            if gone.contains(&number) {
                waited = waited + step.wait;
            } else {
                kept.push(step.clone());
                in_time.push(Step {
                    wait: waited + step.wait,
                    ..step.clone()
                });
                waited = Span::ZERO;
            }
        }
        Ok(kept.len() < self.steps.len() && (self.keep(kept)? || self.keep(in_time)?))
    }

    /// One step in place of several, or none: a shorter way to a place with the same future.
    fn splice(&mut self) -> Shrunk {
        let Ok(history) = History::play(self.process, self.steps.iter().cloned()) else {
            return Ok(false);
        };
        let places = places(self.process, &history);
        for (from, place) in places.iter().enumerate() {
            for way in ways_on(self.process, place) {
                let alike = |place: &Place| place.key == way.key;
                let to = places.iter().rposition(alike).unwrap_or(0);
                if to <= from + way.steps.len() {
                    continue;
                }
                let head = self.steps.iter().take(from);
                let tail = self.steps.iter().skip(to);
                let spliced = head.chain(&way.steps).chain(tail).cloned().collect();
                if self.keep(spliced)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn simplify(&mut self) -> Shrunk {
        for number in 0..self.steps.len() {
            let plainer = self
                .steps
                .get(number)
                .map_or_else(Vec::new, |step| plainer(&step.command));
            for command in plainer {
                if self.replace(number, |step| step.command = command.clone())? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Waits become nothing, whole days or whole hours.
    fn round(&mut self) -> Shrunk {
        const UNITS: [i64; 3] = [
            i64::MAX,
            Span::days(1).as_micros(),
            Span::hours(1).as_micros(),
        ];
        for number in 0..self.steps.len() {
            for unit in UNITS {
                if self.replace(number, |step| {
                    let wait = step.wait.as_micros();
                    step.wait = Span::micros(wait - wait % unit);
                })? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn replace(&mut self, number: usize, change: impl Fn(&mut Step)) -> Shrunk {
        let mut steps = self.steps.clone();
        if let Some(step) = steps.get_mut(number) {
            change(step);
        }
        Ok(steps != self.steps && self.keep(steps)?)
    }
}

/// Where a history has come to after some of its steps.
struct Place {
    complaint: Complaint,
    now: Timestamp,
    key: Key,
}

/// Some steps from a place, and what the future depends on after them.
struct Way {
    steps: Vec<Step>,
    key: Key,
}

/// The places of a history: before its first step, and after each of them.
fn places<P: Process + ?Sized>(process: &P, history: &History) -> Vec<Place> {
    let mut now = start();
    let mut places = vec![place(process, Complaint::Absent, now)];
    for (number, step) in history.steps().iter().enumerate() {
        now = now + step.wait;
        let facts = history.facts_before(number + 1);
        let after = facts
            .checked_sub(1)
            .and_then(|last| history.transitions().nth(last));
        let complaint = after.map_or(Complaint::Absent, |(_, _, after)| after.clone());
        places.push(place(process, complaint, now));
    }
    places
}

fn place<P: Process + ?Sized>(process: &P, complaint: Complaint, now: Timestamp) -> Place {
    // Deadlines may differ: whether the history is still accepted and breaks the rule is asked anyway.
    let key = key(&complaint, process.policy(), now, false);
    Place {
        complaint,
        now,
        key,
    }
}

/// No step, and each single step of the usual alphabet that is accepted at once.
fn ways_on<P: Process + ?Sized>(process: &P, from: &Place) -> Vec<Way> {
    let policy = process.policy();
    let Alphabet { cast, moves, .. } = Alphabet::of(policy);
    let step = |one: &Move| {
        let command = one.wish.command(&cast, &from.complaint, policy, from.now);
        let step = Step::now(cast.person(one.by), command);
        let at = history::Place {
            id: crate::cast::COMPLAINT,
            number: 0,
            position: 0,
            at: from.now,
            target: None,
        };
        let (_, after) = history::record(process, &from.complaint, &step, &at)
            .ok()?
            .pop()?;
        let key = key(&after, policy, from.now, false);
        Some(Way {
            steps: vec![step],
            key,
        })
    };
    let none = Way {
        steps: Vec::new(),
        key: from.key.clone(),
    };
    std::iter::once(none)
        .chain(moves.iter().filter_map(step))
        .collect()
}

/// Commands that say less and are otherwise the same.
fn plainer(command: &Command) -> Vec<Command> {
    match command {
        Command::Receive(fact) => {
            vec![
                Received {
                    external_ref: None,
                    product: None,
                    flags: Vec::new(),
                    complained_about: Vec::new(),
                    tags: Vec::new(),
                    ..(**fact).clone()
                }
                .into(),
            ]
        }
        Command::Classify(fact) => {
            let reason = fact.reason.clone();
            vec![
                Classified {
                    reason,
                    ..Classified::new(fact.category.clone())
                }
                .into(),
            ]
        }
        Command::Assign(wanted) => vec![
            Assign {
                joint: Vec::new(),
                ..wanted.clone()
            }
            .into(),
            Assign {
                limit: None,
                ..wanted.clone()
            }
            .into(),
        ],
        Command::Escalate(wanted) => vec![
            Escalate {
                to: None,
                to_level: None,
                ..wanted.clone()
            }
            .into(),
        ],
        Command::Resolve(fact) => vec![
            Resolved {
                contributing_causes: Vec::new(),
                options_offered: Vec::new(),
                cost: None,
                ..(**fact).clone()
            }
            .into(),
        ],
        Command::GiveFeedback(fact) => vec![
            Feedback {
                promised_by: None,
                template: None,
                automated: false,
                ..fact.clone()
            }
            .into(),
            Feedback {
                verdict: None,
                ..fact.clone()
            }
            .into(),
        ],
        Command::Revisit(_)
        | Command::Pause(_)
        | Command::Resume(_)
        | Command::Note(_)
        | Command::Amend(_)
        | Command::Link(_)
        | Command::Extend(_)
        | Command::Close(_)
        | Command::Reopen(_)
        | Command::Erase(_) => Vec::new(),
    }
}

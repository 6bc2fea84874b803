//! Every history up to a length over some letters, and the slow way to the four verdicts: looking at every continuation.

use std::sync::Arc;

use redress_rules::{Calendars, Clause, Monitor, Rule, Verdict};

use crate::history::{Letter, seen};

/// What may come next: a letter, how many microseconds after the last one.
pub(crate) struct Walk<'a, F> {
    pub(crate) letters: &'a [Letter],
    /// How long histories are compared.
    pub(crate) depth: usize,
    /// How many facts more are tried to see what may still happen.
    pub(crate) beyond: usize,
    /// Whether the monitor must say that the rule is kept for good as soon as it is; otherwise it may say so later.
    pub(crate) settles: bool,
    /// Whether a whole history keeps the rule, read directly.
    pub(crate) kept: F,
}

pub(crate) fn rule(clause: impl Into<Clause>) -> Rule {
    Rule::new("tested", "", clause).unwrap()
}

pub(crate) fn monitor(rule: &Rule) -> Monitor {
    Monitor::new(rule, &Arc::new(Calendars::none())).unwrap()
}

impl<F: Fn(&[Letter]) -> bool> Walk<'_, F> {
    /// Compares a rule with the slow reading on every history; returns how many there were.
    #[track_caller]
    pub(crate) fn check(&self, rule: &Rule) -> usize {
        let mut compared = 0;
        self.visit(rule, &mut Vec::new(), Some(&monitor(rule)), &mut compared);
        compared
    }

    /// Whether the histories from here on are ever kept, and ever broken.
    #[track_caller]
    fn visit(
        &self,
        rule: &Rule,
        history: &mut Vec<Letter>,
        monitor: Option<&Monitor>,
        compared: &mut usize,
    ) -> (bool, bool) {
        let kept = (self.kept)(history);
        let (mut ever_kept, mut ever_broken) = (kept, !kept);
        if history.len() < self.depth + self.beyond {
            let last = history.last().map_or(0, |letter| letter.after);
            for letter in self.letters {
                let letter = Letter {
                    after: last + letter.after,
                    ..*letter
                };
                let next = monitor
                    .filter(|_| history.len() < self.depth)
                    .map(|monitor| {
                        let mut next = monitor.clone();
                        seen(letter, |seen| next.step(seen)).unwrap();
                        next
                    });
                history.push(letter);
                let (may_keep, may_break) = self.visit(rule, history, next.as_ref(), compared);
                history.pop();
                ever_kept |= may_keep;
                ever_broken |= may_break;
            }
        }
        if let Some(monitor) = monitor {
            let expected = match (kept, ever_kept, ever_broken) {
                (true, _, true) => Verdict::PossiblySatisfied,
                (true, _, false) if self.settles => Verdict::Satisfied,
                (true, _, false) => Verdict::PossiblySatisfied,
                (false, true, _) => Verdict::PossiblyViolated,
                (false, false, _) => Verdict::Violated,
            };
            assert_eq!(monitor.verdict(), expected, "{rule}after {history:?}");
            assert_eq!(
                monitor.end() == Verdict::Satisfied,
                kept,
                "{rule}after {history:?}"
            );
            *compared += 1;
        }
        (ever_kept, ever_broken)
    }
}

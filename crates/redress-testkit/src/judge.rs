//! What a rule says of a made-up history.

use std::sync::Arc;

use redress_rules::{Calendars, Monitor, NoSuchCalendar, Observation, Rule, Verdict};

use crate::history::History;
use crate::process::Process;

/// How the rule stands after each fact of a history.
///
/// A fact that a calendar cannot time leaves the verdict as it was.
///
/// # Errors
///
/// [`NoSuchCalendar`] when the rule counts the working time of a calendar that the policy does not have.
pub fn verdicts<P: Process + ?Sized>(
    process: &P,
    rule: &Rule,
    history: &History,
) -> Result<Vec<Verdict>, NoSuchCalendar> {
    let mut monitor = Monitor::new(rule, &Arc::new(Calendars::from(process.policy())))?;
    let said = history.transitions().map(|(before, recorded, after)| {
        let seen = Observation {
            recorded,
            before,
            after,
        };
        monitor.step(&seen).unwrap_or_else(|_| monitor.verdict())
    });
    Ok(said.collect())
}

/// The number of the step whose facts break the rule, from 0.
pub(crate) fn broken_at<P: Process + ?Sized>(
    process: &P,
    rule: &Rule,
    history: &History,
) -> Result<Option<usize>, NoSuchCalendar> {
    let verdicts = verdicts(process, rule, history)?;
    let fact = verdicts
        .iter()
        .position(|verdict| *verdict == Verdict::Violated);
    Ok(fact.map(|fact| history.step_of(fact)))
}

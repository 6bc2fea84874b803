//! A history that breaks a rule, told in forms that other tools read.

use std::fmt::Write;

use redress_core::{Language, Policy};
use redress_rules::{NoSuchCalendar, Rule, Verdict};
use redress_store::codec::{CodecError, Draft, encode};
use serde_json::{Value, json};

use crate::cast::Cast;
use crate::history::{History, Step};
use crate::judge::verdicts;
use crate::narrative::narrate;
use crate::process::Process;
use crate::wish::{Move, vocabulary};

/// A history, the rule it breaks, and what the rule says after each fact.
///
/// ```
/// use redress_core::Policy;
/// use redress_testkit::{Counterexample, Explorer};
///
/// let rules = redress_rules::parse("rule never_closed \"\": absence(closed)", "ours")?;
/// let policy = Policy::standard();
/// let seen = Explorer::new(&policy).rules(rules.clone()).first_only().explore()?;
/// let shown = Counterexample::of(&policy, &rules[0], &seen.findings[0].history)?;
/// assert!(shown.mermaid().contains("ann->>complaint: close"));
/// // The rule, and two facts.
/// assert_eq!(shown.ndjson()?.lines().count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Counterexample<'a> {
    policy: &'a Policy,
    rule: &'a Rule,
    history: &'a History,
    verdicts: Vec<Verdict>,
}

impl<'a> Counterexample<'a> {
    /// The history as the rule sees it.
    ///
    /// # Errors
    ///
    /// [`NoSuchCalendar`] when the rule counts the working time of a calendar that the policy does not have.
    pub fn of<P: Process + ?Sized>(
        process: &'a P,
        rule: &'a Rule,
        history: &'a History,
    ) -> Result<Self, NoSuchCalendar> {
        let verdicts = verdicts(process, rule, history)?;
        Ok(Self {
            policy: process.policy(),
            rule,
            history,
            verdicts,
        })
    }

    /// How the rule stands after each fact.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The history in words.
    #[must_use]
    pub fn narrative(&self, language: Language) -> String {
        narrate(self.history, language)
    }

    /// A test to paste: given all steps but the last, when the last, then the rule is kept. It fails until the process is
    /// mended. `policy` is the expression that makes the process.
    ///
    /// `None` where a step says more than a [`Wish`](crate::Wish) can; those of an [`Explorer`](crate::Explorer) and of
    /// [`valid_history`](crate::valid_history) never do.
    #[must_use]
    pub fn rust(&self, policy: &str) -> Option<String> {
        let cast = Cast::of(self.policy);
        let mut lines = String::new();
        let last = self.history.steps().len().checked_sub(1)?;
        for (number, step) in self.history.steps().iter().enumerate() {
            let Move { by, wish } = self.wish(number, step, &cast)?;
            if step.wait != redress_core::Span::ZERO {
                writeln!(
                    lines,
                    "        .after(Span::micros({}))",
                    step.wait.as_micros()
                )
                .ok()?;
            }
            let one = format!("Move {{ by: {by}, wish: {} }}", wish.source());
            if number == last {
                writeln!(lines, "        .when({one})").ok()?;
            } else {
                writeln!(lines, "        .given([{one}])?").ok()?;
            }
        }
        Some(format!(
            "#[test]\nfn {name}_is_kept() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             let process = {policy};\n    \
             let rules = redress_rules::parse({text:?}, \"{name}\")?;\n    \
             Scenario::under(&process)\n{lines}        .then_keeps(&rules[0])?;\n    Ok(())\n}}\n",
            name = self.rule.name(),
            text = self.rule.to_string(),
        ))
    }

    fn wish(&self, number: usize, step: &Step, cast: &Cast) -> Option<Move> {
        let by = cast
            .people
            .iter()
            .position(|person| *person == step.actor)?;
        let facts = self.history.facts_before(number);
        let before = self
            .history
            .transitions()
            .nth(facts)
            .map_or_else(|| self.history.complaint(), |(before, ..)| before);
        let waited = self
            .history
            .steps()
            .iter()
            .take(number + 1)
            .map(|step| step.wait)
            .sum();
        let now = crate::history::start() + waited;
        let says =
            |wish: &crate::Wish| wish.command(cast, before, self.policy, now) == step.command;
        vocabulary(cast.people.len())
            .into_iter()
            .find(says)
            .map(|wish| Move { by, wish })
    }

    /// A line of JSON with the rule, and one for each fact as it is stored, with place and version. Personal words are left
    /// out. `redress replay FILE` shows such a file as a story.
    ///
    /// Where the rule counts working time, the policy whose calendars it names stands beside it.
    ///
    /// # Errors
    ///
    /// [`CodecError`] where a fact cannot be written as JSON.
    pub fn ndjson(&self) -> Result<String, CodecError> {
        let counts_working_time = self
            .rule
            .limits()
            .iter()
            .any(|limit| limit.calendar.is_some());
        let mut head = json!({ "rule": self.rule.to_string() });
        if counts_working_time && let Some(head) = head.as_object_mut() {
            head.insert("policy".to_owned(), self.policy.to_toml().into());
        }
        let mut lines = format!("{head}\n");
        for fact in self.history.facts() {
            let entry = encode(&Draft {
                event_id: fact.event_id,
                occurred_at: fact.occurred_at,
                actor: fact.actor.clone(),
                command_id: fact.command_id,
                correlation_id: fact.correlation_id,
                causation_id: fact.causation_id,
                event: fact.event.clone(),
            })?;
            let public: Value =
                serde_json::from_slice(&entry.public).map_err(CodecError::Encode)?;
            let line = json!({
                "complaint_id": fact.complaint_id,
                "version": fact.version,
                "position": fact.position,
                "recorded_at": fact.recorded_at,
                "fact": public,
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        Ok(lines)
    }

    /// A sequence diagram for Mermaid.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut lines = "sequenceDiagram\n    participant complaint\n".to_owned();
        for (number, step) in self.history.steps().iter().enumerate() {
            lines.push_str(&format!(
                "    {}->>complaint: {}\n",
                step.actor.id,
                step.command.name()
            ));
            let facts = self.history.facts_before(number)..self.history.facts_before(number + 1);
            let told = self.history.transitions().zip(&self.verdicts);
            for ((_, fact, after), verdict) in told.skip(facts.start).take(facts.len()) {
                let (kind, state) = (fact.event.event_type().name(), after.state().name());
                lines.push_str(&format!(
                    "    Note over complaint: {kind}, {state}: {} {}\n",
                    self.rule.name(),
                    verdict.name()
                ));
            }
        }
        lines
    }

    /// The history as a trace in the Informal Trace Format of Apalache (ADR 015 there): a state after each fact.
    #[must_use]
    pub fn itf(&self) -> Value {
        let first = json!({ "#meta": { "index": 0 }, "state": "absent", "fact": "", "actor": "", "at_us": big(0), "verdict": "" });
        let told = self.history.transitions().zip(&self.verdicts).enumerate();
        let later = told.map(|(index, ((_, fact, after), verdict))| {
            json!({
                "#meta": { "index": index + 1 },
                "state": after.state().name(),
                "fact": fact.event.event_type().name(),
                "actor": fact.actor.id,
                "at_us": big(fact.occurred_at.as_micros()),
                "verdict": verdict.name(),
            })
        });
        json!({
            "#meta": { "format": "ITF", "description": format!("breaks rule {}", self.rule.name()) },
            "vars": ["state", "fact", "actor", "at_us", "verdict"],
            "states": std::iter::once(first).chain(later).collect::<Vec<_>>(),
        })
    }
}

/// Whole numbers may be larger than JSON readers take.
fn big(number: i64) -> Value {
    json!({ "#bigint": number.to_string() })
}

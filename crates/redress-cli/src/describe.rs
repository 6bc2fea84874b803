//! What a fact says, in a few words, without anything personal.

use redress::Event;
use redress::event::{CloseReason, FeedbackKind, NoteKind, RevisitOutcome, Trigger};
use serde::Serialize;

use crate::output::instant;

/// A fact in a few words.
pub(crate) fn event(event: &Event) -> String {
    match event {
        Event::Received(fact) => {
            let reference = fact
                .external_ref
                .as_ref()
                .map(|reference| format!(", {reference}"));
            format!(
                "through {}, by {}{}",
                fact.channel.code(),
                fact.receiver,
                reference.unwrap_or_default()
            )
        }
        Event::Classified(fact) => {
            format!(
                "{}, severity {}, priority {}",
                fact.category,
                word(&fact.severity),
                word(&fact.priority)
            )
        }
        Event::Assigned(fact) => {
            let person = fact
                .lead
                .person
                .as_ref()
                .map(|person| format!(", {person}"));
            let joint = match fact.joint.len() {
                0 => String::new(),
                others => format!(", with {others} more"),
            };
            let reason = word(&fact.reason);
            format!(
                "to {}{}{joint} ({reason})",
                fact.lead.department,
                person.unwrap_or_default()
            )
        }
        Event::Escalated(fact) => format!(
            "from level {} to {} ({}): {}",
            fact.from_level,
            fact.to_level,
            trigger(&fact.trigger),
            fact.reason
        ),
        Event::Resolved(fact) => match &fact.primary_cause {
            Some(cause) => format!("cause {}", cause.code),
            None => "no cause recorded".to_owned(),
        },
        Event::Feedback(fact) => {
            let verdict = fact.verdict.map(|verdict| format!(", {}", word(&verdict)));
            let kind = match fact.kind {
                FeedbackKind::Acknowledgement => "acknowledged",
                FeedbackKind::Progress => "progress told",
                FeedbackKind::Result => "result told",
                FeedbackKind::CustomerReply => "customer replied",
            };
            format!(
                "{kind}{} ({})",
                verdict.unwrap_or_default(),
                fact.channel.code()
            )
        }
        Event::Revisited(fact) => match &fact.outcome {
            RevisitOutcome::NotReached { why } => {
                format!("attempt {}: not reached, {why}", fact.attempt)
            }
            RevisitOutcome::Reached {
                result, process, ..
            } => {
                format!(
                    "attempt {}: result {}, handling {}",
                    fact.attempt,
                    word(result),
                    word(process)
                )
            }
        },
        Event::Paused(fact) => {
            let until = fact.until.map(|until| format!(" until {}", instant(until)));
            format!("{}{}", word(&fact.reason), until.unwrap_or_default())
        }
        Event::Resumed(fact) => word(&fact.cause),
        Event::Noted(fact) => note(&fact.kind),
        Event::Amended(fact) => {
            format!(
                "{} value(s) changed, {} ({})",
                fact.patch.len(),
                word(&fact.outcome),
                word(&fact.cause)
            )
        }
        Event::Linked(fact) => {
            let undone = if fact.unlink { "no longer " } else { "" };
            format!("{undone}{} {}", word(&fact.relation), fact.target)
        }
        Event::Extended(fact) => format!(
            "{} until {}: {}",
            fact.clock.name(),
            instant(fact.new_due),
            fact.reason
        ),
        Event::Closed(fact) => match &fact.reason {
            CloseReason::Refused { ground } => format!("refused: {ground}"),
            CloseReason::Duplicate { of } => format!("duplicate of {of}"),
            CloseReason::Satisfied => "satisfied".to_owned(),
            CloseReason::Withdrawn => "withdrawn".to_owned(),
            CloseReason::Unreachable => "customer unreachable".to_owned(),
            CloseReason::FinalPosition => "final position".to_owned(),
            CloseReason::Waived => "revisit waived".to_owned(),
        },
        Event::Reopened(fact) => format!("{} ({})", fact.reason, word(&fact.requested_by)),
        Event::Erased(fact) => format!("personal data of {} erased: {}", fact.subject, fact.basis),
    }
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Clock { clock, percent } => format!("{percent} % of {}", clock.name()),
        Trigger::Dissatisfied { cycle } => format!("dissatisfied in cycle {cycle}"),
        Trigger::Manual => "by hand".to_owned(),
        Trigger::CustomerDemand => "customer's demand".to_owned(),
        Trigger::Severity => "severity".to_owned(),
        Trigger::External => "from outside".to_owned(),
    }
}

fn note(kind: &NoteKind) -> String {
    match kind {
        NoteKind::Investigation => "investigation".to_owned(),
        NoteKind::Negotiation => "negotiation".to_owned(),
        NoteKind::Coordination => "coordination".to_owned(),
        NoteKind::Contribution {
            department,
            done: true,
        } => format!("{department} has done its part"),
        NoteKind::Contribution {
            department,
            done: false,
        } => format!("{department}'s part is waived"),
        NoteKind::Internal => "internal".to_owned(),
        NoteKind::SourceRecord { system, facts } => {
            let facts: Vec<String> = facts
                .iter()
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            format!("{system} had recorded {}", facts.join(", "))
        }
    }
}

/// A small value, the way it stands in stored facts, with blanks for underscores.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text.replace('_', " "),
        Ok(
            other @ (serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_)),
        ) => other.to_string(),
        Err(_) => String::new(),
    }
}

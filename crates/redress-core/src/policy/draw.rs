//! A policy as a drawing: the states, what leads from one to the next, under which guards and within which limits.
//!
//! The drawing is text, the same for the same policy. What may be done in every state (notes, amendments, links) is left
//! out: it leads nowhere.

mod diagram;

use self::diagram::{Arrow, Diagram, Node};
use super::{Policy, length, wording};
use crate::Language;
use crate::clock::ClockKind;
use crate::complaint::State;
use crate::event::Channel;

/// How a drawing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// A state diagram of Mermaid, which many pages and editors show.
    Mermaid,
    /// The language of Graphviz.
    Dot,
}

impl Policy {
    /// Draws the states with their limits, and what leads from one to the next with its guards.
    ///
    /// ```
    /// use redress_core::Policy;
    /// use redress_core::policy::Notation;
    ///
    /// let drawing = Policy::standard().draw(Notation::Mermaid);
    /// assert!(drawing.starts_with("stateDiagram-v2\n"));
    /// assert!(drawing.contains("closed --> processing : reopen [within 10d]"));
    /// ```
    #[must_use]
    pub fn draw(&self, notation: Notation) -> String {
        let diagram = Diagram {
            title: format!("policy {}", self.version),
            nodes: nodes(self),
            arrows: arrows(self),
        };
        match notation {
            Notation::Mermaid => diagram.mermaid(),
            Notation::Dot => diagram.dot(),
        }
    }
}

fn nodes(policy: &Policy) -> Vec<Node> {
    use ClockKind::{
        Acknowledge, Assignment, Feedback, Final, FirstResponse, Handling, Reply, Resolution,
        Revisit,
    };

    let clocks: [(State, &[ClockKind]); 6] = [
        (State::Received, &[Acknowledge, FirstResponse, Reply, Final]),
        (State::Classified, &[Assignment]),
        (State::Processing, &[Handling, Resolution]),
        (State::Resolved, &[Feedback]),
        (State::FedBack, &[Revisit]),
        (State::Closed, &[]),
    ];
    let node = |(state, clocks): (State, &[ClockKind])| {
        let mut notes: Vec<String> = clocks
            .iter()
            .filter_map(|clock| limits(policy, *clock))
            .collect();
        if state == State::Processing {
            notes.extend(ladder(policy));
        }
        Node { state, notes }
    };
    clocks.into_iter().map(node).collect()
}

/// The limits of a clock: those for some complaints first, as they count.
fn limits(policy: &Policy, clock: ClockKind) -> Option<String> {
    let rules = policy.targets.iter().filter(|rule| rule.clock == clock);
    let limits: Vec<String> = rules
        .map(|rule| {
            format!(
                "{} {}",
                wording::condition(rule),
                wording::limit(rule.target)
            )
        })
        .collect();
    (!limits.is_empty()).then(|| format!("{} ({})", clock.name(), limits.join(", ")))
}

fn ladder(policy: &Policy) -> Vec<String> {
    let mut clocks: Vec<Option<ClockKind>> = policy.ladder.iter().map(|rung| rung.clock).collect();
    clocks.sort_unstable();
    clocks.dedup();
    let line = |clock: Option<ClockKind>| {
        let rungs = policy.ladder.iter().filter(|rung| rung.clock == clock);
        let rungs: Vec<String> = rungs
            .map(|rung| format!("{} % {}", rung.percent, wording::rung(rung)))
            .collect();
        let name = clock.map_or("every clock", ClockKind::name);
        format!("ladder of {name} ({})", rungs.join(", "))
    };
    clocks.into_iter().map(line).collect()
}

fn arrows(policy: &Policy) -> Vec<Arrow> {
    let mut arrows = handling(policy);
    arrows.extend(answers(policy));
    arrows.extend(endings(policy));
    for arrow in &mut arrows {
        arrow.by = roles(policy, arrow.command);
    }
    arrows
}

/// From the receipt to the result.
fn handling(policy: &Policy) -> Vec<Arrow> {
    use State::{Absent, Classified, FedBack, Processing, Received, Resolved};

    let mut intake = vec![
        "subject or description".to_owned(),
        "contact or anonymous".to_owned(),
    ];
    for rule in &policy.intake {
        let channel = rule.channel.map_or("every channel", Channel::code);
        let fields: Vec<&str> = rule.required.iter().map(|field| field.name()).collect();
        intake.push(format!("{channel} with {}", fields.join(" and ")));
    }
    let longest = length::write(policy.pause.longest);
    let mut pause = vec!["no reason is allowed".to_owned()];
    let reasons = policy.pause.reasons.iter();
    let reasons: Vec<&str> = reasons
        .map(|reason| reason.label(Language::English))
        .collect();
    if !reasons.is_empty() {
        pause = vec![format!("for {}, at most {longest}", reasons.join(" or "))];
    }
    let escalated = format!(
        "escalated if after {}",
        wording::counted(policy.max_cycles, "cycle")
    );
    let resolve = [
        "a primary cause",
        "remedies stated",
        "every joint part done",
        &escalated,
    ];
    vec![
        Arrow::new(Absent, Received, "receive", intake),
        Arrow::new(Received, Classified, "classify", ["a known category"]),
        Arrow::new(
            Classified,
            Processing,
            "assign",
            ["a lead department and person", "nobody complained about"],
        ),
        Arrow::new(Processing, Processing, "pause", pause),
        Arrow::new(Processing, Processing, "resume", Vec::<String>::new()),
        Arrow::new(Processing, Resolved, "resolve", resolve),
        Arrow::new(Resolved, FedBack, "give_feedback", ["the result"]),
    ]
}

/// What the customer says to the result.
fn answers(policy: &Policy) -> Vec<Arrow> {
    use State::{Closed, FedBack, Processing, Resolved};

    let content = if policy.neutral_closes {
        "satisfied or neutral"
    } else {
        "satisfied"
    };
    let dissatisfied = "the customer is dissatisfied";
    vec![
        Arrow::new(Resolved, Processing, "give_feedback", [dissatisfied]),
        Arrow::new(FedBack, Processing, "give_feedback", [dissatisfied]),
        Arrow::new(FedBack, FedBack, "revisit", ["nobody reached"]),
        Arrow::new(FedBack, Closed, "revisit", [content]),
        Arrow::new(
            FedBack,
            Processing,
            "revisit",
            ["dissatisfied or a problem left"],
        ),
    ]
}

/// How a complaint is closed, and opened again.
fn endings(policy: &Policy) -> Vec<Arrow> {
    use State::{Classified, Closed, FedBack, Processing, Received, Resolved};

    let early = "refused, withdrawn or duplicate";
    let late = "withdrawn or duplicate";
    let unreachable = format!(
        "unreachable after {} on {}",
        wording::counted(policy.unreachable.attempts, "attempt"),
        wording::counted(policy.unreachable.days, "day")
    );
    let position = format!("final position at level {}", policy.max_level);
    let mut told = vec![
        late.to_owned(),
        "satisfied".to_owned(),
        unreachable,
        position,
    ];
    let mut solved = vec![late.to_owned(), "satisfied".to_owned()];
    let mut open = vec![late.to_owned()];
    if policy.waiver {
        for guards in [&mut told, &mut solved, &mut open] {
            guards.push("waived".to_owned());
        }
    }
    let reopen = format!("within {}", length::write(policy.reopen_window));
    vec![
        Arrow::any(Received, Closed, "close", [early]),
        Arrow::any(Classified, Closed, "close", [early]),
        Arrow::any(Processing, Closed, "close", open),
        Arrow::any(Resolved, Closed, "close", solved),
        Arrow::any(FedBack, Closed, "close", told),
        Arrow::new(Closed, Processing, "reopen", [reopen]),
    ]
}

/// Who may do it; none is named while everybody may do everything.
fn roles(policy: &Policy, command: &str) -> Vec<String> {
    if policy.authority.is_empty() {
        return Vec::new();
    }
    let mut roles: Vec<String> = policy
        .authority
        .iter()
        .filter(|authority| authority.commands.iter().any(|name| name == command))
        .map(|authority| authority.role.to_string())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        roles.push("nobody".to_owned());
    }
    roles
}

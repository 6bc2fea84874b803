//! Commands that ought to be refused, or to be taken without harm.

use proptest::prelude::{Just, Strategy, any};
use proptest::sample::select;
use redress_core::event::{Feedback, FeedbackKind, NoteKind, NoteText, Noted, Reopened, Requester};
use redress_core::{Actor, Channel, Command, Escalate, Personal, Policy, Span, Timestamp};

use crate::cast::{Cast, built_in};
use crate::history::{History, Step};
use crate::key::deadlines;
use crate::wish::vocabulary;

/// A step, and how it is handed in.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The step. Its wait may be nothing or negative.
    pub step: Step,
    /// How long before it is told the fact happened; negative for a fact of the future.
    pub told_late: Span,
    /// Handed in under the id of the step before, as if it were the same.
    pub reuses_id: bool,
    /// Decided upon a version that is so many facts behind.
    pub behind: u64,
}

/// Attempts upon a complaint with this history: commands that its state refuses; people who may not; ids and versions
/// used before; clocks that stand still or go back; instants a microsecond before, at and after each deadline and around
/// the next opening of each calendar; words with control characters, characters that steer the direction of text, and
/// characters of four bytes.
pub fn hostile_commands(
    policy: &Policy,
    history: &History,
) -> impl Strategy<Value = Attempt> + use<> {
    let cast = Cast::of(policy);
    let waits = select(waits(policy, history));
    let (complaint, policy, now) = (history.complaint().clone(), policy.clone(), history.now());
    let wishes = vocabulary(cast.people.len().max(2));
    let words = select(WORDS.to_vec()).prop_map(|words| hostile_words(words).to_vec());
    let worded = words.prop_flat_map(select);
    let outlined = {
        let cast = cast.clone();
        select(wishes).prop_map(move |wish| wish.command(&cast, &complaint, &policy, now))
    };
    let command = proptest::prop_oneof![3 => outlined, 1 => worded];
    let actors = select(vec![cast.person(0), cast.person(1), stranger(), program()]);
    let late = proptest::prop_oneof![
        6 => Just(Span::ZERO),
        1 => Just(Span::micros(1)),
        1 => Just(Span::micros(-1)),
        1 => Just(Span::days(40_000)),
    ];
    let behind = proptest::prop_oneof![4 => Just(0_u64), 1 => 1_u64..3];
    (waits, actors, command, late, any::<bool>(), behind).prop_map(
        |(wait, actor, command, told_late, reuses_id, behind)| Attempt {
            step: Step {
                wait,
                actor,
                command,
            },
            told_late,
            reuses_id,
            behind,
        },
    )
}

fn stranger() -> Actor {
    Actor::human(
        built_in("mallory"),
        built_in("visitor"),
        built_in("nowhere"),
    )
}

fn program() -> Actor {
    Actor::system(built_in("robot"), built_in("system"))
}

/// Nothing, back, the ends of time, and around everything that is due.
fn waits(policy: &Policy, history: &History) -> Vec<Span> {
    let now = history.now();
    let mut instants = deadlines(history.complaint(), policy, now, true);
    let openings = policy.calendars.values();
    instants.extend(openings.filter_map(|calendar| calendar.due(now, Span::micros(1)).ok()));
    let around = |at: Timestamp| [-1, 0, 1].map(|by| (at + Span::micros(by)).since(now));
    let mut waits = vec![
        Span::ZERO,
        Span::micros(-1),
        Span::days(-1),
        Span::days(4_000_000),
        Span::micros(i64::MAX),
    ];
    waits.extend(instants.into_iter().flat_map(around));
    waits
}

/// Words that have broken programs before.
const WORDS: [&str; 8] = [
    "",
    " \t ",
    "\u{0}\u{7}\u{1b}[2J",
    "\u{202e}drowssap\u{2066}",
    "𠮷野家の苦情 👩‍👩‍👧‍👦",
    "';--<script>{{x}}%n%s",
    "e\u{301}\u{301}\u{301}\u{301}",
    "\u{feff}\u{ffff}\u{10ffff}",
];

fn hostile_words(words: &str) -> [Command; 4] {
    let text = NoteText {
        text: words.to_owned(),
    };
    let noted = Noted {
        kind: NoteKind::Internal,
        evidence: Vec::new(),
        personal: Personal::Known(text),
    };
    [
        noted.into(),
        Feedback::new(FeedbackKind::Result, Channel::Sms, words).into(),
        Reopened {
            reason: words.to_owned(),
            requested_by: Requester::Authority,
        }
        .into(),
        Escalate {
            to_level: None,
            to: None,
            trigger: redress_core::event::Trigger::Manual,
            reason: words.to_owned(),
        }
        .into(),
    ]
}

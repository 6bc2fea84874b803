//! Random histories: wishes about a few complaints, half of them what comes next.

use proptest::prelude::*;
use redress::core::State;
use redress::event::{
    AmendOutcome, Amended, AmendmentCause, Change, CloseReason, Erased, FeedbackKind, Linked,
    PauseReason, Paused, Relation, Reopened, Requester, ResumeCause, Resumed, Satisfaction,
    Trigger, Verdict,
};
use redress::store::EventStore;
use redress::{
    Command, Complaint, ComplaintId, Escalate, Personal, Revisit, Span, SubjectId, Submission,
};

use crate::wishes::{
    agent, assign, classify, close, complaint, duplicate_of, handler, note, receive, resolve,
    revisit, tell, wish,
};
use crate::world::World;

/// How many complaints a history is about.
pub(crate) const COMPLAINTS: usize = 3;
const GAPS_MINUTES: [i64; 8] = [0, 0, 1, 30, 600, 1500, 4400, -20];
const ALL_KINDS: u8 = 21;

/// A wish, as numbers; what they mean depends on where the complaint stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    which: usize,
    kind: u8,
    gap: usize,
    told_late_minutes: i64,
    /// Hands in the id of an earlier wish.
    reuses: Option<u8>,
    chance: usize,
}

impl Step {
    /// The same, about the first complaint, while time only goes on.
    pub(crate) const fn about_the_first(self) -> Self {
        let gap = if GAPS_MINUTES[self.gap] < 0 {
            0
        } else {
            self.gap
        };
        Self {
            which: 0,
            gap,
            ..self
        }
    }
}

pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let late = prop_oneof![6 => Just(0_i64), 1 => 1_i64..3000];
    let reuses = prop_oneof![9 => Just(None), 1 => (0_u8..20).prop_map(Some)];
    let step = (
        0..COMPLAINTS,
        0..2 * ALL_KINDS,
        0..GAPS_MINUTES.len(),
        late,
        reuses,
        0_usize..60,
    );
    let step = step.prop_map(
        |(which, kind, gap, told_late_minutes, reuses, chance)| Step {
            which,
            kind,
            gap,
            told_late_minutes,
            reuses,
            chance,
        },
    );
    prop::collection::vec(step, 1..most)
}

/// How the laws are checked: always the same histories, so that a failure is the same everywhere.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_260_302),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A wish about a complaint.
pub(crate) type Handed = (ComplaintId, Submission);

/// What the step wants, now that the complaint stands as it does and these wishes were handed in; moves the clock.
pub(crate) fn next_wish<S: EventStore>(world: &World<S>, handed: &[Handed], step: Step) -> Handed {
    world.clock.advance(Span::minutes(GAPS_MINUTES[step.gap]));
    // Of the wishes that bear an id that was used before, half are the old wish itself.
    match step
        .reuses
        .and_then(|number| handed.get(usize::from(number)))
    {
        Some(earlier) if step.chance.is_multiple_of(2) => earlier.clone(),
        Some((_, earlier)) => {
            let (id, wish) = new_wish(world, handed.len(), step);
            let command_id = earlier.command_id;
            (id, Submission { command_id, ..wish })
        }
        None => new_wish(world, handed.len(), step),
    }
}

fn new_wish<S: EventStore>(world: &World<S>, number: usize, step: Step) -> Handed {
    let id = complaint(u128::try_from(step.which).unwrap() + 1);
    let now = world.ledger.as_async().now();
    let state = world.ledger.complaint(id).unwrap();
    let late = Span::minutes(-step.told_late_minutes);
    let wish = Submission {
        occurred_at: (step.told_late_minutes > 0).then_some(now + late),
        actor: if step.chance.is_multiple_of(7) {
            agent()
        } else {
            handler()
        },
        ..wish(u128::try_from(number).unwrap(), command(step, &state, now))
    };
    (id, wish)
}

fn command(step: Step, state: &Complaint, now: redress::Timestamp) -> Command {
    let natural = match state.state() {
        State::Absent => 0,
        State::Received => 1,
        State::Classified if step.chance.is_multiple_of(3) => 1,
        State::Classified => 2,
        State::Processing if step.chance.is_multiple_of(4) => {
            match state.case().and_then(|case| case.pause_at(now)) {
                None => 10,
                Some(_) => 11,
            }
        }
        State::Processing => 3,
        State::Resolved => 4,
        State::FedBack => 5,
        State::Closed => 6,
    };
    let kind = if step.kind < ALL_KINDS {
        step.kind
    } else {
        natural
    };
    chosen(kind, step.chance, now)
}

fn chosen(kind: u8, chance: usize, now: redress::Timestamp) -> Command {
    match kind {
        0 => receive().into(),
        1 => classify(pick(chance, CATEGORIES)).into(),
        2 => assign().into(),
        3 => resolve().into(),
        4 => tell(FeedbackKind::Result).into(),
        5 => revisit(pick(chance, SATISFACTION)).into(),
        6 => reopen().into(),
        7 => tell(FeedbackKind::Acknowledgement).into(),
        8 => reply(chance).into(),
        9 => Revisit::not_reached(redress::Channel::Sms, agent().id, "no answer").into(),
        10 => pause(chance, now).into(),
        11 => resume().into(),
        12 => note("looked into it").into(),
        13 => duplicate_of(complaint(u128::try_from(chance % 4).unwrap() + 1)).into(),
        14 => Linked {
            unlink: true,
            relation: pick(chance, [Relation::DuplicateOf, Relation::Related]),
            ..duplicate_of(complaint(u128::try_from(chance % 3).unwrap() + 1))
        }
        .into(),
        15 => close(CloseReason::Withdrawn).into(),
        16 => close(CloseReason::Duplicate { of: complaint(1) }).into(),
        17 => escalate().into(),
        18 => amend().into(),
        19 => erase(chance).into(),
        _ => tell(FeedbackKind::Progress).into(),
    }
}

/// Mostly one, so that some wishes have nothing to add.
const CATEGORIES: [&str; 6] = [
    "delivery/delay",
    "delivery/delay",
    "delivery/delay",
    "price",
    "imported/x/y",
    "no/such",
];
const SATISFACTION: [Satisfaction; 3] = [
    Satisfaction::Satisfied,
    Satisfaction::Neutral,
    Satisfaction::Dissatisfied,
];

fn pick<T: Copy, const N: usize>(number: usize, of: [T; N]) -> T {
    of[number % N]
}

fn reopen() -> Reopened {
    Reopened {
        reason: "it is still missing".to_owned(),
        requested_by: Requester::Customer,
    }
}

fn reply(chance: usize) -> redress::event::Feedback {
    let verdicts = [None, Some(Verdict::Satisfied), Some(Verdict::Dissatisfied)];
    redress::event::Feedback {
        verdict: pick(chance, verdicts),
        ..tell(FeedbackKind::CustomerReply)
    }
}

fn pause(chance: usize, now: redress::Timestamp) -> Paused {
    let hours = i64::try_from(chance).unwrap();
    Paused {
        reason: PauseReason::AwaitingCustomer,
        until: Some(now + Span::hours(hours)),
        personal: Personal::Withheld,
    }
}

const fn resume() -> Resumed {
    Resumed {
        cause: ResumeCause::Arrived,
    }
}

fn escalate() -> Escalate {
    Escalate {
        to_level: None,
        to: None,
        trigger: Trigger::Manual,
        reason: "too long".to_owned(),
    }
}

fn amend() -> Amended {
    Amended {
        cause: AmendmentCause::Correction,
        patch: vec![Change::Tags(vec!["典型案例".parse().unwrap()])],
        outcome: AmendOutcome::Corrected,
        warnings: None,
        personal: Personal::Withheld,
    }
}

fn erase(chance: usize) -> Erased {
    let whose = if chance.is_multiple_of(3) { 7 } else { 9 };
    Erased {
        subject: SubjectId::from_random([whose; 16]),
        basis: "on request".to_owned(),
    }
}

/// Hands the wishes in one after the other.
pub(crate) fn play<S: EventStore>(world: &World<S>, steps: &[Step]) {
    let mut handed = Vec::new();
    for step in steps {
        let (id, wish) = next_wish(world, &handed, *step);
        handed.push((id, wish.clone()));
        // What is refused leaves no trace.
        let _outcome = world.ledger.submit(id, wish).unwrap();
    }
}

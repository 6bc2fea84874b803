//! Random valid histories: random commands through `decide`, those accepted kept, several complaints interleaved.

use proptest::prelude::*;
use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, Assignee, Cause, Change, Channel, CloseReason, Erased,
    Extended, FeedbackKind, JointTask, Linked, NoteKind, PauseReason, Paused, Priority, Product,
    Relation, ResumeCause, Resumed, RevisitOutcome, Satisfaction, Trigger, Verdict,
};
use redress_core::{
    ClockKind, Command, Complaint, Escalate, Personal, Policy, Recorded, Span, State, SubjectId,
    Target, Timestamp,
};

use crate::ledger::{
    Ledger, assign, classify, close, department, h, id, note, person, receive, reopen, resolve,
    revisit, source_record, tell,
};

/// How many complaints a history is about.
pub(crate) const COMPLAINTS: usize = 4;
pub(crate) const DEPARTMENTS: [&str; 4] = ["service", "logistics", "billing", "legal"];
const CATEGORIES: [&str; 4] = ["delivery/delay", "delivery/loss", "price", "imported/old/x"];
const CAUSES: [&str; 5] = [
    "service/slow_response",
    "service/poor_attitude",
    "product/design_defect",
    "imported/old/code 6",
    "undetermined",
];
const GAPS_MINUTES: [i64; 7] = [0, 0, 10, 180, 1200, 1800, 5760];

/// One wish, as random numbers; what they mean depends on where the complaint stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    complaint: usize,
    kind: u8,
    gap: usize,
    told_late_minutes: i64,
    a: usize,
    b: usize,
    c: usize,
}

fn step() -> impl Strategy<Value = Step> {
    let late = prop_oneof![6 => Just(0_i64), 1 => 1_i64..3000];
    (
        0..COMPLAINTS,
        any::<u8>(),
        0..GAPS_MINUTES.len(),
        late,
        (0_usize..60, 0_usize..60, 0_usize..60),
    )
        .prop_map(
            |(complaint, kind, gap, told_late_minutes, (a, b, c))| Step {
                complaint,
                kind,
                gap,
                told_late_minutes,
                a,
                b,
                c,
            },
        )
}

/// The facts of a history, told in a line each when a test fails.
#[derive(Clone)]
pub(crate) struct Facts(pub(crate) Vec<Recorded>);

impl std::ops::Deref for Facts {
    type Target = [Recorded];

    fn deref(&self) -> &[Recorded] {
        &self.0
    }
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for fact in &self.0 {
            writeln!(f)?;
            let complaint = (0..COMPLAINTS).find(|index| id(*index) == fact.complaint_id);
            let hours = fact.occurred_at.since(h(0));
            write!(f, "{complaint:?} at {hours}: {:?}", fact.event)?;
        }
        Ok(())
    }
}

/// Histories under the standard policy, guarded or taken over.
pub(crate) fn facts() -> impl Strategy<Value = Facts> {
    (any::<bool>(), prop::collection::vec(step(), 1..120))
        .prop_map(|(historical, steps)| Facts(play(historical, &steps)))
}

/// How the laws are checked: always the same histories, so that a failure is the same everywhere.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_260_302),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A history and a moment: mostly at one of its facts or just beside it, where verdicts change.
pub(crate) fn facts_and_moment() -> impl Strategy<Value = (Facts, Timestamp)> {
    let beside = prop_oneof![
        Just(Span::ZERO),
        Just(Span::micros(-1)),
        Just(Span::micros(1)),
        (0_i64..60 * 24 * 9).prop_map(Span::minutes),
    ];
    (facts(), any::<usize>(), beside).prop_map(|(facts, number, beside)| {
        let place = number.checked_rem(facts.len()).unwrap_or(0);
        let near = facts.get(place).map_or(h(0), |fact| fact.occurred_at);
        (facts, near + beside)
    })
}

fn play(historical: bool, steps: &[Step]) -> Vec<Recorded> {
    let policy = Policy::standard();
    let policy = if historical {
        policy.for_history()
    } else {
        policy
    };
    let mut ledger = Ledger::new(policy, COMPLAINTS);
    let mut now = h(0);
    for step in steps {
        now = now + Span::minutes(GAPS_MINUTES[step.gap]);
        let occurred_at = now + Span::minutes(-step.told_late_minutes);
        let command = command(step, &ledger.complaints[step.complaint], now);
        // What is refused leaves no trace, as in life.
        let _refused = ledger.execute(step.complaint, &command, (now, occurred_at));
    }
    ledger.facts
}

/// Nearly half of the wishes are what comes next in the state, so that histories get far.
fn command(step: &Step, complaint: &Complaint, now: Timestamp) -> Command {
    let natural = match complaint.state() {
        State::Absent => 0,
        State::Received => 1,
        State::Classified => 2,
        State::Processing if step.c.is_multiple_of(4) => {
            match complaint.case().and_then(|case| case.pause_at(now)) {
                None => 12,
                Some(_) => 13,
            }
        }
        State::Processing => 4,
        State::Resolved => 7,
        State::FedBack if step.c.is_multiple_of(3) => 9,
        State::FedBack => 10,
        State::Closed => 20,
    };
    let kind = if step.kind < 110 {
        natural
    } else {
        step.kind % 24
    };
    chosen(kind, step, complaint, now)
}

fn chosen(kind: u8, step: &Step, complaint: &Complaint, now: Timestamp) -> Command {
    let Step { a, b, c, .. } = *step;
    match kind {
        0 => receive_with(step),
        1 => classify(CATEGORIES[a % 4], pick(b, PRIORITIES)).into(),
        2 | 3 => assign_with(step),
        4 | 5 => resolve_with(step),
        6 => promise_with(step, now),
        7 => tell(FeedbackKind::Result).into(),
        8 => reply_with(step),
        9 => revisit(RevisitOutcome::NotReached {
            why: "no answer".to_owned(),
        })
        .into(),
        10 | 11 => revisit(reached(pick(a, SATISFACTION), b.is_multiple_of(7))).into(),
        12 => pause_with(step, now),
        13 => Resumed {
            cause: ResumeCause::Arrived,
        }
        .into(),
        14 => contribution_with(step, complaint),
        15 => source_record(["made_sla", "group"][a % 2], ["true", "false", ""][b % 3]).into(),
        16 => amend(causes_with(step)),
        17 => amend(Change::Product(product(c))),
        18 | 19 => Linked {
            relation: [Relation::DuplicateOf, Relation::Related][a % 2],
            target: id(b % COMPLAINTS),
            unlink: c.is_multiple_of(5),
        }
        .into(),
        20 => reopen().into(),
        21 => extend_with(step, now),
        22 => close(reason(a, complaint)).into(),
        _ => rare(step),
    }
}

const PRIORITIES: [Priority; 4] = [
    Priority::Low,
    Priority::Normal,
    Priority::High,
    Priority::Urgent,
];
const SATISFACTION: [Satisfaction; 3] = [
    Satisfaction::Satisfied,
    Satisfaction::Neutral,
    Satisfaction::Dissatisfied,
];
const PAUSE_REASONS: [PauseReason; 3] = [
    PauseReason::AwaitingCustomer,
    PauseReason::Appraisal,
    PauseReason::Legal,
];

fn pick<T: Copy, const N: usize>(number: usize, of: [T; N]) -> T {
    of[number % N]
}

fn product(number: usize) -> Option<Product> {
    let code = [None, Some("P-1"), Some("P-2")][number % 3]?;
    Some(Product {
        code: code.parse().unwrap(),
        model: None,
        batch: None,
        order_ref: None,
    })
}

fn receive_with(step: &Step) -> Command {
    let mut fact = receive(DEPARTMENTS[step.a % 2], pick(step.b, Channel::ALL));
    fact.product = product(step.c);
    fact.into()
}

fn assign_with(step: &Step) -> Command {
    let Step { a, b, c, .. } = *step;
    let mut wish = assign(DEPARTMENTS[a % 4], ["p1", "p2"][b % 2]);
    if c.is_multiple_of(6) {
        wish.lead.person = None;
    }
    if c.is_multiple_of(4) {
        wish.limit = Some(Target::Elapsed(Span::hours(20)));
    }
    let joint = [
        (b.is_multiple_of(3), (a + 1) % 4),
        (b.is_multiple_of(6), (a + 2) % 4),
    ];
    wish.joint = joint
        .into_iter()
        .filter(|(named, _)| *named)
        .map(|(_, index)| JointTask {
            assignee: Assignee::person(department(DEPARTMENTS[index]), person("p3")),
            task: "look".to_owned(),
            limit: (c.is_multiple_of(5)).then_some(Target::Elapsed(Span::hours(30))),
        })
        .collect();
    wish.into()
}

fn cause(step: &Step) -> Cause {
    let mut cause = Cause::new(CAUSES[step.a % 5].parse().unwrap());
    cause.responsible_department =
        (!step.b.is_multiple_of(3)).then(|| department(DEPARTMENTS[step.b % 4]));
    cause
}

fn resolve_with(step: &Step) -> Command {
    let mut fact = resolve(CAUSES[0]);
    fact.primary_cause = (!step.c.is_multiple_of(6)).then(|| cause(step));
    fact.into()
}

fn causes_with(step: &Step) -> Change {
    Change::Causes {
        primary: cause(step),
        contributing: Vec::new(),
    }
}

fn amend(change: Change) -> Command {
    Amended {
        cause: AmendmentCause::CauseReview,
        patch: vec![change],
        outcome: AmendOutcome::Corrected,
        warnings: None,
        personal: Personal::Withheld,
    }
    .into()
}

fn promise_with(step: &Step, now: Timestamp) -> Command {
    let kinds = [FeedbackKind::Acknowledgement, FeedbackKind::Progress];
    let mut fact = tell(pick(step.a, kinds));
    fact.automated = step.b.is_multiple_of(4);
    if step.c.is_multiple_of(3) {
        fact.promised_by = Some(now + Span::hours(30));
    }
    fact.into()
}

fn reply_with(step: &Step) -> Command {
    let mut fact = tell(FeedbackKind::CustomerReply);
    let verdicts = [
        None,
        Some(Verdict::Satisfied),
        Some(Verdict::Dissatisfied),
        Some(Verdict::Rejected),
    ];
    fact.verdict = pick(step.a, verdicts);
    fact.into()
}

fn reached(result: Satisfaction, residual_problem: bool) -> RevisitOutcome {
    RevisitOutcome::Reached {
        result,
        process: result,
        score: None,
        residual_problem,
        would_recommend: None,
        survey: None,
    }
}

fn pause_with(step: &Step, now: Timestamp) -> Command {
    let hours = i64::try_from(step.b).unwrap() * 4 + 1;
    Paused {
        reason: pick(step.a, PAUSE_REASONS),
        until: (!step.c.is_multiple_of(5)).then(|| now + Span::hours(hours)),
        personal: Personal::Withheld,
    }
    .into()
}

fn contribution_with(step: &Step, complaint: &Complaint) -> Command {
    let open = complaint
        .ownership()
        .and_then(|ownership| ownership.joint.iter().find(|part| !part.settled));
    let whose = open.map_or_else(
        || department("legal"),
        |part| part.task.assignee.department.clone(),
    );
    note(NoteKind::Contribution {
        department: whose,
        done: !step.a.is_multiple_of(3),
    })
    .into()
}

fn extend_with(step: &Step, now: Timestamp) -> Command {
    let clocks = [
        ClockKind::Handling,
        ClockKind::Resolution,
        ClockKind::FirstResponse,
        ClockKind::Promise,
    ];
    Extended {
        clock: pick(step.a, clocks),
        new_due: now + Span::hours(i64::try_from(step.b).unwrap() * 6),
        reason: "a part is missing".to_owned(),
        approved_by: person("boss"),
        customer_told: true,
    }
    .into()
}

/// A duplicate is closed as one where it is tied; the rest by chance.
fn reason(number: usize, complaint: &Complaint) -> CloseReason {
    let links = complaint.case().map_or(&[][..], |case| &case.links);
    let tied = links
        .iter()
        .find(|link| link.relation == Relation::DuplicateOf);
    match (tied, number % 6) {
        (Some(link), _) => CloseReason::Duplicate { of: link.target },
        (None, 0) => CloseReason::Withdrawn,
        (None, 1) => CloseReason::Unreachable,
        (None, 2) => CloseReason::FinalPosition,
        (None, 3) => CloseReason::Waived,
        (None, 4) => CloseReason::Refused {
            ground: "no complaint".parse().unwrap(),
        },
        (None, _) => CloseReason::Satisfied,
    }
}

fn rare(step: &Step) -> Command {
    if step.a.is_multiple_of(4) {
        Erased {
            subject: SubjectId::from_random([3; 16]),
            basis: "on request".to_owned(),
        }
        .into()
    } else {
        Escalate {
            to_level: None,
            to: None,
            trigger: Trigger::Manual,
            reason: "too slow".to_owned(),
        }
        .into()
    }
}

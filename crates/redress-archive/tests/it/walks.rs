//! Random walks: valid histories of a few complaints, driven through `decide` and `evolve`.

use proptest::prelude::*;
use redress_core::event::{
    Amended, AmendedPersonal, AssignmentNote, Cause, Change, Classified, CloseReason, Closed,
    Extended, Feedback, FeedbackKind, Flag, JointTask, Linked, NoteKind, Noted, PauseNote,
    PauseReason, Paused, Priority, Product, Relation, Reopened, Requester, Resolved, ResumeCause,
    Resumed, RevisitOutcome, Satisfaction, Severity, Trigger, Upheld, Verdict,
};
use redress_core::{
    Assign, Channel, ClockKind, Command, Complaint, Escalate, Level, Personal, Policy, Recorded,
    Revisit, Span, State, Timestamp,
};

use crate::histories::{
    History, amended, assign, assignee, classified, closed, complaint, erased, feedback, note,
    received, resolved, revisit, source_record,
};

/// One step of a random history: which complaint, which wish of those that make sense now, and what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    complaint: u8,
    wish: u8,
    detail: u8,
    minutes: u16,
}

/// How many complaints, and how many customers, a random history has at most.
const COMPLAINTS: u8 = 5;
const CUSTOMERS: u8 = 3;

/// Valid histories of up to 120 wishes, under the standard policy or as taken over from elsewhere.
pub(crate) fn walks() -> impl Strategy<Value = Vec<Recorded>> {
    let step = (0..COMPLAINTS, any::<u8>(), any::<u8>(), 0..2000_u16).prop_map(
        |(complaint, wish, detail, minutes)| Step {
            complaint,
            wish,
            detail,
            minutes,
        },
    );
    (any::<bool>(), prop::collection::vec(step, 1..120))
        .prop_map(|(historical, steps)| walk(historical, &steps))
}

fn walk(historical: bool, steps: &[Step]) -> Vec<Recorded> {
    let policy = Policy::standard();
    let mut history = History::new(if historical {
        policy.for_history()
    } else {
        policy
    });
    for step in steps {
        history.wait(Span::minutes(step.minutes.into()));
        let id = complaint(u128::from(step.complaint) + 1);
        let state = history
            .complaints
            .get(&id)
            .map_or(State::Absent, Complaint::state);
        let command = wish(state, *step, history.now);
        // What is refused is not history.
        let _refused = history.try_do(id, "bob", &command);
    }
    history.facts
}

const WORDS: [&str; 6] = [
    "退款",
    "我要求退款，快递延迟",
    "Refund please",
    "ＲＥＦＵＮＤ 迟到",
    "call 13800001111\u{0}",
    "",
];

fn words(detail: u8) -> &'static str {
    WORDS[usize::from(detail) % WORDS.len()]
}

fn wish(state: State, step: Step, now: Timestamp) -> Command {
    let detail = step.detail;
    let onward = match state {
        State::Absent => Some(receive(step)),
        State::Received => Some(classify(detail).into()),
        State::Classified => Some(hand_over(detail).into()),
        State::Processing => Some(resolve(detail).into()),
        State::Resolved => Some(feedback(FeedbackKind::Result, "done").into()),
        State::FedBack => Some(ask(detail).into()),
        State::Closed => Some(
            Reopened {
                reason: "again".to_owned(),
                requested_by: Requester::Customer,
            }
            .into(),
        ),
    };
    match step.wish % 24 {
        0 => note(words(detail)).into(),
        1 => source_record(
            ["priority", "group"][usize::from(detail % 2)],
            words(detail),
        )
        .into(),
        2 => correct(detail).into(),
        3 => link(step).into(),
        4 => erased(u128::from(detail % CUSTOMERS)).into(),
        5 => escalate(detail).into(),
        6 => classify(detail).into(),
        7 => hand_over(detail).into(),
        8 => Paused {
            reason: PauseReason::AwaitingCustomer,
            until: Some(now + Span::days(20)),
            personal: Personal::Known(PauseNote {
                note: words(detail).to_owned(),
            }),
        }
        .into(),
        9 => Resumed {
            cause: ResumeCause::Arrived,
        }
        .into(),
        10 => reply(detail).into(),
        11 => Extended {
            clock: ClockKind::Resolution,
            new_due: now + Span::days(40),
            reason: "parts".to_owned(),
            approved_by: "eve".parse().unwrap(),
            customer_told: true,
        }
        .into(),
        12 => end(detail).into(),
        13 => contribution(detail).into(),
        _ => onward.unwrap(),
    }
}

fn receive(step: Step) -> Command {
    let detail = step.detail;
    let customer = u128::from(step.complaint % CUSTOMERS);
    let mut fact = received(customer, "延迟", words(detail));
    fact.channel = Channel::ALL[usize::from(detail) % Channel::ALL.len()];
    fact.external_ref = detail
        .is_multiple_of(3)
        .then(|| format!("REF-{}", detail % 4).parse().unwrap());
    fact.tags = vec!["典型案例".parse().unwrap(); usize::from(detail % 3)];
    fact.flags = vec![Flag::Group; usize::from(detail % 2)];
    fact.into()
}

fn classify(detail: u8) -> Classified {
    let category = ["delivery/delay", "price/refund", "delivery"][usize::from(detail % 3)];
    Classified {
        severity: [Severity::Minor, Severity::Critical][usize::from(detail % 2)],
        priority: [Priority::Low, Priority::Urgent, Priority::High][usize::from(detail % 3)],
        safety: detail.is_multiple_of(5),
        ..classified(category)
    }
}

fn hand_over(detail: u8) -> Assign {
    let department = ["service", "logistics", "billing"][usize::from(detail % 3)];
    let mut assign = assign(department, "bob");
    if detail.is_multiple_of(4) {
        assign.joint = vec![JointTask {
            assignee: assignee("warehouse", "dan"),
            task: "look for the parcel".to_owned(),
            limit: None,
        }];
    }
    assign.personal = Personal::Known(AssignmentNote {
        note: words(detail).to_owned(),
    });
    assign
}

fn contribution(detail: u8) -> Noted {
    Noted {
        kind: NoteKind::Contribution {
            department: "warehouse".parse().unwrap(),
            done: detail.is_multiple_of(2),
        },
        ..note(words(detail))
    }
}

fn resolve(detail: u8) -> Resolved {
    let cause = ["service/slow_response", "product/design_defect"][usize::from(detail % 2)];
    let mut fact = resolved(cause, words(detail));
    fact.upheld = Some([Upheld::Upheld, Upheld::NotUpheld][usize::from(detail % 2)]);
    if detail.is_multiple_of(3) {
        fact.remedies = Some(Vec::new());
    }
    fact
}

fn ask(detail: u8) -> Revisit {
    match detail % 4 {
        0 => Revisit {
            outcome: RevisitOutcome::NotReached {
                why: "no answer".to_owned(),
            },
            ..revisit(Satisfaction::Neutral, words(detail))
        },
        1 => revisit(Satisfaction::Dissatisfied, words(detail)),
        2 => revisit(Satisfaction::Neutral, words(detail)),
        _ => revisit(Satisfaction::Satisfied, words(detail)),
    }
}

fn reply(detail: u8) -> Feedback {
    let mut fact = feedback(FeedbackKind::CustomerReply, words(detail));
    fact.verdict =
        [None, Some(Verdict::Dissatisfied), Some(Verdict::Accepted)][usize::from(detail % 3)];
    fact
}

fn escalate(detail: u8) -> Escalate {
    Escalate {
        to_level: detail.is_multiple_of(2).then(|| Level::new(detail % 4)),
        to: detail
            .is_multiple_of(3)
            .then(|| assignee("management", "eve")),
        trigger: Trigger::Manual,
        reason: "stuck".to_owned(),
    }
}

fn correct(detail: u8) -> Amended {
    let change = match detail % 7 {
        0 => Change::Product(Some(Product {
            code: "kettle".parse().unwrap(),
            model: None,
            batch: None,
            order_ref: None,
        })),
        1 => Change::Tags(vec!["seen".parse().unwrap(), "seen".parse().unwrap()]),
        2 => Change::Flags(vec![Flag::Vulnerable]),
        3 => Change::Language(Some("zh-CN".parse().unwrap())),
        4 => Change::Upheld(Upheld::Partly),
        5 => Change::Causes {
            primary: Cause::new("market/culture".parse().unwrap()),
            contributing: Vec::new(),
        },
        _ => Change::Product(None),
    };
    let personal = AmendedPersonal {
        subject: detail
            .is_multiple_of(2)
            .then(|| words(detail / 2).to_owned()),
        description: detail
            .is_multiple_of(3)
            .then(|| words(detail / 3).to_owned()),
        ..AmendedPersonal::default()
    };
    amended(vec![change], personal)
}

fn link(step: Step) -> Linked {
    let relations = [
        Relation::DuplicateOf,
        Relation::RepeatOf,
        Relation::Related,
        Relation::PartOf,
    ];
    Linked {
        relation: relations[usize::from(step.detail % 4)],
        target: complaint(u128::from(step.detail / 4 % COMPLAINTS) + 1),
        unlink: step.detail >= 192,
    }
}

fn end(detail: u8) -> Closed {
    let reason = match detail % 6 {
        0 => CloseReason::Withdrawn,
        1 => CloseReason::Refused {
            ground: "no_customer".parse().unwrap(),
        },
        2 => CloseReason::Unreachable,
        3 => CloseReason::FinalPosition,
        4 => CloseReason::Satisfied,
        _ => CloseReason::Duplicate {
            of: complaint(u128::from(detail % COMPLAINTS) + 1),
        },
    };
    closed(reason, words(detail))
}

//! Every cell of the table in `docs/states.md`, tried.

use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, AssignReason, Assignee, Classified, CloseReason, Closed,
    Customer, Erased, Extended, Feedback, FeedbackKind, JointTask, Linked, NoteKind, Noted,
    PauseReason, Paused, Received, ReceivedPersonal, Relation, Reopened, Requester, Resolved,
    ResumeCause, Resumed, RevisitOutcome, Satisfaction, Trigger, Verdict,
};
use redress_core::policy::TargetRule;
use redress_core::{
    Actor, Assign, Channel, ClockKind, Command, CommandId, Complaint, ComplaintId, Context,
    Escalate, EventId, PersonId, Personal, Policy, Position, Recorded, Revisit, Rulebook, Span,
    State, SubjectId, Target, Timestamp, Version, decide, evolve,
};

use crate::files::text;

#[test]
fn the_table_of_states_is_what_the_core_does() {
    let page = text("docs/states.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ["))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let commands = commands();
    assert_eq!(rows.len(), commands.len(), "the rows of the table");
    for (row, (title, command)) in rows.iter().zip(&commands) {
        assert_eq!(without_link(row[0]), *title, "the order of the rows");
        assert_eq!(row.len(), State::ALL.len() + 1, "the cells of {title}");
        for (state, cell) in State::ALL.into_iter().zip(&row[1..]) {
            let during_pause = title.contains("during a pause");
            let reached = outcome(state, command, during_pause).map_or("—", State::name);
            assert_eq!(reached, *cell, "{title} in {}", state.name());
        }
    }
}

/// `[noted](events/noted.md): investigation` without the link.
fn without_link(cell: &str) -> String {
    let (name, rest) = cell.trim_start_matches('[').split_once("](").unwrap();
    let (_, rest) = rest.split_once(')').unwrap();
    format!("{name}{rest}")
}

/// The state after the command was recorded in `state`; `None` where it is refused.
fn outcome(state: State, command: &Command, during_pause: bool) -> Option<State> {
    let mut before = in_state(state);
    if during_pause {
        before = record(&before, &pause()).unwrap_or(before);
    }
    record(&before, command).map(|after| after.state())
}

/// A complaint in this state, reached the usual way.
fn in_state(state: State) -> Complaint {
    let way: [Command; 6] = [
        receive(),
        Classified::new("delivery".parse().unwrap()).into(),
        assign(),
        Resolved::default().into(),
        feedback(FeedbackKind::Result, None),
        Closed::new(CloseReason::Withdrawn).into(),
    ];
    let steps = State::ALL
        .into_iter()
        .position(|other| other == state)
        .unwrap();
    let reached = way[..steps]
        .iter()
        .fold(Complaint::Absent, |complaint, step| {
            record(&complaint, step).unwrap()
        });
    assert_eq!(reached.state(), state);
    reached
}

/// Decides and folds, without guards of conduct; `None` where the command is refused.
fn record(complaint: &Complaint, command: &Command) -> Option<Complaint> {
    let mut policy = Policy::standard().for_history();
    let limit = Target::Elapsed(Span::days(60));
    policy
        .targets
        .push(TargetRule::all(ClockKind::Final, limit));
    let now = hour(complaint.version().map_or(0, Version::get));
    let actor = Actor::system(person("importer"), "system".parse().unwrap());
    let target = fold(
        Complaint::Absent,
        &receive_as_fact(),
        complaint_id(2),
        &actor,
        now,
    );
    let rules = Rulebook::fixed(policy.clone());
    let context = Context {
        now,
        occurred_at: now,
        actor: &actor,
        policy: &policy,
        rules: &rules,
        target: Some(&target),
    };
    let events = decide(complaint, command, &context).ok()?;
    assert!(!events.is_empty(), "{} has nothing to add", command.name());
    let start = complaint.clone();
    Some(events.iter().fold(start, |complaint, event| {
        fold(complaint, event, complaint_id(1), &actor, now)
    }))
}

fn fold(
    complaint: Complaint,
    event: &redress_core::Event,
    id: ComplaintId,
    actor: &Actor,
    now: Timestamp,
) -> Complaint {
    let version = complaint.version().map_or(Version::FIRST, Version::next);
    let command_id = CommandId::derived(id, "test");
    let recorded = Recorded {
        event_id: EventId::derived(command_id, 0),
        complaint_id: id,
        version,
        position: Position::new(version.get() - 1),
        occurred_at: now,
        recorded_at: now,
        actor: actor.clone(),
        command_id,
        correlation_id: None,
        causation_id: None,
        schema: 1,
        event: event.clone(),
    };
    evolve(complaint, &recorded).unwrap()
}

/// The rows of the table, in its order, with what each asks for.
fn commands() -> Vec<(&'static str, Command)> {
    let refused = CloseReason::Refused {
        ground: "no_complaint".parse().unwrap(),
    };
    let contribution = NoteKind::Contribution {
        department: "warehouse".parse().unwrap(),
        done: true,
    };
    vec![
        ("received", receive()),
        (
            "classified",
            Classified::new("price".parse().unwrap()).into(),
        ),
        ("assigned", assign()),
        ("escalated", escalate()),
        ("resolved", Resolved::default().into()),
        (
            "feedback: acknowledgement",
            feedback(FeedbackKind::Acknowledgement, None),
        ),
        ("feedback: progress", feedback(FeedbackKind::Progress, None)),
        ("feedback: result", feedback(FeedbackKind::Result, None)),
        (
            "feedback: reply, content",
            feedback(FeedbackKind::CustomerReply, Some(Verdict::Accepted)),
        ),
        (
            "feedback: reply, dissatisfied",
            feedback(FeedbackKind::CustomerReply, Some(Verdict::Dissatisfied)),
        ),
        ("revisited: not reached", revisit(None)),
        (
            "revisited: satisfied",
            revisit(Some(Satisfaction::Satisfied)),
        ),
        ("revisited: neutral", revisit(Some(Satisfaction::Neutral))),
        (
            "revisited: dissatisfied",
            revisit(Some(Satisfaction::Dissatisfied)),
        ),
        ("paused", pause()),
        (
            "resumed, during a pause",
            Resumed {
                cause: ResumeCause::Arrived,
            }
            .into(),
        ),
        ("noted: investigation", note(NoteKind::Investigation)),
        (
            "noted: contribution of an open joint part",
            note(contribution),
        ),
        ("amended", amend()),
        ("linked", link()),
        ("extended, of the final clock", extend()),
        (
            "closed: withdrawn",
            Closed::new(CloseReason::Withdrawn).into(),
        ),
        ("closed: refused", Closed::new(refused).into()),
        ("reopened", reopen()),
        ("erased", erase()),
    ]
}

fn receive() -> Command {
    received().into()
}

fn receive_as_fact() -> redress_core::Event {
    received().into()
}

fn received() -> Received {
    Received::new(
        Customer::new(subject()),
        Channel::Email,
        person("agent-1"),
        "service-desk".parse().unwrap(),
        ReceivedPersonal::default(),
    )
}

fn assign() -> Command {
    let lead = Assignee::department("logistics".parse().unwrap());
    let joint = JointTask {
        assignee: Assignee::department("warehouse".parse().unwrap()),
        task: "count the stock".to_owned(),
        limit: None,
    };
    Assign {
        joint: vec![joint],
        ..Assign::to(lead, AssignReason::Initial)
    }
    .into()
}

fn escalate() -> Command {
    Escalate {
        to_level: None,
        to: None,
        trigger: Trigger::Manual,
        reason: "it spreads".to_owned(),
    }
    .into()
}

fn feedback(kind: FeedbackKind, verdict: Option<Verdict>) -> Command {
    Feedback {
        verdict,
        ..Feedback::new(kind, Channel::Email, "words")
    }
    .into()
}

fn revisit(result: Option<Satisfaction>) -> Command {
    let outcome = match result {
        None => RevisitOutcome::NotReached {
            why: "no answer".to_owned(),
        },
        Some(result) => RevisitOutcome::Reached {
            result,
            process: Satisfaction::Satisfied,
            score: None,
            residual_problem: false,
            would_recommend: None,
            survey: None,
        },
    };
    Revisit {
        method: Channel::PhoneHotline,
        agent: person("agent-2"),
        outcome,
        personal: Personal::Withheld,
    }
    .into()
}

fn pause() -> Command {
    Paused {
        reason: PauseReason::AwaitingCustomer,
        until: None,
        personal: Personal::Withheld,
    }
    .into()
}

fn note(kind: NoteKind) -> Command {
    Noted {
        kind,
        evidence: Vec::new(),
        personal: Personal::Withheld,
    }
    .into()
}

fn amend() -> Command {
    Amended {
        cause: AmendmentCause::ManualReview,
        patch: Vec::new(),
        outcome: AmendOutcome::Confirmed,
        warnings: None,
        personal: Personal::Withheld,
    }
    .into()
}

fn link() -> Command {
    Linked {
        relation: Relation::Related,
        target: complaint_id(2),
        unlink: false,
    }
    .into()
}

fn extend() -> Command {
    Extended {
        clock: ClockKind::Final,
        new_due: "2026-12-24T00:00:00Z".parse().unwrap(),
        reason: "a test takes longer".to_owned(),
        approved_by: person("head-1"),
        customer_told: true,
    }
    .into()
}

fn reopen() -> Command {
    Reopened {
        reason: "it broke again".to_owned(),
        requested_by: Requester::Customer,
    }
    .into()
}

fn erase() -> Command {
    Erased {
        subject: subject(),
        basis: "the customer's request".to_owned(),
    }
    .into()
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn subject() -> SubjectId {
    SubjectId::from_random([7; 16])
}

fn complaint_id(number: u8) -> ComplaintId {
    ComplaintId::from_parts(hour(0), [number; 10])
}

/// So many hours after nine o'clock on 2 March 2026.
fn hour(number: u64) -> Timestamp {
    let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    start + Span::hours(i64::try_from(number).unwrap())
}

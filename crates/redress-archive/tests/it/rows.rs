//! What the row and the file of a complaint say, worked by hand.

use redress_archive::{Archive, ComplaintFile, Involvement, Part};
use redress_core::event::{
    AmendedPersonal, AssignReason, Cause, Change, CloseReason, Feedback, FeedbackKind, Flag,
    JointTask, Linked, Product, Relation, RemedyKind, Reopened, Requester, Satisfaction, Upheld,
    Verdict,
};
use redress_core::{
    Assign, Channel, Command, Escalate, Event, EventType, Level, Policy, Position, Span, State,
    Version,
};
use redress_store::Projection;

use crate::histories::{
    History, LEDGER, amended, as_facts, assign, assignee, classified, closed, complaint, erased,
    feedback, note, received, resolved, revisit, source_record, start, subject,
};

/// The file of the first complaint after these wishes, an hour apart.
fn file_after(wishes: Vec<Command>) -> ComplaintFile {
    let mut history = History::new(Policy::standard());
    history.wait(Span::hours(1));
    let other = received(9, "another", "complaint").into();
    history.try_do(complaint(9), "ann", &other).unwrap();
    for wish in wishes {
        history.then(complaint(1), wish);
    }
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    archive.file(complaint(1)).unwrap().unwrap()
}

fn solved() -> Vec<Command> {
    vec![
        received(1, "parcel", "late").into(),
        classified("delivery/delay").into(),
        assign("logistics", "ann").into(),
        resolved("service/slow_response", "refunded").into(),
        feedback(FeedbackKind::Result, "refunded").into(),
    ]
}

#[test]
fn a_complaint_just_received() {
    let mut letter = received(1, "包裹", "延迟");
    letter.external_ref = Some("INC-1".parse().unwrap());
    letter.flags = vec![Flag::Group];
    let file = file_after(vec![letter.into()]);
    let summary = &file.summary;
    assert_eq!(summary.id, complaint(1));
    assert_eq!(summary.version, Version::FIRST);
    assert_eq!(summary.external_ref.as_ref().unwrap().as_str(), "INC-1");
    assert_eq!(summary.channel, Channel::Email);
    assert_eq!(summary.subject, subject(1));
    assert_eq!(summary.intake_department.as_str(), "intake");
    assert_eq!(summary.flags, [Flag::Group]);
    assert_eq!(summary.state, State::Received);
    assert_eq!((summary.cycle.get(), summary.level.get()), (1, 0));
    assert_eq!(summary.received_at, start() + Span::hours(2));
    assert_eq!((summary.resolved_at, summary.closed_at), (None, None));
    assert_eq!((&summary.category, &summary.lead), (&None, &None));
    assert_eq!((&summary.remedies, summary.outcome()), (&None, None));
    let said = file.personal.known().unwrap();
    assert_eq!(
        (said.subject.as_str(), said.description.as_str()),
        ("包裹", "延迟")
    );
    assert_eq!(said.name.as_deref(), Some("王芳"));
    assert!(file.source_facts.is_empty());
    assert_eq!(file.timeline.len(), 1);
}

#[test]
fn a_complaint_closed_to_the_customers_content() {
    let mut wishes = solved();
    wishes.push(revisit(Satisfaction::Satisfied, "").into());
    let file = file_after(wishes);
    let summary = &file.summary;
    assert_eq!(summary.state, State::Closed);
    assert_eq!(summary.close_reason, Some(CloseReason::Satisfied));
    assert_eq!(summary.closed_at, Some(start() + Span::hours(7)));
    assert_eq!(summary.resolved_at, Some(start() + Span::hours(5)));
    assert_eq!(summary.lead, Some(assignee("logistics", "ann")));
    assert_eq!(
        summary.cause.as_ref().unwrap().as_str(),
        "service/slow_response"
    );
    assert_eq!(summary.upheld, Some(Upheld::Upheld));
    assert_eq!(
        summary.remedies.as_ref().unwrap()[0].kind,
        RemedyKind::Refund
    );
    assert_eq!(summary.satisfaction, Some(Satisfaction::Satisfied));
    // The revisit and the closing are one append.
    assert_eq!(summary.version, Version::new(7));
    let kinds: Vec<EventType> = file
        .timeline
        .iter()
        .map(|fact| fact.event.event_type())
        .collect();
    assert_eq!(
        kinds,
        [
            EventType::Received,
            EventType::Classified,
            EventType::Assigned,
            EventType::Resolved,
            EventType::Feedback,
            EventType::Revisited,
            EventType::Closed,
        ]
    );
    assert_eq!(file.timeline[0].position, Position::new(1));
    assert_eq!(file.timeline[6].position, Position::new(7));
    assert_eq!(file.timeline[3].actor.id.as_str(), "ann");
}

#[test]
fn a_solution_stands_until_the_handling_begins_again() {
    let mut wishes = solved();
    wishes.push(revisit(Satisfaction::Dissatisfied, "").into());
    let again = file_after(wishes.clone()).summary;
    assert_eq!((again.state, again.cycle.get()), (State::Processing, 2));
    assert_eq!(
        (again.resolved_at, again.cause, again.upheld),
        (None, None, None)
    );
    assert_eq!(again.remedies, None);
    assert_eq!(again.satisfaction, Some(Satisfaction::Dissatisfied));
    wishes.push(resolved("product/design_defect", "exchanged").into());
    let summary = file_after(wishes).summary;
    assert_eq!(summary.cause.unwrap().as_str(), "product/design_defect");
    assert_eq!(summary.resolved_at, Some(start() + Span::hours(8)));
}

/// As everywhere: a verdict on a solution that no longer stands is no verdict, though the customer was reached.
#[test]
fn a_verdict_is_taken_back_when_the_complaint_is_opened_again() {
    let mut wishes = solved();
    wishes.push(revisit(Satisfaction::Satisfied, "").into());
    let closed = file_after(wishes.clone()).summary;
    assert_eq!(closed.satisfaction, Some(Satisfaction::Satisfied));
    let reopened = Reopened {
        reason: "it broke again".to_owned(),
        requested_by: Requester::Customer,
    };
    wishes.push(reopened.into());
    let again = file_after(wishes).summary;
    assert_eq!((again.state, again.cycle.get()), (State::Processing, 2));
    assert_eq!(again.satisfaction, None);
    assert!(again.reached && again.asked);
}

#[test]
fn a_reopened_complaint_is_not_closed() {
    let mut wishes = solved();
    wishes.push(closed(CloseReason::Withdrawn, "taken back").into());
    let reopened = Reopened {
        reason: "it broke again".to_owned(),
        requested_by: Requester::Customer,
    };
    wishes.push(reopened.into());
    let summary = file_after(wishes).summary;
    assert_eq!((summary.state, summary.cycle.get()), (State::Processing, 2));
    assert_eq!((summary.closed_at, summary.close_reason), (None, None));
}

#[test]
fn every_department_that_had_a_part_is_kept() {
    let joint = Assign {
        joint: vec![JointTask {
            assignee: assignee("warehouse", "dan"),
            task: "look for the parcel".to_owned(),
            limit: None,
        }],
        ..assign("billing", "bob")
    };
    let escalate = Escalate {
        to_level: None,
        to: Some(assignee("management", "eve")),
        trigger: redress_core::event::Trigger::CustomerDemand,
        reason: "asked for the manager".to_owned(),
    };
    let returned = Assign {
        reason: AssignReason::Reassign,
        ..assign("logistics", "ann")
    };
    let summary = file_after(vec![
        received(1, "parcel", "late").into(),
        classified("delivery/delay").into(),
        joint.into(),
        escalate.into(),
        returned.into(),
    ])
    .summary;
    let had = |department: &str, part| Involvement {
        department: department.parse().unwrap(),
        part,
    };
    assert_eq!(
        summary.involved,
        [
            had("billing", Part::Lead),
            had("logistics", Part::Lead),
            had("management", Part::Escalation),
            had("warehouse", Part::Joint),
        ]
    );
    assert_eq!(summary.lead, Some(assignee("logistics", "ann")));
    assert_eq!(summary.level, Level::new(1));
}

#[test]
fn corrections_show_in_the_row() {
    let kettle = Product {
        code: "kettle".parse().unwrap(),
        model: None,
        batch: None,
        order_ref: None,
    };
    let patch = vec![
        Change::Product(None),
        Change::Product(Some(kettle.clone())),
        Change::Tags(vec!["seen".parse().unwrap()]),
        Change::Flags(vec![Flag::PublicityRisk]),
        Change::Language(Some("zh-CN".parse().unwrap())),
        Change::Account(Some("A-17".parse().unwrap())),
        Change::Upheld(Upheld::Partly),
        Change::Causes {
            primary: Cause::new("market/culture".parse().unwrap()),
            contributing: Vec::new(),
        },
    ];
    let personal = AmendedPersonal {
        name: Some("李雷".to_owned()),
        subject: Some("kettle".to_owned()),
        ..AmendedPersonal::default()
    };
    let mut wishes = solved();
    wishes.push(amended(patch, personal).into());
    // A check that found all right changes nothing.
    wishes.push(amended(vec![], AmendedPersonal::default()).into());
    let file = file_after(wishes);
    let summary = &file.summary;
    assert_eq!(summary.product, Some(kettle));
    assert_eq!(summary.tags, ["seen".parse().unwrap()]);
    assert_eq!(summary.flags, [Flag::PublicityRisk]);
    assert_eq!(summary.language.as_ref().unwrap().as_str(), "zh-CN");
    assert_eq!(summary.account.as_ref().unwrap().as_str(), "A-17");
    assert_eq!(summary.upheld, Some(Upheld::Partly));
    assert_eq!(summary.cause.as_ref().unwrap().as_str(), "market/culture");
    let said = file.personal.known().unwrap();
    assert_eq!(said.name.as_deref(), Some("李雷"));
    assert_eq!(
        (said.subject.as_str(), said.description.as_str()),
        ("kettle", "late")
    );
    assert_eq!(said.contacts.len(), 1);
    let Event::Received(intake) = &file.timeline[0].event else {
        panic!("the time line begins with the receipt");
    };
    assert_eq!(intake.personal.known().unwrap().subject, "parcel");
}

#[test]
fn ties_come_and_go() {
    let tie = |relation, unlink| Linked {
        relation,
        target: complaint(9),
        unlink,
    };
    let summary = file_after(vec![
        received(1, "parcel", "late").into(),
        tie(Relation::Related, false).into(),
        tie(Relation::DuplicateOf, false).into(),
        tie(Relation::Related, true).into(),
        closed(CloseReason::Duplicate { of: complaint(9) }, "see there").into(),
    ])
    .summary;
    assert_eq!(summary.links, [tie(Relation::DuplicateOf, false)]);
    let reason = CloseReason::Duplicate { of: complaint(9) };
    assert_eq!(summary.close_reason, Some(reason));
}

#[test]
fn of_a_source_fact_recorded_twice_the_last_value_counts() {
    let file = file_after(vec![
        received(1, "parcel", "late").into(),
        source_record("priority", "3 - Moderate").into(),
        source_record("group", "Group 70").into(),
        source_record("priority", "2 - High").into(),
        note("read").into(),
    ]);
    let facts: Vec<(&str, &str, &str)> = file
        .source_facts
        .iter()
        .map(|fact| {
            (
                fact.system.as_str(),
                fact.field.as_str(),
                fact.value.as_str(),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            ("helpdesk", "group", "Group 70"),
            ("helpdesk", "priority", "2 - High"),
        ]
    );
}

#[test]
fn an_erasure_keeps_what_is_not_personal() {
    let reply = Feedback {
        verdict: Some(Verdict::Accepted),
        ..feedback(FeedbackKind::CustomerReply, "thank you")
    };
    let mut wishes = solved();
    wishes.push(reply.into());
    let before = file_after(wishes.clone()).summary;
    wishes.push(erased(1).into());
    let after = file_after(wishes).summary;
    assert_eq!(
        after,
        redress_archive::Summary {
            version: before.version.next(),
            ..before
        }
    );
}

#[test]
fn an_unknown_complaint_has_no_file() {
    let archive = Archive::in_memory(LEDGER).unwrap();
    assert_eq!(archive.file(complaint(1)).unwrap(), None);
}

//! Facts with every field set, one at least of every kind. Whatever is personal in them holds the word [`SECRET`].

use redress_core::event::{
    Agreement, AmendOutcome, Amended, AmendedPersonal, AmendmentCause, AssignReason, Assigned,
    Assignee, AssignmentNote, Cause, CauseMethod, Change, Classified, CloseReason, Closed,
    ClosingNote, ComplainedAbout, Complexity, Contact, ContactKind, Customer, Demand, DemandKind,
    Directness, Emotion, Erased, Escalated, Evidence, Extended, Feedback, FeedbackKind,
    FeedbackText, Flag, Form, ImpactScope, InitialAssessment, JointTask, Linked, Money, Nature,
    NoteKind, NoteText, Noted, Occurrence, PauseNote, PauseReason, Paused, Priority, Product,
    Received, ReceivedPersonal, Relation, Remedy, RemedyKind, Reopened, Requester, Resolved,
    ResolvedPersonal, ResumeCause, Resumed, RevisitNote, RevisitOutcome, Revisited, Satisfaction,
    ServiceStage, Severity, SolutionOption, Source, Trigger, Upheld, Verdict,
};
use redress_core::intake::Warning;
use redress_core::{
    Channel, ClockKind, ComplaintId, Cycle, Epoch, Event, Level, Personal, Span, SubjectId, Target,
    Timestamp,
};
use uuid::Uuid;

/// Stands in every personal text and in no other.
pub(crate) const SECRET: &str = "王芳-13800138000";

/// Takes a text that a code may look like.
pub(crate) fn code<T>(text: &str) -> T
where
    T: std::str::FromStr,
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn other_complaint() -> ComplaintId {
    ComplaintId::new(Uuid::from_u128(0xbeef))
}

fn money(minor_units: i64) -> Money {
    Money {
        minor_units,
        currency: "CNY".to_owned().try_into().unwrap(),
    }
}

fn evidence() -> Evidence {
    Evidence {
        uri: "s3://evidence/1".to_owned(),
        media_type: "image/jpeg".to_owned(),
        sha256: "0123456789abcdef".repeat(4).try_into().unwrap(),
    }
}

fn product() -> Product {
    Product {
        code: code("kettle"),
        model: Some(code("K-2")),
        batch: Some(code("2026-02")),
        order_ref: Some(code("o-77")),
    }
}

fn cause(text: &str) -> Cause {
    Cause {
        code: code(text),
        directness: Some(Directness::Indirect),
        method: Some(CauseMethod::CaseStudy),
        responsible_department: Some(code("logistics")),
        evidence: Some("the van log".to_owned()),
    }
}

pub(crate) fn received() -> Received {
    let personal = ReceivedPersonal {
        name: Some(SECRET.to_owned()),
        contacts: vec![Contact {
            kind: ContactKind::Phone,
            value: SECRET.to_owned(),
        }],
        on_behalf_of: Some(SECRET.to_owned()),
        subject: format!("退款 {SECRET}"),
        description: format!("line one\nline \"two\" \\ {SECRET}"),
        captions: vec![SECRET.to_owned()],
        place: Some(SECRET.to_owned()),
    };
    Received {
        external_ref: Some(code("2026-000123")),
        customer: Customer {
            subject: SubjectId::new(Uuid::from_u128(5)),
            account: Some(code("a-1")),
            preferred_contact: Some(Channel::Sms),
            anonymous: true,
        },
        channel: Channel::ThirdParty,
        channel_detail: Some(code("12315")),
        source: Source::External,
        form: Form::Oral,
        receiver: code("li.na"),
        intake_department: code("service"),
        evidence: vec![evidence()],
        product: Some(product()),
        occurred: Some(Occurrence {
            time: time("2026-03-01T08:00:00Z"),
        }),
        demand: Some(Demand {
            kind: DemandKind::Solve,
            remedies_sought: vec![RemedyKind::Refund, RemedyKind::Apology],
        }),
        emotion: Some(Emotion::Angry),
        complained_about: vec![
            ComplainedAbout::Department(code("logistics")),
            ComplainedAbout::Person(code("wang.wei")),
        ],
        initial: Some(InitialAssessment {
            nature: Some(Nature::Emotional),
            priority: Some(Priority::High),
        }),
        flags: vec![Flag::Vulnerable, Flag::PublicityRisk, Flag::Group],
        language: Some(code("zh-CN")),
        tags: vec![code("典型案例")],
        warnings: Vec::new(),
        personal: Personal::Known(personal),
    }
}

fn classified() -> Classified {
    Classified {
        category: code("delivery/late"),
        nature: Nature::NonFunctional,
        severity: Severity::Serious,
        priority: Priority::Urgent,
        complexity: Complexity::Complex,
        safety: true,
        impact_scope: ImpactScope::Many,
        service_stage: Some(ServiceStage::AfterSale),
        suggested_department: Some(code("logistics")),
        automatic: true,
        confidence_percent: Some(87),
        reason: Some("more customers".to_owned()),
    }
}

pub(crate) fn assigned() -> Assigned {
    Assigned {
        epoch: Epoch::new(2),
        lead: Assignee::person(code("logistics"), code("zhao.lei")),
        joint: vec![JointTask {
            assignee: Assignee::department(code("billing")),
            task: "check the fee".to_owned(),
            limit: Some(Target::At(time("2026-03-09T00:00:00Z"))),
        }],
        limit: Some(Target::Elapsed(Span::hours(48))),
        reason: AssignReason::Returned,
        explanation: Some("wrong region".to_owned()),
        personal: Personal::Known(AssignmentNote {
            note: SECRET.to_owned(),
        }),
    }
}

fn escalated(trigger: Trigger) -> Escalated {
    Escalated {
        from_level: Level::new(0),
        to_level: Level::new(2),
        to: Some(Assignee::department(code("quality"))),
        trigger,
        reason: "half the time is gone".to_owned(),
    }
}

pub(crate) fn resolved() -> Resolved {
    Resolved {
        remedies: Some(vec![
            Remedy {
                kind: RemedyKind::Refund,
                amount: Some(money(12_800)),
            },
            Remedy {
                kind: RemedyKind::Apology,
                amount: None,
            },
        ]),
        options_offered: vec![SolutionOption {
            summary: "another kettle".to_owned(),
            cost: Some(money(9_000)),
            benefit: Some("at once".to_owned()),
            chosen: true,
        }],
        agreement: Some(Agreement {
            confirmed_by_customer: true,
            at: time("2026-03-04T02:30:00.5Z"),
        }),
        primary_cause: Some(cause("service/delivery_failure")),
        contributing_causes: vec![Cause::new(code("management/poor_coordination"))],
        follow_up: Some(time("2026-04-01T00:00:00Z")),
        upheld: Some(Upheld::Partly),
        cost: Some(money(-1)),
        template: Some(code("refund-1")),
        personal: Personal::Known(ResolvedPersonal {
            solution: SECRET.to_owned(),
        }),
    }
}

fn feedback(kind: FeedbackKind) -> Feedback {
    Feedback {
        kind,
        channel: Channel::PhoneHotline,
        form: Form::Oral,
        template: Some(code("result-1")),
        promised_by: Some(time("2026-03-05T00:00:00.000001Z")),
        automated: true,
        verdict: Some(Verdict::Dissatisfied),
        personal: Personal::Known(FeedbackText {
            content: SECRET.to_owned(),
            opinion: Some(SECRET.to_owned()),
        }),
    }
}

fn revisited(outcome: RevisitOutcome) -> Revisited {
    Revisited {
        attempt: 3,
        method: Channel::Email,
        agent: code("sun.li"),
        outcome,
        personal: Personal::Known(RevisitNote {
            suggestion: SECRET.to_owned(),
        }),
    }
}

fn noted(kind: NoteKind) -> Noted {
    Noted {
        kind,
        evidence: vec![evidence()],
        personal: Personal::Known(NoteText {
            text: SECRET.to_owned(),
        }),
    }
}

fn amended() -> Amended {
    Amended {
        cause: AmendmentCause::CustomerConfirmation,
        patch: vec![
            Change::Product(Some(product())),
            Change::Product(None),
            Change::Occurred(Some(Occurrence {
                time: Timestamp::MIN,
            })),
            Change::Demand(Some(Demand {
                kind: DemandKind::Inform,
                remedies_sought: vec![],
            })),
            Change::Emotion(Some(Emotion::Calm)),
            Change::Account(Some(code("a-2"))),
            Change::Causes {
                primary: cause("product/design_defect"),
                contributing: vec![cause("market/culture")],
            },
            Change::Upheld(Upheld::NotUpheld),
            Change::Cost(Some(money(i64::MAX))),
            Change::Flags(vec![Flag::Group]),
            Change::Tags(vec![]),
            Change::Language(None),
        ],
        outcome: AmendOutcome::Corrected,
        warnings: Some(vec![Warning::NoProduct]),
        personal: Personal::Known(AmendedPersonal {
            name: Some(SECRET.to_owned()),
            contacts: Some(vec![Contact {
                kind: ContactKind::Email,
                value: SECRET.to_owned(),
            }]),
            subject: Some(SECRET.to_owned()),
            description: Some(SECRET.to_owned()),
            place: Some(SECRET.to_owned()),
        }),
    }
}

fn closed(reason: CloseReason) -> Closed {
    Closed {
        reason,
        personal: Personal::Known(ClosingNote {
            note: SECRET.to_owned(),
        }),
    }
}

/// Facts of every kind, and of every shape of those that have several.
pub(crate) fn all() -> Vec<Event> {
    let reached = RevisitOutcome::Reached {
        result: Satisfaction::Neutral,
        process: Satisfaction::Dissatisfied,
        score: Some(4),
        residual_problem: true,
        would_recommend: Some(10),
        survey: Some(code("s-1")),
    };
    let unreached = RevisitOutcome::NotReached {
        why: "no answer".to_owned(),
    };
    let contribution = NoteKind::Contribution {
        department: code("billing"),
        done: false,
    };
    let facts = [("状态", "open"), ("made_sla", "true")];
    let source_record = NoteKind::SourceRecord {
        system: code("helpdesk"),
        facts: facts.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
    };
    let mut events: Vec<Event> = vec![
        received().into(),
        classified().into(),
        assigned().into(),
        resolved().into(),
        revisited(reached).into(),
        revisited(unreached).into(),
        Paused {
            reason: PauseReason::Appraisal,
            until: Some(time("2026-03-08T00:00:00Z")),
            personal: Personal::Known(PauseNote {
                note: SECRET.to_owned(),
            }),
        }
        .into(),
        Resumed {
            cause: ResumeCause::GivenUp,
        }
        .into(),
        amended().into(),
        Linked {
            relation: Relation::PartOf,
            target: other_complaint(),
            unlink: true,
        }
        .into(),
        Extended {
            clock: ClockKind::Resolution,
            new_due: Timestamp::MAX,
            reason: "a part is on its way".to_owned(),
            approved_by: code("head"),
            customer_told: true,
        }
        .into(),
        Reopened {
            reason: "it broke again".to_owned(),
            requested_by: Requester::Authority,
        }
        .into(),
        Erased {
            subject: SubjectId::new(Uuid::from_u128(5)),
            basis: "request of the subject".to_owned(),
        }
        .into(),
    ];
    let triggers = [
        Trigger::Clock {
            clock: ClockKind::Handling,
            percent: 150,
        },
        Trigger::Manual,
        Trigger::Dissatisfied {
            cycle: Cycle::new(3),
        },
        Trigger::External,
    ];
    events.extend(triggers.map(|trigger| escalated(trigger).into()));
    let kinds = [
        FeedbackKind::Acknowledgement,
        FeedbackKind::Progress,
        FeedbackKind::Result,
        FeedbackKind::CustomerReply,
    ];
    events.extend(kinds.map(|kind| feedback(kind).into()));
    let notes = [NoteKind::Investigation, contribution, source_record];
    events.extend(notes.map(|kind| noted(kind).into()));
    let reasons = [
        CloseReason::Satisfied,
        CloseReason::Refused {
            ground: code("not ours"),
        },
        CloseReason::Duplicate {
            of: other_complaint(),
        },
    ];
    events.extend(reasons.map(|reason| closed(reason).into()));
    events
}

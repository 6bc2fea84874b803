//! Wishes: commands in outline, which become whole where a complaint stands.

use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, AssignReason, Cause, Classified, CloseReason, Closed,
    Erased, Extended, Feedback, FeedbackKind, JointTask, Linked, NoteKind, NoteText, Noted,
    PauseReason, Paused, Priority, Relation, Reopened, Requester, Resolved, ResolvedPersonal,
    ResumeCause, Resumed, Satisfaction, Trigger, Upheld, Verdict,
};
use redress_core::{
    Assign, Channel, ClockKind, Command, Complaint, Escalate, Personal, Policy, Revisit, Span,
    SubjectId, Timestamp,
};

use crate::cast::{Cast, OTHER, built_in};

/// A command in outline. People are numbers into a [`Cast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wish {
    /// Take the complaint in.
    Receive,
    /// Give it a class of this priority.
    Classify(Priority),
    /// Give it to somebody, alone or with another department's part.
    Assign {
        /// Who answers for it.
        lead: usize,
        /// Whether another department contributes.
        joint: bool,
    },
    /// Another department's part is done, or waived.
    Contribute {
        /// Done; otherwise waived.
        done: bool,
    },
    /// A level up, with somebody who watches over it, or without.
    Escalate {
        /// Who watches over it.
        to: Option<usize>,
    },
    /// Record a solution.
    Resolve,
    /// Tell the customer that it arrived.
    Acknowledge,
    /// Tell the customer how far it is.
    Progress,
    /// Tell the customer the result.
    TellResult,
    /// The customer answers.
    Reply(Option<Verdict>),
    /// Somebody calls the customer in vain.
    NotReached {
        /// Who calls.
        agent: usize,
    },
    /// Somebody reaches the customer.
    Reached {
        /// Who calls.
        agent: usize,
        /// What the customer says.
        result: Satisfaction,
    },
    /// Let the clocks stand still for a day.
    Pause,
    /// Let them run again.
    Resume,
    /// Write a step down.
    Note,
    /// Record that the facts were checked.
    Amend,
    /// Move a deadline by a day, with somebody's approval.
    Extend {
        /// Which.
        clock: ClockKind,
        /// Who approves.
        approver: usize,
    },
    /// Say that it is a duplicate of another complaint.
    Link,
    /// Close it.
    Close(End),
    /// Open it again.
    Reopen,
    /// Set the tombstone of the customer's personal data.
    Erase,
}

/// Why a complaint ends, in outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "each stands for the `CloseReason` of the same name"
)]
pub enum End {
    Satisfied,
    Withdrawn,
    Refused,
    Duplicate,
    Unreachable,
    FinalPosition,
    Waived,
}

impl End {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Satisfied,
        Self::Withdrawn,
        Self::Refused,
        Self::Duplicate,
        Self::Unreachable,
        Self::FinalPosition,
        Self::Waived,
    ];

    fn reason(self) -> CloseReason {
        match self {
            Self::Satisfied => CloseReason::Satisfied,
            Self::Withdrawn => CloseReason::Withdrawn,
            Self::Refused => CloseReason::Refused {
                ground: built_in("no_complaint"),
            },
            Self::Duplicate => CloseReason::Duplicate { of: OTHER },
            Self::Unreachable => CloseReason::Unreachable,
            Self::FinalPosition => CloseReason::FinalPosition,
            Self::Waived => CloseReason::Waived,
        }
    }
}

/// A wish and who has it, as a number into a [`Cast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Move {
    /// Who wants it.
    pub by: usize,
    /// What.
    pub wish: Wish,
}

/// What a pause or an extension of a made-up history lasts, at most.
const DAY: Span = Span::days(1);

impl Wish {
    /// The command, for a complaint that stands like this at `now`.
    #[must_use]
    pub fn command(
        self,
        cast: &Cast,
        complaint: &Complaint,
        policy: &Policy,
        now: Timestamp,
    ) -> Command {
        match self {
            Self::Receive => cast.letter().into(),
            Self::Classify(priority) => classified(cast, priority).into(),
            Self::Assign { lead, joint } => assign(cast, complaint, lead, joint).into(),
            Self::Contribute { done } => note(NoteKind::Contribution {
                department: cast.joint.clone(),
                done,
            }),
            Self::Escalate { to } => Escalate {
                to_level: None,
                to: to.map(|number| cast.lead(number)),
                trigger: Trigger::Manual,
                reason: "it takes too long".to_owned(),
            }
            .into(),
            Self::Resolve => resolved(cast).into(),
            Self::Acknowledge => told(FeedbackKind::Acknowledgement).into(),
            Self::Progress => told(FeedbackKind::Progress).into(),
            Self::TellResult => told(FeedbackKind::Result).into(),
            Self::Reply(verdict) => Feedback {
                verdict,
                ..told(FeedbackKind::CustomerReply)
            }
            .into(),
            Self::NotReached { agent } => {
                Revisit::not_reached(Channel::PhoneHotline, cast.person(agent).id, "no answer")
                    .into()
            }
            Self::Reached { agent, result } => {
                Revisit::reached(Channel::PhoneHotline, cast.person(agent).id, result).into()
            }
            Self::Pause => Paused {
                reason: policy
                    .pause
                    .reasons
                    .first()
                    .copied()
                    .unwrap_or(PauseReason::AwaitingCustomer),
                until: Some(now + DAY.min(policy.pause.longest).max(Span::micros(1))),
                personal: Personal::Withheld,
            }
            .into(),
            Self::Resume => Resumed {
                cause: ResumeCause::Arrived,
            }
            .into(),
            Self::Note => note(NoteKind::Investigation),
            Self::Amend => {
                Amended::check(AmendmentCause::ManualReview, AmendOutcome::Confirmed).into()
            }
            Self::Extend { clock, approver } => Extended {
                clock,
                new_due: due(complaint, policy, clock, now) + DAY,
                reason: "a part is missing".to_owned(),
                approved_by: cast.person(approver).id,
                customer_told: true,
            }
            .into(),
            Self::Link => Linked {
                relation: Relation::DuplicateOf,
                target: OTHER,
                unlink: false,
            }
            .into(),
            Self::Close(end) => Closed::new(end.reason()).into(),
            Self::Reopen => {
                let reason = "it broke again".to_owned();
                Reopened {
                    reason,
                    requested_by: Requester::Customer,
                }
                .into()
            }
            Self::Erase => Erased {
                subject: complaint
                    .case()
                    .map_or_else(|| SubjectId::from_random([7; 16]), |case| case.subject),
                basis: "on request".to_owned(),
            }
            .into(),
        }
    }

    /// The people it names.
    pub(crate) const fn names(self) -> Option<usize> {
        match self {
            Self::Assign { lead: number, .. }
            | Self::Escalate { to: Some(number) }
            | Self::NotReached { agent: number }
            | Self::Reached { agent: number, .. }
            | Self::Extend {
                approver: number, ..
            } => Some(number),
            Self::Receive
            | Self::Classify(_)
            | Self::Contribute { .. }
            | Self::Escalate { to: None }
            | Self::Resolve
            | Self::Acknowledge
            | Self::Progress
            | Self::TellResult
            | Self::Reply(_)
            | Self::Pause
            | Self::Resume
            | Self::Note
            | Self::Amend
            | Self::Link
            | Self::Close(_)
            | Self::Reopen
            | Self::Erase => None,
        }
    }
}

fn classified(cast: &Cast, priority: Priority) -> Classified {
    Classified {
        priority,
        reason: Some("read again".to_owned()),
        ..Classified::new(cast.category.clone())
    }
}

fn assign(cast: &Cast, complaint: &Complaint, lead: usize, joint: bool) -> Assign {
    let reason = if complaint.ownership().is_none() {
        AssignReason::Initial
    } else {
        AssignReason::Reassign
    };
    let task = JointTask {
        assignee: redress_core::event::Assignee::department(cast.joint.clone()),
        task: "look for the parcel".to_owned(),
        limit: None,
    };
    Assign {
        joint: if joint { vec![task] } else { Vec::new() },
        ..Assign::to(cast.lead(lead), reason)
    }
}

fn resolved(cast: &Cast) -> Resolved {
    Resolved {
        remedies: Some(Vec::new()),
        primary_cause: Some(Cause::new(cast.cause.clone())),
        upheld: Some(Upheld::Upheld),
        personal: Personal::Known(ResolvedPersonal {
            solution: "Sent again.".to_owned(),
        }),
        ..Resolved::default()
    }
}

fn told(kind: FeedbackKind) -> Feedback {
    Feedback::new(kind, Channel::Email, "We looked into it.")
}

fn note(kind: NoteKind) -> Command {
    let personal = Personal::Known(NoteText {
        text: "Looked into it.".to_owned(),
    });
    Noted {
        kind,
        evidence: Vec::new(),
        personal,
    }
    .into()
}

fn due(complaint: &Complaint, policy: &Policy, kind: ClockKind, now: Timestamp) -> Timestamp {
    complaint
        .case()
        .and_then(|case| {
            let clock = case.running(kind).last()?;
            clock.read(&case.pauses, policy, now).due
        })
        .unwrap_or(now)
}

/// Every wish there is, about so many people.
pub(crate) fn vocabulary(people: usize) -> Vec<Wish> {
    let mut all = vec![
        Wish::Receive,
        Wish::Escalate { to: None },
        Wish::Resolve,
        Wish::Acknowledge,
        Wish::Progress,
        Wish::TellResult,
        Wish::Pause,
        Wish::Resume,
        Wish::Note,
        Wish::Amend,
        Wish::Link,
        Wish::Reopen,
        Wish::Erase,
        Wish::Contribute { done: true },
        Wish::Contribute { done: false },
        Wish::Reply(None),
    ];
    all.extend(
        [
            Priority::Low,
            Priority::Normal,
            Priority::High,
            Priority::Urgent,
        ]
        .map(Wish::Classify),
    );
    let verdicts = [
        Verdict::Satisfied,
        Verdict::Neutral,
        Verdict::Dissatisfied,
        Verdict::Accepted,
        Verdict::Rejected,
    ];
    all.extend(verdicts.map(|verdict| Wish::Reply(Some(verdict))));
    all.extend(End::ALL.map(Wish::Close));
    for number in 0..people {
        all.extend([true, false].map(|joint| Wish::Assign {
            lead: number,
            joint,
        }));
        all.push(Wish::Escalate { to: Some(number) });
        all.push(Wish::NotReached { agent: number });
        let results = [
            Satisfaction::Satisfied,
            Satisfaction::Neutral,
            Satisfaction::Dissatisfied,
        ];
        all.extend(results.map(|result| Wish::Reached {
            agent: number,
            result,
        }));
        all.extend(ClockKind::ALL.map(|clock| Wish::Extend {
            clock,
            approver: number,
        }));
    }
    all
}

impl Wish {
    /// Rust source that makes it.
    pub(crate) fn source(self) -> String {
        let shown = format!("{self:?}");
        let typed = [
            ("Classify(", "Classify(Priority::"),
            ("Reply(Some(", "Reply(Some(Verdict::"),
            ("result: ", "result: Satisfaction::"),
            ("clock: ", "clock: ClockKind::"),
            ("Close(", "Close(End::"),
        ];
        let source = typed
            .into_iter()
            .fold(shown, |source, (from, to)| source.replace(from, to));
        format!("Wish::{source}")
    }
}

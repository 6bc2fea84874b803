//! What happens to one complaint: the commands of its life, in stages between which time passes.

use redress::core::{Personal, SubjectId};
use redress::event::{
    AssignReason, Assignee, Cause, Classified, CloseReason, Closed, Contact, ContactKind, Customer,
    Feedback, FeedbackKind, NoteKind, NoteText, Noted, PauseReason, Paused, Priority, Received,
    ReceivedPersonal, Remedy, RemedyKind, Reopened, Requester, Resolved, ResolvedPersonal,
    ResumeCause, Resumed, Satisfaction, Trigger, Upheld,
};
use redress::{Actor, Assign, Channel, Command, Escalate, Revisit};

use super::random::Random;
use super::words::{WORK, description, name};
use crate::Outcome;

const CHANNELS: [Channel; 4] = [
    Channel::MobileApp,
    Channel::PhoneHotline,
    Channel::Email,
    Channel::Sms,
];
const PRIORITIES: [Priority; 6] = [
    Priority::Low,
    Priority::Normal,
    Priority::Normal,
    Priority::Normal,
    Priority::High,
    Priority::Urgent,
];

/// A wish and whose it is.
pub(crate) type Wish = (Actor, Command);

/// Draws a life: the wishes of each stage. Eight facts on average.
pub(crate) fn draw(random: &mut Random) -> Outcome<Vec<Vec<Wish>>> {
    let cast = Cast::draw(random)?;
    let mut stages = vec![cast.intake(random)?];
    if random.percent(4) {
        let withdrawn = Closed::new(CloseReason::Withdrawn).into();
        stages.push(vec![(cast.agent, withdrawn)]);
        return Ok(stages);
    }
    stages.extend(cast.handling(random)?);
    stages.push(cast.solution(random)?);
    let mut last = Vec::new();
    if random.percent(8) {
        stages.push(vec![cast.revisit(Satisfaction::Dissatisfied)]);
        let mut again = vec![cast.note(NoteKind::Negotiation, "客户不满意，重新协商方案")];
        again.extend(cast.solution(random)?);
        stages.push(again);
    }
    last.push(cast.revisit(Satisfaction::Satisfied));
    if random.percent(2) {
        let reopened = Reopened {
            reason: "the fault came back".to_owned(),
            requested_by: Requester::Customer,
        };
        last.push((cast.agent.clone(), reopened.into()));
        stages.push(last);
        stages.push(cast.solution(random)?);
        last = vec![cast.revisit(Satisfaction::Satisfied)];
    }
    stages.push(last);
    Ok(stages)
}

/// Who and what a life is about.
struct Cast {
    agent: Actor,
    handler: Actor,
    category: &'static str,
    cause: &'static str,
}

impl Cast {
    fn draw(random: &mut Random) -> Outcome<Self> {
        let (department, category, cause) = random.pick(&WORK).ok_or("there is no work")?;
        let agent = format!("agent-{}", random.below(60));
        let handler = format!("{department}-{}", random.below(40));
        Ok(Self {
            agent: Actor::human(agent.parse()?, "agent".parse()?, "service_desk".parse()?),
            handler: Actor::human(handler.parse()?, "handler".parse()?, department.parse()?),
            category,
            cause,
        })
    }

    fn intake(&self, random: &mut Random) -> Outcome<Vec<Wish>> {
        let channel = random.pick(&CHANNELS).ok_or("there is no channel")?;
        let contact = Contact {
            kind: ContactKind::Phone,
            // A range kept free for fiction: no one is called by it.
            value: format!("+44 1632 960{:03}", random.below(1_000)),
        };
        let words = ReceivedPersonal {
            name: Some(name(random)),
            contacts: vec![contact],
            description: description(random),
            ..ReceivedPersonal::default()
        };
        let customer = Customer::new(SubjectId::from_random(random.bytes()));
        let desk = "service_desk".parse()?;
        let received = Received::new(customer, channel, self.agent.id.clone(), desk, words);
        let mut classified = Classified::new(self.category.parse()?);
        classified.priority = random.pick(&PRIORITIES).ok_or("there is no priority")?;
        let mut wishes: Vec<Command> = vec![received.into(), classified.into()];
        if random.percent(15) {
            let kind = FeedbackKind::Acknowledgement;
            wishes.push(Feedback::new(kind, channel, "您的投诉已受理").into());
        }
        let lead = self.lead()?;
        wishes.push(Assign::to(lead, AssignReason::Initial).into());
        let agent = |wish| (self.agent.clone(), wish);
        Ok(wishes.into_iter().map(agent).collect())
    }

    fn lead(&self) -> Outcome<Assignee> {
        let department = self.handler.department.clone();
        let department = department.ok_or("a handler has no department")?;
        Ok(Assignee::person(department, self.handler.id.clone()))
    }

    fn note(&self, kind: NoteKind, text: &str) -> Wish {
        let noted = Noted {
            kind,
            evidence: Vec::new(),
            personal: Personal::Known(NoteText { text: text.into() }),
        };
        (self.handler.clone(), noted.into())
    }

    /// What lies between assignment and solution, if anything.
    fn handling(&self, random: &mut Random) -> Outcome<Vec<Vec<Wish>>> {
        let handler = |wish: Command| (self.handler.clone(), wish);
        let mut first = Vec::new();
        let mut stages = Vec::new();
        if random.percent(6) {
            let again = Assign::to(self.lead()?, AssignReason::Reassign);
            first.push((self.agent.clone(), again.into()));
        }
        for _ in 0..[0, 0, 0, 0, 0, 0, 0, 1, 1, 2][random.below(10)] {
            first.push(self.note(NoteKind::Investigation, "已联系仓库核实情况"));
        }
        if random.percent(4) {
            let raised = Escalate {
                to_level: None,
                to: None,
                trigger: Trigger::Manual,
                reason: "the customer waits too long".to_owned(),
            };
            first.push(handler(raised.into()));
        }
        if random.percent(6) {
            let paused = Paused {
                reason: PauseReason::AwaitingCustomer,
                until: None,
                personal: Personal::Withheld,
            };
            first.push(handler(paused.into()));
            let arrived = ResumeCause::Arrived;
            stages.push(vec![handler(Resumed { cause: arrived }.into())]);
        }
        if !first.is_empty() {
            stages.insert(0, first);
        }
        Ok(stages)
    }

    fn solution(&self, random: &mut Random) -> Outcome<Vec<Wish>> {
        let kind = random.pick(&[RemedyKind::Refund, RemedyKind::Apology]);
        let remedies = kind.map(|kind| Remedy { kind, amount: None });
        let resolved = Resolved {
            remedies: Some(remedies.into_iter().collect()),
            primary_cause: Some(Cause::new(self.cause.parse()?)),
            upheld: random.pick(&[Upheld::Upheld, Upheld::NotUpheld]),
            personal: Personal::Known(ResolvedPersonal {
                solution: "与客户协商一致，按原支付方式退款".into(),
            }),
            ..Resolved::default()
        };
        let told = Feedback::new(
            FeedbackKind::Result,
            Channel::Sms,
            "处理结果已告知，抱歉耽误了您的时间",
        );
        let handler = |wish: Command| (self.handler.clone(), wish);
        Ok(vec![handler(resolved.into()), handler(told.into())])
    }

    fn revisit(&self, satisfaction: Satisfaction) -> Wish {
        let agent = self.agent.id.clone();
        let revisit = Revisit::reached(Channel::PhoneHotline, agent, satisfaction);
        (self.agent.clone(), revisit.into())
    }
}

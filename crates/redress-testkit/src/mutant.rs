//! A process that is wrong in one way.

use redress_core::event::{
    CloseReason, Closed, Event, Feedback, FeedbackKind, NoteKind, Noted, RevisitOutcome,
    Satisfaction, Verdict,
};
use redress_core::{
    Channel, Command, Complaint, Context, OutOfOrder, Personal, Policy, Recorded, Rejection, State,
};

use crate::cast::Cast;
use crate::key::case_mut;
use crate::mutation::{Mutation, Omission, Turn, needed};
use crate::process::Process;
use crate::wish::Wish;

/// A process that differs from that of a policy in one way.
///
/// ```
/// use redress_core::{Policy, State};
/// use redress_testkit::{Explorer, Mutant, Mutation, standard_branches};
///
/// let wrong = Mutant::new(&Policy::standard(), Mutation::DropTransition { command: "reopen", state: State::Closed });
/// let seen = Explorer::new(&wrong).branches(standard_branches()).first_only().explore()?;
/// assert_eq!(seen.findings[0].rule, "what_ended_well_can_be_reopened");
/// # Ok::<(), redress_rules::NoSuchCalendar>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mutant {
    policy: Policy,
    lenient: Policy,
    cast: Cast,
    mutation: Mutation,
}

impl Mutant {
    /// The process of a policy, wrong in this way.
    #[must_use]
    pub fn new(policy: &Policy, mutation: Mutation) -> Self {
        let policy = if let Mutation::Shift { limit, up } = mutation {
            limit.shifted(policy, up)
        } else {
            policy.clone()
        };
        Self {
            lenient: policy.clone().for_history(),
            cast: Cast::of(&policy),
            policy,
            mutation,
        }
    }

    /// In which way it is wrong.
    #[must_use]
    pub const fn mutation(&self) -> Mutation {
        self.mutation
    }

    fn leniently(
        &self,
        complaint: &Complaint,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Vec<Event>, Rejection> {
        redress_core::decide(
            complaint,
            command,
            &Context {
                policy: &self.lenient,
                ..*context
            },
        )
    }

    fn not_here(complaint: &Complaint, command: &Command) -> Rejection {
        Rejection::NotInThisState {
            command: command.name(),
            state: complaint.state(),
        }
    }

    /// The complaint as if all had happened that this state needs, without a trace.
    fn ahead(&self, complaint: &Complaint, until: State, like: &Recorded) -> Option<Complaint> {
        let mut ahead = complaint.clone();
        while ahead.state() != until {
            let event = self.missing(&ahead, like)?;
            ahead = silently(ahead, &event, like)?;
        }
        Some(ahead)
    }

    /// The fact that leads on from where a complaint stands.
    fn missing(&self, complaint: &Complaint, like: &Recorded) -> Option<Event> {
        let wish = match complaint.state() {
            State::Received => Wish::Classify(redress_core::event::Priority::Normal),
            State::Classified => Wish::Assign {
                lead: 0,
                joint: false,
            },
            State::Processing => Wish::Resolve,
            State::Resolved => Wish::TellResult,
            State::FedBack => Wish::Close(crate::wish::End::Waived),
            State::Absent | State::Closed => return None,
        };
        let at = like.occurred_at;
        let command = wish.command(&self.cast, complaint, &self.policy, at);
        let rules = crate::history::rulebook(&self.policy, &command);
        let context = Context {
            now: at,
            occurred_at: at,
            actor: &like.actor,
            policy: &self.lenient,
            rules: &rules,
            target: None,
        };
        self.leniently(complaint, &command, &context).ok()?.pop()
    }

    fn decide_ahead(
        &self,
        complaint: &Complaint,
        command: &Command,
        context: &Context<'_>,
    ) -> Option<Vec<Event>> {
        let needed = needed(command.name())?;
        let like = envelope(complaint, context)?;
        let ahead = self.ahead(complaint, needed, &like)?;
        self.leniently(&ahead, command, context).ok()
    }

    fn stray(
        &self,
        complaint: Complaint,
        fact: &Recorded,
        to: Turn,
    ) -> Result<Complaint, OutOfOrder> {
        let event = match to {
            Turn::Nowhere => Some(nothing()),
            Turn::End => Some(Closed::new(CloseReason::Withdrawn).into()),
            Turn::Again => match complaint.state() {
                State::Resolved | State::FedBack => Some(unhappy()),
                State::Closed if complaint.resolution().is_some() => None,
                State::Absent
                | State::Received
                | State::Classified
                | State::Processing
                | State::Closed => None,
            },
        };
        let instead = event.map(|event| Recorded {
            event,
            ..fact.clone()
        });
        instead
            .and_then(|instead| redress_core::evolve(complaint.clone(), &instead).ok())
            .map_or_else(|| redress_core::evolve(complaint, fact), Ok)
    }

    fn forget(
        &self,
        complaint: Complaint,
        fact: &Recorded,
        omission: Omission,
    ) -> Result<Complaint, OutOfOrder> {
        let before = complaint.clone();
        let mut after = redress_core::evolve(complaint, fact)?;
        match (omission, &fact.event) {
            (Omission::OwnerAtEscalation, Event::Escalated(_)) => {
                if let Some(ownership) = ownership_mut(&mut after) {
                    ownership.lead.person = None;
                }
            }
            (Omission::EndOfPause, Event::Paused(_)) => {
                if let Some(pause) = case_mut(&mut after).and_then(|case| case.pauses.last_mut()) {
                    pause.until = None;
                }
            }
            (Omission::EndOfPause | Omission::Resumption, _) => keep_pause(&before, &mut after),
            (Omission::Contribution, Event::Noted(_)) => {
                if let Some(ownership) = ownership_mut(&mut after) {
                    for part in &mut ownership.joint {
                        part.settled = false;
                    }
                }
            }
            (Omission::Cycle, _) => {
                if let (Some(before), Some(case)) = (before.case(), case_mut(&mut after)) {
                    case.cycle = before.cycle;
                }
            }
            (Omission::Dissatisfaction, Event::Revisited(revisited)) => {
                if let RevisitOutcome::Reached { .. } = revisited.outcome
                    && after.state() == State::Processing
                {
                    let neutral = Recorded {
                        event: neutral(revisited).into(),
                        ..fact.clone()
                    };
                    after = redress_core::evolve(before, &neutral)?;
                }
            }
            (Omission::Resolver, Event::Resolved(_)) => {
                let lead = after.lead().and_then(|lead| lead.person.clone());
                if let (Complaint::Resolved { resolution, .. }, Some(lead)) = (&mut after, lead) {
                    resolution.by = lead;
                }
            }
            (Omission::CallInVain, Event::Revisited(_)) => {
                if let Complaint::FedBack { revisits, .. } = &mut after {
                    revisits.in_vain.clear();
                }
            }
            (
                Omission::OwnerAtEscalation
                | Omission::ClosingAfterRevisit
                | Omission::Contribution
                | Omission::Dissatisfaction
                | Omission::Resolver
                | Omission::CallInVain,
                _,
            ) => {}
        }
        Ok(after)
    }
}

impl Process for Mutant {
    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn decide(
        &self,
        complaint: &Complaint,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Vec<Event>, Rejection> {
        let decided = redress_core::decide(complaint, command, context);
        let state = complaint.state();
        match (self.mutation, decided) {
            (
                Mutation::DropTransition {
                    command: dropped,
                    state: from,
                },
                Ok(_),
            ) if (dropped, from) == (command.name(), state) => {
                Err(Self::not_here(complaint, command))
            }
            (
                Mutation::AddTransition {
                    command: added,
                    state: from,
                },
                Err(rejection),
            ) if (added, from) == (command.name(), state) => self
                .decide_ahead(complaint, command, context)
                .ok_or(rejection),
            (Mutation::DropGuard { code }, Err(rejection)) if rejection.code() == code => self
                .leniently(complaint, command, context)
                .map_err(|_| rejection),
            (
                Mutation::NegateGuard {
                    command: name,
                    code,
                },
                Err(rejection),
            ) if (name, code) == (command.name(), rejection.code()) => self
                .leniently(complaint, command, context)
                .map_err(|_| rejection),
            (Mutation::NegateGuard { command: name, .. }, Ok(_)) if name == command.name() => {
                Err(Self::not_here(complaint, command))
            }
            (Mutation::DropEffect(Omission::ClosingAfterRevisit), Ok(mut events)) => {
                if let Command::Revisit(_) = command {
                    events.truncate(1);
                }
                Ok(events)
            }
            (
                Mutation::DropTransition { .. }
                | Mutation::AddTransition { .. }
                | Mutation::Retarget { .. }
                | Mutation::DropGuard { .. }
                | Mutation::NegateGuard { .. }
                | Mutation::Shift { .. }
                | Mutation::DropEffect(_),
                decided,
            ) => decided,
        }
    }

    fn evolve(&self, complaint: Complaint, fact: &Recorded) -> Result<Complaint, OutOfOrder> {
        match self.mutation {
            Mutation::AddTransition { state, .. } if state == complaint.state() => {
                let plain = redress_core::evolve(complaint.clone(), fact);
                plain.or_else(|misfit| {
                    let needed = needed_by(&fact.event).ok_or_else(|| misfit.clone())?;
                    let ahead = self
                        .ahead(&complaint, needed, fact)
                        .ok_or_else(|| misfit.clone())?;
                    redress_core::evolve(ahead, fact)
                })
            }
            Mutation::Retarget { kind, to } if kind == fact.event.event_type() => {
                self.stray(complaint, fact, to)
            }
            Mutation::DropEffect(omission) => self.forget(complaint, fact, omission),
            Mutation::AddTransition { .. }
            | Mutation::DropTransition { .. }
            | Mutation::Retarget { .. }
            | Mutation::DropGuard { .. }
            | Mutation::NegateGuard { .. }
            | Mutation::Shift { .. } => redress_core::evolve(complaint, fact),
        }
    }
}

/// The state a fact belongs to, where it is one alone.
const fn needed_by(event: &Event) -> Option<State> {
    match event {
        Event::Assigned(_) => Some(State::Classified),
        Event::Resolved(_) | Event::Paused(_) => Some(State::Processing),
        Event::Feedback(_) => Some(State::Resolved),
        Event::Revisited(_) => Some(State::FedBack),
        Event::Reopened(_) => Some(State::Closed),
        Event::Received(_)
        | Event::Classified(_)
        | Event::Escalated(_)
        | Event::Resumed(_)
        | Event::Noted(_)
        | Event::Amended(_)
        | Event::Linked(_)
        | Event::Extended(_)
        | Event::Closed(_)
        | Event::Erased(_) => None,
    }
}

/// A fact that changes nothing.
fn nothing() -> Event {
    Noted {
        kind: NoteKind::Internal,
        evidence: Vec::new(),
        personal: Personal::Withheld,
    }
    .into()
}

fn unhappy() -> Event {
    let reply = Feedback::new(FeedbackKind::CustomerReply, Channel::Email, "");
    Feedback {
        verdict: Some(Verdict::Dissatisfied),
        ..reply
    }
    .into()
}

fn neutral(revisited: &redress_core::event::Revisited) -> redress_core::event::Revisited {
    redress_core::event::Revisited {
        outcome: RevisitOutcome::Reached {
            result: Satisfaction::Neutral,
            process: Satisfaction::Neutral,
            score: None,
            residual_problem: false,
            would_recommend: None,
            survey: None,
        },
        ..revisited.clone()
    }
}

/// A fact's envelope for a complaint, to fold something by.
fn envelope(complaint: &Complaint, context: &Context<'_>) -> Option<Recorded> {
    let case = complaint.case()?;
    let nothing = crate::history::Step::now(
        context.actor.clone(),
        Wish::Note.command(
            &Cast::of(context.policy),
            complaint,
            context.policy,
            context.now,
        ),
    );
    let place = crate::history::Place {
        id: case.id,
        number: 0,
        position: 0,
        at: context.now,
        target: None,
    };
    let lenient = context.policy.clone().for_history();
    crate::history::record(&lenient, complaint, &nothing, &place)
        .ok()?
        .pop()
        .map(|(fact, _)| fact)
}

/// Folds an event without a trace: the number of facts stays as it was.
fn silently(complaint: Complaint, event: &Event, like: &Recorded) -> Option<Complaint> {
    let version = complaint.version()?;
    let fact = Recorded {
        event: event.clone(),
        version: version.next(),
        ..like.clone()
    };
    let mut after = redress_core::evolve(complaint, &fact).ok()?;
    case_mut(&mut after)?.version = version;
    Some(after)
}

fn keep_pause(before: &Complaint, after: &mut Complaint) {
    let was = before.case().and_then(|case| case.pauses.last()).copied();
    if let (Some(was), Some(case)) = (was, case_mut(after))
        && case.pauses.len() == before.case().map_or(0, |case| case.pauses.len())
        && let Some(pause) = case.pauses.last_mut()
    {
        *pause = was;
    }
}

const fn ownership_mut(complaint: &mut Complaint) -> Option<&mut redress_core::Ownership> {
    match complaint {
        Complaint::Processing { ownership, .. }
        | Complaint::Resolved { ownership, .. }
        | Complaint::FedBack { ownership, .. } => Some(ownership),
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Closed { .. } => None,
    }
}

//! Commands about words to and from the customer: feedback and revisits.

use super::{Decided, Decision, has_words};
use crate::command::Revisit;
use crate::complaint::{Complaint, State};
use crate::event::{CloseReason, Closed, Feedback, FeedbackKind, RevisitOutcome, Satisfaction};
use crate::rejection::Rejection;

impl Decision<'_> {
    pub(super) fn feedback(&self, fact: &Feedback) -> Decided {
        self.open("give_feedback")?;
        let is_result = fact.kind == FeedbackKind::Result;
        if is_result && self.complaint.state() != State::Resolved {
            return Err(self.not_in_this_state("give_feedback"));
        }
        if fact
            .promised_by
            .is_some_and(|promised| promised <= self.context.occurred_at)
        {
            return Err(Rejection::PromiseInPast);
        }
        self.check_template(fact)?;
        if is_result {
            let words = fact
                .personal
                .known()
                .is_some_and(|text| has_words(Some(&text.content)));
            self.conduct(words || fact.template.is_some(), Rejection::ContentMissing)?;
        }
        Ok(vec![fact.clone().into()])
    }

    pub(super) fn revisit(&self, wanted: &Revisit) -> Decided {
        let Complaint::FedBack {
            resolution,
            revisits,
            ..
        } = self.complaint
        else {
            return Err(self.not_in_this_state("revisit"));
        };
        let satisfied = match &wanted.outcome {
            RevisitOutcome::NotReached { .. } => false,
            RevisitOutcome::Reached {
                result,
                score,
                residual_problem,
                would_recommend,
                ..
            } => {
                let marks_fit = score.is_none_or(|score| (1..=5).contains(&score))
                    && would_recommend.is_none_or(|mark| mark <= 10);
                if !marks_fit {
                    return Err(Rejection::ScoreOutOfRange);
                }
                !residual_problem
                    && match result {
                        Satisfaction::Satisfied => true,
                        Satisfaction::Neutral => self.policy.neutral_closes,
                        Satisfaction::Dissatisfied => false,
                    }
            }
        };
        self.conduct(wanted.agent != resolution.by, Rejection::RevisitByResolver)?;
        let attempt = revisits.attempts.saturating_add(1);
        let revisited = wanted.clone().into_fact(attempt).into();
        Ok(if satisfied {
            vec![revisited, Closed::new(CloseReason::Satisfied).into()]
        } else {
            vec![revisited]
        })
    }
}

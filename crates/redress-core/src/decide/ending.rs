//! Commands at the end of a complaint: close and reopen.

use super::{Decided, Decision, has_words};
use crate::clock::ClockKind;
use crate::complaint::{Case, Closing, Complaint, Resolution, Revisits, State};
use crate::event::{CloseReason, Closed, Relation, Reopened, Satisfaction, Verdict};
use crate::rejection::Rejection;

impl Decision<'_> {
    pub(super) fn close(&self, fact: &Closed, case: &Case) -> Decided {
        self.open("close")?;
        match &fact.reason {
            CloseReason::Duplicate { of } => {
                let tied = case
                    .links
                    .iter()
                    .any(|link| link.relation == Relation::DuplicateOf && link.target == *of);
                if !tied {
                    return Err(Rejection::NotLinkedAsDuplicate);
                }
            }
            CloseReason::Refused { .. } => match self.complaint.state() {
                // A first response is owed until somebody has told the customer something of substance.
                State::Received | State::Classified => self.conduct(
                    case.running(ClockKind::FirstResponse).next().is_none(),
                    Rejection::CustomerNotTold,
                )?,
                State::Absent
                | State::Processing
                | State::Resolved
                | State::FedBack
                | State::Closed => {
                    return Err(Rejection::RefusedTooLate);
                }
            },
            CloseReason::Withdrawn => {}
            CloseReason::Satisfied => {
                self.conduct(self.is_satisfied(), Rejection::SatisfactionUnknown)?
            }
            CloseReason::Unreachable => self.check_unreachable()?,
            CloseReason::FinalPosition => {
                let top = self.policy.max_level;
                let last_word = case.level >= top && self.complaint.state() == State::FedBack;
                self.conduct(last_word, Rejection::NotFinal { top })?;
            }
            CloseReason::Waived => self.conduct(self.policy.waiver, Rejection::WaiverNotAllowed)?,
        }
        Ok(vec![fact.clone().into()])
    }

    fn is_satisfied(&self) -> bool {
        let content = |resolution: &Resolution| {
            matches!(
                resolution.verdict,
                Some(Verdict::Satisfied | Verdict::Accepted)
            )
        };
        match self.complaint {
            Complaint::Resolved { resolution, .. } => content(resolution),
            Complaint::FedBack {
                resolution,
                revisits,
                ..
            } => content(resolution) || revisits.reached == Some(Satisfaction::Satisfied),
            Complaint::Absent
            | Complaint::Received { .. }
            | Complaint::Classified { .. }
            | Complaint::Processing { .. }
            | Complaint::Closed { .. } => false,
        }
    }

    fn check_unreachable(&self) -> Result<(), Rejection> {
        let none = Revisits::default();
        let revisits = match self.complaint {
            Complaint::FedBack { revisits, .. } => revisits,
            Complaint::Absent
            | Complaint::Received { .. }
            | Complaint::Classified { .. }
            | Complaint::Processing { .. }
            | Complaint::Resolved { .. }
            | Complaint::Closed { .. } => &none,
        };
        let made = u32::try_from(revisits.in_vain.len()).unwrap_or(u32::MAX);
        let days = revisits.days_in_vain();
        let enough = revisits.are_in_vain(self.policy.unreachable);
        self.conduct(enough, Rejection::TooFewAttempts { made, days })
    }

    pub(super) fn reopen(&self, fact: &Reopened) -> Decided {
        let Complaint::Closed {
            closing: Closing { reason, at },
            ..
        } = self.complaint
        else {
            return Err(self.not_in_this_state("reopen"));
        };
        match reason {
            CloseReason::Duplicate { .. } | CloseReason::Refused { .. } => {
                return Err(Rejection::NotReopenable);
            }
            CloseReason::Satisfied
            | CloseReason::Withdrawn
            | CloseReason::Unreachable
            | CloseReason::FinalPosition
            | CloseReason::Waived => {}
        }
        self.conduct(has_words(Some(&fact.reason)), Rejection::ReasonMissing)?;
        let ended = *at + self.policy.reopen_window;
        self.conduct(
            self.context.occurred_at <= ended,
            Rejection::ReopenWindowPassed { ended },
        )?;
        Ok(vec![fact.clone().into()])
    }
}

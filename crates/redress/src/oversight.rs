//! Overseeing: what the ladder of escalation demands of all open complaints, and doing it.

use redress_archive::Query;
use redress_core::duty::{self, Demand, Notice};
use redress_core::{Actor, Complaint, ComplaintId, Conduct, Rejection, Rulebook, Timestamp};
use redress_store::EventStore;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::subject::OfComplaint;
use crate::submission::Submission;

/// What overseeing all open complaints came to.
#[derive(Debug)]
pub struct Oversight {
    /// At which moment.
    pub at: Timestamp,
    /// The escalations that the ladder demanded: recorded now by [`Ledger::oversee`], due now in [`Ledger::demands`].
    pub escalations: Vec<Escalation>,
    /// Every rung that a running clock has reached. Whoever sends notices remembers which it has sent.
    pub notices: Vec<DueNotice>,
    /// What could not be done, and why; asked again, it is tried again.
    pub failures: Vec<OversightFailure>,
}

/// An escalation of a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Which complaint.
    pub complaint: ComplaintId,
    /// What the ladder demands, and why.
    pub demand: Demand,
}

/// A notice about a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueNotice {
    /// Which complaint.
    pub complaint: ComplaintId,
    /// The rung that was reached, and who is to be told.
    pub notice: Notice,
}

/// A complaint that could not be overseen.
#[derive(Debug)]
pub struct OversightFailure {
    /// Which complaint.
    pub complaint: ComplaintId,
    /// Why.
    pub why: WhyNotOverseen,
}

/// Why a complaint could not be overseen.
#[derive(Debug, thiserror::Error)]
pub enum WhyNotOverseen {
    /// A rule said no; the refusal is recorded.
    #[error("the escalation was refused: {0}")]
    Refused(Rejection),
    /// The ledger failed.
    #[error(transparent)]
    Failed(#[from] LedgerError),
}

impl<S: EventStore> Ledger<S> {
    /// Has every escalation recorded that the ladder demands now of any open complaint, in the name of `actor`.
    ///
    /// Call it every few minutes. Twice in a row records nothing new, and neither do two programs at the same time: the
    /// [id of the command](Demand::command_id) follows from what demands it. What fails for one complaint does not stop
    /// the others.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`], when it cannot be told which complaints are open. What fails after that is told complaint by
    /// complaint in [`Oversight::failures`].
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// # pollster::block_on(async {
    /// let overseer = Actor::system("overseer".parse()?, "system".parse()?);
    /// let oversight = ledger.oversee(&overseer).await?;
    /// assert!(oversight.escalations.is_empty() && oversight.failures.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn oversee(&self, actor: &Actor) -> Result<Oversight, LedgerError> {
        let mut oversight = self.demands().await?;
        let mut recorded = Vec::new();
        for escalation in std::mem::take(&mut oversight.escalations) {
            match self.meet(&escalation, actor).await {
                Ok(true) => recorded.push(escalation),
                Ok(false) => {}
                Err(why) => oversight.failures.push(OversightFailure {
                    complaint: escalation.complaint,
                    why,
                }),
            }
        }
        oversight.escalations = recorded;
        Ok(oversight)
    }

    /// What [`Ledger::oversee`] would do now. Nothing is recorded.
    ///
    /// # Errors
    ///
    /// As [`Ledger::oversee`].
    pub async fn demands(&self) -> Result<Oversight, LedgerError> {
        let open = self.open_complaints().await?;
        let rules = self.rules().await?;
        let mut oversight = Oversight {
            at: self.now(),
            escalations: Vec::new(),
            notices: Vec::new(),
            failures: Vec::new(),
        };
        for complaint in open {
            match self.complaint(complaint).await {
                Ok(state) => oversight.look_at(complaint, &state, &rules),
                Err(error) => oversight.failures.push(OversightFailure {
                    complaint,
                    why: error.into(),
                }),
            }
        }
        Ok(oversight)
    }

    /// The complaints that are open, in the order of their ids.
    async fn open_complaints(&self) -> Result<Vec<ComplaintId>, LedgerError> {
        let query = Query::new().open(true).limit(usize::MAX);
        let hits = self.views().await?.archive.search(&query)?;
        let mut open: Vec<ComplaintId> = hits.iter().map(|hit| hit.summary.id).collect();
        open.sort_unstable();
        Ok(open)
    }

    /// Has an escalation recorded; whether this call did it, and not somebody else meanwhile.
    async fn meet(&self, escalation: &Escalation, actor: &Actor) -> Result<bool, WhyNotOverseen> {
        let Escalation { complaint, demand } = escalation;
        let command_id = demand.command_id(*complaint);
        let submission = Submission::new(demand.command.clone(), actor.clone());
        let wish = [(command_id, submission)];
        let outcomes = self
            .record::<OfComplaint>(*complaint, &wish, Conduct::Guarded)
            .await?;
        match outcomes.into_iter().next() {
            Some(Ok(receipt)) => Ok(!receipt.repeated),
            Some(Err(rejection)) => {
                // Somebody else may have met the demand, or the complaint may have been closed.
                let state = self.complaint(*complaint).await?;
                let still = duty::escalation(&state, &*self.rules().await?, self.now());
                if still.as_ref() != Some(demand) {
                    return Ok(false);
                }
                let [(command_id, submission)] = &wish;
                self.record_refusal::<OfComplaint>(*complaint, *command_id, submission, &rejection)
                    .await?;
                Err(WhyNotOverseen::Refused(rejection))
            }
            None => Ok(false),
        }
    }
}

impl Oversight {
    fn look_at(&mut self, complaint: ComplaintId, state: &Complaint, rules: &Rulebook) {
        let notices = duty::notices(state, rules, self.at);
        let notices = notices
            .into_iter()
            .map(|notice| DueNotice { complaint, notice });
        self.notices.extend(notices);
        let demand = duty::escalation(state, rules, self.at);
        self.escalations
            .extend(demand.map(|demand| Escalation { complaint, demand }));
    }
}

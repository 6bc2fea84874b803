//! What is owed about a complaint, with what only other complaints can tell.

use redress_archive::ProbableDuplicate;
use redress_core::duty::{Duty, duties_beside};
use redress_core::{ComplaintId, Timestamp};
use redress_store::EventStore;

use crate::error::LedgerError;
use crate::ledger::Ledger;

impl<S: EventStore> Ledger<S> {
    /// What must be done about a complaint now, what is due first on top; nothing for one that is closed or unknown.
    ///
    /// As [`redress_core::duty::duties`], and with [probable duplicates](Ledger::probable_duplicates) counted among the
    /// warnings that call for a review.
    ///
    /// # Errors
    ///
    /// As [`Ledger::complaint`] and [`Ledger::probable_duplicates`].
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// # let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    /// use redress::Channel;
    /// use redress::core::duty::Task;
    /// use redress::event::{Customer, Received, ReceivedPersonal};
    ///
    /// # pollster::block_on(async {
    /// let said = ReceivedPersonal { description: "我要求退款".into(), ..ReceivedPersonal::default() };
    /// let customer = Customer::anonymous(ledger.new_subject()?);
    /// let received = Received::new(customer, Channel::Post, agent.id.clone(), "service_desk".parse()?, said);
    /// let id = ledger.receive(received, &agent).await??.complaint_id;
    /// let owed = ledger.duties(id).await?;
    /// // A short description, no product and no priority: somebody must look at it.
    /// assert!(owed.iter().any(|duty| duty.what == Task::ReviewRecord));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn duties(&self, complaint: ComplaintId) -> Result<Vec<Duty>, LedgerError> {
        let state = self.complaint(complaint).await?;
        let rules = self.rules().await?;
        let suspects = self.probable_duplicates(complaint).await?;
        let since: Vec<Timestamp> = suspects.iter().map(|suspect| suspect.since).collect();
        Ok(duties_beside(&state, &since, &rules, self.now()))
    }

    /// The complaints that may be the same matter as this one, as near to each other as the policy says.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`], and [`LedgerError::Archive`] when the archive cannot answer.
    pub async fn probable_duplicates(
        &self,
        complaint: ComplaintId,
    ) -> Result<Vec<ProbableDuplicate>, LedgerError> {
        let within = self.policy().duplicates.within;
        let views = self.views().await?;
        Ok(views.archive.probable_duplicates(complaint, within)?)
    }
}

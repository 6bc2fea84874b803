//! Early warnings of a ledger, and the actions they ask for.

use redress_causes::{AlertView, Alerts, Raised, Timeline};
use redress_core::{Actor, Timestamp};
use redress_store::EventStore;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::submission::ActionOutcome;

/// The action of a warning, as [`Ledger::open_alert_actions`] left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertAction {
    /// The warning.
    pub raised: Raised,
    /// Whether its action was opened, is there already, or was refused.
    pub outcome: ActionOutcome,
}

impl<S: EventStore> Ledger<S> {
    /// How the early warnings stand at `at`, now or at any other instant, and which were raised up to then.
    ///
    /// Folds the whole history each time. A program that asks often keeps an [`AlertView`] of its own and has
    /// [`Ledger::replay`] fold what is new into it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when a fact cannot be read, [`LedgerError::View`] when one cannot
    /// be folded.
    pub async fn alerts(&self, at: Timestamp, timeline: Timeline) -> Result<Alerts, LedgerError> {
        let mut view = AlertView::new(self.policy(), timeline);
        self.replay().fold_into(&mut view).await?;
        Ok(view.alerts(at))
    }

    /// Opens an improvement action for every warning that stands now, in the name of `actor`.
    ///
    /// A warning has one action for as long as it stands, however often this is called and whoever calls it: the
    /// [id of the action](redress_core::ActionId::of_alert) follows from the warning. One that becomes graver keeps it; one
    /// that ends and is raised again gets another.
    ///
    /// # Errors
    ///
    /// As [`Ledger::alerts`] and [`Ledger::open_action`]; those that were opened before the failure stay so.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// use redress::event::{Classified, Customer, Received, ReceivedPersonal};
    /// use redress::{Actor, Channel};
    ///
    /// # pollster::block_on(async {
    /// let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    /// let said = ReceivedPersonal { description: "充电时电池起火".into(), ..ReceivedPersonal::default() };
    /// let customer = Customer::anonymous(ledger.new_subject()?);
    /// let received = Received::new(customer, Channel::Post, agent.id.clone(), "service_desk".parse()?, said);
    /// let id = ledger.receive(received, &agent).await??.complaint_id;
    /// let mut class = Classified::new("product_quality/safety_hazard".parse()?);
    /// class.safety = true;
    /// ledger.execute(id, class, &agent).await??;
    ///
    /// let overseer = Actor::system("overseer".parse()?, "system".parse()?);
    /// let opened = ledger.open_alert_actions(&overseer).await?;
    /// assert_eq!(opened[0].raised.alert.rule.as_str(), "safety");
    /// let again = ledger.open_alert_actions(&overseer).await?;
    /// assert!(again.len() == 1 && again[0].outcome.as_ref().is_ok_and(|receipt| receipt.repeated));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn open_alert_actions(&self, actor: &Actor) -> Result<Vec<AlertAction>, LedgerError> {
        let alerts = self.alerts(self.now(), Timeline::Recorded).await?;
        let mut actions = Vec::new();
        for raised in alerts.raised {
            if raised.ended_at.is_none() {
                let outcome = self.open_action(raised.action(), actor).await?;
                actions.push(AlertAction { raised, outcome });
            }
        }
        Ok(actions)
    }
}

//! Early warnings of a ledger, and the actions they ask for.

use std::sync::{Mutex, MutexGuard};

use redress_causes::{AlertView, Alerts, Raised, Timeline};
use redress_core::{Actor, Timestamp};
use redress_store::{EventStore, Projection};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::submission::ActionOutcome;
use crate::views::fold_unknown;

/// The action of a warning, as [`Ledger::open_alert_actions`] left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertAction {
    /// The warning.
    pub raised: Raised,
    /// Whether its action was opened, is there already, or was refused.
    pub outcome: ActionOutcome,
}

/// The views of warnings that were asked for, one for each timeline.
#[derive(Default)]
pub(crate) struct AlertViews(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    recorded: Option<AlertView>,
    occurred: Option<AlertView>,
}

impl AlertViews {
    /// A view that panicked is not trusted: all are folded anew when they are asked for.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(|poisoned| {
            let mut kept = poisoned.into_inner();
            *kept = Kept::default();
            self.0.clear_poison();
            kept
        })
    }

    /// The timelines on which there is one.
    fn kept(&self) -> Vec<Timeline> {
        let mut kept = self.lock();
        let timelines = [Timeline::Recorded, Timeline::Occurred].into_iter();
        timelines
            .filter(|timeline| kept.of(*timeline).is_some())
            .collect()
    }
}

impl Kept {
    const fn of(&mut self, timeline: Timeline) -> &mut Option<AlertView> {
        match timeline {
            Timeline::Recorded => &mut self.recorded,
            Timeline::Occurred => &mut self.occurred,
        }
    }
}

impl<S: EventStore> Ledger<S> {
    /// How the early warnings stand at `at`, now or at any other instant, and which were raised up to then.
    ///
    /// The first time on a timeline the whole history is folded; the view is kept, and from then on what is new.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when a fact cannot be read, [`LedgerError::View`] when one cannot
    /// be folded.
    pub async fn alerts(&self, at: Timestamp, timeline: Timeline) -> Result<Alerts, LedgerError> {
        let next = self.with_alerts(timeline, |view| view.next_position());
        self.replay()
            .for_each_page(next, |facts| {
                Ok(self.with_alerts(timeline, |view| fold_unknown(view, facts))?)
            })
            .await?;
        Ok(self.with_alerts(timeline, |view| view.alerts(at)))
    }

    /// Folds the views of warnings that are kept anew beside them, and puts the new ones in their place.
    pub(crate) async fn rebuild_alerts(&self) -> Result<(), LedgerError> {
        for timeline in self.alert_views().kept() {
            let mut anew = AlertView::new(self.policy(), timeline);
            let mut is_shown = false;
            while !is_shown {
                self.replay().fold_into(&mut anew).await?;
                is_shown = self.with_alerts(timeline, |view| {
                    let is_as_far = view.next_position() <= anew.next_position();
                    if is_as_far {
                        view.clone_from(&anew);
                    }
                    is_as_far
                });
            }
        }
        Ok(())
    }

    fn with_alerts<T>(&self, timeline: Timeline, look: impl FnOnce(&mut AlertView) -> T) -> T {
        let policy = self.policy();
        let mut views = self.alert_views().lock();
        look(
            views
                .of(timeline)
                .get_or_insert_with(|| AlertView::new(policy, timeline)),
        )
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

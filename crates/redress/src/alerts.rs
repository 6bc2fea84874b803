//! Early warnings of a ledger, and the actions they ask for.

use std::sync::{Mutex, MutexGuard};

use redress_causes::{AlertView, Alerts, Raised, Timeline};
use redress_core::{Actor, Timestamp};
use redress_store::{EventStore, Projection};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::snapshots::{Snapshots, Written};
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
    recorded: Option<Watch>,
    occurred: Option<Watch>,
}

/// A view, and how far its snapshot goes.
struct Watch {
    view: AlertView,
    written: Written,
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
        let timelines = Timeline::ALL.into_iter();
        timelines
            .filter(|timeline| kept.of(*timeline).is_some())
            .collect()
    }

    /// Writes those that are worth it before they are dropped.
    pub(crate) fn write(&mut self, snapshots: &Snapshots) {
        let mut kept = self.lock();
        for timeline in Timeline::ALL {
            if let Some(Watch { view, written }) = kept.of(timeline) {
                snapshots.write_alerts_if_behind(view, written);
            }
        }
    }
}

impl Kept {
    const fn of(&mut self, timeline: Timeline) -> &mut Option<Watch> {
        match timeline {
            Timeline::Recorded => &mut self.recorded,
            Timeline::Occurred => &mut self.occurred,
        }
    }
}

impl<S: EventStore> Ledger<S> {
    /// How the early warnings stand at `at`, now or at any other instant, and which were raised up to then.
    ///
    /// The first time on a timeline the view goes on from its snapshot beside the ledger file (ending `.alerts`, or
    /// `.alerts-occurred`), and without one that fits from the beginning; it is kept, and from then on what is new is folded. It is
    /// written when the others are, from then on ([`Ledger::save_views`]), and every now and then when it is asked.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when a fact cannot be read, [`LedgerError::View`] when one cannot
    /// be folded.
    pub async fn alerts(&self, at: Timestamp, timeline: Timeline) -> Result<Alerts, LedgerError> {
        self.catch_up_alerts(timeline).await?;
        Ok(self.with_alerts(timeline, |watch| {
            if let Some(snapshots) = self.snapshots() {
                snapshots.write_alerts_if_due(&watch.view, &mut watch.written);
            }
            watch.view.alerts(at)
        }))
    }

    async fn catch_up_alerts(&self, timeline: Timeline) -> Result<(), LedgerError> {
        if self.alert_views().lock().of(timeline).is_none() {
            let (view, written) = self.restored_alerts(timeline)?;
            let mut views = self.alert_views().lock();
            views.of(timeline).get_or_insert(Watch { view, written });
        }
        let next = self.with_alerts(timeline, |watch| watch.view.next_position());
        self.replay()
            .for_each_nameless_page(next, |facts| {
                Ok(self.with_alerts(timeline, |watch| fold_unknown(&mut watch.view, facts))?)
            })
            .await?;
        Ok(())
    }

    /// Writes the views that have been asked for, brought up to date.
    pub(crate) async fn save_alerts(&self, snapshots: &Snapshots) -> Result<(), LedgerError> {
        for timeline in self.alert_views().kept() {
            self.catch_up_alerts(timeline).await?;
            self.with_alerts(timeline, |watch| {
                snapshots.write_alerts(&watch.view, &mut watch.written)
            })?;
        }
        Ok(())
    }

    /// Folds the views of warnings that are kept anew beside them, and puts the new ones in their place.
    pub(crate) async fn rebuild_alerts(&self) -> Result<(), LedgerError> {
        for timeline in self.alert_views().kept() {
            let mut anew = AlertView::new(self.policy(), timeline);
            let mut is_shown = false;
            while !is_shown {
                self.replay().fold_into(&mut anew).await?;
                is_shown = self.with_alerts(timeline, |watch| {
                    let is_as_far = watch.view.next_position() <= anew.next_position();
                    if is_as_far {
                        watch.view.clone_from(&anew);
                    }
                    is_as_far
                });
            }
        }
        Ok(())
    }

    fn with_alerts<T>(&self, timeline: Timeline, look: impl FnOnce(&mut Watch) -> T) -> T {
        let policy = self.policy();
        let mut views = self.alert_views().lock();
        look(views.of(timeline).get_or_insert_with(|| Watch {
            view: AlertView::new(policy, timeline),
            written: Written::default(),
        }))
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

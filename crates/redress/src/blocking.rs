//! The ledger for programs without an async runtime.
//!
//! Each call waits on the calling thread. Share a ledger among threads by cloning it.

use std::sync::Arc;

use redress_archive::ProbableDuplicate;
use redress_causes::{Alerts, Timeline};
use redress_core::action::{Action, ActionCommand, ActionRecorded, Opened};
use redress_core::duty::Duty;
use redress_core::event::Received;
use redress_core::{
    ActionId, Actor, Command, Complaint, ComplaintId, Custody, Label, Language, LedgerRecorded,
    Policy, PolicyAdopted, Position, Recorded, Rejection, Rulebook, SubjectId, Timestamp,
};
use redress_store::{Entry, EventStore, Fact, Projection, Shares};

use crate::alerts::AlertAction;
use crate::erasure::{Erasure, NotErased};
use crate::error::LedgerError;
use crate::letter::{Letter, NoLetter};
use crate::oversight::Oversight;
use crate::parts::{PartSurvey, PartVerdict};
use crate::replay::available_threads;
use crate::submission::{ActionOutcome, Outcome, Submission};
use crate::views::ViewsGuard;

/// A [`crate::Ledger`] whose calls wait.
///
/// ```
/// use redress::blocking::Ledger;
/// use redress::event::{Customer, Received, ReceivedPersonal};
/// use redress::{Actor, Channel, Policy};
///
/// let folder = tempfile::tempdir()?;
/// let ledger = Ledger::open(folder.path().join("complaints.redress"), Policy::standard())?;
/// let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
/// let ids = std::thread::scope(|scope| {
///     let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| {
///         let said = ReceivedPersonal { description: "我要求退款".into(), ..ReceivedPersonal::default() };
///         let customer = Customer::anonymous(ledger.new_subject()?);
///         let desk = "service_desk".parse()?;
///         let received = Received::new(customer, Channel::Post, agent.id.clone(), desk, said);
///         let receipt = ledger.receive(received, &agent)??;
///         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(receipt.complaint_id)
///     })).collect();
///     threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Result<Vec<_>, _>>()
/// });
/// for id in ids.map_err(|error| error.to_string())? {
///     assert_eq!(ledger.history(id)?.len(), 1);
/// }
/// // The founding rules and four complaints, numbered from 0.
/// assert_eq!(ledger.head()?.map(|head| head.get()), Some(4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Ledger<S>(crate::Ledger<S>);

impl<S> Clone for Ledger<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> From<crate::Ledger<S>> for Ledger<S> {
    fn from(ledger: crate::Ledger<S>) -> Self {
        Self(ledger)
    }
}

impl<S: EventStore> Ledger<S> {
    /// The ledger whose calls do not wait.
    #[must_use]
    pub const fn as_async(&self) -> &crate::Ledger<S> {
        &self.0
    }

    /// See [`crate::Ledger::receive`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::receive`].
    pub fn receive(&self, received: Received, actor: &Actor) -> Result<Outcome, LedgerError> {
        pollster::block_on(self.0.receive(received, actor))
    }

    /// See [`crate::Ledger::execute`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::execute`].
    pub fn execute(
        &self,
        complaint: ComplaintId,
        command: impl Into<Command>,
        actor: &Actor,
    ) -> Result<Outcome, LedgerError> {
        pollster::block_on(self.0.execute(complaint, command, actor))
    }

    /// See [`crate::Ledger::submit`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::submit`].
    pub fn submit(
        &self,
        complaint: ComplaintId,
        submission: Submission,
    ) -> Result<Outcome, LedgerError> {
        pollster::block_on(self.0.submit(complaint, submission))
    }

    /// See [`crate::Ledger::open_action`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::open_action`].
    pub fn open_action(&self, opened: Opened, actor: &Actor) -> Result<ActionOutcome, LedgerError> {
        pollster::block_on(self.0.open_action(opened, actor))
    }

    /// See [`crate::Ledger::alerts`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::alerts`].
    pub fn alerts(&self, at: Timestamp, timeline: Timeline) -> Result<Alerts, LedgerError> {
        pollster::block_on(self.0.alerts(at, timeline))
    }

    /// See [`crate::Ledger::open_alert_actions`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::open_alert_actions`].
    pub fn open_alert_actions(&self, actor: &Actor) -> Result<Vec<AlertAction>, LedgerError> {
        pollster::block_on(self.0.open_alert_actions(actor))
    }

    /// See [`crate::Ledger::act`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::act`].
    pub fn act(
        &self,
        action: ActionId,
        command: impl Into<ActionCommand>,
        actor: &Actor,
    ) -> Result<ActionOutcome, LedgerError> {
        pollster::block_on(self.0.act(action, command, actor))
    }

    /// See [`crate::Ledger::submit_action`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::submit_action`].
    pub fn submit_action(
        &self,
        action: ActionId,
        submission: Submission<ActionCommand>,
    ) -> Result<ActionOutcome, LedgerError> {
        pollster::block_on(self.0.submit_action(action, submission))
    }

    /// See [`crate::Ledger::action_history`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::action_history`].
    pub fn action_history(&self, action: ActionId) -> Result<Vec<ActionRecorded>, LedgerError> {
        pollster::block_on(self.0.action_history(action))
    }

    /// See [`crate::Ledger::action`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::action`].
    pub fn action(&self, action: ActionId) -> Result<Action, LedgerError> {
        pollster::block_on(self.0.action(action))
    }

    /// See [`crate::Ledger::take_over`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::take_over`].
    pub fn take_over(
        &self,
        complaint: ComplaintId,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Outcome>, LedgerError> {
        pollster::block_on(self.0.take_over(complaint, submissions))
    }

    /// See [`crate::Ledger::history`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::history`].
    pub fn history(&self, complaint: ComplaintId) -> Result<Vec<Recorded>, LedgerError> {
        pollster::block_on(self.0.history(complaint))
    }

    /// See [`crate::Ledger::refusals`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::refusals`].
    pub fn refusals(&self) -> Result<Vec<LedgerRecorded>, LedgerError> {
        pollster::block_on(self.0.refusals())
    }

    /// See [`crate::Ledger::letter`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::letter`].
    pub fn letter(
        &self,
        complaint: ComplaintId,
        template: &Label,
        language: Language,
    ) -> Result<Result<Letter, NoLetter>, LedgerError> {
        pollster::block_on(self.0.letter(complaint, template, language))
    }

    /// See [`crate::Ledger::oversee`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::oversee`].
    pub fn oversee(&self, actor: &Actor) -> Result<Oversight, LedgerError> {
        pollster::block_on(self.0.oversee(actor))
    }

    /// See [`crate::Ledger::demands`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::demands`].
    pub fn demands(&self) -> Result<Oversight, LedgerError> {
        pollster::block_on(self.0.demands())
    }

    /// See [`crate::Ledger::rules`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::rules`].
    pub fn rules(&self) -> Result<Arc<Rulebook>, LedgerError> {
        pollster::block_on(self.0.rules())
    }

    /// See [`crate::Ledger::adoptions`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::adoptions`].
    pub fn adoptions(&self) -> Result<Vec<LedgerRecorded>, LedgerError> {
        pollster::block_on(self.0.adoptions())
    }

    /// See [`crate::Ledger::adopt`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::adopt`].
    pub fn adopt(
        &self,
        policy: &Policy,
        in_force_from: Option<Timestamp>,
        actor: &Actor,
    ) -> Result<Result<Option<PolicyAdopted>, Rejection>, LedgerError> {
        pollster::block_on(self.0.adopt(policy, in_force_from, actor))
    }

    /// See [`crate::Ledger::hold`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::hold`].
    pub fn hold(
        &self,
        subject: SubjectId,
        basis: &str,
        actor: &Actor,
    ) -> Result<Result<(), Rejection>, LedgerError> {
        pollster::block_on(self.0.hold(subject, basis, actor))
    }

    /// See [`crate::Ledger::release`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::release`].
    pub fn release(
        &self,
        subject: SubjectId,
        basis: &str,
        actor: &Actor,
    ) -> Result<Result<(), Rejection>, LedgerError> {
        pollster::block_on(self.0.release(subject, basis, actor))
    }

    /// See [`crate::Ledger::custody`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::custody`].
    pub fn custody(&self, subject: SubjectId) -> Result<Custody, LedgerError> {
        pollster::block_on(self.0.custody(subject))
    }

    /// See [`crate::Ledger::erase_subject`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::erase_subject`].
    pub fn erase_subject(
        &self,
        subject: SubjectId,
        basis: &str,
        actor: &Actor,
    ) -> Result<Result<Erasure, NotErased>, LedgerError> {
        pollster::block_on(self.0.erase_subject(subject, basis, actor))
    }

    /// See [`crate::Ledger::survey_parts`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::survey_parts`].
    pub fn survey_parts(&self) -> Result<Option<PartSurvey>, LedgerError> {
        pollster::block_on(self.0.survey_parts())
    }

    /// See [`crate::Ledger::examine_parts`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::examine_parts`].
    pub fn examine_parts(
        &self,
        complaint: ComplaintId,
    ) -> Result<Vec<(Position, PartVerdict)>, LedgerError> {
        pollster::block_on(self.0.examine_parts(complaint))
    }

    /// See [`crate::Ledger::entries`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::entries`].
    pub fn entries(&self, complaint: ComplaintId) -> Result<Vec<Entry>, LedgerError> {
        pollster::block_on(self.0.entries(complaint))
    }

    /// See [`crate::Ledger::new_subject`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::new_subject`].
    pub fn new_subject(&self) -> Result<SubjectId, LedgerError> {
        self.0.new_subject()
    }

    /// See [`crate::Ledger::complaint`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::complaint`].
    pub fn complaint(&self, complaint: ComplaintId) -> Result<Complaint, LedgerError> {
        pollster::block_on(self.0.complaint(complaint))
    }

    /// See [`crate::Ledger::duties`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::duties`].
    pub fn duties(&self, complaint: ComplaintId) -> Result<Vec<Duty>, LedgerError> {
        pollster::block_on(self.0.duties(complaint))
    }

    /// See [`crate::Ledger::probable_duplicates`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::probable_duplicates`].
    pub fn probable_duplicates(
        &self,
        complaint: ComplaintId,
    ) -> Result<Vec<ProbableDuplicate>, LedgerError> {
        pollster::block_on(self.0.probable_duplicates(complaint))
    }

    /// See [`crate::Ledger::views`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::views`].
    pub fn views(&self) -> Result<ViewsGuard<'_>, LedgerError> {
        pollster::block_on(self.0.views())
    }

    /// See [`crate::Ledger::save_views`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::save_views`].
    pub fn save_views(&self) -> Result<(), LedgerError> {
        pollster::block_on(self.0.save_views())
    }

    /// See [`crate::Ledger::save_views_every`].
    pub fn save_views_every(&self, facts: u64) {
        self.0.save_views_every(facts);
    }

    /// See [`crate::Ledger::rebuild_views`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::rebuild_views`].
    pub fn rebuild_views(&self) -> Result<(), LedgerError> {
        pollster::block_on(self.0.rebuild_views())
    }

    /// Hands the recorded facts from `from` on, or those known at an instant, to `take`, a page at a time.
    ///
    /// # Errors
    ///
    /// As [`crate::Replay::for_each_page`].
    pub fn replay_pages(
        &self,
        as_of: Option<Timestamp>,
        from: Position,
        take: impl FnMut(&[Fact]) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        let replay = match as_of {
            Some(instant) => self.0.replay().as_of(instant),
            None => self.0.replay(),
        };
        pollster::block_on(replay.for_each_page(from, take))
    }

    /// Folds every fact a view has not had into it, or those known at an instant, on as many threads as are worth it; see
    /// [`crate::Replay::fold_shared`].
    ///
    /// # Errors
    ///
    /// As [`crate::Replay::fold_shared`].
    pub fn replay_shared<V: Shares + 'static>(
        &self,
        as_of: Option<Timestamp>,
        view: &mut V,
        progress: impl FnMut(Position) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        let replay = match as_of {
            Some(instant) => self.0.replay().as_of(instant),
            None => self.0.replay(),
        };
        pollster::block_on(replay.fold_shared(view, available_threads(), progress))
    }

    /// The position of the last fact; `None` while there is none.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] when it cannot be read.
    pub fn head(&self) -> Result<Option<Position>, LedgerError> {
        Ok(pollster::block_on(self.0.store().head())?)
    }

    /// See [`crate::Replay::fold_into`].
    ///
    /// # Errors
    ///
    /// As [`crate::Replay::fold_into`].
    pub fn replay_into(&self, view: &mut dyn Projection) -> Result<Position, LedgerError> {
        pollster::block_on(self.0.replay().fold_into(view))
    }

    /// See [`crate::Replay::fold_watched`].
    ///
    /// # Errors
    ///
    /// As [`crate::Replay::fold_watched`].
    pub fn replay_watched(
        &self,
        view: &mut dyn Projection,
        progress: impl FnMut(Position) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        pollster::block_on(self.0.replay().fold_watched(view, progress))
    }
}

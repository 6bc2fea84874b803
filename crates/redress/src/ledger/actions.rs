//! Improvement actions: opened, worked on and read through the ledger like complaints.

use redress_core::action::{Action, ActionCommand, ActionRecorded, Opened, Origin};
use redress_core::{ActionId, Actor, CommandId, Rejection};
use redress_store::EventStore;

use super::Ledger;
use crate::batch::fold;
use crate::error::LedgerError;
use crate::subject::OfAction;
use crate::submission::{ActionOutcome, ActionReceipt, Submission};

impl<S: EventStore> Ledger<S> {
    /// Opens an improvement action.
    ///
    /// An action that a warning opens gets an id derived from the warning, so that the same warning opens one; others get
    /// an id of their own each time. Another measure for a warning that has its action is
    /// [`Rejection::ActionAlreadyOpened`].
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why it was refused.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// use redress::action::{Action, Assigned, Done, Opened, Owner};
    /// use redress::Span;
    ///
    /// # pollster::block_on(async {
    /// let quality = Actor::human("chen.jie".parse()?, "manager".parse()?, "quality".parse()?);
    /// let opened = Opened::against("service/slow_response".parse()?, "a second shift on Mondays");
    /// let id = ledger.open_action(opened, &quality).await??.action_id;
    ///
    /// let owner = Owner { department: "service".parse()?, person: "sun.li".parse()? };
    /// let due = ledger.now() + Span::days(30);
    /// ledger.act(id, Assigned { owner, due }, &quality).await??;
    /// let done = Done { result: "the shift runs since Monday".into() };
    /// ledger.act(id, done, &quality).await??;
    /// assert!(matches!(ledger.action(id).await?, Action::Done { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn open_action(
        &self,
        opened: Opened,
        actor: &Actor,
    ) -> Result<ActionOutcome, LedgerError> {
        let (action, command_id) = match &opened.origin {
            Origin::Alert(alert) => {
                let action = ActionId::of_alert(alert);
                (action, Some(CommandId::opening(action)))
            }
            Origin::Cause | Origin::Review | Origin::Complaint => {
                let action = ActionId::from_parts(self.now(), self.ten_random_bytes()?);
                (action, None)
            }
        };
        let submission = Submission {
            command_id,
            ..Submission::about_action(opened, actor.clone())
        };
        // Under an id derived from the warning, other content means that the warning has its action.
        let told = |rejection| {
            if rejection == Rejection::CommandReused {
                Rejection::ActionAlreadyOpened
            } else {
                rejection
            }
        };
        let decided = self.decide_or_refuse::<OfAction>(action, submission, told);
        Ok(decided
            .await?
            .map(|accepted| ActionReceipt::of(action, accepted)))
    }

    /// Has something recorded about an action that happens now.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why the command was refused.
    pub async fn act(
        &self,
        action: ActionId,
        command: impl Into<ActionCommand>,
        actor: &Actor,
    ) -> Result<ActionOutcome, LedgerError> {
        self.submit_action(action, Submission::about_action(command, actor.clone()))
            .await
    }

    /// Has something recorded about an action, with all that can be said about the wish.
    ///
    /// As for a complaint, the same wish handed in again under its command id gets its first receipt, and a refusal is
    /// recorded before it is told: see [`Ledger::submit`].
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why the command was refused.
    pub async fn submit_action(
        &self,
        action: ActionId,
        submission: Submission<ActionCommand>,
    ) -> Result<ActionOutcome, LedgerError> {
        let decided = self.decide_or_refuse::<OfAction>(action, submission, |rejection| rejection);
        Ok(decided
            .await?
            .map(|accepted| ActionReceipt::of(action, accepted)))
    }

    /// The history of one action, in order; empty for an unknown one.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when it cannot be read, [`LedgerError::NotAnAction`] when it is a
    /// complaint's.
    pub async fn action_history(
        &self,
        action: ActionId,
    ) -> Result<Vec<ActionRecorded>, LedgerError> {
        self.load::<OfAction>(action).await
    }

    /// Where an action stands.
    ///
    /// # Errors
    ///
    /// As [`Ledger::action_history`], and [`LedgerError::ActionHistory`] when its facts cannot follow each other.
    pub async fn action(&self, action: ActionId) -> Result<Action, LedgerError> {
        fold::<OfAction>(&self.action_history(action).await?)
    }
}

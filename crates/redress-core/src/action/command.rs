//! What somebody wants recorded about an action. The commands carry the facts they propose.

use super::{ActionEvent, Assigned, Cancelled, Done, Evaluated, Opened};

/// What somebody wants recorded about an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionCommand {
    /// Open it.
    Open(Opened),
    /// Give it to an owner.
    Assign(Assigned),
    /// Record that it was carried out.
    Complete(Done),
    /// Record whether it helped.
    Evaluate(Box<Evaluated>),
    /// Give it up.
    Cancel(Cancelled),
}

impl ActionCommand {
    /// Its name in messages, in policies and in output for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open(_) => "open_action",
            Self::Assign(_) => "assign_action",
            Self::Complete(_) => "complete_action",
            Self::Evaluate(_) => "evaluate_action",
            Self::Cancel(_) => "cancel_action",
        }
    }

    /// Whether `event` is the fact that this command asked for.
    ///
    /// Tells a command sent twice from another command under the same id.
    #[must_use]
    pub fn asks_for(&self, event: &ActionEvent) -> bool {
        *event == self.clone().into_fact()
    }

    pub(super) fn into_fact(self) -> ActionEvent {
        match self {
            Self::Open(fact) => ActionEvent::Opened(fact),
            Self::Assign(fact) => ActionEvent::Assigned(fact),
            Self::Complete(fact) => ActionEvent::Done(fact),
            Self::Evaluate(fact) => ActionEvent::Evaluated(fact),
            Self::Cancel(fact) => ActionEvent::Cancelled(fact),
        }
    }
}

impl From<Opened> for ActionCommand {
    fn from(fact: Opened) -> Self {
        Self::Open(fact)
    }
}

impl From<Assigned> for ActionCommand {
    fn from(fact: Assigned) -> Self {
        Self::Assign(fact)
    }
}

impl From<Done> for ActionCommand {
    fn from(fact: Done) -> Self {
        Self::Complete(fact)
    }
}

impl From<Evaluated> for ActionCommand {
    fn from(fact: Evaluated) -> Self {
        Self::Evaluate(Box::new(fact))
    }
}

impl From<Cancelled> for ActionCommand {
    fn from(fact: Cancelled) -> Self {
        Self::Cancel(fact)
    }
}

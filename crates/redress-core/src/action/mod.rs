//! Improvement actions: what is done about a warning or a cause, by whom, until when, and whether it helped.
//!
//! An action has a history of its own beside the complaints'. As for a complaint, [`decide_action`] turns an
//! [`ActionCommand`] into facts or a [`Rejection`](crate::Rejection), [`evolve_action`] folds recorded facts into an
//! [`Action`], and [`duty`] tells what is owed at a moment. None of the facts holds personal data.

mod assigned;
mod cancelled;
mod command;
mod decide;
mod done;
mod duty;
mod evaluated;
mod event;
mod evolve;
mod opened;
mod recorded;
mod state;

pub use assigned::{Assigned, Owner};
pub use cancelled::Cancelled;
pub use command::ActionCommand;
pub use decide::{ActionContext, decide_action};
pub use done::Done;
pub use duty::{ActionDuty, ActionTask, duty};
pub use evaluated::{Effective, Evaluated, Figure, FigureValue};
pub use event::{ActionEvent, ActionEventType};
pub use evolve::{ActionMisfit, ActionOutOfOrder, evolve_action};
pub use opened::{Alert, AlertLevel, Opened, Origin};
pub use recorded::ActionRecorded;
pub use state::{
    Action, ActionCase, ActionState, Assignment, Cancellation, Completion, Evaluation,
};

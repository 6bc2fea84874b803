//! A complaint ledger to embed in a service.
//!
//! Every complaint is a history of facts that is only ever added to. [`Ledger`] takes complaints in, decides what may
//! be recorded about them, and keeps three views: the [`archive`] of every complaint's file, the [`sla`] view of each
//! department's clocks, and the [`causes`] view of why things go wrong.
//!
//! There is no logic here: the rules are in `redress-core`, the store is in `redress-sqlite`, each view has a crate of
//! its own. All of what a service needs is re-exported.

mod batch;
mod environment;
mod error;
mod ledger;
#[cfg(feature = "sqlite")]
mod open;
mod replay;
mod submission;
mod views;

pub mod blocking;

pub use environment::{Environment, SystemEnvironment};
pub use error::LedgerError;
pub use ledger::Ledger;
pub use redress_archive as archive;
pub use redress_causes as causes;
pub use redress_core as core;
pub use redress_core::{
    Actor, ActorKind, Assign, CategoryPath, CauseCode, Channel, Command, CommandId, Complaint,
    ComplaintId, DepartmentId, Escalate, Event, ExternalRef, Label, Language, PersonId, Personal,
    Policy, Position, Recorded, Rejection, Revisit, Role, Span, SubjectId, Timestamp, Version,
    event,
};
pub use redress_sla as sla;
#[cfg(feature = "sqlite")]
pub use redress_sqlite as sqlite;
pub use redress_store as store;
pub use replay::Replay;
pub use submission::{Outcome, Place, Receipt, Submission};
pub use views::{Views, ViewsGuard};

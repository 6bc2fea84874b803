//! The domain of complaint handling: facts, states, commands and rules.
//!
//! Everything here is pure. No clock, randomness, input, output, thread or `async`: time and ids come in as
//! arguments, and the same input gives the same output. Storing facts, sealing personal data and answering
//! questions about many complaints live in other crates.
//!
//! The heart is two functions: [`decide`] turns a [`Command`] into facts or a [`Rejection`], and [`evolve`] folds
//! recorded facts into a [`Complaint`]. Improvement actions have a pair of their own, in [`action`].

pub mod action;
mod actor;
mod adoption;
pub mod calendar;
pub mod clock;
mod command;
mod complaint;
mod counted;
mod decide;
mod dimension;
pub mod duty;
mod erasure;
pub mod event;
mod evolve;
pub mod id;
pub mod intake;
mod language;
mod ledger_fact;
pub mod letter;
mod personal;
pub mod policy;
mod ratio;
mod rejection;
mod rulebook;
pub mod taxonomy;
mod text;
mod time;

pub use action::{
    Action, ActionCommand, ActionContext, ActionEvent, ActionEventType, ActionOutOfOrder,
    ActionRecorded, ActionState, decide_action, evolve_action,
};
pub use actor::{Actor, ActorKind};
pub use adoption::{AdoptionFault, PolicyAdopted};
pub use calendar::{Calendar, WorkingTime, WorkingTimeError};
pub use clock::{Clock, ClockEnd, ClockKind, Ending, Pause, Reading, Status, Target, Terms};
pub use command::{Assign, Command, Escalate, Revisit};
pub use complaint::{
    Case, Closing, Complaint, ComplaintParts, JointPart, Ownership, Progress, Resolution, Revisits,
    State,
};
pub use counted::{Duplicates, Period};
pub use decide::{Context, decide};
pub use dimension::Dimension;
pub use erasure::{
    Custodies, Custody, CustodyCommand, DestroyedKey, ErasureRequested, Held, KeyDestroyed,
    Released,
};
pub use event::{Channel, Event, EventType, Recorded};
pub use evolve::{Misfit, OutOfOrder, apply, evolve};
pub use id::{
    ActionId, CategoryPath, CauseCode, CommandId, ComplaintId, Cycle, DepartmentId, Epoch, EventId,
    ExternalRef, InvalidCode, Label, Level, PersonId, Position, ProductCode, Role, SubjectId,
    TraceId, Version,
};
pub use language::{Language, Name};
pub use ledger_fact::{LedgerEvent, LedgerEventType, LedgerRecorded, LedgerStream, Refused};
pub use personal::Personal;
pub use policy::{Conduct, Policy};
pub use ratio::Ratio;
pub use rejection::Rejection;
pub use rulebook::{Adoption, Rulebook};
pub use time::{InvalidTimestamp, Span, Timestamp};

//! Early warnings 投诉预警: which figures stand where the rules of the policy warn, and which did when.
//!
//! [`AlertView`] folds the facts of a ledger into what each complaint adds to each watched figure from when until when, and
//! keeps the sums. A figure is then a staircase over time, and a warning is raised, becomes graver and ends at its steps. Nothing is
//! judged when somebody looks: the history of warnings up to an instant is the same whoever asks for it, and when.

mod amount;
mod changes;
mod clocks;
mod course;
mod customers;
mod figures;
mod judgement;
mod marks;
mod packing;
mod report;
mod snapshot;
mod stairs;
mod term;
mod view;
mod watched;

pub use judgement::NotEvaluable;
pub use report::{Alerts, GroupValue, LevelChange, Measured, Raised, Standing};
pub use view::{AlertView, Timeline};

//! The department SLA view: how the clocks stand, who has what to do next, and how much work there was.
//!
//! [`SlaView`] folds the facts of a ledger and keeps, of each complaint, its state and a few counts. Verdicts are never
//! kept: every question takes the moment it is asked for, and the answer follows from facts, policy and that moment.
//! Nothing here stores, and nothing here tells who a customer is.
//!
//! A question about an earlier moment is answered with all that is known now: facts told late count, and so does
//! what a class or a department was changed to since. What was known *then* is what a view shows that was
//! folded up to then.

mod active_time;
mod board;
mod departments;
mod filter;
mod forecast;
mod happening;
mod packing;
mod people;
mod queue;
mod shares;
mod snapshot;
mod source;
mod status_counts;
mod track;
mod view;
mod workload;

pub use active_time::ActiveTime;
pub use board::{Board, BoardRow, ClockTotal};
pub use departments::{Ages, DepartmentRow, RevisitCounts};
pub use filter::{BoardFilter, Limits};
pub use people::PersonRow;
pub use queue::QueueItem;
pub use redress_core::{Duplicates, Period};
pub use source::{ComparisonRow, SourceComparison, SourceCount};
pub use status_counts::StatusCounts;
pub use view::SlaView;
pub use workload::{Assignments, Reopenings, StateCounts, Workload};

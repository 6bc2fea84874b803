//! The root-cause view: why complaints happen, how often, and where; and the figures of complaint handling.
//!
//! [`CauseView`] folds the facts of a ledger and counts complaints, never events. A cause counts while the resolution
//! that named it stands: a complaint whose handling begins again gives its cause back until it is resolved again, and
//! a cause that was amended counts as amended. Complaints without a cause, or without a value of a dimension, are
//! told apart and never inside a share.
//!
//! It is also where measures against causes are followed: every improvement action, how it stands at a moment, and what
//! of it helped.
//!
//! [`Kpis`] are the figures of a period, each with the numbers above and below the line. [`statistics`] holds charts,
//! survival curves and percentiles as plain functions.

mod actions;
mod alerts;
mod cell;
mod concentration;
mod cross;
mod dimension;
mod kpi;
mod packing;
mod query;
mod ranking;
mod shares;
mod snapshot;
pub mod statistics;
mod survival;
mod track;
mod trend;
mod view;
mod visits;
mod weekly;

pub use actions::{ActionCounts, ActionGroup, ActionRow, CountedActions};
pub use alerts::{
    AlertView, Alerts, GroupValue, LevelChange, Measured, NotEvaluable, Raised, Standing, Timeline,
};
pub use cell::Cell;
pub use concentration::{Concentration, ConcentrationRule};
pub use cross::{CrossRow, CrossTable, CrossValue};
pub use dimension::Dimension;
pub use kpi::{Backlog, Cost, Figure, Kpi, KpiQuery, KpiRow, Kpis};
pub use query::{CauseQuery, Grain};
pub use ranking::{Ranked, Ranking};
pub use redress_core::{Duplicates, Period};
pub use trend::TrendRow;
pub use view::CauseView;
pub use weekly::{Week, WeeklyChart};

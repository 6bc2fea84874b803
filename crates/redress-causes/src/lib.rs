//! The root-cause view: why complaints happen, how often, and where.
//!
//! [`CauseView`] folds the facts of a ledger and counts complaints, never events. A cause counts while the resolution
//! that named it stands: a complaint whose handling begins again gives its cause back until it is resolved again, and
//! a cause that was amended counts as amended. Complaints without a cause, or without a value of a dimension, are
//! told apart and never inside a share.
//!
//! It is also where measures against causes are followed: every improvement action, how it stands at a moment, and what
//! of it helped.

mod actions;
mod cross;
mod dimension;
mod query;
mod ranking;
mod track;
mod view;

pub use actions::{ActionCounts, ActionGroup, ActionRow, CountedActions};
pub use cross::{CrossRow, CrossTable, CrossValue};
pub use dimension::Dimension;
pub use query::{CauseQuery, Duplicates, Grain, Period};
pub use ranking::{Ranked, Ranking};
pub use view::CauseView;

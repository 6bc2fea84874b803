//! Every complaint's file, searchable.
//!
//! The archive is a projection: it folds the facts of one ledger into an SQLite database of its own, a file or memory. It
//! holds a row for each complaint with everything that can be asked for, the time line of facts, and the words of customers
//! and staff in a full-text index that finds `退款` inside a longer run of Chinese and `refund` whatever its case.
//!
//! All of it is derived. An archive may be deleted and folded again, and is equal then; where its layout, its ledger or
//! its file does not fit, [`Archive::open`] starts it anew. Clocks and rates live in other views: nothing here depends on
//! the passing of time.
//!
//! Personal data are inside. The file can be read and written by its owner alone, and an `Erased` fact removes what the
//! archive holds of that customer.

mod archive;
mod batch;
mod check;
mod checkpoint;
mod clause;
mod clock_conditions;
mod clocks;
mod count;
mod cursor;
mod deadlines;
mod digest;
mod dimension;
mod dossier;
#[cfg(test)]
mod due_laws;
mod duplicates;
mod error;
mod file;
mod filter;
mod groups;
mod layout;
mod lessons;
mod loader;
mod moment;
mod number;
mod page;
#[cfg(test)]
mod plans;
mod query;
mod race;
mod row;
mod seal;
mod search;
mod snippet;
mod summary;
mod text_conditions;
mod texts;
mod timeline;
mod upcoming;
#[cfg(test)]
mod walk_laws;
mod words;

pub use archive::Archive;
pub use cursor::{Cursor, InvalidCursor};
pub use dimension::Dimension;
pub use duplicates::{Likeness, ProbableDuplicate};
pub use error::ArchiveError;
pub use groups::{Figures, Group, Groups, HandlingTime};
pub use lessons::Lesson;
pub use loader::Loader;
pub use moment::Moment;
pub use query::{DEFAULT_LIMIT, Query, Sort, TYPICAL_CASE};
pub use search::{ComplaintFile, Hit, SourceFact};
pub use snippet::{MAX_SNIPPETS, Snippet};
pub use summary::{Involvement, Outcome, Part, Summary};
pub use texts::Field;
pub use words::{MAX_PHRASES, MAX_WORDS};

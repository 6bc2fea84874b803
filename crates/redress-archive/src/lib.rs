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
mod checkpoint;
mod dossier;
mod duplicates;
mod error;
mod file;
mod layout;
mod query;
mod search;
mod summary;
mod texts;
mod timeline;
mod words;

pub use archive::Archive;
pub use duplicates::{Likeness, ProbableDuplicate};
pub use error::ArchiveError;
pub use query::{Cursor, DEFAULT_LIMIT, Query};
pub use search::{ComplaintFile, Hit, SourceFact};
pub use summary::{Involvement, Outcome, Part, Summary};
pub use words::{MAX_PHRASES, MAX_WORDS};

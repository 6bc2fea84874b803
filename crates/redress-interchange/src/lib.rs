//! Taking in the complaint records of other systems.
//!
//! A [`Mapping`] says what the columns of a CSV file mean. An [`Importer`] reads the file row by row and turns each
//! row into [`Step`]s: commands with the time, the actor and an id that is the same each time the file is read. It
//! knows no store: the caller runs the steps through a ledger, under
//! [`Policy::for_history`](redress_core::Policy::for_history), for nothing that people of another system did or left
//! undone is judged here.
//!
//! What could not be used, and what was used otherwise than it stands in the file, is a [`Finding`] with line and
//! column; a [`RejectFile`] writes them down. Nothing is left out silently.
//!
//! ```
//! use redress_interchange::{Importer, Mapping, Options, RowOutcome, demo_csv};
//!
//! let mapping = Mapping::shipped("uci-incidents")?;
//! let mut importer = Importer::new(&mapping, demo_csv().as_bytes(), Options::default())?;
//! let Some(Ok(RowOutcome::Used(row))) = importer.next() else {
//!     panic!("the first row is good");
//! };
//! assert_eq!(row.case.as_str(), "INC0000045");
//! assert_eq!(row.steps[0].command.name(), "receive");
//! assert_eq!(row.steps[0].occurred_at.to_string(), "2016-02-29T01:16:00Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod case;
mod cell;
mod demo;
mod encoding;
mod error;
mod finding;
mod header;
mod importer;
mod local_time;
pub mod mapping;
mod records;
mod reject_file;
mod report;
mod snapshot;
mod step;

pub use demo::demo_csv;
pub use error::ImportError;
pub use finding::{Cells, Column, Finding, FindingKind, Problem};
pub use importer::{Importer, Options, Row, RowOutcome};
pub use mapping::{Mapping, MappingError};
pub use reject_file::{REJECT_FILE_START, RejectFile, refusal_message};
pub use report::Report;
pub use step::Step;

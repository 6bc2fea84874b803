//! The embedded store of redress: a ledger is one SQLite file.
//!
//! One thread writes. It takes every append that waits, stores them in one transaction, and answers once that is on
//! the disk, so that many writers share the cost of one commit. A few other threads read. No async runtime is needed
//! and none is named: any will do.
//!
//! One process at a time may open a ledger for writing; any number may read it meanwhile. What entries mean, and which
//! may be stored at all, is not decided here.
//!
//! Beside a ledger `complaints.redress` stand, while it is open, `complaints.redress-wal` and `complaints.redress-shm`,
//! which belong to it and must be copied with it, and always the empty `complaints.redress-lock`, which says who writes.

mod fault;
mod file;
mod lock;
mod oneshot;
mod reader;
mod restore;
mod rows;
mod schema;
mod store;
mod watcher;
mod worker;
mod writer;

pub use store::{Options, SqliteStore};

//! Stores of facts: what they promise, how an entry is laid out, and a store in memory.
//!
//! A store keeps bytes and an order. What the bytes mean is the business of [`codec`]; what may be recorded at all is
//! decided before, in `redress-core`.

pub mod admission;
mod arrivals;
pub mod codec;
#[cfg(feature = "contract")]
pub mod contract;
mod entry;
mod error;
mod fact;
pub mod file;
mod memory;
pub mod packed;
mod pair;
mod projection;
mod share;
pub mod snapshot;
mod store;

pub use arrivals::Arrivals;
pub use entry::{
    Entry, MAX_APPEND_ENTRIES, MAX_PART_BYTES, MAX_PARTS, NewEntry, Part, PartKind, StreamId,
};
pub use error::{AppendError, InvalidAppend, StoreError, StoreErrorKind};
pub use fact::Fact;
pub use memory::MemoryStore;
pub use projection::{
    Between, Projection, ProjectionError, ProjectionFault, check_position, fold_facts,
};
pub use share::{Share, Shares};
pub use store::{Append, Appended, EventStore, ExpectedVersion, Remains};

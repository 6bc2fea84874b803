//! A complaint ledger to embed in a service.
//!
//! Every complaint is a history of facts that is only ever added to. [`Ledger`] takes complaints in, decides what may
//! be recorded about them, and keeps three views: the [`archive`] of every complaint's file, the [`sla`] view of each
//! department's clocks, and the [`causes`] view of why things go wrong.
//!
//! The rules are in `redress-core`, the store is in `redress-sqlite`, sealing and proofs are in `redress-evidence`, each view
//! has a crate of its own. Here they are put together. All of what a service needs is re-exported.
//!
//! A ledger in a file is opened by [`Ledger::open`]. This one lives in memory:
//!
//! ```
//! use redress::archive::{Archive, Query};
//! use redress::blocking::Ledger;
//! use redress::event::{Classified, Customer, Received, ReceivedPersonal};
//! use redress::store::{EventStore, MemoryStore};
//! use redress::{Actor, Channel, Policy, SystemEnvironment};
//!
//! let store = MemoryStore::new(uuid::Uuid::from_u128(1));
//! let archive = Archive::in_memory(store.ledger_id())?;
//! let ledger = redress::Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
//! let ledger = Ledger::from(ledger);
//!
//! let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
//! let said = ReceivedPersonal {
//!     description: "包裹三天没有送到，要求退款".into(),
//!     ..ReceivedPersonal::default()
//! };
//! let customer = Customer::anonymous(ledger.new_subject()?);
//! let received = Received::new(customer, Channel::MobileApp, agent.id.clone(), "service_desk".parse()?, said);
//!
//! // The outer `?` is for a failure of the ledger, the inner one for a rule that says no.
//! let id = ledger.receive(received, &agent)??.complaint_id;
//! let receipt = ledger.execute(id, Classified::new("delivery/delay".parse()?), &agent)??;
//! assert_eq!(receipt.recorded.map(|place| place.version.get()), Some(2));
//!
//! let views = ledger.views()?;
//! let hits = views.archive.search(&Query::new().text("退款"))?;
//! assert_eq!(hits.len(), 1);
//! assert_eq!(hits[0].summary.id, id);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alerts;
mod batch;
#[cfg(feature = "sqlite")]
mod custody;
mod duties;
mod environment;
mod erasure;
mod error;
mod ledger;
mod ledger_paths;
mod letter;
#[cfg(feature = "sqlite")]
mod open;
mod oversight;
mod parts;
mod proofs;
mod refusal;
mod replay;
mod rules;
mod snapshots;
mod subject;
mod submission;
mod vault;
mod views;

pub mod blocking;

pub use alerts::AlertAction;
#[cfg(feature = "sqlite")]
pub use custody::rewrap;
pub use environment::{Environment, SystemEnvironment};
pub use erasure::{Erasure, NotErased};
pub use error::LedgerError;
pub use ledger::Ledger;
pub use ledger_paths::LedgerPaths;
pub use letter::{Letter, NoLetter};
pub use oversight::{DueNotice, Escalation, Oversight, OversightFailure, WhyNotOverseen};
pub use parts::{PartFault, PartSurvey, PartVerdict};
pub use proofs::{ComplaintProof, Evidence, verify_ledger};
#[cfg(feature = "sqlite")]
pub use proofs::{Restored, restore_ledger};
pub use redress_archive as archive;
pub use redress_causes as causes;
pub use redress_core as core;
pub use redress_core::{
    Action, ActionCommand, ActionId, ActionRecorded, Actor, ActorKind, Assign, CategoryPath,
    CauseCode, Channel, Command, CommandId, Complaint, ComplaintId, DepartmentId, Escalate, Event,
    ExternalRef, Label, Language, LedgerEvent, LedgerRecorded, PersonId, Personal, Policy,
    PolicyAdopted, Position, Recorded, Refused, Rejection, Revisit, Role, Rulebook, Span,
    SubjectId, Timestamp, Version, action, event,
};
pub use redress_evidence as evidence;
pub use redress_sla as sla;
#[cfg(feature = "sqlite")]
pub use redress_sqlite as sqlite;
pub use redress_store as store;
pub use replay::{Replay, available_threads};
pub use snapshots::Rebuilt;
pub use submission::{ActionOutcome, ActionReceipt, Outcome, Place, Receipt, Submission};
pub use views::{Views, ViewsGuard};

//! Property-based testing of workflow rules.
//!
//! A [`Policy`](redress_core::Policy) says how complaints are handled, [rules](redress_rules) what must hold of their
//! histories. The testkit tries to break the rules: an [`Explorer`] walks through every history, shortest first;
//! strategies make random and hostile ones; [`shrink`] makes a failing history as short as it can be; [`mutate`]
//! shows which mistakes in a policy the rules would not notice.
//!
//! Nothing here reads a clock, a file or random bytes of its own; the same input gives the same result.

mod alphabet;
mod branch;
mod cast;
mod counterexample;
mod coverage;
mod difference;
mod explorer;
mod finding;
mod graph;
mod history;
mod hostile;
mod judge;
mod key;
mod laws;
mod mutant;
mod mutation;
mod mutator;
mod narrative;
mod process;
mod scenario;
mod search;
mod shrink;
mod standard;
mod strategies;
mod view_laws;
mod wish;

pub use alphabet::Alphabet;
pub use branch::{Branch, Effect, Offer, Question};
pub use cast::Cast;
pub use counterexample::Counterexample;
pub use coverage::{Coverage, Demanded, NotCovered, Transition};
pub use explorer::{Bounds, Exploration, Explorer, Extent};
pub use finding::{Finding, How};
pub use history::{History, Refused, Step, StepRefused, start};
pub use hostile::{Attempt, hostile_commands};
pub use judge::verdicts;
pub use laws::{BrokenLaw, check_laws};
pub use mutant::Mutant;
pub use mutation::{Limit, Mutation, Omission, Turn, mutations};
pub use mutator::{Fate, Parting, Score, mutate};
pub use narrative::narrate;
pub use process::Process;
pub use scenario::{CannotWait, Outcome, Scenario, Unmet};
pub use shrink::shrink;
pub use standard::{limit_branches, standard_branches};
pub use strategies::{history_reaching, interleavings, valid_history};
pub use view_laws::{BrokenViewLaw, ViewLaws};
pub use wish::{End, Move, Wish};

/// The listings of the tutorial, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/testing-workflows.md")]
struct Tutorial;

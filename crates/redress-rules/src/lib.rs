//! Rules about how complaints are handled, as values.
//!
//! A [`Rule`] says what must hold of the history of each complaint: in the names of Declare, in temporal operators over
//! finite histories, with conditions on facts, on who did what and on how much time lay between. A [`Monitor`] watches
//! one history for one rule, fact by fact, and [`audit`](audit::Audit) does so for a whole ledger. Rules are written as
//! text ([`parse`]), so that whoever answers for compliance can read and write them.
//!
//! Nothing here reads a clock or a file, and nothing decides: rules judge what was recorded.

pub mod audit;
mod automaton;
mod calendars;
mod clause;
mod condition;
mod field;
mod monitor;
mod observation;
mod pairs;
mod pattern;
mod rule;
mod suite;
mod template;
mod text;
mod verdict;

pub use calendars::Calendars;
pub use clause::{Clause, Constraint, Limit, Who};
pub use condition::{Condition, InvalidCondition, Test};
pub use field::{Domain, Field};
pub use monitor::{Monitor, NoSuchCalendar};
pub use observation::{Observation, Person};
pub use pattern::Pattern;
pub use rule::{InvalidRule, Rule};
pub use suite::{LIMITS, STANDARD, limits, standard};
pub use template::{Shape, Template};
pub use text::{RuleError, RuleErrors, parse, write};
pub use verdict::Verdict;

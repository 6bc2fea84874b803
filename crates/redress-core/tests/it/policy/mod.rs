//! Policies as files: what is read, what is refused and how it is told, and what is drawn and compared.

mod comparing;
mod drawing;
mod laws;
mod reading;
mod refusals;
mod shipped;
mod writing;

use redress_core::Policy;

/// A good file that uses every key.
pub(crate) const BASE: &str = include_str!("../../data/policy_errors/base.toml");

pub(crate) fn base() -> Policy {
    Policy::parse(BASE, "base.toml").unwrap()
}

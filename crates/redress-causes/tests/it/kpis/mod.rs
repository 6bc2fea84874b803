//! The figures of a period: worked by hand, and against a recount from the bare facts.

mod laws;
pub(crate) mod model;
mod worked;

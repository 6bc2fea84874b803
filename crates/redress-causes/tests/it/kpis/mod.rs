//! The figures of a period: worked by hand, and against a recount from the bare facts.

mod laws;
mod model;
mod worked;

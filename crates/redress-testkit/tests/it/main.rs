//! Tests of the testkit.

mod exploring;
mod mutating;
mod planted;
mod shrinking;
mod strategies;
mod telling;

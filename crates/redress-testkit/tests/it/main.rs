//! Tests of the testkit.

mod exploring;
mod mutating;

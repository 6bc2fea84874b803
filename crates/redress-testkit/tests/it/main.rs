//! Tests of the testkit.

mod exploring;

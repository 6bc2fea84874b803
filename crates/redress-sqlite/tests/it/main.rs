//! Tests of the embedded store, through the public interface.

mod contract;

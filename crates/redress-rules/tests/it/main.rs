//! The tests of `redress-rules`.

//! Integration tests: files in, steps out, and the steps through the domain.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod bad_input;
mod case;
mod domain;
mod files;
mod mapping_errors;
mod properties;
mod reject_file;
mod rules;
mod spoiled;
mod states;
mod times;
mod uci;
mod variations;
mod whole_cases;

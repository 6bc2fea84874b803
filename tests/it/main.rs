//! Checks of the workspace as a whole.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::panic, reason = "a panic is a failed test")]

mod architecture;
mod documents;
mod files;
mod states;

//! The domain, from outside: commands in, facts or rejections out.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod actions;
mod calendar;
mod duty;
mod extensions;
mod guards;
mod guide;
mod intake;
mod laws;
mod letter;
mod policy;
mod policy_guards;
mod rulebook;
mod scenarios;
mod story;
mod table;

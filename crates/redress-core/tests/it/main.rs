//! The domain, from outside: commands in, facts or rejections out.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod actions;
mod calendar;
mod duty;
mod guards;
mod intake;
mod laws;
mod policy;
mod policy_guards;
mod scenarios;
mod story;
mod table;

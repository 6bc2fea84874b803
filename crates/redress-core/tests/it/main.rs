//! The domain, from outside: commands in, facts or rejections out.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod calendar;
mod duty;
mod guards;
mod laws;
mod policy;
mod policy_guards;
mod rulebook;
mod scenarios;
mod story;
mod table;

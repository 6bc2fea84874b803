//! The tests of `redress-rules`.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod audit;
mod declare;
mod documents;
mod formulas;
mod golden;
mod history;
mod pairs;
mod states;
mod suite;
mod text;
mod time;
mod trie;
mod world;

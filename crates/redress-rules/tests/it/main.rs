//! The tests of `redress-rules`.

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

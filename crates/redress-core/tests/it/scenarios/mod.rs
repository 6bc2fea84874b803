//! The sixteen golden scenarios: complaints told from receipt to end, with every clock worked out by hand beforehand.
//!
//! `office` says who works when and under which limits; `tale` holds the words the scenarios are told in. A clock is
//! shown as its verdict, the time it ran, and its deadline: `met, ran 18h00, due 03-05 周四 24:00`. An office day has
//! 7h30: three hours before noon and four and a half after.

mod departments;
mod endings;
mod mistakes;
mod office;
mod satisfaction;
mod tale;
mod time;

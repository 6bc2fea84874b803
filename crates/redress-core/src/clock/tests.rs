//! Clocks worked by hand: for each, when it starts, what stops it, and how it stands.
//!
//! All times are hours after receipt.

mod history;
mod life;
mod parts;
mod pausing;
mod working;

//! Clocks in working time and in days: worked by hand, and against a model that walks minute by minute.

mod laws;
mod model;
mod worked;

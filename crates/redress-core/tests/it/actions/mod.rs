//! Improvement actions: the table of states, each guard both ways, what is owed, and what holds for every history.

mod guards;
mod laws;
mod owed;
mod table;
mod tale;

//! The program itself, run as people run it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod actions;
mod adopting;
mod alerts;
mod archive;
mod as_of;
mod audit;
mod bad_input;
mod counterexample;
mod days;
mod demo;
mod documents;
mod erasure;
mod evidence;
mod exits;
mod faults;
mod faults_import;
mod figures;
mod guidance;
mod hostile;
mod json;
mod kpi;
mod outputs;
mod owed;
mod personal;
mod policy;
mod program;
mod proofs;
mod quiet;
mod refusals;
mod reports;
mod restored;
mod resumed;
mod sla;
mod unshown;
mod walkthrough;
mod whole_cases;

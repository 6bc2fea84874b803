//! The project's own chores: `cargo xtask test` and what it is made of.
//!
//! Nothing here is part of the product. A chore says in one line on stderr what it does, and stops at the first failure
//! with what failed and how to run that alone.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore speaks to whoever runs it"
)]

mod failure;
mod fuzz;
mod licences;
mod spdx;
mod step;
mod suite;
mod workspace;

use std::process::ExitCode;

use failure::Failure;
use fuzz::Plan;
use workspace::Workspace;

const HELP: &str = "\
The chores of redress.

Usage: cargo xtask CHORE

Chores:
  test        format, lints, documentation, licences, purity of the core, and every test
              with the variable CI set also `fuzz`, `flips` and `power`
  fuzz        [--seconds N] [TARGET]: inputs at random for every reader of evidence, or one; 60 s each
  flips       every bit, entry, part and file of a bundle of 1,000 entries altered; minutes
  power       the power lost at every write of a ledger's life, and each synchronisation left out; minutes
  licences    the licences of all dependencies against deny.toml
  check-deny  the same, and known advisories through `cargo deny` where it is installed
  help        this text

Exit code: 0 when all is well, 1 when something failed, 2 when the command line makes no sense.
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => on_workspace(suite::test),
        ["fuzz", wishes @ ..] => match Plan::parse(wishes) {
            Ok(plan) => on_workspace(|workspace| fuzz::fuzz(workspace, &plan)),
            Err(failure) => nonsense(&failure.to_string()),
        },
        ["flips"] => on_workspace(suite::flips),
        ["power"] => on_workspace(suite::power),
        ["licences"] => on_workspace(licences::check),
        ["check-deny"] => on_workspace(suite::check_deny),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        [] => {
            eprint!("{HELP}");
            ExitCode::from(2)
        }
        [
            "test" | "flips" | "power" | "licences" | "check-deny" | "help",
            surplus,
            ..,
        ] => nonsense(&format!("`{surplus}` is one word too many")),
        [unknown, ..] => nonsense(&format!("there is no chore `{unknown}`")),
    }
}

fn on_workspace(chore: impl FnOnce(&Workspace) -> Result<(), Failure>) -> ExitCode {
    report(Workspace::find().and_then(|workspace| chore(&workspace)))
}

fn nonsense(what: &str) -> ExitCode {
    eprintln!("error: {what}; see `cargo xtask help`");
    ExitCode::from(2)
}

fn report(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: FAILED: {failure}");
            ExitCode::FAILURE
        }
    }
}

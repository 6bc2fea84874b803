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
mod licences;
mod spdx;
mod step;
mod suite;
mod workspace;

use std::process::ExitCode;

use failure::Failure;
use workspace::Workspace;

const HELP: &str = "\
The chores of redress.

Usage: cargo xtask CHORE

Chores:
  test        format, lints, documentation, licences, purity of the core, and every test
  licences    the licences of all dependencies against deny.toml
  check-deny  the same, and known advisories through `cargo deny` where it is installed
  help        this text

Exit code: 0 when all is well, 1 when something failed, 2 when the command line makes no sense.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next();
    if let Some(surplus) = arguments.next() {
        eprintln!("error: `{surplus}` is one word too many; see `cargo xtask help`");
        return ExitCode::from(2);
    }
    let done = match chore.as_deref() {
        Some("test") => Workspace::find().and_then(|workspace| suite::test(&workspace)),
        Some("licences") => Workspace::find().and_then(|workspace| licences::check(&workspace)),
        Some("check-deny") => Workspace::find().and_then(|workspace| suite::check_deny(&workspace)),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(unknown) => {
            eprintln!("error: there is no chore `{unknown}`; see `cargo xtask help`");
            return ExitCode::from(2);
        }
        None => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    report(done)
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

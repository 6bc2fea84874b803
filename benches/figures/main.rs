//! How fast redress is: each figure beside a yardstick of the same run.
//!
//! `cargo bench` prints the tables. A figure never decides a test; what is measured is checked nevertheless, so that
//! nothing is fast because it was not done. Times differ from machine to machine; ratios within a run differ less.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures go to whoever runs the benches"
)]

mod alerts;
mod arguments;
mod calendar;
mod command;
mod commit_group;
mod crowd;
mod cut;
mod decide;
mod domain;
mod evidence;
mod explore;
mod import;
mod in_flight;
mod large;
mod machine;
mod plain;
mod questions;
mod replay;
mod report;
mod search;
mod stopwatch;
mod store;
mod streams;
mod views;

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::machine::Machine;
use crate::report::Section;
use crate::stopwatch::Plan;

/// What measuring came to, or why it could not be done.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

type Measure = fn(&Plan) -> Outcome<Section>;

/// The groups of figures, by the word that selects them.
const GROUPS: [(&str, Measure); 12] = [
    ("import", import::measure),
    ("replay", replay::measure),
    ("store", store::measure),
    ("command", command::measure),
    ("domain", domain::measure),
    ("calendar", calendar::measure),
    ("explore", explore::measure),
    ("views", views::measure),
    ("alerts", alerts::measure),
    ("large", large::measure),
    ("search", search::measure),
    ("evidence", evidence::measure),
];

fn main() -> ExitCode {
    let done = Arguments::read(std::env::args().skip(1)).and_then(|arguments| run(&arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Outcome<()> {
    let plan = arguments.plan();
    let machine = Machine::look();
    println!("{machine}\n");
    let mut sections = Vec::new();
    for (name, measure) in GROUPS {
        if arguments.selects(name) {
            let section =
                measure(&plan).map_err(|error| format!("failed to measure {name}: {error}"))?;
            println!("{}", section.text());
            sections.push(section);
        }
    }
    if let Some(date) = &arguments.date {
        let path = report::write(date, &machine, &plan, &sections)?;
        println!("written to {}", path.display());
    }
    Ok(())
}

/// Stops the measuring when something was not done as it should be.
pub(crate) fn check(is_so: bool, what: impl FnOnce() -> String) -> Outcome<()> {
    if is_so { Ok(()) } else { Err(what().into()) }
}

//! `redress policy`: checking, drawing and comparing policies.

mod adopted;
mod days;

use std::io::Write;
use std::path::Path;

use redress::Policy;
use redress::core::policy::{Difference, Notation, PolicyErrors, Shipped, compare};
use serde::Serialize;

use crate::args::{
    Format, PolicyCheckArgs, PolicyCommand, PolicyDiffArgs, PolicyDrawArgs, PolicyNotation,
};
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::Output;
use crate::reading;

/// Runs `redress policy`.
pub(crate) fn run(command: &PolicyCommand, writer: &mut dyn Write) -> Result<Exit, Failure> {
    match command {
        PolicyCommand::Check(args) => check(args, writer),
        PolicyCommand::Draw(args) => draw(args, writer),
        PolicyCommand::Diff(args) => diff(args, writer),
        PolicyCommand::Days(args) => days::run(args, writer),
        PolicyCommand::Adopt(args) => adopted::adopt(args, writer),
        PolicyCommand::List(args) => adopted::list(args, writer),
        PolicyCommand::Show(args) => adopted::show(args, writer),
    }
}

/// What a check came to.
#[derive(Serialize)]
struct Checked<'a> {
    file: &'a str,
    summary: Option<Summary>,
    errors: Vec<Fault<'a>>,
}

/// What a policy holds.
#[derive(Serialize)]
struct Summary {
    version: String,
    departments: usize,
    calendars: usize,
    routes: usize,
    authorities: usize,
    categories: usize,
    causes: usize,
    targets: usize,
    rungs: usize,
    intake_rules: usize,
    templates: usize,
}

#[derive(Serialize)]
struct Fault<'a> {
    line: usize,
    column: usize,
    key: &'a str,
    message: &'a str,
}

fn check(args: &PolicyCheckArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let mut output = Output::new(writer, args.output.format);
    let read = read(&args.file)?;
    match read {
        Ok(policy) => {
            let summary = Summary::of(&policy);
            if output.is_json() {
                output.json(&Checked {
                    file: &args.file,
                    summary: Some(summary),
                    errors: Vec::new(),
                })?;
            } else {
                print(&mut output, &args.file, &summary)?;
            }
            Ok(Exit::Done)
        }
        Err(errors) => {
            // The faults are the result of a check, so they go where results go.
            if output.is_json() {
                output.json(&Checked {
                    file: &args.file,
                    summary: None,
                    errors: errors.iter().map(Fault::of).collect(),
                })?;
            } else {
                for error in errors.iter() {
                    output.line(&error.to_string())?;
                }
            }
            Ok(Exit::Failed)
        }
    }
}

impl Summary {
    fn of(policy: &Policy) -> Self {
        Self {
            version: policy.version.to_string(),
            departments: policy.departments.len(),
            calendars: policy.calendars.len(),
            routes: policy.routing.len(),
            authorities: policy.authority.len(),
            categories: policy.categories.iter().count(),
            causes: policy.causes.iter().count(),
            targets: policy.targets.len(),
            rungs: policy.ladder.len(),
            intake_rules: policy.intake.len(),
            templates: policy.templates.len(),
        }
    }
}

impl<'a> Fault<'a> {
    fn of(error: &'a redress::core::policy::PolicyError) -> Self {
        Self {
            line: error.line,
            column: error.column,
            key: &error.key,
            message: &error.message,
        }
    }
}

fn print(output: &mut Output<'_>, file: &str, summary: &Summary) -> Result<(), Failure> {
    output.line(&format!("{file} can be used"))?;
    output.line("")?;
    let mut grid = Grid::pairs();
    grid.pair("version", &summary.version);
    for (name, count) in [
        ("departments", summary.departments),
        ("calendars", summary.calendars),
        ("routes", summary.routes),
        ("authorities", summary.authorities),
        ("categories", summary.categories),
        ("causes", summary.causes),
        ("time limits", summary.targets),
        ("rungs of the ladder", summary.rungs),
        ("intake rules", summary.intake_rules),
        ("templates", summary.templates),
    ] {
        grid.pair(name, count);
    }
    output.table(&grid)?;
    Ok(())
}

fn draw(args: &PolicyDrawArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let policy = usable(&args.file)?;
    let notation = match args.notation {
        PolicyNotation::Mermaid => Notation::Mermaid,
        PolicyNotation::Dot => Notation::Dot,
    };
    let mut output = Output::new(writer, Format::Table);
    for line in policy.draw(notation).lines() {
        output.line(line)?;
    }
    Ok(Exit::Done)
}

fn diff(args: &PolicyDiffArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let (before, after) = (usable(&args.before)?, usable(&args.after)?);
    let differences = compare(&before, &after);
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&differences)?;
    } else if differences.is_empty() {
        output.line("they say the same")?;
    } else {
        output.table(&table(&differences))?;
    }
    Ok(Exit::Done)
}

fn table(differences: &[Difference]) -> Grid {
    let mut grid = Grid::new(&["~Key", "~Before", "~After"]);
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    for difference in differences {
        grid.row([
            difference.key.clone(),
            shown(&difference.before),
            shown(&difference.after),
        ]);
    }
    grid
}

/// The founding rules of a new ledger: those that were asked for, or the standard ones.
pub(crate) fn founding(name: Option<&str>) -> Result<Policy, Failure> {
    name.map_or_else(|| Ok(Policy::standard()), usable)
}

/// A policy that can be used.
pub(crate) fn usable(name: &str) -> Result<Policy, Failure> {
    read(name)?.map_err(|errors| Failure::policy(name, &errors))
}

/// Reads the policy of a file, or a shipped one by its name; a file of that name goes first.
fn read(name: &str) -> Result<Result<Policy, PolicyErrors>, Failure> {
    let path = Path::new(name);
    if !path.exists()
        && let Some(shipped) = Shipped::named(name)
    {
        return Ok(Ok(shipped.policy()));
    }
    let text = reading::text("policy", path)?;
    Ok(Policy::parse(&text, name))
}

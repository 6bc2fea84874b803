//! What the `redress` command does.
//!
//! The program itself is a few lines around [`run`]. The import is open to other programs too: [`take_over`] drives a
//! file through a ledger.

mod actions;
mod alerts;
mod archive;
mod archive_args;
mod archive_groups;
mod args;
mod audit;
mod causes;
mod csv_output;
mod days;
mod demo;
mod describe;
mod duties;
mod erasure;
mod erasure_args;
mod error;
mod evidence_args;
mod fact_counts;
mod grid;
mod hits;
mod import;
mod kpi;
mod letter;
mod locale;
mod names;
mod output;
mod oversee;
mod owed;
mod personal;
mod policy;
mod progress;
mod proving;
mod reading;
mod reasons;
mod replay;
mod report_args;
mod restoring;
mod rewrap;
mod secret;
mod show;
mod signing;
mod sla;
mod summary;
mod target;
mod verify;
mod verify_proofs;
mod words;

use std::io::Write;

pub use crate::args::Cli;
use crate::args::Command;
pub use crate::error::{Exit, Failure};
pub use crate::import::take_over;
pub use crate::output::printable;
pub use crate::reasons::Reason;
pub use crate::summary::{RowCounts, Summary};

/// Runs one command and writes its result.
///
/// # Errors
///
/// [`Failure`], which says what was wrong and what to do.
pub fn run(cli: Cli, writer: &mut dyn Write) -> Result<Exit, Failure> {
    match cli.command {
        Command::Demo(args) => demo::run(&args, writer),
        Command::Import(args) => import::run(&args, writer),
        Command::Show(args) => show::run(&args, writer),
        Command::Duties(args) => duties::run(&args, writer),
        Command::Oversee(args) => oversee::run(&args, writer),
        Command::Letter(args) => letter::run(&args, writer),
        Command::Sla(args) => sla::run(&args, writer),
        Command::Causes(args) => causes::run(&args, writer),
        Command::Kpi(args) => kpi::run(&args, writer),
        Command::Actions(args) => actions::run(&args, writer),
        Command::Alerts(args) => alerts::run(&args, writer),
        Command::Archive(args) => archive::run(&args, writer),
        Command::Replay(args) => replay::run(&args, writer),
        Command::Audit(args) => audit::run(&args, writer),
        Command::Checkpoint(args) => signing::checkpoint(&args, writer),
        Command::Prove(args) => proving::prove(&args, writer),
        Command::Verify(args) => verify::run(&args, writer),
        Command::Export(args) => proving::export(&args, writer),
        Command::Key(command) => signing::key(&command, writer),
        Command::Erase(args) => erasure::erase(&args, writer),
        Command::Hold(args) => erasure::hold(&args, writer),
        Command::Rewrap(args) => rewrap::run(&args, writer),
        Command::Policy(command) => policy::run(&command, writer),
    }
}

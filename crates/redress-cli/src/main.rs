//! The `redress` command.

mod args;
mod causes;
mod demo;
mod describe;
mod error;
mod import;
mod output;
mod progress;
mod reading;
mod replay;
mod search;
mod show;
mod sla;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::error::{Exit, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stdout = std::io::stdout();
    let mut writer = std::io::BufWriter::new(stdout.lock());
    let result = run(cli.command, &mut writer).and_then(|exit| {
        writer.flush()?;
        Ok(exit)
    });
    let exit = result.unwrap_or_else(|failure| {
        let exit = failure.exit();
        if exit != Exit::Done {
            // What was written so far is shown before the message that explains why there is no more.
            drop(writer.flush());
            drop(writeln!(std::io::stderr(), "redress: {}", chain(&failure)));
        }
        exit
    });
    ExitCode::from(exit.code())
}

fn run(command: Command, writer: &mut dyn Write) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => demo::run(&args, writer),
        Command::Import(args) => import::run(&args, writer),
        Command::Show(args) => show::run(&args, writer),
        Command::Sla(args) => sla::run(&args, writer),
        Command::Causes(args) => causes::run(&args, writer),
        Command::Search(args) => search::run(&args, writer),
        Command::Replay(args) => replay::run(&args, writer),
    }
}

/// An error with what led to it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

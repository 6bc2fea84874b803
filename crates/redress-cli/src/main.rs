//! The `redress` command.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use redress_cli::{Cli, Exit, Failure, run};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stdout = std::io::stdout();
    let mut writer = std::io::BufWriter::new(stdout.lock());
    // What was written before a failure is shown before the message that explains why there is no more.
    let result = run(cli, &mut writer).and_then(|exit| {
        writer.flush()?;
        Ok(exit)
    });
    let exit = result.unwrap_or_else(|failure| {
        let exit = failure.exit();
        if exit != Exit::Done {
            drop(writer.flush());
            drop(writeln!(std::io::stderr(), "redress: {}", chain(&failure)));
        }
        exit
    });
    ExitCode::from(exit.code())
}

/// An error with what led to it, in one line.
fn chain(error: &Failure) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
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

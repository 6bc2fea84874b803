//! The `redress` command.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use redress_cli::{Cli, Exit, Failure, printable, run};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stdout = std::io::stdout();
    let mut writer = std::io::BufWriter::new(stdout.lock());
    // What was written before a failure is shown before the message that explains why there is no more.
    let result = run(cli, &mut writer);
    let flushed = writer.flush();
    let result = match (result, flushed) {
        (Ok(_), Err(error)) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        (result, _) => result,
    };
    let exit = result.unwrap_or_else(|failure| {
        let exit = failure.exit();
        if exit != Exit::Done {
            let message = printable(&chain(&failure));
            drop(writeln!(std::io::stderr(), "redress: {message}"));
        }
        exit
    });
    ExitCode::from(exit.code())
}

/// An error with what led to it, in one line; what says the same again is left out.
fn chain(error: &Failure) -> String {
    let mut text = error.to_string();
    let mut last = text.clone();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) && !cause_text.contains(&last) {
            text.push_str(": ");
            text.push_str(&cause_text);
            last = cause_text;
        }
        next = cause.source();
    }
    text
}

//! `redress letter`: prepared words, filled with what a complaint tells.

use std::io::Write;

use redress::{ComplaintId, Label};
use serde::Serialize;

use crate::args::LetterArgs;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::{personal, reading, show};

/// A letter, for programs.
#[derive(Serialize)]
struct Report<'a> {
    complaint: ComplaintId,
    template: &'a Label,
    language: &'static str,
    /// The words; only where they were asked for.
    content: Option<&'a str>,
}

/// Runs `redress letter`.
pub(crate) fn run(args: &LetterArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let id = show::find(&ledger, &args.ledger, &args.id)?;
    let letter = ledger.letter(id, &args.template, args.language.get())??;
    if args.show_personal {
        personal::warn();
    }
    let mut output = Output::new(writer, args.output.format);
    let content = args.show_personal.then_some(letter.content());
    if output.is_json() {
        output.json(&Report {
            complaint: id,
            template: letter.template(),
            language: args.language.code(),
            content,
        })?;
        return Ok(Exit::Done);
    }
    match content {
        Some(words) => words.split('\n').try_for_each(|line| output.line(line))?,
        None => output.line(&format!(
            "Every place of `{}` has a value; --show-personal shows the letter.",
            letter.template()
        ))?,
    }
    Ok(Exit::Done)
}

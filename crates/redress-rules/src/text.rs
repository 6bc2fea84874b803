//! Rules as text: reading and writing.
//!
//! The grammar stands as a table in `docs/rules.md`. What is written is read as the same rule again.

mod error;
mod lexer;
mod parser;
mod patterns;
mod writer;

pub use error::{RuleError, RuleErrors};
pub use writer::write;

use crate::rule::Rule;

/// Reads a file of rules; `file` is its name in messages.
///
/// ```
/// let rules = redress_rules::parse("rule told \"每件投诉都有答复\": response(received, feedback)", "ours.rules")?;
/// assert_eq!(rules[0].name(), "told");
///
/// let wrong = redress_rules::parse("rule told \"\": response(recieved, feedback)", "ours.rules").unwrap_err();
/// assert_eq!(
///     wrong.to_string(),
///     "ours.rules:1:24: there is no kind of fact `recieved`; did you mean `received`?",
/// );
/// # Ok::<(), redress_rules::RuleErrors>(())
/// ```
///
/// # Errors
///
/// [`RuleErrors`]: the first fault of each rule, in the order of the file.
pub fn parse(text: &str, file: &str) -> Result<Vec<Rule>, RuleErrors> {
    let (rules, faults) = parser::Parser::new(text).rules();
    RuleErrors::from_faults(faults, text, file).map_or(Ok(rules), Err)
}

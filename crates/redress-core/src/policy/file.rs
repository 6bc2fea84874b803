//! Reading a policy from a TOML file.
//!
//! The file is read from the top of the process to its edges: first what is declared (trees, calendars, departments), then
//! what refers to it. A fault does not end the reading, so that all of them are told at once. Only a text that is not
//! TOML ends it.

mod calendars;
mod intake;
mod limits;
pub(super) mod near;
mod node;
mod organisation;
mod settings;
mod source;
mod trees;
mod warnings;
mod words;

use toml::de::DeTable;

pub(super) use self::calendars::WEEKDAYS;
pub(super) use self::limits::{PRIORITIES, SEVERITIES};
pub(super) use self::settings::PAUSE_REASONS;
pub(super) use self::warnings::FLAGS;

use self::node::{Fields, Node};
use self::source::{Source, shown};
use super::error::PolicyErrors;
use super::{Policy, Shipped};

/// Every key a policy file may have at the top.
const KEYS: &[&str] = &[
    "version",
    "extends",
    "calendar",
    "at_risk_percent",
    "revisit_window",
    "quality_department",
    "max_level",
    "max_cycles",
    "reopen_window",
    "back_dating",
    "pause",
    "unreachable",
    "neutral_closes",
    "waiver",
    "max_extensions",
    "min_description_chars",
    "review",
    "confirmation",
    "duplicates",
    "categories",
    "causes",
    "calendars",
    "departments",
    "route",
    "authority",
    "target",
    "ladder",
    "intake",
    "templates",
    "warning",
];

impl Policy {
    /// Reads a policy from the text of a TOML file; `file_name` stands in the messages.
    ///
    /// The keys are described in `docs/policy.md`. A file that extends a shipped policy says only what differs.
    ///
    /// ```
    /// use redress_core::{ClockKind, Policy, Span, Target, Terms};
    ///
    /// let policy = Policy::parse(
    ///     r#"
    ///     version = "2026-07"
    ///     extends = "standard"
    ///     target = [{ clock = "acknowledge", elapsed = "4h" }]
    ///     "#,
    ///     "ours.toml",
    /// )?;
    /// let four_hours = Some(Target::Elapsed(Span::hours(4)));
    /// assert_eq!(policy.target(ClockKind::Acknowledge, &Terms::UNCLASSIFIED), four_hours);
    ///
    /// let errors = Policy::parse("version = \"2026-07\"\nextends = \"standart\"\n", "ours.toml").unwrap_err();
    /// assert_eq!(
    ///     errors.to_string(),
    ///     "ours.toml:2:11: at `extends`: there is no shipped policy `standart`; did you mean `standard`?",
    /// );
    /// # Ok::<(), redress_core::policy::PolicyErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PolicyErrors`]: where the text is not TOML, the first place where it is not; otherwise everything that keeps
    /// the policy from working.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, PolicyErrors> {
        let source = Source::new(file_name, text);
        let document = match DeTable::parse(source.text()) {
            Ok(document) => document,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let message = not_toml(&error, text);
                source.refuse(at, "", &message);
                return source.verdict(Self::empty());
            }
        };
        let fields = Fields::root(&source, document.get_ref());
        let policy = read(&fields);
        source.verdict(policy)
    }
}

/// What is wrong with a text that is not TOML; a key given twice is named.
fn not_toml(error: &toml::de::Error, text: &str) -> String {
    let message = format!("this is not TOML: {}", error.message());
    match error.span().and_then(|span| text.get(span)) {
        Some(key) if message.ends_with("duplicate key") => {
            format!("{message} `{}`; leave one out", shown(key))
        }
        Some(_) | None => message,
    }
}

fn read(fields: &Fields<'_>) -> Policy {
    fields.only(KEYS);
    let base = fields.get("extends").map(|node| base(&node));
    let complete = base.is_some();
    let mut policy = base.unwrap_or_else(Policy::empty);
    if let Some(version) = fields
        .need("version", "\"2026-07\"")
        .and_then(|node| node.code())
    {
        policy.version = version;
    }
    trees::read(fields, complete, &mut policy);
    calendars::read(fields, &mut policy);
    organisation::read(fields, complete, &mut policy);
    settings::read(fields, complete, &mut policy);
    limits::read(fields, &mut policy);
    words::read(fields, &mut policy);
    warnings::read(fields, &mut policy);
    policy
}

/// The policy to begin with. After a wrong name the standard one serves, or everything would seem to be missing.
fn base(node: &Node<'_>) -> Policy {
    let known = Shipped::ALL.map(|shipped| (shipped.name(), shipped));
    node.choice("shipped policy", &known)
        .unwrap_or(Shipped::Standard)
        .policy()
}

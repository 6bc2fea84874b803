//! What can be typed after `redress`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use redress::event::{Channel, Priority, Severity};
use redress::{CategoryPath, CauseCode, ComplaintId, DepartmentId, Label, Timestamp};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; the message says what was wrong and what to do
  2  the command line is wrong
  3  import finished, but some rows or facts were refused: see the reject file
  4  there is no such complaint
  5  the audit finished, and found rules broken or what could not be judged";

/// A complaint ledger: every complaint a history of facts, replayed at will.
///
/// A ledger is one file, such as complaints.redress. Commands that only read never change it.
#[derive(Debug, Parser)]
#[command(name = "redress", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what redress does, on a real incident log that it carries with it
    Demo(DemoArgs),
    /// Take complaints in from a CSV file; doing it again adds only what is new
    Import(ImportArgs),
    /// Show one complaint with its whole time line
    Show(ShowArgs),
    /// Show how each department stands with its clocks
    Sla(SlaArgs),
    /// Show why things went wrong: root causes with their shares
    Causes(CausesArgs),
    /// Show what is done against causes and warnings, by whom, and whether it helped
    Actions(ActionsArgs),
    /// Find complaints by words, in Chinese or English, and by what is known of them
    Search(SearchArgs),
    /// Fold the whole history again, or as it was known at an instant, and count it
    Replay(ReplayArgs),
    /// Ask rules of the whole history: which complaints broke which, and where
    Audit(AuditArgs),
    /// Check, draw or compare the rules complaints are handled by
    #[command(subcommand)]
    Policy(PolicyCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Tell everything that keeps a policy from working, or what it holds
    Check(PolicyCheckArgs),
    /// Draw its states, with the guards and limits between them
    Draw(PolicyDrawArgs),
    /// List what two policies say differently
    Diff(PolicyDiffArgs),
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned tables for people
    #[default]
    Table,
    /// JSON for programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Write results as table (for people) or json (for programs)
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Which columns mean what: the name of a shipped mapping, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) mapping: String,
    /// The CSV file
    pub(crate) file: PathBuf,
    /// The ledger; made if it does not exist
    pub(crate) ledger: PathBuf,
    /// Where to list refused and adjusted rows [default: beside the ledger, ending .rejects.csv]
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// The complaint: its id, or the reference it has elsewhere
    pub(crate) id: String,
    /// Show personal data too: names, contacts and the customer's words, as corrected
    #[arg(long)]
    pub(crate) personal: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SlaArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// At this instant, past or future, such as 2016-03-31T00:00:00Z [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<Timestamp>,
    /// This department only
    #[arg(long, value_name = "D")]
    pub(crate) department: Option<DepartmentId>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CausesArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Only complaints resolved at or after this instant
    #[arg(long, value_name = "T")]
    pub(crate) from: Option<Timestamp>,
    /// Only complaints resolved before this instant
    #[arg(long, value_name = "T")]
    pub(crate) to: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ActionsArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Overdue or not at this instant, past or future, such as 2026-03-31T00:00:00Z [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Words to find; without any, the newest that the filters let through
    pub(crate) text: Option<String>,
    /// Only this category, and those below it
    #[arg(long, value_name = "PATH")]
    pub(crate) category: Option<CategoryPath>,
    /// Only what this department leads or led last
    #[arg(long, value_name = "D")]
    pub(crate) department: Option<DepartmentId>,
    /// Only in this state: received, classified, processing, resolved, fed_back, closed
    #[arg(long, value_name = "STATE", value_parser = parse_state)]
    pub(crate) state: Option<redress::core::State>,
    /// Only through this channel, such as email, phone_hotline or mobile_app
    #[arg(long, value_name = "CHANNEL", value_parser = parse_channel)]
    pub(crate) channel: Option<Channel>,
    /// Only with this root cause, or one below it
    #[arg(long, value_name = "CODE")]
    pub(crate) cause: Option<CauseCode>,
    /// Only of this severity: minor, moderate, serious, critical
    #[arg(long, value_name = "SEVERITY", value_parser = parse_severity)]
    pub(crate) severity: Option<Severity>,
    /// Only of this priority: low, normal, high, urgent
    #[arg(long, value_name = "PRIORITY", value_parser = parse_priority)]
    pub(crate) priority: Option<Priority>,
    /// Only with this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<Label>,
    /// Only received at or after this instant
    #[arg(long, value_name = "T")]
    pub(crate) from: Option<Timestamp>,
    /// Only received before this instant
    #[arg(long, value_name = "T")]
    pub(crate) to: Option<Timestamp>,
    /// How many to show
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Only what had been recorded at this instant, such as 2016-03-31T00:00:00Z
    #[arg(long, value_name = "T")]
    pub(crate) as_of: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The rules: a file, or standard for those that are shipped
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: String,
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Judge open limits at this instant, such as 2016-03-31T00:00:00Z [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<Timestamp>,
    /// Whose calendars the rules may name: a TOML file, or the name of a shipped policy
    #[arg(long, default_value = "standard", value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// How many findings to list in a table; JSON holds them all
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyCheckArgs {
    /// The policy: a TOML file, or the name of a shipped one, such as standard
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyDrawArgs {
    /// The policy: a TOML file, or the name of a shipped one, such as standard
    pub(crate) file: String,
    /// In which notation
    #[arg(long = "as", value_enum, default_value_t = PolicyNotation::Mermaid, value_name = "NOTATION")]
    pub(crate) notation: PolicyNotation,
}

/// How a drawing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyNotation {
    /// A state diagram of Mermaid
    Mermaid,
    /// The language of Graphviz
    Dot,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyDiffArgs {
    /// The policy as it was: a TOML file, or the name of a shipped one
    pub(crate) before: String,
    /// The policy as it is to be
    pub(crate) after: String,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

fn parse_state(text: &str) -> Result<redress::core::State, String> {
    redress::core::State::ALL
        .into_iter()
        .find(|state| state.name() == text)
        .ok_or_else(|| {
            "use received, classified, processing, resolved, fed_back or closed".to_owned()
        })
}

fn parse_channel(text: &str) -> Result<Channel, String> {
    Channel::ALL
        .into_iter()
        .find(|channel| channel.code() == text)
        .ok_or_else(|| {
            let codes: Vec<&str> = Channel::ALL.into_iter().map(Channel::code).collect();
            format!("use one of {}", codes.join(", "))
        })
}

fn parse_severity(text: &str) -> Result<Severity, String> {
    from_name(text, "minor, moderate, serious or critical")
}

fn parse_priority(text: &str) -> Result<Priority, String> {
    from_name(text, "low, normal, high or urgent")
}

/// Reads a word the way it stands in stored facts.
fn from_name<T: serde::de::DeserializeOwned>(text: &str, allowed: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| format!("use {allowed}"))
}

/// The complaint that `text` names, if it has the form of an id.
pub(crate) fn complaint_id(text: &str) -> Option<ComplaintId> {
    text.parse().ok()
}

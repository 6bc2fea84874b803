//! What can be typed after `redress`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use redress::core::calendar::{InvalidPeriod, Period};
use redress::event::{Channel, Priority, Severity};
use redress::{ComplaintId, DepartmentId, Label, Language, PersonId, Role, Timestamp};

use crate::archive_args::ArchiveArgs;
use crate::erasure_args::{EraseArgs, HoldArgs};
use crate::evidence_args::{
    BundleArgs, CheckpointArgs, ExportArgs, KeyCommand, ProveArgs, VerifyArgs,
};
use crate::locale;
use crate::report_args::{AlertsArgs, CausesArgs, KpiArgs, SlaArgs};
use crate::rewrap::RewrapArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; the message says what was wrong and what to do
  2  the command line is wrong
  3  done in part: some rows or facts of an import, or some escalations, were refused
  4  there is no such complaint
  5  the audit finished, and found rules broken or what could not be judged
  6  the verification finished, and found what is not as it should be";

const IMPORT_USAGE: &str = "\
redress import [OPTIONS] --mapping <NAME|FILE> <FILE> <LEDGER>
       redress import [OPTIONS] --bundle <DIR> <LEDGER>";

const FILTERS: &str = "\
A filter may be given several times: any one of its values is enough. Different filters must all hold.";

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
    /// Take in the rows of a CSV file, only those that are new; or make a ledger of a bundle
    Import(ImportArgs),
    /// Show one complaint with its whole time line
    Show(ShowArgs),
    /// List what must be done next, by whom and until when
    Duties(DutiesArgs),
    /// Escalate whatever has used up its time, and list the notices that are due
    Oversee(OverseeArgs),
    /// Fill a template of the policy with what a complaint tells
    Letter(LetterArgs),
    /// Show how each department stands with its clocks
    Sla(SlaArgs),
    /// Show why things went wrong: root causes with their shares and trends
    Causes(CausesArgs),
    /// Show the figures of complaint handling, each with the numbers above and below the line
    Kpi(KpiArgs),
    /// Show what is done against causes and warnings, by whom, and whether it helped
    Actions(ActionsArgs),
    /// Show which figures stand where the rules warn, and open actions for them
    Alerts(AlertsArgs),
    /// Find complaints by words and by what is known of them, or count them by that
    #[command(alias = "search", after_help = FILTERS)]
    Archive(Box<ArchiveArgs>),
    /// Fold the whole history again, or as it was known at an instant, and count it
    Replay(ReplayArgs),
    /// Ask rules of the whole history: which complaints broke which, and where
    Audit(AuditArgs),
    /// Sign how the ledger stands, if it follows from what was signed last
    Checkpoint(CheckpointArgs),
    /// Write proofs that the ledger holds the facts about a complaint, and no others
    Prove(ProveArgs),
    /// Check a ledger, a bundle or proofs to their end, and tell what each guarantee rests on
    Verify(VerifyArgs),
    /// Write a bundle that an auditor checks without the ledger
    Export(ExportArgs),
    /// Make a key to sign checkpoints with
    #[command(subcommand)]
    Key(KeyCommand),
    /// Erase a customer's data for ever by destroying the keys that they are sealed under
    Erase(EraseArgs),
    /// Keep a customer's data from being erased, or let go of them again
    Hold(HoldArgs),
    /// Wrap a ledger's keys under another secret, without touching the ledger
    Rewrap(RewrapArgs),
    /// Check, draw, compare or adopt the rules complaints are handled by
    #[command(subcommand)]
    Policy(PolicyCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Tell everything that keeps a policy from working, or what it holds
    Check(PolicyCheckArgs),
    /// Draw its states, with the guards and limits between them
    Draw(PolicyDrawArgs),
    /// List the days of a published list of holidays, and how a policy says them
    Days(PolicyDaysArgs),
    /// List what two policies say differently
    Diff(PolicyDiffArgs),
    /// Put other rules in force in a ledger, and tell what they change
    Adopt(PolicyAdoptArgs),
    /// List the rules that a ledger has adopted
    List(PolicyListArgs),
    /// Write out rules that a ledger has adopted, as a TOML file
    Show(PolicyShowArgs),
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
    /// The rules: a TOML file, or the name of a shipped policy [default: standard]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) policy: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
#[command(allow_missing_positional = true, override_usage = IMPORT_USAGE)]
pub(crate) struct ImportArgs {
    /// Which columns mean what: the name of a shipped mapping, or a TOML file
    #[arg(long, value_name = "NAME|FILE", required_unless_present = "bundle")]
    pub(crate) mapping: Option<String>,
    /// The CSV file; none with --bundle
    #[arg(required_unless_present = "bundle")]
    pub(crate) file: Option<PathBuf>,
    /// The ledger; made if it does not exist
    #[arg(required = true)]
    pub(crate) ledger: PathBuf,
    #[command(flatten)]
    pub(crate) bundle: BundleArgs,
    /// The founding rules of a new ledger: a TOML file, or the name of a shipped policy [default: standard]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) policy: Option<String>,
    /// Where to list refused and adjusted rows [default: beside the ledger, ending .rejects.csv]
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Replace a file where the list is to be that is none of this command's lists
    #[arg(long)]
    pub(crate) force: bool,
    /// Quote cells in the list and on the screen as they stand in the file, which may tell who somebody is
    #[arg(long)]
    pub(crate) show_personal: bool,
    /// Read the file and count what a new ledger would record of it; make and change no ledger
    #[arg(long, conflicts_with = "bundle")]
    pub(crate) dry_run: bool,
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
pub(crate) struct DutiesArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Of this complaint only: its id, or the reference it has elsewhere
    pub(crate) id: Option<String>,
    /// In this department only
    #[arg(long, value_name = "D")]
    pub(crate) department: Option<DepartmentId>,
    /// At this instant, past or future, such as 2016-03-31T00:00:00Z [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<Timestamp>,
    /// How many to show in a table
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) language: LanguageArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct OverseeArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Only tell what would be escalated; record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LetterArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// The complaint: its id, or the reference it has elsewhere
    pub(crate) id: String,
    /// The name of the template
    pub(crate) template: Label,
    /// Show the letter, which may tell who somebody is
    #[arg(long)]
    pub(crate) show_personal: bool,
    #[command(flatten)]
    pub(crate) language: LanguageArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LanguageArgs {
    /// In this language: zh-CN or en [default: by LC_ALL, LC_MESSAGES or LANG]
    #[arg(
        long = "lang",
        value_enum,
        value_name = "LANG",
        hide_possible_values = true
    )]
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    #[value(name = "zh-CN")]
    ZhCn,
    #[value(name = "en")]
    En,
}

impl LanguageArgs {
    pub(crate) fn get(&self) -> Language {
        match self.lang {
            Some(Lang::ZhCn) => Language::Chinese,
            Some(Lang::En) => Language::English,
            None => locale::from_environment(),
        }
    }

    /// What programs read does not depend on where it is run: English, where nobody says.
    pub(crate) const fn for_programs(&self) -> Language {
        match self.lang {
            Some(Lang::ZhCn) => Language::Chinese,
            Some(Lang::En) | None => Language::English,
        }
    }

    /// As it is typed.
    pub(crate) fn code(&self) -> &'static str {
        match self.get() {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }
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
pub(crate) struct ReplayArgs {
    /// The ledger, or a counterexample of the testkit as lines of JSON
    pub(crate) ledger: PathBuf,
    /// Only what had been recorded at this instant, such as 2016-03-31T00:00:00Z
    #[arg(long, value_name = "T")]
    pub(crate) as_of: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The rules: a file, or standard or limits for those that are shipped
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: String,
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Judge open limits at this instant, such as 2016-03-31T00:00:00Z [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<Timestamp>,
    /// Whose calendars the rules may name: a TOML file, or the name of a shipped policy [default: the ledger's rules]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) policy: Option<String>,
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
pub(crate) struct PolicyDaysArgs {
    /// The list: the common yearly JSON form, or an iCalendar file of all-day events
    pub(crate) file: PathBuf,
    /// The hours of a working day that makes up for a holiday; give it again for another period
    #[arg(long, value_name = "HOURS", default_value = "09:00-17:30", value_parser = parse_hours)]
    pub(crate) make_up: Vec<String>,
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

#[derive(Debug, Args)]
pub(crate) struct PolicyAdoptArgs {
    /// The ledger; made if it does not exist, with these as its founding rules
    pub(crate) ledger: PathBuf,
    /// The policy: a TOML file, or the name of a shipped one, such as standard
    pub(crate) file: String,
    /// In force from this instant on, such as 2027-01-01T00:00:00+08:00 [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) from: Option<Timestamp>,
    /// Who adopts them
    #[arg(long, value_name = "ID", default_value = "redress-cli")]
    pub(crate) by: PersonId,
    /// In which role; rules that give authority say who may
    #[arg(long, value_name = "ROLE", default_value = "operator")]
    pub(crate) role: Role,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyListArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyShowArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// The version of the rules [default: those in force now]
    pub(crate) version: Option<Label>,
}

pub(crate) fn parse_state(text: &str) -> Result<redress::core::State, String> {
    redress::core::State::ALL
        .into_iter()
        .find(|state| state.name() == text)
        .ok_or_else(|| {
            "use received, classified, processing, resolved, fed_back or closed".to_owned()
        })
}

pub(crate) fn parse_channel(text: &str) -> Result<Channel, String> {
    Channel::ALL
        .into_iter()
        .find(|channel| channel.code() == text)
        .ok_or_else(|| {
            let codes: Vec<&str> = Channel::ALL.into_iter().map(Channel::code).collect();
            format!("use one of {}", codes.join(", "))
        })
}

/// Hours as a policy says them.
fn parse_hours(text: &str) -> Result<String, String> {
    let hours: Period = text.parse().map_err(|why: InvalidPeriod| why.to_string())?;
    Ok(hours.to_string())
}

pub(crate) fn parse_severity(text: &str) -> Result<Severity, String> {
    from_name(text, "minor, moderate, serious or critical")
}

pub(crate) fn parse_priority(text: &str) -> Result<Priority, String> {
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

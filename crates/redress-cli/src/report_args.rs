//! What can be typed after the commands that report figures: `sla`, `causes`, `kpi` and `alerts`.

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use redress::causes::{Dimension, Duplicates, Period};
use redress::sla::Limits;
use redress::{DepartmentId, Language, PersonId, Policy, Timestamp};

use crate::args::LanguageArgs;
use crate::days::Days;
use crate::output::{Output, instant};

#[derive(Debug, Args)]
pub(crate) struct SlaArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// A row for each department, person or clock; or work: what each department has open, passed on and revisited
    #[arg(long, value_enum, default_value_t = SlaBy::Department, value_name = "GROUP", hide_possible_values = true)]
    pub(crate) by: SlaBy,
    /// This department only
    #[arg(long, value_name = "D")]
    pub(crate) department: Option<DepartmentId>,
    /// The clocks of this person only
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<PersonId>,
    /// The clocks with any limit, with one of their own (of an assignment, a promise, an import), or with the policy's
    #[arg(long, value_enum, default_value_t = LimitsArg::Any, value_name = "LIMITS", hide_possible_values = true)]
    pub(crate) limits: LimitsArg,
    /// List instead what will be overdue at this instant if nothing happens until then
    #[arg(long, value_name = "T")]
    pub(crate) until: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) duplicates: DuplicatesArg,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// What the clocks are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SlaBy {
    Department,
    Person,
    Clock,
    Work,
}

/// Whose limits clocks are measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LimitsArg {
    Any,
    Own,
    Policy,
}

impl From<LimitsArg> for Limits {
    fn from(limits: LimitsArg) -> Self {
        match limits {
            LimitsArg::Any => Self::Any,
            LimitsArg::Own => Self::Own,
            LimitsArg::Policy => Self::Policy,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CausesArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Set the causes against this instead of counting by everything: category, department, person,
    /// responsible_department, product, channel
    #[arg(long, value_name = "DIMENSION", value_parser = parse_other_dimension)]
    pub(crate) by: Option<Dimension>,
    #[command(flatten)]
    pub(crate) duplicates: DuplicatesArg,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

#[derive(Debug, Args)]
pub(crate) struct KpiArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// A row for each category, department, person, responsible_department, product, channel or cause
    #[arg(long, value_name = "DIMENSION", value_parser = parse_dimension)]
    pub(crate) by: Option<Dimension>,
    /// How many customers were served in the period; without it there is no complaint rate
    #[arg(long, value_name = "N")]
    pub(crate) served: Option<u64>,
    #[command(flatten)]
    pub(crate) duplicates: DuplicatesArg,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AlertsArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Count the warnings of the period by rule, level or department instead of listing them
    #[arg(
        long,
        value_enum,
        value_name = "GROUP",
        hide_possible_values = true,
        conflicts_with = "open_actions"
    )]
    pub(crate) by: Option<AlertsBy>,
    /// As if everything had been recorded when it happened: for a history that was taken over
    #[arg(long, conflicts_with = "open_actions")]
    pub(crate) occurred: bool,
    /// Open an action for every warning that stands now; one that has its action keeps it
    #[arg(long, conflicts_with_all = ["at", "as_of"])]
    pub(crate) open_actions: bool,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// What warnings are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AlertsBy {
    Rule,
    Level,
    Department,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct DuplicatesArg {
    /// Count complaints that were closed as duplicates too
    #[arg(long)]
    duplicates: bool,
}

impl DuplicatesArg {
    pub(crate) const fn get(self) -> Duplicates {
        if self.duplicates {
            Duplicates::Included
        } else {
            Duplicates::Excluded
        }
    }
}

/// Of which time a report is, and how it is written.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// From one day up to another, not including it, such as 2026-03-01..2026-04-01; either may be left out
    #[arg(
        long,
        value_name = "FROM..TO",
        default_value = "..",
        hide_default_value = true
    )]
    period: Days,
    /// Judge what is still open at this instant, such as 2016-03-31T00:00:00Z [default: as of then, or now]
    #[arg(long, value_name = "T")]
    at: Option<Timestamp>,
    /// By what had been recorded at this instant, and nothing that was recorded later
    #[arg(long, value_name = "T")]
    pub(crate) as_of: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) language: LanguageArgs,
    /// Write the report as table (for people), json (for programs) or csv (for spreadsheets)
    #[arg(long, value_enum, default_value_t = ReportFormat::Table, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) format: ReportFormat,
}

impl ReportArgs {
    /// The instant it is about.
    pub(crate) fn at(&self, now: Timestamp) -> Timestamp {
        self.at.or(self.as_of).unwrap_or(now)
    }

    /// Says by which facts the report judges, where that is not by all.
    pub(crate) fn print_as_of(&self, output: &mut Output<'_>) -> io::Result<()> {
        let Some(as_of) = self.as_of.map(instant) else {
            return Ok(());
        };
        output.line(&match self.language.get() {
            Language::English => format!("By what had been recorded at {as_of}"),
            Language::Chinese => format!("仅依据截至 {as_of} 已记录的事实"),
        })
    }

    /// The period, in days of the organisation's calendar.
    pub(crate) fn period(&self, policy: &Policy) -> Period {
        self.period.period(policy)
    }
}

/// How reports are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Aligned tables for people
    #[default]
    Table,
    /// JSON for programs
    Json,
    /// CSV for spreadsheets
    Csv,
}

fn parse_dimension(text: &str) -> Result<Dimension, String> {
    dimension(text, |_| true)
}

/// What causes can be set against.
fn parse_other_dimension(text: &str) -> Result<Dimension, String> {
    dimension(text, |dimension| dimension != Dimension::Cause)
}

fn dimension(text: &str, is_allowed: fn(Dimension) -> bool) -> Result<Dimension, String> {
    let allowed = || Dimension::ALL.into_iter().filter(|one| is_allowed(*one));
    allowed()
        .find(|dimension| dimension.name() == text)
        .ok_or_else(|| {
            let names: Vec<&str> = allowed().map(Dimension::name).collect();
            format!("use one of {}", names.join(", "))
        })
}

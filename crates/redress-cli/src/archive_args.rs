//! What can be typed after `redress archive`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use redress::archive::{Cursor, Dimension, Outcome};
use redress::core::{ClockKind, Status};
use redress::event::{
    Channel, Flag, Nature, Priority, Relation, RemedyKind, Satisfaction, Severity, Source, Upheld,
};
use redress::{CategoryPath, CauseCode, ComplaintId, DepartmentId, Label, Timestamp};
use serde::de::DeserializeOwned;

use crate::args::LanguageArgs;
use crate::days::Days;
use crate::report_args::ReportFormat;

#[derive(Debug, Args)]
pub(crate) struct ArchiveArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Words to find; without any, the newest that the filters let through
    pub(crate) text: Option<String>,
    /// Only this category, and those below it
    #[arg(long, value_name = "PATH")]
    pub(crate) category: Vec<CategoryPath>,
    /// Only what this department leads or led last
    #[arg(long, value_name = "D")]
    pub(crate) department: Vec<DepartmentId>,
    /// Only in this state: received, classified, processing, resolved, fed_back, closed
    #[arg(long, value_name = "STATE", value_parser = crate::args::parse_state)]
    pub(crate) state: Vec<redress::core::State>,
    /// Only through this channel, such as email, phone_hotline or mobile_app
    #[arg(long, value_name = "CHANNEL", value_parser = crate::args::parse_channel)]
    pub(crate) channel: Vec<Channel>,
    /// Only with this root cause, or one below it
    #[arg(long, value_name = "CODE")]
    pub(crate) cause: Vec<CauseCode>,
    /// Only of this severity: minor, moderate, serious, critical
    #[arg(long, value_name = "SEVERITY", value_parser = crate::args::parse_severity)]
    pub(crate) severity: Vec<Severity>,
    /// Only of this priority: low, normal, high, urgent
    #[arg(long, value_name = "PRIORITY", value_parser = crate::args::parse_priority)]
    pub(crate) priority: Vec<Priority>,
    /// Only with this tag, such as 典型案例
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<Label>,
    /// Only with this value of any dimension, such as outcome=withdrawn or department_ever=billing; --by lists dimensions
    #[arg(long = "is", value_name = "DIMENSION=VALUE", value_parser = parse_is)]
    pub(crate) is: Vec<(Dimension, String)>,
    /// Only of which another system recorded this, SYSTEM:FIELD=VALUE, such as uci-incidents:made_sla=false
    #[arg(long, value_name = "FACT", value_parser = parse_recorded)]
    pub(crate) recorded: Vec<Recorded>,
    /// Only what happened at a place with these words in its name
    #[arg(long, value_name = "WORDS")]
    pub(crate) place: Vec<String>,
    /// Only received in these days, such as 2026-03-01..2026-04-01; either may be left out
    #[arg(long, value_name = "FROM..TO", default_value = "..", hide_default_value = true, conflicts_with_all = ["from", "to"])]
    pub(crate) period: Days,
    /// Only received at or after this instant
    #[arg(long, value_name = "T")]
    pub(crate) from: Option<Timestamp>,
    /// Only received before this instant
    #[arg(long, value_name = "T")]
    pub(crate) to: Option<Timestamp>,
    /// Only closed at or after this instant
    #[arg(long, value_name = "T")]
    pub(crate) closed_from: Option<Timestamp>,
    /// Only closed before this instant
    #[arg(long, value_name = "T")]
    pub(crate) closed_to: Option<Timestamp>,
    /// Only due before this instant, by the earliest deadline that runs
    #[arg(long, value_name = "T")]
    pub(crate) due_to: Option<Timestamp>,
    /// Only with a clock that stands so, such as overdue, at_risk, paused or missed
    #[arg(long, value_name = "STATUS", value_parser = parse_status)]
    pub(crate) clock_status: Vec<Status>,
    /// The kind of clock meant by --clock-status, such as resolution or handling [default: any]
    #[arg(long, value_name = "CLOCK", value_parser = parse_clock, requires = "clock_status")]
    pub(crate) clock: Option<ClockKind>,
    /// Read clocks at this instant, past or future [default: as of then, or now]
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<Timestamp>,
    /// By what had been recorded at this instant, and nothing that was recorded later
    #[arg(long, value_name = "T")]
    pub(crate) as_of: Option<Timestamp>,
    /// In which order: received, due, closed, severity
    #[arg(long, value_enum, default_value_t = Order::Received, value_name = "ORDER", hide_possible_values = true)]
    pub(crate) sort: Order,
    /// How many to show
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: usize,
    /// Go on after this place, which the page before it ended with
    #[arg(long, value_name = "PLACE")]
    pub(crate) after: Option<Cursor>,
    /// Count all that were found, however many; otherwise counting ends at 10,000
    #[arg(long, conflicts_with_all = ["by", "similar_to"])]
    pub(crate) count: bool,
    /// Count by this dimension instead: state, channel, category, category_root, severity, department, cause, tag, ...
    #[arg(long, value_name = "DIMENSION", value_parser = parse_dimension, conflicts_with_all = ["after", "similar_to"])]
    pub(crate) by: Option<Dimension>,
    /// Count duplicates too, with --by
    #[arg(long, requires = "by")]
    pub(crate) duplicates: bool,
    /// Show what was solved before and is like this complaint instead
    #[arg(long, value_name = "ID")]
    pub(crate) similar_to: Option<ComplaintId>,
    /// Show the words that were found, which are personal
    #[arg(long)]
    pub(crate) personal: bool,
    #[command(flatten)]
    pub(crate) language: LanguageArgs,
    /// Write results as table (for people), json (for programs) or csv (for spreadsheets)
    #[arg(long, value_enum, default_value_t = ReportFormat::Table, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) format: ReportFormat,
}

/// What another system recorded of a complaint.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) system: String,
    pub(crate) field: String,
    pub(crate) value: String,
}

fn parse_recorded(text: &str) -> Result<Recorded, &'static str> {
    let parts = text.split_once(':').and_then(|(system, rest)| {
        let (field, value) = rest.split_once('=')?;
        Some([system, field, value])
    });
    match parts {
        Some([system, field, value]) if !system.is_empty() && !field.is_empty() => Ok(Recorded {
            system: system.to_owned(),
            field: field.to_owned(),
            value: value.to_owned(),
        }),
        Some(_) | None => {
            Err("write it as SYSTEM:FIELD=VALUE, such as uci-incidents:made_sla=false")
        }
    }
}

/// In which order complaints are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    Received,
    Due,
    Closed,
    Severity,
}

fn parse_dimension(text: &str) -> Result<Dimension, String> {
    let found = Dimension::ALL
        .into_iter()
        .find(|dimension| dimension.name() == text);
    found.ok_or_else(|| {
        let names = Dimension::ALL.map(Dimension::name);
        format!("use one of {}", names.join(", "))
    })
}

fn parse_is(text: &str) -> Result<(Dimension, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write it as DIMENSION=VALUE, such as outcome=withdrawn")?;
    let dimension = parse_dimension(name)?;
    check_value(dimension, value)?;
    Ok((dimension, value.to_owned()))
}

/// Refuses a value that no complaint can have, so that a slip of the pen does not look like "none".
fn check_value(dimension: Dimension, value: &str) -> Result<(), String> {
    match dimension {
        Dimension::State => crate::args::parse_state(value).map(drop),
        Dimension::Channel => crate::args::parse_channel(value).map(drop),
        Dimension::Source => known::<Source>(value),
        Dimension::Nature => known::<Nature>(value),
        Dimension::Severity => known::<Severity>(value),
        Dimension::Priority => known::<Priority>(value),
        Dimension::Upheld => known::<Upheld>(value),
        Dimension::Remedy => known::<RemedyKind>(value),
        Dimension::Satisfaction => known::<Satisfaction>(value),
        Dimension::Relation => known::<Relation>(value),
        Dimension::Flag => known::<Flag>(value),
        Dimension::Outcome => {
            let names = Outcome::ALL.map(Outcome::name);
            if names.contains(&value) {
                Ok(())
            } else {
                Err(format!("use one of {}", names.join(", ")))
            }
        }
        Dimension::Safety if value == "0" || value == "1" => Ok(()),
        Dimension::Safety => Err("use 0 or 1".to_owned()),
        Dimension::Cycle | Dimension::Level => {
            let number = value.parse::<u32>();
            number
                .map(drop)
                .map_err(|_| "use a whole number".to_owned())
        }
        Dimension::Language
        | Dimension::Category
        | Dimension::CategoryRoot
        | Dimension::Product
        | Dimension::IntakeDepartment
        | Dimension::Department
        | Dimension::DepartmentEver
        | Dimension::Person
        | Dimension::Cause
        | Dimension::CauseRoot
        | Dimension::Tag => Ok(()),
    }
}

/// The message of the reader lists what it knows.
fn known<T: DeserializeOwned>(value: &str) -> Result<(), String> {
    let value = serde_json::Value::String(value.to_owned());
    serde_json::from_value::<T>(value)
        .map(drop)
        .map_err(|error| error.to_string())
}

fn parse_clock(text: &str) -> Result<ClockKind, String> {
    let found = ClockKind::ALL.into_iter().find(|kind| kind.name() == text);
    found.ok_or_else(|| {
        format!(
            "use one of {}",
            ClockKind::ALL.map(ClockKind::name).join(", ")
        )
    })
}

fn parse_status(text: &str) -> Result<Status, String> {
    let found = Status::ALL.into_iter().find(|status| status.name() == text);
    found.ok_or_else(|| format!("use one of {}", Status::ALL.map(Status::name).join(", ")))
}

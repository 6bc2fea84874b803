//! What can be typed after `redress erase` and `redress hold`.

use std::path::PathBuf;

use clap::Args;
use redress::{PersonId, Role, SubjectId};

use crate::args::OutputArgs;

#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    #[command(flatten)]
    pub(crate) wish: SubjectArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HoldArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    #[command(flatten)]
    pub(crate) wish: SubjectArgs,
    /// Release the hold instead
    #[arg(long)]
    pub(crate) release: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Whose data, why, and who says so.
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    /// The pseudonym of the customer, as `redress show` tells it
    #[arg(long, value_name = "UUID")]
    pub(crate) subject: SubjectId,
    /// The legal or other basis, such as "GDPR Art. 17"; recorded for ever, so nothing personal
    #[arg(long, value_name = "TEXT")]
    pub(crate) basis: String,
    /// Who does it
    #[arg(long, value_name = "ID", default_value = "redress-cli")]
    pub(crate) by: PersonId,
    /// In which role; rules that give authority say who may
    #[arg(long, value_name = "ROLE", default_value = "operator")]
    pub(crate) role: Role,
}

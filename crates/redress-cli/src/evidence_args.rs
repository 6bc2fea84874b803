//! What can be typed after the commands that prove a ledger.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use redress::evidence::VerifierKey;

use crate::args::OutputArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key to sign checkpoints with, and print the public key for those who verify
    New(KeyNewArgs),
}

#[derive(Debug, Args)]
pub(crate) struct KeyNewArgs {
    /// Where to write the secret key, readable by you alone; keep it apart from the ledger
    pub(crate) file: PathBuf,
    /// The name of the log that it signs for, such as example.org/complaints [default: the file's]
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckpointArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// The file of the secret key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Read every entry again, not only those recorded since the last checkpoint
    #[arg(long)]
    pub(crate) anew: bool,
    /// Write the checkpoint here too, to be kept where nobody who can change the ledger can change it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace a file that --out names, if it is none of the ledger's and no input
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ProveArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// The complaint: its id, or the reference it has elsewhere
    pub(crate) id: String,
    /// The folder to write into [default: the id, ending .proofs]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace proofs that are there already
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The ledger, the folder of a bundle, a proof, or the folder of the proofs about a complaint
    pub(crate) target: PathBuf,
    #[command(flatten)]
    pub(crate) anchors: AnchorArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What whoever verifies brings from elsewhere.
#[derive(Debug, Args)]
pub(crate) struct AnchorArgs {
    /// A checkpoint that was kept elsewhere: the history must begin with its entries
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// The public key of the log, NAME+ID+KEY, got from elsewhere; may be given again for witnesses
    #[arg(long = "key", value_name = "PUBLIC", value_parser = parse_key)]
    pub(crate) keys: Vec<VerifierKey>,
}

/// What makes `redress import` make a ledger of a bundle.
#[derive(Debug, Args)]
pub(crate) struct BundleArgs {
    /// Make a new ledger of this bundle, checked to its end first
    #[arg(long = "bundle", id = "bundle", value_name = "DIR", conflicts_with_all = ["mapping", "file", "policy", "rejects", "force", "show_personal"])]
    pub(crate) folder: Option<PathBuf>,
    /// With --bundle: a checkpoint that was kept elsewhere; the bundle must begin with its entries
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// With --bundle: the public key of the log, NAME+ID+KEY, got from elsewhere; may be given again for witnesses
    #[arg(long = "key", value_name = "PUBLIC", value_parser = parse_key, requires = "bundle")]
    pub(crate) keys: Vec<VerifierKey>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// The folder to write, which must not exist yet
    #[arg(long, value_name = "DIR")]
    pub(crate) bundle: PathBuf,
    /// A public key to name in the bundle, NAME+ID+KEY; may be given again
    #[arg(long = "key", value_name = "PUBLIC", value_parser = parse_key)]
    pub(crate) keys: Vec<VerifierKey>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

fn parse_key(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text).map_err(|why| why.to_string())
}

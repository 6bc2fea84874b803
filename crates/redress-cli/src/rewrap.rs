//! `redress rewrap`: another secret in the place of the one that opens the key store of a ledger.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use redress::evidence::keys::WrappingKey;
use serde::Serialize;

use crate::args::OutputArgs;
use crate::error::{Exit, Failure};
use crate::output::{Output, typed};
use crate::secret;

#[derive(Debug, Args)]
pub(crate) struct RewrapArgs {
    /// The ledger, which no other program may have open
    pub(crate) ledger: PathBuf,
    /// What opens its key store from now on; a passphrase is read from REDRESS_NEW_PASSPHRASE
    #[arg(long, value_enum)]
    pub(crate) to: Secret,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What can open a key store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Secret {
    /// A passphrase, which is kept nowhere
    Passphrase,
    /// A new key, in the key file beside the ledger
    KeyFile,
}

/// What was done, for programs.
#[derive(Serialize)]
struct Rewrapped<'a> {
    ledger: &'a std::path::Path,
    opens_with: Secret,
}

/// Runs `redress rewrap`.
pub(crate) fn run(args: &RewrapArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let after = match args.to {
        Secret::Passphrase => Some(new_passphrase()?),
        Secret::KeyFile => None,
    };
    redress::rewrap(&args.ledger, secret::from_environment()?, after)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Rewrapped {
            ledger: &args.ledger,
            opens_with: args.to,
        })?;
        return Ok(Exit::Done);
    }
    let ledger = typed(&args.ledger);
    output.line(&match args.to {
        Secret::Passphrase => format!(
            "the keys of {ledger} open with the new passphrase; set {} to it, for it is kept nowhere",
            secret::PASSPHRASE
        ),
        Secret::KeyFile => format!(
            "the keys of {ledger} open with the new key file beside it; unset {}",
            secret::PASSPHRASE
        ),
    })?;
    output.line(
        "Copies of the key store from before still open with the secret from before; destroy them.",
    )?;
    Ok(Exit::Done)
}

fn new_passphrase() -> Result<WrappingKey, Failure> {
    secret::new_from_environment()?.ok_or(Failure::NoNewPassphrase)
}

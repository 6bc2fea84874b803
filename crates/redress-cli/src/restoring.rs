//! `redress import --bundle`: a bundle becomes a ledger again.

use std::io::Write;
use std::path::{Path, PathBuf};

use redress::{LedgerPaths, Restored};
use serde::Serialize;

use crate::args::ImportArgs;
use crate::error::{Exit, Failure};
use crate::output::{Output, typed};
use crate::verify::{self, Verification};

/// What became of a bundle, for programs.
#[derive(Serialize)]
struct Imported {
    /// `None` where nothing was written.
    ledger: Option<PathBuf>,
    /// How many personal parts nobody can read without the key store.
    sealed_parts: u64,
    /// What the check of the bundle came to.
    #[serde(flatten)]
    check: Verification,
}

/// Makes a ledger of a bundle, if nothing is found in it.
pub(crate) fn run(
    bundle: &Path,
    args: &ImportArgs,
    writer: &mut dyn Write,
) -> Result<Exit, Failure> {
    let asked = &args.bundle;
    let anchors = verify::anchors(asked.checkpoint.as_deref(), &asked.keys)?;
    let restored = redress::restore_ledger(bundle, &args.ledger, &anchors)?;
    let is_made = restored.report.is_clean();
    let check = Verification::of(&restored.report);
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Imported {
            ledger: is_made.then(|| args.ledger.clone()),
            sealed_parts: restored.sealed,
            check,
        })?;
    } else {
        verify::print(&mut output, &check)?;
        conclude(&mut output, &restored, &args.ledger)?;
    }
    Ok(if is_made { Exit::Done } else { Exit::Differs })
}

fn conclude(output: &mut Output<'_>, restored: &Restored, ledger: &Path) -> Result<(), Failure> {
    let name = typed(ledger);
    if !restored.report.is_clean() {
        output.heading(&format!("No ledger was made: {name} is not there"))?;
        return Ok(());
    }
    output.heading(&format!(
        "{name} holds these {} entries now",
        restored.report.size
    ))?;
    if restored.sealed > 0 {
        let keys = typed(&LedgerPaths::of(ledger).keys());
        output.line(&format!(
            "{} personal parts are sealed, and no key is in a bundle. Until the newest copy of the key store stands at {keys}, \
             with its key file or passphrase, nobody can read them or open the ledger to write to it.",
            restored.sealed
        ))?;
    }
    Ok(())
}

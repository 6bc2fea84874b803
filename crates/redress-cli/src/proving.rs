//! `redress prove` and `redress export`: proofs for whoever submitted a complaint, and bundles for auditors.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use redress::evidence::Leaf;
use redress::{ComplaintId, ComplaintProof, Evidence};
use serde::Serialize;

use crate::error::{Exit, Failure};
use crate::evidence_args::{ExportArgs, ProveArgs};
use crate::output::{Output, typed};
use crate::target::{Kept, Target};
use crate::{reading, show};

#[derive(Serialize)]
struct Proven {
    complaint: ComplaintId,
    folder: PathBuf,
    facts: usize,
    not_covered: usize,
    files: Vec<String>,
}

/// Runs `redress prove`.
pub(crate) fn prove(args: &ProveArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let kept = Kept::ledger(&args.ledger);
    if let Some(folder) = &args.out {
        check_folder(folder, &kept)?;
    }
    let ledger = reading::open(&args.ledger)?;
    let complaint = show::find(&ledger, &args.ledger, &args.id)?;
    let proof = pollster::block_on(async {
        let mut evidence = Evidence::open(ledger.as_async().clone(), &args.ledger).await?;
        evidence.prove(complaint).await
    })?;
    let default = || PathBuf::from(format!("{complaint}.proofs"));
    let folder = args.out.clone().unwrap_or_else(default);
    let proven = Proven {
        complaint,
        files: write(complaint, &proof, &folder, &kept, args.force)?,
        folder,
        facts: proof.facts.len(),
        not_covered: proof.uncovered,
    };
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&proven)?;
    } else {
        print(&mut output, &proven)?;
    }
    Ok(Exit::Done)
}

/// A file for each fact, named by its version, and one for the whole history; tells their names.
fn write(
    complaint: ComplaintId,
    proof: &ComplaintProof,
    folder: &Path,
    kept: &Kept,
    force: bool,
) -> Result<Vec<String>, Failure> {
    check_folder(folder, kept)?;
    fs::create_dir_all(folder).map_err(|source| Failure::file("make", folder, source))?;
    let facts = proof.facts.iter().zip(1_u64..).map(|(fact, number)| {
        let leaf = fact.extra.as_deref().and_then(Leaf::from_preimage);
        let version = leaf.map_or(number, |(_, leaf)| leaf.version.get());
        (
            format!("{complaint}-{version:04}.tlog-proof"),
            fact.to_text(),
        )
    });
    let history = (format!("{complaint}.stream-proof"), proof.history.to_text());
    // Every name is checked before the first file is written.
    let targets = facts.chain([history]).map(|(name, text)| {
        let target = Target::check(&folder.join(&name), kept, Some(force))?;
        Ok::<_, Failure>((name, text, target))
    });
    let targets = targets.collect::<Result<Vec<_>, _>>()?;
    targets
        .into_iter()
        .map(|(name, text, target)| target.write(text.as_bytes()).map(|()| name))
        .collect()
}

/// Lets a folder pass that is there already, which [`Target::check`] does not.
fn check_folder(folder: &Path, kept: &Kept) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    Target::check(folder, kept, None).map(drop)
}

fn print(output: &mut Output<'_>, proven: &Proven) -> Result<(), Failure> {
    let (facts, folder) = (proven.facts, typed(&proven.folder));
    output.line(&format!(
        "{facts} facts proven, and that there were no others when the checkpoint was signed; {} files in {folder}",
        proven.files.len()
    ))?;
    if proven.not_covered > 0 {
        output.line(&format!(
            "{} facts came after the checkpoint and are not proven; sign a new one with `redress checkpoint`",
            proven.not_covered
        ))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Exported {
    bundle: PathBuf,
    entries: u64,
    signed: bool,
}

/// Runs `redress export`.
pub(crate) fn export(args: &ExportArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    // The bundle's folder must not be there yet, and its name must be none that the ledger keeps for itself.
    Target::check(&args.bundle, &Kept::ledger(&args.ledger), None)?;
    let ledger = reading::open(&args.ledger)?;
    let (entries, signed) = pollster::block_on(async {
        let evidence = Evidence::open(ledger.as_async().clone(), &args.ledger).await?;
        let entries = evidence.export(&args.keys, &args.bundle).await?;
        Ok::<_, Failure>((entries, evidence.last_checkpoint().is_some()))
    })?;
    let mut output = Output::new(writer, args.output.format);
    let bundle = typed(&args.bundle);
    if output.is_json() {
        output.json(&Exported {
            bundle: args.bundle.clone(),
            entries,
            signed,
        })?;
    } else if signed {
        output.line(&format!(
            "{entries} entries, up to the checkpoint signed last, in {bundle}"
        ))?;
    } else {
        output.line(&format!(
            "{entries} entries in {bundle}; nobody answers for them: sign with `redress checkpoint` first, and export again"
        ))?;
    }
    Ok(Exit::Done)
}

//! `redress verify`: what is not as it was signed, what is shown, and by whose word.

mod parts;

use std::fs;
use std::io::Write;
use std::path::Path;

use redress::evidence::bundle::{self, Anchors, Guarantee, Report};
use redress::evidence::{Checkpoint, MAX_NOTE_BYTES, UntrustedCheckpoint, VerifierKey};
use redress::sqlite::{Options, SqliteStore};
use redress::store::file::read_plain;
use serde::Serialize;

use crate::error::{Exit, Failure};
use crate::evidence_args::VerifyArgs;
use crate::output::Output;
use crate::verify_proofs;

/// What a check came to, for programs.
#[derive(Serialize)]
pub(crate) struct Verification {
    entries: u64,
    root: Option<String>,
    findings: Vec<FindingLine>,
    /// What is shown, and what that rests on.
    shown: Vec<String>,
    /// What could not be checked.
    not_checked: Vec<String>,
}

#[derive(Serialize)]
struct FindingLine {
    file: String,
    position: Option<u64>,
    what: String,
}

/// Runs `redress verify`.
pub(crate) fn run(args: &VerifyArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let anchors = anchors(args.anchors.checkpoint.as_deref(), &args.anchors.keys)?;
    if let Some(proofs) = verify_proofs::find(&args.target)? {
        return verify_proofs::run(args, &proofs, &anchors, writer);
    }
    let report = if args.target.is_dir() {
        bundle::verify(&args.target, &anchors)
    } else {
        let store = SqliteStore::open_read_only(&args.target, Options::default())?;
        pollster::block_on(redress::verify_ledger(&store, &args.target, &anchors))?
    };
    let mut verification = Verification::of(&report);
    if !args.target.is_dir() {
        parts::add(&args.target, &mut verification);
    }
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&verification)?;
    } else {
        print(&mut output, &verification)?;
    }
    Ok(if verification.findings.is_empty() {
        Exit::Done
    } else {
        Exit::Differs
    })
}

/// What was brought from elsewhere.
pub(crate) fn anchors(checkpoint: Option<&Path>, keys: &[VerifierKey]) -> Result<Anchors, Failure> {
    Ok(Anchors {
        keys: keys.to_vec(),
        earlier: checkpoint.map(|path| earlier(path, keys)).transpose()?,
    })
}

/// The checkpoint that was brought; where keys were brought too, one must have signed it.
fn earlier(path: &Path, keys: &[VerifierKey]) -> Result<Checkpoint, Failure> {
    let failed = |source| Failure::file("read the checkpoint", path, source);
    let length = fs::metadata(path).map_err(failed)?.len();
    if usize::try_from(length).map_or(true, |length| length > MAX_NOTE_BYTES) {
        let too_long = redress::evidence::InvalidNote::TooLong;
        return Err(untrusted(
            path,
            UntrustedCheckpoint::Invalid(too_long.into()),
        ));
    }
    let bytes = read_plain(path).map_err(failed)?;
    let read = if keys.is_empty() {
        let read = Checkpoint::read(&bytes).map_err(UntrustedCheckpoint::Invalid);
        read.map(|(checkpoint, _)| checkpoint)
    } else {
        Checkpoint::open(&bytes, keys).map(|(checkpoint, _)| checkpoint)
    };
    read.map_err(|why| untrusted(path, why))
}

fn untrusted(path: &Path, why: UntrustedCheckpoint) -> Failure {
    Failure::Checkpoint {
        path: path.to_owned(),
        why,
    }
}

impl Verification {
    pub(crate) fn of(report: &Report) -> Self {
        let findings = report.findings.iter().map(|finding| FindingLine {
            file: finding.file.clone(),
            position: finding.position.map(|position| position.get()),
            what: finding.fault.to_string(),
        });
        let told = |shown: bool| {
            let chosen = report
                .guarantees
                .iter()
                .filter(move |one| one.is_shown() == shown);
            chosen.map(Guarantee::to_string).collect()
        };
        Self {
            entries: report.size,
            root: report.root.map(|root| root.to_string()),
            findings: findings.collect(),
            shown: told(true),
            not_checked: told(false),
        }
    }
}

pub(crate) fn print(output: &mut Output<'_>, verification: &Verification) -> Result<(), Failure> {
    output.line(&format!("{} entries read", verification.entries))?;
    if let Some(root) = &verification.root {
        output.line(&format!("they lead to the root {root}"))?;
    }
    output.heading(&match verification.findings.len() {
        0 => "Nothing found that is not as it should be".to_owned(),
        count => format!("Found: {count}"),
    })?;
    for finding in &verification.findings {
        let place = finding
            .position
            .map(|position| format!(", position {position}"));
        let place = place.unwrap_or_default();
        output.line(&format!("- {}{place}: {}", finding.file, finding.what))?;
    }
    list(output, "Shown, and what it rests on", &verification.shown)?;
    list(output, "Not checked", &verification.not_checked)
}

pub(crate) fn list(
    output: &mut Output<'_>,
    heading: &str,
    lines: &[String],
) -> Result<(), Failure> {
    if !lines.is_empty() {
        output.heading(heading)?;
    }
    for line in lines {
        output.line(&format!("- {line}"))?;
    }
    Ok(())
}

//! `redress verify` of proofs: what those files show that `redress prove` writes, without the ledger.

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::Path;

use redress::evidence::bundle::Anchors;
use redress::evidence::{Dossier, MAX_NOTE_BYTES, ProofFile};
use redress::store::file::open_plain;
use serde::Serialize;

use crate::error::{Exit, Failure};
use crate::evidence_args::VerifyArgs;
use crate::output::Output;
use crate::verify::list;

/// What a bundle has, and a folder of proofs has not.
const MANIFEST: &str = "manifest.json";
/// The endings of proofs.
const ENDINGS: [&str; 2] = ["tlog-proof", "stream-proof"];
/// The longest proof that is read, in bytes: room for the extra data in base 64, 63 hashes and a note.
const MAX_PROOF_BYTES: u64 = (128 << 10) + MAX_NOTE_BYTES as u64;

/// What proofs came to, for programs.
#[derive(Serialize)]
struct Verification {
    proofs: usize,
    findings: Vec<FindingLine>,
    /// What is shown, and what that rests on.
    shown: Vec<String>,
    /// What was not checked.
    not_checked: Vec<String>,
}

#[derive(Serialize)]
struct FindingLine {
    file: String,
    what: String,
}

/// The proofs that a path names: a file that begins as one, or those of a folder; `None` where it is something else.
pub(crate) fn find(path: &Path) -> Result<Option<Vec<ProofFile>>, Failure> {
    let failed = |source| Failure::file("read", path, source);
    if !path.is_dir() {
        let has_ending = has_ending(path);
        let Ok(file) = read(path) else {
            // What is no file is told of as a ledger.
            return Ok(None);
        };
        return Ok((has_ending || ProofFile::is_one(&file.bytes)).then(|| vec![file]));
    }
    if path.join(MANIFEST).exists() {
        return Ok(None);
    }
    let mut proofs = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if has_ending(&entry.path()) {
            proofs.push(read(&entry.path()).map_err(failed)?);
        }
    }
    proofs.sort_by(|one, next| one.name.cmp(&next.name));
    Ok((!proofs.is_empty()).then_some(proofs))
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

/// As much of a file as a proof can have, and a byte more: what is longer is no proof.
fn read(path: &Path) -> io::Result<ProofFile> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let mut bytes = Vec::new();
    open_plain(path)?
        .take(MAX_PROOF_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(ProofFile {
        name: name.to_string_lossy().into_owned(),
        bytes,
    })
}

/// Runs `redress verify` of proofs.
pub(crate) fn run(
    args: &VerifyArgs,
    proofs: &[ProofFile],
    anchors: &Anchors,
    writer: &mut dyn Write,
) -> Result<Exit, Failure> {
    if anchors.keys.is_empty() {
        return Err(Failure::NeedsKey(args.target.clone()));
    }
    let dossier = Dossier::verify(proofs, anchors);
    let findings = dossier.findings.iter().map(|(file, what)| FindingLine {
        file: file.clone(),
        what: what.clone(),
    });
    let verification = Verification {
        proofs: proofs.len(),
        findings: findings.collect(),
        shown: dossier.shown.iter().map(ToString::to_string).collect(),
        not_checked: dossier
            .not_checked
            .iter()
            .map(ToString::to_string)
            .collect(),
    };
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&verification)?;
    } else {
        print(&mut output, &verification)?;
    }
    Ok(if dossier.is_clean() {
        Exit::Done
    } else {
        Exit::Differs
    })
}

fn print(output: &mut Output<'_>, verification: &Verification) -> Result<(), Failure> {
    output.line(&format!("{} proofs read", verification.proofs))?;
    output.heading(&match verification.findings.len() {
        0 => "Nothing found that is not as it should be".to_owned(),
        count => format!("Found: {count}"),
    })?;
    for finding in &verification.findings {
        output.line(&format!("- {}: {}", finding.file, finding.what))?;
    }
    list(output, "Shown, and what it rests on", &verification.shown)?;
    list(output, "Not checked", &verification.not_checked)
}

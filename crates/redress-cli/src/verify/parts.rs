//! What became of the personal parts of a ledger, where its key store can be opened.

use std::path::Path;

use redress::{LedgerError, LedgerPaths, PartSurvey};

use super::{FindingLine, Verification};
use crate::error::Failure;
use crate::reading;

/// Adds what is told of the personal parts of the ledger in this file.
pub(super) fn add(ledger: &Path, verification: &mut Verification) {
    match survey(ledger) {
        Ok(Some(survey)) => told(&survey, ledger, verification),
        Ok(None) => verification
            .not_checked
            .push("the personal parts: no key store stands beside the ledger".to_owned()),
        Err(Failure::Ledger(error @ LedgerError::KeyRestored(_))) => {
            let file = name(&LedgerPaths::of(ledger).keys());
            verification.findings.push(FindingLine {
                file,
                position: None,
                what: error.to_string(),
            });
        }
        Err(why) => verification
            .not_checked
            .push(format!("the personal parts: {why}")),
    }
}

fn survey(ledger: &Path) -> Result<Option<PartSurvey>, Failure> {
    Ok(reading::open(ledger)?.survey_parts()?)
}

fn told(survey: &PartSurvey, ledger: &Path, verification: &mut Verification) {
    let PartSurvey {
        intact,
        erased,
        erasing,
        ..
    } = survey;
    if intact + erased + erasing > 0 {
        verification.shown.push(format!(
            "personal parts: {intact} can be read, {erased} were erased by a receipt, {erasing} are being erased; that rests \
             on the key store beside the ledger"
        ));
    }
    let findings = survey.faulty.iter().map(|(position, why)| FindingLine {
        file: name(ledger),
        position: Some(position.get()),
        what: format!("a personal part: {why}"),
    });
    verification.findings.extend(findings);
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

//! What became of the personal parts of a ledger, where its key store can be opened.

use std::path::Path;

use redress::store::{EventStore as _, PartKind};
use redress::{LedgerError, LedgerPaths, PartSurvey, Position};

use super::{FindingLine, Verification};
use crate::error::Failure;
use crate::reading;

/// How many entries are read at once.
const PAGE: usize = 1_000;

/// Adds what is told of the personal parts of the ledger in this file.
pub(super) fn add(ledger: &Path, verification: &mut Verification) {
    match survey(ledger) {
        Ok(Survey::Opened(survey)) => told(&survey, ledger, verification),
        Ok(Survey::NothingSealed) => {}
        Ok(Survey::NoKeyStore) => verification.findings.push(FindingLine {
            file: name(&LedgerPaths::of(ledger).keys()),
            position: None,
            what: "there is no key store, and personal parts are sealed: nothing shows that they can still be read; put the \
                   newest copy of the key store back"
                .to_owned(),
        }),
        Err(why) => verification.findings.push(FindingLine {
            file: name(&LedgerPaths::of(ledger).keys()),
            position: None,
            what: format!("the personal parts cannot be checked: {why}"),
        }),
    }
}

/// What could be looked at of the personal parts.
enum Survey {
    Opened(PartSurvey),
    NoKeyStore,
    NothingSealed,
}

fn survey(ledger: &Path) -> Result<Survey, Failure> {
    let ledger = reading::open(ledger)?;
    if let Some(survey) = ledger.survey_parts()? {
        return Ok(Survey::Opened(survey));
    }
    let store = ledger.as_async().store();
    let mut next = Position::FIRST;
    loop {
        let entries = pollster::block_on(store.read_all(next, PAGE)).map_err(LedgerError::Store)?;
        let mut parts = entries.iter().flat_map(|entry| &entry.content.parts);
        if parts.any(|part| part.kind == PartKind::Sealed) {
            return Ok(Survey::NoKeyStore);
        }
        match entries.last() {
            Some(last) => next = last.position.next(),
            None => return Ok(Survey::NothingSealed),
        }
    }
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

//! What is flagged of a complaint, what is owed about it, and which others may be the same matter: for `redress show`.

use redress::archive::{Archive, Likeness, ProbableDuplicate};
use redress::blocking::Ledger;
use redress::core::duty::{self, Duty};
use redress::core::intake::Warning;
use redress::store::EventStore;
use redress::{Complaint, ComplaintId, Language, Timestamp};
use serde::Serialize;

use crate::describe;
use crate::error::Failure;
use crate::grid::Grid;
use crate::output::{Output, instant};

/// What is flagged, owed and suspected now.
pub(crate) struct Owed {
    warnings: Vec<Warning>,
    duties: Vec<Duty>,
    suspects: Vec<ProbableDuplicate>,
}

impl Owed {
    pub(crate) fn of<S: EventStore>(
        ledger: &Ledger<S>,
        archive: &Archive,
        complaint: &Complaint,
    ) -> Result<Self, Failure> {
        let (rules, now) = (ledger.rules()?, ledger.as_async().now());
        let Some(case) = complaint.case() else {
            return Ok(Self {
                warnings: Vec::new(),
                duties: Vec::new(),
                suspects: Vec::new(),
            });
        };
        let suspects =
            archive.probable_duplicates(case.id, rules.in_force_at(now).duplicates.within)?;
        let since: Vec<Timestamp> = suspects.iter().map(|suspect| suspect.since).collect();
        Ok(Self {
            warnings: case.checks.warnings.clone(),
            duties: duty::duties_beside(complaint, &since, &rules, now),
            suspects,
        })
    }

    /// Prints what there is of it, each under a heading.
    pub(crate) fn print(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        if !self.warnings.is_empty() {
            output.heading("Flagged")?;
            output.table(&self.flagged())?;
        }
        if !self.suspects.is_empty() {
            output.heading("Probable duplicates")?;
            output.table(&self.suspected())?;
        }
        if !self.duties.is_empty() {
            output.heading("Owed")?;
            output.table(&self.owed())?;
        }
        Ok(())
    }

    fn flagged(&self) -> Grid {
        let mut grid = Grid::pairs();
        for warning in &self.warnings {
            grid.pair(warning.code(), warning.message(Language::English));
        }
        grid
    }

    fn suspected(&self) -> Grid {
        let mut grid = Grid::new(&["Complaint", "~Same customer, and", ">Apart", "Through"]);
        for suspect in &self.suspects {
            let reasons: Vec<String> = suspect.reasons.iter().map(reason).collect();
            let [own, other] = suspect.channels;
            grid.row([
                suspect.other.to_string(),
                reasons.join(", "),
                suspect.apart.to_string(),
                format!("{}, this one {}", other.code(), own.code()),
            ]);
        }
        grid
    }

    fn owed(&self) -> Grid {
        let mut grid = Grid::new(&["~Next", "Department", "By", "Due", "Status"]);
        for duty in &self.duties {
            grid.row([
                duty.next.instruction(Language::English).to_owned(),
                duty.department.to_string(),
                by(duty),
                duty.due.map_or_else(String::new, instant),
                describe::word(&duty.status),
            ]);
        }
        grid
    }

    pub(crate) fn for_programs(&self) -> ForPrograms {
        ForPrograms {
            warnings: self.warnings.iter().copied().map(Flagged::from).collect(),
            probable_duplicates: self.suspects.iter().map(Suspect::from).collect(),
            owed: self.duties.iter().map(Due::from).collect(),
        }
    }
}

fn by(duty: &Duty) -> String {
    let person = duty.person.as_ref().map(ToString::to_string);
    let role = duty.role.as_ref().map(|role| format!("a {role}"));
    person.or(role).unwrap_or_default()
}

fn reason(likeness: &Likeness) -> String {
    match likeness {
        Likeness::Category(path) => format!("category {path}"),
        Likeness::Product(code) => format!("product {code}"),
    }
}

/// The same for programs.
#[derive(Serialize)]
pub(crate) struct ForPrograms {
    warnings: Vec<Flagged>,
    probable_duplicates: Vec<Suspect>,
    owed: Vec<Due>,
}

#[derive(Serialize)]
struct Flagged {
    code: &'static str,
    en: &'static str,
    zh_cn: &'static str,
}

impl From<Warning> for Flagged {
    fn from(warning: Warning) -> Self {
        Self {
            code: warning.code(),
            en: warning.message(Language::English),
            zh_cn: warning.message(Language::Chinese),
        }
    }
}

#[derive(Serialize)]
struct Suspect {
    complaint: ComplaintId,
    reasons: Vec<String>,
    apart_us: i64,
    channel: &'static str,
    since: Timestamp,
}

impl From<&ProbableDuplicate> for Suspect {
    fn from(suspect: &ProbableDuplicate) -> Self {
        let [_, channel] = suspect.channels;
        Self {
            complaint: suspect.other,
            reasons: suspect.reasons.iter().map(reason).collect(),
            apart_us: suspect.apart.as_micros(),
            channel: channel.code(),
            since: suspect.since,
        }
    }
}

#[derive(Serialize)]
struct Due {
    what: &'static str,
    department: String,
    person: Option<String>,
    role: Option<String>,
    due: Option<Timestamp>,
    status: &'static str,
}

impl From<&Duty> for Due {
    fn from(duty: &Duty) -> Self {
        Self {
            what: duty.what.name(),
            department: duty.department.to_string(),
            person: duty.person.as_ref().map(ToString::to_string),
            role: duty.role.as_ref().map(ToString::to_string),
            due: duty.due,
            status: duty.status.name(),
        }
    }
}

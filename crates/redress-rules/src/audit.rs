//! Rules asked of a whole ledger: which complaints broke which, and where.

use std::collections::BTreeMap;
use std::sync::Arc;

use redress_core::{
    Complaint, ComplaintId, OutOfOrder, Position, Recorded, Timestamp, WorkingTimeError, evolve,
};
use serde::Serialize;

use crate::calendars::Calendars;
use crate::monitor::{Monitor, NoSuchCalendar};
use crate::observation::Observation;
use crate::rule::Rule;
use crate::verdict::Verdict;

/// Asks rules of the histories of a ledger, in one pass.
///
/// Give it every fact in the order of the ledger, then ask for the [`Report`]. It keeps of each complaint where it
/// stands and how the rules stand, not its history.
///
/// ```
/// use redress_core::Timestamp;
/// use redress_rules::audit::Audit;
/// use redress_rules::{Calendars, standard};
///
/// let audit = Audit::new(standard(), Calendars::none())?;
/// let report = audit.report("2026-07-01T00:00:00Z".parse::<Timestamp>()?);
/// assert!(report.findings.is_empty());
/// assert_eq!(report.rules[0].rule, "received_first");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Audit {
    rules: Vec<Rule>,
    fresh: Vec<Monitor>,
    tracks: BTreeMap<ComplaintId, Track>,
    facts: u64,
    findings: Vec<Finding>,
    faults: Vec<Fault>,
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many facts it saw.
    pub facts: u64,
    /// Of how many complaints.
    pub complaints: u64,
    /// How each rule stands, in the order they were given.
    pub rules: Vec<Standing>,
    /// Where rules were broken, in the order of the facts at which it was seen.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub faults: Vec<Fault>,
}

/// How a rule stands. Each number counts complaints; together they are all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The rule.
    pub rule: String,
    /// What it says.
    pub words: String,
    /// Those that keep it as they stand.
    pub kept: u64,
    /// Those that are open and still owe something under it.
    pub owed: u64,
    /// Those that broke it.
    pub broken: u64,
    /// Those of which it could not be judged.
    pub unjudged: u64,
}

/// A complaint broke a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// The complaint.
    pub complaint: ComplaintId,
    /// Where in the ledger the fact stands at which it was seen.
    pub position: Position,
    /// What kind of fact that is.
    pub fact: &'static str,
    /// When that fact happened.
    pub occurred_at: Timestamp,
    /// How the rule was broken.
    pub how: How,
}

/// How a rule was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By the fact at which it was seen.
    Fact,
    /// By time that passed: the fact is the first one after the limit, or the last one there is.
    Time,
    /// The complaint is closed and still owes something; the fact is the last one there is.
    Closed,
}

/// Something could not be judged: the complaint from there on, or one rule about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The rule; `None` for every rule.
    pub rule: Option<String>,
    /// The complaint.
    pub complaint: ComplaintId,
    /// Where in the ledger the fact stands at which it was seen.
    pub position: Position,
    /// Why.
    pub reason: String,
}

/// One complaint under audit.
#[derive(Clone, Debug)]
struct Track {
    complaint: Complaint,
    last: Place,
    rules: Vec<Progress>,
}

/// A fact, as findings name it.
#[derive(Clone, Copy, Debug)]
struct Place {
    position: Position,
    fact: &'static str,
    occurred_at: Timestamp,
}

/// How far one rule about one complaint has come. What is decided needs no monitor any more.
#[derive(Clone, Debug)]
enum Progress {
    Watched(Monitor),
    Kept,
    Broken,
    Unjudged,
}

impl Audit {
    /// An audit that has seen nothing yet.
    ///
    /// # Errors
    ///
    /// [`NoSuchCalendar`] when a rule counts the working time of a calendar that is not among these.
    pub fn new(rules: Vec<Rule>, calendars: Calendars) -> Result<Self, NoSuchCalendar> {
        let calendars = Arc::new(calendars);
        let fresh: Result<_, _> = rules
            .iter()
            .map(|rule| Monitor::new(rule, &calendars))
            .collect();
        Ok(Self {
            fresh: fresh?,
            rules,
            tracks: BTreeMap::new(),
            facts: 0,
            findings: Vec::new(),
            faults: Vec::new(),
        })
    }

    /// Takes the next fact in.
    pub fn fold(&mut self, recorded: &Recorded) {
        self.facts += 1;
        let place = Place {
            position: recorded.position,
            fact: recorded.event.event_type().name(),
            occurred_at: recorded.occurred_at,
        };
        let track = self
            .tracks
            .entry(recorded.complaint_id)
            .or_insert_with(|| Track {
                complaint: Complaint::Absent,
                last: place,
                rules: self.fresh.iter().cloned().map(Progress::Watched).collect(),
            });
        track.last = place;
        match evolve(track.complaint.clone(), recorded) {
            Ok(after) => {
                let seen = Observation {
                    recorded,
                    before: &track.complaint,
                    after: &after,
                };
                for (rule, progress) in self.rules.iter().zip(&mut track.rules) {
                    let notes = Notes {
                        rule,
                        complaint: recorded.complaint_id,
                        place,
                        findings: &mut self.findings,
                        faults: &mut self.faults,
                    };
                    progress.step(&seen, notes);
                }
                track.complaint = after;
            }
            Err(misfit) => self.lose(recorded.complaint_id, &misfit),
        }
    }

    /// Gives a complaint up whose history does not hold together; told once.
    fn lose(&mut self, complaint: ComplaintId, misfit: &OutOfOrder) {
        let Some(track) = self.tracks.get_mut(&complaint) else {
            return;
        };
        let undecided = track
            .rules
            .iter_mut()
            .filter(|progress| progress.is_watched());
        let mut lost = false;
        for progress in undecided {
            *progress = Progress::Unjudged;
            lost = true;
        }
        if lost {
            self.faults.push(Fault {
                rule: None,
                complaint,
                position: misfit.position,
                reason: misfit.to_string(),
            });
        }
    }

    /// What was found, as of `now`: time that passed since the last facts counts.
    #[must_use]
    pub fn report(mut self, now: Timestamp) -> Report {
        let mut rules: Vec<Standing> = self
            .rules
            .iter()
            .map(|rule| Standing {
                rule: rule.name().to_owned(),
                words: rule.words().to_owned(),
                ..Standing::default()
            })
            .collect();
        for (complaint, track) in &mut self.tracks {
            let each = self.rules.iter().zip(&mut track.rules).zip(&mut rules);
            for ((rule, progress), standing) in each {
                let notes = Notes {
                    rule,
                    complaint: *complaint,
                    place: track.last,
                    findings: &mut self.findings,
                    faults: &mut self.faults,
                };
                progress.close(now, track.complaint.is_open(), notes);
                progress.count(standing);
            }
        }
        self.findings.sort_by_key(|finding| finding.position);
        Report {
            facts: self.facts,
            complaints: u64::try_from(self.tracks.len()).unwrap_or(u64::MAX),
            rules,
            findings: self.findings,
            faults: self.faults,
        }
    }
}

/// Where one rule about one complaint is written down.
struct Notes<'a> {
    rule: &'a Rule,
    complaint: ComplaintId,
    place: Place,
    findings: &'a mut Vec<Finding>,
    faults: &'a mut Vec<Fault>,
}

impl Notes<'_> {
    fn broken(self, how: How) -> Progress {
        self.findings.push(Finding {
            rule: self.rule.name().to_owned(),
            complaint: self.complaint,
            position: self.place.position,
            fact: self.place.fact,
            occurred_at: self.place.occurred_at,
            how,
        });
        Progress::Broken
    }

    fn unjudged(self, reason: &WorkingTimeError) -> Progress {
        self.faults.push(Fault {
            rule: Some(self.rule.name().to_owned()),
            complaint: self.complaint,
            position: self.place.position,
            reason: reason.to_string(),
        });
        Progress::Unjudged
    }
}

impl Progress {
    const fn is_watched(&self) -> bool {
        match self {
            Self::Watched(_) => true,
            Self::Kept | Self::Broken | Self::Unjudged => false,
        }
    }

    fn step(&mut self, seen: &Observation<'_>, notes: Notes<'_>) {
        let Self::Watched(monitor) = self else {
            return;
        };
        if monitor.tick(seen.at()) == Verdict::Violated {
            *self = notes.broken(How::Time);
            return;
        }
        match monitor.step(seen) {
            Ok(Verdict::Violated) => *self = notes.broken(How::Fact),
            Ok(Verdict::Satisfied) => *self = Self::Kept,
            Ok(Verdict::PossiblySatisfied | Verdict::PossiblyViolated) => {}
            Err(reason) => *self = notes.unjudged(&reason),
        }
    }

    /// Judges what is left when there are no more facts.
    fn close(&mut self, now: Timestamp, is_open: bool, notes: Notes<'_>) {
        let Self::Watched(monitor) = self else {
            return;
        };
        match monitor.tick(now) {
            Verdict::Violated => *self = notes.broken(How::Time),
            Verdict::PossiblyViolated if !is_open => *self = notes.broken(How::Closed),
            Verdict::Satisfied | Verdict::PossiblySatisfied | Verdict::PossiblyViolated => {}
        }
    }

    fn count(&self, standing: &mut Standing) {
        let counter = match self {
            Self::Kept => &mut standing.kept,
            Self::Watched(monitor) if monitor.verdict().is_kept() => &mut standing.kept,
            Self::Watched(_) => &mut standing.owed,
            Self::Broken => &mut standing.broken,
            Self::Unjudged => &mut standing.unjudged,
        };
        *counter += 1;
    }
}

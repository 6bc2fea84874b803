//! The values that the facts of a complaint give for the places of a template.

use crate::clock::{Clock, ClockKind, Target};
use crate::complaint::{Case, Complaint};
use crate::event::{Amended, Change, Event, Product, Received, Remedy, Resolved};
use crate::event::{ReceivedPersonal, Recorded};
use crate::id::{DepartmentId, ExternalRef};
use crate::language::Language;
use crate::policy::{Placeholder, Policy, Values};
use crate::rulebook::Rulebook;
use crate::time::Timestamp;

/// The values for a letter about a complaint, in a language, at a moment.
///
/// `history` is that of the complaint, and `complaint` the state it leads to. Times are those of the organisation's
/// calendar, or of UTC where it has none. What was corrected is told as corrected; what was erased is not told.
///
/// ```
/// use redress_core::{Complaint, Language, Policy, Rulebook, Timestamp, letter, policy::Values};
///
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// let rules = Rulebook::new(Policy::standard());
/// let nothing = letter::values(&[], &Complaint::Absent, &rules, Language::English, now);
/// assert_eq!(nothing, Values::new());
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[must_use]
pub fn values(
    history: &[Recorded],
    complaint: &Complaint,
    rules: &Rulebook,
    language: Language,
    now: Timestamp,
) -> Values {
    let policy = rules.in_force_at(now);
    let Some(case) = complaint.case() else {
        return Values::new();
    };
    let told = Told::of(history, case);
    let calendar = policy.calendar_of(None);
    let deadline = |at: Timestamp| calendar.deadline_text(at, language);
    let lead = complaint.lead().map(|lead| &lead.department);
    let category = complaint
        .classification()
        .map(|class| policy.categories.label(class.category.as_str(), language));
    let resolution = complaint.resolution();
    let remedies = resolution
        .and_then(|resolution| resolution.fact.remedies.as_deref())
        .map(|remedies| list(remedies, language));
    let solution = resolution.and(told.solution);
    Placeholder::ALL
        .into_iter()
        .fold(Values::new(), |values, place| {
            let value = match place {
                Placeholder::Category => category.map(str::to_owned),
                Placeholder::Complaint => Some(case.id.to_string()),
                Placeholder::Customer => told.name.map(str::to_owned),
                Placeholder::Department => {
                    let department = lead.unwrap_or(&case.intake_department);
                    Some(department_name(department, policy, language))
                }
                Placeholder::Due => due(complaint, case, rules, now).map(deadline),
                Placeholder::ExternalRef => told.external_ref.map(ToString::to_string),
                Placeholder::Product => told.product.map(product),
                Placeholder::PromisedBy => promised_by(case).map(deadline),
                Placeholder::ReceivedAt => Some(calendar.local_text(case.received_at, language)),
                Placeholder::Remedies => remedies.clone(),
                Placeholder::Solution => solution.map(str::to_owned),
                Placeholder::Subject => told.subject.map(str::to_owned),
            };
            match value {
                Some(value) => values.with(place, value),
                None => values,
            }
        })
}

/// What the facts tell and the state does not keep.
#[derive(Default)]
struct Told<'a> {
    external_ref: Option<&'a ExternalRef>,
    product: Option<&'a Product>,
    name: Option<&'a str>,
    subject: Option<&'a str>,
    solution: Option<&'a str>,
}

impl<'a> Told<'a> {
    fn of(history: &'a [Recorded], case: &Case) -> Self {
        let mut told = Self::default();
        for fact in history {
            match &fact.event {
                Event::Received(fact) => told.receive(fact),
                Event::Amended(fact) => told.amend(fact),
                Event::Resolved(fact) => told.resolve(fact),
                Event::Erased(fact) if fact.subject == case.subject => {
                    told = Self {
                        external_ref: told.external_ref,
                        product: told.product,
                        ..Self::default()
                    };
                }
                Event::Classified(_)
                | Event::Assigned(_)
                | Event::Escalated(_)
                | Event::Feedback(_)
                | Event::Revisited(_)
                | Event::Paused(_)
                | Event::Resumed(_)
                | Event::Noted(_)
                | Event::Linked(_)
                | Event::Extended(_)
                | Event::Closed(_)
                | Event::Reopened(_)
                | Event::Erased(_) => {}
            }
        }
        told
    }

    fn receive(&mut self, fact: &'a Received) {
        self.external_ref = fact.external_ref.as_ref();
        self.product = fact.product.as_ref();
        if let Some(ReceivedPersonal { name, subject, .. }) = fact.personal.known() {
            self.name = name.as_deref();
            self.subject = Some(subject);
        }
    }

    fn amend(&mut self, fact: &'a Amended) {
        for change in &fact.patch {
            match change {
                Change::Product(product) => self.product = product.as_ref(),
                Change::Occurred(_)
                | Change::Demand(_)
                | Change::Emotion(_)
                | Change::Account(_)
                | Change::Causes { .. }
                | Change::Upheld(_)
                | Change::Cost(_)
                | Change::Flags(_)
                | Change::Tags(_)
                | Change::Language(_) => {}
            }
        }
        if let Some(corrected) = fact.personal.known() {
            self.name = corrected.name.as_deref().or(self.name);
            self.subject = corrected.subject.as_deref().or(self.subject);
        }
    }

    fn resolve(&mut self, fact: &'a Resolved) {
        self.solution = fact.personal.known().map(|words| words.solution.as_str());
    }
}

/// Until when the step is due that the customer waits for: the solution, then the result, then the revisit.
fn due(complaint: &Complaint, case: &Case, rules: &Rulebook, now: Timestamp) -> Option<Timestamp> {
    let kind = match complaint {
        Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. } => ClockKind::Resolution,
        Complaint::Resolved { .. } => ClockKind::Feedback,
        Complaint::FedBack { .. } => ClockKind::Revisit,
        Complaint::Absent | Complaint::Closed { .. } => return None,
    };
    let clock = case.running(kind).next()?;
    rules.read(clock, &case.pauses, now).due
}

/// The promise that was made last, where it is still open.
fn promised_by(case: &Case) -> Option<Timestamp> {
    let promise = case.running(ClockKind::Promise).last()?;
    match promise {
        Clock {
            own_target: Some(Target::At(promised)),
            ..
        } => Some(*promised),
        Clock { .. } => None,
    }
}

/// The name of a department, or its code where it has none.
fn department_name(department: &DepartmentId, policy: &Policy, language: Language) -> String {
    let name = policy
        .departments
        .get(department)
        .and_then(|department| department.name.as_ref());
    name.map_or_else(
        || department.to_string(),
        |name| name.in_language(language).to_owned(),
    )
}

fn product(product: &Product) -> String {
    match &product.model {
        Some(model) => format!("{} {model}", product.code),
        None => product.code.to_string(),
    }
}

fn list(remedies: &[Remedy], language: Language) -> String {
    let (between, none) = match language {
        Language::English => (", ", "none"),
        Language::Chinese => ("、", "无"),
    };
    if remedies.is_empty() {
        return none.to_owned();
    }
    let remedies = remedies.iter().map(|remedy| {
        let label = remedy.kind.label(language);
        match &remedy.amount {
            Some(amount) => format!("{label} {amount}"),
            None => label.to_owned(),
        }
    });
    remedies.collect::<Vec<_>>().join(between)
}

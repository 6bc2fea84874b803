//! Guards that ask the policy what an organisation allows: who may do what, which departments and templates there are,
//! and what an intake must tell.

use super::{Decision, has_words};
use crate::command::Command;
use crate::event::{Feedback, Received, ReceivedPersonal};
use crate::id::DepartmentId;
use crate::intake::{is_mainland_mobile, without_separators};
use crate::policy::IntakeField;
use crate::rejection::Rejection;

impl Decision<'_> {
    pub(super) fn check_authority(&self, command: &Command) -> Result<(), Rejection> {
        let intake = if let Command::Receive(fact) = command {
            Some(&fact.intake_department)
        } else {
            self.complaint.case().map(|case| &case.intake_department)
        };
        let lead = self.complaint.lead().map(|lead| &lead.department);
        let role = &self.context.actor.role;
        let permits =
            |departments: &[&DepartmentId]| self.policy.permits(role, command.name(), departments);
        let permitted = match (intake, lead) {
            (Some(intake), Some(lead)) => permits(&[intake, lead]),
            (Some(only), None) | (None, Some(only)) => permits(&[only]),
            (None, None) => permits(&[]),
        };
        self.conduct(
            permitted,
            Rejection::NotPermitted {
                role: role.clone(),
                command: command.name(),
            },
        )
    }

    pub(super) fn check_department(&self, department: &DepartmentId) -> Result<(), Rejection> {
        let departments = &self.policy.departments;
        self.conduct(
            departments.is_empty() || departments.contains_key(department),
            Rejection::UnknownDepartment {
                department: department.clone(),
            },
        )
    }

    pub(super) fn check_intake(&self, fact: &Received) -> Result<(), Rejection> {
        let rules = self.policy.intake.iter();
        let rules = rules.filter(|rule| rule.channel.is_none_or(|channel| channel == fact.channel));
        for field in rules.flat_map(|rule| &rule.required) {
            self.conduct(
                tells(fact, *field),
                Rejection::IntakeIncomplete { field: *field },
            )?;
        }
        Ok(())
    }

    pub(super) fn check_template(&self, fact: &Feedback) -> Result<(), Rejection> {
        let (Some(template), false) = (&fact.template, self.policy.templates.is_empty()) else {
            return Ok(());
        };
        let known = self.policy.templates.get(template).is_some_and(|known| {
            known.channels.is_empty() || known.channels.contains(&fact.channel)
        });
        self.conduct(
            known,
            Rejection::UnknownTemplate {
                template: template.clone(),
            },
        )
    }
}

/// Whether there is a way to reach the customer; a blank one is none.
pub(super) fn is_reachable(personal: &ReceivedPersonal) -> bool {
    let mut contacts = personal.contacts.iter();
    contacts.any(|contact| has_words(Some(&contact.value)))
}

/// Whether an intake tells this.
fn tells(fact: &Received, field: IntakeField) -> bool {
    let personal = fact.personal.known();
    let says = |said: fn(&ReceivedPersonal) -> &str| {
        personal.is_some_and(|personal| has_words(Some(said(personal))))
    };
    match field {
        IntakeField::ExternalRef => fact.external_ref.is_some(),
        IntakeField::Name => personal.is_some_and(|personal| has_words(personal.name.as_deref())),
        IntakeField::Contact => personal.is_some_and(is_reachable),
        IntakeField::Account => fact.customer.account.is_some(),
        IntakeField::Subject => says(|personal| &personal.subject),
        IntakeField::Description => says(|personal| &personal.description),
        IntakeField::Product => fact.product.is_some(),
        IntakeField::OrderRef => fact
            .product
            .as_ref()
            .is_some_and(|product| product.order_ref.is_some()),
        IntakeField::Occurred => fact.occurred.is_some(),
        IntakeField::Demand => fact.demand.is_some(),
        IntakeField::Language => fact.language.is_some(),
    }
}

/// Whether a reference looks like a telephone number, an e-mail address or a mainland identity number.
///
/// It becomes part of a public id, so that doubt counts against it: eleven digits that start like a mobile number of the
/// Chinese mainland, a leading `+` with eight or more digits, an `@`, or seventeen digits and a check character.
pub(super) fn looks_personal(reference: &str) -> bool {
    let compact = without_separators(reference);
    let digits = compact.chars().filter(char::is_ascii_digit).count();
    let all_digits = digits == compact.len();
    let international = compact.starts_with('+') && digits >= 8 && digits + 1 == compact.len();
    let mail = reference.contains('@');
    let identity =
        compact.len() == 18 && (all_digits || (digits == 17 && compact.ends_with(['X', 'x'])));
    is_mainland_mobile(&compact) || international || mail || identity
}

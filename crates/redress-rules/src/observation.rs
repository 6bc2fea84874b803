//! What a rule looks at: one fact, and the complaint before and after it.

use redress_core::{Complaint, Event, PersonId, Recorded, Timestamp};

/// One fact of a complaint's history, and where the complaint stood before and after it.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// The fact.
    pub recorded: &'a Recorded,
    /// Where the complaint stood before.
    pub before: &'a Complaint,
    /// Where it stands after.
    pub after: &'a Complaint,
}

/// Somebody whom a fact names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// Whoever brought the fact about.
    Actor,
    /// Whoever called the customer, of a revisit.
    Agent,
    /// Whoever approved, of an extension.
    Approver,
    /// Whoever answers for the handling, after the fact.
    Lead,
    /// Whoever took the complaint in, of its receipt.
    Receiver,
    /// Whoever found the solution that stood before the fact.
    Resolver,
}

impl Person {
    /// Everybody whom a fact may name.
    pub const ALL: [Self; 6] = [
        Self::Actor,
        Self::Agent,
        Self::Approver,
        Self::Lead,
        Self::Receiver,
        Self::Resolver,
    ];

    /// The word for it in a rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Agent => "agent",
            Self::Approver => "approver",
            Self::Lead => "lead",
            Self::Receiver => "receiver",
            Self::Resolver => "resolver",
        }
    }
}

impl<'a> Observation<'a> {
    /// When the fact happened.
    pub(crate) const fn at(&self) -> Timestamp {
        self.recorded.occurred_at
    }

    pub(crate) const fn event(&self) -> &'a Event {
        &self.recorded.event
    }

    /// The person, where the fact names one.
    pub(crate) fn person(&self, person: Person) -> Option<&'a PersonId> {
        match person {
            Person::Actor => Some(&self.recorded.actor.id),
            Person::Agent => {
                if let Event::Revisited(fact) = self.event() {
                    Some(&fact.agent)
                } else {
                    None
                }
            }
            Person::Approver => {
                if let Event::Extended(fact) = self.event() {
                    Some(&fact.approved_by)
                } else {
                    None
                }
            }
            Person::Lead => self.after.lead().and_then(|lead| lead.person.as_ref()),
            Person::Receiver => {
                if let Event::Received(fact) = self.event() {
                    Some(&fact.receiver)
                } else {
                    None
                }
            }
            Person::Resolver => self.before.resolution().map(|resolution| &resolution.by),
        }
    }
}

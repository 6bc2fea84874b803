//! Who and what occurs in histories: people, departments, a category and a cause.

use redress_core::event::{Assignee, Customer, Received, ReceivedPersonal};
use redress_core::taxonomy::{Taxonomy, UNDETERMINED};
use redress_core::{
    Actor, CategoryPath, CauseCode, Channel, Complaint, ComplaintId, DepartmentId, Policy,
    SubjectId, Timestamp,
};
use uuid::Uuid;

/// The people, departments and codes that made-up histories speak of.
///
/// Two people in the same role of the same department are interchangeable: histories that differ only in their names
/// are one, and only one of them is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// Whoever acts. The customer is not among them.
    pub people: Vec<Actor>,
    /// The department that takes complaints in and handles them.
    pub desk: DepartmentId,
    /// The department that contributes.
    pub joint: DepartmentId,
    /// What the customer complains of.
    pub category: CategoryPath,
    /// Why it happened.
    pub cause: CauseCode,
}

impl Cast {
    /// Two people in every role that the policy knows, one role if it knows none, and the first department, category
    /// and cause in its order.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let mut departments = policy.departments.keys().cloned();
        let desk = departments.next().unwrap_or_else(|| built_in("desk"));
        let joint = departments.next().unwrap_or_else(|| built_in("stores"));
        let mut roles: Vec<_> = policy
            .authority
            .iter()
            .map(|one| one.role.clone())
            .collect();
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() {
            roles.push(built_in("agent"));
        }
        let names = ["ann", "bob"].into_iter();
        let people = roles.iter().flat_map(|role| {
            let desk = &desk;
            let several = roles.len() > 1;
            names.clone().map(move |name| {
                let name = if several {
                    format!("{name}.{role}")
                } else {
                    name.to_owned()
                };
                Actor::human(person(&name), role.clone(), desk.clone())
            })
        });
        Self {
            people: people.collect(),
            category: leaf(&policy.categories).unwrap_or_else(|| built_in("imported/any")),
            cause: leaf(&policy.causes).unwrap_or_else(|| built_in("imported/any")),
            joint,
            desk: desk.clone(),
        }
    }

    /// The person of this number; numbers past the last one start again.
    ///
    /// Where the cast is empty, a nameless person of the desk.
    #[must_use]
    pub fn person(&self, number: usize) -> Actor {
        let place = number.checked_rem(self.people.len());
        place
            .and_then(|place| self.people.get(place).cloned())
            .unwrap_or_else(|| {
                Actor::human(built_in("nobody"), built_in("agent"), self.desk.clone())
            })
    }

    /// Somebody of the desk who answers for a complaint.
    pub(crate) fn lead(&self, number: usize) -> Assignee {
        Assignee::person(self.desk.clone(), self.person(number).id)
    }

    /// Whether this person may act though the ones of these numbers are all that acted so far.
    pub(crate) fn may_enter(&self, number: usize, seen: u64) -> bool {
        let alike = |one: &Actor| {
            self.people.get(number).is_some_and(|other| {
                (&one.role, &one.department, one.kind)
                    == (&other.role, &other.department, other.kind)
            })
        };
        let before = self.people.iter().take(number).enumerate();
        before
            .filter(|(_, one)| alike(one))
            .all(|(place, _)| seen & bit(place) != 0)
    }

    /// A letter that tells enough for any intake of the standard policy.
    #[must_use]
    pub fn letter(&self) -> Received {
        let words = ReceivedPersonal {
            description: "包裹三天没有送到，要求退款。The parcel is three days late.".to_owned(),
            ..ReceivedPersonal::default()
        };
        let customer = Customer::anonymous(SubjectId::from_random([7; 16]));
        Received::new(
            customer,
            Channel::Email,
            self.person(0).id,
            self.desk.clone(),
            words,
        )
    }

    /// Another complaint, received and nothing else, that a history may tie itself to.
    pub(crate) fn other(&self, at: Timestamp) -> Complaint {
        let step = crate::history::Step::now(self.person(0), self.letter());
        let received = crate::history::record(
            &Policy::standard().for_history(),
            &Complaint::Absent,
            &step,
            &crate::history::Place {
                id: OTHER,
                number: 0,
                position: 0,
                at,
                target: None,
            },
        );
        received
            .ok()
            .and_then(|mut done| done.pop())
            .map_or(Complaint::Absent, |(_, after)| after)
    }
}

pub(crate) const fn bit(place: usize) -> u64 {
    if place < 64 { 1 << place } else { 0 }
}

/// The complaint that histories are about.
pub(crate) const COMPLAINT: ComplaintId = ComplaintId::new(Uuid::from_u128(1));

/// The complaint it may be a duplicate of.
pub(crate) const OTHER: ComplaintId = ComplaintId::new(Uuid::from_u128(2));

/// The first code that lies below another one; those at the top are headings.
fn leaf<T: std::str::FromStr>(tree: &Taxonomy) -> Option<T> {
    let codes = || {
        tree.iter()
            .map(|(code, _)| code)
            .filter(|code| *code != UNDETERMINED)
    };
    codes()
        .find(|code| code.contains('/'))
        .or_else(|| codes().next())?
        .parse()
        .ok()
}

fn person(name: &str) -> redress_core::PersonId {
    name.parse().unwrap_or_else(|_| built_in("somebody"))
}

/// A code written in this crate.
#[expect(
    clippy::expect_used,
    reason = "constants of this crate, exercised by every test"
)]
pub(crate) fn built_in<T: std::str::FromStr<Err = redress_core::InvalidCode>>(
    code: &'static str,
) -> T {
    code.parse().expect("a built-in code is well formed")
}

//! Which complaints are of one customer, where some rule asks which of them are repeats.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::{ComplaintId, SubjectId};
use redress_store::packed::Tracks;

use super::term::Term;
use super::watched::Watched;

/// The complaints of each customer; of nobody where no rule asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Customers(Option<BTreeMap<SubjectId, BTreeSet<ComplaintId>>>);

impl Customers {
    /// Of all complaints there are, if any of these rules asks.
    pub(super) fn asked_by(terms: &[Term], complaints: &Tracks<Watched>) -> Self {
        let mut customers = Self::default();
        if terms.iter().any(Term::asks_for_repeats) {
            customers.0 = Some(BTreeMap::new());
            for (id, watched) in complaints.iter() {
                if let Some(subject) = watched.subject() {
                    customers.add(subject, id);
                }
            }
        }
        customers
    }

    pub(super) fn add(&mut self, subject: SubjectId, complaint: ComplaintId) {
        if let Some(known) = &mut self.0 {
            known.entry(subject).or_default().insert(complaint);
        }
    }

    pub(super) fn complaints_of(&self, subject: SubjectId) -> BTreeSet<ComplaintId> {
        let known = self.0.as_ref().and_then(|known| known.get(&subject));
        known.cloned().unwrap_or_default()
    }
}

//! The view as a snapshot.

use std::collections::BTreeMap;

use redress_core::{Label, Policy, PolicyAdopted, Rulebook, Timestamp};
use redress_store::packed::Tracks;
use redress_store::snapshot::{
    Origin, Snapshot, SnapshotError, Stamp, Unfit, adopted_anew, adoptions, digest, read, write,
};
use serde::{Deserialize, Serialize};

use super::changes::Changes;
use super::customers::Customers;
use super::figures::Figures;
use super::marks::Group;
use super::term::Term;
use super::view::{AlertView, Timeline};
use super::watched::Watched;

/// What is of no complaint.
#[derive(Serialize, Deserialize)]
struct Rest {
    adopted: Vec<PolicyAdopted>,
    /// Of the rules by which complaints were judged that no adoption told.
    given: Option<[u8; 32]>,
    begun: Option<Timestamp>,
    terms: Vec<Kept>,
}

/// A term without what its rules say.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: Label,
    adoption: usize,
    until: Option<Timestamp>,
    known_from: Timestamp,
    figures: Vec<(Group, Changes)>,
}

/// Counts up whenever the view keeps something else, or folds a fact into something else, within a release.
const fn kind(timeline: Timeline) -> &'static str {
    match timeline {
        Timeline::Recorded => concat!("alerts 2 ", env!("CARGO_PKG_VERSION")),
        Timeline::Occurred => concat!("alerts-occurred 2 ", env!("CARGO_PKG_VERSION")),
    }
}

impl Snapshot for AlertView {
    fn snapshot(&self, origin: Origin) -> Result<Vec<u8>, SnapshotError> {
        let rules = self.rules();
        let stamp = Stamp::of(kind(self.timeline()), origin, self.next_position, rules);
        let rest = Rest {
            adopted: adoptions(rules)?,
            given: given(rules),
            begun: self.figures.begun,
            terms: self.figures.terms.iter().map(Kept::of).collect(),
        };
        write(&stamp, &self.complaints, &rest)
    }

    fn restore(
        &mut self,
        bytes: &[u8],
        fits: &mut dyn FnMut(&Stamp) -> Result<(), Unfit>,
    ) -> Result<(), Unfit> {
        let judge = |stamp: &Stamp| {
            stamp.check(kind(self.timeline()), self.rules())?;
            fits(stamp)
        };
        let (stamp, complaints, rest): (_, Tracks<Watched>, Rest) = read(bytes, judge)?;
        let rules = adopted_anew(self.rules(), &rest.adopted)?;
        if rest.given != given(&rules) {
            return Err(Unfit::OtherRules);
        }
        let terms = rest.terms.into_iter().map(|kept| kept.under(&rules));
        let terms: Vec<Term> = terms.collect::<Option<_>>().ok_or(Unfit::Damaged)?;
        self.figures = Figures {
            timeline: self.timeline(),
            customers: Customers::asked_by(&terms, &complaints),
            rules,
            terms,
            begun: rest.begun,
        };
        self.complaints = complaints;
        self.next_position = stamp.next;
        self.last_fact = stamp.last;
        Ok(())
    }
}

/// The digest of the rules that were given, where they are those that warn.
fn given(rules: &Rulebook) -> Option<[u8; 32]> {
    let given = rules.in_force_at(Timestamp::MIN);
    rules
        .adoptions()
        .is_empty()
        .then(|| digest(&given.to_toml()))
}

impl Kept {
    fn of(term: &Term) -> Self {
        let figures = term.figures.iter();
        Self {
            name: term.name.clone(),
            adoption: term.adoption,
            until: term.until,
            known_from: term.known_from,
            figures: figures
                .map(|(group, changes)| (group.clone(), changes.clone()))
                .collect(),
        }
    }

    /// The term that it was; `None` where these rules have none such.
    fn under(self, rules: &Rulebook) -> Option<Term> {
        let (from, policy): (Timestamp, &Policy) = match rules.adoptions().get(self.adoption) {
            Some(adoption) => (adoption.in_force_from, &adoption.policy),
            None if rules.adoptions().is_empty() => {
                (Timestamp::MIN, rules.in_force_at(Timestamp::MIN))
            }
            None => return None,
        };
        let mut begun = Term::of(policy, self.adoption, (from, self.known_from));
        Some(Term {
            until: self.until,
            figures: self.figures.into_iter().collect::<BTreeMap<_, _>>(),
            ..begun.find(|term| term.name == self.name)?
        })
    }
}

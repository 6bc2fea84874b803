//! Facts about a customer's data: held, released, to be erased, and made unreadable for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{Position, SubjectId};
use crate::ledger_fact::LedgerEvent;

/// A customer's data must not be erased: a legal hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Whose.
    pub subject: SubjectId,
    /// On which legal or other basis. Never personal.
    pub basis: String,
}

/// A customer's data may be erased again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// Whose.
    pub subject: SubjectId,
    /// On which legal or other basis. Never personal.
    pub basis: String,
}

/// A customer's data are to be erased. From here on keys of theirs may be gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureRequested {
    /// Whose.
    pub subject: SubjectId,
    /// On which legal or other basis. Never personal.
    pub basis: String,
}

/// A customer's keys were destroyed: the receipt of an erasure.
///
/// It states that this ledger's key store has the keys no more. That no copy exists elsewhere it cannot show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyDestroyed {
    /// Whose.
    pub subject: SubjectId,
    /// Which keys.
    pub keys: Vec<DestroyedKey>,
}

/// A key that was destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DestroyedKey {
    /// The how manieth key of the customer.
    pub epoch: u32,
    /// The commitment to the key, in lower-case hexadecimal digits: a copy that turns up can be recognised by it.
    pub commitment: String,
}

/// How a customer's data stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custody {
    /// The basis of the legal hold that they are under.
    pub held: Option<String>,
    /// The erasure that was requested last: where that stands in the ledger, and on which basis.
    pub requested: Option<(Position, String)>,
    /// Where the receipt of that erasure stands; `None` while it is under way.
    pub receipt: Option<Position>,
    /// The keys that were destroyed, by epoch: where the receipt of each stands.
    pub destroyed: BTreeMap<u32, Position>,
}

impl Custody {
    /// The erasure that was requested and has no receipt yet.
    #[must_use]
    pub fn under_way(&self) -> Option<&(Position, String)> {
        self.requested.as_ref().filter(|_| self.receipt.is_none())
    }
}

/// How every customer's data stand of whom the ledger itself has recorded something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custodies(BTreeMap<SubjectId, Custody>);

impl Custodies {
    /// How a customer's data stand.
    #[must_use]
    pub fn of(&self, subject: SubjectId) -> Custody {
        self.0.get(&subject).cloned().unwrap_or_default()
    }

    /// Where the receipt stands that a key was destroyed.
    #[must_use]
    pub fn receipt(&self, subject: SubjectId, epoch: u32) -> Option<Position> {
        self.0.get(&subject)?.destroyed.get(&epoch).copied()
    }

    /// Every key that was destroyed: whose, and its epoch.
    pub fn destroyed(&self) -> impl Iterator<Item = (SubjectId, u32)> {
        let custodies = self.0.iter();
        custodies.flat_map(|(subject, it)| it.destroyed.keys().map(|epoch| (*subject, *epoch)))
    }

    /// Takes a fact of the ledger itself, in the order of the ledger.
    pub fn evolve(&mut self, position: Position, event: &LedgerEvent) {
        match event {
            LedgerEvent::Held(fact) => {
                self.entry(fact.subject).held = Some(fact.basis.clone());
            }
            LedgerEvent::Released(fact) => self.entry(fact.subject).held = None,
            LedgerEvent::ErasureRequested(fact) => {
                let custody = self.entry(fact.subject);
                custody.requested = Some((position, fact.basis.clone()));
                custody.receipt = None;
            }
            LedgerEvent::KeyDestroyed(fact) => {
                let custody = self.entry(fact.subject);
                custody.receipt = Some(position);
                for key in &fact.keys {
                    custody.destroyed.entry(key.epoch).or_insert(position);
                }
            }
            LedgerEvent::Refused(_) | LedgerEvent::PolicyAdopted(_) => {}
        }
    }

    fn entry(&mut self, subject: SubjectId) -> &mut Custody {
        self.0.entry(subject).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_is_under_way_until_its_receipt() {
        let subject = SubjectId::from_random([1; 16]);
        let basis = "gdpr_17".to_owned();
        let mut custodies = Custodies::default();
        let mut take = |position, event| {
            custodies.evolve(Position::new(position), &event);
            custodies.of(subject)
        };
        let held = Held {
            subject,
            basis: basis.clone(),
        };
        assert_eq!(take(1, LedgerEvent::Held(held)).held, Some(basis.clone()));
        let released = Released {
            subject,
            basis: basis.clone(),
        };
        assert_eq!(take(2, LedgerEvent::Released(released)).held, None);
        let requested = ErasureRequested {
            subject,
            basis: basis.clone(),
        };
        let custody = take(3, LedgerEvent::ErasureRequested(requested.clone()));
        assert_eq!(custody.under_way(), Some(&(Position::new(3), basis)));
        let key = DestroyedKey {
            epoch: 1,
            commitment: "00".to_owned(),
        };
        let receipt = KeyDestroyed {
            subject,
            keys: vec![key],
        };
        let custody = take(4, LedgerEvent::KeyDestroyed(receipt));
        assert_eq!(custody.under_way(), None);
        assert_eq!(custody.destroyed.get(&1), Some(&Position::new(4)));
        let custody = take(5, LedgerEvent::ErasureRequested(requested));
        assert!(custody.under_way().is_some());
        assert_eq!(custodies.receipt(subject, 1), Some(Position::new(4)));
        assert_eq!(custodies.receipt(subject, 2), None);
    }
}

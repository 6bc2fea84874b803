//! Facts about a customer's data: held, released, to be erased, and made unreadable for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{Position, Role, SubjectId};
use crate::ledger_fact::LedgerEvent;
use crate::policy::{HOLD, Policy, RELEASE};
use crate::rejection::Rejection;

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

/// What somebody wants to be decided about a customer's data, which concerns every department. That they be erased is a
/// [`Command::Erase`](crate::Command::Erase) about each of the customer's complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustodyCommand {
    /// That they are not erased.
    Hold(Held),
    /// That they may be erased again.
    Release(Released),
}

impl CustodyCommand {
    /// Its name, as rules that give authority use it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hold(_) => HOLD,
            Self::Release(_) => RELEASE,
        }
    }

    /// Decides whether somebody in a role may have it recorded.
    ///
    /// # Errors
    ///
    /// [`Rejection::NotPermitted`], [`Rejection::BasisMissing`], in this order.
    ///
    /// ```
    /// use redress_core::{CustodyCommand, Held, Policy, Rejection, SubjectId};
    ///
    /// let subject = SubjectId::from_random([7; 16]);
    /// let hold = |basis: &str| CustodyCommand::Hold(Held { subject, basis: basis.to_owned() });
    /// let (anybody, policy) = ("agent".parse()?, Policy::standard());
    /// assert!(hold("court order 17").decide(&anybody, &policy).is_ok());
    /// assert_eq!(hold(" ").decide(&anybody, &policy), Err(Rejection::BasisMissing));
    /// # Ok::<(), redress_core::InvalidCode>(())
    /// ```
    pub fn decide(self, role: &Role, policy: &Policy) -> Result<LedgerEvent, Rejection> {
        if !policy.permits_everywhere(role, self.name()) {
            return Err(Rejection::NotPermitted {
                role: role.clone(),
                command: self.name(),
            });
        }
        let basis = match &self {
            Self::Hold(fact) => &fact.basis,
            Self::Release(fact) => &fact.basis,
        };
        if basis.trim().is_empty() {
            return Err(Rejection::BasisMissing);
        }
        Ok(match self {
            Self::Hold(fact) => LedgerEvent::Held(fact),
            Self::Release(fact) => LedgerEvent::Released(fact),
        })
    }
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

//! The bytes that stand for people in stored entries, kept while many entries are read.

use std::collections::HashMap;

use redress_core::PersonId;

/// How many people are kept; with more of them, all are forgotten and met again.
const MOST: usize = 4_096;

/// What people are stored as. Each takes a hash to compute, and the same few write most of a ledger.
#[derive(Debug, Default)]
pub(super) struct Actors(HashMap<PersonId, [u8; 16]>);

impl Actors {
    /// As [`PersonId::to_bytes`].
    pub(super) fn bytes(&mut self, person: &PersonId) -> [u8; 16] {
        if let Some(bytes) = self.0.get(person) {
            return *bytes;
        }
        if self.0.len() == MOST {
            self.0.clear();
        }
        let bytes = person.to_bytes();
        self.0.insert(person.clone(), bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_people_than_are_kept_have_the_same_bytes() {
        let mut actors = Actors::default();
        for _ in 0..2 {
            for number in 0..=MOST {
                let person: PersonId = format!("person-{number}").parse().unwrap();
                assert_eq!(actors.bytes(&person), person.to_bytes());
                assert!(actors.0.len() <= MOST);
            }
        }
    }
}

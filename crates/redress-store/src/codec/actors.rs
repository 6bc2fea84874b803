//! Whoever brought facts about, as they stand in stored text, kept while many entries are read.

use std::collections::HashMap;

use redress_core::Actor;

/// How many are kept; with more of them, all are forgotten and met again.
const MOST: usize = 4_096;

/// What the texts of actors say. The same few wrote most of a ledger, and each takes a parser and a hash.
#[derive(Debug, Default)]
pub(super) struct Actors(HashMap<Box<str>, (Actor, [u8; 16])>);

impl Actors {
    /// The actor whose JSON a text begins with, and the bytes that stand for them; the text goes on behind it.
    ///
    /// `None` where there is none, or its text holds a `}` before its end.
    pub(super) fn at_start(&mut self, text: &mut &str) -> Option<(Actor, [u8; 16])> {
        let (written, rest) = text.split_at(text.find('}')?.checked_add(1)?);
        *text = rest;
        if let Some((actor, bytes)) = self.0.get(written) {
            return Some((actor.clone(), *bytes));
        }
        let actor: Actor = serde_json::from_str(written).ok()?;
        if self.0.len() == MOST {
            self.0.clear();
        }
        let known = (actor.clone(), actor.id.to_bytes());
        self.0.insert(written.into(), known.clone());
        Some(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(person: &str) -> String {
        format!(r#"{{"id":"{person}","role":"agent","kind":"human"}}"#)
    }

    #[test]
    fn more_actors_than_are_kept_are_read_the_same() {
        let mut actors = Actors::default();
        for _ in 0..2 {
            for number in 0..=MOST {
                let person = format!("person-{number}");
                let text = format!("{},7", written(&person));
                let mut rest = text.as_str();
                let (actor, bytes) = actors.at_start(&mut rest).unwrap();
                assert_eq!((actor.id.as_str(), rest), (person.as_str(), ",7"));
                assert_eq!(bytes, actor.id.to_bytes());
                assert!(actors.0.len() <= MOST);
            }
        }
    }

    #[test]
    fn what_is_no_actor_is_left_to_others() {
        let mut actors = Actors::default();
        for text in ["", "7", r#"{"id":"a"}"#, &written("a}b"), &written(" ")] {
            assert!(actors.at_start(&mut &*text).is_none(), "{text}");
        }
    }
}

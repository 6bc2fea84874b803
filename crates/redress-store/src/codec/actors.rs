//! Whoever brought facts about, as they stand in stored text, kept while many entries are read.

use hashbrown::{DefaultHashBuilder, HashMap};
use redress_core::Actor;

/// How many are kept; with more of them, all are forgotten and met again.
const MOST: usize = 4_096;

/// What the texts of actors say, by the bytes that stand for them. The same few wrote most of a ledger, and each takes a
/// parser.
#[derive(Debug, Default)]
pub(super) struct Actors(HashMap<[u8; 16], (Box<str>, Actor), DefaultHashBuilder>);

impl Actors {
    /// The actor whose JSON a text begins with, where these bytes stand for them; the text goes on behind it.
    ///
    /// `None` where there is none or another one, or their text holds a `}` before its end.
    pub(super) fn at_start(&mut self, bytes: [u8; 16], text: &mut &str) -> Option<Actor> {
        if let Some((written, actor)) = self.0.get(&bytes)
            && let Some(rest) = text.strip_prefix(&**written)
        {
            *text = rest;
            return Some(actor.clone());
        }
        let (written, rest) = text.split_at(text.find('}')?.checked_add(1)?);
        let actor: Actor = serde_json::from_str(written).ok()?;
        if actor.id.to_bytes() != bytes {
            return None;
        }
        if self.0.len() == MOST {
            self.0.clear();
        }
        self.0.insert(bytes, (written.into(), actor.clone()));
        *text = rest;
        Some(actor)
    }
}

#[cfg(test)]
mod tests {
    use redress_core::PersonId;

    use super::*;

    fn written(person: &str, role: &str) -> String {
        format!(r#"{{"id":"{person}","role":"{role}","kind":"human"}}"#)
    }

    fn bytes(person: &str) -> [u8; 16] {
        PersonId::new(person).unwrap().to_bytes()
    }

    #[track_caller]
    fn check(actors: &mut Actors, person: &str, role: &str) {
        let text = format!("{},7", written(person, role));
        let mut rest = text.as_str();
        let actor = actors.at_start(bytes(person), &mut rest).unwrap();
        assert_eq!((actor.id.as_str(), rest), (person, ",7"));
        assert_eq!(actor.role.as_str(), role);
    }

    #[test]
    fn more_actors_than_are_kept_are_read_the_same() {
        let mut actors = Actors::default();
        for _ in 0..2 {
            for number in 0..=MOST {
                check(&mut actors, &format!("person-{number}"), "agent");
                assert!(actors.0.len() <= MOST);
            }
        }
    }

    #[test]
    fn one_person_in_two_roles_is_read_as_each() {
        let mut actors = Actors::default();
        for role in ["agent", "agent", "supervisor", "agent"] {
            check(&mut actors, "li.na", role);
        }
    }

    #[test]
    fn what_is_no_actor_is_left_to_others() {
        let mut actors = Actors::default();
        for text in [
            "",
            "7",
            r#"{"id":"a"}"#,
            &written("a}b", "agent"),
            &written(" ", "agent"),
        ] {
            assert!(actors.at_start(bytes("a"), &mut &*text).is_none(), "{text}");
        }
        let other = written("b", "agent");
        assert!(actors.at_start(bytes("a"), &mut &*other).is_none());
        assert!(actors.at_start(bytes("b"), &mut &*other).is_some());
        assert!(actors.at_start(bytes("a"), &mut &*other).is_none());
    }
}

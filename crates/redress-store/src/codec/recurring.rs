//! Facts that are written word for word as others were, kept while many entries are read.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use redress_core::{Event, EventType};

/// How many are kept; with more of them, all are forgotten and met again.
const MOST: usize = 4_096;

/// How many texts that were met once are remembered, by a hash of each.
const MET: usize = 1_024;

/// What texts of facts say. Most notes, assignments and closings of a ledger are like one of a few before them, and to copy
/// one takes a fraction of what a parser takes.
///
/// A text is kept when it comes again, so that those that come once, such as whatever names a customer or an instant, cost
/// no more than a hash.
#[derive(Debug, Default)]
pub(super) struct Recurring {
    hasher: DefaultHashBuilder,
    facts: HashTable<(Box<str>, Event)>,
    met: Vec<u64>,
}

impl Recurring {
    /// The fact of this kind in a text, without personal parts, which `read` takes from it where it is not kept.
    ///
    /// # Errors
    ///
    /// Those of `read`.
    pub(super) fn get<E>(
        &mut self,
        kind: EventType,
        text: &str,
        read: impl FnOnce() -> Result<Event, E>,
    ) -> Result<Event, E> {
        let hash = self.hasher.hash_one((kind, text));
        let is_same =
            |(written, event): &(Box<str>, Event)| event.event_type() == kind && **written == *text;
        if let Some((_, event)) = self.facts.find(hash, is_same) {
            return Ok(event.clone());
        }
        let event = read()?;
        if self.was_met(hash) {
            self.keep(hash, text, &event);
        }
        Ok(event)
    }

    /// Whether a text with this hash was met before, as far as that is remembered; from now on it was.
    fn was_met(&mut self, hash: u64) -> bool {
        self.met.resize(MET, 0);
        let place = usize::try_from(hash).unwrap_or_default() % MET;
        (self.met.get_mut(place)).is_some_and(|met| std::mem::replace(met, hash) == hash)
    }

    fn keep(&mut self, hash: u64, text: &str, event: &Event) {
        if self.facts.len() == MOST {
            self.facts.clear();
        }
        let hasher = &self.hasher;
        let kept = (text.into(), event.clone());
        (self.facts).insert_unique(hash, kept, |(written, event)| {
            hasher.hash_one((event.event_type(), &**written))
        });
    }
}

#[cfg(test)]
mod tests {
    use redress_core::Label;
    use redress_core::event::{CloseReason, Closed};

    use super::*;

    fn closed(ground: &str) -> Event {
        let ground: Label = ground.parse().unwrap();
        Closed::new(CloseReason::Refused { ground }).into()
    }

    /// How often the text was read.
    fn count(recurring: &mut Recurring, texts: &[String]) -> usize {
        let mut reads = 0;
        for text in texts {
            let event = recurring.get(EventType::Closed, text, || {
                reads += 1;
                Ok::<_, ()>(closed(text))
            });
            assert_eq!(event, Ok(closed(text)));
        }
        reads
    }

    #[test]
    fn a_text_is_read_twice_and_then_kept() {
        let mut recurring = Recurring::default();
        let texts = vec!["late".to_owned(); 5];
        assert_eq!(count(&mut recurring, &texts), 2);
    }

    #[test]
    fn what_comes_once_is_not_kept_and_more_than_are_kept_are_read_the_same() {
        let mut recurring = Recurring::default();
        let texts: Vec<_> = (0..2 * MOST).map(|number| format!("g{number}")).collect();
        assert_eq!(count(&mut recurring, &texts), texts.len());
        assert!(recurring.facts.is_empty());
        for text in &texts {
            count(&mut recurring, &vec![text.clone(); 3]);
            assert!(recurring.facts.len() <= MOST);
        }
        assert!(!recurring.facts.is_empty());
        assert!(recurring.met.len() <= MET);
    }

    #[test]
    fn the_same_text_of_another_kind_is_another_fact() {
        let mut recurring = Recurring::default();
        count(&mut recurring, &vec!["late".to_owned(); 3]);
        let other = recurring.get(EventType::Reopened, "late", || Err("read"));
        assert_eq!(other, Err("read"));
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        let mut recurring = Recurring::default();
        for _ in 0..3 {
            let failed = recurring.get(EventType::Closed, "late", || Err("damaged"));
            assert_eq!(failed, Err("damaged"));
        }
        assert!(recurring.facts.is_empty());
    }
}

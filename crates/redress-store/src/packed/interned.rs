//! Values that recur, each kept once and named by a number.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Damaged;

/// Values that recur, each kept once; a value's number is its place. Written as a list.
#[derive(Clone)]
pub struct Interned<T> {
    values: Vec<T>,
    places: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<T: Eq + Hash> Interned<T> {
    /// The number of a value, which is kept if it is new.
    pub fn number<Q>(&mut self, value: &Q) -> usize
    where
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
        T: std::borrow::Borrow<Q>,
    {
        let Self {
            values,
            places,
            hasher,
        } = self;
        let hash = hasher.hash_one(value);
        let same = |place: &usize| {
            values
                .get(*place)
                .is_some_and(|known| known.borrow() == value)
        };
        if let Some(place) = places.find(hash, same) {
            return *place;
        }
        let place = values.len();
        values.push(value.to_owned());
        places.insert_unique(hash, place, |place| {
            values
                .get(*place)
                .map_or(0, |known| hasher.hash_one(known.borrow()))
        });
        place
    }

    /// The value of a number.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when no value has it.
    pub fn value(&self, number: usize) -> Result<&T, Damaged> {
        self.values.get(number).ok_or(Damaged)
    }

    /// Every value, in the order of their numbers.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

impl<T: Eq + Hash + Clone> FromIterator<T> for Interned<T> {
    /// A value that comes twice has the number of the first; the list is then not one that was written.
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut interned = Self::default();
        for value in values {
            interned.number(&value);
        }
        interned
    }
}

/// How many values there are, not which: they may be many.
impl<T> std::fmt::Debug for Interned<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interned")
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl<T: Serialize> Serialize for Interned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de> + Eq + Hash + Clone> Deserialize<'de> for Interned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<T>::deserialize(deserializer)?;
        let count = values.len();
        let interned: Self = values.into_iter().collect();
        if interned.values.len() == count {
            Ok(interned)
        } else {
            Err(serde::de::Error::custom("a value stands twice"))
        }
    }
}

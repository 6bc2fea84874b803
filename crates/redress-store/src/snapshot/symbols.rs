//! Values that recur (departments, people, classes, limits) are written once, as JSON, and pointed to by number.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{SnapshotError, Unfit};

/// The values written so far.
#[derive(Default)]
pub(super) struct Symbols {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Symbols {
    /// The number of a value, which is written if it is new.
    pub(super) fn number(&mut self, value: &impl Serialize) -> Result<u32, SnapshotError> {
        let text =
            serde_json::to_string(value).map_err(|error| SnapshotError(error.to_string()))?;
        if let Some(number) = self.numbers.get(&text) {
            return Ok(*number);
        }
        let number = u32::try_from(self.texts.len())
            .map_err(|_| SnapshotError("there are too many different values".to_owned()))?;
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        Ok(number)
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

/// Values of one type that were read already, by number.
pub(super) struct Known<T>(HashMap<u32, T>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: DeserializeOwned + Clone> Known<T> {
    /// The value of a number. It is parsed once; copies share what can be shared.
    pub(super) fn value(&mut self, texts: &Texts<'_>, number: u32) -> Result<T, Unfit> {
        if let Some(value) = self.0.get(&number) {
            return Ok(value.clone());
        }
        let value: T = texts.value(number)?;
        self.0.insert(number, value.clone());
        Ok(value)
    }
}

/// The values of a snapshot, by number.
pub(super) struct Texts<'a>(pub(super) &'a rkyv::vec::ArchivedVec<rkyv::string::ArchivedString>);

impl Texts<'_> {
    /// The value of a number, for values that seldom recur.
    pub(super) fn value<T: DeserializeOwned>(&self, number: u32) -> Result<T, Unfit> {
        let index = usize::try_from(number).map_err(|_| Unfit::Damaged)?;
        let text = self.0.get(index).ok_or(Unfit::Damaged)?;
        serde_json::from_str(text).map_err(|_| Unfit::Damaged)
    }
}

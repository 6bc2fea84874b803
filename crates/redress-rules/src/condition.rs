//! A condition on a fact: a field, and what it must be.

use crate::field::{Domain, Field, Reading};
use crate::observation::Observation;

/// A condition on a fact. What is not known fulfils none, not even that it is something else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    field: Field,
    test: Test,
}

/// What a field must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// This word; of a path, this or below it.
    Is(String),
    /// Another word.
    IsNot(String),
    /// This number.
    Exactly(u32),
    /// This number or more.
    AtLeast(u32),
    /// This number or less.
    AtMost(u32),
}

/// A condition that no fact could ever be tested by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCondition {
    /// The field has words, and a number was asked for; or the other way round.
    #[error("`{field}` is {}", if *.number { "a number: write `is`, `at least` or `at most` and a whole number" } else { "a word: write `is` or `is not` and the word" })]
    OtherDomain {
        /// The field.
        field: &'static str,
        /// Whether it is a number.
        number: bool,
    },
    /// The field never is this word.
    #[error("`{field}` is never `{word}`; {advice}")]
    UnknownWord {
        /// The field.
        field: &'static str,
        /// The word.
        word: String,
        /// What to write instead.
        advice: String,
    },
    /// A code is empty, or holds what does not belong in one.
    #[error("`{field}` is a code, and what was written {fault}")]
    InvalidCode {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        fault: redress_core::InvalidCode,
    },
}

impl Condition {
    /// Checks and takes a condition.
    ///
    /// ```
    /// use redress_rules::{Condition, Field, Test};
    ///
    /// assert!(Condition::new(Field::Upheld, Test::Is("partly".into())).is_ok());
    /// let wrong = Condition::new(Field::Upheld, Test::Is("party".into())).unwrap_err();
    /// assert_eq!(wrong.to_string(), "`upheld` is never `party`; did you mean `partly`?");
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidCondition`], the first that applies in the order of its variants.
    pub fn new(field: Field, test: Test) -> Result<Self, InvalidCondition> {
        let domain = field.domain();
        let word = match &test {
            Test::Is(word) | Test::IsNot(word) => Some(word),
            Test::Exactly(_) | Test::AtLeast(_) | Test::AtMost(_) => None,
        };
        let wrong = InvalidCondition::OtherDomain {
            field: field.name(),
            number: domain == Domain::Number,
        };
        match (domain, word) {
            (Domain::Number, None) => {}
            (Domain::Number, Some(_)) | (_, None) => return Err(wrong),
            (Domain::Words(words), Some(word)) if !words.contains(&word.as_str()) => {
                return Err(InvalidCondition::UnknownWord {
                    field: field.name(),
                    word: word.clone(),
                    advice: redress_core::policy::advice(word, words.iter().copied()),
                });
            }
            (Domain::Words(_), Some(_)) => {}
            (Domain::Code | Domain::Path, Some(word)) => {
                redress_core::CategoryPath::new(word.as_str())
                    .map(drop)
                    .or_else(|fault| match domain {
                        // A code may hold a `/` at an end; only a path may not.
                        Domain::Code => redress_core::Label::new(word.as_str()).map(drop),
                        Domain::Path | Domain::Number | Domain::Words(_) => Err(fault),
                    })
                    .map_err(|fault| InvalidCondition::InvalidCode {
                        field: field.name(),
                        fault,
                    })?;
            }
        }
        Ok(Self { field, test })
    }

    /// What it asks.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// What the answer must be.
    #[must_use]
    pub const fn test(&self) -> &Test {
        &self.test
    }

    pub(crate) fn holds(&self, seen: &Observation<'_>) -> bool {
        let Some(reading) = self.field.read(seen) else {
            return false;
        };
        match (&self.test, reading) {
            (Test::Is(wanted), Reading::Word(word)) => self.names(wanted, &word),
            (Test::IsNot(unwanted), Reading::Word(word)) => !self.names(unwanted, &word),
            (Test::Exactly(wanted), Reading::Number(number)) => number == *wanted,
            (Test::AtLeast(least), Reading::Number(number)) => number >= *least,
            (Test::AtMost(most), Reading::Number(number)) => number <= *most,
            (Test::Is(_) | Test::IsNot(_), Reading::Number(_))
            | (Test::Exactly(_) | Test::AtLeast(_) | Test::AtMost(_), Reading::Word(_)) => false,
        }
    }

    fn names(&self, wanted: &str, word: &str) -> bool {
        match self.field.domain() {
            Domain::Path => word
                .strip_prefix(wanted)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Domain::Words(_) | Domain::Code | Domain::Number => word == wanted,
        }
    }

    /// Whether no fact can fulfil both.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        if self.field != other.field || self.field.domain() == Domain::Path {
            return false;
        }
        match (&self.test, &other.test) {
            (Test::Is(one), Test::Is(two)) => one != two,
            (Test::Is(one), Test::IsNot(two)) | (Test::IsNot(one), Test::Is(two)) => one == two,
            (Test::Exactly(one), Test::Exactly(two)) => one != two,
            (Test::AtLeast(least), Test::AtMost(most) | Test::Exactly(most))
            | (Test::AtMost(most) | Test::Exactly(most), Test::AtLeast(least)) => most < least,
            (Test::AtMost(most), Test::Exactly(number))
            | (Test::Exactly(number), Test::AtMost(most)) => most < number,
            (Test::IsNot(_), Test::IsNot(_))
            | (Test::AtLeast(_), Test::AtLeast(_))
            | (Test::AtMost(_), Test::AtMost(_))
            | (
                Test::Is(_) | Test::IsNot(_),
                Test::Exactly(_) | Test::AtLeast(_) | Test::AtMost(_),
            )
            | (
                Test::Exactly(_) | Test::AtLeast(_) | Test::AtMost(_),
                Test::Is(_) | Test::IsNot(_),
            ) => false,
        }
    }
}

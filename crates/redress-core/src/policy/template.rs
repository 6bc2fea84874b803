//! Prepared words to customers, and filling their places with values.

use std::collections::BTreeMap;
use std::fmt;

use crate::event::Channel;
use crate::language::{Language, Name};

/// Prepared words to customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Through these channels; none for every channel.
    pub channels: Vec<Channel>,
    /// The words, with places for values such as `{complaint}`.
    pub text: Name,
}

impl Template {
    /// The words in a language, with a value in each place.
    ///
    /// Values are taken as they are: what looks like a place inside a value stays as it is.
    ///
    /// # Errors
    ///
    /// [`MissingValue`] for the first place that has none, so that no letter leaves with a hole in it.
    ///
    /// ```
    /// use redress_core::policy::{Placeholder, Template, Values};
    /// use redress_core::{Language, Name};
    ///
    /// let text = Name {
    ///     zh_cn: "您的投诉 {complaint} 已受理。".into(),
    ///     en: "We have received your complaint {complaint}.".into(),
    /// };
    /// let template = Template { channels: vec![], text };
    /// let values = Values::new().with(Placeholder::Complaint, "2026-17");
    /// assert_eq!(template.fill(Language::Chinese, &values)?, "您的投诉 2026-17 已受理。");
    ///
    /// let missing = template.fill(Language::English, &Values::new()).unwrap_err();
    /// assert_eq!(missing.place, "complaint");
    /// # Ok::<(), redress_core::policy::MissingValue>(())
    /// ```
    pub fn fill(&self, language: Language, values: &Values) -> Result<String, MissingValue> {
        let mut filled = String::new();
        for piece in pieces(self.text.in_language(language)) {
            filled.push_str(match piece {
                Piece::Words(words) | Piece::LoneBrace(words) => words,
                Piece::Place(name) => Placeholder::named(name)
                    .and_then(|place| values.get(place))
                    .ok_or_else(|| MissingValue {
                        place: name.to_owned(),
                    })?,
            });
        }
        Ok(filled)
    }
}

/// A part of prepared words.
pub(super) enum Piece<'a> {
    /// Words, as they are.
    Words(&'a str),
    /// The name of a place.
    Place(&'a str),
    /// A brace that belongs to no place. No policy file has one.
    LoneBrace(&'a str),
}

/// Takes prepared words apart.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (words, brace) = rest.split_at(at);
        pieces.push(Piece::Words(words));
        let place = brace
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'));
        rest = match place {
            Some((name, after)) => {
                pieces.push(Piece::Place(name));
                after
            }
            None => {
                let (lone, after) = brace.split_at(1);
                pieces.push(Piece::LoneBrace(lone));
                after
            }
        };
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// A place for a value in a [`Template`], written in braces such as `{complaint}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Placeholder {
    /// What the complaint is about: the name of its category.
    Category,
    /// The id of the complaint.
    Complaint,
    /// The customer's name.
    Customer,
    /// The department that leads the handling, or took the complaint in while none does.
    Department,
    /// Until when the next step is due that the customer waits for.
    Due,
    /// The reference outside.
    ExternalRef,
    /// The product or service.
    Product,
    /// Until when an answer was promised.
    PromisedBy,
    /// When the complaint was received.
    ReceivedAt,
    /// What the customer gets.
    Remedies,
    /// The solution in words.
    Solution,
    /// The matter in a line.
    Subject,
}

impl Placeholder {
    /// Every place there can be.
    pub const ALL: [Self; 12] = [
        Self::Category,
        Self::Complaint,
        Self::Customer,
        Self::Department,
        Self::Due,
        Self::ExternalRef,
        Self::Product,
        Self::PromisedBy,
        Self::ReceivedAt,
        Self::Remedies,
        Self::Solution,
        Self::Subject,
    ];

    /// Its name, as it stands between the braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Complaint => "complaint",
            Self::Customer => "customer",
            Self::Department => "department",
            Self::Due => "due",
            Self::ExternalRef => "external_ref",
            Self::Product => "product",
            Self::PromisedBy => "promised_by",
            Self::ReceivedAt => "received_at",
            Self::Remedies => "remedies",
            Self::Solution => "solution",
            Self::Subject => "subject",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }

    /// Why a complaint may have no value for it.
    const fn absence(self) -> &'static str {
        match self {
            Self::Category => "the complaint is not classified yet",
            Self::Customer => "the customer's name was not recorded, or was erased",
            Self::Due => "no limit runs for what the customer waits for",
            Self::ExternalRef => "the complaint has no reference outside",
            Self::Product => "no product was recorded",
            Self::PromisedBy => "no promise is open",
            Self::Remedies | Self::Solution => {
                "no solution with these words stands, or they were erased"
            }
            Self::Subject => "the matter was not recorded in a line, or was erased",
            Self::Complaint | Self::Department | Self::ReceivedAt => {
                "the complaint was not received"
            }
        }
    }
}

/// The values for the places of a [`Template`]. They may tell who somebody is: `Debug` shows none of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Placeholder, String>);

impl Values {
    /// No value for any place.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The same, with a value for a place. A blank text is no value.
    #[must_use]
    pub fn with(mut self, place: Placeholder, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.trim().is_empty() {
            self.0.insert(place, value);
        }
        self
    }

    /// The value for a place.
    #[must_use]
    pub fn get(&self, place: Placeholder) -> Option<&str> {
        self.0.get(&place).map(String::as_str)
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values for ")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A place has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingValue {
    /// The name of the place.
    pub place: String,
}

impl std::error::Error for MissingValue {}

impl fmt::Display for MissingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = Placeholder::named(&self.place).map_or(
            "no complaint has a value of this name",
            Placeholder::absence,
        );
        let place = &self.place;
        write!(
            f,
            "there is no value for `{{{place}}}`: {why}; record it, or take a template without this place"
        )
    }
}

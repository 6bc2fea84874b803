//! `Closed`, `Reopened` and `Erased`: the end, the way back, and the tombstone of personal data.

use serde::{Deserialize, Serialize};

use crate::id::{ComplaintId, Label, SubjectId};
use crate::personal::{Personal, redacted};

/// The complaint was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Why.
    pub reason: CloseReason,
    /// More about it.
    #[serde(skip)]
    pub personal: Personal<ClosingNote>,
}

impl Closed {
    /// Closed for this reason, with nothing to add.
    #[must_use]
    pub const fn new(reason: CloseReason) -> Self {
        Self {
            reason,
            personal: Personal::Withheld,
        }
    }
}

/// Why a complaint was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CloseReason {
    /// The customer is content.
    Satisfied,
    /// The customer took it back.
    Withdrawn,
    /// It is no complaint that can be handled here.
    Refused {
        /// On which ground.
        ground: Label,
    },
    /// The same matter is handled under another number.
    Duplicate {
        /// That one.
        of: ComplaintId,
    },
    /// The customer could not be reached for a revisit.
    Unreachable,
    /// The organisation has said its last word; the customer is not content.
    FinalPosition,
    /// The revisit was waived.
    Waived,
}

/// More about a closing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingNote {
    /// The note.
    pub note: String,
}

redacted!(ClosingNote);

/// A closed complaint was opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopened {
    /// Why. Never personal.
    pub reason: String,
    /// Who wanted it.
    pub requested_by: Requester,
}

/// Who wanted a complaint opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requester {
    /// The customer.
    Customer,
    /// A department of the organisation.
    Organisation,
    /// An authority or a third party.
    Authority,
    /// The record does not say.
    Unrecorded,
}

/// The customer's personal data were erased: what this complaint still shows of them is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// Whose.
    pub subject: SubjectId,
    /// On which legal or other basis. Never personal.
    pub basis: String,
}

//! `Noted`: a step of the handling was written down.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::Evidence;
use crate::id::{DepartmentId, Label};
use crate::personal::{Personal, redacted};

/// A step of the handling was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// What kind of step.
    pub kind: NoteKind,
    /// What supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The words.
    #[serde(skip)]
    pub personal: Personal<NoteText>,
}

impl Noted {
    /// See [`Event::moves_state`](crate::Event::moves_state): a finished part stops the clock of that part.
    pub(crate) const fn moves_state(&self) -> bool {
        matches!(self.kind, NoteKind::Contribution { .. })
    }
}

/// What kind of step was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NoteKind {
    /// Looking into the matter.
    Investigation,
    /// Talking about a solution with the customer.
    Negotiation,
    /// Talking among departments.
    Coordination,
    /// A joint department's part.
    Contribution {
        /// Whose part.
        department: DepartmentId,
        /// It is finished; otherwise it was waived.
        done: bool,
    },
    /// For colleagues only.
    Internal,
    /// What another system had recorded about the complaint, kept as it was. Never personal.
    SourceRecord {
        /// That system.
        system: Label,
        /// Its field names and values.
        facts: BTreeMap<String, String>,
    },
}

/// The words of a note.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteText {
    /// The note.
    pub text: String,
}

redacted!(NoteText);

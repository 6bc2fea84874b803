//! `Revisited`: the customer was asked, after the result, how it went 回访.

use serde::{Deserialize, Serialize};

use crate::event::Channel;
use crate::id::{Label, PersonId};
use crate::personal::{Personal, redacted};

/// The customer was asked, after the result, how it went, or could not be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revisited {
    /// Which attempt after this result it was, from 1.
    pub attempt: u32,
    /// By which channel.
    pub method: Channel,
    /// Who asked.
    pub agent: PersonId,
    /// What came of it.
    pub outcome: RevisitOutcome,
    /// What the customer suggested.
    #[serde(skip)]
    pub personal: Personal<RevisitNote>,
}

/// What came of a revisit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RevisitOutcome {
    /// Nobody was reached.
    NotReached {
        /// Why. Never personal.
        why: String,
    },
    /// The customer answered.
    Reached {
        /// Content with the result?
        result: Satisfaction,
        /// Content with the handling?
        process: Satisfaction,
        /// A mark from 1 to 5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<u8>,
        /// Something is still wrong.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        residual_problem: bool,
        /// Would recommend the organisation, from 0 to 10.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        would_recommend: Option<u8>,
        /// The survey it was part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        survey: Option<Label>,
    },
}

/// How content a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// Content.
    Satisfied,
    /// Neither.
    Neutral,
    /// Not content.
    Dissatisfied,
}

/// What a customer suggested in a revisit.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevisitNote {
    /// The suggestion.
    pub suggestion: String,
}

redacted!(RevisitNote);

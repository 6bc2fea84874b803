//! `Feedback`: something was said to the customer, or by them.

use serde::{Deserialize, Serialize};

use crate::event::{Channel, Form};
use crate::id::Label;
use crate::personal::{Personal, redacted};
use crate::time::Timestamp;

/// Something was said to the customer, or by them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// What was said, in kind.
    pub kind: FeedbackKind,
    /// Through which channel.
    pub channel: Channel,
    /// Spoken or written.
    pub form: Form,
    /// The template it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Label>,
    /// Until when an answer was promised in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<Timestamp>,
    /// A program sent it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automated: bool,
    /// What the customer thinks of the handling, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The words.
    #[serde(skip)]
    pub personal: Personal<FeedbackText>,
}

impl Feedback {
    /// Words by a person, through a channel.
    #[must_use]
    pub fn new(kind: FeedbackKind, channel: Channel, content: impl Into<String>) -> Self {
        Self {
            kind,
            channel,
            form: if channel == Channel::PhoneHotline || channel == Channel::FrontDesk {
                Form::Oral
            } else {
                Form::Written
            },
            template: None,
            promised_by: None,
            automated: false,
            verdict: None,
            personal: Personal::Known(FeedbackText {
                content: content.into(),
                opinion: None,
            }),
        }
    }

    /// See [`Event::moves_state`](crate::Event::moves_state).
    pub(crate) const fn moves_state(&self) -> bool {
        match self.kind {
            FeedbackKind::Result | FeedbackKind::CustomerReply => true,
            FeedbackKind::Acknowledgement | FeedbackKind::Progress => false,
        }
    }

    /// Whether it goes from the organisation to the customer.
    #[must_use]
    pub const fn is_outbound(&self) -> bool {
        match self.kind {
            FeedbackKind::Acknowledgement | FeedbackKind::Progress | FeedbackKind::Result => true,
            FeedbackKind::CustomerReply => false,
        }
    }
}

/// What was said, in kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// "We have received your complaint."
    Acknowledgement,
    /// "This is how far we are."
    Progress,
    /// "This is the result."
    Result,
    /// What the customer answered, or asked.
    CustomerReply,
}

/// What a customer thinks of the handling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Content.
    Satisfied,
    /// Neither.
    Neutral,
    /// Not content.
    Dissatisfied,
    /// Takes the solution.
    Accepted,
    /// Does not take it.
    Rejected,
}

/// The words of a feedback.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedbackText {
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// What the customer added of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
}

redacted!(FeedbackText);

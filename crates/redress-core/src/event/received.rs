//! `Received`: a complaint arrived.

use serde::{Deserialize, Serialize};

use crate::event::{Nature, Priority};
use crate::id::{DepartmentId, ExternalRef, Label, PersonId, ProductCode, SubjectId};
use crate::intake::Warning;
use crate::personal::{Personal, redacted};
use crate::time::Timestamp;

/// A complaint arrived: who, how, about what, and what is asked for.
///
/// Start from [`Received::new`] and set what else is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The reference under which the sender or another system knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<ExternalRef>,
    /// The customer, without anything that tells who it is.
    pub customer: Customer,
    /// Through which channel it came.
    pub channel: Channel,
    /// Which line, app, site or platform of that channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_detail: Option<Label>,
    /// From the customer directly, or through a third party.
    pub source: Source,
    /// Spoken or written.
    pub form: Form,
    /// Who took it in; a program where it was taken in automatically.
    pub receiver: PersonId,
    /// The department that took it in.
    pub intake_department: DepartmentId,
    /// Photographs, recordings, documents: where they are and what their digest is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The product or service it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Product>,
    /// When the thing complained of happened; where it happened is personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred: Option<Occurrence>,
    /// What the customer wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Demand>,
    /// How the customer felt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotion: Option<Emotion>,
    /// The departments and members of staff complained about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complained_about: Vec<ComplainedAbout>,
    /// A first judgement at intake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<InitialAssessment>,
    /// What calls for special care.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The customer's language (BCP 47), such as `zh-CN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Label>,
    /// Free labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Label>,
    /// What the checks flagged when it was taken in, each once and in order. Computed: what a command says here is replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The customer's words and whatever tells who they are.
    #[serde(skip)]
    pub personal: Personal<ReceivedPersonal>,
}

impl Received {
    /// A complaint with what every intake must say; everything else is unset.
    #[must_use]
    pub fn new(
        customer: Customer,
        channel: Channel,
        receiver: PersonId,
        intake_department: DepartmentId,
        personal: ReceivedPersonal,
    ) -> Self {
        Self {
            external_ref: None,
            customer,
            channel,
            channel_detail: None,
            source: if channel == Channel::ThirdParty {
                Source::External
            } else {
                Source::Internal
            },
            form: if channel == Channel::PhoneHotline || channel == Channel::FrontDesk {
                Form::Oral
            } else {
                Form::Written
            },
            receiver,
            intake_department,
            evidence: Vec::new(),
            product: None,
            occurred: None,
            demand: None,
            emotion: None,
            complained_about: Vec::new(),
            initial: None,
            flags: Vec::new(),
            language: None,
            tags: Vec::new(),
            warnings: Vec::new(),
            personal: Personal::Known(personal),
        }
    }
}

/// A customer, without anything that tells who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The pseudonym under which the customer's complaints belong together.
    pub subject: SubjectId,
    /// The organisation's own account number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Label>,
    /// How the customer wants to be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_contact: Option<Channel>,
    /// The customer does not want to be known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
}

impl Customer {
    /// A customer of whom the pseudonym alone is known.
    #[must_use]
    pub const fn new(subject: SubjectId) -> Self {
        Self {
            subject,
            account: None,
            preferred_contact: None,
            anonymous: false,
        }
    }

    /// A customer who does not want to be known.
    #[must_use]
    pub const fn anonymous(subject: SubjectId) -> Self {
        Self {
            subject,
            account: None,
            preferred_contact: None,
            anonymous: true,
        }
    }
}

/// What of a receipt tells who somebody is, and the customer's own words.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedPersonal {
    /// The customer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the customer can be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// For whom the complaint is made, if not for oneself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// The matter in a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The matter in the customer's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What each piece of evidence shows, in the order of `evidence`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
    /// Where the thing complained of happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// One way to reach a customer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What kind of address `value` is.
    pub kind: ContactKind,
    /// The number or address.
    pub value: String,
}

redacted!(ReceivedPersonal, Contact);

/// What kind of address a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A name in an app or a social network.
    Handle,
    /// A postal address.
    Post,
}

/// A channel through which people complain and are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A telephone line.
    PhoneHotline,
    /// E-mail.
    Email,
    /// Online service or instant messaging.
    OnlineService,
    /// A social network.
    SocialMedia,
    /// A mobile app.
    MobileApp,
    /// A web site.
    Website,
    /// A counter or an outlet.
    FrontDesk,
    /// A voice menu or an online form without staff.
    SelfService,
    /// A platform, a consumer organisation, an authority or the press.
    ThirdParty,
    /// A text message.
    Sms,
    /// A letter.
    Post,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 11] = [
        Self::PhoneHotline,
        Self::Email,
        Self::OnlineService,
        Self::SocialMedia,
        Self::MobileApp,
        Self::Website,
        Self::FrontDesk,
        Self::SelfService,
        Self::ThirdParty,
        Self::Sms,
        Self::Post,
    ];

    /// The code that stands for it in stored text.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PhoneHotline => "phone_hotline",
            Self::Email => "email",
            Self::OnlineService => "online_service",
            Self::SocialMedia => "social_media",
            Self::MobileApp => "mobile_app",
            Self::Website => "website",
            Self::FrontDesk => "front_desk",
            Self::SelfService => "self_service",
            Self::ThirdParty => "third_party",
            Self::Sms => "sms",
            Self::Post => "post",
        }
    }
}

/// Where a complaint comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From the customer to the organisation.
    Internal,
    /// Through a platform, an authority, the press or a consumer organisation.
    External,
}

/// In which form something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Spoken.
    Oral,
    /// Written.
    Written,
}

/// A file that supports the complaint; the file itself is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where the file is.
    pub uri: String,
    /// What kind of file it is, such as `image/jpeg`.
    pub media_type: String,
    /// The SHA-256 of its bytes.
    pub sha256: Sha256Hex,
}

/// A SHA-256 digest as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Hex(String);

/// A text that is no SHA-256 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no SHA-256 digest of 64 lower-case hexadecimal digits")]
pub struct InvalidDigest;

impl TryFrom<String> for Sha256Hex {
    type Error = InvalidDigest;

    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(hex) {
            Ok(Self(text))
        } else {
            Err(InvalidDigest)
        }
    }
}

impl From<Sha256Hex> for String {
    fn from(digest: Sha256Hex) -> String {
        digest.0
    }
}

/// The product or service complained about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// The product.
    pub code: ProductCode,
    /// Its model or part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Label>,
    /// Its batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Label>,
    /// The order or policy under which it was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_ref: Option<Label>,
}

/// When the thing complained of happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occurrence {
    /// The instant, as far as it is known.
    pub time: Timestamp,
}

/// What a customer wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Whether to solve, to prevent or to be told.
    pub kind: DemandKind,
    /// The remedies asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies_sought: Vec<crate::event::RemedyKind>,
}

/// What kind of answer a customer wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandKind {
    /// Mend this case.
    Solve,
    /// See that it does not happen again.
    Prevent,
    /// Take note and answer.
    Inform,
}

/// How a customer felt while complaining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emotion {
    /// Calm.
    Calm,
    /// Worried.
    Anxious,
    /// Let down.
    Disappointed,
    /// Angry.
    Angry,
}

/// Whom a complaint is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplainedAbout {
    /// A department.
    Department(DepartmentId),
    /// A member of staff, who therefore must not handle it.
    Person(PersonId),
}

/// A first judgement at intake, before classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InitialAssessment {
    /// The nature of the problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// How urgent it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// What calls for special care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The customer is vulnerable.
    Vulnerable,
    /// The matter may spread in public.
    PublicityRisk,
    /// Several customers complain together.
    Group,
}

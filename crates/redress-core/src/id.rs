//! Names of things: ids, codes, positions, versions and other small numbers.
//!
//! Codes are public text chosen by an organisation (a department, a category). They
//! travel in the public part of a fact, so they must never hold personal data; what
//! a code may look like is checked when it is made, and again when it is read back.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text cannot be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCode {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// More than [`MAX_CODE_CHARS`] characters.
    #[error("is longer than {MAX_CODE_CHARS} characters")]
    TooLong,
    /// White space at either end, where two codes that look alike would differ.
    #[error("starts or ends with white space")]
    Padded,
    /// A control character or one that reorders text on a screen.
    #[error("holds a control or text-direction character")]
    Control,
}

/// The longest code, in characters.
pub const MAX_CODE_CHARS: usize = 200;

fn check_code(text: &str) -> Result<(), InvalidCode> {
    // Most codes are plain ASCII, and a replay reads millions of them.
    if (1..=MAX_CODE_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(());
    }
    if text.trim().is_empty() {
        return Err(InvalidCode::Empty);
    }
    if text.len() > MAX_CODE_CHARS && text.chars().count() > MAX_CODE_CHARS {
        return Err(InvalidCode::TooLong);
    }
    if text.trim() != text {
        return Err(InvalidCode::Padded);
    }
    if text.chars().any(is_unprintable) {
        return Err(InvalidCode::Control);
    }
    Ok(())
}

/// Whether a character steers a terminal or the direction of text instead of being read.
///
/// Covers the C0 and C1 controls, the bidirectional marks, embeddings, overrides and isolates
/// (Unicode Standard Annex #9) and the byte order mark.
///
/// ```
/// use redress_core::id::is_unprintable;
///
/// assert!(is_unprintable('\u{202e}'));
/// assert!(!is_unprintable('退'));
/// ```
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Stored as its text.
macro_rules! text_serde {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::deserialize(deserializer)
            }
        }
    };
}

// The text of a code is shared among its copies: a complaint holds the same few codes many times over.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and takes the text.
            ///
            /// # Errors
            ///
            /// [`InvalidCode`], the first that applies in the order of its variants.
            pub fn new(text: impl Into<Arc<str>>) -> Result<Self, InvalidCode> {
                let text = text.into();
                check_code(&text)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidCode;

            fn try_from(text: String) -> Result<Self, InvalidCode> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.as_str().to_owned()
            }
        }

        text_serde!($name);

        impl std::str::FromStr for $name {
            type Err = InvalidCode;

            fn from_str(text: &str) -> Result<Self, InvalidCode> {
                Self::new(text)
            }
        }
    };
}

code! {
    /// A department of the organisation, such as `logistics`.
    DepartmentId
}
code! {
    /// A member of staff or a program, by an id of the organisation's own; never a name.
    PersonId
}
code! {
    /// What a person may do in the process, such as `agent` or `supervisor`.
    Role
}
code! {
    /// A root cause in the cause tree, such as `service/slow_response`.
    CauseCode
}
code! {
    /// A product or service, by the organisation's own code.
    ProductCode
}
code! {
    /// A reference under which another system or body knows the complaint.
    ///
    /// It becomes part of a public id, so it must not be a phone number, an e-mail address or an identity number.
    ExternalRef
}
code! {
    /// A short public label, such as a tag, a template, an account number or a ground.
    Label
}

/// Where a category stands in the category tree: codes joined by `/`, such as `delivery/late`.
///
/// ```
/// use redress_core::CategoryPath;
///
/// let late: CategoryPath = "delivery/late".parse()?;
/// assert_eq!(late.root(), "delivery");
/// assert!(late.is_within("delivery"));
/// assert!(!late.is_within("deli"));
/// # Ok::<(), redress_core::InvalidCode>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryPath(Arc<str>);

text_serde!(CategoryPath);

impl CategoryPath {
    /// Checks and takes the path; every step between two `/` must be a code.
    ///
    /// # Errors
    ///
    /// [`InvalidCode`], the first that applies in the order of its variants.
    pub fn new(path: impl Into<Arc<str>>) -> Result<Self, InvalidCode> {
        let path = path.into();
        check_code(&path)?;
        path.split('/').try_for_each(check_code)?;
        Ok(Self(path))
    }

    /// The whole path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first step of the path.
    #[must_use]
    pub fn root(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }

    /// Whether this is `ancestor` or lies below it.
    #[must_use]
    pub fn is_within(&self, ancestor: &str) -> bool {
        is_path_within(&self.0, ancestor)
    }
}

/// Whether `path` is `ancestor` or lies below it, step by step.
#[must_use]
pub(crate) fn is_path_within(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl fmt::Debug for CategoryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for CategoryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for CategoryPath {
    type Error = InvalidCode;

    fn try_from(path: String) -> Result<Self, InvalidCode> {
        Self::new(path)
    }
}

impl From<CategoryPath> for String {
    fn from(path: CategoryPath) -> String {
        path.as_str().to_owned()
    }
}

impl std::str::FromStr for CategoryPath {
    type Err = InvalidCode;

    fn from_str(path: &str) -> Result<Self, InvalidCode> {
        Self::new(path)
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes an id made elsewhere.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The id itself.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// A complaint; also the id of its stream.
    ComplaintId
}
uuid_id! {
    /// An improvement action; also the id of its stream.
    ActionId
}
uuid_id! {
    /// One recorded fact.
    EventId
}
uuid_id! {
    /// One wish of a caller. Sending it twice records it once.
    CommandId
}
uuid_id! {
    /// A customer, by a pseudonym: random, never a name, a number or a hash of one.
    SubjectId
}
uuid_id! {
    /// What belongs together across streams, or the command or event that led to this one.
    TraceId
}

/// The name space of ids that redress derives (UUID version 5, RFC 9562).
const NAMESPACE: Uuid = Uuid::from_u128(0x7e6f_2a0d_51c4_4d0b_9a3c_8f1d_62b7_e504);

#[expect(
    clippy::expect_used,
    reason = "constants of this crate, exercised by tests"
)]
/// A code that stands in the source of this crate.
pub(crate) fn built_in<T: std::str::FromStr<Err = InvalidCode>>(code: &'static str) -> T {
    code.parse().expect("a built-in code is well formed")
}

/// The id that follows from a name: a word for what it is, then the values, with a zero byte between them.
pub(crate) fn derived(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

impl ComplaintId {
    /// The id of a complaint that already has a reference outside.
    ///
    /// The same letter received twice is the same stream, so taking it in is idempotent by construction.
    ///
    /// ```
    /// use redress_core::{Channel, ComplaintId, ExternalRef};
    ///
    /// let letter: ExternalRef = "2026-000123".parse()?;
    /// assert_eq!(
    ///     ComplaintId::derived(Channel::Email, &letter),
    ///     ComplaintId::derived(Channel::Email, &letter),
    /// );
    /// # Ok::<(), redress_core::InvalidCode>(())
    /// ```
    #[must_use]
    pub fn derived(channel: crate::Channel, external_ref: &ExternalRef) -> Self {
        let name = format!("complaint\0{}\0{external_ref}", channel.code());
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// The id of a complaint taken over from another system, under the reference it has there.
    ///
    /// References of different systems may be alike; their complaints are not the same.
    #[must_use]
    pub fn of_source(system: &str, external_ref: &ExternalRef) -> Self {
        let name = format!("source\0{system}\0{external_ref}");
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// A new id, ordered by the time it was made (UUID version 7): the caller brings clock and randomness.
    #[must_use]
    pub fn from_parts(now: crate::Timestamp, random: [u8; 10]) -> Self {
        Self(uuid_v7(now, random))
    }
}

impl ActionId {
    /// A new id, ordered by the time it was made (UUID version 7): the caller brings clock and randomness.
    #[must_use]
    pub fn from_parts(now: crate::Timestamp, random: [u8; 10]) -> Self {
        Self(uuid_v7(now, random))
    }

    /// The id of the action that a warning opens: the same warning, raised at the same instant, opens one.
    ///
    /// How grave it is does not matter: a warning may become graver while it stands.
    #[must_use]
    pub fn of_alert(alert: &crate::action::Alert) -> Self {
        let group = alert.group.as_ref().map_or("", Label::as_str);
        let name = format!("action\0{}\0{group}\0{}", alert.rule, alert.raised_at);
        Self(derived(&name))
    }
}

impl CommandId {
    /// A new id, ordered by the time it was made (UUID version 7): the caller brings clock and randomness.
    #[must_use]
    pub fn from_parts(now: crate::Timestamp, random: [u8; 10]) -> Self {
        Self(uuid_v7(now, random))
    }

    /// The id of the command that opens an action whose own id is derived, the same each time.
    #[must_use]
    pub fn opening(action: ActionId) -> Self {
        Self(derived(&format!("command\0{action}\0open_action")))
    }

    /// The id of a command that follows from a complaint and a name, the same each time.
    #[must_use]
    pub fn derived(complaint: ComplaintId, name: &str) -> Self {
        let name = format!("command\0{complaint}\0{name}");
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }
}

impl EventId {
    /// The id of the `index`-th fact that a command led to, the same each time.
    #[must_use]
    pub fn derived(command: CommandId, index: usize) -> Self {
        let name = format!("event\0{command}\0{index}");
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }
}

impl SubjectId {
    /// A pseudonym built from random bytes (UUID version 4).
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(random).into_uuid())
    }

    /// The pseudonym that stands for a pseudonym of another system.
    ///
    /// Only for values that are pseudonyms already: this is a hash, and a hash of a name or a
    /// telephone number can be guessed.
    #[must_use]
    pub fn of_foreign_pseudonym(system: &str, pseudonym: &str) -> Self {
        let name = format!("subject\0{system}\0{pseudonym}");
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }
}

impl PersonId {
    /// The sixteen bytes that stand for this person in the stored entry.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 16] {
        let name = format!("person\0{}", self.0);
        Uuid::new_v5(&NAMESPACE, name.as_bytes()).into_bytes()
    }
}

fn uuid_v7(now: crate::Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.as_micros().div_euclid(1000)).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty), first = $first:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($inner);

        impl $name {
            /// The first one.
            pub const FIRST: Self = Self($first);

            /// Takes the number.
            #[must_use]
            pub const fn new(number: $inner) -> Self {
                Self(number)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> $inner {
                self.0
            }

            /// The one after this; the largest number has no successor and stays.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

number! {
    /// Where an entry stands in the one global order of a ledger: gapless, from 0.
    Position(u64), first = 0
}
number! {
    /// Where an entry stands in its stream: gapless, from 1.
    Version(u64), first = 1
}
number! {
    /// How often the handling has begun: 1 at receipt, one more at each dissatisfaction or reopening.
    Cycle(u32), first = 1
}
number! {
    /// How often the complaint has been assigned: 1 at the first assignment.
    Epoch(u32), first = 1
}
number! {
    /// How high the complaint has been escalated: 0 is not at all.
    Level(u8), first = 0
}

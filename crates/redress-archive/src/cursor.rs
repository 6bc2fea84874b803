//! Where a list of hits goes on.

use std::fmt;
use std::str::FromStr;

use redress_core::{ComplaintId, Timestamp};
use uuid::Uuid;

/// Where a list of hits goes on: a place in the order of one query, not a number of hits.
///
/// What is recorded meanwhile neither shifts the list nor shows a hit twice, unless it changes where that very hit stands.
/// A cursor goes with the query it came from, whatever its limit; another query refuses it. As text it is a word of
/// hexadecimal digits.
///
/// It carries the instant that the query reads clocks at, so that the next page can be asked for with the same
/// [`Moment`](crate::Moment): see [`Cursor::at`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The digest of the query.
    pub(crate) query: Uuid,
    /// What the order goes by first.
    pub(crate) key: i64,
    pub(crate) received_at: Timestamp,
    pub(crate) id: ComplaintId,
    /// When the query reads clocks.
    pub(crate) at: Option<Timestamp>,
}

impl Cursor {
    /// The instant that the query reads clocks at; none where it reads no clocks.
    #[must_use]
    pub const fn at(&self) -> Option<Timestamp> {
        self.at
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no cursor; take the one that came with the last hit as it is")]
pub struct InvalidCursor;

/// Two ids of sixteen bytes, two numbers of eight: a cursor without an instant.
const BYTES: usize = 48;
/// A cursor with one, of eight bytes more.
const BYTES_WITH_INSTANT: usize = BYTES + 8;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [
            self.query.as_bytes().as_slice(),
            &self.key.to_be_bytes(),
            &self.received_at.as_micros().to_be_bytes(),
            &self.id.as_uuid().into_bytes(),
        ]
        .concat();
        let at = self.at.map(|at| at.as_micros().to_be_bytes());
        let mut bytes = bytes.iter().chain(at.iter().flatten());
        bytes.try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let bytes = bytes(text).ok_or(InvalidCursor)?;
        let (query, rest) = bytes.split_first_chunk::<16>().ok_or(InvalidCursor)?;
        let (key, rest) = rest.split_first_chunk::<8>().ok_or(InvalidCursor)?;
        let (received_at, rest) = rest.split_first_chunk::<8>().ok_or(InvalidCursor)?;
        let (id, rest) = rest.split_first_chunk::<16>().ok_or(InvalidCursor)?;
        let at = match rest {
            [] => None,
            instant => Some(instant.try_into().map_err(|_| InvalidCursor)?),
        };
        let instant = |bytes| Timestamp::from_micros(i64::from_be_bytes(bytes));
        Ok(Self {
            query: Uuid::from_bytes(*query),
            key: i64::from_be_bytes(*key),
            received_at: instant(*received_at).map_err(|_| InvalidCursor)?,
            id: ComplaintId::new(Uuid::from_bytes(*id)),
            at: at.map(instant).transpose().map_err(|_| InvalidCursor)?,
        })
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let length = digits.len() / 2;
    let is_known = digits.len().is_multiple_of(2) && [BYTES, BYTES_WITH_INSTANT].contains(&length);
    if !is_known || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    (0..length)
        .map(|place| u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok())
        .collect()
}

//! The number of a complaint in the archive, and numbers as SQLite keeps them.

use redress_core::{Position, Timestamp, Version};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value};

use crate::error::ArchiveError;

/// The number of a complaint: the position of the fact by which it arrived.
///
/// A fact is numbered by complaint and version, and a piece of text by complaint, version and field, in one whole number: so
/// a time line lies in one piece, and the full-text index alone tells whose words it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(i64);

/// How many bits of a piece's number tell the field, and the field with the version.
const FIELD_BITS: u32 = 3;
pub(crate) const PIECE_BITS: u32 = 27;
const MAX_NUMBER: i64 = i64::MAX >> PIECE_BITS;
const MAX_VERSION: i64 = (1 << (PIECE_BITS - FIELD_BITS)) - 1;

impl Number {
    /// The number of a complaint that arrives at this position.
    pub(crate) fn at(position: Position) -> Result<Self, ArchiveError> {
        Self::of_row(to_integer(position.get())?)
    }

    /// A number that was read.
    pub(crate) fn of_row(number: i64) -> Result<Self, ArchiveError> {
        if (0..=MAX_NUMBER).contains(&number) {
            Ok(Self(number))
        } else {
            Err(ArchiveError::too_far())
        }
    }

    /// The number of a fact of this complaint.
    pub(crate) fn fact(self, version: Version) -> Result<i64, ArchiveError> {
        self.piece(version, 0)
    }

    /// The number of a piece of this complaint's text.
    pub(crate) fn piece(self, version: Version, field: u8) -> Result<i64, ArchiveError> {
        let version = to_integer(version.get())?;
        if version > MAX_VERSION {
            return Err(ArchiveError::too_far());
        }
        Ok(self.0 << PIECE_BITS | version << FIELD_BITS | i64::from(field))
    }

    /// The numbers that facts of this complaint and pieces of its text can have, first and last.
    pub(crate) const fn pieces(self) -> (i64, i64) {
        let first = self.0 << PIECE_BITS;
        (first, first | ((1 << PIECE_BITS) - 1))
    }

    /// The number of the complaint that a piece belongs to.
    pub(crate) fn of_piece(piece: i64) -> Result<Self, ArchiveError> {
        Self::of_row(piece >> PIECE_BITS)
    }

    pub(crate) const fn get(self) -> i64 {
        self.0
    }
}

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        number.0.into()
    }
}

/// The version and the field in the number of a piece.
pub(crate) fn of_piece(piece: i64) -> (Version, u8) {
    let version = (piece >> FIELD_BITS) & MAX_VERSION;
    let version = u64::try_from(version).unwrap_or_default();
    (
        Version::new(version),
        u8::try_from(piece & 7).unwrap_or_default(),
    )
}

/// SQLite knows signed numbers only.
pub(crate) fn to_integer(number: u64) -> Result<i64, ArchiveError> {
    i64::try_from(number).map_err(|_| ArchiveError::too_far())
}

pub(crate) fn from_integer(number: i64) -> Result<u64, ArchiveError> {
    u64::try_from(number).map_err(|_| ArchiveError::damaged())
}

pub(crate) fn timestamp(micros: i64) -> Result<Timestamp, ArchiveError> {
    Timestamp::from_micros(micros).map_err(|_| ArchiveError::damaged())
}

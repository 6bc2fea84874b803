//! How a complaint is packed: what is its own apart from the shape that it shares with others.
//!
//! ```text
//! packed   head | instants | symbols | shape or its number | own
//! head     varint (8 * number of instants + 2 * unit + 1 where it is settled)
//! instants the first since 1970, then each since the one before it; varints with sign, in units
//! symbols  varint of how many, then their numbers, in the order of first use
//! shape    varint 0, its length, its bytes; or its number + 1 among those that settled complaints have
//! own      bytes and numbers that no other complaint is likely to have
//! ```
//!
//! A shape names instants and symbols by their place in the complaint's own lists. So two complaints that went the same
//! way, at other times and with other people, have the same shape, and a settled one points to it.

use std::any::TypeId;
use std::hash::Hash;

use redress_core::Timestamp;

use super::Damaged;
use super::interned::Interned;
use super::varint::{put, take, unzigzag, zigzag};

/// Microseconds in which instants may be told: whole minutes, seconds, milliseconds, microseconds.
const UNITS: [i64; 4] = [1, 1_000, 1_000_000, 60_000_000];

/// The shapes of settled complaints.
pub(super) type Shapes = Interned<Vec<u8>>;

/// Packs what it is told.
#[derive(Debug, Default)]
pub struct Packer {
    instants: Vec<i64>,
    symbols: Vec<(TypeId, usize)>,
    shape: Vec<u8>,
    own: Vec<u8>,
}

impl Packer {
    /// A number that many complaints have here.
    pub fn number(&mut self, number: u64) {
        put(&mut self.shape, number);
    }

    /// So many things follow.
    pub fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// Up to 64 answers.
    pub fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        let bits = flags
            .into_iter()
            .rev()
            .fold(0, |bits, flag| bits << 1 | u64::from(flag));
        self.number(bits);
    }

    /// A value of an enumeration.
    pub fn code<T: Eq + Hash + Clone>(&mut self, known: &mut Interned<T>, value: &T) {
        let number = known.number(value);
        self.count(number);
    }

    /// A value that recurs in this complaint and in others.
    pub fn symbol<T: Eq + Hash + Clone + 'static>(&mut self, known: &mut Interned<T>, value: &T) {
        let symbol = (TypeId::of::<T>(), known.number(value));
        let place = place_of(&mut self.symbols, symbol);
        self.count(place);
    }

    /// An instant.
    pub fn time(&mut self, at: Timestamp) {
        let place = place_of(&mut self.instants, at.as_micros());
        self.count(place);
    }

    /// Bytes of this complaint alone.
    pub fn own_bytes(&mut self, bytes: &[u8; 16]) {
        self.own.extend_from_slice(bytes);
    }

    /// A number of this complaint alone.
    pub fn own_number(&mut self, number: i64) {
        put(&mut self.own, zigzag(number));
    }

    /// A value that may be missing.
    pub fn optional<T>(&mut self, value: Option<T>, pack: impl FnOnce(T, &mut Self)) {
        self.flags([value.is_some()]);
        if let Some(value) = value {
            pack(value, self);
        }
    }

    /// A list.
    pub fn all<T>(&mut self, values: &[T], mut pack: impl FnMut(&T, &mut Self)) {
        self.count(values.len());
        for value in values {
            pack(value, self);
        }
    }

    /// Writes what was told, and is ready for the next. The shape of a settled complaint is likely to recur.
    pub(super) fn finish(&mut self, is_settled: bool, shapes: &mut Shapes, to: &mut Vec<u8>) {
        let is_whole = |unit: &usize| self.instants.iter().all(|at| at % UNITS[*unit] == 0);
        let unit = (0..UNITS.len()).rev().find(is_whole).unwrap_or(0);
        let head = (self.instants.len() as u64) << 3 | (unit as u64) << 1 | u64::from(is_settled);
        put(to, head);
        let mut before = 0;
        for at in &self.instants {
            let at = at / UNITS[unit];
            put(to, zigzag(at - before));
            before = at;
        }
        put(to, self.symbols.len() as u64);
        for (_, number) in &self.symbols {
            put(to, *number as u64);
        }
        if is_settled {
            put(to, 1 + shapes.number(&self.shape) as u64);
        } else {
            put(to, 0);
            put(to, self.shape.len() as u64);
            to.extend_from_slice(&self.shape);
        }
        to.extend_from_slice(&self.own);
        self.instants.clear();
        self.symbols.clear();
        self.shape.clear();
        self.own.clear();
    }
}

/// Where a value stands in a short list, at whose end it is put if it is new.
fn place_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    let known = list.iter().position(|known| *known == value);
    known.unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

/// Reads what a [`Packer`] was told, in the same order.
#[derive(Debug, Default)]
pub struct Unpacker<'a> {
    instants: Vec<Timestamp>,
    symbols: Vec<usize>,
    shape: &'a [u8],
    own: &'a [u8],
}

impl<'a> Unpacker<'a> {
    /// Begins to read a complaint.
    pub(super) fn begin(&mut self, mut bytes: &'a [u8], shapes: &'a Shapes) -> Result<(), Damaged> {
        self.instants.clear();
        instants(&mut bytes, |at| self.instants.push(at))?;
        self.symbols.clear();
        for _ in 0..take(&mut bytes)? {
            self.symbols.push(place(take(&mut bytes)?)?);
        }
        self.shape = match take(&mut bytes)?.checked_sub(1) {
            Some(number) => shapes.value(place(number)?)?,
            None => {
                let length = place(take(&mut bytes)?)?;
                bytes.split_off(..length).ok_or(Damaged)?
            }
        };
        self.own = bytes;
        Ok(())
    }

    /// Whether all of it was read.
    pub(super) const fn is_over(&self) -> bool {
        self.shape.is_empty() && self.own.is_empty()
    }

    /// See [`Packer::number`].
    ///
    /// # Errors
    ///
    /// [`Damaged`] when something else stands here, here and below.
    pub fn number(&mut self) -> Result<u64, Damaged> {
        take(&mut self.shape)
    }

    /// See [`Packer::count`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn count(&mut self) -> Result<usize, Damaged> {
        self.small()
    }

    /// A number that has to fit a narrower type.
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Damaged> {
        self.number()?.try_into().map_err(|_| Damaged)
    }

    /// See [`Packer::flags`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn flags<const N: usize>(&mut self) -> Result<[bool; N], Damaged> {
        let bits = self.number()?;
        Ok(std::array::from_fn(|place| bits >> place & 1 == 1))
    }

    /// See [`Packer::code`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn code<T: Eq + Hash + Copy>(&mut self, known: &Interned<T>) -> Result<T, Damaged> {
        known.value(self.count()?).copied()
    }

    /// See [`Packer::symbol`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn symbol<T: Eq + Hash + Clone>(&mut self, known: &Interned<T>) -> Result<T, Damaged> {
        let place = self.count()?;
        let number = self.symbols.get(place).ok_or(Damaged)?;
        known.value(*number).cloned()
    }

    /// See [`Packer::time`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn time(&mut self) -> Result<Timestamp, Damaged> {
        let place = self.count()?;
        self.instants.get(place).copied().ok_or(Damaged)
    }

    /// See [`Packer::own_bytes`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn own_bytes(&mut self) -> Result<[u8; 16], Damaged> {
        let (bytes, rest) = self.own.split_first_chunk().ok_or(Damaged)?;
        self.own = rest;
        Ok(*bytes)
    }

    /// See [`Packer::own_number`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn own_number(&mut self) -> Result<i64, Damaged> {
        Ok(unzigzag(take(&mut self.own)?))
    }

    /// See [`Packer::optional`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn optional<T>(
        &mut self,
        unpack: impl FnOnce(&mut Self) -> Result<T, Damaged>,
    ) -> Result<Option<T>, Damaged> {
        let [is_there] = self.flags()?;
        is_there.then(|| unpack(self)).transpose()
    }

    /// See [`Packer::all`].
    ///
    /// # Errors
    ///
    /// [`Damaged`].
    pub fn all<T>(
        &mut self,
        mut unpack: impl FnMut(&mut Self) -> Result<T, Damaged>,
    ) -> Result<Vec<T>, Damaged> {
        let count = self.count()?;
        // Each takes a byte at least: no more are made room for than can be there.
        let mut values = Vec::with_capacity(count.min(self.shape.len()));
        for _ in 0..count {
            values.push(unpack(self)?);
        }
        Ok(values)
    }
}

fn place(number: u64) -> Result<usize, Damaged> {
    usize::try_from(number).map_err(|_| Damaged)
}

/// Reads the instants off the front; whether it is settled.
fn instants(bytes: &mut &[u8], mut each: impl FnMut(Timestamp)) -> Result<bool, Damaged> {
    let head = take(bytes)?;
    let unit = UNITS[place(head >> 1 & 3)?];
    let mut at = 0_i64;
    for _ in 0..head >> 3 {
        at = at.checked_add(unzigzag(take(bytes)?)).ok_or(Damaged)?;
        let micros = at.checked_mul(unit).ok_or(Damaged)?;
        each(Timestamp::from_micros(micros).map_err(|_| Damaged)?);
    }
    Ok(head & 1 == 1)
}

/// Whether it was settled when it was packed, and none of its instants lies later than `at`.
pub(super) fn is_settled_by(mut bytes: &[u8], at: Timestamp) -> bool {
    let mut last = Timestamp::MIN;
    let is_settled = instants(&mut bytes, |instant| last = last.max(instant));
    is_settled == Ok(true) && last <= at
}

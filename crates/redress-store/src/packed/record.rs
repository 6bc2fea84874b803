//! How a complaint is packed: what is its own apart from the shape that it shares with others.
//!
//! ```text
//! packed   head | shape of an unsettled one | instants | symbols | own
//! head     varint (8 * the number of the shape among those that settled complaints have, or its length
//!                  + 2 * unit + 1 where it is settled)
//! shape    varint of how many instants | varint of how many symbols | what was told, in its order
//! instants the first since 1970, then each since the one before it; varints with sign, in units
//! symbols  their numbers, in the order of first use
//! own      bytes and numbers that no other complaint is likely to have
//! ```
//!
//! A shape names instants and symbols by their place in the complaint's own lists. So two complaints that went the same
//! way, at other times and with other people, have the same shape, and a settled one points to it. Whether a complaint can be
//! read depends on its shape, and on nothing of its own but how many values there are of each kind ([`Demands`]).

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
    told: Vec<u8>,
    own: Vec<u8>,
    /// What was told behind the counts.
    shape: Vec<u8>,
}

impl Packer {
    /// A number that many complaints have here.
    pub fn number(&mut self, number: u64) {
        put(&mut self.told, number);
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
        put(&mut self.shape, self.instants.len() as u64);
        put(&mut self.shape, self.symbols.len() as u64);
        self.shape.extend_from_slice(&self.told);
        let is_whole = |unit: &usize| self.instants.iter().all(|at| at % UNITS[*unit] == 0);
        let unit = (0..UNITS.len()).rev().find(is_whole).unwrap_or(0);
        let head = Head {
            shape: if is_settled {
                shapes.number(&self.shape)
            } else {
                self.shape.len()
            },
            unit,
            is_settled,
        };
        head.put(to);
        if !is_settled {
            to.extend_from_slice(&self.shape);
        }
        let mut before = 0;
        for at in &self.instants {
            let at = at / UNITS[unit];
            put(to, zigzag(at - before));
            before = at;
        }
        for (_, number) in &self.symbols {
            put(to, *number as u64);
        }
        to.extend_from_slice(&self.own);
        self.instants.clear();
        self.symbols.clear();
        self.told.clear();
        self.own.clear();
        self.shape.clear();
    }
}

/// What a packed complaint begins with.
struct Head {
    /// The number of its shape where it is settled, else how long that is.
    shape: usize,
    /// Which of [`UNITS`].
    unit: usize,
    is_settled: bool,
}

impl Head {
    fn put(&self, to: &mut Vec<u8>) {
        let [shape, unit] = [self.shape, self.unit].map(|number| number as u64);
        put(to, shape << 3 | unit << 1 | u64::from(self.is_settled));
    }

    fn take(from: &mut &[u8]) -> Result<Self, Damaged> {
        let head = take(from)?;
        Ok(Self {
            shape: place(head >> 3)?,
            unit: place(head >> 1 & 3)?,
            is_settled: head & 1 == 1,
        })
    }

    /// Takes the shape off the front, or where it stands among others.
    fn shape<'a>(&self, from: &mut &'a [u8], shapes: &'a Shapes) -> Result<&'a [u8], Damaged> {
        if self.is_settled {
            shapes.value(self.shape).map(Vec::as_slice)
        } else {
            from.split_off(..self.shape).ok_or(Damaged)
        }
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
    told: &'a [u8],
    own: &'a [u8],
    /// What is asked of the complaint's own values on the way, where somebody wants to know.
    demands: Option<Demands>,
}

impl<'a> Unpacker<'a> {
    /// Begins to read a complaint.
    pub(super) fn begin(&mut self, mut bytes: &'a [u8], shapes: &'a Shapes) -> Result<(), Damaged> {
        let head = Head::take(&mut bytes)?;
        let mut shape = head.shape(&mut bytes, shapes)?;
        let (count, symbols) = (take(&mut shape)?, take(&mut shape)?);
        self.instants.clear();
        instants(&mut bytes, count, head.unit, |at| self.instants.push(at))?;
        self.symbols.clear();
        for _ in 0..symbols {
            self.symbols.push(place(take(&mut bytes)?)?);
        }
        (self.told, self.own) = (shape, bytes);
        Ok(())
    }

    /// Begins to note what is asked of the complaint that was begun.
    pub(super) fn watch(&mut self) {
        self.demands = Some(Demands {
            instants: self.instants.len() as u64,
            symbols: vec![usize::MAX; self.symbols.len()],
            own: Vec::new(),
        });
    }

    /// What was asked since [`Unpacker::watch`].
    pub(super) fn demands(&mut self) -> Option<Demands> {
        self.demands.take()
    }

    /// Whether all of it was read.
    pub(super) const fn is_over(&self) -> bool {
        self.told.is_empty() && self.own.is_empty()
    }

    /// See [`Packer::number`].
    ///
    /// # Errors
    ///
    /// [`Damaged`] when something else stands here, here and below.
    pub fn number(&mut self) -> Result<u64, Damaged> {
        take(&mut self.told)
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
        if let Some(most) = (self.demands.as_mut()).and_then(|it| it.symbols.get_mut(place)) {
            *most = known.values().len().min(*most);
        }
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
        self.ask(Own::Bytes);
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
        self.ask(Own::Number);
        Ok(unzigzag(take(&mut self.own)?))
    }

    fn ask(&mut self, own: Own) {
        if let Some(demands) = &mut self.demands {
            demands.own.push(own);
        }
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
        let mut values = Vec::with_capacity(count.min(self.told.len()));
        for _ in 0..count {
            values.push(unpack(self)?);
        }
        Ok(values)
    }
}

fn place(number: u64) -> Result<usize, Damaged> {
    usize::try_from(number).map_err(|_| Damaged)
}

/// Reads the instants off the front.
fn instants(
    bytes: &mut &[u8],
    count: u64,
    unit: usize,
    mut each: impl FnMut(Timestamp),
) -> Result<(), Damaged> {
    let mut at = 0_i64;
    for _ in 0..count {
        at = at.checked_add(unzigzag(take(bytes)?)).ok_or(Damaged)?;
        let micros = at.checked_mul(UNITS[unit]).ok_or(Damaged)?;
        each(Timestamp::from_micros(micros).map_err(|_| Damaged)?);
    }
    Ok(())
}

/// Whether it was settled when it was packed, and none of its instants lies later than `at`.
pub(super) fn is_settled_by(bytes: &[u8], shapes: &Shapes, at: Timestamp) -> bool {
    last_of_settled(bytes, shapes).is_ok_and(|last| last.is_some_and(|last| last <= at))
}

/// The latest instant of a settled one.
fn last_of_settled<'a>(
    mut bytes: &'a [u8],
    shapes: &'a Shapes,
) -> Result<Option<Timestamp>, Damaged> {
    let head = Head::take(&mut bytes)?;
    if !head.is_settled {
        return Ok(None);
    }
    let count = take(&mut head.shape(&mut bytes, shapes)?)?;
    let mut last = Timestamp::MIN;
    instants(&mut bytes, count, head.unit, |at| last = last.max(at))?;
    Ok(Some(last))
}

/// The number of the shape of a settled one.
pub(super) fn shape_of_settled(mut bytes: &[u8]) -> Result<Option<usize>, Damaged> {
    let head = Head::take(&mut bytes)?;
    Ok(head.is_settled.then_some(head.shape))
}

/// What a shape asks of the values of a complaint that has it. One that meets this can be read if another one with the same
/// shape could.
#[derive(Debug)]
pub(super) struct Demands {
    instants: u64,
    /// How many values there are of the kind of each symbol.
    symbols: Vec<usize>,
    own: Vec<Own>,
}

/// What of a complaint's own is asked for.
#[derive(Clone, Copy, Debug)]
enum Own {
    Bytes,
    Number,
}

impl Demands {
    /// Checks a settled complaint of this shape.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when it cannot be read.
    pub(super) fn check(&self, mut bytes: &[u8]) -> Result<(), Damaged> {
        let head = Head::take(&mut bytes)?;
        instants(&mut bytes, self.instants, head.unit, |_| ())?;
        for most in &self.symbols {
            if place(take(&mut bytes)?)? >= *most {
                return Err(Damaged);
            }
        }
        for own in &self.own {
            match own {
                Own::Bytes => drop(bytes.split_off(..16).ok_or(Damaged)?),
                Own::Number => drop(take(&mut bytes)?),
            }
        }
        if bytes.is_empty() {
            Ok(())
        } else {
            Err(Damaged)
        }
    }
}

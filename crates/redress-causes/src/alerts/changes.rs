//! The changes of a figure, by when they come: most of them packed, the latest ones at hand.
//!
//! ```text
//! packed   change, change, .. in the order of their instants
//! change   microseconds since the one before (the first: since 1970) | above | below | unknown
//! ```
//!
//! Each is a varint of seven bits a byte, the lowest first, with ZigZag sign.

use std::collections::BTreeMap;
use std::iter::Peekable;

use redress_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// How many changes stay at hand, however few are packed.
const FEW: usize = 8;
/// And what share of the packed ones: so packing anew costs each change the same, however many there are.
const SHARE: usize = 8;

/// The changes of a figure, by when they come; none of them is nothing. Written as the packed ones in hexadecimal digits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Changes {
    packed: Packed,
    /// What comes on top of the packed ones.
    at_hand: BTreeMap<Timestamp, Amount>,
}

#[derive(Clone, Debug, Default)]
struct Packed {
    count: usize,
    bytes: Vec<u8>,
}

/// Equal where the same changes at the same instants, wherever they are kept.
impl PartialEq for Changes {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Changes {}

impl Changes {
    pub(super) fn add(&mut self, at: Timestamp, amount: Amount) {
        let change = self.at_hand.entry(at).or_default();
        *change = change.plus(amount);
        if *change == Amount::NOTHING {
            self.at_hand.remove(&at);
        }
        if self.at_hand.len() > FEW.max(self.packed.count / SHARE) {
            self.packed = self.iter().collect();
            self.at_hand.clear();
        }
    }

    /// In the order of their instants, each of which comes once.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Timestamp, Amount)> {
        let at_hand = self.at_hand.iter().map(|(at, amount)| (*at, *amount));
        let both = together(self.packed.iter(), at_hand);
        both.filter(|(_, amount)| *amount != Amount::NOTHING)
    }

    /// When the first of them comes.
    pub(super) fn begin(&self) -> Option<Timestamp> {
        self.iter().next().map(|(at, _)| at)
    }
}

/// Two lists of changes in the order of their instants as one; of an instant that stands in both, the sum.
pub(super) fn together(
    one: impl Iterator<Item = (Timestamp, Amount)>,
    other: impl Iterator<Item = (Timestamp, Amount)>,
) -> impl Iterator<Item = (Timestamp, Amount)> {
    Together {
        one: one.peekable(),
        other: other.peekable(),
    }
}

struct Together<A: Iterator, B: Iterator> {
    one: Peekable<A>,
    other: Peekable<B>,
}

impl<A, B> Iterator for Together<A, B>
where
    A: Iterator<Item = (Timestamp, Amount)>,
    B: Iterator<Item = (Timestamp, Amount)>,
{
    type Item = (Timestamp, Amount);

    fn next(&mut self) -> Option<Self::Item> {
        let (Some((one, _)), Some((other, _))) = (self.one.peek(), self.other.peek()) else {
            return self.one.next().or_else(|| self.other.next());
        };
        if one < other {
            self.one.next()
        } else if other < one {
            self.other.next()
        } else {
            let (at, amount) = self.one.next()?;
            let (_, more) = self.other.next()?;
            Some((at, amount.plus(more)))
        }
    }
}

impl Packed {
    fn iter(&self) -> Unpacked<'_> {
        Unpacked {
            rest: &self.bytes,
            micros: 0,
        }
    }
}

impl FromIterator<(Timestamp, Amount)> for Packed {
    fn from_iter<I: IntoIterator<Item = (Timestamp, Amount)>>(changes: I) -> Self {
        let mut packed = Self::default();
        let mut before = 0;
        for (at, amount) in changes {
            put(&mut packed.bytes, (at.as_micros() - before).into());
            before = at.as_micros();
            put(&mut packed.bytes, amount.above);
            put(&mut packed.bytes, amount.below);
            put(&mut packed.bytes, amount.unknown);
            packed.count += 1;
        }
        packed.bytes.shrink_to_fit();
        packed
    }
}

struct Unpacked<'a> {
    rest: &'a [u8],
    micros: i64,
}

impl Iterator for Unpacked<'_> {
    type Item = (Timestamp, Amount);

    /// Ends where the bytes are not as they were packed, too: those that were read were tried.
    fn next(&mut self) -> Option<Self::Item> {
        let since = i64::try_from(take(&mut self.rest)?).ok()?;
        self.micros = self.micros.checked_add(since)?;
        let at = Timestamp::from_micros(self.micros).ok()?;
        let amount = Amount {
            above: take(&mut self.rest)?,
            below: take(&mut self.rest)?,
            unknown: take(&mut self.rest)?,
        };
        Some((at, amount))
    }
}

fn put(to: &mut Vec<u8>, value: i128) {
    let mut number = ((value << 1) ^ (value >> 127)).cast_unsigned();
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            to.push(low & 0x7f);
            return;
        }
        to.push(low | 0x80);
    }
}

/// Takes a number off the front; none where it does not end, or exceeds 128 bits.
fn take(from: &mut &[u8]) -> Option<i128> {
    let mut number = 0_u128;
    for shift in (0..u128::BITS).step_by(7) {
        let byte = *from.split_off_first()?;
        let bits = u128::from(byte & 0x7f);
        let shifted = bits << shift;
        if shifted >> shift != bits {
            return None;
        }
        number |= shifted;
        if byte & 0x80 == 0 {
            return Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
        }
    }
    None
}

impl From<Changes> for String {
    fn from(changes: Changes) -> Self {
        let packed: Packed = changes.iter().collect();
        let digits = packed.bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
        digits.collect()
    }
}

impl TryFrom<String> for Changes {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        read(digits.as_bytes()).ok_or("the changes of a figure are damaged")
    }
}

/// The changes of these digits, if they are written as they are here.
fn read(digits: &[u8]) -> Option<Changes> {
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    let mut read = Changes::default();
    read.packed.bytes = bytes?;
    read.packed.count = read.packed.iter().count();
    let again: Packed = read.iter().collect();
    let is_ascending = read.iter().is_sorted_by(|(one, _), (next, _)| one < next);
    (is_ascending && again.bytes == read.packed.bytes).then_some(read)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(above: i128) -> Amount {
        Amount {
            above,
            below: above / 2,
            unknown: -above,
        }
    }

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).unwrap()
    }

    /// 300 µs after 1970 is 600 in ZigZag: 0xd8 0x04. One above is 2, minus one 1; nothing is 0.
    #[test]
    fn changes_are_written_as_said() {
        let mut changes = Changes::default();
        let one = Amount {
            above: 1,
            ..Amount::NOTHING
        };
        changes.add(at(300), one);
        changes.add(at(301), Amount::NOTHING.minus(one));
        assert_eq!(
            String::from(changes),
            "d8040200000201_0000".replace('_', "")
        );
    }

    #[test]
    fn what_is_not_written_here_is_not_read() {
        let long = "ff".repeat(19);
        for digits in ["0", "0g020000", "000200", "0002000002", &long] {
            assert!(Changes::try_from(digits.to_owned()).is_err(), "{digits}");
        }
        // Twice the same instant; a number that takes more bytes than it needs; a change that is none.
        for digits in ["0002000000020000", "8000020000", "00000000"] {
            assert!(Changes::try_from(digits.to_owned()).is_err(), "{digits}");
        }
        let none = Changes::try_from(String::new());
        assert_eq!(none, Ok(Changes::default()));
    }

    proptest! {
        /// Against a plain map, with instants that recur and amounts that cancel each other.
        #[test]
        fn they_are_the_sums_by_instant(
            added in prop::collection::vec((0_i64..60, -2_i128..3), 0..300),
            far in any::<bool>(),
        ) {
            let (mut changes, mut model) = (Changes::default(), BTreeMap::new());
            for (place, step) in added {
                let instant = if far { at(Timestamp::MIN.as_micros() + place * 1_000_000_007) } else { at(place) };
                let step = amount(step * i128::from(i64::MAX));
                changes.add(instant, step);
                let sum: &mut Amount = model.entry(instant).or_default();
                *sum = sum.plus(step);
                model.retain(|_, sum| *sum != Amount::NOTHING);
                prop_assert!(changes.iter().eq(model.iter().map(|(at, sum)| (*at, *sum))));
            }
            prop_assert_eq!(changes.begin(), model.keys().next().copied());
            let written = String::from(changes.clone());
            let read = Changes::try_from(written.clone()).unwrap();
            prop_assert_eq!(String::from(read.clone()), written);
            prop_assert_eq!(read, changes);
        }

        #[test]
        fn what_is_put_is_taken(value in any::<i128>()) {
            let mut bytes = Vec::new();
            put(&mut bytes, value);
            bytes.push(7);
            let mut rest = &bytes[..];
            prop_assert_eq!(take(&mut rest), Some(value));
            prop_assert_eq!(rest, [7]);
        }
    }
}

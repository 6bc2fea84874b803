//! Whole numbers in as few bytes as they need: LEB128, seven bits a byte, the lowest first, and ZigZag for signed ones
//! (Protocol Buffers, "Encoding").

use super::Damaged;

/// The most bytes that a number takes.
pub(super) const LONGEST: usize = 10;

pub(super) fn put(to: &mut Vec<u8>, mut number: u64) {
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

/// Takes a number off the front.
///
/// # Errors
///
/// [`Damaged`] when it does not end, or exceeds 64 bits.
pub(super) fn take(from: &mut &[u8]) -> Result<u64, Damaged> {
    let mut number = 0;
    for place in 0..LONGEST {
        let (byte, rest) = from.split_first().ok_or(Damaged)?;
        *from = rest;
        let bits = u64::from(byte & 0x7f);
        let shifted = bits << (7 * place);
        if shifted >> (7 * place) != bits {
            return Err(Damaged);
        }
        number |= shifted;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Damaged)
}

/// Small numbers for small values of either sign: 0, -1, 1, -2, ..
pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// Back from [`zigzag`].
pub(super) const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The examples of the Protocol Buffers documentation: 150, and the table of ZigZag.
    #[test]
    fn numbers_are_written_as_protocol_buffers_write_them() {
        let mut bytes = Vec::new();
        put(&mut bytes, 150);
        assert_eq!(bytes, [0x96, 0x01]);
        assert_eq!([0, -1, 1, -2].map(zigzag), [0, 1, 2, 3]);
        assert_eq!(zigzag(0x7fff_ffff), 0xffff_fffe);
        assert_eq!(zigzag(-0x8000_0000), 0xffff_ffff);
    }

    #[test]
    fn what_is_no_number_is_damaged() {
        for bytes in [
            &[][..],
            &[0x80],
            &[0xff; 11],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2],
        ] {
            assert!(take(&mut &*bytes).is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_put_is_taken(number in any::<u64>(), value in any::<i64>()) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            prop_assert!(bytes.len() <= LONGEST);
            bytes.push(7);
            let mut rest = &bytes[..];
            prop_assert_eq!(take(&mut rest), Ok(number));
            prop_assert_eq!(rest, [7]);
            prop_assert_eq!(unzigzag(zigzag(value)), value);
        }
    }
}

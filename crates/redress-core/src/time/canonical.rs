//! Instants in the one form in which they are written: `2026-03-02T04:00:00Z`, with three or six digits of a second at most.

use super::Timestamp;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// Reads an instant in that form; `None` for any other text, which may be an instant all the same.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let (whole, fraction) = bytes.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', rest @ ..] = whole else {
        return None;
    };
    let [h1, h2, b':', min1, min2, b':', s1, s2] = rest else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    let (hour, minute) = (number(&[*h1, *h2])?, number(&[*min1, *min2])?);
    let second = number(&[*s1, *s2])?;
    // A leap second is left to whoever knows them.
    let is_time = hour < 24 && minute < 60 && second < 60;
    if !is_time || day < 1 || day > days_of_month(year, month)? {
        return None;
    }
    let micros = match fraction {
        b"Z" => 0,
        [b'.', a, b, c, b'Z'] => number(&[*a, *b, *c])? * 1_000,
        [b'.', a, b, c, d, e, f, b'Z'] => number(&[*a, *b, *c, *d, *e, *f])?,
        _ => return None,
    };
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Timestamp::from_micros(seconds * MICROS_PER_SECOND + micros).ok()
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        Some(number * 10 + digit)
    })
}

/// `None` for what is no month.
fn days_of_month(year: i64, month: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap => Some(29),
        2 => Some(28),
        1..=12 => Some(31),
        _ => None,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; the year begins in March, so that the leap day is its last.
///
/// Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    /// As chrono reads it.
    fn slowly(text: &str) -> Option<Timestamp> {
        let instant = DateTime::parse_from_rfc3339(text).ok()?;
        Timestamp::from_micros(instant.timestamp_micros()).ok()
    }

    /// Computed by `date -u -d TEXT +%s`.
    #[test]
    fn days_that_are_known() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-03-02T04:00:00Z", 1_772_424_000),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            let micros = read(text).map(Timestamp::as_micros);
            assert_eq!(micros, Some(seconds * MICROS_PER_SECOND), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_or_of_another_form_is_left() {
        for text in [
            "",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-04-00T00:00:00Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T23:59:60Z",
            "2026-03-02T04:00:00+08:00",
            "2026-03-02 04:00:00Z",
            "2026-03-02T04:00:00.5Z",
            "2026-03-02T04:00:00.25+Z",
            "0000-03-02T04:00:00Z",
            "2026-03-02T04:00:00\u{661}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(micros in Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros(), unit in prop_oneof![Just(1), Just(1_000), Just(1_000_000)]) {
            let instant = Timestamp::from_micros(micros.div_euclid(unit) * unit).unwrap_or(Timestamp::MAX);
            prop_assert_eq!(read(&instant.to_string()), Some(instant));
        }

        #[test]
        fn it_says_nothing_else_than_chrono(text in "[0-9]{4}-[0-3][0-9]-[0-3][0-9][Tt ][0-3][0-9]:[0-7][0-9]:[0-7][0-9](\\.[0-9]{1,9})?(Z|z|[+-][0-2][0-9]:[0-5][0-9])") {
            if let Some(instant) = read(&text) {
                prop_assert_eq!(Some(instant), slowly(&text));
            }
        }
    }
}

//! Lengths of time as people write them: `3d`, `1d 12h`, `90m`.

use crate::time::Span;

const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a length: whole numbers with `d`, `h`, `m` or `s`, from large to small, each at most once.
pub(crate) fn parse(text: &str) -> Option<Span> {
    let mut units = UNITS.iter();
    let mut seconds: i64 = 0;
    for word in text.split(' ') {
        let unit = word.chars().next_back()?;
        let number = word.strip_suffix(unit)?;
        let (_, each) = units.find(|(letter, _)| *letter == unit)?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = number.parse::<i64>().ok()?.checked_mul(*each)?;
        seconds = seconds.checked_add(part)?;
    }
    seconds.checked_mul(1_000_000).map(Span::micros)
}

/// Writes a length the way it is read, in whole seconds.
pub(crate) fn write(span: Span) -> String {
    let mut left = span.as_seconds();
    let mut words = Vec::new();
    for (unit, each) in UNITS {
        if left / each > 0 {
            words.push(format!("{}{unit}", left / each));
        }
        left %= each;
    }
    if words.is_empty() {
        return "0s".to_owned();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_read_as_written() {
        assert_eq!(parse("24h"), Some(Span::hours(24)));
        assert_eq!(parse("1d 12h"), Some(Span::hours(36)));
        assert_eq!(parse("2d 30s"), Some(Span::days(2) + Span::seconds(30)));
        assert_eq!(parse("0s"), Some(Span::ZERO));
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for text in [
            "",
            " ",
            "h",
            "3",
            "3 d",
            "-1d",
            "+1d",
            "1.5d",
            "1h 1d",
            "1d 1d",
            "1d  1h",
            "1w",
            "1天",
            "9223372036854775807d",
            "106751992d",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in 0..10_000_000_000_i64) {
            let span = Span::seconds(seconds);
            prop_assert_eq!(parse(&write(span)), Some(span));
        }
    }
}

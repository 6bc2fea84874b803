//! Shares as people write them: `20%`, `0.5%`.

/// Reads a share, with at most one digit behind the point, in thousandths.
pub(crate) fn parse(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?;
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(tenth) || tenth.len() > 1 {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    whole.checked_mul(10)?.checked_add(tenth.parse().ok()?)
}

/// Writes a share the way it is read.
pub(crate) fn write(per_mille: u32) -> String {
    match per_mille % 10 {
        0 => format!("{}%", per_mille / 10),
        tenth => format!("{}.{tenth}%", per_mille / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_written() {
        for (text, per_mille) in [("20%", 200), ("0.5%", 5), ("100%", 1_000), ("0%", 0)] {
            assert_eq!(parse(text), Some(per_mille), "{text}");
            assert_eq!(write(per_mille), text);
        }
        assert_eq!(parse("20.0%"), Some(200));
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for text in [
            "",
            "%",
            "20",
            "-1%",
            ".5%",
            "5.%",
            "0.55%",
            " 5%",
            "+5%",
            "1e2%",
            "9999999999%",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

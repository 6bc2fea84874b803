//! Numbers as the C2SP formats write them: decimal digits, one spelling for each number.

/// Reads a number without sign and leading zeros; `None` for anything else.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

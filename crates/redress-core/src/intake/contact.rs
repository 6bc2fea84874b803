//! How a way to reach a customer is written.
//!
//! Only the form is judged: whether anybody answers there is not known here.

use crate::event::{Contact, ContactKind};

/// The longest e-mail address, and the longest part before the `@` (RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;
/// The longest label of a domain (RFC 1035, section 2.3.4).
const LONGEST_LABEL: usize = 63;

/// Whether a contact can be what it is said to be: a number of E.164 or a mobile number of the Chinese mainland, an
/// e-mail address, any name or postal address that is not blank.
pub(super) fn is_well_formed(contact: &Contact) -> bool {
    let value = contact.value.trim();
    match contact.kind {
        ContactKind::Phone => is_phone(value),
        ContactKind::Email => is_email(value),
        ContactKind::Handle | ContactKind::Post => !value.is_empty(),
    }
}

fn is_phone(value: &str) -> bool {
    let compact = without_separators(value);
    is_mainland_mobile(&compact) || is_e164(&compact)
}

/// A telephone number without what people write between its digits.
pub(crate) fn without_separators(number: &str) -> String {
    number
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.'))
        .collect()
}

/// Whether a number without separators is a mobile number of the Chinese mainland: eleven digits that start with 13 to 19,
/// with or without +86 or 0086.
pub(crate) fn is_mainland_mobile(compact: &str) -> bool {
    let national = compact
        .strip_prefix("+86")
        .or_else(|| compact.strip_prefix("0086"))
        .unwrap_or(compact);
    national.len() == 11 && are_digits(national) && starts_like_a_mobile(national)
}

fn starts_like_a_mobile(national: &str) -> bool {
    matches!(national.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// A `+` and up to fifteen digits (ITU-T E.164), the first of them no zero; fewer than seven reach nobody from abroad. What
/// starts like a mobile number of the mainland must be one.
fn is_e164(compact: &str) -> bool {
    let Some(digits) = compact.strip_prefix('+') else {
        return false;
    };
    let stunted_mobile = digits.strip_prefix("86").is_some_and(starts_like_a_mobile);
    (7..=15).contains(&digits.len())
        && are_digits(digits)
        && !digits.starts_with('0')
        && !stunted_mobile
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `local@domain` with a domain of two labels or more. Letters beyond ASCII may stand in both (RFC 6531); quoted local
/// parts and addresses in brackets, which no customer writes, are not taken.
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else {
        return false;
    };
    value.len() <= LONGEST_ADDRESS
        && local.len() <= LONGEST_LOCAL_PART
        && local.split('.').all(is_atom)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// A word of a local part (RFC 5322, section 3.2.3, `atext`).
fn is_atom(word: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    !word.is_empty() && word.chars().all(fits)
}

fn is_label(label: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '-';
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.chars().all(fits)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

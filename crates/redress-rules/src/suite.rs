//! The rules that are shipped.

use crate::rule::Rule;
use crate::text::parse;

/// The file of rules for the standard policy.
pub const STANDARD: &str = include_str!("../suites/standard.rules");

/// The file of rules for the numbers of the standard policy, which are those of every shipped one.
pub const LIMITS: &str = include_str!("../suites/limits.rules");

/// What the numbers of the standard policy amount to; every shipped policy keeps these rules beside the [standard] ones.
///
/// ```
/// let rules = redress_rules::limits();
/// assert!(rules.iter().any(|rule| rule.name() == "nothing_is_waived"));
/// ```
#[must_use]
#[expect(clippy::expect_used, reason = "a file of this crate, read by a test")]
pub fn limits() -> Vec<Rule> {
    parse(LIMITS, "limits").expect("the shipped rules are well formed")
}

/// The rules that the standard policy keeps, and every other one should.
///
/// ```
/// let rules = redress_rules::standard();
/// assert!(rules.iter().any(|rule| rule.name() == "four_eyes"));
/// ```
#[must_use]
#[expect(clippy::expect_used, reason = "a file of this crate, read by a test")]
pub fn standard() -> Vec<Rule> {
    parse(STANDARD, "standard").expect("the shipped rules are well formed")
}

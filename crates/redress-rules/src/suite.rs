//! The rules that are shipped.

use crate::rule::Rule;
use crate::text::parse;

/// The file of rules for the standard policy.
pub const STANDARD: &str = include_str!("../suites/standard.rules");

/// The rules that the standard policy keeps.
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

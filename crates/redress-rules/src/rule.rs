//! A rule: its name, its words, and what it demands.

use std::sync::Arc;

use crate::automaton::MOST_PATTERNS;
use crate::clause::{Clause, Limit};
use crate::monitor::Watch;
use crate::template::{Shape, Template};

/// The most a template can count to.
const MOST_TIMES: u32 = 50;

/// The deepest a clause may be nested.
pub(crate) const MOST_LEVELS: usize = 32;

/// Something that must hold of the history of each complaint.
///
/// ```
/// use redress_core::{EventType, Span};
/// use redress_rules::{Constraint, Limit, Pattern, Rule, Template};
///
/// let (received, assigned) = (Pattern::of(EventType::Received), Pattern::of(EventType::Assigned));
/// let demand = Constraint::two(Template::Response, received, assigned).within(Limit::elapsed(Span::hours(24)));
/// let rule = Rule::new("assigned", "Somebody has it within a day.", demand)?;
/// assert_eq!(rule.to_string(), "rule assigned \"Somebody has it within a day.\":\n  response(received, assigned) within 1d\n");
/// # Ok::<(), redress_rules::InvalidRule>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rule {
    name: String,
    words: String,
    clause: Clause,
    watch: Arc<Watch>,
}

/// Why something cannot be a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRule {
    /// The name is not one word.
    #[error("a rule's name is one word of small letters, digits and `_`, and begins with a letter")]
    Name,
    /// The words hold a control character.
    #[error("the words of a rule stand on one line and hold no control character")]
    Words,
    /// It is nested too deeply.
    #[error("the rule is nested more than {MOST_LEVELS} deep; make several rules of it")]
    TooDeep,
    /// A count that says nothing, or too large a one.
    #[error("`{}` cannot count to {count}; use a number from 1 to {MOST_TIMES}", .template.name())]
    Count {
        /// The template.
        template: Template,
        /// What it should count to.
        count: u32,
    },
    /// People or time are asked about where no two facts follow each other.
    #[error("`{}` speaks of no order, so neither `by` nor `within` can follow it", .0.name())]
    NoOrder(Template),
    /// A limit of no time or less.
    #[error("a limit must be longer than nothing")]
    NoTime,
    /// A template about people or time, or one that is asked anew, inside a temporal operator.
    #[error(
        "inside `next`, `always`, `eventually` and `until` there can be neither `by` nor `within` nor `anew at`; \
         put them outside, or make several rules of it"
    )]
    Inside,
    /// Too many different patterns in one formula.
    #[error(
        "one formula can speak of {MOST_PATTERNS} patterns, and this speaks of {found}; make several rules of it"
    )]
    TooManyPatterns {
        /// How many there are.
        found: usize,
    },
    /// The automaton would be too large.
    #[error("the formula is too involved to be checked; make several rules of it")]
    TooLarge,
}

impl Rule {
    /// Checks and takes a rule.
    ///
    /// # Errors
    ///
    /// [`InvalidRule`], the first that applies.
    pub fn new(
        name: impl Into<String>,
        words: impl Into<String>,
        clause: impl Into<Clause>,
    ) -> Result<Self, InvalidRule> {
        let (name, words, clause) = (name.into(), words.into(), clause.into());
        if !is_name(&name) {
            return Err(InvalidRule::Name);
        }
        if words.chars().any(redress_core::id::is_unprintable) {
            return Err(InvalidRule::Words);
        }
        if is_deeper(&clause, MOST_LEVELS) {
            return Err(InvalidRule::TooDeep);
        }
        check(&clause)?;
        let watch = Arc::new(Watch::of(&clause)?);
        Ok(Self {
            name,
            words,
            clause,
            watch,
        })
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says, for people.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What it demands.
    #[must_use]
    pub const fn clause(&self) -> &Clause {
        &self.clause
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// The time limits in it.
    #[must_use]
    pub fn limits(&self) -> Vec<&Limit> {
        fn collect<'a>(clause: &'a Clause, found: &mut Vec<&'a Limit>) {
            if let Clause::Declare(constraint) = clause {
                found.extend(&constraint.within);
            }
            for part in clause.parts() {
                collect(part, found);
            }
        }
        let mut found = Vec::new();
        collect(&self.clause, &mut found);
        found
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.words, &self.clause) == (&other.name, &other.words, &other.clause)
    }
}

impl Eq for Rule {}

pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name.len() <= redress_core::id::MAX_CODE_CHARS
}

fn is_deeper(clause: &Clause, levels: usize) -> bool {
    levels == 0
        || clause
            .parts()
            .into_iter()
            .any(|part| is_deeper(part, levels - 1))
}

fn check(clause: &Clause) -> Result<(), InvalidRule> {
    match clause {
        Clause::Declare(constraint) => {
            let template = constraint.template;
            let count = constraint.count;
            if template.shape() == Shape::Counted && !(1..=MOST_TIMES).contains(&count) {
                return Err(InvalidRule::Count { template, count });
            }
            if constraint.looks_at_pairs() && template.shape() != Shape::Ordered {
                return Err(InvalidRule::NoOrder(template));
            }
            if constraint
                .within
                .as_ref()
                .is_some_and(|limit| limit.span <= redress_core::Span::ZERO)
            {
                return Err(InvalidRule::NoTime);
            }
        }
        Clause::Next(_) | Clause::Always(_) | Clause::Eventually(_) | Clause::Until(..) => {
            if !clause.is_formula() {
                return Err(InvalidRule::Inside);
            }
        }
        Clause::Holds(_)
        | Clause::Not(_)
        | Clause::And(..)
        | Clause::Or(..)
        | Clause::Implies(..)
        | Clause::Anew(..) => {}
    }
    clause.parts().into_iter().try_for_each(check)
}

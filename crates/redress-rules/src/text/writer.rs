//! From rules to text.

use std::fmt::{self, Display, Formatter};

use redress_core::{EventType, Span};

use super::lexer::is_plain;
use super::parser::UNITS;
use crate::clause::{Clause, Constraint, Limit, Who};
use crate::condition::{Condition, Test};
use crate::pattern::Pattern;
use crate::rule::Rule;
use crate::template::Shape;

/// Writes rules the way they are read.
#[must_use]
pub fn write(rules: &[Rule]) -> String {
    let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
    rules.join("\n")
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = Quoted(self.words());
        writeln!(f, "rule {} {words}:\n  {}", self.name(), self.clause())
    }
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds(pattern) => pattern.fmt(f),
            Self::Declare(constraint) => constraint.fmt(f),
            Self::Not(one) => write!(f, "not {}", Operand(one)),
            Self::And(one, two) => write!(f, "{} and {}", Operand(one), Operand(two)),
            Self::Or(one, two) => write!(f, "{} or {}", Operand(one), Operand(two)),
            Self::Implies(one, two) => write!(f, "{} implies {}", Operand(one), Operand(two)),
            Self::Next(one) => write!(f, "next {}", Operand(one)),
            Self::Always(one) => write!(f, "always {}", Operand(one)),
            Self::Eventually(one) => write!(f, "eventually {}", Operand(one)),
            Self::Until(one, two) => write!(f, "{} until {}", Operand(one), Operand(two)),
            Self::Anew(one, at) => match **one {
                Self::Holds(_) | Self::Declare(_) => write!(f, "{one} anew at {at}"),
                Self::Not(_)
                | Self::And(..)
                | Self::Or(..)
                | Self::Implies(..)
                | Self::Next(_)
                | Self::Always(_)
                | Self::Eventually(_)
                | Self::Until(..)
                | Self::Anew(..) => write!(f, "({one}) anew at {at}"),
            },
        }
    }
}

/// A clause beside an operator: in parentheses where it has an operator of its own between two clauses.
struct Operand<'a>(&'a Clause);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Clause::And(..) | Clause::Or(..) | Clause::Implies(..) | Clause::Until(..) => {
                write!(f, "({})", self.0)
            }
            Clause::Holds(_)
            | Clause::Declare(_)
            | Clause::Not(_)
            | Clause::Next(_)
            | Clause::Always(_)
            | Clause::Eventually(_)
            | Clause::Anew(..) => self.0.fmt(f),
        }
    }
}

impl Display for Constraint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}", self.template.name(), self.first)?;
        match self.template.shape() {
            Shape::One => {}
            Shape::Counted if self.count == 1 => {}
            Shape::Counted => write!(f, ", {}", self.count)?,
            Shape::Two | Shape::Ordered => write!(f, ", {}", self.second)?,
        }
        f.write_str(")")?;
        if let Some(who) = self.who {
            write!(f, " {who}")?;
        }
        match &self.within {
            Some(limit) => write!(f, " {limit}"),
            None => Ok(()),
        }
    }
}

impl Display for Who {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let relation = if self.same { "same as" } else { "other than" };
        let (second, first) = (self.second.name(), self.first.name());
        write!(f, "by {second} {relation} {first}")
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "within {}", Length(self.span))?;
        match &self.calendar {
            Some(calendar) => write!(f, " working {}", Value(calendar.as_str())),
            None => Ok(()),
        }
    }
}

/// A length in the largest unit that leaves nothing over.
struct Length(Span);

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        let fitting = UNITS.into_iter().find(|(_, each)| micros % each == 0);
        let (unit, each) = fitting.unwrap_or(("us", 1));
        write!(f, "{}{unit}", micros / each)
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names = |wanted: bool| -> Vec<&str> {
            EventType::ALL
                .into_iter()
                .filter(|kind| self.means_kind(*kind) == wanted)
                .map(EventType::name)
                .collect()
        };
        let (meant, others) = (names(true), names(false));
        if others.is_empty() {
            f.write_str("any")?;
        } else if meant.is_empty() || others.len() < meant.len() {
            write!(f, "except {}", others.join(" | "))?;
        } else {
            f.write_str(&meant.join(" | "))?;
        }
        let conditions: Vec<String> = self.conditions().iter().map(ToString::to_string).collect();
        if conditions.is_empty() {
            return Ok(());
        }
        write!(f, "[{}]", conditions.join(", "))
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let field = self.field().name();
        match self.test() {
            Test::Is(word) => write!(f, "{field} is {}", Value(word)),
            Test::IsNot(word) => write!(f, "{field} is not {}", Value(word)),
            Test::Exactly(number) => write!(f, "{field} is {number}"),
            Test::AtLeast(number) => write!(f, "{field} is at least {number}"),
            Test::AtMost(number) => write!(f, "{field} is at most {number}"),
        }
    }
}

/// A value: in quotes where it could not be read otherwise.
struct Value<'a>(&'a str);

impl Display for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() && self.0 != "not" && self.0.chars().all(is_plain) {
            f.write_str(self.0)
        } else {
            Quoted(self.0).fmt(f)
        }
    }
}

struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let inside = self.0.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "\"{inside}\"")
    }
}

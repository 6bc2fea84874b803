//! What a rule demands: templates and temporal operators, and what combines them.

use redress_core::{Label, Span};

use crate::observation::Person;
use crate::pattern::Pattern;
use crate::template::Template;

/// What a rule demands of the history of one complaint.
///
/// The temporal operators are those of LTLf, linear temporal logic over finite traces (De Giacomo and Vardi 2013), each
/// read at a place of the history. After its last fact nothing occurs: a pattern, `next`, `eventually` and `until` do
/// not hold there, `always` does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Clause {
    /// The fact at this place is one of these.
    Holds(Pattern),
    /// A template of Declare.
    Declare(Constraint),
    /// Not this.
    Not(Box<Self>),
    /// Both.
    And(Box<Self>, Box<Self>),
    /// One of the two, or both.
    Or(Box<Self>, Box<Self>),
    /// If the first, then the second.
    Implies(Box<Self>, Box<Self>),
    /// There is a next place, and this holds there.
    Next(Box<Self>),
    /// This holds at every place from here on.
    Always(Box<Self>),
    /// This holds at some place from here on.
    Eventually(Box<Self>),
    /// The second holds at some place from here on, and the first at every place before that one.
    Until(Box<Self>, Box<Self>),
    /// The clause is asked anew from each of these facts on; each stretch must keep it by itself.
    Anew(Box<Self>, Pattern),
}

/// A template of Declare with its patterns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constraint {
    pub(crate) template: Template,
    pub(crate) first: Pattern,
    /// As `first` where the template speaks of one pattern.
    pub(crate) second: Pattern,
    pub(crate) count: u32,
    pub(crate) who: Option<Who>,
    pub(crate) within: Option<Limit>,
}

/// Who brought about the second of two facts, seen from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// The person that the second fact names.
    pub second: Person,
    /// Whether it must be the same one, or another.
    pub same: bool,
    /// The person that the first fact names.
    pub first: Person,
}

/// How much time may lie between two facts; a fact at the very end of it is in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Limit {
    /// How much.
    pub span: Span,
    /// Of which calendar's working time; `None` for every hour of the day.
    pub calendar: Option<Label>,
}

impl Who {
    /// By the same person.
    #[must_use]
    pub const fn same_as(second: Person, first: Person) -> Self {
        Self {
            second,
            same: true,
            first,
        }
    }

    /// By another person: four eyes.
    #[must_use]
    pub const fn differs_from(second: Person, first: Person) -> Self {
        Self {
            second,
            same: false,
            first,
        }
    }
}

impl Limit {
    /// So much time, day and night.
    #[must_use]
    pub const fn elapsed(span: Span) -> Self {
        Self {
            span,
            calendar: None,
        }
    }

    /// So much working time of a calendar.
    #[must_use]
    pub const fn working(span: Span, calendar: Label) -> Self {
        Self {
            span,
            calendar: Some(calendar),
        }
    }
}

impl Constraint {
    /// A template about one pattern; those that count, count to 1.
    #[must_use]
    pub fn one(template: Template, pattern: Pattern) -> Self {
        Self::two(template, pattern.clone(), pattern)
    }

    /// A template that counts.
    #[must_use]
    pub fn counted(template: Template, pattern: Pattern, count: u32) -> Self {
        Self {
            count,
            ..Self::one(template, pattern)
        }
    }

    /// A template about two patterns.
    #[must_use]
    pub const fn two(template: Template, first: Pattern, second: Pattern) -> Self {
        Self {
            template,
            first,
            second,
            count: 1,
            who: None,
            within: None,
        }
    }

    /// Only pairs of facts that these people brought about.
    #[must_use]
    pub fn by_actor(mut self, who: Who) -> Self {
        self.who = Some(who);
        self
    }

    /// Only pairs of facts with no more time between them than this.
    #[must_use]
    pub fn within(mut self, limit: Limit) -> Self {
        self.within = Some(limit);
        self
    }

    /// Whether it asks who did it or how much time lay between.
    pub(crate) const fn looks_at_pairs(&self) -> bool {
        self.who.is_some() || self.within.is_some()
    }
}

impl From<Constraint> for Clause {
    fn from(constraint: Constraint) -> Self {
        Self::Declare(constraint)
    }
}

impl From<Pattern> for Clause {
    fn from(pattern: Pattern) -> Self {
        Self::Holds(pattern)
    }
}

impl std::ops::Not for Clause {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl Clause {
    /// Both this and the other.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self::And(Box::new(self), Box::new(other.into()))
    }

    /// This or the other, or both.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self::Or(Box::new(self), Box::new(other.into()))
    }

    /// If this, then the other.
    #[must_use]
    pub fn implies(self, other: impl Into<Self>) -> Self {
        Self::Implies(Box::new(self), Box::new(other.into()))
    }

    /// This holds at the next place.
    #[must_use]
    pub fn next(clause: impl Into<Self>) -> Self {
        Self::Next(Box::new(clause.into()))
    }

    /// This holds from here on.
    #[must_use]
    pub fn always(clause: impl Into<Self>) -> Self {
        Self::Always(Box::new(clause.into()))
    }

    /// This holds at some place from here on.
    #[must_use]
    pub fn eventually(clause: impl Into<Self>) -> Self {
        Self::Eventually(Box::new(clause.into()))
    }

    /// This holds until the other does, and the other does at some place.
    #[must_use]
    pub fn until(self, other: impl Into<Self>) -> Self {
        Self::Until(Box::new(self), Box::new(other.into()))
    }

    /// The clause is asked anew from each of these facts on.
    #[must_use]
    pub fn anew_at(self, pattern: Pattern) -> Self {
        Self::Anew(Box::new(self), pattern)
    }

    /// What it is made of.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Holds(_) | Self::Declare(_) => Vec::new(),
            Self::Not(one)
            | Self::Next(one)
            | Self::Always(one)
            | Self::Eventually(one)
            | Self::Anew(one, _) => vec![one],
            Self::And(one, two)
            | Self::Or(one, two)
            | Self::Implies(one, two)
            | Self::Until(one, two) => vec![one, two],
        }
    }

    /// Whether it is a formula over single facts alone, which an automaton can decide.
    pub(crate) fn is_formula(&self) -> bool {
        match self {
            Self::Declare(constraint) => !constraint.looks_at_pairs(),
            Self::Anew(..) => false,
            Self::Holds(_)
            | Self::Not(_)
            | Self::And(..)
            | Self::Or(..)
            | Self::Implies(..)
            | Self::Next(_)
            | Self::Always(_)
            | Self::Eventually(_)
            | Self::Until(..) => self.parts().into_iter().all(Self::is_formula),
        }
    }
}

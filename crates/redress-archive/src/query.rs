//! What can be asked of the archive.

use std::ops::Range;

use redress_core::event::{
    Flag, Nature, Priority, Relation, RemedyKind, Satisfaction, Severity, Source, Upheld,
};
use redress_core::{Channel, ComplaintId, Cycle, Level, Personal, State, SubjectId, Timestamp};

use crate::batch::code;
use crate::summary::Outcome;

/// How many hits a query gives unless it says otherwise.
pub const DEFAULT_LIMIT: usize = 50;

/// A question to the archive: conditions that must all hold, how many hits, and from where on.
///
/// Without conditions every complaint is a hit. A condition set twice must hold twice: two tags must both be there, two
/// states never are. Codes are taken as they are; one that nobody uses finds nothing.
///
/// ```
/// use redress_archive::Query;
/// use redress_core::State;
///
/// let query = Query::new().text("退款").category("delivery").state(State::Closed).limit(20);
/// assert!(!format!("{query:?}").contains("退款")); // what is searched for may tell who somebody is
/// ```
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) limit: usize,
    pub(crate) after: Option<Cursor>,
}

/// Where a list of hits goes on: after the hit with this receipt and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When that complaint was received.
    pub received_at: Timestamp,
    /// Which complaint it was.
    pub id: ComplaintId,
}

/// One condition. Columns and tables are names of this crate's own; values are bound, never written into SQL.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Is {
        column: &'static str,
        value: Option<String>,
    },
    /// The value or what lies below it in its tree.
    Within {
        column: &'static str,
        path: String,
    },
    AtLeast {
        column: &'static str,
        number: i64,
    },
    /// From the first instant on, before the second.
    Between {
        column: &'static str,
        from: i64,
        to: i64,
    },
    /// A line of a table of what a complaint has several of.
    Has {
        table: &'static str,
        value: Option<String>,
    },
    Open(bool),
    Source {
        system: String,
        field: String,
        value: String,
    },
    Text(Personal<String>),
}

impl Default for Query {
    fn default() -> Self {
        Self::new()
    }
}

impl Query {
    /// Every complaint, up to [`DEFAULT_LIMIT`] hits.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            conditions: Vec::new(),
            limit: DEFAULT_LIMIT,
            after: None,
        }
    }

    fn with(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    fn is(self, column: &'static str, value: impl Into<Option<String>>) -> Self {
        let value = value.into();
        self.with(Condition::Is { column, value })
    }

    fn has(self, table: &'static str, value: impl Into<Option<String>>) -> Self {
        let value = value.into();
        self.with(Condition::Has { table, value })
    }

    fn between(self, column: &'static str, period: &Range<Timestamp>) -> Self {
        self.with(Condition::Between {
            column,
            from: period.start.as_micros(),
            to: period.end.as_micros(),
        })
    }

    /// Complaints in which all these words occur, in whatever was said: the matter, solution, feedback, notes.
    ///
    /// Each run of Chinese must occur in one piece, and so must what stands between two spaces; case and full width do not
    /// matter. Any text may be given, and one without words finds nothing. A complaint whose id or
    /// [`external_ref`](Query::external_ref) is exactly this text is found too.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Condition::Text(Personal::Known(text.into())))
    }

    /// With this reference of another system.
    #[must_use]
    pub fn external_ref(self, reference: impl Into<String>) -> Self {
        self.is("external_ref", reference.into())
    }

    /// Of this customer.
    #[must_use]
    pub fn subject(self, subject: SubjectId) -> Self {
        self.is("subject", subject.to_string())
    }

    /// Of this category or below it.
    #[must_use]
    pub fn category(self, path: impl Into<String>) -> Self {
        self.with(Condition::Within {
            column: "category",
            path: path.into(),
        })
    }

    /// With this root cause or one below it.
    #[must_use]
    pub fn cause(self, code: impl Into<String>) -> Self {
        self.with(Condition::Within {
            column: "cause",
            path: code.into(),
        })
    }

    /// Led by this department, now or last.
    #[must_use]
    pub fn department(self, department: impl Into<String>) -> Self {
        self.is("lead_department", department.into())
    }

    /// In which this department ever had a part: lead, joint, or watching over an escalation.
    #[must_use]
    pub fn department_ever(self, department: impl Into<String>) -> Self {
        self.has("departments", department.into())
    }

    /// Taken in by this department.
    #[must_use]
    pub fn intake_department(self, department: impl Into<String>) -> Self {
        self.is("intake_department", department.into())
    }

    /// Led by this person, now or last.
    #[must_use]
    pub fn person(self, person: impl Into<String>) -> Self {
        self.is("person", person.into())
    }

    /// In this state.
    #[must_use]
    pub fn state(self, state: State) -> Self {
        self.is("state", state.name().to_owned())
    }

    /// Open, or closed.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        self.with(Condition::Open(open))
    }

    /// Received through this channel.
    #[must_use]
    pub fn channel(self, channel: Channel) -> Self {
        self.is("channel", channel.code().to_owned())
    }

    /// From the customer directly, or through a third party.
    #[must_use]
    pub fn source(self, source: Source) -> Self {
        self.is("source", code(&source))
    }

    /// Of this nature.
    #[must_use]
    pub fn nature(self, nature: Nature) -> Self {
        self.is("nature", code(&nature))
    }

    /// As bad as this.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        self.is("severity", code(&severity))
    }

    /// As urgent as this.
    #[must_use]
    pub fn priority(self, priority: Priority) -> Self {
        self.is("priority", code(&priority))
    }

    /// With life or health at stake, or not.
    #[must_use]
    pub fn safety(self, safety: bool) -> Self {
        self.is("safety", u8::from(safety).to_string())
    }

    /// About this product.
    #[must_use]
    pub fn product(self, code: impl Into<String>) -> Self {
        self.is("product", code.into())
    }

    /// In this language.
    #[must_use]
    pub fn language(self, tag: impl Into<String>) -> Self {
        self.is("language", tag.into())
    }

    /// In this cycle or a later one: from the second on, the handling began again.
    #[must_use]
    pub fn cycle_at_least(self, cycle: Cycle) -> Self {
        self.with(Condition::AtLeast {
            column: "cycle",
            number: cycle.get().into(),
        })
    }

    /// Escalated to this level or higher.
    #[must_use]
    pub fn level_at_least(self, level: Level) -> Self {
        self.with(Condition::AtLeast {
            column: "level",
            number: level.get().into(),
        })
    }

    /// Received from the start of the period on, before its end.
    #[must_use]
    pub fn received(self, period: Range<Timestamp>) -> Self {
        self.between("received_at", &period)
    }

    /// With a standing solution found from the start of the period on, before its end.
    #[must_use]
    pub fn resolved(self, period: Range<Timestamp>) -> Self {
        self.between("resolved_at", &period)
    }

    /// Closed from the start of the period on, before its end.
    #[must_use]
    pub fn closed(self, period: Range<Timestamp>) -> Self {
        self.between("closed_at", &period)
    }

    /// Closed for this reason.
    #[must_use]
    pub fn outcome(self, outcome: Outcome) -> Self {
        self.is("outcome", outcome.name().to_owned())
    }

    /// Found to be right, or not.
    #[must_use]
    pub fn upheld(self, upheld: Upheld) -> Self {
        self.is("upheld", code(&upheld))
    }

    /// Whose customer was as content as this at the last revisit that reached them.
    #[must_use]
    pub fn satisfaction(self, satisfaction: Satisfaction) -> Self {
        self.is("satisfaction", code(&satisfaction))
    }

    /// Whose standing solution gives the customer this.
    #[must_use]
    pub fn remedy(self, kind: RemedyKind) -> Self {
        self.has("remedies", code(&kind))
    }

    /// With this tag.
    #[must_use]
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.has("tags", tag.into())
    }

    /// With this flag.
    #[must_use]
    pub fn flag(self, flag: Flag) -> Self {
        self.has("flags", code(&flag))
    }

    /// Tied to another complaint in this way.
    #[must_use]
    pub fn relation(self, relation: Relation) -> Self {
        self.has("links", code(&relation))
    }

    /// Of which another system recorded this value in this field.
    #[must_use]
    pub fn source_fact(
        self,
        system: impl Into<String>,
        field: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.with(Condition::Source {
            system: system.into(),
            field: field.into(),
            value: value.into(),
        })
    }

    /// At most so many hits.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Only what comes after this place in the list.
    #[must_use]
    pub const fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }
}

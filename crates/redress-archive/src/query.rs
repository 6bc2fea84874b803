//! What can be asked of the archive.

use std::ops::Range;

use redress_core::event::{
    Flag, Nature, Priority, Relation, RemedyKind, Satisfaction, Severity, Source, Upheld,
};
use redress_core::{
    Channel, ClockKind, ComplaintId, Cycle, Level, Personal, State, Status, SubjectId, Timestamp,
};

use crate::cursor::Cursor;
use crate::dimension::Dimension;
use crate::moment::Moment;
use crate::row::code;
use crate::summary::Outcome;

/// How many hits a query gives unless it says otherwise.
pub const DEFAULT_LIMIT: usize = 50;

/// The tag of a case to learn from 典型案例.
pub const TYPICAL_CASE: &str = "典型案例";

/// A question to the archive: which complaints, in which order, how many, and from where on.
///
/// Without conditions every complaint is a hit. Conditions on different fields must all hold; of several on one field any
/// one is enough: two states find complaints in either, a state and a channel those in the state that came through the
/// channel. Codes are taken as they are; one that nobody uses finds nothing.
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
    pub(crate) sort: Sort,
    pub(crate) limit: usize,
    pub(crate) after: Option<Cursor>,
    pub(crate) reveal: bool,
}

/// In which order hits come.
#[derive(Clone, Debug, Default)]
pub enum Sort {
    /// The latest received first.
    #[default]
    Received,
    /// What is due first on top, by the earliest deadline of a running clock; what has none comes last.
    Due(Moment),
    /// The latest closed first; open ones last.
    Closed,
    /// The worst first; what is not classified comes last.
    Severity,
}

/// A field and what it may be: any of these.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) field: Field,
    pub(crate) any: Vec<Match>,
}

/// What a condition is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Dimension(Dimension),
    Id,
    ExternalRef,
    Subject,
    Received,
    Resolved,
    Closed,
    Open,
    Duplicate,
    Source { system: String, name: String },
    Text,
    Place,
    Clock,
    Due,
}

/// What a field may be. Values are bound, never written into SQL.
#[derive(Clone, Debug)]
pub(crate) enum Match {
    Is(String),
    Complaint(ComplaintId),
    /// The value or what lies below it in its tree.
    Within(String),
    AtLeast(i64),
    /// From the first instant on, before the second.
    Between(i64, i64),
    Truth(bool),
    Words(Personal<String>),
    Clock {
        kind: Option<ClockKind>,
        statuses: Vec<Status>,
        moment: Moment,
    },
    Due {
        period: Range<Timestamp>,
        moment: Moment,
    },
}

impl Default for Query {
    fn default() -> Self {
        Self::new()
    }
}

impl Query {
    /// Every complaint, the latest received first, up to [`DEFAULT_LIMIT`] hits.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            conditions: Vec::new(),
            sort: Sort::Received,
            limit: DEFAULT_LIMIT,
            after: None,
            reveal: false,
        }
    }

    fn with(mut self, field: Field, wanted: Match) -> Self {
        match self
            .conditions
            .iter_mut()
            .find(|known| known.field == field)
        {
            Some(known) => known.any.push(wanted),
            None => self.conditions.push(Condition {
                field,
                any: vec![wanted],
            }),
        }
        self
    }

    /// With this value of a dimension.
    #[must_use]
    pub fn is(self, dimension: Dimension, value: impl Into<String>) -> Self {
        self.with(Field::Dimension(dimension), Match::Is(value.into()))
    }

    fn within(self, dimension: Dimension, path: impl Into<String>) -> Self {
        self.with(Field::Dimension(dimension), Match::Within(path.into()))
    }

    fn at_least(self, dimension: Dimension, number: i64) -> Self {
        self.with(Field::Dimension(dimension), Match::AtLeast(number))
    }

    fn between(self, field: Field, period: &Range<Timestamp>) -> Self {
        let wanted = Match::Between(period.start.as_micros(), period.end.as_micros());
        self.with(field, wanted)
    }

    /// Complaints in which all these words occur, in whatever was said: the matter, solution, feedback, notes.
    ///
    /// Each run of Chinese must occur in one piece, and so must what stands between two spaces; case and full width do not
    /// matter. Any text may be given, and one without words finds nothing. A complaint whose id or
    /// [`external_ref`](Query::external_ref) is exactly this text is found too.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Field::Text, Match::Words(Personal::Known(text.into())))
    }

    /// That happened at a place with all these words in its name.
    #[must_use]
    pub fn place(self, words: impl Into<String>) -> Self {
        self.with(Field::Place, Match::Words(Personal::Known(words.into())))
    }

    /// This complaint.
    #[must_use]
    pub fn id(self, complaint: ComplaintId) -> Self {
        self.with(Field::Id, Match::Complaint(complaint))
    }

    /// With this reference of another system.
    #[must_use]
    pub fn external_ref(self, reference: impl Into<String>) -> Self {
        self.with(Field::ExternalRef, Match::Is(reference.into()))
    }

    /// Of this customer.
    #[must_use]
    pub fn subject(self, subject: SubjectId) -> Self {
        self.with(Field::Subject, Match::Is(subject.to_string()))
    }

    /// Of this category or below it.
    #[must_use]
    pub fn category(self, path: impl Into<String>) -> Self {
        self.within(Dimension::Category, path)
    }

    /// With this root cause or one below it.
    #[must_use]
    pub fn cause(self, code: impl Into<String>) -> Self {
        self.within(Dimension::Cause, code)
    }

    /// Led by this department, now or last.
    #[must_use]
    pub fn department(self, department: impl Into<String>) -> Self {
        self.is(Dimension::Department, department)
    }

    /// In which this department ever had a part: lead, joint, or watching over an escalation.
    #[must_use]
    pub fn department_ever(self, department: impl Into<String>) -> Self {
        self.is(Dimension::DepartmentEver, department)
    }

    /// Taken in by this department.
    #[must_use]
    pub fn intake_department(self, department: impl Into<String>) -> Self {
        self.is(Dimension::IntakeDepartment, department)
    }

    /// Led by this person, now or last.
    #[must_use]
    pub fn person(self, person: impl Into<String>) -> Self {
        self.is(Dimension::Person, person)
    }

    /// In this state.
    #[must_use]
    pub fn state(self, state: State) -> Self {
        self.is(Dimension::State, state.name())
    }

    /// Open, or closed.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        self.with(Field::Open, Match::Truth(open))
    }

    /// Closed as a duplicate of another, or not.
    #[must_use]
    pub fn duplicate(self, duplicate: bool) -> Self {
        self.with(Field::Duplicate, Match::Truth(duplicate))
    }

    /// Received through this channel.
    #[must_use]
    pub fn channel(self, channel: Channel) -> Self {
        self.is(Dimension::Channel, channel.code())
    }

    /// From the customer directly, or through a third party.
    #[must_use]
    pub fn source(self, source: Source) -> Self {
        self.is(Dimension::Source, word(&source))
    }

    /// Of this nature.
    #[must_use]
    pub fn nature(self, nature: Nature) -> Self {
        self.is(Dimension::Nature, word(&nature))
    }

    /// As bad as this.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        self.is(Dimension::Severity, word(&severity))
    }

    /// As urgent as this.
    #[must_use]
    pub fn priority(self, priority: Priority) -> Self {
        self.is(Dimension::Priority, word(&priority))
    }

    /// With life or health at stake, or not.
    #[must_use]
    pub fn safety(self, safety: bool) -> Self {
        self.is(Dimension::Safety, u8::from(safety).to_string())
    }

    /// About this product.
    #[must_use]
    pub fn product(self, code: impl Into<String>) -> Self {
        self.is(Dimension::Product, code)
    }

    /// In this language.
    #[must_use]
    pub fn language(self, tag: impl Into<String>) -> Self {
        self.is(Dimension::Language, tag)
    }

    /// In this cycle.
    #[must_use]
    pub fn cycle(self, cycle: Cycle) -> Self {
        self.is(Dimension::Cycle, cycle.get().to_string())
    }

    /// In this cycle or a later one: from the second on, the handling began again.
    #[must_use]
    pub fn cycle_at_least(self, cycle: Cycle) -> Self {
        self.at_least(Dimension::Cycle, cycle.get().into())
    }

    /// Escalated to this level.
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        self.is(Dimension::Level, level.get().to_string())
    }

    /// Escalated to this level or higher.
    #[must_use]
    pub fn level_at_least(self, level: Level) -> Self {
        self.at_least(Dimension::Level, level.get().into())
    }

    /// Received from the start of the period on, before its end.
    #[must_use]
    pub fn received(self, period: Range<Timestamp>) -> Self {
        self.between(Field::Received, &period)
    }

    /// With a standing solution found from the start of the period on, before its end.
    #[must_use]
    pub fn resolved(self, period: Range<Timestamp>) -> Self {
        self.between(Field::Resolved, &period)
    }

    /// Closed from the start of the period on, before its end.
    #[must_use]
    pub fn closed(self, period: Range<Timestamp>) -> Self {
        self.between(Field::Closed, &period)
    }

    /// With a clock that stands so at the moment: of this kind, or of any.
    ///
    /// Every clock that had started by then is looked at, the ended ones of earlier cycles too. The complaint itself and
    /// its other fields are as they are now, whatever the moment.
    #[must_use]
    pub fn clock(
        self,
        kind: impl Into<Option<ClockKind>>,
        statuses: impl IntoIterator<Item = Status>,
        moment: &Moment,
    ) -> Self {
        let wanted = Match::Clock {
            kind: kind.into(),
            statuses: statuses.into_iter().collect(),
            moment: moment.clone(),
        };
        self.with(Field::Clock, wanted)
    }

    /// Whose earliest deadline, of the clocks that run at the moment, lies in the period; its end is not part of it.
    #[must_use]
    pub fn due(self, period: Range<Timestamp>, moment: &Moment) -> Self {
        let moment = moment.clone();
        self.with(Field::Due, Match::Due { period, moment })
    }

    /// Closed for this reason.
    #[must_use]
    pub fn outcome(self, outcome: Outcome) -> Self {
        self.is(Dimension::Outcome, outcome.name())
    }

    /// Found to be right, or not.
    #[must_use]
    pub fn upheld(self, upheld: Upheld) -> Self {
        self.is(Dimension::Upheld, word(&upheld))
    }

    /// Whose customer was as content as this at the last revisit that reached them, and was not opened again since.
    #[must_use]
    pub fn satisfaction(self, satisfaction: Satisfaction) -> Self {
        self.is(Dimension::Satisfaction, word(&satisfaction))
    }

    /// Whose standing solution gives the customer this.
    #[must_use]
    pub fn remedy(self, kind: RemedyKind) -> Self {
        self.is(Dimension::Remedy, word(&kind))
    }

    /// With this tag, such as [`TYPICAL_CASE`].
    #[must_use]
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.is(Dimension::Tag, tag)
    }

    /// With this flag.
    #[must_use]
    pub fn flag(self, flag: Flag) -> Self {
        self.is(Dimension::Flag, word(&flag))
    }

    /// Tied to another complaint in this way.
    #[must_use]
    pub fn relation(self, relation: Relation) -> Self {
        self.is(Dimension::Relation, word(&relation))
    }

    /// Of which another system recorded this value in this field.
    #[must_use]
    pub fn source_fact(
        self,
        system: impl Into<String>,
        field: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let field = Field::Source {
            system: system.into(),
            name: field.into(),
        };
        self.with(field, Match::Is(value.into()))
    }

    /// In this order.
    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
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

    /// Whether snippets show the words they were found in. They do not unless this says so: the words are personal.
    #[must_use]
    pub const fn reveal(mut self, reveal: bool) -> Self {
        self.reveal = reveal;
        self
    }
}

/// The word that stands for a value in stored text.
fn word<T: serde::Serialize>(value: &T) -> String {
    code(value).unwrap_or_default()
}

//! The rules a ledger decides by, as plain data.
//!
//! Law and custom are configuration, written as TOML files: [`Policy::parse`] reads one and tells everything that is wrong
//! with it. Shipped are a sensible set, [`Policy::standard`], trees of industries that extend it, and examples of how a
//! regime of the law is written down; no statute is built in.

mod compare;
mod draw;
mod error;
mod file;
mod length;
mod share;
mod shipped;
mod template;
pub mod warning;
mod wording;
mod write;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::calendar::WorkingTime;
use crate::clock::{ClockKind, Target, Terms};
use crate::event::{Assignee, Channel, PauseReason, Priority, Severity};
use crate::id::{
    CategoryPath, DepartmentId, Label, Level, PersonId, Role, built_in, is_path_within,
};
use crate::language::Name;
use crate::taxonomy::Taxonomy;
use crate::time::Span;

pub use compare::{Difference, compare};
pub use draw::Notation;
pub use error::{PolicyError, PolicyErrors};
pub use file::near::advice;
pub use shipped::Shipped;
pub use template::{MissingValue, Placeholder, Template, Values};
pub use warning::WarningRule;

/// The names of all commands, as [`Authority::commands`] uses them.
pub const COMMANDS: [&str; 24] = [
    "receive",
    "classify",
    "assign",
    "escalate",
    "resolve",
    "give_feedback",
    "revisit",
    "pause",
    "resume",
    "note",
    "amend",
    "link",
    "extend",
    "close",
    "reopen",
    "erase",
    "open_action",
    "assign_action",
    "complete_action",
    "evaluate_action",
    "cancel_action",
    HOLD,
    RELEASE,
    ADOPT_POLICY,
];

/// The name of the command that keeps a customer's data from being erased.
pub const HOLD: &str = "hold";

/// The name of the command that lets a customer's data be erased again.
pub const RELEASE: &str = "release";

/// The name of the command that puts other rules in force.
pub const ADOPT_POLICY: &str = "adopt_policy";

/// The rules a ledger decides and measures by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What this set of rules is called, such as `2026-07`.
    pub version: Label,
    /// Whether the guards that judge how people worked apply.
    pub conduct: Conduct,
    /// The departments of the organisation; while there are none, any department may be named.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// The working calendars, by name.
    pub calendars: BTreeMap<Label, Arc<WorkingTime>>,
    /// The calendar of the organisation, and of departments that have none of their own; without one, every hour counts.
    pub calendar: Option<Label>,
    /// Who should handle which category; the longest category that matches counts.
    pub routing: Vec<Route>,
    /// Who may do what. While it is empty everybody may do everything; otherwise nobody may do what is not in it.
    pub authority: Vec<Authority>,
    /// What customers may complain of.
    pub categories: Taxonomy,
    /// Why things happen.
    pub causes: Taxonomy,
    /// Time limits; the first rule that matches counts.
    pub targets: Vec<TargetRule>,
    /// From how much of its target on a clock is at risk, in per cent.
    pub at_risk_percent: u16,
    /// When a revisit is neither early nor late, counted from the result.
    pub revisit_window: RevisitWindow,
    /// The department that answers for revisits.
    pub quality_department: DepartmentId,
    /// The top of the ladder of escalation.
    pub max_level: Level,
    /// When a running clock calls for notice or escalation, by how much of its limit is used.
    pub ladder: Vec<Rung>,
    /// What an intake must tell besides what every intake must tell.
    pub intake: Vec<IntakeRule>,
    /// A description with fewer characters than this is flagged (Unicode scalar values, white space around it not counted).
    pub min_description_chars: u32,
    /// Who looks at records that call for a person's eye, and until when.
    pub review: ReviewRule,
    /// Where the customer must say whether the record is right, and until when.
    pub confirmation: ConfirmationRule,
    /// When two complaints of one customer may be one.
    pub duplicates: DuplicateRule,
    /// Prepared words to customers, by name; while there are none, any template may be named.
    pub templates: BTreeMap<Label, Template>,
    /// When figures warn, who acts on that and how, by name.
    pub warnings: BTreeMap<Label, WarningRule>,
    /// After how many cycles dissatisfaction must be escalated.
    pub max_cycles: u32,
    /// Until how long after closing a complaint may be reopened.
    pub reopen_window: Span,
    /// How far back in time a fact may lie when it is recorded.
    pub back_dating: Span,
    /// What may be waited for, and for how long.
    pub pause: PauseRule,
    /// When a customer counts as unreachable.
    pub unreachable: UnreachableRule,
    /// A neutral answer to a revisit closes the complaint.
    pub neutral_closes: bool,
    /// A revisit may be waived.
    pub waiver: bool,
    /// How often one deadline may be moved.
    pub max_extensions: u32,
}

/// Whether the guards that judge how people worked apply.
///
/// Guards of structure (what can follow what) always apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// They apply: work done here, under these rules.
    Guarded,
    /// They do not: history recorded elsewhere under other rules, taken over as it was.
    Historical,
}

/// A department of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Department {
    /// Its name for people.
    pub name: Option<Name>,
    /// Who heads it.
    pub head: Option<PersonId>,
    /// The calendar it works by; without one, the organisation's.
    pub calendar: Option<Label>,
}

/// Who should handle a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The category, and those below it.
    pub category: CategoryPath,
    /// The department.
    pub department: DepartmentId,
}

/// What the holders of a role may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The role.
    pub role: Role,
    /// The commands, by their names.
    pub commands: Vec<String>,
    /// Only about complaints whose lead or intake department is one of these, and actions whose owner is of one or which
    /// were opened for one; `None` for all.
    pub departments: Option<Vec<DepartmentId>>,
}

impl Authority {
    /// Whether it lets a command be given that concerns every department; what holds for some departments alone does not.
    pub(crate) fn permits_everywhere(&self, command: &str) -> bool {
        self.departments.is_none() && self.commands.iter().any(|name| name == command)
    }
}

/// A rung of the ladder of escalation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// For this clock; `None` for every clock.
    pub clock: Option<ClockKind>,
    /// From how much of the limit on, in per cent.
    pub percent: u16,
    /// The level to escalate to; `None` for a notice alone.
    pub level: Option<Level>,
    /// Who is told, and watches over it from then on; `None` for the head of the department.
    pub to: Option<Assignee>,
}

/// What an intake must tell besides what every intake must tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeRule {
    /// Through this channel; `None` for every channel.
    pub channel: Option<Channel>,
    /// What it must tell.
    pub required: Vec<IntakeField>,
}

/// What an intake may have to tell.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum IntakeField {
    /// The reference outside.
    ExternalRef,
    /// The customer's name.
    Name,
    /// A way to reach the customer.
    Contact,
    /// The customer's account.
    Account,
    /// The matter in a line.
    Subject,
    /// The matter in the customer's words.
    Description,
    /// The product or service.
    Product,
    /// The order or policy under which it was bought.
    OrderRef,
    /// When it happened.
    Occurred,
    /// What the customer wants.
    Demand,
    /// The customer's language.
    Language,
}

impl IntakeField {
    /// Every field.
    pub const ALL: [Self; 11] = [
        Self::ExternalRef,
        Self::Name,
        Self::Contact,
        Self::Account,
        Self::Subject,
        Self::Description,
        Self::Product,
        Self::OrderRef,
        Self::Occurred,
        Self::Demand,
        Self::Language,
    ];

    /// Its name in messages and policy files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExternalRef => "external_ref",
            Self::Name => "name",
            Self::Contact => "contact",
            Self::Account => "account",
            Self::Subject => "subject",
            Self::Description => "description",
            Self::Product => "product",
            Self::OrderRef => "order_ref",
            Self::Occurred => "occurred",
            Self::Demand => "demand",
            Self::Language => "language",
        }
    }
}

/// A time limit for some complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRule {
    /// For which clock.
    pub clock: ClockKind,
    /// For complaints of this category or below it; `None` for all, classified or not.
    pub category: Option<String>,
    /// For complaints of this severity.
    pub severity: Option<Severity>,
    /// For complaints of this priority.
    pub priority: Option<Priority>,
    /// The limit; `None` states that there is none.
    pub target: Option<Target>,
}

impl TargetRule {
    /// A limit for all complaints.
    #[must_use]
    pub const fn all(clock: ClockKind, target: Target) -> Self {
        Self {
            clock,
            category: None,
            severity: None,
            priority: None,
            target: Some(target),
        }
    }

    /// A limit for complaints of one priority.
    #[must_use]
    pub const fn priority(clock: ClockKind, priority: Priority, target: Target) -> Self {
        Self {
            clock,
            category: None,
            severity: None,
            priority: Some(priority),
            target: Some(target),
        }
    }

    fn matches(&self, clock: ClockKind, terms: &Terms) -> bool {
        self.clock == clock
            && self.category.as_deref().is_none_or(|ancestor| {
                terms
                    .category
                    .as_ref()
                    .is_some_and(|category| is_path_within(category.as_str(), ancestor))
            })
            && self
                .severity
                .is_none_or(|severity| terms.severity == Some(severity))
            && self
                .priority
                .is_none_or(|priority| terms.priority == Some(priority))
    }
}

/// When a revisit is neither early nor late, counted from the moment the result was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevisitWindow {
    /// Not before this.
    pub from: Span,
    /// Not after this.
    pub to: Span,
}

/// What may be waited for, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PauseRule {
    /// The reasons that count.
    pub reasons: Vec<PauseReason>,
    /// The longest single pause.
    pub longest: Span,
}

/// Who reviews records that call for it 人工复核, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRule {
    /// In which role, in the department that took the complaint in.
    pub role: Role,
    /// How long after the ground for it arose; `None` for no limit.
    pub within: Option<Span>,
}

/// Where the customer must confirm the record 客户确认, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmationRule {
    /// For complaints that came through these channels.
    pub channels: Vec<Channel>,
    /// How long after receipt; `None` for no limit.
    pub within: Option<Span>,
}

/// When two complaints of one customer may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateRule {
    /// Received at most this long after each other.
    pub within: Span,
}

/// When a customer counts as unreachable for a revisit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreachableRule {
    /// After at least this many attempts in vain.
    pub attempts: u32,
    /// On at least this many different days (UTC).
    pub days: u32,
}

impl Policy {
    /// The standard rules: limits in elapsed time, the standard trees, `quality` as the department of revisits.
    ///
    /// ```
    /// use redress_core::{ClockKind, Policy, Span, Target, Terms};
    ///
    /// let policy = Policy::standard();
    /// assert_eq!(
    ///     policy.target(ClockKind::Acknowledge, &Terms::UNCLASSIFIED),
    ///     Some(Target::Elapsed(Span::hours(24))),
    /// );
    /// ```
    #[must_use]
    pub fn standard() -> Self {
        Shipped::Standard.policy()
    }

    /// Rules that say nothing, to be filled before anybody decides by them.
    fn empty() -> Self {
        Self {
            version: built_in("empty"),
            conduct: Conduct::Guarded,
            departments: BTreeMap::new(),
            calendars: BTreeMap::new(),
            calendar: None,
            routing: Vec::new(),
            authority: Vec::new(),
            categories: Taxonomy::default(),
            causes: Taxonomy::default(),
            targets: Vec::new(),
            at_risk_percent: 100,
            revisit_window: RevisitWindow {
                from: Span::ZERO,
                to: Span::ZERO,
            },
            quality_department: built_in("empty"),
            max_level: Level::FIRST,
            ladder: Vec::new(),
            intake: Vec::new(),
            min_description_chars: 0,
            review: ReviewRule {
                role: built_in("empty"),
                within: None,
            },
            confirmation: ConfirmationRule {
                channels: Vec::new(),
                within: None,
            },
            duplicates: DuplicateRule { within: Span::ZERO },
            templates: BTreeMap::new(),
            warnings: BTreeMap::new(),
            max_cycles: 1,
            reopen_window: Span::ZERO,
            back_dating: Span::ZERO,
            pause: PauseRule {
                reasons: Vec::new(),
                longest: Span::ZERO,
            },
            unreachable: UnreachableRule {
                attempts: 1,
                days: 1,
            },
            neutral_closes: false,
            waiver: false,
            max_extensions: 0,
        }
    }

    /// The same rules, for taking over history that was made elsewhere under other rules.
    ///
    /// What the people of that time should have done is not judged; what cannot have happened is still refused.
    #[must_use]
    pub fn for_history(self) -> Self {
        Self {
            conduct: Conduct::Historical,
            ..self
        }
    }

    /// Whether the guards that judge how people worked apply.
    #[must_use]
    pub fn guards_conduct(&self) -> bool {
        self.conduct == Conduct::Guarded
    }

    /// The calendar a department works by; where neither it nor the organisation has one, every hour counts.
    #[must_use]
    pub fn calendar_of(&self, department: Option<&DepartmentId>) -> &WorkingTime {
        static EVERY_HOUR: LazyLock<WorkingTime> = LazyLock::new(WorkingTime::every_hour);
        department
            .and_then(|department| self.departments.get(department))
            .and_then(|department| department.calendar.as_ref())
            .or(self.calendar.as_ref())
            .and_then(|name| self.calendars.get(name))
            .map_or(&EVERY_HOUR, |calendar| calendar)
    }

    /// The department that should handle a category: that of the longest route that matches.
    ///
    /// ```
    /// use redress_core::Policy;
    /// use redress_core::policy::Route;
    ///
    /// let mut policy = Policy::standard();
    /// for (category, department) in [("delivery", "logistics"), ("delivery/loss", "claims")] {
    ///     policy.routing.push(Route { category: category.parse()?, department: department.parse()? });
    /// }
    /// let to = |category: &str| policy.route(category).map(|department| department.as_str());
    /// assert_eq!(to("delivery/delay"), Some("logistics"));
    /// assert_eq!(to("delivery/loss"), Some("claims"));
    /// assert_eq!(to("price"), None);
    /// # Ok::<(), redress_core::InvalidCode>(())
    /// ```
    #[must_use]
    pub fn route(&self, category: &str) -> Option<&DepartmentId> {
        self.routing
            .iter()
            .filter(|route| is_path_within(category, route.category.as_str()))
            .max_by_key(|route| route.category.as_str().len())
            .map(|route| &route.department)
    }

    /// Whether somebody in a role may give a command, by its name, about what one of these departments answers for.
    #[must_use]
    pub fn permits(&self, role: &Role, command: &str, departments: &[&DepartmentId]) -> bool {
        self.authority.is_empty()
            || self.authority.iter().any(|authority| {
                authority.role == *role
                    && authority.commands.iter().any(|name| name == command)
                    && authority.departments.as_ref().is_none_or(|own| {
                        departments
                            .iter()
                            .any(|department| own.contains(department))
                    })
            })
    }

    /// Whether somebody in a role may give a command that concerns every department: [`HOLD`], [`RELEASE`] or
    /// [`ADOPT_POLICY`].
    #[must_use]
    pub fn permits_everywhere(&self, role: &Role, command: &str) -> bool {
        let may = |authority: &Authority| {
            authority.role == *role && authority.permits_everywhere(command)
        };
        self.authority.is_empty() || self.authority.iter().any(may)
    }

    /// The time limit of a clock under these terms; `None` where there is none.
    #[must_use]
    pub fn target(&self, clock: ClockKind, terms: &Terms) -> Option<Target> {
        self.targets
            .iter()
            .find(|rule| rule.matches(clock, terms))
            .and_then(|rule| rule.target)
    }
}

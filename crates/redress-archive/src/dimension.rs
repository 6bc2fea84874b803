//! The dimensions of a complaint: what complaints are filtered and grouped by.

use redress_core::Language;
use redress_core::event::Severity;
use rusqlite::types::Value;

use crate::row::code;
use crate::summary::{Outcome, Summary};

/// Something that a complaint is, has or was, and by which complaints are filtered and grouped.
///
/// Values are codes, as they stand in stored facts. A complaint has at most one value of most dimensions; of
/// [departments ever](Dimension::DepartmentEver), remedies, relations, flags and tags it may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The state it is in.
    State,
    /// How often the handling has begun.
    Cycle,
    /// How high it was escalated.
    Level,
    /// Through which channel it came.
    Channel,
    /// From the customer directly, or through a third party.
    Source,
    /// The customer's language.
    Language,
    /// What the customer complains of.
    Category,
    /// The first step of the category.
    CategoryRoot,
    /// The nature of the problem.
    Nature,
    /// How bad it is.
    Severity,
    /// How urgent it is.
    Priority,
    /// Whether life or health is at stake.
    Safety,
    /// The product or service it is about.
    Product,
    /// The department that took it in.
    IntakeDepartment,
    /// The department that leads the handling, or led it last.
    Department,
    /// A department that ever had a part: lead, joint, or watching over an escalation.
    DepartmentEver,
    /// The person who leads the handling, or led it last.
    Person,
    /// How it ended.
    Outcome,
    /// Whether it was right.
    Upheld,
    /// What the customer got.
    Remedy,
    /// Its root cause.
    Cause,
    /// The first step of the root cause.
    CauseRoot,
    /// How content the customer was at the last revisit that reached them, unless the complaint was opened again since.
    Satisfaction,
    /// A tie to another complaint.
    Relation,
    /// What calls for special care.
    Flag,
    /// A free label.
    Tag,
}

/// Where the values of a dimension are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// In this column of the table of complaints.
    Column(&'static str),
    /// In this column, before the first slash.
    Root(&'static str),
    /// In a table of its own.
    List(&'static str),
}

impl Dimension {
    /// Every dimension, in the order of a complaint's life.
    pub const ALL: [Self; 26] = [
        Self::State,
        Self::Cycle,
        Self::Level,
        Self::Channel,
        Self::Source,
        Self::Language,
        Self::Category,
        Self::CategoryRoot,
        Self::Nature,
        Self::Severity,
        Self::Priority,
        Self::Safety,
        Self::Product,
        Self::IntakeDepartment,
        Self::Department,
        Self::DepartmentEver,
        Self::Person,
        Self::Outcome,
        Self::Upheld,
        Self::Remedy,
        Self::Cause,
        Self::CauseRoot,
        Self::Satisfaction,
        Self::Relation,
        Self::Flag,
        Self::Tag,
    ];

    /// Its name in output for programs, and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Cycle => "cycle",
            Self::Level => "level",
            Self::Channel => "channel",
            Self::Source => "source",
            Self::Language => "language",
            Self::Category => "category",
            Self::CategoryRoot => "category_root",
            Self::Nature => "nature",
            Self::Severity => "severity",
            Self::Priority => "priority",
            Self::Safety => "safety",
            Self::Product => "product",
            Self::IntakeDepartment => "intake_department",
            Self::Department => "department",
            Self::DepartmentEver => "department_ever",
            Self::Person => "person",
            Self::Outcome => "outcome",
            Self::Upheld => "upheld",
            Self::Remedy => "remedy",
            Self::Cause => "cause",
            Self::CauseRoot => "cause_root",
            Self::Satisfaction => "satisfaction",
            Self::Relation => "relation",
            Self::Flag => "flag",
            Self::Tag => "tag",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Cycle => "Cycle",
            Self::Level => "Level",
            Self::Channel => "Channel",
            Self::Source => "Source",
            Self::Language => "Language",
            Self::Category => "Category",
            Self::CategoryRoot => "Category, first step",
            Self::Nature => "Nature",
            Self::Severity => "Severity",
            Self::Priority => "Priority",
            Self::Safety => "Safety",
            Self::Product => "Product",
            Self::IntakeDepartment => "Intake department",
            Self::Department => "Department",
            Self::DepartmentEver => "Department, ever",
            Self::Person => "Person",
            Self::Outcome => "Outcome",
            Self::Upheld => "Upheld",
            Self::Remedy => "Remedy",
            Self::Cause => "Cause",
            Self::CauseRoot => "Cause, first step",
            Self::Satisfaction => "Satisfaction",
            Self::Relation => "Relation",
            Self::Flag => "Flag",
            Self::Tag => "Tag",
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Self::State => "状态",
            Self::Cycle => "处理轮次",
            Self::Level => "升级级别",
            Self::Channel => "渠道",
            Self::Source => "来源",
            Self::Language => "语言",
            Self::Category => "类别",
            Self::CategoryRoot => "一级类别",
            Self::Nature => "性质",
            Self::Severity => "严重程度",
            Self::Priority => "优先级",
            Self::Safety => "涉及安全",
            Self::Product => "产品",
            Self::IntakeDepartment => "受理部门",
            Self::Department => "主办部门",
            Self::DepartmentEver => "参与部门",
            Self::Person => "主办人",
            Self::Outcome => "结果",
            Self::Upheld => "是否属实",
            Self::Remedy => "补救措施",
            Self::Cause => "根本原因",
            Self::CauseRoot => "一级原因",
            Self::Satisfaction => "满意度",
            Self::Relation => "关联",
            Self::Flag => "标记",
            Self::Tag => "标签",
        }
    }

    /// Whether a complaint may have several values of it, so that groups may overlap.
    #[must_use]
    pub const fn is_multiple(self) -> bool {
        match self.kept() {
            Kept::List(_) => true,
            Kept::Column(_) | Kept::Root(_) => false,
        }
    }

    pub(crate) const fn kept(self) -> Kept {
        match self {
            Self::State => Kept::Column("state"),
            Self::Cycle => Kept::Column("cycle"),
            Self::Level => Kept::Column("level"),
            Self::Channel => Kept::Column("channel"),
            Self::Source => Kept::Column("source"),
            Self::Language => Kept::Column("language"),
            Self::Category => Kept::Column("category"),
            Self::CategoryRoot => Kept::Root("category"),
            Self::Nature => Kept::Column("nature"),
            Self::Severity => Kept::Column("severity"),
            Self::Priority => Kept::Column("priority"),
            Self::Safety => Kept::Column("safety"),
            Self::Product => Kept::Column("product"),
            Self::IntakeDepartment => Kept::Column("intake_department"),
            Self::Department => Kept::Column("department"),
            Self::DepartmentEver => Kept::List("departments"),
            Self::Person => Kept::Column("person"),
            Self::Outcome => Kept::Column("outcome"),
            Self::Upheld => Kept::Column("upheld"),
            Self::Remedy => Kept::List("remedies"),
            Self::Cause => Kept::Column("cause"),
            Self::CauseRoot => Kept::Root("cause"),
            Self::Satisfaction => Kept::Column("satisfaction"),
            Self::Relation => Kept::List("relations"),
            Self::Flag => Kept::List("flags"),
            Self::Tag => Kept::List("tags"),
        }
    }

    /// The values that a complaint has of it, each once, in order; none where it has none.
    ///
    /// This is what the filters and groups of the archive go by, worked out from the summary alone.
    #[must_use]
    pub fn values(self, summary: &Summary) -> Vec<String> {
        let mut values = self.all_values(summary);
        values.sort_unstable();
        values.dedup();
        values
    }

    fn all_values(self, summary: &Summary) -> Vec<String> {
        match self {
            Self::State => one(Some(summary.state.name().to_owned())),
            Self::Cycle => one(Some(summary.cycle.get().to_string())),
            Self::Level => one(Some(summary.level.get().to_string())),
            Self::Channel => one(Some(summary.channel.code().to_owned())),
            Self::Source => one(code(&summary.source)),
            Self::Language => one(summary.language.as_ref().map(ToString::to_string)),
            Self::Category => one(summary.category.as_ref().map(ToString::to_string)),
            Self::CategoryRoot => one(root(summary.category.as_ref().map(ToString::to_string))),
            Self::Nature => one(summary.nature.as_ref().and_then(code)),
            Self::Severity => one(summary.severity.as_ref().and_then(code)),
            Self::Priority => one(summary.priority.as_ref().and_then(code)),
            Self::Safety => one(Some(u8::from(summary.safety).to_string())),
            Self::Product => one(summary.product.as_ref().map(|of| of.code.to_string())),
            Self::IntakeDepartment => one(Some(summary.intake_department.to_string())),
            Self::Department => one(summary
                .lead
                .as_ref()
                .map(|lead| lead.department.to_string())),
            Self::DepartmentEver => {
                let parts = summary.involved.iter();
                parts.map(|part| part.department.to_string()).collect()
            }
            Self::Person => {
                let person = summary.lead.as_ref().and_then(|lead| lead.person.as_ref());
                one(person.map(ToString::to_string))
            }
            Self::Outcome => one(summary.outcome().map(Outcome::name).map(str::to_owned)),
            Self::Upheld => one(summary.upheld.as_ref().and_then(code)),
            Self::Remedy => {
                let remedies = summary.remedies.iter().flatten();
                remedies.filter_map(|remedy| code(&remedy.kind)).collect()
            }
            Self::Cause => one(summary.cause.as_ref().map(ToString::to_string)),
            Self::CauseRoot => one(root(summary.cause.as_ref().map(ToString::to_string))),
            Self::Satisfaction => one(summary.satisfaction.as_ref().and_then(code)),
            Self::Relation => {
                let links = summary.links.iter();
                links.filter_map(|link| code(&link.relation)).collect()
            }
            Self::Flag => summary.flags.iter().filter_map(code).collect(),
            Self::Tag => summary.tags.iter().map(ToString::to_string).collect(),
        }
    }
}

/// How bad a complaint is as a number, to sort by: 4 for critical down to 1 for minor, 0 for not classified.
pub(crate) const fn severity_rank(severity: Option<Severity>) -> i64 {
    match severity {
        Some(Severity::Critical) => 4,
        Some(Severity::Serious) => 3,
        Some(Severity::Moderate) => 2,
        Some(Severity::Minor) => 1,
        None => 0,
    }
}

/// The columns of the table of complaints that dimensions are kept in. The column says whether a number is meant.
pub(crate) fn columns(summary: &Summary) -> impl Iterator<Item = (&'static str, Value)> {
    Dimension::ALL
        .into_iter()
        .filter_map(move |dimension| match dimension.kept() {
            Kept::Column(name) => {
                let value = dimension.all_values(summary).pop();
                Some((name, value.into()))
            }
            Kept::Root(_) | Kept::List(_) => None,
        })
}

/// The tables of dimensions of which a complaint may have several values, and its values.
pub(crate) fn lists(summary: &Summary) -> impl Iterator<Item = (&'static str, Vec<String>)> {
    Dimension::ALL
        .into_iter()
        .filter_map(move |dimension| match dimension.kept() {
            Kept::List(table) => Some((table, dimension.values(summary))),
            Kept::Column(_) | Kept::Root(_) => None,
        })
}

/// A complaint's values in one of these tables.
pub(crate) fn list(table: &str, summary: &Summary) -> Vec<String> {
    lists(summary)
        .find(|(name, _)| *name == table)
        .map_or_else(Vec::new, |(_, values)| values)
}

fn one(value: Option<String>) -> Vec<String> {
    value.into_iter().collect()
}

fn root(path: Option<String>) -> Option<String> {
    let path = path?;
    Some(path.split('/').next().unwrap_or_default().to_owned())
}

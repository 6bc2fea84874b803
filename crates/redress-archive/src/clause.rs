//! The conditions of a query as SQL, one clause for each field.
//!
//! A clause is written in two ways. To *drive*, it names its column, so that SQLite looks complaints up by its index. To
//! *check*, it says the same with a `+` before the column, which keeps SQLite from any index: the complaints come from
//! elsewhere. Which clause drives is settled in [`filter`](crate::filter), by how many complaints each lets through.

use rusqlite::types::Value;

use crate::dimension::{Dimension, Kept};
use crate::number::Number;
use crate::query::{Condition, Field, Match};

/// What a field must be, as SQL, and the values it is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) driving: String,
    pub(crate) checking: String,
    pub(crate) values: Vec<Value>,
    pub(crate) index: Index,
}

/// What the index behind a driving clause gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Index {
    /// There is none: the clause never drives.
    None,
    /// The complaints.
    Complaints,
    /// The complaints in the order of their receipt.
    InOrder,
    /// It is the order of receipt itself.
    Receipt,
}

impl Clause {
    /// A clause that only checks.
    pub(crate) fn checking(sql: String, values: Vec<Value>) -> Self {
        Self {
            driving: sql.clone(),
            checking: sql,
            values,
            index: Index::None,
        }
    }

    /// These complaints.
    pub(crate) fn among(numbers: impl IntoIterator<Item = Number>) -> Self {
        let numbers: Vec<String> = numbers
            .into_iter()
            .map(|number| number.get().to_string())
            .collect();
        let list = "IN (SELECT value FROM json_each(?))";
        Self {
            driving: format!("complaints.n {list}"),
            checking: format!("+complaints.n {list}"),
            values: vec![format!("[{}]", numbers.join(",")).into()],
            index: Index::Complaints,
        }
    }

    /// The open ones.
    pub(crate) fn open() -> Self {
        Self {
            driving: IS_OPEN.to_owned(),
            checking: IS_OPEN.replace("complaints.", "+complaints."),
            values: Vec::new(),
            index: Index::InOrder,
        }
    }

    /// Whether it is [`Clause::open`].
    pub(crate) fn is_open(&self) -> bool {
        self.driving == IS_OPEN
    }

    /// The clause of a condition; `None` of one that is not worked out in SQL alone.
    pub(crate) fn of(condition: &Condition) -> Option<Self> {
        let any = &condition.any;
        Some(match &condition.field {
            Field::Dimension(dimension) => of_dimension(*dimension, any),
            Field::Id => column("id", Index::Complaints, any),
            Field::ExternalRef => column("external_ref", Index::Complaints, any),
            Field::Subject => column("subject", Index::Complaints, any),
            Field::Received => column("received_at", Index::Receipt, any),
            Field::Resolved => column("resolved_at", Index::Complaints, any),
            Field::Closed => column("closed_key", Index::Complaints, any),
            Field::Open => open(any),
            Field::Duplicate => truths(any, "complaints.outcome IS 'duplicate'"),
            Field::Source { system, name } => of_source(system, name, any),
            Field::Text | Field::Place | Field::Clock | Field::Due => return None,
        })
    }
}

fn of_dimension(dimension: Dimension, any: &[Match]) -> Clause {
    match dimension.kept() {
        Kept::Column(name) => column(name, index_of(dimension), any),
        Kept::Root(name) => {
            let roots: Vec<Match> = any.iter().map(below).collect();
            column(name, Index::Complaints, &roots)
        }
        Kept::List(table) => list(table, any),
    }
}

/// What lies below a first step. A first step holds no slash: a value with one finds nothing.
fn below(wanted: &Match) -> Match {
    match text_of(wanted) {
        Some(root) if !root.contains('/') => Match::Within(root.to_owned()),
        Some(_) | None => Match::Within("/".to_owned()),
    }
}

/// Which index the column of a dimension has; [`layout`](crate::layout) makes them.
const fn index_of(dimension: Dimension) -> Index {
    match dimension {
        Dimension::State
        | Dimension::Channel
        | Dimension::Category
        | Dimension::CategoryRoot
        | Dimension::Priority
        | Dimension::Product
        | Dimension::Department
        | Dimension::Person
        | Dimension::Outcome
        | Dimension::Cause
        | Dimension::CauseRoot
        | Dimension::Satisfaction => Index::InOrder,
        Dimension::Cycle | Dimension::Level => Index::Complaints,
        Dimension::Source
        | Dimension::Language
        | Dimension::Nature
        | Dimension::Severity
        | Dimension::Safety
        | Dimension::IntakeDepartment
        | Dimension::Upheld
        | Dimension::DepartmentEver
        | Dimension::Remedy
        | Dimension::Relation
        | Dimension::Flag
        | Dimension::Tag => Index::None,
    }
}

fn column(name: &str, index: Index, any: &[Match]) -> Clause {
    let mut terms = Vec::new();
    let mut values = Vec::new();
    for wanted in any {
        let (term, bound) = term(name, wanted);
        terms.push(term);
        values.extend(bound);
    }
    let sql = if terms.is_empty() {
        "FALSE".to_owned()
    } else {
        format!("({})", terms.join(" OR "))
    };
    // Of several values the complaints do not come in one order.
    let is_one_value = matches!(any, [Match::Is(_)]);
    Clause {
        driving: sql.replace(COLUMN, &format!("complaints.{name}")),
        checking: sql.replace(COLUMN, &format!("+complaints.{name}")),
        values,
        index: match index {
            Index::InOrder if !is_one_value => Index::Complaints,
            Index::Receipt if any.len() != 1 => Index::Complaints,
            Index::None | Index::Complaints | Index::InOrder | Index::Receipt => index,
        },
    }
}

/// Stands for the column until it is known whether the clause drives.
const COLUMN: &str = "{column}";

fn term(name: &str, wanted: &Match) -> (String, Vec<Value>) {
    match wanted {
        Match::Is(value) => (format!("{COLUMN} = ?"), vec![bound(name, value)]),
        Match::Complaint(id) => {
            let id = id.as_uuid().as_bytes().to_vec();
            (format!("{COLUMN} = ?"), vec![id.into()])
        }
        Match::Within(path) => {
            // All that starts with the path and a slash lies before the character after the slash.
            let sql = format!("{COLUMN} = ? OR {COLUMN} > ? AND {COLUMN} < ?");
            let bounds = [path.clone(), format!("{path}/"), format!("{path}0")];
            (sql, bounds.map(Value::from).into())
        }
        Match::AtLeast(number) => (format!("{COLUMN} >= ?"), vec![(*number).into()]),
        Match::Between(from, to) => (
            format!("{COLUMN} >= ? AND {COLUMN} < ?"),
            vec![(*from).into(), (*to).into()],
        ),
        Match::Truth(_) | Match::Words(_) | Match::Clock { .. } | Match::Due { .. } => {
            ("FALSE".to_owned(), Vec::new())
        }
    }
}

/// The value as it is compared: a number where the column holds numbers.
fn bound(name: &str, value: &str) -> Value {
    let is_number = matches!(name, "cycle" | "level" | "safety");
    match value.parse::<i64>() {
        Ok(number) if is_number => number.into(),
        Ok(_) | Err(_) => value.to_owned().into(),
    }
}

/// What the index of open complaints says, word for word.
const IS_OPEN: &str = "complaints.state <> 'closed'";

fn open(any: &[Match]) -> Clause {
    if matches!(any, [Match::Truth(true)]) {
        Clause::open()
    } else {
        truths(any, IS_OPEN)
    }
}

fn truths(any: &[Match], is_so: &str) -> Clause {
    let terms: Vec<String> = any
        .iter()
        .map(|wanted| {
            if matches!(wanted, Match::Truth(true)) {
                format!("({is_so})")
            } else {
                format!("NOT ({is_so})")
            }
        })
        .collect();
    Clause::checking(format!("({})", terms.join(" OR ")), Vec::new())
}

fn list(table: &str, any: &[Match]) -> Clause {
    let values = texts_of(any);
    let places = vec!["?"; values.len()].join(", ");
    Clause {
        driving: format!("complaints.n IN (SELECT n FROM {table} WHERE value IN ({places}))"),
        checking: format!(
            "EXISTS (SELECT 1 FROM {table} WHERE {table}.n = complaints.n AND {table}.value IN ({places}))"
        ),
        values,
        index: Index::Complaints,
    }
}

fn of_source(system: &str, name: &str, any: &[Match]) -> Clause {
    let wanted = texts_of(any);
    let places = vec!["?"; wanted.len()].join(", ");
    let mut values = vec![system.to_owned().into(), name.to_owned().into()];
    values.extend(wanted);
    let so = format!("system = ? AND field = ? AND value IN ({places})");
    Clause {
        driving: format!("complaints.n IN (SELECT n FROM source_facts WHERE {so})"),
        checking: format!(
            "EXISTS (SELECT 1 FROM source_facts WHERE source_facts.n = complaints.n AND {so})"
        ),
        values,
        index: Index::Complaints,
    }
}

fn text_of(wanted: &Match) -> Option<&str> {
    if let Match::Is(value) = wanted {
        Some(value)
    } else {
        None
    }
}

fn texts_of(any: &[Match]) -> Vec<Value> {
    let texts = any.iter().filter_map(text_of);
    texts.map(|text| text.to_owned().into()).collect()
}

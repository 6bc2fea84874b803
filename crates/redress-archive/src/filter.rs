//! The conditions of a query put together: which clause drives, and which check.
//!
//! SQLite keeps no statistics here, so it is not left to guess. Of the clauses with an index, the one that lets the fewest
//! complaints through drives, if they are few; they are then sorted. If all let many through, the complaints are walked in
//! the order asked for until a page is full, which does not take long just because many match. Where several indexes give
//! that order, each is a way to walk, and the ways race: which of them meets what is asked for soonest depends on the
//! complaints.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::check::Check;
use crate::clause::{Clause, Index};
use crate::clock_conditions;
use crate::error::ArchiveError;
use crate::number::Number;
use crate::query::{Query, Sort};
use crate::text_conditions::{self, Purpose};

/// How many complaints are few: as many are sorted in a few milliseconds. Fewer in tests, whose archives are small.
const FEW: i64 = if cfg!(test) { 500 } else { 5_000 };

/// Conditions as SQL on the table of complaints, and the values they are bound to.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// What is looked up by an index.
    pub(crate) driving: Sql,
    /// What is asked of each complaint that comes along.
    pub(crate) checking: Sql,
    /// The complaints come from an index that is not the order asked for: they are to be sorted.
    pub(crate) sorts: bool,
    /// What drives lets few complaints through.
    pub(crate) is_narrow: bool,
}

/// A condition in SQL, and the values it is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

impl Sql {
    fn all() -> Self {
        Self {
            text: "TRUE".to_owned(),
            values: Vec::new(),
        }
    }

    pub(crate) fn and(&mut self, text: &str, values: &[Value]) {
        self.text.push_str(" AND ");
        self.text.push_str(text);
        self.values.extend(values.iter().cloned());
    }
}

/// The complaints that meet a query, one after another until they are enough.
pub(crate) struct Walk {
    /// Each gives all of them; at least one.
    pub(crate) ways: Vec<Filter>,
    /// All that is asked of their columns, of complaints that come from elsewhere.
    pub(crate) whole: Sql,
    /// What is asked of them besides, a block of them at a time.
    pub(crate) checks: Vec<Check>,
}

impl Filter {
    /// All conditions of a query in SQL, for whoever looks at every complaint that meets them.
    pub(crate) fn of(connection: &Connection, query: &Query) -> Result<Self, ArchiveError> {
        let mut clauses: Vec<Clause> = query.conditions.iter().filter_map(Clause::of).collect();
        // Told to look up every piece of text, it leaves no words to be looked for.
        let (on_words, _) = text_conditions::clauses(connection, query, Purpose::All)?;
        clauses.extend(on_words);
        let others = Self::of_all(connection, &clauses)?;
        let on_clocks = clock_conditions::clauses(connection, query, &others)?;
        if on_clocks.is_empty() {
            return Ok(others);
        }
        clauses.extend(on_clocks);
        Self::of_all(connection, &clauses)
    }

    fn of_all(connection: &Connection, clauses: &[Clause]) -> Result<Self, ArchiveError> {
        let few = fewest(connection, clauses)?;
        let any = || {
            clauses
                .iter()
                .position(|clause| clause.index != Index::None)
        };
        let driver = few.or_else(any);
        let filter = Self::driven(clauses, driver, driver.is_some(), false);
        Ok(Self {
            is_narrow: few.is_some(),
            ..filter
        })
    }

    fn driven(clauses: &[Clause], driver: Option<usize>, sorts: bool, by_receipt: bool) -> Self {
        let (mut driving, mut checking) = (Sql::all(), Sql::all());
        for (place, clause) in clauses.iter().enumerate() {
            // An index in the order of receipt is entered where the period begins.
            let follows = clause.index == Index::Receipt && by_receipt && !sorts;
            if driver == Some(place) || follows {
                driving.and(&clause.driving, &clause.values);
            } else {
                checking.and(&clause.checking, &clause.values);
            }
        }
        Self {
            driving,
            checking,
            sorts,
            is_narrow: sorts,
        }
    }

    /// These complaints.
    pub(crate) fn among(numbers: impl IntoIterator<Item = Number>) -> Self {
        Self::driven(&[Clause::among(numbers)], Some(0), true, false)
    }

    /// Everything that is asked, as one condition.
    pub(crate) fn whole(&self) -> Sql {
        let mut whole = self.driving.clone();
        whole.and(&self.checking.text, &self.checking.values);
        whole
    }
}

impl Walk {
    /// The complaints that meet a query, in its order; where that is by deadline, in the order of receipt.
    pub(crate) fn of(connection: &Connection, query: &Query) -> Result<Self, ArchiveError> {
        let mut clauses: Vec<Clause> = query.conditions.iter().filter_map(Clause::of).collect();
        let (on_words, words) = text_conditions::clauses(connection, query, Purpose::Page)?;
        clauses.extend(on_words);
        let is_by_due = matches!(query.sort, Sort::Due(_));
        if is_by_due {
            keep_from_driving(&mut clauses);
        }
        let is_narrow = fewest(connection, &clauses)?.is_some();
        let (on_clocks, clocks) = clock_conditions::checks(connection, query, is_narrow)?;
        clauses.extend(on_clocks);
        if is_by_due {
            keep_from_driving(&mut clauses);
        }
        let few = fewest(connection, &clauses)?;
        let by_receipt = is_by_due || matches!(query.sort, Sort::Received);
        let mut ways: Vec<Filter> = match few {
            Some(_) => Vec::new(),
            None => in_order(&clauses, by_receipt)
                .map(|place| Filter::driven(&clauses, Some(place), false, by_receipt))
                .collect(),
        };
        if ways.is_empty() {
            ways.push(Filter::driven(&clauses, few, few.is_some(), by_receipt));
        }
        Ok(Self {
            ways,
            whole: Filter::driven(&clauses, None, true, false).checking,
            checks: words
                .into_iter()
                .map(Check::Words)
                .chain(clocks.into_iter().map(Check::Clocks))
                .collect(),
        })
    }

    /// Whether words are looked for in the complaints that come along.
    pub(crate) fn looks_for_words(&self) -> bool {
        let mut checks = self.checks.iter();
        checks.any(|check| matches!(check, Check::Words(_)))
    }

    /// The same complaints, with every word looked up.
    pub(crate) fn looked_up(mut self, connection: &Connection) -> Result<Self, ArchiveError> {
        let mut clauses = Vec::new();
        let mut others = Vec::new();
        for check in self.checks {
            match check {
                Check::Words(words) => clauses.push(Clause::among(words.all(connection)?)),
                Check::Clocks(_) | Check::NeverDue(_) => others.push(check),
            }
        }
        self.checks = others;
        for clause in &clauses {
            self.whole.and(&clause.checking, &clause.values);
            for way in &mut self.ways {
                way.checking.and(&clause.checking, &clause.values);
            }
        }
        if let Some(few) = fewest(connection, &clauses)? {
            let clause = &clauses[few..=few];
            let way = Filter::driven(clause, Some(0), true, false);
            let checking = self.whole.clone();
            self.ways = vec![Filter { checking, ..way }];
        }
        Ok(self)
    }

    /// The only way there is, where it gives few complaints.
    pub(crate) fn narrow_way(&self) -> Option<&Filter> {
        self.ways.first().filter(|way| way.is_narrow)
    }
}

/// In the order of deadlines nothing but open complaints comes along: that they are few does not make it shorter to read
/// them all.
fn keep_from_driving(clauses: &mut [Clause]) {
    for clause in clauses.iter_mut().filter(|clause| clause.is_open()) {
        clause.index = Index::None;
    }
}

/// The clause that lets the fewest complaints through, if they are few.
fn fewest(connection: &Connection, clauses: &[Clause]) -> Result<Option<usize>, ArchiveError> {
    let mut fewest: Option<(i64, usize)> = None;
    for (place, clause) in clauses.iter().enumerate() {
        if clause.index == Index::None {
            continue;
        }
        let most = fewest.map_or(FEW, |(count, _)| count);
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM complaints WHERE {} LIMIT {})",
            clause.driving,
            most + 1
        );
        let count: i64 = connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(&clause.values), |row| row.get(0))?;
        if count <= most {
            fewest = Some((count, place));
        }
    }
    Ok(fewest.map(|(_, place)| place))
}

/// The clauses whose complaints come in the order of their receipt, where that is the order asked for.
fn in_order(clauses: &[Clause], by_receipt: bool) -> impl Iterator<Item = usize> {
    let places = clauses.iter().enumerate();
    places
        .filter(move |(_, clause)| by_receipt && clause.index == Index::InOrder)
        .map(|(place, _)| place)
}

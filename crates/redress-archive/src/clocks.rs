//! The clocks of complaints: their facts in the tables, read at a moment under rules.
//!
//! Kept is what [`Clock::read`] depends on: when a clock started and ended, its terms, whose calendar it goes by, its own
//! limit, and the pauses. A verdict is worked out anew for each question.

use std::collections::BTreeMap;

use redress_core::clock::Part;
use redress_core::event::Assignee;
use redress_core::{
    CategoryPath, Clock, ClockEnd, ClockKind, Cycle, DepartmentId, Ending, Epoch, Pause, Status,
    Target, Terms, Timestamp,
};
use rusqlite::{Connection, Row, params, params_from_iter};
use serde::de::DeserializeOwned;

use crate::error::ArchiveError;
use crate::filter::{Filter, Sql};
use crate::moment::Moment;
use crate::number::{Number, timestamp};
use crate::row::code;

/// Keeps those clocks of a complaint that are not as they were before.
pub(crate) fn write(
    connection: &Connection,
    number: Number,
    before: &[Clock],
    now: &[Clock],
) -> Result<(), ArchiveError> {
    cut(connection, "clocks", number, before.len(), now.len())?;
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO clocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (index, clock) in changed(before, now) {
        let end = clock.end.as_ref();
        insert.execute(params![
            number,
            place(index)?,
            clock.kind.name(),
            clock.started_at.as_micros(),
            clock.terms.category.as_ref().map(CategoryPath::as_str),
            clock.terms.severity.as_ref().and_then(code),
            clock.terms.priority.as_ref().and_then(code),
            clock
                .part
                .as_ref()
                .map(|part| part.assignee.department.as_str()),
            length_json(clock.own_target.as_ref())?,
            fixed_due(clock).map(Timestamp::as_micros),
            end.map(|end| end.at.as_micros()),
            end.map(|end| ending_name(end.how)),
        ])?;
    }
    Ok(())
}

/// Keeps those pauses of a complaint that are not as they were before.
pub(crate) fn write_pauses(
    connection: &Connection,
    number: Number,
    before: &[Pause],
    now: &[Pause],
) -> Result<(), ArchiveError> {
    cut(connection, "pauses", number, before.len(), now.len())?;
    let mut insert =
        connection.prepare_cached("INSERT OR REPLACE INTO pauses VALUES (?, ?, ?, ?, ?, ?)")?;
    for (index, pause) in changed(before, now) {
        insert.execute(params![
            number,
            place(index)?,
            code(&pause.reason),
            pause.from.as_micros(),
            pause.until.map(Timestamp::as_micros),
            pause.ended_at.map(Timestamp::as_micros),
        ])?;
    }
    Ok(())
}

/// The limit given to a clock itself, unless it is a moment.
fn length_json(own: Option<&Target>) -> Result<Option<String>, ArchiveError> {
    own.filter(|own| !matches!(own, Target::At(_)))
        .map(serde_json::to_string)
        .transpose()
        .map_err(|_| ArchiveError::damaged())
}

/// The moment by which a clock is due whatever the rules say: where its deadline was moved to, or its own limit.
const fn fixed_due(clock: &Clock) -> Option<Timestamp> {
    match (clock.extended_to, clock.own_target) {
        (Some(due), _) | (None, Some(Target::At(due))) => Some(due),
        (
            None,
            None
            | Some(
                Target::Elapsed(_)
                | Target::WorkingTime(_)
                | Target::WorkingDays(_)
                | Target::CalendarDays(_)
                | Target::Unlimited,
            ),
        ) => None,
    }
}

fn changed<'a, T: PartialEq>(
    before: &'a [T],
    now: &'a [T],
) -> impl Iterator<Item = (usize, &'a T)> {
    now.iter()
        .enumerate()
        .filter(|(index, one)| before.get(*index) != Some(*one))
}

/// Removes the lines behind the last one, where there are fewer than before.
fn cut(
    connection: &Connection,
    table: &'static str,
    number: Number,
    before: usize,
    now: usize,
) -> Result<(), ArchiveError> {
    if now < before {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE n = ? AND number >= ?"))?
            .execute(params![number, place(now)?])?;
    }
    Ok(())
}

fn place(index: usize) -> Result<i64, ArchiveError> {
    i64::try_from(index).map_err(|_| ArchiveError::too_far())
}

/// How a clock of a complaint stands.
pub(crate) struct Standing {
    pub(crate) number: Number,
    pub(crate) status: Status,
    pub(crate) due: Option<Timestamp>,
    /// It had not ended.
    pub(crate) runs: bool,
}

/// Which clocks are asked about.
#[derive(Clone, Copy)]
pub(crate) struct Which {
    /// Of this kind alone.
    pub(crate) kind: Option<ClockKind>,
    /// Those alone that have not ended.
    pub(crate) running: bool,
}

/// Hands over how each clock stands that had started, of the complaints that meet a filter, in no order.
pub(crate) fn read(
    connection: &Connection,
    moment: &Moment,
    which: Which,
    filter: &Filter,
    mut take: impl FnMut(Standing),
) -> Result<(), ArchiveError> {
    let chosen = chosen(moment, which, filter);
    let pauses = pauses(connection, &chosen)?;
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM {}", chosen.text))?;
    let mut rows = statement.query(params_from_iter(&chosen.values))?;
    while let Some(row) = rows.next()? {
        let number = Number::of_row(row.get(0)?)?;
        let clock = clock(row)?;
        let pauses = pauses.get(&number).map_or(&[][..], Vec::as_slice);
        let reading = moment.rules().read(&clock, pauses, moment.at());
        take(Standing {
            number,
            status: reading.status,
            due: reading.due,
            runs: clock.runs_at(moment.at()),
        });
    }
    Ok(())
}

/// What [`clock`] reads.
pub(crate) const COLUMNS: &str =
    "clocks.n, clocks.kind, clocks.started_at, clocks.category, clocks.severity, clocks.priority,
    clocks.department, clocks.own_target, clocks.fixed_due, clocks.ended_at, clocks.ending";

/// The clocks asked about and their complaints, as SQL behind FROM.
///
/// Where complaints are looked up, their clocks are; otherwise the clocks that run are, for they are few beside all.
pub(crate) fn chosen(moment: &Moment, which: Which, filter: &Filter) -> Sql {
    let Sql {
        text: condition,
        values,
    } = filter.whole();
    let at = moment.at().as_micros();
    let kind = which.kind.map_or_else(String::new, |kind| {
        format!(" AND clocks.kind = '{}'", kind.name())
    });
    // What ended after the moment had not ended then.
    let running = if which.running {
        format!(" AND (clocks.ended_at IS NULL OR clocks.ended_at > {at})")
    } else {
        String::new()
    };
    let tables = if which.running && !filter.is_narrow {
        ["clocks", "complaints"]
    } else {
        ["complaints", "clocks"]
    };
    let text = format!(
        "{} ON clocks.n = complaints.n
         WHERE {condition} AND clocks.started_at <= {at}{kind}{running}",
        tables.join(" CROSS JOIN ")
    );
    Sql { text, values }
}

fn pauses(
    connection: &Connection,
    chosen: &Sql,
) -> Result<BTreeMap<Number, Vec<Pause>>, ArchiveError> {
    let sql = format!(
        "SELECT n, reason, started_at, until, ended_at FROM pauses
         WHERE n IN (SELECT clocks.n FROM {}) ORDER BY n, number",
        chosen.text
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(&chosen.values))?;
    let mut pauses: BTreeMap<Number, Vec<Pause>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let pause = Pause {
            reason: word(row.get::<_, String>(1)?)?,
            from: timestamp(row.get(2)?)?,
            until: instant(row.get(3)?)?,
            ended_at: instant(row.get(4)?)?,
        };
        pauses
            .entry(Number::of_row(row.get(0)?)?)
            .or_default()
            .push(pause);
    }
    Ok(pauses)
}

/// A clock with all that reading it depends on. Its cycle, its epoch and the person do not matter there.
pub(crate) fn clock(row: &Row<'_>) -> Result<Clock, ArchiveError> {
    let terms = Terms {
        category: parsed(row.get(3)?)?,
        severity: row.get::<_, Option<String>>(4)?.map(word).transpose()?,
        priority: row.get::<_, Option<String>>(5)?.map(word).transpose()?,
    };
    let own_target: Option<String> = row.get(7)?;
    let department: Option<DepartmentId> = parsed(row.get(6)?)?;
    let mut clock = Clock::start(
        word(row.get::<_, String>(1)?)?,
        Cycle::FIRST,
        timestamp(row.get(2)?)?,
        terms,
    );
    clock.own_target = own_target
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|_| ArchiveError::damaged())?;
    clock.part = department.map(|department| Part {
        epoch: Epoch::FIRST,
        assignee: Assignee::department(department),
        joint: false,
    });
    clock.extended_to = instant(row.get(8)?)?;
    clock.end = match (instant(row.get(9)?)?, row.get::<_, Option<String>>(10)?) {
        (Some(at), Some(how)) => Some(ClockEnd {
            at,
            how: ending(&how)?,
            lead: None,
        }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(ArchiveError::damaged()),
    };
    Ok(clock)
}

const ENDINGS: [Ending; 4] = [
    Ending::Stopped,
    Ending::HandedOver,
    Ending::Cancelled,
    Ending::Lapsed,
];

const fn ending_name(ending: Ending) -> &'static str {
    match ending {
        Ending::Stopped => "stopped",
        Ending::HandedOver => "handed_over",
        Ending::Cancelled => "cancelled",
        Ending::Lapsed => "lapsed",
    }
}

fn ending(name: &str) -> Result<Ending, ArchiveError> {
    let found = ENDINGS
        .into_iter()
        .find(|ending| ending_name(*ending) == name);
    found.ok_or_else(ArchiveError::damaged)
}

fn instant(micros: Option<i64>) -> Result<Option<Timestamp>, ArchiveError> {
    micros.map(timestamp).transpose()
}

/// A value that stands for itself in stored text.
fn word<T: DeserializeOwned>(text: String) -> Result<T, ArchiveError> {
    serde_json::from_value(serde_json::Value::String(text)).map_err(|_| ArchiveError::damaged())
}

fn parsed<T: std::str::FromStr>(text: Option<String>) -> Result<Option<T>, ArchiveError> {
    text.map(|text| text.parse())
        .transpose()
        .map_err(|_| ArchiveError::damaged())
}

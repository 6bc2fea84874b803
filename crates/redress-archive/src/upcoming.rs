//! Complaints whose clocks run, by the earliest moment at which one of them can be due.
//!
//! Deadlines are in no column, for they depend on the rules and on the moment. But of two clocks that rules treat alike (of
//! one *track*: kind, terms, department, own limit) and that started under the same rules, the one that started first is not
//! due later. A pause only puts a deadline off. So each track gives its clocks in the order in which they started, the tracks
//! are merged by what their next clock would be due at without pauses, and whoever asks for what is due first looks at few
//! complaints beside those it gets.
//!
//! Clocks that have ended since the moment ran then, and are in no track any more: their complaints come first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use redress_core::{Clock, Rulebook, Target, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::clocks;
use crate::error::ArchiveError;
use crate::moment::Moment;
use crate::number::{Number, timestamp};

/// How many clocks of a track are read at a time, at first and at most.
const FIRST_STRETCH: i64 = 8;
const LONGEST_STRETCH: i64 = 512;

/// Complaints whose clocks run at a moment, each once.
pub(crate) struct Upcoming<'a> {
    connection: &'a Connection,
    rules: &'a Rulebook,
    lanes: Vec<Lane>,
    /// The next clock of each lane: when it is due at the earliest, its complaint, and the lane.
    next: BinaryHeap<Reverse<(Timestamp, Number, usize)>>,
    given: BTreeSet<Number>,
}

/// Clocks that are not due before those in front of them.
enum Lane {
    /// Nothing is behind the clocks that are known.
    Ended,
    /// Of one track, started under the same rules.
    Track {
        track: String,
        /// One of them, to work out when another is due.
        clock: Clock,
        /// When the next rules are in force.
        until: i64,
        ahead: Ahead,
    },
    /// Due at a moment that no rules move.
    Fixed(Ahead),
}

/// Clocks that were read and not yet taken, and where to read on.
struct Ahead {
    clocks: VecDeque<(i64, i64)>,
    /// Instant, complaint and number of the clock that was read last.
    last: (i64, i64, i64),
    stretch: i64,
}

impl Ahead {
    const fn behind(last: (i64, i64, i64)) -> Self {
        Self {
            clocks: VecDeque::new(),
            last,
            stretch: FIRST_STRETCH,
        }
    }

    /// Takes a clock that was read.
    fn push(&mut self, row: &Row<'_>) -> Result<(), rusqlite::Error> {
        self.last = (row.get(0)?, row.get(1)?, row.get(2)?);
        self.clocks.push_back((self.last.0, self.last.1));
        Ok(())
    }

    /// The next clock's instant and complaint; where none is left, it reads on first.
    fn next(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), rusqlite::Error>,
    ) -> Result<Option<(Timestamp, Number)>, ArchiveError> {
        if self.clocks.is_empty() {
            read(self)?;
            self.stretch = LONGEST_STRETCH.min(self.stretch * 4);
        }
        let next = self.clocks.pop_front();
        next.map(|(at, number)| Ok((timestamp(at)?, Number::of_row(number)?)))
            .transpose()
    }
}

impl<'a> Upcoming<'a> {
    /// All of them.
    pub(crate) fn of(connection: &'a Connection, moment: &'a Moment) -> Result<Self, ArchiveError> {
        let mut upcoming = Self {
            connection,
            rules: moment.rules(),
            lanes: vec![Lane::Ended],
            next: BinaryHeap::new(),
            given: BTreeSet::new(),
        };
        for number in ended_since(connection, moment.at())? {
            upcoming.next.push(Reverse((Timestamp::MIN, number, 0)));
        }
        upcoming.begin(Lane::Fixed(Ahead::behind((i64::MIN, 0, 0))))?;
        for lane in tracks(connection, moment.rules())? {
            upcoming.begin(lane)?;
        }
        Ok(upcoming)
    }

    /// Those of which a clock may be due before an instant; `None` where more than `most` clocks may.
    pub(crate) fn before(
        connection: &'a Connection,
        moment: &'a Moment,
        end: Timestamp,
        most: usize,
    ) -> Result<Option<BTreeSet<Number>>, ArchiveError> {
        let mut upcoming = Self::of(connection, moment)?;
        let mut clocks = 0;
        while upcoming.bound().is_some_and(|bound| bound < end) {
            clocks += 1;
            if clocks > most {
                return Ok(None);
            }
            upcoming.take()?;
        }
        Ok(Some(upcoming.given))
    }

    /// Before when none of those to come is due; `None` where none is to come.
    pub(crate) fn bound(&self) -> Option<Timestamp> {
        self.next.peek().map(|Reverse((bound, ..))| *bound)
    }

    /// The next ones, as many as `most`.
    pub(crate) fn block(&mut self, most: usize) -> Result<BTreeSet<Number>, ArchiveError> {
        let mut block = BTreeSet::new();
        while block.len() < most && !self.next.is_empty() {
            block.extend(self.take()?);
        }
        Ok(block)
    }

    /// The complaint of the next clock, unless it was given before.
    fn take(&mut self) -> Result<Option<Number>, ArchiveError> {
        let Some(Reverse((_, number, lane))) = self.next.pop() else {
            return Ok(None);
        };
        self.advance(lane)?;
        Ok(self.given.insert(number).then_some(number))
    }

    fn begin(&mut self, lane: Lane) -> Result<(), ArchiveError> {
        self.lanes.push(lane);
        self.advance(self.lanes.len() - 1)
    }

    fn advance(&mut self, index: usize) -> Result<(), ArchiveError> {
        if let Some(lane) = self.lanes.get_mut(index)
            && let Some((due, number)) = lane.next(self.connection, self.rules)?
        {
            self.next.push(Reverse((due, number, index)));
        }
        Ok(())
    }
}

impl Lane {
    /// When the next clock is due at the earliest, and its complaint.
    fn next(
        &mut self,
        connection: &Connection,
        rules: &Rulebook,
    ) -> Result<Option<(Timestamp, Number)>, ArchiveError> {
        match self {
            Self::Ended => Ok(None),
            Self::Fixed(ahead) => ahead.next(|ahead| read_fixed(connection, ahead)),
            Self::Track {
                track,
                clock,
                until,
                ahead,
            } => {
                while let Some((started_at, number)) =
                    ahead.next(|ahead| read_track(connection, track, *until, ahead))?
                {
                    clock.started_at = started_at;
                    // Where the calendar does not tell, there is no deadline, and pauses change nothing about that.
                    if let Some(due) = rules.read(clock, &[], started_at).due {
                        return Ok(Some((due, number)));
                    }
                }
                Ok(None)
            }
        }
    }
}

fn read_track(
    connection: &Connection,
    track: &str,
    until: i64,
    ahead: &mut Ahead,
) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "SELECT started_at, n, number FROM clocks INDEXED BY clocks_by_track
         WHERE ended_at IS NULL AND fixed_due IS NULL AND track = ? AND (started_at, n, number) > (?, ?, ?) AND started_at < ?
         ORDER BY started_at, n, number LIMIT ?",
    )?;
    let (at, number, clock) = ahead.last;
    let mut rows = statement.query(params![track, at, number, clock, until, ahead.stretch])?;
    while let Some(row) = rows.next()? {
        ahead.push(row)?;
    }
    Ok(())
}

fn read_fixed(connection: &Connection, ahead: &mut Ahead) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "SELECT fixed_due, n, number FROM clocks INDEXED BY clocks_by_fixed_due
         WHERE ended_at IS NULL AND fixed_due IS NOT NULL AND (fixed_due, n, number) > (?, ?, ?)
         ORDER BY fixed_due, n, number LIMIT ?",
    )?;
    let (at, number, clock) = ahead.last;
    let mut rows = statement.query(params![at, number, clock, ahead.stretch])?;
    while let Some(row) = rows.next()? {
        ahead.push(row)?;
    }
    Ok(())
}

/// The tracks, one lane for all rules under which clocks of theirs started; without those that have no limit.
fn tracks(connection: &Connection, rules: &Rulebook) -> Result<Vec<Lane>, ArchiveError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {}, clocks.track FROM clocks INDEXED BY clocks_by_track
         WHERE ended_at IS NULL AND fixed_due IS NULL AND (track, started_at) >= (?, ?)
         ORDER BY track, started_at LIMIT 1",
        clocks::COLUMNS
    ))?;
    let mut lanes = Vec::new();
    let mut from = (String::new(), i64::MIN);
    let row = |row: &Row<'_>| Ok((clocks::clock(row), row.get::<_, String>("track")?));
    while let Some((clock, track)) = statement
        .query_row(params![from.0, from.1], row)
        .optional()?
    {
        let clock = clock?;
        let until = next_rules(rules, clock.started_at);
        from = (track.clone(), until);
        if matches!(
            clock.target(rules.of_clock(&clock)),
            None | Some(Target::Unlimited)
        ) {
            continue;
        }
        lanes.push(Lane::Track {
            track,
            ahead: Ahead::behind((clock.started_at.as_micros(), -1, -1)),
            clock,
            until,
        });
    }
    Ok(lanes)
}

/// When the rules after those in force at an instant are in force; after the end of time where there are none.
fn next_rules(rules: &Rulebook, at: Timestamp) -> i64 {
    let mut begins = rules.adoptions().iter().map(|next| next.in_force_from);
    let next = begins.find(|begin| *begin > at);
    next.map_or(i64::MAX, Timestamp::as_micros)
}

/// The complaints of clocks that have ended since an instant.
fn ended_since(connection: &Connection, at: Timestamp) -> Result<BTreeSet<Number>, ArchiveError> {
    let mut statement = connection.prepare_cached("SELECT n FROM clocks WHERE ended_at > ?")?;
    let rows = statement.query_map([at.as_micros()], |row| row.get(0))?;
    rows.map(|number| Number::of_row(number?)).collect()
}

/// Whether a clock has ended since an instant.
pub(crate) fn is_past(connection: &Connection, at: Timestamp) -> Result<bool, ArchiveError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM clocks WHERE ended_at > ?)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([at.as_micros()], |row| row.get(0))?)
}

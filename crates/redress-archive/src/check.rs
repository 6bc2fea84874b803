//! What is asked of complaints a block at a time, because no column tells.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::clock_conditions::{ClockCheck, earliest_due};
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::number::Number;
use crate::page::Place;
use crate::text_conditions::Words;

/// What is asked of complaints a block at a time.
pub(crate) enum Check {
    /// That they hold words.
    Words(Words),
    /// How their clocks stand.
    Clocks(ClockCheck),
    /// That no running clock of theirs has a deadline.
    NeverDue(Moment),
}

impl Check {
    /// Those of some complaints that pass.
    pub(crate) fn passing(
        &self,
        connection: &Connection,
        among: &BTreeSet<Number>,
    ) -> Result<BTreeSet<Number>, ArchiveError> {
        match self {
            Self::Words(words) => words.holders(connection, among),
            Self::Clocks(clocks) => clocks.passing(connection, among),
            Self::NeverDue(moment) => {
                let filter = Filter::among(among.iter().copied());
                let due = earliest_due(connection, moment, &filter)?;
                let never = among.iter().filter(|number| !due.contains_key(number));
                Ok(never.copied().collect())
            }
        }
    }
}

/// Keeps the places whose complaints pass every check.
pub(crate) fn keep(
    connection: &Connection,
    checks: &[Check],
    places: &mut Vec<Place>,
) -> Result<(), ArchiveError> {
    for check in checks {
        if places.is_empty() {
            break;
        }
        let among: BTreeSet<Number> = places.iter().map(|place| place.number).collect();
        let passing = check.passing(connection, &among)?;
        places.retain(|place| passing.contains(&place.number));
    }
    Ok(())
}

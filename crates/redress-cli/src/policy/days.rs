//! `redress policy days`: the days of a published list of holidays, to be looked at before they are put into a policy.

use std::io::Write;

use redress::core::calendar::{DayKind, PublishedDay, all_day_icalendar, yearly_json};
use serde::Serialize;

use crate::args::PolicyDaysArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::Output;
use crate::reading;

/// The days of a list, for programs.
#[derive(Serialize)]
struct Report<'a> {
    file: String,
    days: &'a [PublishedDay],
}

/// Lists the days of a file, and the lines that say the same in a policy.
pub(super) fn run(args: &PolicyDaysArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let text = reading::text("list of days", &args.file)?;
    let file = args.file.display().to_string();
    // A list is told by how it begins: JSON by its brace, iCalendar by its first line.
    let is_json = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{');
    let days = if is_json {
        yearly_json(&text)
    } else {
        all_day_icalendar(&text)
    };
    let mut days = days.map_err(|source| Failure::Days {
        file: file.clone(),
        source,
    })?;
    days.sort_by_key(|day| day.date);
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Report { file, days: &days })?;
        return Ok(Exit::Done);
    }
    let mut grid = Grid::new(&["Date", "Day", "", "~Name"]);
    for day in &days {
        grid.row([
            day.date.to_string(),
            day.date.format("%a").to_string(),
            word(day.kind).to_owned(),
            day.name.clone(),
        ]);
    }
    output.table(&grid)?;
    output.heading("In a calendar of a policy")?;
    output.line(&format!(
        "rest = [{}]",
        dates(&days, DayKind::Rest).join(", ")
    ))?;
    let periods: Vec<String> = args
        .make_up
        .iter()
        .map(|hours| format!("{hours:?}"))
        .collect();
    let periods = periods.join(", ");
    let work = dates(&days, DayKind::Work)
        .into_iter()
        .map(|date| format!("{{ date = {date}, periods = [{periods}] }}"));
    output.line(&format!("work = [{}]", work.collect::<Vec<_>>().join(", ")))?;
    Ok(Exit::Done)
}

fn dates(days: &[PublishedDay], kind: DayKind) -> Vec<String> {
    let of_kind = days.iter().filter(|day| day.kind == kind);
    of_kind.map(|day| day.date.to_string()).collect()
}

const fn word(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Rest => "rest",
        DayKind::Work => "work",
    }
}

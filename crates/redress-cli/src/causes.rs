//! `redress causes`: why things went wrong.

use std::io::Write;

use redress::Language;
use redress::causes::{CauseQuery, CauseView, Dimension, Period, Ranking};
use serde::Serialize;

use crate::args::CausesArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::Output;
use crate::reading;

/// Root causes, and complaints by what else is known of them.
#[derive(Serialize)]
struct Report {
    causes: Ranking,
    by: Vec<Counted>,
}

#[derive(Serialize)]
struct Counted {
    dimension: Dimension,
    #[serde(flatten)]
    ranking: Ranking,
}

/// Runs `redress causes`.
pub(crate) fn run(args: &CausesArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let mut view = CauseView::new(ledger.as_async().policy());
    reading::fold(&ledger, &mut view)?;
    let period = Period {
        from: args.from,
        to: args.to,
    };
    let query = CauseQuery {
        period,
        ..CauseQuery::default()
    };
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        let by = Dimension::ALL
            .into_iter()
            .map(|dimension| Counted {
                dimension,
                ranking: view.counts(dimension, &query),
            })
            .collect();
        output.json(&Report {
            causes: view.pareto(&query),
            by,
        })?;
        return Ok(Exit::Done);
    }
    print(&mut output, "Root causes", &view.pareto(&query), usize::MAX)?;
    for dimension in Dimension::ALL {
        let title = format!("Complaints by {}", dimension.name().replace('_', " "));
        output.line("")?;
        print(&mut output, &title, &view.counts(dimension, &query), 10)?;
    }
    Ok(Exit::Done)
}

/// Prints the first rows of a ranking, with what is left out counted below.
pub(crate) fn print(
    output: &mut Output<'_>,
    title: &str,
    ranking: &Ranking,
    rows: usize,
) -> Result<(), Failure> {
    output.line(&format!(
        "{title}: {} with one, {} without",
        ranking.counted, ranking.unrecorded
    ))?;
    if ranking.rows.is_empty() {
        return Ok(());
    }
    output.line("")?;
    let mut grid = Grid::new(&["Code", "~Name", ">Complaints", ">Share", ">Cumulative"]);
    for row in ranking.rows.iter().take(rows) {
        let name = row.label.in_language(Language::English);
        grid.row([
            row.code.clone(),
            if name == row.code {
                String::new()
            } else {
                name.to_owned()
            },
            row.count.to_string(),
            row.share.percent(),
            row.cumulative.percent(),
        ]);
    }
    let (grid, _) = grid.without_empty_columns();
    output.table(&grid)?;
    let left_out = ranking.rows.len().saturating_sub(rows);
    if left_out > 0 {
        output.line(&format!(
            "and {left_out} more; --format json lists them all"
        ))?;
    }
    Ok(())
}

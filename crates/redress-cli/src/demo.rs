//! `redress demo`: what redress does, on a cut of a real incident log that it carries with it.

use std::io::Write;
use std::path::{Path, PathBuf};

use redress::action::Opened;
use redress::archive::Query;
use redress::blocking::Ledger;
use redress::causes::CauseQuery;
use redress::core::{ClockKind, Cycle};
use redress::sla::BoardFilter;
use redress::sqlite::SqliteStore;
use redress::{Actor, Environment, Language, SystemEnvironment, Timestamp};
use redress_interchange::{Importer, Mapping, Options, demo_csv};
use serde::Serialize;

use crate::args::DemoArgs;
use crate::error::{Exit, Failure};
use crate::hits::Columns;
use crate::output::{Output, instant, typed};
use crate::summary::Summary;
use crate::{causes, hits, import, policy, progress, replay, show, sla};

/// How many rows of the board are shown.
const BOARD_ROWS: usize = 12;
/// When the board is looked at: 2016-03-10T00:00:00Z, in the middle of the log, when much was still open.
const BOARD_AT: Timestamp = match Timestamp::from_micros(1_457_568_000_000_000) {
    Ok(at) => at,
    Err(_) => Timestamp::MAX,
};
/// How many causes are shown.
const CAUSES: usize = 10;

/// What the demo came to, for programs.
#[derive(Serialize)]
struct Report {
    ledger: PathBuf,
    import: Summary,
    replay: replay::Report,
}

/// Runs `redress demo`.
pub(crate) fn run(args: &DemoArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let founding = policy::founding(args.policy.as_deref())?;
    let folder = folder()?;
    let path = folder.join("complaints.redress");
    let rejects = folder.join("complaints.rejects.csv");
    let mapping = Mapping::shipped("uci-incidents")?;
    let csv = demo_csv().as_bytes();
    let bar = progress::bar(u64::try_from(csv.len()).unwrap_or(u64::MAX), "importing");
    let options = Options {
        top_level: founding.max_level,
        ..Options::default()
    };
    let importer =
        Importer::new(&mapping, bar.wrap_read(csv), options).map_err(Failure::Unreadable)?;
    let ledger = Ledger::open_with(&path, founding, crate::secret::from_environment()?)?;
    let (import, failure) = import::take_over(&ledger, importer, &rejects)?;
    bar.finish_and_clear();
    if let Some(failure) = failure {
        return Err(failure);
    }
    open_action(&ledger)?;
    let replay = replay::report(&ledger, None)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Report {
            ledger: path,
            import,
            replay,
        })?;
    } else {
        print(&mut output, &ledger, &path, &rejects, &import, &replay)?;
    }
    Ok(Exit::Done)
}

/// A new folder of its own, which stays so that the ledger can be looked at.
fn folder() -> Result<PathBuf, Failure> {
    let now = SystemEnvironment.now().as_micros();
    let folder = std::env::temp_dir().join(format!("redress-demo-{now}"));
    std::fs::create_dir_all(&folder).map_err(|source| Failure::file("make", &folder, source))?;
    Ok(folder)
}

/// Opens an action against the cause that came up most, so that there is one to look at.
fn open_action(ledger: &Ledger<SqliteStore>) -> Result<(), Failure> {
    let pareto = ledger.views()?.causes.pareto(&CauseQuery::default());
    let cause = pareto.rows.first().and_then(|row| row.code.parse().ok());
    let (Some(cause), Ok(id), Ok(role)) = (cause, "redress-demo".parse(), "program".parse()) else {
        return Ok(());
    };
    let opened = Opened::against(cause, "find out why this cause comes up most");
    // Without it the demo is as good as it is: a refusal is recorded, and nothing else depends on it.
    let _ = ledger.open_action(opened, &Actor::system(id, role))?;
    Ok(())
}

fn print(
    output: &mut Output<'_>,
    ledger: &Ledger<SqliteStore>,
    path: &Path,
    rejects: &Path,
    import: &Summary,
    replay: &replay::Report,
) -> Result<(), Failure> {
    output.line("A cut of a real incident log: Amaral, Fantinato and Peres, \"Incident management process enriched")?;
    output.line("event log\", UCI Machine Learning Repository, CC BY 4.0. Names in it were made anonymous at its source.")?;
    output.line(&format!("The ledger is {}", path.display()))?;
    output.heading("1  What was taken in, and what was not")?;
    import::print_summary(output, import)?;
    output.line("")?;
    output.line(&format!("Each such row is listed in {}", rejects.display()))?;
    output.heading("2  The history, folded again and counted")?;
    replay::print(output, replay)?;
    let views = ledger.views()?;
    output.heading("3  The department SLA board")?;
    let board = views.sla.board(BOARD_AT, &BoardFilter::default());
    output.line(&format!(
        "Clocks of all departments together, as they stood at {}",
        instant(board.at)
    ))?;
    output.line("")?;
    sla::print_totals(output, Language::English, &board)?;
    output.line("")?;
    output.line(&format!(
        "Handling by department, the {BOARD_ROWS} that had most"
    ))?;
    output.line("")?;
    sla::print_busiest(output, &board, ClockKind::Handling, BOARD_ROWS)?;
    output.line("")?;
    sla::print_legend(output, Language::English)?;
    output.heading("4  Root causes")?;
    causes::print(
        output,
        "Root causes",
        &views.causes.pareto(&CauseQuery::default()),
        CAUSES,
    )?;
    output.line("")?;
    output.line("An action was opened against the first of them: see `redress actions` below.")?;
    output.heading("5  A search: complaints whose handling began more than once")?;
    let query = Query::new().cycle_at_least(Cycle::new(2)).limit(3);
    let hits = views.archive.search(&query)?;
    let columns = Columns {
        language: Language::English,
        rules: views.causes.rules(),
    };
    hits::print(output, columns.language, hits::grid(&hits, columns))?;
    if let Some(hit) = hits.first() {
        let id = hit.summary.id;
        output.heading(&format!("6  One of them, with its whole time line: {id}"))?;
        show::print(output, ledger, &views.archive, id, None)?;
        try_next(output, path, &id.to_string())?;
    }
    Ok(())
}

fn try_next(output: &mut Output<'_>, path: &Path, id: &str) -> Result<(), Failure> {
    let ledger = typed(path);
    output.heading("Try next")?;
    for command in [
        format!("redress show {ledger} {id}"),
        format!("redress sla {ledger} --at {BOARD_AT}"),
        format!("redress causes {ledger}"),
        format!("redress actions {ledger}"),
        format!("redress archive {ledger} --priority urgent --state closed"),
        format!("redress replay {ledger} --format json"),
    ] {
        output.line(&format!("  {command}"))?;
    }
    Ok(())
}

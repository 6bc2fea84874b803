//! Figures as aligned tables, for the terminal and for `docs/benchmarks.md`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::machine::Machine;
use crate::stopwatch::{Plan, Sample};

/// Figures that belong together.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    /// What was done, and on what.
    pub(crate) about: String,
    pub(crate) figures: Vec<Figure>,
}

/// One figure beside its yardstick.
pub(crate) struct Figure {
    what: String,
    unit: Unit,
    ours: Sample,
    yardstick: Option<(&'static str, Sample)>,
    target: &'static str,
}

/// How a sample is told.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// So many of these in a second.
    PerSecond(&'static str),
    /// How long each takes.
    Each,
}

impl Figure {
    /// A figure with nothing beside it.
    pub(crate) fn alone(what: impl Into<String>, unit: Unit, ours: Sample) -> Self {
        Self {
            what: what.into(),
            unit,
            ours,
            yardstick: None,
            target: "",
        }
    }

    /// The same, beside how long the yardstick took for as many operations.
    pub(crate) const fn beside(mut self, name: &'static str, yardstick: Sample) -> Self {
        self.yardstick = Some((name, yardstick));
        self
    }

    /// The same, with what is aimed at.
    pub(crate) const fn target(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }

    fn cells(&self) -> [String; 6] {
        let (name, yardstick, ratio) = match self.yardstick {
            None => ("", String::new(), String::new()),
            Some((name, sample)) => (name, self.unit.tell(sample), ratio(self.ours, sample)),
        };
        [
            self.what.clone(),
            self.unit.tell(self.ours),
            name.to_owned(),
            yardstick,
            ratio,
            self.target.to_owned(),
        ]
    }
}

impl Unit {
    fn tell(self, sample: Sample) -> String {
        match self {
            Self::PerSecond(what) => format!("{} {what}/s", grouped(sample.per_second())),
            Self::Each => length(sample.picoseconds_each()),
        }
    }
}

/// How many times as fast as the yardstick: above 1 is a win.
fn ratio(ours: Sample, yardstick: Sample) -> String {
    let thousandths = yardstick
        .picoseconds_each()
        .saturating_mul(1_000)
        .checked_div(ours.picoseconds_each())
        .unwrap_or_default();
    if thousandths < 100 {
        format!("0.{thousandths:03}")
    } else {
        format!("{}.{:02}", thousandths / 1_000, thousandths % 1_000 / 10)
    }
}

fn length(picoseconds: u128) -> String {
    let nanoseconds = picoseconds / 1_000;
    let (unit, tenth) = match nanoseconds {
        0..10_000 => return format!("{nanoseconds} ns"),
        10_000..1_000_000 => ("µs", 100),
        1_000_000..1_000_000_000 => ("ms", 100_000),
        1_000_000_000.. => ("s", 100_000_000),
    };
    let tenths = nanoseconds / tenth;
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// A number with a comma before every three digits from the end.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

const HEAD: [&str; 6] = [
    "figure",
    "redress",
    "yardstick",
    "its figure",
    "ratio",
    "target",
];

/// Which columns hold numbers, and stand to the right.
const RIGHT: [bool; 6] = [false, true, false, true, true, false];

impl Section {
    /// For the terminal and for Markdown alike: a table whose columns stand below each other.
    pub(crate) fn text(&self) -> String {
        let rows: Vec<[String; 6]> = self.figures.iter().map(Figure::cells).collect();
        let widths: [usize; 6] = std::array::from_fn(|column| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([HEAD[column].len()]).max().unwrap_or_default()
        });
        let mut text = format!("## {}\n\n{}\n\n", self.title, self.about);
        line(&mut text, &HEAD.map(str::to_owned), widths);
        let rules: [String; 6] = std::array::from_fn(|column| {
            let dashes = "-".repeat(widths[column] - 1);
            if RIGHT[column] {
                format!("{dashes}:")
            } else {
                format!("-{dashes}")
            }
        });
        line(&mut text, &rules, widths);
        for row in &rows {
            line(&mut text, row, widths);
        }
        text
    }
}

fn line(text: &mut String, cells: &[String; 6], widths: [usize; 6]) {
    for ((cell, width), right) in cells.iter().zip(widths).zip(RIGHT) {
        let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
        let padded = if right {
            format!("{padding}{cell}")
        } else {
            format!("{cell}{padding}")
        };
        text.push_str("| ");
        text.push_str(&padded);
        text.push(' ');
    }
    text.push_str("|\n");
}

/// The lines between which the document is written anew; what stands around them is kept.
const BEGIN: &str = "<!-- figures: written by `cargo bench -p redress-benches -- --write DATE` -->";
const END: &str = "<!-- end of figures -->";

/// Writes the figures into `docs/benchmarks.md`, between its two marks; a section that was not measured now is kept.
pub(crate) fn write(
    date: &str,
    machine: &Machine,
    plan: &Plan,
    sections: &[Section],
) -> Outcome<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/benchmarks.md")
        .canonicalize()?;
    let page = std::fs::read_to_string(&path)?;
    let marks = page
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?)));
    let (before, (inside, after)) =
        marks.ok_or("docs/benchmarks.md lacks the marks between which figures stand")?;
    let measured = format!(
        "Measured on {date}: medians of {} rounds. {machine}\n",
        plan.rounds
    );
    let mut kept: Vec<String> = inside.split(HEADING).skip(1).map(str::to_owned).collect();
    for section in sections {
        let new = format!("{}\n{measured}\n", section.text());
        let new = new.trim_start_matches(HEADING.trim_start()).to_owned();
        let title = format!("{}\n", section.title);
        match kept.iter_mut().find(|old| old.starts_with(&title)) {
            Some(old) => *old = new,
            None => kept.push(new),
        }
    }
    let mut text = format!("{before}{BEGIN}\n");
    for section in &kept {
        writeln!(text, "{HEADING}{}", section.trim_end())?;
    }
    write!(text, "\n{END}{after}")?;
    std::fs::write(&path, text)?;
    Ok(path)
}

/// What a section begins with.
const HEADING: &str = "\n## ";

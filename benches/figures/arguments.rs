//! What was asked for on the command line.

use std::path::PathBuf;

use crate::stopwatch::Plan;
use crate::{GROUPS, Outcome};

/// The words after `cargo bench --`.
pub(crate) struct Arguments {
    /// Under which date `docs/benchmarks.md` is written; it is not written without one.
    pub(crate) date: Option<String>,
    groups: Vec<String>,
    complaints: Option<usize>,
    folder: Option<PathBuf>,
    is_bench: bool,
}

impl Arguments {
    /// Reads them; an unknown word is an error.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut arguments = Self {
            date: None,
            groups: Vec::new(),
            complaints: None,
            folder: None,
            is_bench: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                // What cargo itself adds when it is asked for benches, and not for tests.
                "--bench" => arguments.is_bench = true,
                "--write" => {
                    let date = words
                        .next()
                        .ok_or("--write needs a date, such as 2026-03-02")?;
                    arguments.date = Some(date);
                }
                "--complaints" => {
                    let count = words.next().ok_or("--complaints needs a number")?;
                    arguments.complaints = Some(count.parse()?);
                }
                "--folder" => {
                    let folder = words.next().ok_or("--folder needs a path")?;
                    arguments.folder = Some(folder.into());
                }
                group if GROUPS.iter().any(|(name, _)| *name == group) => {
                    arguments.groups.push(word);
                }
                unknown => return Err(refusal(unknown).into()),
            }
        }
        if arguments.date.is_some() && !arguments.is_bench {
            return Err("--write needs `cargo bench`: nothing else measures enough".into());
        }
        Ok(arguments)
    }

    /// Whether a group is to be measured: all are, unless some are named.
    pub(crate) fn selects(&self, group: &str) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|name| name == group)
    }

    /// Everything several times as a bench; once and small otherwise, to see that it works.
    pub(crate) fn plan(&self) -> Plan {
        let plan = if self.is_bench {
            Plan::FULL
        } else {
            Plan::SMALL
        };
        Plan {
            complaints: self.complaints.unwrap_or(plan.complaints),
            folder: self.folder.clone(),
            ..plan
        }
    }
}

fn refusal(unknown: &str) -> String {
    let names: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
    format!(
        "`{unknown}` is neither --write DATE nor --complaints NUMBER nor --folder PATH nor one of: {}",
        names.join(", ")
    )
}

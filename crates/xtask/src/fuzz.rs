//! Fuzzing: libFuzzer makes inputs up for the checks of `redress-fuzz`, beginning with those in `fuzz/corpus/`.
//!
//! Stable Rust is enough: these are the flags that cargo-fuzz passes, but for the address sanitizer, which needs a nightly
//! compiler and finds what only unsafe code can do.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::failure::Failure;
use crate::step::{announce, run, warn};
use crate::workspace::Workspace;

/// Every target, by the name of its program and of its folder.
const TARGETS: [&str; 7] = [
    "checkpoint",
    "note",
    "proof",
    "tile",
    "entry",
    "bundle",
    "keys",
];

/// How long a target is fuzzed where nobody says, in seconds.
pub(crate) const SECONDS: u32 = 60;

/// A folder in memory, on Linux.
const MEMORY: &str = "/dev/shm";

/// How many run side by side.
const AT_ONCE: usize = 2;

/// Tells libFuzzer which parts of the program an input reaches.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// What to fuzz, and for how long.
pub(crate) struct Plan {
    seconds: u32,
    targets: Vec<&'static str>,
}

impl Plan {
    /// Every target.
    pub(crate) fn all(seconds: u32) -> Self {
        let targets = TARGETS.to_vec();
        Self { seconds, targets }
    }

    /// Reads `[--seconds N] [TARGET]`.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, Failure> {
        let mut plan = Self::all(SECONDS);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if *word == "--seconds" {
                let seconds = words.next().and_then(|text| text.parse().ok());
                let none = || Failure::new("--seconds needs a number, such as 60");
                plan.seconds = seconds.filter(|seconds| *seconds > 0).ok_or_else(none)?;
            } else {
                let target = TARGETS.into_iter().find(|target| target == word);
                let known = TARGETS.join(", ");
                let none =
                    || Failure::new(format!("there is no target `{word}`; there are {known}"));
                plan.targets = vec![target.ok_or_else(none)?];
            }
        }
        Ok(plan)
    }
}

/// Fuzzes as planned. Where that cannot be it only tries the kept inputs again, and says so.
pub(crate) fn fuzz(workspace: &Workspace, plan: &Plan) -> Result<(), Failure> {
    if let Some(why) = hindrance(workspace) {
        warn(&format!(
            "nothing was FUZZED, for {why}; the kept inputs are tried again"
        ));
        let mut command = workspace.cargo();
        return run(
            "kept inputs",
            command.args(["test", "--package", "redress-fuzz", "--locked"]),
        );
    }
    let host = workspace.host()?;
    build(workspace, &host)?;
    let mut executed = 0;
    for targets in plan.targets.chunks(AT_ONCE) {
        let running: Vec<(&str, Child)> = targets
            .iter()
            .map(|target| Ok((*target, start(workspace, &host, target, plan.seconds)?)))
            .collect::<Result<_, Failure>>()?;
        for (target, child) in running {
            executed += finish(workspace, target, child)?;
        }
    }
    announce(&format!(
        "fuzzed {} targets for {} s each: {executed} inputs, no crash",
        plan.targets.len(),
        plan.seconds
    ));
    Ok(())
}

/// Why nothing can be fuzzed here, if so.
fn hindrance(workspace: &Workspace) -> Option<&'static str> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let mut compiler = Command::new(compiler);
    compiler.arg("--version").stdin(Stdio::null());
    if !succeeds(&mut compiler) {
        return Some("libFuzzer needs a C++ compiler (`c++`, or the one that CXX names)");
    }
    let mut fetch = workspace.cargo();
    fetch.args(["fetch", "--manifest-path", "fuzz/Cargo.toml"]);
    (!succeeds(&mut fetch)).then_some("libFuzzer could not be fetched from the registry")
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Not `--locked`: its lock follows that of the workspace, whose crates it takes by their paths.
///
/// The target is named so that the flags are for the programs alone, not for what runs while they are built.
fn build(workspace: &Workspace, host: &str) -> Result<(), Failure> {
    let mut command = workspace.cargo();
    command
        .args(["build", "--manifest-path", "fuzz/Cargo.toml"])
        .args(["--release", "--bins", "--target-dir", "target/fuzz"])
        .args(["--target", host])
        .env("RUSTFLAGS", COVERAGE);
    run("programs to fuzz with", &mut command)
}

/// New inputs go to a folder under `target/`; those that are kept are only read.
fn start(workspace: &Workspace, host: &str, target: &str, seconds: u32) -> Result<Child, Failure> {
    let failed = |error| Failure::new(format!("{target} cannot be fuzzed: {error}"));
    let found = workspace.path(&format!("target/fuzz/corpus/{target}"));
    fs::create_dir_all(&found).map_err(failed)?;
    let log = File::create(workspace.path(&log(target))).map_err(failed)?;
    let mut command = Command::new(workspace.path(&format!("target/fuzz/{host}/release/{target}")));
    command
        .arg(format!("-max_total_time={seconds}"))
        .args(["-timeout=25", "-rss_limit_mb=2048", "-print_final_stats=1"])
        .arg(format!(
            "-artifact_prefix={}",
            workspace.path("target/fuzz/").display()
        ))
        .arg(found)
        .arg(workspace.path(&format!("fuzz/corpus/{target}")))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    announce(&format!("fuzzing {target} for {seconds} s"));
    // In memory, where there is such a folder: who waits for a disk tries less.
    if Path::new(MEMORY).is_dir() {
        command.env("TMPDIR", MEMORY);
    }
    command.spawn().map_err(failed)
}

fn log(target: &str) -> String {
    format!("target/fuzz/{target}.log")
}

/// Waits for its end, and tells how many inputs it tried.
fn finish(workspace: &Workspace, target: &str, mut child: Child) -> Result<u64, Failure> {
    let failed = |error| Failure::new(format!("{target} cannot be fuzzed: {error}"));
    let status = child.wait().map_err(failed)?;
    let log = log(target);
    let said = fs::read(workspace.path(&log)).map_err(failed)?;
    let said = String::from_utf8_lossy(&said);
    if !status.success() {
        let last: Vec<&str> = said.lines().rev().take(20).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(Failure::new(format!(
            "{target} ({status}):\n{}\nThe input is named above; all of it is in {log}",
            last.join("\n")
        )));
    }
    Ok(executed(&said))
}

/// What libFuzzer says at its end: `stat::number_of_executed_units: 12345`.
fn executed(log: &str) -> u64 {
    let told = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    told.and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_every_target_for_a_minute_unless_told() {
        let all = Plan::parse(&[]).unwrap();
        assert_eq!((all.seconds, all.targets.len()), (60, 7));
        let one = Plan::parse(&["--seconds", "5", "note"]).unwrap();
        assert_eq!((one.seconds, one.targets), (5, vec!["note"]));
        for wrong in [&["--seconds"][..], &["--seconds", "0"], &["letter"]] {
            assert!(Plan::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_number_of_inputs_is_read_from_what_libfuzzer_says() {
        assert_eq!(
            executed("Done\nstat::number_of_executed_units: 12345\n"),
            12_345
        );
        assert_eq!(executed("nothing"), 0);
    }
}

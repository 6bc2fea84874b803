//! A test of this very program as a process of its own, which says how far it is until it is killed.
//!
//! The kill is SIGKILL on Unix: nothing of the child runs any more, no destructor and no handler. Nobody waits for a
//! time to pass: the child says a line, and blocks where it is to be killed.

#![expect(
    clippy::expect_used,
    reason = "a child that cannot be run or does not answer is a failed test"
)]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{self, ChildStdout, Command, Stdio};

/// A test that runs as a child.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// Starts the test of this name, as `cargo test -- --list` gives it, with these variables of the environment.
    ///
    /// Without them the test must end at once, as it is also run with all the others.
    ///
    /// # Panics
    ///
    /// When no process can be started.
    #[must_use]
    pub fn start<V: AsRef<OsStr>>(
        test: &str,
        variables: impl IntoIterator<Item = (&'static str, V)>,
    ) -> Self {
        let program = std::env::current_exe().expect("the path of this program");
        let mut process = Command::new(program)
            .args(["--exact", test, "--nocapture", "--test-threads", "1"])
            .envs(variables)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let output = process.stdout.take().expect("the output of the child");
        Self {
            process,
            lines: BufReader::new(output).lines(),
        }
    }

    /// The next line it says; `None` when it has ended.
    ///
    /// # Panics
    ///
    /// When what it says is not text.
    pub fn line(&mut self) -> Option<String> {
        let line = self.lines.next()?;
        Some(line.expect("the child writes text"))
    }

    /// Kills it, and gives what it had said by then and was not read.
    ///
    /// # Panics
    ///
    /// When it cannot be killed.
    #[must_use]
    pub fn kill(mut self) -> Vec<String> {
        self.process.kill().expect("the child can be killed");
        self.process.wait().expect("the child has ended");
        // A line that was cut off by the kill is a line like any other here.
        self.lines.map_while(Result::ok).collect()
    }

    /// Lets it run until it says that it has reached this step, and kills it there; tells whether it came there.
    ///
    /// # Panics
    ///
    /// When it ended before, and failed.
    #[must_use]
    pub fn is_killed_at(mut self, step: &str) -> bool {
        let told = format!("reached {step} .");
        while let Some(line) = self.line() {
            // The test runner may have begun the line with words of its own.
            if line.ends_with(&told) {
                drop(self.kill());
                return true;
            }
        }
        let ended = self.process.wait().expect("the child has ended");
        assert!(ended.success(), "the child failed before `{step}`");
        false
    }
}

/// Says, in a child, that this step is reached, and waits to be killed.
///
/// # Panics
///
/// When it cannot be said.
pub fn wait_to_be_killed(step: &str) -> ! {
    let mut output = std::io::stdout().lock();
    writeln!(output, "reached {step} .").expect("somebody listens");
    output.flush().expect("somebody listens");
    loop {
        std::thread::park();
    }
}

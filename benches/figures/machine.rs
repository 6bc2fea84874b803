//! On what it was measured.

use std::fmt;
use std::fs;
use std::process::Command;

/// The machine and the versions of what matters.
pub(crate) struct Machine {
    processor: String,
    threads: usize,
    memory_mib: Option<u64>,
    load: Option<String>,
    compiler: String,
}

impl Machine {
    /// Asks the system; what it does not tell is left out.
    pub(crate) fn look() -> Self {
        let first_word = |text: String| text.split_whitespace().next().map(str::to_owned);
        Self {
            processor: field("/proc/cpuinfo", "model name")
                .unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory_mib(),
            load: fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(first_word),
            compiler: compiler().unwrap_or_else(|| "an unknown compiler".to_owned()),
        }
    }
}

/// The value of a line `name : value`.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn memory_mib() -> Option<u64> {
    let total = field("/proc/meminfo", "MemTotal")?;
    let kib: u64 = total.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024)
}

fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    Some(version.trim().to_owned())
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} threads of {}", self.threads, self.processor)?;
        if let Some(memory) = self.memory_mib {
            write!(f, ", {memory} MiB")?;
        }
        write!(f, "; {}", std::env::consts::OS)?;
        if let Some(load) = &self.load {
            write!(f, ", load {load} before it began")?;
        }
        write!(
            f,
            "; {}, SQLite {}, redress {}.",
            self.compiler,
            rusqlite::version(),
            env!("CARGO_PKG_VERSION")
        )
    }
}

//! Where the workspace is, and what cargo says about it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;

/// The workspace that this program belongs to.
pub(crate) struct Workspace {
    root: PathBuf,
    cargo: OsString,
}

impl Workspace {
    /// Asks cargo, which tells every program it runs where its manifest is.
    pub(crate) fn find() -> Result<Self, Failure> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .ok_or_else(|| Failure::new("run it as `cargo xtask`, not by itself"))?;
        let root = Path::new(&manifest)
            .ancestors()
            .nth(2)
            .ok_or_else(|| Failure::new("crates/xtask does not lie in a workspace"))?;
        Ok(Self {
            root: root.to_owned(),
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        })
    }

    /// A file of the workspace.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo, run at the root with nothing to read.
    pub(crate) fn cargo(&self) -> Command {
        self.command(&self.cargo)
    }

    /// The compiler.
    pub(crate) fn rustc(&self) -> Command {
        self.command(&env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
    }

    fn command(&self, program: &OsString) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// What cargo knows of the workspace and of everything it depends on where this compiler runs.
    pub(crate) fn metadata(&self) -> Result<Value, Failure> {
        let output = self
            .cargo()
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(["--all-features", "--filter-platform", &self.host()?])
            .output()
            .map_err(|error| Failure::new(format!("cargo metadata cannot be run: {error}")))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::new(format!("cargo metadata: {}", said.trim())));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| Failure::new(format!("cargo metadata wrote no JSON: {error}")))
    }

    /// What this compiler makes programs for, unless told otherwise.
    pub(crate) fn host(&self) -> Result<String, Failure> {
        let output = self
            .rustc()
            .arg("-vV")
            .output()
            .map_err(|error| Failure::new(format!("rustc cannot be run: {error}")))?;
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .map(str::to_owned)
            .ok_or_else(|| Failure::new("rustc -vV names no host"))
    }
}

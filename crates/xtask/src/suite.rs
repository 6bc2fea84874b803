//! The chores made of several steps.

use std::path::Path;

use crate::failure::Failure;
use crate::fuzz;
use crate::licences;
use crate::step::{announce, run, warn};
use crate::workspace::Workspace;

const WASM: &str = "wasm32-unknown-unknown";

/// Everything that must hold before a change is taken in, cheapest first. The output ends with the summary of tests.
///
/// What takes minutes is left to the build server, which sets the variable `CI`.
pub(crate) fn test(workspace: &Workspace) -> Result<(), Failure> {
    run(
        "format",
        workspace.cargo().args(["fmt", "--all", "--check"]),
    )?;
    run(
        "format of what fuzzes",
        workspace
            .cargo()
            .args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]),
    )?;
    licences::check(workspace)?;
    run(
        "lints, benches included",
        workspace
            .cargo()
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--locked",
            ])
            .args(["--", "-D", "warnings"]),
    )?;
    run(
        "lints of the library without the embedded store",
        workspace
            .cargo()
            .args(["clippy", "--package", "redress", "--no-default-features"])
            .args(["--locked", "--", "-D", "warnings"]),
    )?;
    purity(workspace)?;
    run(
        "documentation",
        workspace
            .cargo()
            .args([
                "doc",
                "--workspace",
                "--no-deps",
                "--all-features",
                "--locked",
            ])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    run(
        "unit, integration, property and documentation tests",
        workspace
            .cargo()
            .args(["test", "--workspace", "--all-features", "--locked"]),
    )?;
    if std::env::var_os("CI").is_none() {
        return Ok(());
    }
    fuzz::fuzz(workspace, &fuzz::Plan::all(fuzz::SECONDS))?;
    flips(workspace)?;
    power(workspace)
}

/// A power loss after every write of a ledger's life, several disks for each, and each synchronisation left out.
pub(crate) fn power(workspace: &Workspace) -> Result<(), Failure> {
    run(
        "power loss at every write",
        workspace
            .cargo()
            .args(["test", "--release", "--locked"])
            .args(["--package", "redress", "--test", "it", "power::"])
            .args(["--", "--nocapture", "--test-threads", "1"])
            .env("REDRESS_POWER_MANY", "1"),
    )
}

/// Every bit of a bundle and of a ledger of 1,000 entries flipped, every entry moved, every file cut off; the counts are
/// printed. One test at a time, for each uses every core.
pub(crate) fn flips(workspace: &Workspace) -> Result<(), Failure> {
    run(
        "every flip, cut and exchange",
        workspace
            .cargo()
            .args(["test", "--release", "--locked"])
            .args(["--package", "redress-evidence", "--test", "it", "flips"])
            .args(["--", "--nocapture", "--test-threads", "1"]),
    )
}

/// The core knows no clock, thread or file: it compiles where there are none.
fn purity(workspace: &Workspace) -> Result<(), Failure> {
    if !has_target(workspace, WASM) {
        warn(&format!(
            "whether redress-core compiles to {WASM} was NOT checked; `rustup target add {WASM}` makes it so"
        ));
        return Ok(());
    }
    run(
        "purity of the core",
        workspace
            .cargo()
            .args(["check", "--package", "redress-core", "--lib", "--locked"])
            .args(["--target", WASM]),
    )
}

fn has_target(workspace: &Workspace, target: &str) -> bool {
    let output = workspace
        .rustc()
        .args(["--print", "target-libdir", "--target", target])
        .output();
    output.is_ok_and(|output| {
        output.status.success()
            && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
    })
}

/// Licences always; advisories, bans and sources where `cargo deny` is installed.
pub(crate) fn check_deny(workspace: &Workspace) -> Result<(), Failure> {
    licences::check(workspace)?;
    announce("looking for cargo-deny");
    let installed = workspace
        .cargo()
        .args(["deny", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if installed {
        run(
            "advisories, bans, licences, sources",
            workspace.cargo().args(["deny", "check"]),
        )
    } else {
        warn(
            "known advisories, bans and sources were NOT checked, licences only by our own reading of them; \
             `cargo install --locked cargo-deny` makes it so",
        );
        Ok(())
    }
}

//! One command of a chore: announced, run, and named again where it fails.

use std::process::Command;

use crate::failure::Failure;

/// Says what is done now.
pub(crate) fn announce(what: &str) {
    eprintln!("xtask: {what}");
}

/// Says loudly what was left out.
pub(crate) fn warn(what: &str) {
    eprintln!("xtask: WARNING: {what}");
}

/// Runs a command whose output goes straight to whoever runs the chore.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), Failure> {
    let line = shown(command);
    announce(&format!("{what}: {line}"));
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("`{line}` cannot be run: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{what} ({status}); what it found stands above, run it alone with `{line}`"
        )))
    }
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let settings = command.get_envs().filter_map(|(name, value)| {
        let value = value?.to_string_lossy().into_owned();
        Some(format!("{}='{value}'", name.to_string_lossy()))
    });
    let program = command.get_program().to_string_lossy().into_owned();
    let program = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(&program)
        .to_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    let words: Vec<String> = settings.chain([program]).chain(arguments).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/some/where/cargo");
        command
            .args(["doc", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(
            shown(&command),
            "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps"
        );
    }

    #[test]
    fn a_failing_command_is_named_in_the_failure() {
        let failure = run("nonsense", &mut Command::new("no-such-program-here")).unwrap_err();
        assert!(
            failure
                .to_string()
                .starts_with("`no-such-program-here` cannot be run")
        );
    }
}

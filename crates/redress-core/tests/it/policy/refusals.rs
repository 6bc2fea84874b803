//! Policy files broken by hand, each with its exact message.
//!
//! The cases stand in `tests/data/policy_errors`. Each names itself (`==`), says how it departs from the good file
//! `base.toml` (`-` takes lines out that follow each other there, `+` puts lines in, `@` goes on elsewhere) or is a file of
//! its own (`~`), and tells every message (`!`).

use redress_core::Policy;

use super::BASE;

#[derive(Default)]
struct Case {
    name: String,
    hunks: Vec<Hunk>,
    whole: Vec<String>,
    messages: Vec<String>,
}

/// Lines that follow each other in the good file, and what stands there instead.
#[derive(Default)]
struct Hunk {
    out: Vec<String>,
    put: Vec<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            cases.push(Case {
                name: name.to_owned(),
                ..Case::default()
            });
        } else if let Some(case) = cases.last_mut() {
            case.take(line);
        }
    }
    cases
}

impl Case {
    fn take(&mut self, line: &str) {
        let (sign, rest) = line.split_at(line.len().min(2));
        let rest = rest.to_owned();
        match sign {
            "- " => {
                if self.hunks.last().is_none_or(|hunk| !hunk.put.is_empty()) {
                    self.hunks.push(Hunk::default());
                }
                self.hunks.last_mut().unwrap().out.push(rest);
            }
            "+ " => self.hunks.last_mut().unwrap().put.push(rest),
            "~ " | "~" => self.whole.push(rest),
            "! " => self.messages.push(rest),
            "@" => self.hunks.push(Hunk::default()),
            "" => {}
            other => assert_eq!(other, "", "{}: a line begins otherwise", self.name),
        }
    }

    fn file(&self) -> String {
        if !self.whole.is_empty() {
            return self.whole.join("\n");
        }
        let base: Vec<String> = BASE.lines().map(str::to_owned).collect();
        let patched = self
            .hunks
            .iter()
            .fold(base, |lines, hunk| hunk.apply(lines, &self.name));
        patched.join("\n")
    }
}

impl Hunk {
    fn apply(&self, mut lines: Vec<String>, name: &str) -> Vec<String> {
        let places: Vec<_> = (0..lines.len())
            .filter_map(|start| Some(start..self.end(&lines, start)?))
            .collect();
        assert_eq!(
            places.len(),
            1,
            "{name}: how often the base has {:?}",
            self.out
        );
        lines.splice(places[0].clone(), self.put.iter().cloned());
        lines
    }

    /// Where the lines to take out end, if they begin here; empty lines between them go too.
    fn end(&self, lines: &[String], start: usize) -> Option<usize> {
        let mut at = start;
        for (index, wanted) in self.out.iter().enumerate() {
            while index > 0 && lines.get(at)?.is_empty() {
                at += 1;
            }
            if lines.get(at)? != wanted {
                return None;
            }
            at += 1;
        }
        Some(at)
    }
}

#[track_caller]
fn check(text: &str, least: usize) {
    let cases = cases(text);
    assert!(cases.len() >= least, "{} cases were found", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let told = match Policy::parse(&case.file(), "policy.toml") {
            Ok(_) => "nothing".to_owned(),
            Err(errors) => errors.to_string(),
        };
        if told != case.messages.join("\n") || case.messages.is_empty() {
            wrong.push(format!("== {}\n{told}\n", case.name));
        }
    }
    assert!(wrong.is_empty(), "told otherwise:\n{}", wrong.join("\n"));
}

#[test]
fn of_the_file_as_a_whole() {
    check(include_str!("../../data/policy_errors/file.txt"), 26);
}

#[test]
fn of_single_settings() {
    check(include_str!("../../data/policy_errors/settings.txt"), 43);
}

#[test]
fn of_checks_at_intake() {
    check(include_str!("../../data/policy_errors/checks.txt"), 19);
}

#[test]
fn of_trees() {
    check(include_str!("../../data/policy_errors/trees.txt"), 15);
}

#[test]
fn of_calendars() {
    check(include_str!("../../data/policy_errors/calendars.txt"), 52);
}

#[test]
fn of_the_organisation() {
    check(
        include_str!("../../data/policy_errors/organisation.txt"),
        40,
    );
}

#[test]
fn of_limits_and_the_ladder() {
    check(include_str!("../../data/policy_errors/limits.txt"), 47);
}

#[test]
fn of_intake_and_templates() {
    check(include_str!("../../data/policy_errors/words.txt"), 27);
}

#[test]
fn of_warnings() {
    check(include_str!("../../data/policy_errors/warnings.txt"), 34);
}

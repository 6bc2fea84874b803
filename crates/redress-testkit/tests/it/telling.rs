//! Counterexamples in the forms that people and other tools read.

use redress_core::{Language, Policy};
use redress_rules::{Rule, Verdict, standard};
use redress_testkit::{Counterexample, Explorer, History, Mutant, Mutation};

fn found() -> (Mutant, Rule, History) {
    let process = Mutant::new(
        &Policy::standard(),
        Mutation::DropGuard {
            code: "satisfaction_unknown",
        },
    );
    let rule = standard()
        .into_iter()
        .find(|rule| rule.name() == "heard_before_satisfied")
        .unwrap();
    let mut seen = Explorer::new(&process)
        .rules([rule.clone()])
        .first_only()
        .explore()
        .unwrap();
    let history = seen.findings.remove(0).history;
    (process, rule, history)
}

/// The test that is written for what was found, compiled as it is.
mod pasted {
    use redress_testkit::{End, Move, Scenario, Wish};

    include!("../data/heard_before_satisfied.txt");

    pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {
        heard_before_satisfied_is_kept()
    }
}

thread_local! {
    static IS_MENDED: std::cell::Cell<bool> = const { std::cell::Cell::new(true) };
}

/// The process of the pasted test: mended, unless this thread says otherwise.
fn process() -> Mutant {
    if IS_MENDED.get() {
        // Every complaint is received from nowhere, so that this is the process as it should be.
        let nothing = Mutation::DropTransition {
            command: "reopen",
            state: redress_core::State::Absent,
        };
        Mutant::new(&Policy::standard(), nothing)
    } else {
        found().0
    }
}

/// As itself it is a test among these, and passes under the mended process.
#[test]
fn a_test_to_paste_fails_until_the_process_is_mended() {
    let (wrong, rule, history) = found();
    let shown = Counterexample::of(&wrong, &rule, &history).unwrap();
    let source = shown.rust("super::process()").unwrap();
    assert_eq!(source, include_str!("../data/heard_before_satisfied.txt"));
    pasted::run().unwrap();
    IS_MENDED.set(false);
    let failure = pasted::run().unwrap_err();
    assert_eq!(
        failure.to_string(),
        "rule `heard_before_satisfied` is broken"
    );
}

#[test]
fn verdicts_words_diagram_and_trace() {
    let (process, rule, history) = found();
    let shown = Counterexample::of(&process, &rule, &history).unwrap();
    assert_eq!(
        shown.verdicts(),
        [Verdict::PossiblySatisfied, Verdict::Violated]
    );
    assert_eq!(
        shown.narrative(Language::Chinese),
        "0s后：ann：接收，投诉已接收\n0s后：ann：归档，投诉已归档\n"
    );
    assert_eq!(
        shown.narrative(Language::English),
        "after 0s: ann: received; the complaint is received\nafter 0s: ann: closed; the complaint is closed\n"
    );
    assert_eq!(
        shown.mermaid(),
        "sequenceDiagram\n    participant complaint\n    ann->>complaint: receive\n    \
         Note over complaint: received, received: heard_before_satisfied possibly_satisfied\n    \
         ann->>complaint: close\n    \
         Note over complaint: closed, closed: heard_before_satisfied violated\n"
    );
    let trace = shown.itf();
    assert_eq!(trace["#meta"]["format"], "ITF");
    assert_eq!(trace["states"][2]["state"], "closed");
    assert_eq!(trace["states"][2]["at_us"]["#bigint"], "1772438400000000");
    let lines = shown.ndjson().unwrap();
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0], serde_json::json!({ "rule": rule.to_string() }));
    assert_eq!(lines[1]["fact"]["type"], "received");
    assert_eq!(lines[2]["fact"]["type"], "closed");
    assert_eq!(lines.len(), 3);
}

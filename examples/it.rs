//! The examples, run as they were built for this test.

use std::process::Command;

#[test]
fn the_first_example_finds_what_it_recorded_in_all_three_views() {
    let folder = tempfile::tempdir().unwrap();
    // Tests lie in `deps`, examples in the folder `examples` beside it.
    let built = std::env::current_exe().unwrap();
    let examples = built.parent().unwrap().parent().unwrap().join("examples");
    let output = Command::new(examples.join("first"))
        .arg(folder.path().join("complaints.redress"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let out = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines,
        [
            "found: closed",
            "desk, acknowledge: 1 met",
            "desk, first_response: 1 met",
            "desk, assignment: 1 met",
            "logistics, handling: 1 met",
            "logistics, resolution: 1 met",
            "logistics, feedback: 1 met",
            "logistics, final: 0 met",
            "quality, revisit: 0 met",
            "service/delivery_failure: 100.0%",
        ]
    );
}

//! What the program leaves alone: the disk when it reads, a pipe whose reader has gone, standard error when all is well.

use std::io::{BufRead, BufReader, Read};

use redress::Policy;
use redress::blocking::Ledger;

use crate::program::{Folder, command, demo_ledger, import, rows, run, text};

fn reading_commands(ledger: &str) -> [Vec<&str>; 8] {
    [
        vec!["show", ledger, "INC0000045"],
        vec!["show", ledger, "INC0000045", "--personal"],
        vec!["sla", ledger],
        vec!["causes", ledger],
        vec!["kpi", ledger],
        vec!["actions", ledger],
        vec!["archive", ledger, "INC0000045"],
        vec!["replay", ledger],
    ]
}

#[test]
fn reading_changes_nothing_on_disk() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    assert_eq!(import(&folder.write("log.csv", rows(40)), &ledger).code, 0);
    let before = folder.content();
    assert!(
        before.contains_key("c.views"),
        "the views of the import are there, behind the ledger"
    );
    for args in reading_commands(text(&ledger)) {
        assert_eq!(run(&args).code, 0, "{args:?}");
        assert_eq!(folder.content(), before, "{args:?}");
    }
}

#[test]
fn reading_works_while_another_process_holds_the_ledger_for_writing() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let log = folder.write("log.csv", rows(40));
    assert_eq!(import(&log, &ledger).code, 0);
    let writer = Ledger::open(&ledger, Policy::standard()).unwrap();
    for args in reading_commands(text(&ledger)) {
        let ran = run(&args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    }
    let ran = import(&log, &ledger);
    assert_eq!(ran.code, 1, "two writers at a time");
    assert!(
        ran.err.contains("another program writes this ledger"),
        "{}",
        ran.err
    );
    drop(writer);
    assert_eq!(import(&log, &ledger).code, 0);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    // More than a pipe holds, so that the program is still writing when its reader goes.
    let args = [
        "archive",
        text(demo_ledger()),
        "--limit",
        "1000",
        "--format",
        "json",
    ];
    assert!(run(&args).out.len() > 200_000);
    let mut child = command(&args).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "{\n");
    drop(out);
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(err, "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn no_progress_bar_comes_into_a_pipe() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let ran = import(&folder.write("log.csv", rows(200)), &ledger);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for args in [
        vec!["replay", text(&ledger)],
        vec!["archive", text(&ledger)],
        vec!["sla", text(&ledger)],
    ] {
        assert_eq!(run(&args).err, "", "{args:?}");
    }
}

//! Policies, checked, drawn and compared from the command line.

use serde_json::Value;

use crate::program::{Folder, json, run, text};

const BROKEN: &str = "version = \"2026-07\"\nextends = \"bnk\"\nmax_cycles = 0\n";

#[test]
fn a_shipped_policy_is_checked_by_its_name() {
    let ran = run(&["policy", "check", "bank"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let expected = "\
bank can be used

version              bank-1
departments          0
calendars            0
routes               0
authorities          0
categories           55
causes               36
time limits          21
rungs of the ladder  4
intake rules         0
templates            0
warnings             4
";
    assert_eq!(ran.out, expected);
    let checked = json(&["policy", "check", "bank"]);
    assert_eq!(checked["summary"]["categories"], 55);
    assert_eq!(checked["errors"], Value::Array(vec![]));
}

#[test]
fn a_broken_policy_is_1_with_every_error_in_the_order_of_the_file() {
    let folder = Folder::new();
    let file = folder.write("ours.toml", BROKEN);
    let path = text(&file);
    let ran = run(&["policy", "check", path]);
    let expected = format!(
        "{path}:2:11: at `extends`: there is no shipped policy `bnk`; did you mean `bank`?\n\
         {path}:3:14: at `max_cycles`: `0` is out of range; write a number from 1 to 1000\n"
    );
    assert_eq!((ran.code, ran.out, ran.err), (1, expected, String::new()));
    let ran = run(&["policy", "check", path, "--format", "json"]);
    assert_eq!(ran.code, 1);
    let checked: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(checked["summary"], Value::Null);
    assert_eq!(checked["errors"][1]["line"], 3);
    assert_eq!(checked["errors"][1]["key"], "max_cycles");
}

#[test]
fn a_broken_policy_is_neither_drawn_nor_compared() {
    let folder = Folder::new();
    let file = folder.write("ours.toml", BROKEN);
    let path = text(&file);
    for args in [vec!["draw", path], vec!["diff", "standard", path]] {
        let ran = run(&[&["policy"], args.as_slice()].concat());
        let expected = format!(
            "redress: {path}:2:11: at `extends`: there is no shipped policy `bnk`; did you mean `bank`?; \
             and 1 more, see `redress policy check {path}`\n"
        );
        assert_eq!((ran.code, ran.out, ran.err), (1, String::new(), expected));
    }
}

#[test]
fn a_file_that_is_not_there_is_1() {
    let ran = run(&["policy", "check", "nowhere.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.starts_with("redress: cannot read nowhere.toml: "),
        "{}",
        ran.err
    );
}

#[test]
fn a_file_that_is_not_text_is_1_with_the_place() {
    let folder = Folder::new();
    let file = folder.write("ours.toml", b"version = \"1\"\nextends = \"\xff\"\n");
    let path = text(&file);
    let ran = run(&["policy", "check", path]);
    let expected =
        format!("redress: {path}:2:12: the policy is not UTF-8 text; save the file as UTF-8\n");
    assert_eq!((ran.code, ran.out, ran.err), (1, String::new(), expected));
}

#[test]
fn a_file_goes_before_a_shipped_policy_of_the_same_name() {
    let folder = Folder::new();
    folder.write("bank", "version = \"ours\"\nextends = \"bank\"\n");
    let output = crate::program::command(&["policy", "check", "bank"])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("version              ours\n"), "{out}");
}

#[test]
fn a_policy_is_drawn_in_two_notations() {
    let mermaid = run(&["policy", "draw", "standard"]);
    assert_eq!(mermaid.code, 0);
    assert!(
        mermaid
            .out
            .starts_with("stateDiagram-v2\n    %% policy standard-1\n")
    );
    assert_eq!(
        mermaid.out,
        run(&["policy", "draw", "standard", "--as", "mermaid"]).out
    );
    let dot = run(&["policy", "draw", "standard", "--as", "dot"]);
    assert!(dot.out.starts_with("digraph policy {\n") && dot.out.ends_with("}\n"));
}

#[test]
fn differences_stand_in_a_table_or_as_json() {
    let folder = Folder::new();
    let file = folder.write(
        "ours.toml",
        "version = \"ours\"\nextends = \"standard\"\nwaiver = true\n",
    );
    let ran = run(&["policy", "diff", "standard", text(&file)]);
    let expected = "\
Key      Before      After
version  standard-1  ours
waiver   false       true
";
    assert_eq!((ran.code, ran.out.as_str()), (0, expected));
    let differences = json(&["policy", "diff", "standard", text(&file)]);
    assert_eq!(differences[1]["key"], "waiver");
    assert_eq!(differences[1]["after"], "true");
    let same = run(&["policy", "diff", "bank", "bank"]);
    assert_eq!((same.code, same.out.as_str()), (0, "they say the same\n"));
}

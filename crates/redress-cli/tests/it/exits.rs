//! What the shell is told, and with which words.

use redress::blocking::Ledger;
use redress::event::{Customer, Received, ReceivedPersonal};
use redress::{Actor, Channel, Policy};

use crate::program::{Folder, Ran, demo_ledger, import, rows, run, text};

#[track_caller]
fn check(ran: &Ran, code: i32, message: &str) {
    assert_eq!(ran.code, code, "{}", ran.err);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains(message), "{}", ran.err);
}

#[test]
fn a_complaint_that_is_not_there_is_4() {
    let ledger = text(demo_ledger());
    for id in [
        "INC9999999",
        "00000000-0000-0000-0000-000000000001",
        "退款",
        "",
    ] {
        let ran = run(&["show", ledger, id]);
        check(
            &ran,
            4,
            &format!(
                "redress: there is no complaint `{id}` in {ledger}; `redress archive {ledger}`"
            ),
        );
    }
}

#[test]
fn a_wrong_command_line_is_2() {
    let ledger = text(demo_ledger());
    check(&run(&["reckon"]), 2, "unrecognized subcommand");
    check(&run(&["show", ledger]), 2, "<ID>");
    check(
        &run(&["sla", ledger, "--at", "yesterday"]),
        2,
        "is no RFC 3339 instant",
    );
    check(
        &run(&["archive", ledger, "--state", "lost"]),
        2,
        "use received, classified, processing",
    );
    check(
        &run(&["archive", ledger, "--channel", "pigeon"]),
        2,
        "use one of",
    );
}

#[test]
fn a_file_that_is_no_ledger_is_1_and_stays_as_it_is() {
    let folder = Folder::new();
    let wrong = folder.write("wrong.redress", "Dear Sir or Madam,\n");
    let log = folder.write("log.csv", rows(5));
    let before = folder.content();
    for args in [
        vec!["show", text(&wrong), "INC0000045"],
        vec!["sla", text(&wrong)],
        vec!["causes", text(&wrong)],
        vec!["kpi", text(&wrong)],
        vec!["actions", text(&wrong)],
        vec!["archive", text(&wrong)],
        vec!["replay", text(&wrong)],
        vec![
            "import",
            "--mapping",
            "uci-incidents",
            text(&log),
            text(&wrong),
        ],
    ] {
        check(
            &run(&args),
            1,
            "this file is not a redress ledger; nothing was changed",
        );
    }
    assert_eq!(folder.content(), before);
}

#[test]
fn a_ledger_that_is_not_there_is_1_and_is_not_made() {
    let folder = Folder::new();
    let missing = folder.path("missing.redress");
    check(
        &run(&["sla", text(&missing)]),
        1,
        "there is no such file or folder",
    );
    assert!(folder.content().is_empty());
    let nowhere = folder.path("nowhere").join("c.redress");
    let log = folder.write("log.csv", rows(5));
    check(
        &import(&log, &nowhere),
        1,
        "there is no such file or folder",
    );
}

#[test]
fn a_complaint_is_found_by_reference_and_by_id() {
    let ledger = text(demo_ledger());
    let by_reference = run(&["show", ledger, "INC0000045"]);
    assert_eq!(by_reference.code, 0);
    let first = by_reference.out.lines().next().unwrap();
    let id = first.split_whitespace().nth(1).unwrap();
    assert_eq!(run(&["show", ledger, id]).out, by_reference.out);
}

#[test]
fn a_reference_that_came_through_two_channels_names_both_complaints() {
    let folder = Folder::new();
    let path = folder.path("c.redress");
    let ledger = Ledger::open(&path, Policy::standard()).unwrap();
    let agent = Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "desk".parse().unwrap(),
    );
    let ids = [Channel::Email, Channel::SocialMedia].map(|channel| {
        let words = ReceivedPersonal {
            subject: "late".to_owned(),
            ..ReceivedPersonal::default()
        };
        let customer = Customer::anonymous(ledger.new_subject().unwrap());
        let desk = "desk".parse().unwrap();
        let mut letter = Received::new(customer, channel, agent.id.clone(), desk, words);
        letter.external_ref = Some("A-7".parse().unwrap());
        let receipt = ledger.receive(letter, &agent).unwrap().unwrap();
        receipt.complaint_id.to_string()
    });
    let ran = run(&["show", text(&path), "A-7"]);
    check(
        &ran,
        1,
        "there are several complaints `A-7`; name one by its id: ",
    );
    for id in &ids {
        assert!(ran.err.contains(id), "{}", ran.err);
        assert_eq!(run(&["show", text(&path), id]).code, 0);
    }
}

#[test]
fn without_words_a_search_lists_the_newest() {
    let ran = run(&["archive", text(demo_ledger()), "--limit", "3"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[0],
        "161 found, the newest 3 shown; --limit 161 shows all"
    );
    let received: Vec<&str> = lines[3..6].iter().map(|line| &line[12..32]).collect();
    assert!(
        received.is_sorted_by(|later, earlier| later >= earlier),
        "{received:?}"
    );
    // The last incident of the cut that was opened.
    assert_eq!(received[0], "2016-03-04 16:13:00Z");
}

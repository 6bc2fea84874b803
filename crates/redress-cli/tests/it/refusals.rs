//! Refused commands are counted by a replay, and are no complaint to show.

use redress::blocking::Ledger;
use redress::event::{Classified, Customer, Received, ReceivedPersonal};
use redress::{Actor, Channel, Policy};

use crate::program::{Folder, json, run, text};

#[test]
fn a_replay_counts_what_was_refused() {
    let folder = Folder::new();
    let path = folder.path("c.redress");
    let agent = Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    );
    let ledger = Ledger::open(&path, Policy::standard()).unwrap();
    let words = ReceivedPersonal {
        description: "包裹没有送到".to_owned(),
        ..ReceivedPersonal::default()
    };
    let received = Received::new(
        Customer::anonymous(ledger.new_subject().unwrap()),
        Channel::Email,
        agent.id.clone(),
        "service_desk".parse().unwrap(),
        words,
    );
    let id = ledger.receive(received, &agent).unwrap().unwrap();
    let before = json(&["replay", text(&path)]);
    assert_eq!(before["refusals"], 0);
    for _ in 0..2 {
        let nonsense = Classified::new("no/such".parse().unwrap());
        let refused = ledger.execute(id.complaint_id, nonsense, &agent);
        assert!(refused.unwrap().is_err());
    }
    drop(ledger);

    let replay = json(&["replay", text(&path)]);
    assert_eq!(replay["facts"], 4, "the founding rules are a fact too");
    assert_eq!(replay["refusals"], 2);
    assert_eq!(replay["facts_by_kind"]["received"], 1);
    assert_eq!(replay["facts_by_kind"]["refused"], 2);
    assert_eq!(replay["workload"]["complaints"], 1);
    let table = run(&["replay", text(&path)]).out;
    let row = table.lines().find(|line| line.contains("refusals"));
    assert!(
        row.is_some_and(|row| row.trim_end().ends_with('2')),
        "{table}"
    );

    // The stream of the refusals is not a complaint.
    let stream = redress::core::LedgerStream::Refusals.as_uuid().to_string();
    assert_eq!(run(&["show", text(&path), &stream]).code, 4);
}

//! An entry that cannot be read: told with its position, and never passed over.

use redress::blocking::Ledger;
use redress::store::codec::CodecError;
use redress::store::{Append, EventStore, ExpectedVersion, MemoryStore, NewEntry, StoreErrorKind};
use redress::{ComplaintId, LedgerError, Policy, Position};
use rusqlite::Connection;

use crate::wishes::{NAME, WORDS, agent, classify, complaint, note, receive, wish};
use crate::world::{LEDGER, Shown, World, in_memory, of_complaints};

/// The founding rules and four sound facts about two complaints; the third of these changed by `damage` on its way into another ledger.
fn damaged(damage: impl Fn(&mut NewEntry)) -> World<MemoryStore> {
    let sound = in_memory();
    for (id, number) in [(1, 1), (2, 2)] {
        let received = sound.ledger.submit(complaint(id), wish(number, receive()));
        received.unwrap().unwrap();
    }
    for (id, number) in [(1, 3), (2, 4)] {
        let noted = sound
            .ledger
            .submit(complaint(id), wish(number, note("seen")));
        noted.unwrap().unwrap();
    }
    let world = World::on(MemoryStore::new(LEDGER));
    for (index, entry) in sound.entries().into_iter().enumerate() {
        let mut content = entry.content;
        if index == 3 {
            damage(&mut content);
        }
        let append = Append {
            stream: entry.stream,
            expected: ExpectedVersion::Any,
            recorded_at: entry.recorded_at,
            entries: vec![content],
        };
        pollster::block_on(world.ledger.as_async().store().append(append)).unwrap();
    }
    world
}

/// The views stop before the damage; the complaint it concerns is closed to commands, the other one is not.
#[track_caller]
fn check_damage(world: &World<MemoryStore>, words: &str) {
    let ledger = &world.ledger;
    for _ in 0..2 {
        let error = ledger.views().map(drop).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("position 3"), "{message}");
        assert!(message.contains(words), "{message}");
        for personal in [NAME, WORDS, "seen"] {
            assert!(!format!("{message}{error:?}").contains(personal));
        }
    }
    let mut handed = Vec::new();
    let end = ledger.replay_pages(None, Position::FIRST, |facts| {
        handed.extend(facts.iter().map(|fact| fact.position().get()));
        Ok(())
    });
    assert!(end.is_err());
    assert_eq!(handed, [0, 1, 2], "the facts before it");

    let refused = ledger.execute(complaint(1), classify("price"), &agent());
    assert!(refused.unwrap_err().to_string().contains("position 3"));
    assert!(ledger.complaint(complaint(1)).is_err());
    let other = ledger.execute(complaint(2), classify("price"), &agent());
    assert!(other.unwrap().is_ok());
    assert_eq!(world.len(), 5);
}

#[test]
fn a_public_part_that_was_changed_stops_the_views() {
    let spoilt = |entry: &mut NewEntry| entry.public.truncate(40);
    check_damage(&damaged(spoilt), "cannot be read (line 1");
    let other_kind = |entry: &mut NewEntry| entry.event_type = 1;
    check_damage(&damaged(other_kind), "type differs");
    let other_actor = |entry: &mut NewEntry| entry.actor = [0; 16];
    check_damage(&damaged(other_actor), "actor differs");
}

#[test]
fn a_personal_part_that_was_changed_stops_the_views() {
    let spoilt = |entry: &mut NewEntry| entry.parts[0].bytes = b"{".to_vec();
    check_damage(&damaged(spoilt), "personal part");
}

#[test]
fn a_kind_or_a_layout_of_a_later_version_stops_the_views() {
    let later_kind = |entry: &mut NewEntry| entry.event_type = 77;
    check_damage(&damaged(later_kind), "newer version");
    let later_layout = |entry: &mut NewEntry| entry.schema = 2;
    check_damage(&damaged(later_layout), "newer version");
}

/// The fact can be read, but cannot follow what is before it: the views themselves stop.
#[test]
fn a_fact_that_cannot_follow_stops_the_views() {
    let world = in_memory();
    let id = complaint(1);
    world
        .ledger
        .submit(id, wish(1, receive()))
        .unwrap()
        .unwrap();
    let again = Append {
        stream: id.into(),
        expected: ExpectedVersion::Any,
        recorded_at: crate::world::start(),
        entries: vec![twin(&of_complaints(world.entries())[0].content)],
    };
    pollster::block_on(world.ledger.as_async().store().append(again)).unwrap();
    let error = world.ledger.views().map(drop).unwrap_err();
    assert!(matches!(&error, LedgerError::View(stopped) if stopped.position.get() == 2));
    let error = world.ledger.complaint(id).unwrap_err();
    assert!(matches!(&error, LedgerError::History(misfit) if misfit.position.get() == 2));
}

/// The same receipt under another command id.
fn twin(entry: &NewEntry) -> NewEntry {
    let (old, new) = (entry.command_id, crate::wishes::command(99));
    let public = String::from_utf8(entry.public.clone()).unwrap();
    NewEntry {
        command_id: new,
        public: public.replace(&old.to_string(), &new.to_string()).into(),
        ..entry.clone()
    }
}

/// As of an instant before it, damage is not in the way.
#[test]
fn what_was_recorded_before_the_damage_can_be_replayed() {
    let world = damaged(|entry| entry.public.truncate(40));
    let before = crate::world::start() + redress::Span::micros(-1);
    assert_eq!(Shown::anew(&world.ledger, Some(before)).facts(), 0);
    let mut facts = 0;
    let end = world.ledger.replay_pages(None, Position::new(4), |page| {
        facts += page.len();
        Ok(())
    });
    assert_eq!((end.unwrap().get(), facts), (5, 1));
}

/// A file whose entries were changed behind the store's back.
fn changed_file(sql: &str) -> (tempfile::TempDir, Result<(), LedgerError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let ledger = Ledger::open(&path, Policy::standard()).unwrap();
    let mut last: Option<ComplaintId> = None;
    for _ in 0..3 {
        let receipt = ledger.receive(receive(), &agent()).unwrap().unwrap();
        last = Some(receipt.complaint_id);
    }
    ledger
        .execute(last.unwrap(), note("seen"), &agent())
        .unwrap()
        .unwrap();
    drop(ledger.views().unwrap());
    drop(ledger);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let opened = Ledger::open(&path, Policy::standard()).map(drop);
    (folder, opened)
}

#[test]
fn a_file_that_was_changed_is_not_opened_as_if_nothing_were() {
    let sql = "UPDATE entries SET public = replace(public, 'service_desk', 'service desk\"') WHERE position = 1";
    let (_folder, opened) = changed_file(sql);
    let error = opened.unwrap_err();
    let LedgerError::Codec(CodecError::DamagedPublic { position, .. }) = error else {
        panic!("{error}");
    };
    assert_eq!(position, Position::new(1));

    let (_folder, opened) = changed_file("DELETE FROM entries WHERE position = 1");
    let error = opened.unwrap_err();
    let LedgerError::Store(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    assert_eq!(error.position(), Some(Position::new(1)));
}

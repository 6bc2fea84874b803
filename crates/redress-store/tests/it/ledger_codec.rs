//! Facts of the ledger itself to bytes and back.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use redress_core::event::Classified;
use redress_core::{
    Actor, Command, CommandId, ComplaintId, EventId, LedgerEvent, LedgerEventType, LedgerStream,
    Policy, PolicyAdopted, Position, Refused, Rejection, Timestamp, TraceId, Version,
};
use redress_store::codec::{
    CodecError, Draft, decode, decode_complaint, decode_ledger, encode, encode_ledger, no_upcasts,
};
use redress_store::{Entry, Fact, NewEntry, Part, PartKind, StreamId, check_position};
use uuid::Uuid;

use crate::examples::{code, time};

fn draft<E>(event: E) -> Draft<E> {
    Draft {
        event_id: EventId::new(Uuid::from_u128(1)),
        occurred_at: time("2026-03-02T04:00:00.25Z"),
        actor: Actor::system(code("desk"), code("system")),
        command_id: CommandId::new(Uuid::from_u128(2)),
        correlation_id: None,
        causation_id: Some(TraceId::new(Uuid::from_u128(4))),
        event,
    }
}

fn refused() -> Draft<LedgerEvent> {
    let complaint = ComplaintId::new(Uuid::from_u128(9));
    let command = Command::from(Classified::new(code("delivery/late")));
    let rejection = Rejection::UnknownCategory {
        category: code("delivery/late"),
    };
    draft(LedgerEvent::Refused(Refused::new(
        Some(complaint),
        &command,
        &rejection,
    )))
}

fn stored_in(stream: impl Into<StreamId>, content: NewEntry) -> Entry {
    Entry {
        position: Position::new(41),
        stream: stream.into(),
        version: Version::new(7),
        recorded_at: time("2026-03-02T05:00:00Z"),
        content,
    }
}

fn stored(content: NewEntry) -> Entry {
    stored_in(LedgerStream::Refusals, content)
}

#[test]
fn a_refusal_comes_back_as_it_was() {
    let wanted = refused();
    let entry = stored(encode_ledger(&wanted).unwrap());
    let fact = decode(&entry, no_upcasts).unwrap();
    assert_eq!(fact.position(), Position::new(41));
    assert_eq!(fact.recorded_at(), time("2026-03-02T05:00:00Z"));
    assert_eq!(fact.event_id(), wanted.event_id);
    assert_eq!(fact.kind_name(), "refused");
    assert_eq!(fact.as_complaint(), None);
    let recorded = decode_ledger(&entry).unwrap();
    assert_eq!(fact.as_ledger(), Some(&recorded));
    assert_eq!(recorded.occurred_at, wanted.occurred_at);
    assert_eq!(recorded.actor, wanted.actor);
    assert_eq!(recorded.command_id, wanted.command_id);
    assert_eq!(recorded.correlation_id, None);
    assert_eq!(recorded.causation_id, wanted.causation_id);
    assert_eq!(recorded.schema, 1);
    assert_eq!(recorded.event, wanted.event);
}

#[test]
fn the_stored_text_holds_names_and_codes_alone() {
    let entry = encode_ledger(&refused()).unwrap();
    let expected = r#"{"type":"refused","schema":1,"event_id":"00000000-0000-0000-0000-000000000001","occurred_at":"2026-03-02T04:00:00.250Z","actor":{"id":"desk","role":"system","kind":"system"},"command_id":"00000000-0000-0000-0000-000000000002","causation_id":"00000000-0000-0000-0000-000000000004","data":{"complaint":"00000000-0000-0000-0000-000000000009","command":"classify","rejection":"unknown_category"}}"#;
    assert_eq!(std::str::from_utf8(&entry.public).unwrap(), expected);
    assert_eq!(entry.event_type, 101);
    assert_eq!(entry.parts, []);
}

#[test]
fn an_adoption_comes_back_as_it_was() {
    let policy = Policy::standard();
    let adopted = PolicyAdopted::founding(&policy).unwrap();
    let entry = encode_ledger(&draft(LedgerEvent::PolicyAdopted(adopted.clone()))).unwrap();
    assert_eq!((entry.event_type, entry.parts.len()), (102, 0));
    let public = std::str::from_utf8(&entry.public).unwrap();
    let expected = format!(
        r#""data":{{"version":"standard-1","digest":"{}","in_force_from":"0001-01-01T00:00:00Z","text":"version"#,
        adopted.digest
    );
    assert!(public.contains(&expected), "{public}");
    let recorded = decode_ledger(&stored_in(LedgerStream::Policy, entry.clone())).unwrap();
    assert_eq!(recorded.event, LedgerEvent::PolicyAdopted(adopted.clone()));
    assert_eq!(adopted.policy(), Ok(policy));
    check_damage(
        &stored(entry),
        "a fact of the ledger itself stands outside the stream of its kind",
    );
}

#[track_caller]
fn check_damage(entry: &Entry, place: &str) {
    let expected = format!("the public part at position 41 cannot be read ({place})");
    assert_eq!(decode(entry, no_upcasts).unwrap_err().to_string(), expected);
}

#[test]
fn a_fact_in_a_stream_that_is_not_for_it_is_damage() {
    let content = encode_ledger(&refused()).unwrap();
    let entry = stored_in(ComplaintId::new(Uuid::from_u128(9)), content);
    check_damage(
        &entry,
        "a fact of the ledger itself stands outside the stream of its kind",
    );
    let error = decode_complaint(&entry, no_upcasts).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the public part at position 41 cannot be read (a fact of the ledger itself stands in a complaint's history)"
    );

    let classified = draft(Classified::new(code("delivery/late")).into());
    let entry = stored(encode(&classified).unwrap());
    let place = "a complaint's fact stands in a stream of the ledger's own";
    check_damage(&entry, place);
    let error = decode_ledger(&entry).unwrap_err().to_string();
    assert!(error.contains(place), "{error}");
}

#[test]
fn damage_is_told_by_its_place() {
    let with = |change: fn(&mut NewEntry)| {
        let mut content = encode_ledger(&refused()).unwrap();
        change(&mut content);
        stored(content)
    };
    check_damage(
        &with(|entry| entry.occurred_at = Timestamp::MAX),
        "occurred_at differs from the entry's",
    );
    check_damage(
        &with(|entry| entry.actor = [0; 16]),
        "actor differs from the entry's",
    );
    check_damage(&with(|entry| entry.schema = 0), "there is no layout 0");
    let newer = decode(&with(|entry| entry.schema = 2), no_upcasts).unwrap_err();
    assert!(matches!(newer, CodecError::NewerSchema { schema: 2, .. }));
    let unknown = decode_ledger(&with(|entry| entry.event_type = 199)).unwrap_err();
    assert!(matches!(
        unknown,
        CodecError::UnknownType {
            event_type: 199,
            ..
        }
    ));
    let personal = with(|entry| {
        entry.parts.push(Part {
            kind: PartKind::Plain,
            bytes: b"{}".to_vec(),
        });
    });
    let error = decode(&personal, no_upcasts).unwrap_err();
    assert!(matches!(error, CodecError::DamagedPersonal { .. }));
}

#[test]
fn a_refusal_out_of_place_is_a_gap_for_a_view() {
    let fact: Fact = decode_ledger(&stored(encode_ledger(&refused()).unwrap()))
        .unwrap()
        .into();
    assert!(check_position("sla", Position::new(41), &fact).is_ok());
    let error = check_position("sla", Position::new(40), &fact).unwrap_err();
    assert_eq!(error.position, Position::new(41));
}

#[test]
fn the_command_id_of_a_refusal_follows_from_all_that_makes_it_the_same() {
    let LedgerEvent::Refused(refusal) = refused().event else {
        unreachable!("a refusal");
    };
    let actor = refused().actor;
    let command = CommandId::new(Uuid::from_u128(2));
    let id = refusal.command_id(command, &actor);
    assert_eq!(id, refusal.command_id(command, &actor));
    let elsewhere = Refused {
        complaint: None,
        ..refusal.clone()
    };
    let for_another_reason = Refused {
        rejection: "not_received".into(),
        ..refusal.clone()
    };
    let another_wish = Refused {
        command: "note".into(),
        ..refusal.clone()
    };
    let in_department = Actor::human(code("desk"), code("system"), code("service"));
    let others = [
        elsewhere.command_id(command, &actor),
        for_another_reason.command_id(command, &actor),
        another_wish.command_id(command, &actor),
        refusal.command_id(CommandId::new(Uuid::from_u128(3)), &actor),
        refusal.command_id(command, &in_department),
        refusal.command_id(command, &Actor::system(code("other"), code("system"))),
        refusal.command_id(command, &Actor::system(code("desk"), code("importer"))),
    ];
    assert!(others.iter().all(|other| *other != id));
}

proptest! {
    #[test]
    fn a_changed_byte_is_an_error_or_a_refusal_and_never_a_panic(
        place in any::<proptest::sample::Index>(),
        byte: u8,
    ) {
        let mut content = encode_ledger(&refused()).unwrap();
        let index = place.index(content.public.len());
        content.public[index] = byte;
        if let Ok(fact) = decode(&stored(content), no_upcasts) {
            prop_assert_eq!(fact.kind_name(), LedgerEventType::Refused.name());
        }
    }

    #[test]
    fn any_bytes_are_an_error_and_never_a_panic(public: Vec<u8>, event_type in 99..103_u32, schema in 0..3_u16) {
        let mut content = encode_ledger(&refused()).unwrap();
        content.public = public;
        content.event_type = event_type;
        content.schema = schema;
        prop_assert!(decode(&stored(content), no_upcasts).is_err());
    }
}

//! Facts of actions to bytes and back.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use redress_core::action::{
    ActionEvent, ActionEventType, Alert, AlertLevel, Assigned, Cancelled, Done, Effective,
    Evaluated, Figure, FigureValue, Opened, Origin, Owner,
};
use redress_core::event::Classified;
use redress_core::{
    ActionId, Actor, CommandId, ComplaintId, EventId, LedgerEvent, LedgerStream, Position, Ratio,
    Refused, Span, Timestamp, Version,
};
use redress_store::codec::{
    CodecError, Draft, decode, decode_action, decode_complaint, decode_ledger, encode,
    encode_action, encode_ledger, no_upcasts,
};
use redress_store::{Entry, Fact, NewEntry, Part, PartKind, ProjectionFault, StreamId, fold_facts};
use uuid::Uuid;

use crate::examples::{code, time};

const ACTION: ActionId = ActionId::new(Uuid::from_u128(0xac7));

fn draft<E>(event: E) -> Draft<E> {
    Draft {
        event_id: EventId::new(Uuid::from_u128(1)),
        occurred_at: time("2026-03-02T04:00:00.25Z"),
        actor: Actor::system(code("desk"), code("system")),
        command_id: CommandId::new(Uuid::from_u128(2)),
        correlation_id: None,
        causation_id: None,
        event,
    }
}

fn figure(value: FigureValue, from: &str, to: &str) -> Figure {
    Figure {
        value,
        from: time(from),
        to: time(to),
    }
}

/// The fact of this kind with every field set.
fn example(kind: ActionEventType) -> ActionEvent {
    match kind {
        ActionEventType::Opened => ActionEvent::Opened(Opened {
            origin: Origin::Alert(Alert {
                rule: code("overdue"),
                level: AlertLevel::Orange,
                group: Some(code("logistics")),
                raised_at: time("2026-03-01T00:00:00Z"),
            }),
            measure: "第二家承运商".to_owned(),
            cause: Some(code("service/delivery_failure")),
            complaints: [ComplaintId::new(Uuid::from_u128(9))].into(),
        }),
        ActionEventType::Assigned => ActionEvent::Assigned(Assigned {
            owner: Owner {
                department: code("logistics"),
                person: code("sun.li"),
            },
            due: time("2026-04-01T00:00:00Z"),
        }),
        ActionEventType::Done => ActionEvent::Done(Done {
            result: "since 20 March every second parcel".to_owned(),
        }),
        ActionEventType::Evaluated => ActionEvent::Evaluated(Box::new(Evaluated {
            effective: Effective::Partly,
            metric: code("late_deliveries"),
            before: figure(
                FigureValue::Ratio(Ratio::new(12, 100).unwrap()),
                "2026-02-01T00:00:00Z",
                "2026-03-01T00:00:00Z",
            ),
            after: figure(
                FigureValue::Ratio(Ratio::new(7, 90).unwrap()),
                "2026-04-01T00:00:00Z",
                "2026-05-01T00:00:00Z",
            ),
        })),
        ActionEventType::Cancelled => ActionEvent::Cancelled(Cancelled {
            reason: "the carrier gave notice".to_owned(),
        }),
    }
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

fn stored(kind: ActionEventType) -> Entry {
    stored_in(ACTION, encode_action(&draft(example(kind))).unwrap())
}

#[test]
fn every_fact_comes_back_as_it_was() {
    for kind in ActionEventType::ALL {
        let wanted = draft(example(kind));
        let entry = stored(kind);
        assert_eq!(entry.content.event_type, kind.number());
        assert_eq!(entry.content.parts, []);
        let fact = decode(&entry, no_upcasts).unwrap();
        assert_eq!(fact.position(), Position::new(41));
        assert_eq!(fact.recorded_at(), time("2026-03-02T05:00:00Z"));
        assert_eq!(fact.event_id(), wanted.event_id);
        assert_eq!(fact.kind_name(), kind.name());
        assert_eq!((fact.as_complaint(), fact.as_ledger()), (None, None));
        let recorded = decode_action(&entry).unwrap();
        assert_eq!(fact.as_action(), Some(&recorded));
        assert_eq!(recorded.action_id, ACTION);
        assert_eq!(recorded.version, Version::new(7));
        assert_eq!(recorded.occurred_at, wanted.occurred_at);
        assert_eq!(recorded.actor, wanted.actor);
        assert_eq!(recorded.command_id, wanted.command_id);
        assert_eq!(recorded.schema, 1);
        assert_eq!(recorded.event, wanted.event);
    }
}

#[test]
fn lengths_of_time_come_back_as_they_were() {
    let mut fact = example(ActionEventType::Evaluated);
    if let ActionEvent::Evaluated(evaluated) = &mut fact {
        evaluated.before.value = FigureValue::Span(Span::micros(1));
        evaluated.after.value = FigureValue::Span(Span::micros(-1));
    }
    let entry = stored_in(ACTION, encode_action(&draft(fact.clone())).unwrap());
    assert_eq!(decode_action(&entry).unwrap().event, fact);
}

/// The text of the fact alone.
fn data(kind: ActionEventType) -> String {
    let entry = stored(kind).content;
    let public: serde_json::Value = serde_json::from_slice(&entry.public).unwrap();
    assert_eq!(public["type"], kind.name());
    let text = std::str::from_utf8(&entry.public).unwrap();
    let (_, data) = text.split_once(r#""data":"#).unwrap();
    data.strip_suffix('}').unwrap().to_owned()
}

#[test]
fn the_stored_text_of_each_kind() {
    for kind in ActionEventType::ALL {
        let expected = match kind {
            ActionEventType::Opened => {
                r#"{"origin":{"alert":{"rule":"overdue","level":"orange","group":"logistics","raised_at":"2026-03-01T00:00:00Z"}},"measure":"第二家承运商","cause":"service/delivery_failure","complaints":["00000000-0000-0000-0000-000000000009"]}"#
            }
            ActionEventType::Assigned => {
                r#"{"owner":{"department":"logistics","person":"sun.li"},"due":"2026-04-01T00:00:00Z"}"#
            }
            ActionEventType::Done => r#"{"result":"since 20 March every second parcel"}"#,
            ActionEventType::Evaluated => {
                r#"{"effective":"partly","metric":"late_deliveries","before":{"value":{"ratio":{"numerator":12,"denominator":100}},"from":"2026-02-01T00:00:00Z","to":"2026-03-01T00:00:00Z"},"after":{"value":{"ratio":{"numerator":7,"denominator":90}},"from":"2026-04-01T00:00:00Z","to":"2026-05-01T00:00:00Z"}}"#
            }
            ActionEventType::Cancelled => r#"{"reason":"the carrier gave notice"}"#,
        };
        assert_eq!(data(kind), expected);
    }
}

#[track_caller]
fn check_damage<T: std::fmt::Debug>(read: Result<T, CodecError>, place: &str) {
    let expected = format!("the public part at position 41 cannot be read ({place})");
    assert_eq!(read.unwrap_err().to_string(), expected);
}

#[test]
fn a_fact_in_a_stream_that_is_not_for_it_is_damage() {
    let in_ledger = stored_in(
        LedgerStream::Refusals,
        stored(ActionEventType::Done).content,
    );
    let place = "an action's fact stands in a stream of the ledger's own";
    check_damage(decode(&in_ledger, no_upcasts), place);
    check_damage(decode_ledger(&in_ledger), place);
    let place = "an action's fact stands in a complaint's history";
    check_damage(
        decode_complaint(&stored(ActionEventType::Done), no_upcasts),
        place,
    );

    let classified: Draft = draft(Classified::new(code("delivery/late")).into());
    let complaint = stored_in(ACTION, encode(&classified).unwrap());
    check_damage(
        decode_action(&complaint),
        "a complaint's fact stands in an action's history",
    );
    let refused = LedgerEvent::Refused(Refused {
        complaint: None,
        action: None,
        command: "note".into(),
        rejection: "not_received".into(),
    });
    let refusal = stored_in(ACTION, encode_ledger(&draft(refused)).unwrap());
    check_damage(
        decode_action(&refusal),
        "a fact of the ledger itself stands in an action's history",
    );
}

#[test]
fn damage_is_told_by_its_place() {
    let with = |change: fn(&mut NewEntry)| {
        let mut entry = stored(ActionEventType::Assigned);
        change(&mut entry.content);
        entry
    };
    let read = |change| decode(&with(change), no_upcasts);
    check_damage(
        read(|entry| entry.occurred_at = Timestamp::MAX),
        "occurred_at differs from the entry's",
    );
    check_damage(
        read(|entry| entry.actor = [0; 16]),
        "actor differs from the entry's",
    );
    check_damage(
        read(|entry| entry.event_type = 203),
        "type differs from the entry's",
    );
    check_damage(read(|entry| entry.schema = 0), "there is no layout 0");
    let newer = read(|entry| entry.schema = 2).unwrap_err();
    assert!(matches!(newer, CodecError::NewerSchema { schema: 2, .. }));
    let unknown = decode_action(&with(|entry| entry.event_type = 299)).unwrap_err();
    assert!(matches!(
        unknown,
        CodecError::UnknownType {
            event_type: 299,
            ..
        }
    ));
    let personal = read(|entry| {
        entry.parts.push(Part {
            kind: PartKind::Plain,
            bytes: b"{}".to_vec(),
        });
    });
    assert!(matches!(
        personal.unwrap_err(),
        CodecError::DamagedPersonal { .. }
    ));
}

#[test]
fn an_action_that_a_view_refuses_is_not_counted_as_folded() {
    let fact: Fact = decode(&stored(ActionEventType::Done), no_upcasts).unwrap();
    let mut next = Position::new(41);
    fold_facts("causes", &mut next, std::slice::from_ref(&fact), |_| Ok(())).unwrap();
    assert_eq!(next, Position::new(42));
    // The same fact once more leaves a gap, and what a view refuses is not counted as folded.
    let error = fold_facts("causes", &mut next, std::slice::from_ref(&fact), |_| Ok(()));
    assert!(matches!(
        error.unwrap_err().reason,
        ProjectionFault::Gap { .. }
    ));
    let mut next = Position::new(41);
    let refuse = |_: &Fact| {
        let expected = Position::FIRST;
        Err(ProjectionFault::Gap { expected })
    };
    assert!(fold_facts("causes", &mut next, &[fact], refuse).is_err());
    assert_eq!(next, Position::new(41));
}

proptest! {
    #[test]
    fn a_changed_byte_is_an_error_or_the_same_kind_and_never_a_panic(
        kind in proptest::sample::select(ActionEventType::ALL.to_vec()),
        place in any::<proptest::sample::Index>(),
        byte: u8,
    ) {
        let mut entry = stored(kind);
        let index = place.index(entry.content.public.len());
        entry.content.public[index] = byte;
        if let Ok(fact) = decode(&entry, no_upcasts) {
            prop_assert_eq!(fact.kind_name(), kind.name());
        }
    }

    #[test]
    fn any_bytes_are_an_error_and_never_a_panic(public: Vec<u8>, event_type in 199..208_u32, schema in 0..3_u16) {
        let mut entry = stored(ActionEventType::Done);
        entry.content.public = public;
        entry.content.event_type = event_type;
        entry.content.schema = schema;
        prop_assert!(decode(&entry, no_upcasts).is_err());
    }
}

//! Facts to bytes and back.

use std::collections::BTreeSet;

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, Classified, Customer, Feedback, FeedbackKind,
    FeedbackText, Received, ReceivedPersonal,
};
use redress_core::intake::Warning;
use redress_core::{
    Actor, Channel, CommandId, Event, EventId, EventType, Personal, Position, Recorded, SubjectId,
    Timestamp, TraceId, Version,
};
use redress_store::codec::{
    CodecError, Decoder, Draft, Upcast, decode, decode_complaint, encode, no_upcasts,
};
use redress_store::{Entry, NewEntry, Part, PartKind, StreamId};
use serde_json::Value;
use uuid::Uuid;

use crate::examples::{SECRET, all, assigned, code, received, resolved, time};

fn draft(event: Event) -> Draft {
    Draft {
        event_id: EventId::new(Uuid::from_u128(1)),
        occurred_at: time("2026-03-02T04:00:00.25Z"),
        actor: Actor::human(code("li.na"), code("agent"), code("service")),
        command_id: CommandId::new(Uuid::from_u128(2)),
        correlation_id: Some(TraceId::new(Uuid::from_u128(3))),
        causation_id: Some(TraceId::new(Uuid::from_u128(4))),
        event,
    }
}

fn stored(content: NewEntry) -> Entry {
    Entry {
        position: Position::new(41),
        stream: StreamId(Uuid::from_u128(9)),
        version: Version::new(7),
        recorded_at: time("2026-03-02T05:00:00Z"),
        content,
    }
}

fn read_back(draft: &Draft) -> Recorded {
    decode_complaint(&stored(encode(draft).unwrap()), no_upcasts).unwrap()
}

#[track_caller]
fn check_round_trip(draft: &Draft) {
    let recorded = read_back(draft);
    assert_eq!(recorded.event_id, draft.event_id);
    assert_eq!(recorded.occurred_at, draft.occurred_at);
    assert_eq!(recorded.actor, draft.actor);
    assert_eq!(recorded.command_id, draft.command_id);
    assert_eq!(recorded.correlation_id, draft.correlation_id);
    assert_eq!(recorded.causation_id, draft.causation_id);
    assert_eq!(recorded.schema, 1);
    assert_eq!(recorded.position, Position::new(41));
    assert_eq!(recorded.version, Version::new(7));
    assert_eq!(recorded.complaint_id.as_uuid(), Uuid::from_u128(9));
    assert_eq!(recorded.recorded_at, time("2026-03-02T05:00:00Z"));
    // `Debug` hides what is personal; equality does not.
    assert!(recorded.event == draft.event, "{:?}", recorded.event);
}

#[test]
fn every_kind_of_fact_comes_back_as_it_was() {
    let events = all();
    let kinds: BTreeSet<EventType> = events.iter().map(Event::event_type).collect();
    assert_eq!(kinds, EventType::ALL.into(), "an example of every kind");
    for event in events {
        check_round_trip(&draft(event));
    }
}

#[test]
fn an_envelope_without_what_may_be_absent_comes_back() {
    let mut bare = draft(Classified::new(code("delivery")).into());
    bare.correlation_id = None;
    bare.causation_id = None;
    bare.actor = Actor::system(code("importer"), code("system"));
    check_round_trip(&bare);
}

#[test]
fn nothing_personal_is_in_the_public_part_or_in_debug() {
    let mut apart = 0;
    for event in all() {
        let kind = event.event_type();
        let entry = stored(encode(&draft(event)).unwrap());
        let public = std::str::from_utf8(&entry.content.public).unwrap();
        assert!(!public.contains(SECRET), "{kind:?}");
        assert!(!format!("{entry:?}").contains(SECRET), "{kind:?}");
        let recorded = decode(&entry, no_upcasts).unwrap();
        assert!(!format!("{recorded:?}").contains(SECRET), "{kind:?}");
        for part in &entry.content.parts {
            assert!(std::str::from_utf8(&part.bytes).unwrap().contains(SECRET));
            apart += 1;
        }
    }
    // One part each: received, assigned, resolved, paused, amended, and the revisits, feedbacks, notes and closings.
    assert_eq!(apart, 5 + 2 + 4 + 3 + 3);
}

#[test]
fn without_its_part_a_fact_is_read_as_withheld() {
    let whole = draft(received().into());
    let mut content = encode(&whole).unwrap();
    content.parts.clear();
    let recorded = decode_complaint(&stored(content), no_upcasts).unwrap();
    let mut expected = received();
    expected.personal = Personal::Withheld;
    assert!(recorded.event == expected.into());
}

#[track_caller]
fn check_public(event: Event, name: &str, data: &str) {
    let entry = encode(&draft(event)).unwrap();
    let envelope = format!(
        r#"{{"type":"{name}","schema":1,"event_id":"00000000-0000-0000-0000-000000000001","occurred_at":"2026-03-02T04:00:00.250Z","actor":{{"id":"li.na","role":"agent","department":"service","kind":"human"}},"command_id":"00000000-0000-0000-0000-000000000002","correlation_id":"00000000-0000-0000-0000-000000000003","causation_id":"00000000-0000-0000-0000-000000000004","data":{data}}}"#
    );
    assert_eq!(std::str::from_utf8(&entry.public).unwrap(), envelope);
}

// These texts are the stored format. They may be added to, never edited.

#[test]
fn the_public_text_of_received() {
    check_public(
        received().into(),
        "received",
        r#"{"external_ref":"2026-000123","customer":{"subject":"00000000-0000-0000-0000-000000000005","account":"a-1","preferred_contact":"sms","anonymous":true},"channel":"third_party","channel_detail":"12315","source":"external","form":"oral","receiver":"li.na","intake_department":"service","evidence":[{"uri":"s3://evidence/1","media_type":"image/jpeg","sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}],"product":{"code":"kettle","model":"K-2","batch":"2026-02","order_ref":"o-77"},"occurred":{"time":"2026-03-01T08:00:00Z"},"demand":{"kind":"solve","remedies_sought":["refund","apology"]},"emotion":"angry","complained_about":[{"department":"logistics"},{"person":"wang.wei"}],"initial":{"nature":"emotional","priority":"high"},"flags":["vulnerable","publicity_risk","group"],"language":"zh-CN","tags":["典型案例"]}"#,
    );
}

/// The field came later: the text above is still read as one without it.
#[test]
fn the_public_text_of_a_received_that_is_flagged() {
    let customer = Customer::anonymous(SubjectId::new(Uuid::from_u128(5)));
    let nothing = ReceivedPersonal::default();
    let mut flagged = Received::new(customer, Channel::Sms, code("li.na"), code("desk"), nothing);
    flagged.warnings = vec![Warning::ContactFormat, Warning::NoProduct];
    check_public(
        flagged.into(),
        "received",
        r#"{"customer":{"subject":"00000000-0000-0000-0000-000000000005","anonymous":true},"channel":"sms","source":"internal","form":"written","receiver":"li.na","intake_department":"desk","warnings":["contact_format","no_product"]}"#,
    );
}

#[test]
fn the_public_text_of_an_amended_that_clears_a_warning() {
    let mut check = Amended::check(AmendmentCause::ManualReview, AmendOutcome::Confirmed);
    check.warnings = Some(Vec::new());
    check_public(
        check.into(),
        "amended",
        r#"{"cause":"manual_review","outcome":"confirmed","warnings":[]}"#,
    );
}

#[test]
fn the_public_text_of_assigned() {
    check_public(
        assigned().into(),
        "assigned",
        r#"{"epoch":2,"lead":{"department":"logistics","person":"zhao.lei"},"joint":[{"assignee":{"department":"billing"},"task":"check the fee","limit":{"at":"2026-03-09T00:00:00Z"}}],"limit":{"elapsed_us":172800000000},"reason":"returned","explanation":"wrong region"}"#,
    );
}

#[test]
fn the_public_text_of_resolved() {
    check_public(
        resolved().into(),
        "resolved",
        r#"{"remedies":[{"kind":"refund","amount":{"minor_units":12800,"currency":"CNY"}},{"kind":"apology"}],"options_offered":[{"summary":"another kettle","cost":{"minor_units":9000,"currency":"CNY"},"benefit":"at once","chosen":true}],"agreement":{"confirmed_by_customer":true,"at":"2026-03-04T02:30:00.500Z"},"primary_cause":{"code":"service/delivery_failure","directness":"indirect","method":"case_study","responsible_department":"logistics","evidence":"the van log"},"contributing_causes":[{"code":"management/poor_coordination"}],"follow_up":"2026-04-01T00:00:00Z","upheld":"partly","cost":{"minor_units":-1,"currency":"CNY"},"template":"refund-1"}"#,
    );
}

#[test]
fn the_personal_text_of_assigned() {
    let entry = encode(&draft(assigned().into())).unwrap();
    let bytes = &entry.parts[0].bytes;
    assert_eq!(bytes, format!(r#"{{"note":"{SECRET}"}}"#).as_bytes());
}

#[test]
fn the_columns_say_what_the_public_text_says() {
    for event in all() {
        let draft = draft(event);
        let entry = encode(&draft).unwrap();
        assert_eq!(entry.event_type, draft.event.event_type().number());
        assert_eq!(entry.schema, 1);
        assert_eq!(entry.occurred_at, draft.occurred_at);
        assert_eq!(entry.actor, draft.actor.id.to_bytes());
        assert_eq!(entry.command_id, draft.command_id);
    }
}

/// Changes the entry of a received complaint and gives the message of the error that reading it gives.
#[track_caller]
fn refusal(change: impl FnOnce(&mut NewEntry)) -> CodecError {
    let mut content = encode(&draft(received().into())).unwrap();
    change(&mut content);
    match decode(&stored(content), no_upcasts) {
        Err(error) => {
            let told = format!("{error} {error:?}");
            assert!(!told.contains(SECRET) && !told.contains("kettle"), "{told}");
            error
        }
        Ok(_) => panic!("it was read"),
    }
}

fn replace(content: &mut NewEntry, from: &str, to: &str) {
    let public = std::str::from_utf8(&content.public).unwrap();
    assert!(public.contains(from));
    content.public = public.replacen(from, to, 1).into_bytes();
}

#[test]
fn an_unknown_kind_comes_before_everything_else() {
    for event_type in [0, 17, u32::MAX] {
        let error = refusal(|entry| {
            entry.event_type = event_type;
            entry.schema = 9;
            entry.public.clear();
        });
        let expected = format!(
            "position 41 holds a fact of unknown kind {event_type}; open the ledger with a newer version"
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_newer_layout_comes_before_the_text() {
    let error = refusal(|entry| {
        entry.schema = 2;
        entry.public.clear();
    });
    assert_eq!(
        error.to_string(),
        "position 41 holds a fact in layout 2; open the ledger with a newer version"
    );
}

#[test]
fn what_the_columns_and_the_text_contradict_each_other_in_is_named() {
    type Edit = fn(&mut NewEntry);
    let cases: [(&str, Edit); 5] = [
        ("type", |entry| entry.event_type = 2),
        ("schema", |entry| {
            replace(entry, r#""schema":1"#, r#""schema":0"#);
        }),
        ("occurred_at", |entry| entry.occurred_at = Timestamp::MAX),
        ("command_id", |entry| {
            entry.command_id = CommandId::new(Uuid::nil());
        }),
        ("actor", |entry| entry.actor = [0; 16]),
    ];
    for (field, edit) in cases {
        let expected = format!(
            "the public part at position 41 cannot be read ({field} differs from the entry's)"
        );
        assert_eq!(refusal(edit).to_string(), expected);
    }
}

#[test]
fn damage_in_the_public_text_is_told_by_its_place_alone() {
    let cases: [(&str, &str); 5] = [
        (r#""emotion":"angry""#, r#""emotion":"kettle""#),
        (r#""model":"K-2""#, r#""kettle":"K-2""#),
        (r#""receiver":"li.na","#, ""),
        (r#"{"type""#, r#"{"kettle":1,"type""#),
        (r#""data":{"#, r#""data":"kettle{"#),
    ];
    for (from, to) in cases {
        let error = refusal(|entry| replace(entry, from, to)).to_string();
        let told = "the public part at position 41 cannot be read (line 1 column ";
        assert!(error.starts_with(told), "{error}");
    }
}

#[test]
fn damage_in_a_personal_part_is_told_by_its_position_alone() {
    let expected = "a personal part at position 41 cannot be read";
    let unreadable = refusal(|entry| {
        entry.parts[0].bytes.pop();
    });
    assert_eq!(unreadable.to_string(), expected);
    let unknown_field = refusal(|entry| {
        entry.parts[0].bytes = format!(r#"{{"{SECRET}":1}}"#).into_bytes();
    });
    assert_eq!(unknown_field.to_string(), expected);
    let two = refusal(|entry| {
        let part = entry.parts[0].clone();
        entry.parts.push(part);
    });
    assert_eq!(two.to_string(), expected);
}

#[test]
fn a_personal_part_of_a_fact_that_has_none_is_damage() {
    let mut content = encode(&draft(Classified::new(code("delivery/late")).into())).unwrap();
    content.parts.push(Part {
        kind: PartKind::Plain,
        bytes: b"{}".to_vec(),
    });
    let error = decode(&stored(content), no_upcasts).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a personal part at position 41 cannot be read"
    );
}

/// A classification in a layout that never was, numbered 0: its category was called `class` then.
fn in_layout_0() -> Entry {
    let mut content = encode(&draft(Classified::new(code("delivery/late")).into())).unwrap();
    replace(&mut content, r#""schema":1"#, r#""schema":0"#);
    replace(&mut content, r#""category""#, r#""class""#);
    content.schema = 0;
    stored(content)
}

#[test]
fn an_older_layout_is_lifted_before_it_is_read() {
    let lift: Upcast = |kind, layout, mut data| {
        assert_eq!((kind, layout), (EventType::Classified, 0));
        let class = data["class"].take();
        let fields = data.as_object_mut().ok_or("no object")?;
        fields.remove("class");
        fields.insert("category".to_owned(), class);
        Ok(data)
    };
    let recorded = decode_complaint(&in_layout_0(), lift).unwrap();
    assert_eq!(
        recorded.event,
        Classified::new(code("delivery/late")).into()
    );
    assert_eq!(recorded.schema, 0, "the layout it is stored in");
}

#[test]
fn a_layout_that_cannot_be_lifted_is_damage() {
    let error = decode(&in_layout_0(), no_upcasts).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the public part at position 41 cannot be read (there is no way up from layout 0 of classified)"
    );
    // Lifted to something that is not the present layout either.
    let wrong: Upcast = |_, _, _| Ok(Value::Null);
    let error = decode(&in_layout_0(), wrong).unwrap_err();
    assert!(matches!(error, CodecError::DamagedPublic { .. }));
}

#[test]
fn the_present_layout_is_not_lifted() {
    let never: Upcast = |_, _, _| Err("lifted".to_owned());
    let content = encode(&draft(resolved().into())).unwrap();
    assert!(decode(&stored(content), never).is_ok());
}

proptest! {
    #[test]
    fn any_words_and_times_come_back(
        content: String,
        opinion: Option<String>,
        micros in Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros(),
        automated: bool,
        promise in any::<Option<u32>>(),
    ) {
        let mut said = Feedback::new(FeedbackKind::Progress, Channel::Email, "");
        said.automated = automated;
        said.promised_by = promise.map(|at| Timestamp::from_micros(i64::from(at)).unwrap());
        said.personal = Personal::Known(FeedbackText { content, opinion });
        let mut wanted = draft(said.into());
        wanted.occurred_at = Timestamp::from_micros(micros).unwrap();
        let recorded = read_back(&wanted);
        prop_assert_eq!(recorded.occurred_at, wanted.occurred_at);
        prop_assert!(recorded.event == wanted.event);
    }

    #[test]
    fn a_changed_byte_is_an_error_or_a_fact_and_never_a_panic(
        which in any::<proptest::sample::Index>(),
        place in any::<proptest::sample::Index>(),
        byte: u8,
        in_part: bool,
    ) {
        let events = all();
        let mut content = encode(&draft(which.get(&events).clone())).unwrap();
        let bytes = match content.parts.first_mut() {
            Some(part) if in_part => &mut part.bytes,
            Some(_) | None => &mut content.public,
        };
        let index = place.index(bytes.len());
        bytes[index] = byte;
        if let Err(error) = decode(&stored(content), no_upcasts) {
            let told = format!("{error} {error:?}");
            prop_assert!(!told.contains("王芳") && !told.contains("13800138000"));
        }
    }

    /// A text that begins with a space is no longer in the written form, and means the same; also to a decoder that has met
    /// the fact so often that it keeps it.
    #[test]
    fn in_the_written_form_and_out_of_it_a_text_says_the_same(
        which in any::<proptest::sample::Index>(),
        place in any::<proptest::sample::Index>(),
        change in prop_oneof![
            any::<u8>().prop_map(|byte| vec![byte]),
            prop_oneof![Just("}"), Just("\\u0031"), Just(" "), Just(""), Just("0"), Just("\"\"")]
                .prop_map(|text| text.as_bytes().to_vec()),
        ],
        withheld: bool,
    ) {
        let events = all();
        let mut sound = encode(&draft(which.get(&events).clone())).unwrap();
        if withheld {
            sound.parts.clear();
        }
        let index = place.index(sound.public.len());
        let mut changed = sound.clone();
        changed.public.splice(index..=index, change);
        let mut spaced = changed.clone();
        spaced.public.insert(0, b' ');

        let mut decoder = Decoder::new(no_upcasts);
        let alone = decode(&stored(sound.clone()), no_upcasts).unwrap();
        for _ in 0..4 {
            prop_assert_eq!(&decoder.decode(&stored(sound.clone())).unwrap(), &alone);
        }
        let kind = |error: &CodecError| std::mem::discriminant(error);
        match (decoder.decode(&stored(changed)), decode(&stored(spaced), no_upcasts)) {
            (Ok(one), Ok(other)) => prop_assert_eq!(one, other),
            (Err(one), Err(other)) => prop_assert_eq!(kind(&one), kind(&other)),
            (one, other) => prop_assert!(false, "{:?} and {:?}", one.is_ok(), other.is_ok()),
        }
    }

    #[test]
    fn any_bytes_are_an_error_and_never_a_panic(public: Vec<u8>, event_type in 0..20_u32, schema in 0..3_u16) {
        let mut content = encode(&draft(received().into())).unwrap();
        content.public = public;
        content.event_type = event_type;
        content.schema = schema;
        prop_assert!(decode(&stored(content), no_upcasts).is_err());
    }
}

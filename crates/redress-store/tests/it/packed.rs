//! What views keep packed: like a map of it, whatever is done to it, and never believed where it was changed.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use redress_core::{ComplaintId, DepartmentId, Misfit, OutOfOrder, Position, Timestamp, Version};
use redress_store::ProjectionFault;
use redress_store::packed::{Damaged, Interned, Pack, Packer, Tracks, Unpacker};
use redress_store::snapshot::{Stamp, Unfit, read, write};
use uuid::Uuid;

/// Something of everything that can be packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Toy {
    times: Vec<Timestamp>,
    department: Option<DepartmentId>,
    number: u64,
    own: i64,
    flags: [bool; 3],
    id: [u8; 16],
    settled: bool,
}

impl Pack for Toy {
    type Symbols = Interned<DepartmentId>;

    fn pack(&self, symbols: &mut Self::Symbols, to: &mut Packer) {
        to.all(&self.times, |at, to| to.time(*at));
        to.optional(self.department.as_ref(), |department, to| {
            to.symbol(symbols, department);
        });
        to.number(self.number);
        to.own_number(self.own);
        to.flags(self.flags);
        to.own_bytes(&self.id);
        to.flags([self.settled]);
    }

    fn unpack(
        _: ComplaintId,
        symbols: &Self::Symbols,
        from: &mut Unpacker<'_>,
    ) -> Result<Self, Damaged> {
        Ok(Self {
            times: from.all(Unpacker::time)?,
            department: from.optional(|from| from.symbol(symbols))?,
            number: from.number()?,
            own: from.own_number()?,
            flags: from.flags()?,
            id: from.own_bytes()?,
            settled: from.flags::<1>()? == [true],
        })
    }

    fn is_settled(&self) -> bool {
        self.settled
    }
}

fn id(number: u8) -> ComplaintId {
    ComplaintId::new(Uuid::from_u128(number.into()))
}

/// Whole seconds and the ends of time among others.
fn time() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_micros(), Timestamp::MAX.as_micros());
    let micros = prop_oneof![
        (0..100_i64).prop_map(|minutes| minutes * 60_000_000),
        (0..100_i64).prop_map(|seconds| seconds * 1_000_000),
        first..=last,
        Just(first),
        Just(last),
    ];
    micros.prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

fn toy() -> impl Strategy<Value = Toy> {
    let department = prop_oneof![Just(None), "[a-c]".prop_map(|name| name.parse().ok())];
    let rest = (
        any::<u64>(),
        any::<i64>(),
        any::<[bool; 3]>(),
        any::<[u8; 16]>(),
        any::<bool>(),
    );
    (vec(time(), 0..4), department, rest).prop_map(|(times, department, rest)| {
        let (number, own, flags, id, settled) = rest;
        Toy {
            times,
            department,
            number,
            own,
            flags,
            id,
            settled,
        }
    })
}

/// Of which complaint, what it becomes, and whether the fact that says so cannot follow.
type Change = (u8, Toy, bool);

/// Batches of facts: what is touched in one stays unpacked until its end.
fn batches() -> impl Strategy<Value = Vec<Vec<Change>>> {
    vec(vec((0_u8..12, toy(), any::<bool>()), 0..6), 0..12)
}

fn misfit() -> OutOfOrder {
    OutOfOrder {
        position: Position::FIRST,
        version: Version::FIRST,
        event_type: redress_core::EventType::Noted,
        misfit: Misfit::OtherComplaint,
    }
}

/// Folds into both, the real thing and a plain map.
fn folded(batches: &[Vec<Change>]) -> (Tracks<Toy>, BTreeMap<ComplaintId, Toy>) {
    let (mut tracks, mut model) = (Tracks::default(), BTreeMap::new());
    for batch in batches {
        tracks.fold(|tracks| {
            for (number, toy, fails) in batch {
                let changed = tracks.update(id(*number), |track| {
                    if *fails {
                        return Err(misfit());
                    }
                    *track = toy.clone();
                    Ok(())
                });
                assert_eq!(changed.is_err(), *fails);
                assert!(!matches!(changed, Err(ProjectionFault::Storage(..))));
                if !fails {
                    model.insert(id(*number), toy.clone());
                }
            }
        });
    }
    (tracks, model)
}

#[track_caller]
fn check(tracks: &Tracks<Toy>, model: &BTreeMap<ComplaintId, Toy>) {
    assert_eq!(tracks.iter().collect::<BTreeMap<_, _>>(), *model);
    assert_eq!(tracks.iter().count(), model.len());
    assert_eq!(
        (tracks.len(), tracks.is_empty()),
        (model.len(), model.is_empty())
    );
    for number in 0..12 {
        assert_eq!(
            tracks.get(id(number)).unwrap(),
            model.get(&id(number)).cloned()
        );
    }
}

fn stamp() -> Stamp {
    Stamp {
        kind: [1; 32],
        ledger: Uuid::from_u128(7),
        next: Position::FIRST,
        last: None,
        rules: [2; 32],
    }
}

type Read = Result<(Stamp, Tracks<Toy>, String), Unfit>;

proptest! {
    #[test]
    fn it_is_like_a_map(batches in batches()) {
        let (tracks, model) = folded(&batches);
        check(&tracks, &model);
        check(&tracks.clone(), &model);
        prop_assert_eq!(format!("{tracks:?}"), format!("Tracks {{ complaints: {}, .. }}", model.len()));
    }

    #[test]
    fn equal_where_the_same_is_kept_however_it_came_there(one in batches(), next in batches()) {
        let ((tracks, model), (others, other_model)) = (folded(&one), folded(&next));
        prop_assert_eq!(tracks == others, model == other_model);
        // At once, in another order, and without what was replaced.
        let last = model.iter().rev().map(|(id, toy)| {
            let [.., number] = *id.as_uuid().as_bytes();
            (number, toy.clone(), false)
        });
        prop_assert_eq!(&folded(&[last.collect()]).0, &tracks);
    }

    #[test]
    fn others_are_taken_over(batches in batches()) {
        let (whole, model) = folded(&batches);
        let mut merged = Tracks::default();
        for share in 0..3 {
            let own = |batch: &Vec<Change>| {
                batch.iter().filter(|(number, ..)| number % 3 == share).cloned().collect()
            };
            let share: Vec<Vec<Change>> = batches.iter().map(own).collect();
            merged.absorb(folded(&share).0).unwrap();
        }
        check(&merged, &model);
        prop_assert_eq!(merged, whole);
    }

    /// One that is not settled, or has an instant later than that, is among them; another may not be.
    #[test]
    fn what_is_settled_need_not_be_unpacked(batches in batches(), at in time()) {
        let (tracks, mut model) = folded(&batches);
        model.retain(|_, toy| !toy.settled || toy.times.iter().any(|time| *time > at));
        prop_assert_eq!(tracks.unsettled_at(at).collect::<BTreeMap<_, _>>(), model);
    }

    #[test]
    fn a_snapshot_is_read_back(before in batches(), after in batches()) {
        let (tracks, model) = folded(&before);
        let bytes = write(&stamp(), &tracks, &"rest").unwrap();
        let (told, mut back, rest): (_, Tracks<Toy>, String) = read(&bytes, |_| Ok(())).unwrap();
        prop_assert_eq!((told, rest.as_str()), (stamp(), "rest"));
        check(&back, &model);
        // It goes on as if it had never been written.
        let whole = folded(&[before, after.clone()].concat()).0;
        let later = folded(&after).1;
        back.fold(|back| {
            for (id, toy) in &later {
                let changed = back.update(*id, |track| {
                    track.clone_from(toy);
                    Ok::<_, OutOfOrder>(())
                });
                changed.unwrap();
            }
        });
        prop_assert_eq!(back, whole);
    }

    #[test]
    fn no_changed_byte_is_believed(batches in batches(), place in any::<usize>(), change in 1_u8..) {
        let mut bytes = write(&stamp(), &folded(&batches).0, &"rest").unwrap();
        let place = place % bytes.len();
        bytes[place] ^= change;
        let read: Read = read(&bytes, |_| Ok(()));
        prop_assert!(read.is_err());
    }

    /// What was signed by nobody may be forged: then it is refused or read, and nothing panics.
    #[test]
    fn whatever_stands_under_a_checksum_nothing_panics(batches in batches(), places in vec((any::<usize>(), any::<u8>()), 1..8)) {
        let sealed = write(&stamp(), &folded(&batches).0, &"rest").unwrap();
        let (head, body) = sealed.split_at(HEAD);
        let mut forged = body.to_vec();
        for (place, byte) in places {
            let place = place % forged.len();
            forged[place] = byte;
        }
        let read: Read = read(&seal(head, &forged), |_| Ok(()));
        if let Ok((_, tracks, _)) = read {
            prop_assert_eq!(tracks.iter().count(), tracks.len());
        }
    }
}

/// Of complaints that went the same way only the first is unpacked when they are read: whatever byte is forged in another one,
/// it is refused, or all can be read.
#[test]
fn whatever_is_forged_in_one_of_many_alike_is_refused_or_read() {
    let mut tracks: Tracks<Toy> = Tracks::default();
    tracks.fold(|tracks| {
        for number in 0..3_u8 {
            let changed = tracks.update(id(number), |track| {
                let at = Timestamp::from_micros(60_000_000 * i64::from(number)).unwrap();
                track.times = vec![at; 2];
                track.department = Some(format!("d{}", number % 2).parse().unwrap());
                track.own = 300;
                track.settled = true;
                Ok::<_, OutOfOrder>(())
            });
            changed.unwrap();
        }
    });
    let sealed = write(&stamp(), &tracks, &"rest").unwrap();
    let (head, body) = sealed.split_at(HEAD);
    let mut read_back = 0;
    // The complaints stand last.
    for place in body.len() - tracks.bytes()..body.len() {
        for byte in 0..=u8::MAX {
            let mut forged = body.to_vec();
            forged[place] = byte;
            let read: Read = read(&seal(head, &forged), |_| Ok(()));
            if let Ok((_, tracks, _)) = read {
                assert_eq!(tracks.iter().count(), tracks.len(), "{place} {byte}");
                read_back += 1;
            }
        }
    }
    // Nothing is asked of the 16 own bytes of each, nor of the last ones of an id.
    assert!(read_back > 3 * 16 * 256);
}

/// The bytes before the body, of which the last 32 are the checksum.
const HEAD: usize = 160;

fn seal(head: &[u8], body: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let covered = &head[..HEAD - 32];
    let sum = Sha256::digest([covered, body].concat());
    [covered, &sum, body].concat()
}

/// Replaced again and again, it takes up what it holds and no more.
#[test]
fn what_was_replaced_gives_its_room_back() {
    let mut tracks = Tracks::default();
    for round in 0..200_u64 {
        tracks.fold(|tracks| {
            for number in 0..250 {
                let changed = tracks.update(id(number), |track: &mut Toy| {
                    track.number = round;
                    track.id = [number; 16];
                    Ok::<_, OutOfOrder>(())
                });
                changed.unwrap();
            }
        });
    }
    assert!(tracks.iter().all(|(_, toy)| toy.number == 199));
    assert_eq!(tracks.len(), 250);
    // Id 16; head 1; shape: counts 2, no times 1, no department 1, the number 199 2, flags 1, not settled 1; own number 1, own
    // id 16.
    assert_eq!(
        tracks.bytes(),
        250 * (16 + 1 + 2 + 1 + 1 + 2 + 1 + 1 + 1 + 16)
    );
}

/// 8 bytes of an instant, 16 of an id of its own, and what the record adds.
#[test]
fn settled_ones_share_what_they_have_in_common() {
    let mut tracks = Tracks::default();
    tracks.fold(|tracks| {
        for number in 0..=u8::MAX {
            let changed = tracks.update(id(number), |track: &mut Toy| {
                let micros = 1_700_000_000_000_001 + i64::from(number);
                track.times = vec![Timestamp::from_micros(micros).unwrap(); 9];
                track.settled = true;
                Ok::<_, OutOfOrder>(())
            });
            changed.unwrap();
        }
    });
    // Record: length 1, id 16; head 1; instant 8; own number 1, own id 16.
    assert_eq!(tracks.bytes(), 256 * (1 + 16 + 1 + 8 + 1 + 16));
}

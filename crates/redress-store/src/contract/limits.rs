//! What a store promises of the limits of the format: refused beyond, stored up to them.

#![expect(
    clippy::unwrap_used,
    reason = "a failed check is a failed test of the store that is checked"
)]

use redress_core::{Position, Version};

use super::{append, check_invalid, entries_of, entry, everything, receipt};
use crate::entry::{MAX_APPEND_ENTRIES, MAX_PART_BYTES, MAX_PARTS, Part, PartKind};
use crate::error::InvalidAppend;
use crate::store::{EventStore, ExpectedVersion};

pub(super) async fn check_all<S: EventStore>(open: &impl AsyncFn() -> S) {
    the_limits_of_the_format_hold(&open().await).await;
    what_the_limits_just_allow_is_stored(&open().await).await;
}

/// What breaks a limit of the format is refused before anything else is looked at.
async fn the_limits_of_the_format_hold(store: &impl EventStore) {
    use ExpectedVersion::Any;
    store
        .append(append(1, Any, entries_of(1, 1)))
        .await
        .unwrap();
    let part = |size| Part {
        kind: PartKind::Plain,
        bytes: vec![b'x'; size],
    };
    let mut many_parts = entry(1, 1);
    many_parts.parts = vec![part(1); MAX_PARTS + 1];
    let mut large_public = entry(1, 1);
    large_public.public = vec![b'x'; MAX_PART_BYTES + 1];
    let mut large_part = entry(1, 1);
    large_part.parts = vec![part(1), part(MAX_PART_BYTES + 1)];
    let mut no_text = entry(1, 1);
    no_text.public = vec![b'{', 0xff, b'}'];
    let cases = [
        (InvalidAppend::Empty, vec![]),
        (
            InvalidAppend::TooManyEntries,
            vec![entry(1, 1); MAX_APPEND_ENTRIES + 1],
        ),
        (InvalidAppend::TooManyParts, vec![entry(1, 1), many_parts]),
        (InvalidAppend::PartTooLarge, vec![large_public]),
        (InvalidAppend::PartTooLarge, vec![large_part]),
        (InvalidAppend::NotUtf8, vec![no_text]),
        (
            InvalidAppend::SplitCommand,
            vec![entry(2, 1), entry(3, 1), entry(2, 2)],
        ),
    ];
    for (limit, entries) in cases {
        // Command 1 is known and version 9 is wrong, and yet the limit is what is told.
        let expected = ExpectedVersion::Exact(Version::new(9));
        check_invalid(store.append(append(1, expected, entries)).await, limit);
    }
    assert_eq!(store.head().await.unwrap(), Some(Position::new(0)));
}

/// The largest append that the limits allow in each respect is stored and read back.
async fn what_the_limits_just_allow_is_stored(store: &impl EventStore) {
    let part = |byte, size| Part {
        kind: PartKind::Plain,
        bytes: vec![byte; size],
    };
    let mut large = entry(1, 1);
    large.public = vec![b'x'; MAX_PART_BYTES];
    large.parts = (0..MAX_PARTS)
        .map(|_| part(b'y', 1))
        .chain([part(b'z', MAX_PART_BYTES)])
        .skip(1)
        .collect();
    let mut entries = vec![entry(2, 3); MAX_APPEND_ENTRIES - 1];
    entries.insert(0, large.clone());
    let whole = append(1, ExpectedVersion::NoStream, entries);
    let appended = store.append(whole).await.unwrap();
    let last_version = u64::try_from(MAX_APPEND_ENTRIES).unwrap();
    assert_eq!(appended, receipt(0, last_version, MAX_APPEND_ENTRIES));
    let stored = everything(store).await;
    assert_eq!(stored.len(), MAX_APPEND_ENTRIES);
    assert!(stored[0].content == large, "the large entry came back");
}

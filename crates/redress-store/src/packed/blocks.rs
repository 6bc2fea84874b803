//! Byte strings by id, in the order of their ids, in blocks of a few kilobytes.
//!
//! ```text
//! block   record, record, ..
//! record  varint length of the bytes | id 16 | bytes
//! ```
//!
//! A block is found by the id that it begins with, a record in it by looking at one after the other. So there is no index of
//! records: one costs 17 or 18 bytes beside its own, and about one more for its share of what a block costs. Nothing is left
//! behind where a record is replaced.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Damaged;
use super::varint;

/// From how many bytes on a block is split in two.
const MOST: usize = 4_096;

/// How full blocks are made that are read: they take what is recorded next without being split.
const FULL: usize = MOST / 4 * 3;

/// The bytes of an id.
const ID: usize = 16;

/// Byte strings by id.
#[derive(Clone, Default)]
pub(super) struct Blocks {
    /// By the least id that may stand in it.
    blocks: BTreeMap<Uuid, Vec<u8>>,
    count: usize,
}

/// A record as it lies in a block.
struct Record<'a> {
    id: Uuid,
    bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// Takes the first record off the front.
    fn take(from: &mut &'a [u8]) -> Result<Self, Damaged> {
        let length = varint::take(from)?;
        let (id, rest) = from.split_first_chunk::<ID>().ok_or(Damaged)?;
        *from = rest;
        let length = usize::try_from(length).map_err(|_| Damaged)?;
        let bytes = from.split_off(..length).ok_or(Damaged)?;
        Ok(Self {
            id: Uuid::from_bytes(*id),
            bytes,
        })
    }
}

/// Writes a record behind others.
pub(super) fn put_record(to: &mut Vec<u8>, id: Uuid, bytes: &[u8]) {
    varint::put(to, bytes.len() as u64);
    to.extend_from_slice(id.as_bytes());
    to.extend_from_slice(bytes);
}

/// The records of a block, each with where it begins; what was put here is whole.
fn records(block: &[u8]) -> impl Iterator<Item = (usize, Record<'_>)> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let at = block.len() - rest.len();
        let record = Record::take(&mut rest).ok()?;
        Some((at, record))
    })
}

impl Blocks {
    /// How many byte strings there are.
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// The bytes of an id.
    pub(super) fn get(&self, id: Uuid) -> Option<&[u8]> {
        let (_, block) = self.blocks.range(..=id).next_back()?;
        let (_, record) = records(block).find(|(_, record)| record.id >= id)?;
        (record.id == id).then_some(record.bytes)
    }

    /// Every id with its bytes, in the order of ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Uuid, &[u8])> {
        let all = self.blocks.values().flat_map(|block| records(block));
        all.map(|(_, record)| (record.id, record.bytes))
    }

    /// The records one after the other, in pieces.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.blocks.values().map(Vec::as_slice)
    }

    /// How many bytes the records take.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.values().map(Vec::len).sum()
    }

    /// Gives an id these bytes, in place of those it had.
    pub(super) fn put(&mut self, id: Uuid, bytes: &[u8]) {
        let of_id = self.blocks.range_mut(..=id).next_back();
        let block = match of_id {
            Some((_, block)) => block,
            None => self.blocks.entry(Uuid::nil()).or_default(),
        };
        let (at, known) = place_of(block, id);
        self.count += usize::from(known == 0);
        let mut record = Vec::with_capacity(varint::LONGEST + ID + bytes.len());
        put_record(&mut record, id, bytes);
        write(block, at, known, &record);
        if block.len() > MOST
            && let Some((first, right)) = split(block)
        {
            self.blocks.insert(first, right);
        }
    }

    /// Takes an id out, if it is there.
    pub(super) fn remove(&mut self, id: Uuid) {
        if let Some((_, block)) = self.blocks.range_mut(..=id).next_back() {
            let (at, known) = place_of(block, id);
            self.count -= usize::from(known > 0);
            write(block, at, known, &[]);
        }
    }

    /// Takes records as [`Blocks::pieces`] gives them, of which `check` holds.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when they are anything but whole records in the order of their ids, or `check` says so.
    pub(super) fn of<'a>(
        records: &'a [u8],
        mut check: impl FnMut(Uuid, &'a [u8]) -> Result<(), Damaged>,
    ) -> Result<Self, Damaged> {
        let mut read = Self::default();
        let (mut rest, mut before) = (records, None);
        let (mut first, mut begun) = (Uuid::nil(), records);
        while !rest.is_empty() {
            let here = rest;
            let record = Record::take(&mut rest)?;
            if before.is_some_and(|before| before >= record.id) {
                return Err(Damaged);
            }
            before = Some(record.id);
            check(record.id, record.bytes)?;
            read.count += 1;
            let in_block = begun.len() - here.len();
            if in_block > 0 && begun.len() - rest.len() > FULL {
                read.blocks.insert(first, begun[..in_block].to_vec());
                (first, begun) = (record.id, here);
            }
        }
        if !begun.is_empty() {
            read.blocks.insert(first, begun.to_vec());
        }
        Ok(read)
    }
}

/// Where the record of an id stands in a block or belongs, and how many bytes it takes there.
fn place_of(block: &[u8], id: Uuid) -> (usize, usize) {
    let mut from = records(block).skip_while(|(_, record)| record.id < id);
    match from.next() {
        Some((at, record)) if record.id == id => {
            let end = from.next().map_or(block.len(), |(next, _)| next);
            (at, end - at)
        }
        Some((at, _)) => (at, 0),
        None => (block.len(), 0),
    }
}

/// Writes over what begins here and takes so many bytes. No more room is asked for than it needs.
fn write(block: &mut Vec<u8>, at: usize, known: usize, record: &[u8]) {
    let end = block.len();
    let new_end = end - known + record.len();
    if new_end > end {
        block.reserve_exact(new_end - end);
        block.resize(new_end, 0);
    }
    block.copy_within(at + known..end, at + record.len());
    block.truncate(new_end);
    block[at..at + record.len()].copy_from_slice(record);
}

/// Takes the records behind the middle out of a block, or the last one if none begins there; the id of the first of them. None
/// where there is but one record.
fn split(block: &mut Vec<u8>) -> Option<(Uuid, Vec<u8>)> {
    let middle = block.len() / 2;
    let mut split = None;
    for (at, record) in records(block).skip(1) {
        split = Some((at, record.id));
        if at >= middle {
            break;
        }
    }
    let (at, first) = split?;
    let right = block.split_off(at);
    block.shrink_to_fit();
    Some((first, right))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Ids of which many are the same, and which stand far apart or side by side; bytes of which some need a block of their own,
    /// and some are to be taken out.
    fn puts() -> impl Strategy<Value = Vec<(Uuid, Option<Vec<u8>>)>> {
        let id = prop_oneof![(0_u128..200), (0_u128..8).prop_map(|number| number << 120)];
        let length = prop_oneof![8 => 0..200_usize, 1 => 3_000..6_000_usize];
        let put = (id, length, any::<u8>(), 0..4).prop_map(|(id, length, byte, out)| {
            (Uuid::from_u128(id), (out > 0).then(|| vec![byte; length]))
        });
        vec(put, 0..300)
    }

    proptest! {
        #[test]
        fn they_are_like_a_map(puts in puts()) {
            let (mut blocks, mut model) = (Blocks::default(), BTreeMap::new());
            for (id, bytes) in puts {
                if let Some(bytes) = bytes {
                    blocks.put(id, &bytes);
                    model.insert(id, bytes);
                } else {
                    blocks.remove(id);
                    model.remove(&id);
                }
            }
            let of_model = model.iter().map(|(id, bytes)| (*id, &bytes[..]));
            prop_assert!(blocks.iter().eq(of_model));
            prop_assert_eq!(blocks.len(), model.len());
            for id in (0..200).chain((0..8).map(|number| number << 120)) {
                let id = Uuid::from_u128(id);
                prop_assert_eq!(blocks.get(id), model.get(&id).map(Vec::as_slice));
            }
            // Long records aside, blocks are as short as they are to be.
            let short = |block: &Vec<u8>| -> usize {
                let lengths = records(block).map(|(_, record)| record.bytes.len());
                lengths.filter(|length| *length < 200).sum()
            };
            prop_assert!(blocks.blocks.values().all(|block| short(block) <= MOST));
            // Written one after the other they are read back.
            let pieces: Vec<&[u8]> = blocks.pieces().collect();
            let read = Blocks::of(&pieces.concat(), |_, _| Ok(()));
            prop_assert!(read.is_ok_and(|read| read.len() == model.len() && read.iter().eq(blocks.iter())));
        }
    }

    #[test]
    fn records_that_stand_twice_or_out_of_order_are_damaged() {
        let record = |id: u8| {
            let mut blocks = Blocks::default();
            blocks.put(Uuid::from_bytes([id; 16]), b"what is kept");
            blocks.pieces().collect::<Vec<_>>().concat()
        };
        let read = |records: &[u8]| Blocks::of(records, |_, _| Ok(())).map(|read| read.len());
        assert_eq!(read(&[record(1), record(2)].concat()), Ok(2));
        assert_eq!(read(&[record(2), record(1)].concat()), Err(Damaged));
        assert_eq!(read(&[record(1), record(1)].concat()), Err(Damaged));
        let cut = record(1);
        assert_eq!(read(&cut[..cut.len() - 1]), Err(Damaged));
    }
}

//! Byte strings by id, in few large pieces of memory.
//!
//! ```text
//! chunk   record, record, ..
//! record  varint (2 * length of the bytes, + 1 where it was replaced) | id 16 | bytes
//! ```
//!
//! An index of places costs 10 to 21 bytes a record, a record itself 17 or 18 beside its bytes.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use uuid::Uuid;

use super::Damaged;
use super::varint;

/// How long a chunk grows before another one is begun, in bytes.
const CHUNK: usize = 1 << 20;

/// How many bytes of replaced records are left alone, however little is kept.
const MOST_DEAD: usize = 1 << 12;

/// The bytes of an id.
const ID: usize = 16;

/// Byte strings by id.
#[derive(Clone, Default)]
pub(super) struct Slab {
    chunks: Vec<Vec<u8>>,
    index: HashTable<Place>,
    hasher: DefaultHashBuilder,
    /// How many bytes are of records that were replaced.
    dead: usize,
}

/// Where a record begins.
#[derive(Clone, Copy)]
struct Place {
    chunk: u32,
    at: u32,
}

impl Place {
    /// No record begins behind the first [`CHUNK`] bytes of a chunk, and no memory holds more chunks than can be told.
    fn new(chunk: usize, at: usize) -> Self {
        let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            chunk: narrow(chunk),
            at: narrow(at),
        }
    }

    fn parts(self) -> Option<(usize, usize)> {
        Some((self.chunk.try_into().ok()?, self.at.try_into().ok()?))
    }
}

/// A record as it lies in a chunk.
struct Record<'a> {
    id: Uuid,
    is_replaced: bool,
    bytes: &'a [u8],
    /// With what stands before the bytes.
    length: usize,
}

impl<'a> Record<'a> {
    /// The record that a chunk begins with.
    fn first(chunk: &'a [u8]) -> Result<Self, Damaged> {
        let mut rest = chunk;
        let head = varint::take(&mut rest)?;
        let id = rest
            .split_off(..ID)
            .and_then(|id| Uuid::from_slice(id).ok());
        let length = usize::try_from(head >> 1).map_err(|_| Damaged)?;
        let bytes = rest.split_off(..length).ok_or(Damaged)?;
        Ok(Self {
            id: id.ok_or(Damaged)?,
            is_replaced: head & 1 == 1,
            bytes,
            length: chunk.len() - rest.len(),
        })
    }
}

/// The records of a chunk, replaced ones included, each with where it begins; stops after the first that is none.
fn records(chunk: &[u8]) -> impl Iterator<Item = (usize, Result<Record<'_>, Damaged>)> {
    let mut rest = chunk;
    std::iter::from_fn(move || {
        let at = chunk.len() - rest.len();
        (!rest.is_empty()).then(|| {
            let record = Record::first(rest);
            rest = record.as_ref().map_or(&[], |record| &rest[record.length..]);
            (at, record)
        })
    })
}

impl Slab {
    /// How many byte strings there are.
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// The bytes of an id.
    pub(super) fn get(&self, id: Uuid) -> Option<&[u8]> {
        let place = self
            .index
            .find(self.hasher.hash_one(id), is_of(&self.chunks, id))?;
        Some(record_at(&self.chunks, *place)?.bytes)
    }

    /// Every id with its bytes, in the order in which they were put.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Uuid, &[u8])> {
        let all = self.chunks.iter().flat_map(|chunk| records(chunk));
        all.filter_map(|(_, record)| record.ok())
            .filter(|record| !record.is_replaced)
            .map(|record| (record.id, record.bytes))
    }

    /// Gives an id these bytes, in place of those it had. At most a quarter of all bytes are of replaced records: what is
    /// kept is then moved together, at most three bytes for each that was put.
    pub(super) fn put(&mut self, id: Uuid, bytes: &[u8]) {
        let place = append(&mut self.chunks, id, bytes);
        let found = (self.index).find_mut(self.hasher.hash_one(id), is_of(&self.chunks, id));
        match found {
            Some(known) => {
                let replaced = std::mem::replace(known, place);
                self.dead += kill(&mut self.chunks, replaced);
            }
            None => self.insert(id, place),
        }
        if self.dead > MOST_DEAD && self.dead > self.used() / 4 {
            *self = self.compact();
        }
    }

    /// The same without the records that were replaced.
    pub(super) fn compact(&self) -> Self {
        let mut compact = Self::with_room_for(self.len());
        for (id, bytes) in self.iter() {
            let place = append(&mut compact.chunks, id, bytes);
            compact.insert(id, place);
        }
        compact
    }

    /// The pieces of memory, one after the other.
    pub(super) fn into_chunks(self) -> Vec<Vec<u8>> {
        self.chunks
    }

    /// Takes chunks as they were written.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when they hold anything but whole records, one for each id.
    pub(super) fn of(chunks: Vec<Vec<u8>>, count: usize) -> Result<Self, Damaged> {
        let most: usize = chunks.iter().map(|chunk| chunk.len() / (1 + ID)).sum();
        let mut slab = Self::with_room_for(count.min(most));
        slab.chunks = chunks;
        for number in 0..slab.chunks.len() {
            let mut next = 0;
            while let Some(chunk) = slab.chunks.get(number).filter(|chunk| next < chunk.len()) {
                let record = Record::first(&chunk[next..])?;
                let (id, length) = (record.id, record.length);
                let place = Place::new(number, next);
                if record.is_replaced || slab.get(id).is_some() {
                    return Err(Damaged);
                }
                slab.insert(id, place);
                next += length;
            }
        }
        if slab.len() == count {
            Ok(slab)
        } else {
            Err(Damaged)
        }
    }

    fn with_room_for(count: usize) -> Self {
        Self {
            index: HashTable::with_capacity(count),
            ..Self::default()
        }
    }

    /// Tells the index of a record whose id it does not hold.
    fn insert(&mut self, id: Uuid, place: Place) {
        let Self {
            chunks,
            index,
            hasher,
            ..
        } = self;
        index.insert_unique(hasher.hash_one(id), place, |place| {
            record_at(chunks, *place).map_or(0, |record| hasher.hash_one(record.id))
        });
    }

    /// The bytes of all records, replaced ones included.
    pub(super) fn used(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }
}

fn record_at(chunks: &[Vec<u8>], place: Place) -> Option<Record<'_>> {
    let (chunk, at) = place.parts()?;
    Record::first(chunks.get(chunk)?.get(at..)?).ok()
}

fn is_of(chunks: &[Vec<u8>], id: Uuid) -> impl Fn(&Place) -> bool {
    move |place| record_at(chunks, *place).is_some_and(|record| record.id == id)
}

/// Writes a record behind the last one, in a new chunk where that one is full.
fn append(chunks: &mut Vec<Vec<u8>>, id: Uuid, bytes: &[u8]) -> Place {
    let needed = bytes.len() + ID + varint::LONGEST;
    let has_room = |chunk: &Vec<u8>| chunk.len() + needed <= CHUNK;
    if !chunks.last().is_some_and(has_room) {
        chunks.push(Vec::new());
    }
    let number = chunks.len() - 1;
    let chunk = &mut chunks[number];
    let place = Place::new(number, chunk.len());
    varint::put(chunk, (bytes.len() as u64) << 1);
    chunk.extend_from_slice(id.as_bytes());
    chunk.extend_from_slice(bytes);
    place
}

/// Marks a record as replaced; how many bytes it takes.
fn kill(chunks: &mut [Vec<u8>], place: Place) -> usize {
    let length = record_at(chunks, place).map_or(0, |record| record.length);
    let first = place
        .parts()
        .and_then(|(chunk, at)| chunks.get_mut(chunk)?.get_mut(at));
    if let Some(byte) = first {
        // The lowest bit of the number that a record begins with.
        *byte |= 1;
    }
    length
}

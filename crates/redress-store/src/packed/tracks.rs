//! What a view keeps of each complaint, packed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use redress_core::{ComplaintId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Damaged;
use super::blocks::{Blocks, put_record};
use super::record::{Demands, Packer, Shapes, Unpacker, is_settled_by, shape_of_settled};
use crate::projection::ProjectionFault;

/// How many complaints may be unpacked at once while facts are folded.
const MOST_UNPACKED: usize = 4_096;

/// The bytes of an id.
const ID: usize = 16;

/// What a view keeps of one complaint.
///
/// ```
/// use redress_core::{ComplaintId, OutOfOrder, Timestamp};
/// use redress_store::packed::{Damaged, Pack, Packer, Tracks, Unpacker};
///
/// /// When facts were recorded.
/// #[derive(Default)]
/// struct Times(Vec<Timestamp>);
///
/// impl Pack for Times {
///     type Symbols = ();
///
///     fn pack(&self, (): &mut (), to: &mut Packer) {
///         to.all(&self.0, |at, to| to.time(*at));
///     }
///
///     fn unpack(_: ComplaintId, (): &(), from: &mut Unpacker<'_>) -> Result<Self, Damaged> {
///         from.all(Unpacker::time).map(Self)
///     }
///
///     fn is_settled(&self) -> bool {
///         true
///     }
/// }
///
/// let mut tracks: Tracks<Times> = Tracks::default();
/// let at: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// let id = ComplaintId::from_parts(at, [7; 10]);
/// tracks.fold(|tracks| {
///     tracks.update(id, |times| {
///         times.0.push(at);
///         Ok::<_, OutOfOrder>(())
///     })
/// })?;
/// assert_eq!(tracks.get(id)?.map(|times| times.0), Some(vec![at]));
/// assert_eq!(tracks.unsettled_at(at).count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Pack: Default {
    /// The values that recur among complaints.
    type Symbols: Clone + Default + Serialize + DeserializeOwned;

    /// Tells all that is kept.
    fn pack(&self, symbols: &mut Self::Symbols, to: &mut Packer);

    /// Reads it back in the same order. What is read next, and whether all of it can be read, must depend on nothing but
    /// numbers, flags and codes: not on which instant, symbol, own number or own bytes were read.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when it is not as it was packed.
    fn unpack(
        id: ComplaintId,
        symbols: &Self::Symbols,
        from: &mut Unpacker<'_>,
    ) -> Result<Self, Damaged>;

    /// Whether nothing about it changes by the passing of time, from the last of its instants on.
    fn is_settled(&self) -> bool;
}

/// What a view keeps of each complaint, packed; unpacked one by one where it is asked for.
#[derive(Clone)]
pub struct Tracks<T: Pack> {
    symbols: T::Symbols,
    shapes: Shapes,
    /// Most of them, and they hardly change.
    settled: Blocks,
    /// Few, and nearly every fact changes one.
    unsettled: BTreeMap<Uuid, Box<[u8]>>,
}

impl<T: Pack> Default for Tracks<T> {
    fn default() -> Self {
        Self {
            symbols: T::Symbols::default(),
            shapes: Shapes::default(),
            settled: Blocks::default(),
            unsettled: BTreeMap::new(),
        }
    }
}

/// How many complaints, and nothing of any.
impl<T: Pack> std::fmt::Debug for Tracks<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tracks")
            .field("complaints", &self.len())
            .finish_non_exhaustive()
    }
}

/// Equal where they hold the same of the same complaints, however it is packed.
impl<T: Pack + PartialEq> PartialEq for Tracks<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().count() == self.len()
            && (self.iter()).all(|(id, track)| other.get(id).is_ok_and(|it| it == Some(track)))
    }
}

impl<T: Pack + Eq> Eq for Tracks<T> {}

impl<T: Pack> Tracks<T> {
    /// How many complaints there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.settled.len() + self.unsettled.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the complaints take; what recurs among them comes on top.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let of_unsettled = self.unsettled.values().map(|bytes| ID + bytes.len());
        self.settled.bytes() + of_unsettled.sum::<usize>()
    }

    /// What is kept of a complaint; `None` where it is not known.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when it is not as it was packed.
    pub fn get(&self, id: ComplaintId) -> Result<Option<T>, Damaged> {
        let bytes = match self.unsettled.get(&id.as_uuid()) {
            Some(bytes) => Some(&bytes[..]),
            None => self.settled.get(id.as_uuid()),
        };
        let mut unpacker = Unpacker::default();
        bytes
            .map(|bytes| self.unpack(id, bytes, &mut unpacker))
            .transpose()
    }

    /// Every complaint, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (ComplaintId, T)> {
        self.unpacked(self.packed_unsettled().chain(self.settled.iter()))
    }

    /// The complaints about which something may still change by the passing of time after an instant.
    pub fn unsettled_at(&self, at: Timestamp) -> impl Iterator<Item = (ComplaintId, T)> {
        let moving = self.settled.iter();
        let moving = moving.filter(move |(_, bytes)| !is_settled_by(bytes, &self.shapes, at));
        self.unpacked(self.packed_unsettled().chain(moving))
    }

    fn packed_unsettled(&self) -> impl Iterator<Item = (Uuid, &[u8])> {
        (self.unsettled.iter()).map(|(id, bytes)| (*id, &bytes[..]))
    }

    fn unpacked<'a>(
        &'a self,
        packed: impl Iterator<Item = (Uuid, &'a [u8])>,
    ) -> impl Iterator<Item = (ComplaintId, T)> {
        let mut unpacker = Unpacker::default();
        packed.filter_map(move |(id, bytes)| {
            let id = ComplaintId::new(id);
            let track = self.unpack(id, bytes, &mut unpacker);
            // What was packed here can be unpacked, and what was read from a snapshot was tried.
            debug_assert!(track.is_ok(), "{id} cannot be unpacked");
            Some((id, track.ok()?))
        })
    }

    fn unpack<'a>(
        &'a self,
        id: ComplaintId,
        bytes: &'a [u8],
        unpacker: &mut Unpacker<'a>,
    ) -> Result<T, Damaged> {
        unpacker.begin(bytes, &self.shapes)?;
        let track = T::unpack(id, &self.symbols, unpacker)?;
        if unpacker.is_over() {
            Ok(track)
        } else {
            Err(Damaged)
        }
    }

    /// What recurs among them.
    pub(crate) const fn symbols(&self) -> &T::Symbols {
        &self.symbols
    }

    /// The shapes of settled ones, by their numbers.
    pub(crate) fn shapes(&self) -> &[Vec<u8>] {
        self.shapes.values()
    }

    /// The settled ones one after the other, in pieces.
    pub(crate) fn settled(&self) -> impl Iterator<Item = &[u8]> {
        self.settled.pieces()
    }

    /// The others one after the other.
    pub(crate) fn unsettled(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for (id, bytes) in self.packed_unsettled() {
            put_record(&mut all, id, bytes);
        }
        all
    }

    /// Puts them together again, and makes sure that each complaint can be unpacked: the first of each shape is, and those that
    /// are not settled; of the others only what is asked of their own values.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when something is not as [`Tracks::symbols`], [`Tracks::shapes`], [`Tracks::settled`] and
    /// [`Tracks::unsettled`] give it.
    pub(crate) fn from_parts(
        symbols: T::Symbols,
        shapes: Shapes,
        settled: &[u8],
        unsettled: &[u8],
    ) -> Result<Self, Damaged> {
        let mut unpacker = Unpacker::default();
        let mut demands: Vec<Option<Demands>> = Vec::new();
        demands.resize_with(shapes.values().len(), || None);
        let settled = Blocks::of(settled, |id, bytes| {
            let shape = shape_of_settled(bytes)?.ok_or(Damaged)?;
            let known = demands.get_mut(shape).ok_or(Damaged)?;
            if let Some(known) = known {
                return known.check(bytes);
            }
            unpacker.begin(bytes, &shapes)?;
            unpacker.watch();
            let track = T::unpack(ComplaintId::new(id), &symbols, &mut unpacker)?;
            *known = unpacker.demands();
            right(unpacker.is_over() && track.is_settled())
        })?;
        let unsettled = Blocks::of(unsettled, |id, bytes| {
            unpacker.begin(bytes, &shapes)?;
            let track = T::unpack(ComplaintId::new(id), &symbols, &mut unpacker)?;
            let stands_twice = settled.get(id).is_some();
            right(unpacker.is_over() && !track.is_settled() && !stands_twice)
        })?;
        let unsettled = unsettled.iter().map(|(id, bytes)| (id, bytes.into()));
        Ok(Self {
            unsettled: unsettled.collect(),
            symbols,
            shapes,
            settled,
        })
    }

    /// Lets `work` fold facts into complaints; those that it touches stay unpacked until it is done.
    pub fn fold<R>(&mut self, work: impl FnOnce(&mut Unpacked<'_, T>) -> R) -> R {
        let mut unpacked = Unpacked {
            tracks: self,
            under_hand: BTreeMap::new(),
        };
        let done = work(&mut unpacked);
        unpacked.pack();
        done
    }

    /// Takes over the complaints of others, which have none of these.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when one of them is not as it was packed.
    pub fn absorb(&mut self, others: Self) -> Result<(), Damaged> {
        if self.is_empty() {
            *self = others;
            return Ok(());
        }
        let (mut packer, mut unpacker) = (Packer::default(), Unpacker::default());
        let mut bytes = Vec::new();
        for (id, packed) in others.packed_unsettled().chain(others.settled.iter()) {
            let track = others.unpack(ComplaintId::new(id), packed, &mut unpacker)?;
            self.put(ComplaintId::new(id), &track, &mut packer, &mut bytes);
        }
        Ok(())
    }

    fn put(&mut self, id: ComplaintId, track: &T, packer: &mut Packer, bytes: &mut Vec<u8>) {
        let (id, is_settled) = (id.as_uuid(), track.is_settled());
        bytes.clear();
        track.pack(&mut self.symbols, packer);
        packer.finish(is_settled, &mut self.shapes, bytes);
        if is_settled {
            self.unsettled.remove(&id);
            self.settled.put(id, bytes);
        } else if self.unsettled.insert(id, bytes[..].into()).is_none() {
            self.settled.remove(id);
        }
    }
}

/// What must hold of packed bytes.
fn right(holds: bool) -> Result<(), Damaged> {
    if holds { Ok(()) } else { Err(Damaged) }
}

/// Complaints into which facts are being folded.
#[derive(Debug)]
pub struct Unpacked<'a, T: Pack> {
    tracks: &'a mut Tracks<T>,
    /// In an order that does not depend on chance, so that the same facts give the same bytes.
    under_hand: BTreeMap<ComplaintId, T>,
}

impl<T: Pack> Unpacked<'_, T> {
    /// Changes what is kept of a complaint, which begins as the default.
    ///
    /// # Errors
    ///
    /// What `change` says; a complaint of which nothing was known stays unknown then.
    pub fn update<E>(
        &mut self,
        id: ComplaintId,
        change: impl FnOnce(&mut T) -> Result<(), E>,
    ) -> Result<(), ProjectionFault>
    where
        ProjectionFault: From<E>,
    {
        if self.under_hand.len() >= MOST_UNPACKED && !self.under_hand.contains_key(&id) {
            self.pack();
        }
        match self.under_hand.entry(id) {
            Entry::Occupied(mut track) => change(track.get_mut())?,
            Entry::Vacant(place) => {
                let known = self.tracks.get(id);
                let known = known.map_err(|damaged| {
                    ProjectionFault::Storage(damaged.to_string(), Box::new(damaged))
                })?;
                let mut track = known.unwrap_or_default();
                change(&mut track)?;
                place.insert(track);
            }
        }
        Ok(())
    }

    fn pack(&mut self) {
        let mut packer = Packer::default();
        let mut bytes = Vec::new();
        for (id, track) in std::mem::take(&mut self.under_hand) {
            self.tracks.put(id, &track, &mut packer, &mut bytes);
        }
    }
}

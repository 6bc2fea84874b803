//! The body of a snapshot: complaints, and what a view keeps beside each.

use redress_core::{Complaint, Timestamp};
use rkyv::util::AlignedVec;
use rkyv::{Archive, Serialize};
use serde::de::DeserializeOwned;

use super::SnapshotError;
use super::complaint::{PackedComplaint, Unpacker, time};
use super::seal::{Stamp, Unfit};
use super::symbols::{Known, Symbols, Texts};

#[derive(Archive, Serialize)]
struct Body {
    symbols: Vec<String>,
    tracks: Vec<PackedTrack>,
    /// What the view keeps that is of no complaint.
    rest: u32,
}

#[derive(Archive, Serialize)]
struct PackedTrack {
    complaint: PackedComplaint,
    beside: u32,
    dated: Vec<(i64, u32)>,
}

/// Writes a snapshot, complaint by complaint.
#[derive(Default)]
pub struct Writer {
    symbols: Symbols,
    tracks: Vec<PackedTrack>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("tracks", &self.tracks.len())
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Adds a complaint with what the view keeps beside it, and with what happened to it when. A complaint of which
    /// nothing was recorded is left out.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when a value cannot be written, or there are too many.
    pub fn add<D: serde::Serialize>(
        &mut self,
        complaint: &Complaint,
        beside: &impl serde::Serialize,
        dated: impl IntoIterator<Item = (Timestamp, D)>,
    ) -> Result<(), SnapshotError> {
        let Some(complaint) = PackedComplaint::of(complaint, &mut self.symbols)? else {
            return Ok(());
        };
        let beside = self.symbols.number(beside)?;
        let dated = dated
            .into_iter()
            .map(|(at, what)| Ok((at.as_micros(), self.symbols.number(&what)?)))
            .collect::<Result<_, SnapshotError>>()?;
        self.tracks.push(PackedTrack {
            complaint,
            beside,
            dated,
        });
        Ok(())
    }

    /// The bytes of the snapshot; `rest` is what the view keeps that is of no complaint.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when a value cannot be written.
    pub fn finish(
        mut self,
        stamp: &Stamp,
        rest: &impl serde::Serialize,
    ) -> Result<Vec<u8>, SnapshotError> {
        let rest = self.symbols.number(rest)?;
        let body = Body {
            symbols: self.symbols.into_texts(),
            tracks: self.tracks,
            rest,
        };
        let bytes = rkyv::to_bytes::<rkyv::rancor::Error>(&body);
        let bytes = bytes.map_err(|error| SnapshotError(error.to_string()))?;
        Ok(stamp.seal(&bytes))
    }
}

/// Reads a snapshot: hands each complaint with what stands beside it to `take`, and returns what it is of and the rest.
///
/// `fits` judges what it is of, before any of the body is looked at.
///
/// # Errors
///
/// [`Unfit::NoSnapshot`], [`Unfit::Damaged`] or what `fits` says. Whatever was handed over is to be thrown away then.
pub fn read<B, D, R>(
    bytes: &[u8],
    fits: impl FnOnce(&Stamp) -> Result<(), Unfit>,
    mut take: impl FnMut(Complaint, B, Vec<(Timestamp, D)>),
) -> Result<(Stamp, R), Unfit>
where
    B: DeserializeOwned,
    D: DeserializeOwned + Clone,
    R: DeserializeOwned,
{
    let (stamp, body) = Stamp::unseal(bytes)?;
    fits(&stamp)?;
    // What is read in place has to lie as it was laid out.
    let mut aligned = AlignedVec::<16>::with_capacity(body.len());
    aligned.extend_from_slice(body);
    let body = rkyv::access::<ArchivedBody, rkyv::rancor::Error>(&aligned);
    let body = body.map_err(|_| Unfit::Damaged)?;
    let texts = Texts(&body.symbols);
    let mut unpacker = Unpacker::default();
    let mut happenings = Known::<D>::default();
    for track in body.tracks.iter() {
        let complaint = unpacker.complaint(&texts, &track.complaint)?;
        let beside = texts.value(track.beside.to_native())?;
        let dated = track
            .dated
            .iter()
            .map(|one| {
                let what = happenings.value(&texts, one.1.to_native())?;
                Ok((time(one.0.to_native())?, what))
            })
            .collect::<Result<_, Unfit>>()?;
        take(complaint, beside, dated);
    }
    Ok((stamp, texts.value(body.rest.to_native())?))
}

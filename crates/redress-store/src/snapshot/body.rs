//! The body of a snapshot: what recurs among complaints, then the complaints as they lie in memory.
//!
//! ```text
//! head length 8 | head | settled complaints, one after the other | the others
//! ```
//!
//! The length is little-endian. The head is laid out by rkyv, the values in it are JSON.

use rkyv::util::AlignedVec;
use rkyv::{Archive, Serialize};
use serde::de::DeserializeOwned;

use super::SnapshotError;
use super::seal::{Stamp, Unfit};
use crate::packed::{Damaged, Pack, Tracks};

#[derive(Archive, Serialize)]
struct Head {
    symbols: String,
    shapes: Vec<Vec<u8>>,
    /// How many bytes the settled complaints take.
    settled: u64,
    /// What the view keeps that is of no complaint.
    rest: String,
}

/// Writes a snapshot: what a view keeps of complaints, and `rest`, which is of no complaint.
///
/// # Errors
///
/// [`SnapshotError`] when a value cannot be written.
pub fn write<T: Pack>(
    stamp: &Stamp,
    tracks: &Tracks<T>,
    rest: &impl serde::Serialize,
) -> Result<Vec<u8>, SnapshotError> {
    let head = Head {
        symbols: json(tracks.symbols())?,
        shapes: tracks.shapes().to_vec(),
        settled: tracks.settled().map(|piece| piece.len() as u64).sum(),
        rest: json(rest)?,
    };
    let head = rkyv::to_bytes::<rkyv::rancor::Error>(&head);
    let head = head.map_err(|error| SnapshotError(error.to_string()))?;
    let length = (head.len() as u64).to_le_bytes();
    let mut body: Vec<&[u8]> = vec![&length, &head];
    body.extend(tracks.settled());
    let unsettled = tracks.unsettled();
    body.push(&unsettled);
    Ok(stamp.seal(&body))
}

fn json(value: &impl serde::Serialize) -> Result<String, SnapshotError> {
    serde_json::to_string(value).map_err(|error| SnapshotError(error.to_string()))
}

/// Reads a snapshot: what it is of, the complaints, and the rest.
///
/// `fits` judges what it is of, before any of the body is looked at.
///
/// # Errors
///
/// [`Unfit::NoSnapshot`], [`Unfit::Damaged`] or what `fits` says.
pub fn read<T: Pack, R: DeserializeOwned>(
    bytes: &[u8],
    fits: impl FnOnce(&Stamp) -> Result<(), Unfit>,
) -> Result<(Stamp, Tracks<T>, R), Unfit> {
    let (stamp, body) = Stamp::unseal(bytes)?;
    fits(&stamp)?;
    let (tracks, rest) = read_body(body).ok_or(Unfit::Damaged)?;
    Ok((stamp, tracks, rest))
}

fn read_body<T: Pack, R: DeserializeOwned>(body: &[u8]) -> Option<(Tracks<T>, R)> {
    let (length, mut body) = body.split_first_chunk()?;
    let head = body.split_off(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    // What is read in place has to lie as it was laid out.
    let mut aligned = AlignedVec::<16>::with_capacity(head.len());
    aligned.extend_from_slice(head);
    let head = rkyv::access::<ArchivedHead, rkyv::rancor::Error>(&aligned).ok()?;
    let symbols = serde_json::from_str(&head.symbols).ok()?;
    let shapes = head.shapes.iter().map(|shape| shape.to_vec()).collect();
    let settled = body.split_off(..usize::try_from(head.settled.to_native()).ok()?)?;
    let tracks = Tracks::from_parts(symbols, shapes, settled, body).ok()?;
    let rest = serde_json::from_str(&head.rest).ok()?;
    Some((tracks, rest))
}

impl From<Damaged> for Unfit {
    fn from(Damaged: Damaged) -> Self {
        Self::Damaged
    }
}

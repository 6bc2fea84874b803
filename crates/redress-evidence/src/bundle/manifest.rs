//! What a bundle says of itself: which ledger, how large, and the digest of every file.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::tile::Tile;

/// The name of the format.
pub(crate) const FORMAT: &str = "redress/bundle/v1";
/// The file that holds it.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The file of the entries.
pub(crate) const ENTRIES: &str = "entries.ndjson";
/// The file of the newest checkpoint.
pub(crate) const CHECKPOINT: &str = "checkpoint";
/// The file of the statement about the heads of streams.
pub(crate) const HEADS: &str = "stream-heads";
/// The file that tells the auditor what to do.
pub(crate) const README: &str = "README.md";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) format: String,
    pub(crate) ledger_id: Uuid,
    pub(crate) size: u64,
    /// The root, in base 64.
    pub(crate) root: String,
    /// Who signs, as `NAME+ID+KEY`. To be compared with what is known from elsewhere.
    pub(crate) keys: Vec<String>,
    /// The sizes of the checkpoints, growing.
    pub(crate) checkpoints: Vec<u64>,
    /// How many policy texts there are.
    pub(crate) policies: u32,
    pub(crate) stream_heads: bool,
    pub(crate) files: Vec<FileLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileLine {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

impl Manifest {
    pub(crate) fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// `None` for anything that [`Manifest::to_text`] does not write.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(bytes).ok()?;
        let same = read.to_text().ok()?.as_bytes() == bytes;
        (same && read.format == FORMAT).then_some(read)
    }

    /// The paths of a bundle of this size, in their order. Lazy: a false size costs nothing.
    pub(crate) fn paths(&self) -> impl Iterator<Item = String> {
        let fixed = [README, ENTRIES].map(str::to_owned);
        let last = self.checkpoints.last().copied();
        let checkpoints = self
            .checkpoints
            .iter()
            .map(move |size| checkpoint_path(*size, last));
        let heads = self.stream_heads.then(|| HEADS.to_owned());
        let policies = (0..self.policies).map(policy_path);
        fixed
            .into_iter()
            .chain(checkpoints)
            .chain(heads)
            .chain(policies)
            .chain(Tile::all(self.size).flat_map(tile_paths))
    }
}

/// Where the checkpoint of this size is, `last` being the size of the newest.
pub(crate) fn checkpoint_path(size: u64, last: Option<u64>) -> String {
    if last == Some(size) {
        CHECKPOINT.to_owned()
    } else {
        format!("checkpoints/{size}")
    }
}

/// Where the text of a policy is.
pub(crate) fn policy_path(number: u32) -> String {
    format!("policies/{number:03}.toml")
}

/// Where a tile is, and the entries whose hashes it holds.
fn tile_paths(tile: Tile) -> impl Iterator<Item = String> {
    let entries = (tile.level == 0).then(|| tile.entries_path());
    std::iter::once(tile.path()).chain(entries)
}

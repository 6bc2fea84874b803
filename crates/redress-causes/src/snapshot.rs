//! The view as a snapshot.

use std::collections::BTreeMap;

use redress_core::ActionId;
use redress_core::action::Action;
use redress_store::snapshot::{
    Origin, Snapshot, SnapshotError, Stamp, Unfit, Writer, digest, read,
};

use crate::track::Track;
use crate::view::CauseView;

/// Counts up whenever the view keeps something else, or folds a fact into something else, within a release.
const KIND: &str = concat!("causes 1 ", env!("CARGO_PKG_VERSION"));

impl Snapshot for CauseView {
    fn snapshot(&self, origin: Origin) -> Result<Vec<u8>, SnapshotError> {
        let mut writer = Writer::default();
        for track in self.tracks.values() {
            writer.add::<()>(&track.complaint, track, [])?;
        }
        let stamp = Stamp {
            kind: digest(KIND),
            ledger: origin.ledger,
            next: self.next_position,
            last: origin.last,
            rules: self.rules_digest(),
        };
        writer.finish(&stamp, &self.actions)
    }

    fn restore(
        &mut self,
        bytes: &[u8],
        fits: &mut dyn FnMut(&Stamp) -> Result<(), Unfit>,
    ) -> Result<(), Unfit> {
        let mut tracks = BTreeMap::new();
        let rules = self.rules_digest();
        let judge = |stamp: &Stamp| {
            stamp.check(digest(KIND), rules)?;
            fits(stamp)
        };
        let (stamp, actions): (_, BTreeMap<ActionId, Action>) = read(
            bytes,
            judge,
            |complaint, mut track: Track, _: Vec<(_, ())>| {
                track.complaint = complaint;
                if let Some(case) = track.complaint.case() {
                    tracks.insert(case.id, track);
                }
            },
        )?;
        self.tracks = tracks;
        self.actions = actions;
        self.next_position = stamp.next;
        Ok(())
    }
}

impl CauseView {
    fn rules_digest(&self) -> [u8; 32] {
        digest(&format!("{:?}", self.policy))
    }
}

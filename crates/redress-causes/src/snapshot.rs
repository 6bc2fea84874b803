//! The view as a snapshot.

use std::collections::BTreeMap;

use redress_core::action::Action;
use redress_core::{ActionId, PolicyAdopted};
use redress_store::snapshot::{
    Origin, Snapshot, SnapshotError, Stamp, Unfit, Writer, adopted_anew, adoptions, digest, read,
    rules_digest,
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
            rules: rules_digest(&self.rules),
        };
        writer.finish(&stamp, &(adoptions(&self.rules)?, &self.actions))
    }

    fn restore(
        &mut self,
        bytes: &[u8],
        fits: &mut dyn FnMut(&Stamp) -> Result<(), Unfit>,
    ) -> Result<(), Unfit> {
        let mut tracks = BTreeMap::new();
        let judge = |stamp: &Stamp| {
            stamp.check(digest(KIND), &self.rules)?;
            fits(stamp)
        };
        let (stamp, (adopted, actions)): (_, (Vec<PolicyAdopted>, BTreeMap<ActionId, Action>)) =
            read(
                bytes,
                judge,
                |complaint, mut track: Track, _: Vec<(_, ())>| {
                    track.complaint = complaint;
                    if let Some(case) = track.complaint.case() {
                        tracks.insert(case.id, track);
                    }
                },
            )?;
        self.rules = adopted_anew(&self.rules, &adopted)?;
        self.tracks = tracks;
        self.actions = actions;
        self.next_position = stamp.next;
        Ok(())
    }
}

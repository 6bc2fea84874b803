//! The view as a snapshot.

use redress_core::PolicyAdopted;
use redress_store::snapshot::{
    Origin, Snapshot, SnapshotError, Stamp, Unfit, adopted_anew, adoptions, read, write,
};

use crate::view::SlaView;

/// Counts up whenever the view keeps something else, or folds a fact into something else, within a release.
const KIND: &str = concat!("sla 4 ", env!("CARGO_PKG_VERSION"));

impl Snapshot for SlaView {
    fn snapshot(&self, origin: Origin) -> Result<Vec<u8>, SnapshotError> {
        let stamp = Stamp::of(KIND, origin, self.next_position, &self.rules);
        write(&stamp, &self.tracks, &adoptions(&self.rules)?)
    }

    fn restore(
        &mut self,
        bytes: &[u8],
        fits: &mut dyn FnMut(&Stamp) -> Result<(), Unfit>,
    ) -> Result<(), Unfit> {
        let judge = |stamp: &Stamp| {
            stamp.check(KIND, &self.rules)?;
            fits(stamp)
        };
        let (stamp, tracks, adopted): (_, _, Vec<PolicyAdopted>) = read(bytes, judge)?;
        self.rules = adopted_anew(&self.rules, &adopted)?;
        self.tracks = tracks;
        self.next_position = stamp.next;
        Ok(())
    }
}

//! The view as a snapshot.

use std::collections::BTreeMap;

use redress_core::action::Action;
use redress_core::{ActionId, PolicyAdopted};
use redress_store::snapshot::{
    Origin, Snapshot, SnapshotError, Stamp, Unfit, adopted_anew, adoptions, read, write,
};

use crate::view::CauseView;

/// Counts up whenever the view keeps something else, or folds a fact into something else, within a release.
const KIND: &str = concat!("causes 4 ", env!("CARGO_PKG_VERSION"));

/// What is of no complaint: the adopted rules, and the actions.
type Rest = (Vec<PolicyAdopted>, BTreeMap<ActionId, Action>);

impl Snapshot for CauseView {
    fn snapshot(&self, origin: Origin) -> Result<Vec<u8>, SnapshotError> {
        let stamp = Stamp::of(KIND, origin, self.next_position, &self.rules);
        write(
            &stamp,
            &self.tracks,
            &(adoptions(&self.rules)?, &self.actions),
        )
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
        let (stamp, tracks, (adopted, actions)): (_, _, Rest) = read(bytes, judge)?;
        self.rules = adopted_anew(&self.rules, &adopted)?;
        self.tracks = tracks;
        self.actions = actions;
        self.next_position = stamp.next;
        Ok(())
    }
}

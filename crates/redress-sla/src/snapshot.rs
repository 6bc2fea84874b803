//! The view as a snapshot.

use std::collections::BTreeMap;

use redress_core::{DepartmentId, Label, PolicyAdopted};
use redress_store::snapshot::{
    Origin, Snapshot, SnapshotError, Stamp, Unfit, Writer, adopted_anew, adoptions, digest, read,
    rules_digest,
};

use crate::happening::{Happening, What};
use crate::track::Track;
use crate::view::SlaView;

/// Counts up whenever the view keeps something else, or folds a fact into something else, within a release.
const KIND: &str = concat!("sla 1 ", env!("CARGO_PKG_VERSION"));

/// What stands beside a complaint: the latest values of another system.
type Source = BTreeMap<Label, BTreeMap<String, String>>;

impl Snapshot for SlaView {
    fn snapshot(&self, origin: Origin) -> Result<Vec<u8>, SnapshotError> {
        let mut writer = Writer::default();
        for track in self.tracks.values() {
            let happenings = track.happenings.iter();
            let dated = happenings.map(|one| (one.at, (&one.what, &one.department)));
            writer.add(&track.complaint, &track.source, dated)?;
        }
        let stamp = Stamp {
            kind: digest(KIND),
            ledger: origin.ledger,
            next: self.next_position,
            last: origin.last,
            rules: rules_digest(&self.rules),
        };
        writer.finish(&stamp, &adoptions(&self.rules)?)
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
        let (stamp, adopted): (_, Vec<PolicyAdopted>) = read(
            bytes,
            judge,
            |complaint, source: Source, dated: Vec<(_, (What, DepartmentId))>| {
                let happenings = dated.into_iter().map(|(at, (what, department))| Happening {
                    at,
                    what,
                    department,
                });
                let track = Track {
                    happenings: happenings.collect(),
                    complaint,
                    source,
                };
                if let Some(case) = track.complaint.case() {
                    tracks.insert(case.id, track);
                }
            },
        )?;
        self.rules = adopted_anew(&self.rules, &adopted)?;
        self.tracks = tracks;
        self.next_position = stamp.next;
        Ok(())
    }
}

//! What will be overdue later if nothing happens until then.

use redress_core::{Clock, Pause, Status, Timestamp};

use crate::filter::BoardFilter;
use crate::queue::{QueueItem, by_urgency};
use crate::status_counts::is_open;
use crate::track::{Standing, Track};
use crate::view::SlaView;

impl SlaView {
    /// The clocks that have not ended at `at` and would be overdue at `until` if nothing happened in between, first by
    /// due. Of the filter, the period does not matter: all of these have not ended.
    ///
    /// Each shows its status at `at`, so that what is overdue already can be told from what will be, and its due and
    /// what remains as of `until`. A pause ends by itself when it was to end; one without such a moment does not.
    #[must_use]
    pub fn forecast(
        &self,
        at: Timestamp,
        until: Timestamp,
        filter: &BoardFilter,
    ) -> Vec<QueueItem> {
        let mut items = Vec::new();
        for (complaint, track) in self.open_tracks(at, filter.duplicates) {
            let shown = |standing: &Standing<'_>| {
                is_open(standing.reading.status) && filter.shows(standing)
            };
            let standings = track.standings(self.rules(), at).filter(shown);
            items.extend(standings.filter_map(|standing| {
                let clock = undisturbed(standing.clock, at);
                let later = (self.rules()).read(&clock, &pauses_begun(&track, at), until);
                let item = QueueItem {
                    due: later.due,
                    remaining: later.remaining,
                    ..QueueItem::of(complaint, &standing)
                };
                (later.status == Status::Overdue).then_some(item)
            }));
        }
        items.sort_by_key(by_urgency);
        items
    }
}

/// The clock as it stood: an end that came later has not happened.
fn undisturbed(clock: &Clock, at: Timestamp) -> Clock {
    let end = clock.end.as_ref().filter(|end| end.at <= at);
    Clock {
        end: end.cloned(),
        ..clock.clone()
    }
}

/// The pauses that had begun, without the ends that came later, except those set beforehand.
fn pauses_begun(track: &Track, at: Timestamp) -> Vec<Pause> {
    let pauses = track.complaint.case().map_or(&[][..], |case| &case.pauses);
    pauses
        .iter()
        .filter(|pause| pause.from <= at)
        .map(|pause| Pause {
            ended_at: pause.ended_at.filter(|end| *end <= at),
            ..*pause
        })
        .collect()
}

//! How long complaints take to be resolved, with those still open.

use redress_core::Timestamp;

use crate::query::CauseQuery;
use crate::statistics::{Observation, SurvivalCurve};
use crate::track::Track;
use crate::view::CauseView;

impl CauseView {
    /// The survival curve of the complaints received in the period: the share that is still unresolved so long after receipt.
    ///
    /// A complaint ends at the resolution that stands. One without is watched until `now`, or until it was closed, and no
    /// further. Time counts day and night, pauses included.
    #[must_use]
    pub fn time_to_resolve(&self, query: &CauseQuery, now: Timestamp) -> SurvivalCurve {
        SurvivalCurve::of(
            self.received(query)
                .filter_map(|track| observe(&track, now)),
        )
    }
}

/// `None` for a complaint that was not received by `now`.
fn observe(track: &Track, now: Timestamp) -> Option<Observation> {
    let received_at = track.complaint.case()?.received_at;
    let resolved_at = track.resolution().map(|resolution| resolution.at);
    let ended = resolved_at.is_some_and(|at| at <= now);
    let closed_at = track.closing().map(|closing| closing.at);
    let until = if ended { resolved_at } else { closed_at }.map_or(now, |at| at.min(now));
    (received_at <= now).then(|| Observation {
        time: until.since(received_at),
        ended,
    })
}

//! Counting complaints into the figures.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::event::{Currency, Satisfaction, Upheld};
use redress_core::{
    Case, Clock, ClockKind, ComplaintId, Cycle, Ending, Level, Period, Rulebook, Span, Status,
    Timestamp,
};

use super::{Backlog, Cost, Kpi, KpiQuery, Kpis};
use crate::statistics::Durations;
use crate::track::Track;

/// The figures so far.
pub(super) struct Gathering<'a> {
    query: &'a KpiQuery,
    rules: &'a Rulebook,
    repeats: &'a BTreeSet<ComplaintId>,
    kpis: Kpis,
    handling_times: Vec<Span>,
    costs: BTreeMap<Currency, (i128, u64)>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(
        query: &'a KpiQuery,
        rules: &'a Rulebook,
        repeats: &'a BTreeSet<ComplaintId>,
    ) -> Self {
        Self {
            query,
            rules,
            repeats,
            kpis: Kpis::default(),
            handling_times: Vec::new(),
            costs: BTreeMap::new(),
        }
    }

    /// The figures of what was taken.
    pub(super) fn kpis(self) -> Kpis {
        let costs = self.costs.into_iter();
        Kpis {
            complaint_rate: Kpi {
                numerator: self.kpis.received,
                denominator: self.query.served.unwrap_or(0),
            },
            handling_time: Durations::of(self.handling_times),
            costs: costs
                .map(|(currency, (minor_units, complaints))| Cost {
                    currency,
                    minor_units,
                    complaints,
                })
                .collect(),
            ..self.kpis
        }
    }

    /// Counts a complaint in every figure that it belongs to.
    pub(super) fn take(&mut self, track: &Track) {
        let Some(case) = track.complaint.case() else {
            return;
        };
        let period = self.period();
        if period.contains(case.received_at) {
            self.take_received(track, case);
        }
        let resolved_at = track.resolution().map(|resolution| resolution.at);
        if resolved_at.is_some_and(|at| period.contains(at)) {
            self.take_resolved(track, case);
        }
        if track
            .closing()
            .is_some_and(|closing| period.contains(closing.at))
        {
            self.kpis.closed += 1;
            if let Some(conforms) = track.conforms() {
                self.kpis.conformity.count(conforms);
            }
        }
        self.take_revisits(track, case);
        self.take_clocks(case);
        if track.is_open_at(self.query.now) {
            self.kpis
                .backlog
                .take(self.query.now.since(case.received_at));
        }
    }

    fn period(&self) -> Period {
        self.query.complaints.period
    }

    fn take_received(&mut self, track: &Track, case: &Case) {
        let kpis = &mut self.kpis;
        kpis.received += 1;
        kpis.repeat.count(self.repeats.contains(&case.id));
        kpis.escalation.count(case.level > Level::FIRST);
        kpis.data_quality.count(track.is_complete());
        kpis.hand_overs.numerator += track.hand_overs;
        kpis.hand_overs.denominator += 1;
    }

    fn take_resolved(&mut self, track: &Track, case: &Case) {
        let kpis = &mut self.kpis;
        kpis.resolved += 1;
        kpis.rework.count(case.cycle > Cycle::FIRST);
        self.handling_times.extend(track.handling_time());
        let Some(resolution) = track.resolution() else {
            return;
        };
        match resolution.fact.upheld {
            Some(Upheld::Upheld | Upheld::Partly) => kpis.upheld.count(true),
            Some(Upheld::NotUpheld) => kpis.upheld.count(false),
            None => {}
        }
        if let Some(cost) = &resolution.fact.cost {
            let (sum, complaints) = self.costs.entry(cost.currency.clone()).or_default();
            *sum += i128::from(cost.minor_units);
            *complaints += 1;
        }
    }

    fn take_revisits(&mut self, track: &Track, case: &Case) {
        let period = self.period();
        let kpis = &mut self.kpis;
        if let Some(reached) = track.visits.reached(|at| period.contains(at)) {
            kpis.response.count(reached);
        }
        if let Some(verdict) = track
            .visits
            .verdict()
            .filter(|verdict| period.contains(verdict.at))
        {
            kpis.satisfaction
                .count(verdict.result == Satisfaction::Satisfied);
        }
        let owed = case
            .clocks
            .iter()
            .filter(|clock| clock.kind == ClockKind::Revisit && period.contains(clock.started_at));
        for clock in owed {
            match clock.end.as_ref().map(|end| end.how) {
                Some(Ending::Cancelled) => {}
                Some(Ending::Stopped) => kpis.revisit_completion.count(true),
                Some(Ending::HandedOver | Ending::Lapsed) | None => {
                    kpis.revisit_completion.count(false);
                }
            }
        }
    }

    fn take_clocks(&mut self, case: &Case) {
        let now = self.query.now;
        for clock in case.clocks.iter().filter(|clock| clock.started_at <= now) {
            if let Some((is_met, at)) = verdict(clock, case, self.rules, now)
                && self.period().contains(at)
            {
                self.kpis.timeliness.count(is_met);
            }
        }
    }
}

/// Whether a clock was met, and when that was settled; `None` where it is neither met nor late.
fn verdict(
    clock: &Clock,
    case: &Case,
    rules: &Rulebook,
    now: Timestamp,
) -> Option<(bool, Timestamp)> {
    let reading = rules.read(clock, &case.pauses, now);
    let ended_at = clock.end.as_ref().map_or(now, |end| end.at);
    let is_met = reading.status.is_in_time()?;
    // What is overdue was late from its deadline on; all else is settled by its end.
    let late_since = reading.due.filter(|_| reading.status == Status::Overdue);
    Some((is_met, late_since.unwrap_or(ended_at)))
}

impl Backlog {
    fn take(&mut self, age: Span) {
        self.open += 1;
        let bucket = if age < Span::days(1) {
            &mut self.under_1_day
        } else if age < Span::days(3) {
            &mut self.from_1_to_3_days
        } else if age <= Span::days(7) {
            &mut self.from_3_to_7_days
        } else {
            &mut self.over_7_days
        };
        *bucket += 1;
    }
}

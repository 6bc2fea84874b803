//! The slow, obvious model: each figure counted by scanning the bare facts of each complaint again and again.

use std::collections::BTreeMap;

use redress_causes::{Backlog, Cost, Duplicates, Kpi, KpiQuery, Kpis};
use redress_core::event::{
    Change, CloseReason, Currency, Feedback, FeedbackKind, Money, Received, Relation,
    RevisitOutcome, Satisfaction, Upheld, Verdict,
};
use redress_core::{ComplaintId, Event, Recorded, Span, SubjectId, Timestamp};

/// The facts of one complaint.
pub(super) struct File<'a>(Vec<&'a Recorded>);

pub(super) fn files(facts: &[Recorded]) -> Vec<File<'_>> {
    let mut files: BTreeMap<ComplaintId, Vec<&Recorded>> = BTreeMap::new();
    for fact in facts {
        files.entry(fact.complaint_id).or_default().push(fact);
    }
    files.into_values().map(File).collect()
}

fn reached(event: &Event) -> Option<(Satisfaction, bool)> {
    match event {
        Event::Revisited(fact) => match fact.outcome {
            RevisitOutcome::Reached {
                result,
                residual_problem,
                ..
            } => Some((
                result,
                result == Satisfaction::Dissatisfied || residual_problem,
            )),
            RevisitOutcome::NotReached { .. } => None,
        },
        _ => None,
    }
}

fn feedback(event: &Event, kind: FeedbackKind) -> Option<&Feedback> {
    match event {
        Event::Feedback(fact) if fact.kind == kind => Some(fact),
        _ => None,
    }
}

fn is_unhappy_reply(event: &Event) -> bool {
    feedback(event, FeedbackKind::CustomerReply).is_some_and(|fact| {
        matches!(
            fact.verdict,
            Some(Verdict::Dissatisfied | Verdict::Rejected)
        )
    })
}

impl File<'_> {
    fn event(&self, index: usize) -> &Event {
        &self.0[index].event
    }

    fn at(&self, index: usize) -> Timestamp {
        self.0[index].occurred_at
    }

    fn id(&self) -> ComplaintId {
        self.0[0].complaint_id
    }

    fn received_at(&self) -> Timestamp {
        self.at(0)
    }

    fn all(&self, which: impl Fn(&Event) -> bool) -> Vec<usize> {
        (0..self.0.len())
            .filter(|index| which(self.event(*index)))
            .collect()
    }

    fn first_after(&self, index: usize, which: impl Fn(&Event) -> bool) -> Option<usize> {
        (index + 1..self.0.len()).find(|later| which(self.event(*later)))
    }

    /// Whether a cycle begins with this fact.
    fn begins(&self, index: usize) -> bool {
        match self.event(index) {
            Event::Reopened(_) => true,
            event if is_unhappy_reply(event) => self.standing_before(index).is_some(),
            event => reached(event).is_some_and(|(_, unhappy)| unhappy),
        }
    }

    /// The resolution that stands just before this fact.
    fn standing_before(&self, index: usize) -> Option<usize> {
        let resolved =
            (0..index).rfind(|before| matches!(self.event(*before), Event::Resolved(_)))?;
        let begun = (resolved..index).any(|later| self.begins(later));
        (!begun).then_some(resolved)
    }

    fn resolved(&self) -> Option<usize> {
        self.standing_before(self.0.len())
    }

    fn cycles(&self) -> usize {
        1 + (0..self.0.len())
            .filter(|index| self.begins(*index))
            .count()
    }

    fn closed(&self) -> Option<(usize, &CloseReason)> {
        let last = self.all(|event| matches!(event, Event::Closed(_) | Event::Reopened(_)));
        let last = *last.last()?;
        match self.event(last) {
            Event::Closed(fact) => Some((last, &fact.reason)),
            _ => None,
        }
    }

    fn is_duplicate(&self) -> bool {
        matches!(self.closed(), Some((_, CloseReason::Duplicate { .. })))
    }

    fn is_open_at(&self, now: Timestamp) -> bool {
        let closings = self.all(|event| matches!(event, Event::Closed(_)));
        let closed = closings.into_iter().any(|index| {
            let reopened = self.first_after(index, |event| matches!(event, Event::Reopened(_)));
            self.at(index) <= now && reopened.is_none_or(|later| now < self.at(later))
        });
        self.received_at() <= now && !closed
    }

    fn handling_time(&self, resolved: usize) -> Span {
        let until = self.at(resolved);
        let mut time = until.since(self.received_at());
        for index in self.all(|event| matches!(event, Event::Paused(_))) {
            let Event::Paused(fact) = self.event(index) else {
                continue;
            };
            let ender = self.first_after(index, |event| {
                feedback(event, FeedbackKind::CustomerReply).is_some()
                    || matches!(
                        event,
                        Event::Resumed(_)
                            | Event::Resolved(_)
                            | Event::Assigned(_)
                            | Event::Closed(_)
                    )
            });
            let ends = [fact.until, ender.map(|later| self.at(later)), Some(until)];
            let end = ends.into_iter().flatten().min().unwrap();
            if self.at(index) < end {
                time = time - end.since(self.at(index));
            }
        }
        time
    }

    fn verdict(&self) -> Option<(usize, Satisfaction)> {
        let last = *self.all(|event| reached(event).is_some()).last()?;
        let (result, unhappy) = reached(self.event(last))?;
        let begun = (last + 1..self.0.len()).any(|later| self.begins(later));
        (unhappy || !begun).then_some((last, result))
    }

    /// The fact every history begins with.
    fn receipt(&self) -> &Received {
        self.0
            .iter()
            .find_map(|fact| match &fact.event {
                Event::Received(fact) => Some(&**fact),
                _ => None,
            })
            .unwrap()
    }

    fn subject(&self) -> SubjectId {
        self.receipt().customer.subject
    }

    fn category(&self) -> Option<String> {
        self.0.iter().rev().find_map(|fact| match &fact.event {
            Event::Classified(class) => Some(class.category.to_string()),
            _ => None,
        })
    }

    /// The corrections after a fact, the last one first.
    fn changes_after(&self, index: usize) -> Vec<&Change> {
        let later = self.0[index + 1..].iter().rev();
        later
            .flat_map(|fact| match &fact.event {
                Event::Amended(amended) => amended.patch.iter().rev().collect(),
                _ => Vec::new(),
            })
            .collect()
    }

    /// Product, time of the occurrence and demand, as corrected.
    fn record(&self) -> (Option<String>, bool, bool) {
        let fact = self.receipt();
        let changes = self.changes_after(0);
        let product = changes.iter().find_map(|change| match change {
            Change::Product(product) => Some(product),
            _ => None,
        });
        let occurred = changes.iter().find_map(|change| match change {
            Change::Occurred(occurred) => Some(occurred.is_some()),
            _ => None,
        });
        let demand = changes.iter().find_map(|change| match change {
            Change::Demand(demand) => Some(demand.is_some()),
            _ => None,
        });
        let product = product.unwrap_or(&fact.product).as_ref();
        (
            product.map(|product| product.code.to_string()),
            occurred.unwrap_or(fact.occurred.is_some()),
            demand.unwrap_or(fact.demand.is_some()),
        )
    }

    fn is_tied_as_repeat(&self) -> bool {
        let mut last = BTreeMap::new();
        for fact in &self.0 {
            if let Event::Linked(link) = &fact.event {
                last.insert((link.relation, link.target), !link.unlink);
            }
        }
        last.iter()
            .any(|((relation, _), tied)| *relation == Relation::RepeatOf && *tied)
    }

    fn repeats(&self, earlier: &File<'_>) -> bool {
        let came = |file: &File<'_>| (file.received_at(), file.id());
        let (product, category) = (self.record().0, self.category());
        let is_same = self.subject() == earlier.subject()
            && (product.is_some() && product == earlier.record().0
                || category.is_some() && category == earlier.category());
        let resolved_at = earlier.resolved().map(|index| earlier.at(index));
        let since = resolved_at
            .filter(|at| *at <= self.received_at())
            .unwrap_or(earlier.received_at());
        let is_soon = self.received_at().since(since) <= Span::days(30);
        came(earlier) < came(self) && is_same && is_soon
    }

    fn conforms(&self) -> Option<bool> {
        let (_, reason) = self.closed()?;
        if matches!(
            reason,
            CloseReason::Withdrawn | CloseReason::Refused { .. } | CloseReason::Duplicate { .. }
        ) {
            return None;
        }
        let Some(resolved) = self.resolved() else {
            return Some(false);
        };
        let outbound = |event: &Event| matches!(event, Event::Feedback(fact) if fact.kind != FeedbackKind::CustomerReply);
        let acknowledged = self
            .all(outbound)
            .into_iter()
            .map(|index| self.at(index))
            .find(|at| *at >= self.received_at())
            .is_some_and(|at| at <= self.at(resolved));
        let told = self.first_after(resolved, |event| {
            feedback(event, FeedbackKind::Result).is_some()
        });
        let revisited = told.is_some_and(|told| match reason {
            CloseReason::Satisfied => self
                .first_after(told, |event| reached(event).is_some())
                .is_some(),
            CloseReason::Unreachable => self
                .first_after(told, |event| matches!(event, Event::Revisited(_)))
                .is_some(),
            _ => true,
        });
        Some(acknowledged && revisited)
    }

    /// For each result told: when, and whether the revisit it asks for was done; those called off are left out.
    fn revisits_owed(&self) -> Vec<(Timestamp, bool)> {
        let results = self.all(|event| feedback(event, FeedbackKind::Result).is_some());
        let owed = results.into_iter().filter_map(|told| {
            let end = self.first_after(told, |event| {
                reached(event).is_some()
                    || is_unhappy_reply(event)
                    || matches!(event, Event::Closed(_))
            });
            let done = match end.map(|end| self.event(end)) {
                Some(Event::Revisited(_)) => Some(true),
                Some(Event::Feedback(_)) => None,
                Some(Event::Closed(fact)) => match fact.reason {
                    CloseReason::Withdrawn
                    | CloseReason::Duplicate { .. }
                    | CloseReason::Refused { .. }
                    | CloseReason::Unreachable => None,
                    _ => Some(false),
                },
                _ => Some(false),
            };
            done.map(|done| (self.at(told), done))
        });
        owed.collect()
    }

    fn upheld(&self, resolved: usize) -> Option<Upheld> {
        let changed = self
            .changes_after(resolved)
            .into_iter()
            .find_map(|change| match change {
                Change::Upheld(upheld) => Some(*upheld),
                _ => None,
            });
        match self.event(resolved) {
            Event::Resolved(fact) => changed.or(fact.upheld),
            _ => None,
        }
    }

    fn cost(&self, resolved: usize) -> Option<Money> {
        let changed = self
            .changes_after(resolved)
            .into_iter()
            .find_map(|change| match change {
                Change::Cost(cost) => Some(cost.clone()),
                _ => None,
            });
        match self.event(resolved) {
            Event::Resolved(fact) => changed.unwrap_or(fact.cost.clone()),
            _ => None,
        }
    }

    fn hand_overs(&self) -> u64 {
        let leads: Vec<_> = self
            .0
            .iter()
            .filter_map(|fact| match &fact.event {
                Event::Assigned(fact) => Some(&fact.lead.department),
                _ => None,
            })
            .collect();
        let passes = leads.windows(2).filter(|pair| pair[0] != pair[1]);
        u64::try_from(passes.count()).unwrap()
    }
}

fn share(of: &[bool]) -> Kpi {
    Kpi {
        numerator: of.iter().filter(|is_so| **is_so).count() as u64,
        denominator: of.len() as u64,
    }
}

/// The figures but timeliness, which a clock's own model tells.
pub(crate) fn kpis(facts: &[Recorded], query: &KpiQuery) -> Kpis {
    let mut files = files(facts);
    if query.complaints.duplicates == Duplicates::Excluded {
        files.retain(|file| !file.is_duplicate());
    }
    let within = |at: Timestamp| query.complaints.period.contains(at);
    let received: Vec<&File<'_>> = files
        .iter()
        .filter(|file| within(file.received_at()))
        .collect();
    let resolved: Vec<(&File<'_>, usize)> = files
        .iter()
        .filter_map(|file| Some((file, file.resolved()?)))
        .filter(|(file, resolved)| within(file.at(*resolved)))
        .collect();
    let closed: Vec<&File<'_>> = files
        .iter()
        .filter(|file| {
            file.closed()
                .is_some_and(|(index, _)| within(file.at(index)))
        })
        .collect();
    let of_received = |which: &dyn Fn(&File<'_>) -> bool| {
        share(&received.iter().map(|file| which(file)).collect::<Vec<_>>())
    };
    let owed: Vec<bool> = files
        .iter()
        .flat_map(File::revisits_owed)
        .filter(|(at, _)| within(*at))
        .map(|(_, done)| done)
        .collect();
    let satisfied: Vec<bool> = files
        .iter()
        .filter_map(|file| {
            file.verdict()
                .map(|(index, result)| (file.at(index), result))
        })
        .filter(|(at, _)| within(*at))
        .map(|(_, result)| result == Satisfaction::Satisfied)
        .collect();
    let response: Vec<bool> = files
        .iter()
        .filter_map(|file| {
            let attempts = file.all(|event| matches!(event, Event::Revisited(_)));
            let attempts: Vec<usize> = attempts
                .into_iter()
                .filter(|index| within(file.at(*index)))
                .collect();
            let any = attempts
                .iter()
                .any(|index| reached(file.event(*index)).is_some());
            (!attempts.is_empty()).then_some(any)
        })
        .collect();
    let upheld: Vec<bool> = resolved
        .iter()
        .filter_map(|(file, index)| file.upheld(*index))
        .map(|upheld| upheld != Upheld::NotUpheld)
        .collect();
    let rework: Vec<bool> = resolved.iter().map(|(file, _)| file.cycles() > 1).collect();
    let conforming: Vec<bool> = closed.iter().filter_map(|file| file.conforms()).collect();
    let is_repeat = |file: &File<'_>| {
        file.is_tied_as_repeat() || files.iter().any(|earlier| file.repeats(earlier))
    };
    Kpis {
        received: received.len() as u64,
        resolved: resolved.len() as u64,
        closed: closed.len() as u64,
        complaint_rate: Kpi {
            numerator: received.len() as u64,
            denominator: query.served.unwrap_or(0),
        },
        handling_time: redress_causes::statistics::Durations::of(
            resolved
                .iter()
                .map(|(file, index)| file.handling_time(*index)),
        ),
        timeliness: Kpi::default(),
        satisfaction: share(&satisfied),
        response: share(&response),
        repeat: of_received(&is_repeat),
        rework: share(&rework),
        escalation: of_received(&|file| {
            !file
                .all(|event| matches!(event, Event::Escalated(_)))
                .is_empty()
        }),
        upheld: share(&upheld),
        revisit_completion: share(&owed),
        hand_overs: Kpi {
            numerator: received.iter().map(|file| file.hand_overs()).sum(),
            denominator: received.len() as u64,
        },
        conformity: share(&conforming),
        data_quality: of_received(&|file| {
            let (product, occurred, demand) = file.record();
            file.category().is_some() && product.is_some() && occurred && demand
        }),
        backlog: backlog(&files, query.now),
        costs: costs(&resolved),
    }
}

fn backlog(files: &[File<'_>], now: Timestamp) -> Backlog {
    let ages: Vec<Span> = files
        .iter()
        .filter(|file| file.is_open_at(now))
        .map(|file| now.since(file.received_at()))
        .collect();
    let count = |from: i64, to: i64| {
        let inside = |age: &&Span| **age >= Span::micros(from) && **age < Span::micros(to);
        ages.iter().filter(inside).count() as u64
    };
    const DAY: i64 = 86_400_000_000;
    Backlog {
        open: ages.len() as u64,
        under_1_day: count(0, DAY),
        from_1_to_3_days: count(DAY, 3 * DAY),
        from_3_to_7_days: count(3 * DAY, 7 * DAY + 1),
        over_7_days: count(7 * DAY + 1, i64::MAX),
    }
}

fn costs(resolved: &[(&File<'_>, usize)]) -> Vec<Cost> {
    let money: Vec<Money> = resolved
        .iter()
        .filter_map(|(file, index)| file.cost(*index))
        .collect();
    let mut currencies: Vec<Currency> = money.iter().map(|money| money.currency.clone()).collect();
    currencies.sort();
    currencies.dedup();
    let of = |currency: Currency| {
        let its: Vec<&Money> = money
            .iter()
            .filter(|money| money.currency == currency)
            .collect();
        Cost {
            minor_units: its.iter().map(|money| i128::from(money.minor_units)).sum(),
            complaints: its.len() as u64,
            currency,
        }
    };
    currencies.into_iter().map(of).collect()
}

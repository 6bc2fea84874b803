//! The laws of views, asked of the views that are shipped and of ones that break them.

use std::sync::Arc;

use proptest::prelude::*;
use redress_causes::{AlertView, CauseView, Timeline};
use redress_core::{Policy, Position, Recorded, State};
use redress_sla::{Duplicates, SlaView};
use redress_store::{Fact, Projection, ProjectionError, fold_facts};
use redress_testkit::{BrokenViewLaw, ViewLaws, interleavings, valid_history};

fn policy() -> Arc<Policy> {
    Arc::new(Policy::standard())
}

fn sla() -> SlaView {
    SlaView::new(policy())
}

fn causes() -> CauseView {
    CauseView::new(policy())
}

/// Another complaint's facts.
fn of_complaint(facts: &[Recorded], number: usize) -> Vec<Recorded> {
    let mut ids: Vec<_> = facts.iter().map(|fact| fact.complaint_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let id = ids.get(number).copied();
    let own = facts.iter().filter(|fact| Some(fact.complaint_id) == id);
    own.cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sla_view_keeps_the_laws(facts in interleavings(policy(), 2, 8)) {
        let laws = ViewLaws::of(sla, |view| view.workload(Duplicates::Included));
        laws.incremental(&facts).unwrap();
        laws.snapshot(&facts).unwrap();
        laws.shares(&facts, 2).unwrap();
        laws.commutes(&of_complaint(&facts, 0), &of_complaint(&facts, 1)).unwrap();
        // All of it, and not only what it counts, where the order of facts is the same.
        let whole = ViewLaws::of(sla, SlaView::clone);
        whole.incremental(&facts).unwrap();
        whole.snapshot(&facts).unwrap();
    }

    #[test]
    fn the_cause_view_keeps_the_laws(facts in interleavings(policy(), 2, 8)) {
        let whole = ViewLaws::of(causes, CauseView::clone);
        whole.incremental(&facts).unwrap();
        whole.snapshot(&facts).unwrap();
        whole.shares(&facts, 2).unwrap();
    }

    #[test]
    fn the_view_of_warnings_keeps_the_laws(facts in interleavings(policy(), 2, 8)) {
        for timeline in Timeline::ALL {
            let whole = ViewLaws::of(|| AlertView::new(policy(), timeline), AlertView::clone);
            whole.incremental(&facts).unwrap();
            whole.snapshot(&facts).unwrap();
        }
    }

    /// A reopening takes the closing back out of the number of closed complaints.
    #[test]
    fn what_is_reopened_is_not_closed(history in valid_history(policy(), 14)) {
        let facts = history.facts();
        let transitions: Vec<_> = history.transitions().collect();
        for (number, (_, fact, _)) in transitions.iter().enumerate() {
            if fact.event.event_type() == redress_core::EventType::Reopened {
                let closing = transitions[..number].iter().rposition(|(before, _, after)| {
                    before.is_open() && after.state() == State::Closed
                }).unwrap();
                let laws = ViewLaws::of(sla, |view| {
                    let work = view.workload(Duplicates::Included);
                    (work.complaints, work.open, work.closed)
                });
                laws.gives_back(&facts[..closing], &facts[closing..=number]).unwrap();
            }
        }
    }
}

/// Wrong on purpose: it adds up where it stands, and how many facts came at once.
struct Wrong {
    next: Position,
    sum: u64,
    pieces: u64,
}

impl Wrong {
    const fn empty() -> Self {
        Self {
            next: Position::FIRST,
            sum: 0,
            pieces: 0,
        }
    }
}

impl Projection for Wrong {
    fn name(&self) -> &'static str {
        "wrong"
    }

    fn next_position(&self) -> Position {
        self.next
    }

    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        self.pieces += u64::from(!facts.is_empty());
        let Self { next, sum, .. } = self;
        fold_facts("wrong", next, facts, |fact| {
            let weight = fact.position().get() + 1;
            let kind = fact
                .as_complaint()
                .map_or(0, |fact| fact.event.event_type().number());
            *sum += weight * u64::from(kind);
            Ok(())
        })
    }
}

fn some_facts() -> Vec<Recorded> {
    use redress_testkit::{Cast, Step};
    let cast = Cast::of(&policy());
    let steps = [
        Step::now(cast.person(0), cast.letter()),
        Step::now(
            cast.person(0),
            redress_core::event::Closed::new(redress_core::event::CloseReason::Withdrawn),
        ),
    ];
    let history = redress_testkit::History::play(&*policy(), steps).unwrap();
    history.facts().to_vec()
}

#[test]
fn a_view_that_breaks_a_law_is_told() {
    let facts = some_facts();
    let pieces = ViewLaws::of(Wrong::empty, |view| view.pieces);
    assert!(matches!(
        pieces.incremental(&facts),
        Err(BrokenViewLaw::Incremental { after: 1 })
    ));
    let sum = ViewLaws::of(Wrong::empty, |view| view.sum);
    sum.incremental(&facts).unwrap();
    assert!(matches!(
        sum.commutes(&facts[..1], &facts[1..]),
        Err(BrokenViewLaw::Order)
    ));
    assert!(matches!(
        sum.gives_back(&facts[..1], &facts[1..]),
        Err(BrokenViewLaw::LeftBehind)
    ));
    // Half of a closed complaint: the view of clocks refuses what cannot follow.
    let laws = ViewLaws::of(sla, SlaView::clone);
    assert!(matches!(
        laws.incremental(&facts[1..]),
        Err(BrokenViewLaw::Fold(_))
    ));
}

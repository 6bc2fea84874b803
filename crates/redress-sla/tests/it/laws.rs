//! What holds for every history.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use redress_core::{ClockKind, DepartmentId, Policy, Recorded, Span, Status, Timestamp};
use redress_sla::{BoardFilter, Duplicates, SlaView, StatusCounts};
use redress_store::Projection;

use crate::histories::{DEPARTMENTS, config, facts, facts_and_moment};
use crate::ledger::{among_refusals, as_facts, department};
use crate::model::{File, Verdicted, files};
use crate::orders::{interleaved, turns};

pub(crate) fn folded(facts: &[Recorded]) -> SlaView {
    let mut view = SlaView::new(Policy::standard());
    view.fold(&as_facts(facts)).unwrap();
    view
}

fn everything() -> BoardFilter {
    BoardFilter {
        duplicates: Duplicates::Included,
        ..BoardFilter::default()
    }
}

pub(crate) fn verdicts(
    facts: &[Recorded],
    at: Timestamp,
    which: impl Fn(&File<'_>) -> bool,
) -> Vec<Verdicted> {
    files(facts)
        .iter()
        .filter(|file| which(file))
        .flat_map(|file| file.verdicts(&Policy::standard(), at))
        .collect()
}

/// The rows as the model sees them: statuses, times of ended clocks, oldest open.
type Rows =
    BTreeMap<(DepartmentId, ClockKind), (BTreeMap<Status, u64>, Vec<Span>, Option<Timestamp>)>;

fn rows(verdicts: &[Verdicted]) -> Rows {
    let mut rows = Rows::new();
    for verdict in verdicts {
        let row = rows
            .entry((verdict.department.clone(), verdict.kind))
            .or_default();
        *row.0.entry(verdict.status).or_default() += 1;
        if [Status::Met, Status::Missed].contains(&verdict.status) {
            row.1.push(verdict.elapsed);
            row.1.sort();
        }
        if OPEN.contains(&verdict.status) {
            row.2 = row.2.into_iter().chain([verdict.started_at]).min();
        }
    }
    rows
}

pub(crate) const OPEN: [Status; 5] = [
    Status::OnTrack,
    Status::AtRisk,
    Status::Overdue,
    Status::Paused,
    Status::UntargetedRunning,
];

pub(crate) fn as_map(counts: &StatusCounts) -> BTreeMap<Status, u64> {
    Status::ALL
        .into_iter()
        .map(|status| (status, counts.of(status)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The value that at least `percent` per cent of the sorted spans do not exceed, the smallest such.
pub(crate) fn percentile(sorted: &[Span], percent: usize) -> Span {
    let enough = |value: &Span| {
        let within = sorted.iter().filter(|span| *span <= value).count();
        within * 100 >= sorted.len() * percent
    };
    *sorted.iter().find(|value| enough(value)).unwrap()
}

fn check_board(view: &SlaView, at: Timestamp, filter: &BoardFilter, expected: &Rows) {
    let board = view.board(at, filter);
    assert_eq!(board.rows.len(), expected.len());
    for (row, ((department, clock), (counts, ended, oldest))) in board.rows.iter().zip(expected) {
        assert_eq!((&row.department, row.clock), (department, *clock));
        assert_eq!(
            &as_map(&row.counts),
            counts,
            "{department} {}",
            clock.name()
        );
        assert_eq!(row.oldest_open, *oldest);
        let times = row.active.map(|active| (active.p50, active.p90));
        let by_hand = (!ended.is_empty()).then(|| (percentile(ended, 50), percentile(ended, 90)));
        assert_eq!(times, by_hand);
        let of = |status: Status| counts.get(&status).copied().unwrap_or_default();
        let below = of(Status::Met) + of(Status::Missed) + of(Status::Overdue);
        let ratio = row
            .compliance
            .map(|ratio| (ratio.numerator(), ratio.denominator()));
        assert_eq!(ratio, (below > 0).then(|| (of(Status::Met), below)));
    }
}

fn check_workload(facts: &[Recorded]) {
    let files: Vec<File<'_>> = files(facts);
    let workload = folded(facts).workload(Duplicates::Included);
    let count = |which: fn(&Recorded) -> bool| {
        u64::try_from(facts.iter().filter(|fact| which(fact)).count()).unwrap()
    };
    assert_eq!(workload.complaints, u64::try_from(files.len()).unwrap());
    assert_eq!(workload.open + workload.closed, workload.complaints);
    let states = workload.states;
    assert_eq!(
        states.received + states.classified + states.processing + states.resolved + states.fed_back,
        workload.open
    );
    assert_eq!(states.closed, workload.closed);
    assert_eq!(
        workload.escalations,
        count(|fact| fact.event.event_type().name() == "escalated")
    );
    assert_eq!(
        workload.extensions,
        count(|fact| fact.event.event_type().name() == "extended")
    );
    assert_eq!(
        workload.assignments.total,
        count(|fact| fact.event.event_type().name() == "assigned")
    );

    let reopened: Vec<[u64; 3]> = files.iter().map(File::reopenings).collect();
    let sum = |index: usize| reopened.iter().map(|each| each[index]).sum::<u64>();
    assert_eq!(
        [
            workload.reopenings.by_reply,
            workload.reopenings.by_revisit,
            workload.reopenings.from_closed
        ],
        [sum(0), sum(1), sum(2)]
    );
    assert_eq!(workload.reopenings.total, sum(0) + sum(1) + sum(2));
    let some = reopened
        .iter()
        .filter(|each| each.iter().sum::<u64>() > 0)
        .count();
    assert_eq!(workload.reopenings.complaints, u64::try_from(some).unwrap());

    let steps: Vec<_> = files
        .iter()
        .flat_map(|file| {
            let leads = file.leads();
            let intake = file.intake();
            leads
                .windows(2)
                .map(|pair| [pair[0].clone(), pair[1].clone(), intake.clone()])
                .collect::<Vec<_>>()
        })
        .collect();
    let of = |which: fn(&[DepartmentId; 3]) -> bool| {
        u64::try_from(steps.iter().filter(|step| which(step)).count()).unwrap()
    };
    let assignments = workload.assignments;
    assert_eq!(
        assignments.within_department,
        of(|[from, to, _]| from == to)
    );
    assert_eq!(
        assignments.dispatches,
        of(|[from, to, intake]| from != to && from == intake)
    );
    assert_eq!(
        assignments.returns,
        of(|[from, to, intake]| from != to && to == intake)
    );
    assert_eq!(
        assignments.hand_overs,
        of(|[from, to, intake]| from != to && from != intake && to != intake)
    );
    assert_eq!(
        assignments.first,
        assignments.total - u64::try_from(steps.len()).unwrap()
    );

    let priorities: Vec<_> = files.iter().map(File::priorities).collect();
    let pairs = || priorities.iter().flat_map(|each| each.windows(2));
    assert_eq!(
        workload.priority_raised,
        u64::try_from(pairs().filter(|pair| pair[0] < pair[1]).count()).unwrap()
    );
    assert_eq!(
        workload.priority_lowered,
        u64::try_from(pairs().filter(|pair| pair[0] > pair[1]).count()).unwrap()
    );
}

fn check_comparison(facts: &[Recorded], at: Timestamp) {
    let view = folded(facts);
    let files: Vec<File<'_>> = files(facts)
        .into_iter()
        .filter(|file| !file.is_duplicate() && file.facts[0].occurred_at <= at)
        .collect();
    let comparison = view.source_comparison(
        &"helpdesk".parse().unwrap(),
        "made_sla",
        ClockKind::Resolution,
        at,
    );
    let by_value = |value: Option<&str>| {
        u64::try_from(
            files
                .iter()
                .filter(|file| file.recorded("made_sla") == value)
                .count(),
        )
        .unwrap()
    };
    assert_eq!(comparison.unrecorded, by_value(None));
    assert!(comparison.rows.is_sorted_by_key(|row| row.recorded.clone()));
    for row in &comparison.rows {
        assert_eq!(row.complaints, by_value(Some(&row.recorded)));
        // Every complaint has had a resolution clock since it was received.
        assert_eq!((row.counts.total(), row.without_clock), (row.complaints, 0));
    }
    assert_eq!(
        comparison
            .rows
            .iter()
            .map(|row| row.complaints)
            .sum::<u64>()
            + comparison.unrecorded,
        u64::try_from(files.len()).unwrap()
    );
}

fn check_queues(facts: &[Recorded], at: Timestamp) {
    let view = folded(facts);
    let mut departments: Vec<DepartmentId> = DEPARTMENTS.into_iter().map(department).collect();
    departments.push(Policy::standard().quality_department);
    for whose in departments {
        let queue = view.queue(at, &whose);
        let mut shown: Vec<_> = queue
            .iter()
            .map(|item| (item.clock, item.status, item.started_at, item.remaining))
            .collect();
        let mut expected: Vec<_> = verdicts(facts, at, |file| !file.is_duplicate())
            .into_iter()
            .filter(|verdict| verdict.department == whose && OPEN.contains(&verdict.status))
            .map(|verdict| {
                (
                    verdict.kind,
                    verdict.status,
                    verdict.started_at,
                    verdict.remaining,
                )
            })
            .collect();
        shown.sort();
        expected.sort();
        assert_eq!(shown, expected);

        let known: Vec<Timestamp> = queue.iter().map_while(|item| item.due).collect();
        assert!(known.is_sorted());
        assert!(queue[known.len()..].iter().all(|item| item.due.is_none()));
        let overdue = queue
            .iter()
            .take_while(|item| item.status == Status::Overdue)
            .count();
        assert!(
            queue[overdue..]
                .iter()
                .all(|item| item.status != Status::Overdue)
        );
        for item in &queue {
            // Both tell the same time, until a pause stops the count of what a late one is over.
            if let (Some(due), Some(remaining)) = (item.due, item.remaining) {
                let by_due = due.since(at);
                let late = item.status == Status::Overdue;
                assert!(remaining == by_due || late && remaining > by_due);
            }
            let people: Vec<_> = files(facts).iter().flat_map(File::people).collect();
            assert!(item.person.iter().all(|person| people.contains(person)));
        }
    }
}

fn check_partition(facts: &[Recorded], at: Timestamp) {
    let board = folded(facts).board(at, &everything());
    let started = files(facts)
        .iter()
        .map(|file| file.verdicts(&Policy::standard(), at).len())
        .sum::<usize>();
    let counted: u64 = board.rows.iter().map(|row| row.counts.total()).sum();
    assert_eq!(counted, u64::try_from(started).unwrap());
    for row in &board.rows {
        let ended: u64 = Status::ALL
            .into_iter()
            .filter(|status| !OPEN.contains(status))
            .map(|status| row.counts.of(status))
            .sum();
        assert_eq!(row.counts.open() + ended, row.counts.total());
        assert_eq!(row.counts.open() > 0, row.oldest_open.is_some());
    }
}

fn check_order(facts: &[Recorded], turns: &[usize], at: Timestamp) {
    let (view, other) = (folded(facts), folded(&interleaved(facts, turns)));
    assert_eq!(
        view.board(at, &everything()),
        other.board(at, &everything())
    );
    assert_eq!(
        view.workload(Duplicates::Included),
        other.workload(Duplicates::Included)
    );
    assert_eq!(
        view.source_counts(Duplicates::Included),
        other.source_counts(Duplicates::Included)
    );
    for code in DEPARTMENTS {
        assert_eq!(
            view.queue(at, &department(code)),
            other.queue(at, &department(code))
        );
    }
    assert_eq!(view, other);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_board_is_what_the_list_of_facts_says((facts, at) in facts_and_moment()) {
        let expected = rows(&verdicts(&facts, at, |_| true));
        check_board(&folded(&facts), at, &everything(), &expected);
    }

    #[test]
    fn duplicates_are_left_out_unless_asked_for((facts, at) in facts_and_moment()) {
        let expected = rows(&verdicts(&facts, at, |file| !file.is_duplicate()));
        check_board(&folded(&facts), at, &BoardFilter::default(), &expected);
    }

    #[test]
    fn statuses_partition_the_clocks((facts, at) in facts_and_moment()) {
        check_partition(&facts, at);
    }

    #[test]
    fn a_filter_shows_some_of_the_rows_unchanged(
        (facts, at) in facts_and_moment(),
        index in 0_usize..4,
        kind in 0_usize..10,
    ) {
        let view = folded(&facts);
        let whole = view.board(at, &everything());
        let wanted = department(DEPARTMENTS[index]);
        let clock = ClockKind::ALL[kind];
        let narrow = BoardFilter { department: Some(wanted.clone()), clock: Some(clock), ..everything() };
        let shown = view.board(at, &narrow).rows;
        prop_assert_eq!(shown.first(), whole.row(&wanted, clock));
        prop_assert!(shown.len() <= 1);
    }

    #[test]
    fn in_batches_of_any_size_the_view_is_the_rebuilt_one(
        facts in facts(),
        cuts in prop::collection::vec(1_usize..9, 1..60),
    ) {
        let rebuilt = folded(&facts);
        let mut view = SlaView::new(Policy::standard());
        let mut rest = &facts[..];
        for size in cuts.into_iter().chain([usize::MAX]) {
            let (batch, later) = rest.split_at(size.min(rest.len()));
            view.fold(&as_facts(batch)).unwrap();
            rest = later;
            let folded = usize::try_from(view.next_position().get()).unwrap();
            prop_assert_eq!(folded, facts.len() - rest.len());
        }
        prop_assert_eq!(&view, &rebuilt);
        view.reset();
        prop_assert_eq!(&view, &SlaView::new(Policy::standard()));
        view.fold(&as_facts(&facts)).unwrap();
        prop_assert_eq!(&view, &rebuilt);
    }

    #[test]
    fn refusals_among_the_facts_change_nothing((facts, at) in facts_and_moment()) {
        let mut view = SlaView::new(Policy::standard());
        view.fold(&among_refusals(&facts)).unwrap();
        let expected = 2 * facts.len() + 1;
        prop_assert_eq!(view.next_position().get(), u64::try_from(expected).unwrap());
        let without = folded(&facts);
        prop_assert_eq!(view.board(at, &everything()), without.board(at, &everything()));
        prop_assert_eq!(view.workload(Duplicates::Included), without.workload(Duplicates::Included));
    }

    #[test]
    fn the_order_of_independent_streams_does_not_matter((facts, at) in facts_and_moment(), turns in turns()) {
        check_order(&facts, &turns, at);
    }

    #[test]
    fn the_queue_holds_each_running_clock_once_most_urgent_first((facts, at) in facts_and_moment()) {
        check_queues(&facts, at);
    }

    #[test]
    fn the_workload_is_what_the_list_of_facts_says(facts in facts()) {
        check_workload(&facts);
    }

    #[test]
    fn the_comparison_counts_each_complaint_once((facts, at) in facts_and_moment()) {
        check_comparison(&facts, at);
    }

    #[test]
    fn a_fact_that_cannot_follow_stops_the_view_before_it(facts in facts(), number in any::<usize>()) {
        prop_assume!(!facts.is_empty());
        let place = number % facts.len();
        let mut twice = facts.0.clone();
        let mut again = facts[place].clone();
        again.position = redress_core::Position::new(u64::try_from(facts.len()).unwrap());
        twice.push(again);
        let mut view = SlaView::new(Policy::standard());
        let error = view.fold(&as_facts(&twice)).unwrap_err();
        prop_assert_eq!(error.position, twice[facts.len()].position);
        prop_assert_eq!(&view, &folded(&facts));
    }
}

#[test]
fn the_histories_reach_what_the_laws_are_about() {
    let mut runner = prop::test_runner::TestRunner::new(config());
    let mut seen = StatusCounts::default();
    let mut kinds = [0_u64; 16];
    let mut total = SlaView::new(Policy::standard()).workload(Duplicates::Included);
    let mut duplicates = 0;
    for _ in 0..200 {
        let tree = facts_and_moment().new_tree(&mut runner).unwrap();
        let (facts, at) = tree.current();
        for fact in facts.iter() {
            kinds[usize::try_from(fact.event.event_type().number()).unwrap() - 1] += 1;
        }
        let view = folded(&facts);
        for row in view.board(at, &everything()).rows {
            seen = merged(seen, row.counts);
        }
        let workload = view.workload(Duplicates::Included);
        duplicates += workload.complaints - view.workload(Duplicates::Excluded).complaints;
        total.assignments.hand_overs += workload.assignments.hand_overs;
        total.assignments.returns += workload.assignments.returns;
        total.assignments.within_department += workload.assignments.within_department;
        total.reopenings.by_reply += workload.reopenings.by_reply;
        total.reopenings.by_revisit += workload.reopenings.by_revisit;
        total.reopenings.from_closed += workload.reopenings.from_closed;
        total.priority_lowered += workload.priority_lowered;
    }
    // No calendar takes part here, so none can end too early.
    let told = Status::ALL
        .into_iter()
        .filter(|status| *status != Status::NotEvaluable);
    for status in told {
        assert!(
            seen.of(status) > 10,
            "{} {}",
            status.name(),
            seen.of(status)
        );
    }
    assert!(kinds.iter().all(|count| *count > 10), "{kinds:?}");
    let counts = [
        duplicates,
        total.assignments.hand_overs,
        total.assignments.returns,
        total.assignments.within_department,
        total.reopenings.by_reply,
        total.reopenings.by_revisit,
        total.reopenings.from_closed,
        total.priority_lowered,
    ];
    assert!(counts.iter().all(|count| *count > 10), "{counts:?}");
}

fn merged(one: StatusCounts, other: StatusCounts) -> StatusCounts {
    [one, other].into_iter().sum()
}

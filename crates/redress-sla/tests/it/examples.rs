//! Boards, queues and counts worked by hand. All times are hours after 2 March 2026, 9:00 UTC.

use redress_core::event::{
    Channel, CloseReason, Feedback, FeedbackKind, Linked, PauseReason, Paused, Priority, Relation,
    Verdict,
};
use redress_core::{ClockKind, Personal, Policy, Span, Status};
use redress_sla::{BoardFilter, Duplicates, SlaView, StatusCounts};
use redress_store::Projection;

use crate::laws::folded;
use crate::ledger::{
    Ledger, as_facts, assign, classify, close, department, h, id, person, receive, reopen, resolve,
    source_record, tell,
};

fn historical(complaints: usize) -> Ledger {
    Ledger::new(Policy::standard().for_history(), complaints)
}

/// Complaint `index`: received at `hour` by `service`, with `who` of `to` an hour later, of normal priority.
fn given(ledger: &mut Ledger, hour: i64, index: usize, to: &str, who: &str) {
    ledger
        .at(hour, index, receive("service", Channel::Email))
        .at(hour, index, classify("delivery/delay", Priority::Normal))
        .at(hour + 1, index, assign(to, who));
}

/// Four in handling at `logistics`: resolved after 10, 20 and 130 hours, and one that runs.
fn four() -> Ledger {
    let mut ledger = historical(4);
    for (index, hours) in [10, 20, 130].into_iter().enumerate() {
        given(&mut ledger, 0, index, "logistics", "p1");
        ledger.at(1 + hours, index, resolve("service/slow_response"));
    }
    given(&mut ledger, 2, 3, "logistics", "p2");
    ledger
}

#[test]
fn a_row_counts_measures_and_names_the_oldest() {
    let view = folded(&four().facts);
    let logistics = department("logistics");

    // At hour 124 the fourth runs since hour 3: 121 of 120 hours.
    let board = view.board(h(124), &BoardFilter::default());
    let row = board.row(&logistics, ClockKind::Handling).unwrap();
    let expected = StatusCounts {
        met: 2,
        overdue: 2, // the third is resolved at hour 131
        ..StatusCounts::default()
    };
    assert_eq!(row.counts, expected);
    assert_eq!(row.oldest_open, Some(h(1)));
    assert_eq!(row.compliance.unwrap().percent(), "50.0%");

    let board = view.board(h(131), &BoardFilter::default());
    let row = board.row(&logistics, ClockKind::Handling).unwrap();
    assert_eq!(
        (row.counts.met, row.counts.missed, row.counts.overdue),
        (2, 1, 1)
    );
    let active = row.active.unwrap();
    assert_eq!(active.clocks, 3);
    assert_eq!(active.mean, Span::minutes(160 * 20)); // (10 + 20 + 130) / 3 hours
    assert_eq!(active.p50, Span::hours(20));
    assert_eq!(active.p90, Span::hours(130));
}

#[test]
fn departments_answer_for_their_own_clocks() {
    let view = folded(&four().facts);
    let board = view.board(h(5), &BoardFilter::default());
    let rows: Vec<(&str, &str, u64)> = board
        .rows
        .iter()
        .map(|row| {
            (
                row.department.as_str(),
                row.clock.name(),
                row.counts.total(),
            )
        })
        .collect();
    let expected = [
        ("logistics", "handling", 4),
        ("logistics", "resolution", 4),
        ("logistics", "final", 4),
        ("service", "acknowledge", 4),
        ("service", "first_response", 4),
        ("service", "assignment", 4),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_board_reads_well_as_json() {
    let view = folded(&four().facts);
    let filter = BoardFilter {
        department: Some(department("logistics")),
        clock: Some(ClockKind::Handling),
        ..BoardFilter::default()
    };
    let board = serde_json::to_value(view.board(h(131), &filter)).unwrap();
    let row = &board["rows"][0];
    assert_eq!(board["at"], "2026-03-07T20:00:00Z");
    assert_eq!(row["clock"], "handling");
    assert_eq!(row["counts"]["met"], 2);
    assert_eq!(row["compliance"]["numerator"], 2);
    assert_eq!(row["compliance"]["denominator"], 4);
    assert_eq!(row["active"]["p50"], 72_000_000_000_u64); // 20 hours in microseconds
    assert_eq!(row["oldest_open"], "2026-03-02T12:00:00Z");
}

#[test]
fn without_a_limit_clocks_stand_apart_and_rates_are_unknown() {
    let mut ledger = historical(1);
    ledger.at(0, 0, receive("service", Channel::Email)).at(
        0,
        0,
        classify("imported/old/x", Priority::Normal),
    );
    let board = folded(&ledger.facts).board(h(999), &BoardFilter::default());
    let row = board
        .row(&department("service"), ClockKind::Acknowledge)
        .unwrap();
    assert_eq!(row.counts.untargeted_running, 1);
    assert_eq!(row.counts.total(), 1);
    assert_eq!(row.compliance, None);
    assert_eq!(row.active, None);
}

#[test]
fn a_duplicate_counts_only_when_asked_for() {
    let mut ledger = historical(2);
    given(&mut ledger, 0, 0, "logistics", "p1");
    given(&mut ledger, 1, 1, "logistics", "p1");
    let link = Linked {
        relation: Relation::DuplicateOf,
        target: id(0),
        unlink: false,
    };
    ledger.at(3, 1, link);
    assert_eq!(
        folded(&ledger.facts)
            .workload(Duplicates::Excluded)
            .complaints,
        2
    );

    ledger.at(4, 1, close(CloseReason::Duplicate { of: id(0) }));
    let view = folded(&ledger.facts);
    let without = view.workload(Duplicates::Excluded);
    let with = view.workload(Duplicates::Included);
    assert_eq!(
        (without.complaints, without.open, without.closed),
        (1, 1, 0)
    );
    assert_eq!((with.complaints, with.open, with.closed), (2, 1, 1));

    let included = BoardFilter {
        duplicates: Duplicates::Included,
        ..BoardFilter::default()
    };
    let logistics = department("logistics");
    let handling = |filter: &BoardFilter| {
        let board = view.board(h(9), filter);
        board.row(&logistics, ClockKind::Handling).unwrap().counts
    };
    assert_eq!(handling(&BoardFilter::default()).total(), 1);
    assert_eq!(handling(&included).cancelled, 1);
}

#[test]
fn the_queue_puts_the_most_overdue_first_and_the_paused_last() {
    let mut ledger = historical(3);
    given(&mut ledger, 0, 0, "logistics", "p1"); // handling due at hour 121
    given(&mut ledger, 5, 1, "logistics", "p2"); // due at hour 126
    given(&mut ledger, 9, 2, "logistics", "p3");
    let pause = Paused {
        reason: PauseReason::AwaitingCustomer,
        until: None,
        personal: Personal::Withheld,
    };
    ledger.at(10, 2, pause);

    let queue = folded(&ledger.facts).queue(h(124), &department("logistics"));
    let shown: Vec<_> = queue
        .iter()
        .filter(|item| item.clock == ClockKind::Handling)
        .map(|item| (item.complaint, item.status, item.due, item.remaining))
        .collect();
    let expected = [
        (id(0), Status::Overdue, Some(h(121)), Some(Span::hours(-3))),
        (id(1), Status::AtRisk, Some(h(126)), Some(Span::hours(2))),
        (id(2), Status::Paused, None, Some(Span::hours(120))),
    ];
    assert_eq!(shown, expected);
    let people: Vec<_> = queue.iter().map(|item| item.person.clone()).collect();
    assert!(people.contains(&Some(person("p3"))));
    // Final answers have no limit and stand at the end.
    assert_eq!(queue.last().unwrap().status, Status::UntargetedRunning);
    assert_eq!(queue.len(), 9);
}

#[test]
fn nobody_in_particular_answers_for_what_intake_owes() {
    let mut ledger = historical(1);
    given(&mut ledger, 0, 0, "logistics", "p1");
    let queue = folded(&ledger.facts).queue(h(2), &department("service"));
    let clocks: Vec<_> = queue.iter().map(|item| item.clock).collect();
    assert_eq!(clocks, [ClockKind::Acknowledge, ClockKind::FirstResponse]);
    assert!(queue.iter().all(|item| item.person.is_none()));
}

#[test]
fn assignments_are_told_apart_by_what_they_mean() {
    let mut ledger = historical(1);
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 0, classify("price", Priority::Low))
        .at(1, 0, assign("service", "p1")) // the first
        .at(2, 0, assign("service", "p2")) // within
        .at(3, 0, assign("logistics", "p1")) // dispatch
        .at(4, 0, assign("billing", "p1")) // hand-over
        .at(5, 0, assign("logistics", "p1")) // hand-over
        .at(6, 0, assign("logistics", "p2")) // within
        .at(7, 0, assign("service", "p1")) // return
        .at(8, 0, assign("legal", "p1")); // dispatch
    let assignments = folded(&ledger.facts)
        .workload(Duplicates::Excluded)
        .assignments;
    assert_eq!(assignments.total, 8);
    assert_eq!(assignments.first, 1);
    assert_eq!(assignments.within_department, 2);
    assert_eq!(assignments.dispatches, 2);
    assert_eq!(assignments.hand_overs, 2);
    assert_eq!(assignments.returns, 1);
}

#[test]
fn a_lead_is_remembered_over_a_closing() {
    let mut ledger = historical(1);
    given(&mut ledger, 0, 0, "logistics", "p1");
    ledger
        .at(5, 0, close(CloseReason::Waived))
        .at(6, 0, reopen())
        .at(7, 0, assign("billing", "p1"));
    let assignments = folded(&ledger.facts)
        .workload(Duplicates::Excluded)
        .assignments;
    assert_eq!((assignments.first, assignments.hand_overs), (1, 1));
}

#[test]
fn reopenings_are_counted_by_what_began_them() {
    let unhappy = Feedback {
        verdict: Some(Verdict::Rejected),
        ..tell(FeedbackKind::CustomerReply)
    };
    let mut ledger = historical(2);
    given(&mut ledger, 0, 0, "logistics", "p1");
    given(&mut ledger, 0, 1, "logistics", "p1");
    ledger
        .at(3, 0, unhappy.clone()) // nothing was resolved: no new cycle
        .at(4, 0, resolve("service/slow_response"))
        .at(5, 0, unhappy)
        .at(6, 0, resolve("service/slow_response"))
        .at(7, 0, close(CloseReason::Waived))
        .at(8, 0, reopen());
    let view = folded(&ledger.facts);
    let reopenings = view.workload(Duplicates::Excluded).reopenings;
    assert_eq!(
        (
            reopenings.by_reply,
            reopenings.by_revisit,
            reopenings.from_closed
        ),
        (1, 0, 1)
    );
    assert_eq!((reopenings.total, reopenings.complaints), (2, 1));

    // Reopened, the complaint owes a resolution again.
    let board = view.board(h(8), &BoardFilter::default());
    let row = board
        .row(&department("logistics"), ClockKind::Resolution)
        .unwrap();
    assert_eq!((row.counts.met, row.counts.on_track), (2, 2));
}

#[test]
fn what_another_system_recorded_stands_beside_our_verdict() {
    let mut ledger = four();
    ledger
        .at(140, 0, source_record("made_sla", "true"))
        .at(140, 1, source_record("made_sla", "true"))
        .at(141, 1, source_record("made_sla", "false"))
        .at(140, 2, source_record("made_sla", "true"));
    let view = folded(&ledger.facts);

    let counts = view.source_counts(Duplicates::Excluded);
    let shown: Vec<(&str, &str, u64)> = counts
        .iter()
        .map(|count| (count.field.as_str(), count.value.as_str(), count.complaints))
        .collect();
    assert_eq!(shown, [("made_sla", "false", 1), ("made_sla", "true", 2)]);

    let helpdesk = "helpdesk".parse().unwrap();
    let compare = |clock| view.source_comparison(&helpdesk, "made_sla", clock, h(200));
    let comparison = compare(ClockKind::Handling);
    assert_eq!(comparison.unrecorded, 1);
    let rows: Vec<(&str, u64, u64, u64)> = comparison
        .rows
        .iter()
        .map(|row| {
            (
                row.recorded.as_str(),
                row.complaints,
                row.counts.met,
                row.counts.missed,
            )
        })
        .collect();
    // The other system called the third in time, which took 130 of 120 hours.
    assert_eq!(rows, [("false", 1, 1, 0), ("true", 2, 1, 1)]);
    assert_eq!(compare(ClockKind::Revisit).rows[1].without_clock, 2);
    assert!(
        view.source_comparison(&helpdesk, "other", ClockKind::Final, h(0))
            .rows
            .is_empty()
    );
}

#[test]
fn a_gap_is_refused_and_named() {
    let facts = four().facts;
    let mut view = SlaView::new(Policy::standard());
    let error = view.fold(&as_facts(&facts[1..])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the sla view stopped at position 1: position 0 was expected"
    );
    assert_eq!(view, SlaView::new(Policy::standard()));
}

#[test]
fn a_fact_before_the_receipt_is_refused_and_leaves_nothing() {
    let mut fact = four().facts[1].clone();
    fact.position = redress_core::Position::FIRST;
    let mut view = SlaView::new(Policy::standard());
    assert!(view.fold(&[fact.into()]).is_err());
    assert_eq!(view, SlaView::new(Policy::standard()));
}

#[test]
fn the_words_of_a_solution_are_not_kept() {
    let mut ledger = historical(1);
    given(&mut ledger, 0, 0, "logistics", "p1");
    let mut fact = resolve("service/slow_response");
    fact.personal = Personal::Known(redress_core::event::ResolvedPersonal {
        solution: "a word about a person".to_owned(),
    });
    ledger.at(2, 0, fact);
    let with_words = folded(&ledger.facts);
    for fact in &mut ledger.facts {
        if let redress_core::Event::Resolved(resolved) = &mut fact.event {
            resolved.personal = Personal::Withheld;
        }
    }
    assert_eq!(with_words, folded(&ledger.facts));
}

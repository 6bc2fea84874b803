//! Laws that hold for any file.

use proptest::prelude::*;
use redress_core::Complaint;
use redress_interchange::{FindingKind, Options, RowOutcome};

use crate::domain::Domain;
use crate::files::{HEADER, Line, PLAIN, file, import, import_with, mapping, used};

fn line() -> impl Strategy<Value = Line<'static>> {
    let case = prop_oneof![Just("C1"), Just("C2")];
    let state = prop_oneof![
        Just("New"),
        Just("Wait"),
        Just("Vendor"),
        Just("Done"),
        Just("Filed"),
        Just("-100"),
        Just("?"),
    ];
    let group = prop_oneof![Just("?"), Just("G1"), Just("G2"), Just("front")];
    let person = prop_oneof![Just("?"), Just("P1")];
    let priority = prop_oneof![Just("1"), Just("2"), Just("3"), Just("4")];
    let category = prop_oneof![Just("?"), Just("Late"), Just("Lost")];
    let in_time = prop_oneof![Just("yes"), Just("no"), Just("?")];
    (
        case,
        0..60_u32,
        state,
        group,
        person,
        priority,
        category,
        in_time,
    )
        .prop_map(
            |(case, minute, state, group, person, priority, category, in_time)| Line {
                case,
                minute,
                state,
                group,
                person,
                priority,
                category,
                in_time,
                ..PLAIN
            },
        )
}

fn log() -> impl Strategy<Value = Vec<Line<'static>>> {
    proptest::collection::vec(line(), 1..40)
}

/// Bytes that look a little like a file.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just(b",".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"?".to_vec()),
        Just(b"2026-01-05 10:00:00".to_vec()),
        Just(PLAIN.text().into_bytes()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn the_domain_takes_every_step_of_any_log(lines in log()) {
        let (outcomes, report) = import(file(&lines).as_bytes()).unwrap();
        let mut domain = Domain::default();
        for row in used(&outcomes) {
            domain.run(row);
        }
        let steps: usize = domain.events.values().map(Vec::len).sum();
        prop_assert_eq!(u64::try_from(steps).unwrap(), report.steps);
        prop_assert_eq!(u64::try_from(domain.complaints.len()).unwrap(), report.complaints);
    }

    #[test]
    fn a_case_ends_in_the_last_state_that_is_listed(lines in log()) {
        let (outcomes, _) = import(file(&lines).as_bytes()).unwrap();
        let mut domain = Domain::default();
        for row in used(&outcomes) {
            domain.run(row);
        }
        for row in used(&outcomes) {
            let complaint = &domain.complaints[&row.complaint_id];
            let last = lines
                .iter()
                .rev()
                .find(|line| line.case == row.case.as_str() && !matches!(line.state, "-100" | "?"));
            let last = last.map_or("New", |line| line.state);
            let now = redress_core::Timestamp::MAX;
            let paused = complaint.case().unwrap().pause_at(now).is_some();
            let fits = match complaint {
                Complaint::Classified { .. } => last == "New" && !paused,
                Complaint::Processing { .. } if paused => last == "Wait" || last == "Vendor",
                Complaint::Processing { .. } => last == "New",
                Complaint::Resolved { .. } => last == "Done" && !paused,
                Complaint::Closed { .. } => last == "Filed" && !paused,
                Complaint::Absent | Complaint::Received { .. } | Complaint::FedBack { .. } => false,
            };
            prop_assert!(fits, "{} and {:?}", last, complaint.state());
        }
    }

    #[test]
    fn a_longer_file_begins_with_the_rows_of_the_shorter(lines in log(), cut in 0..40_usize) {
        let (whole, _) = import(file(&lines).as_bytes()).unwrap();
        let cut = cut.min(lines.len());
        let (start, _) = import(file(&lines[..cut]).as_bytes()).unwrap();
        prop_assert_eq!(&whole[..cut], start.as_slice());
    }

    #[test]
    fn every_row_is_counted_once(text in bytes()) {
        let text = [HEADER.as_bytes(), b"\n", &text].concat();
        let options = Options { max_row_bytes: 300, ..Options::default() };
        let (outcomes, report) = import_with(&mapping(), text.as_slice(), options).unwrap();
        prop_assert_eq!(report.rows, u64::try_from(outcomes.len()).unwrap());
        prop_assert_eq!(report.rows, report.rows_with_facts + report.rows_unchanged + report.rows_rejected);
        let mut line = 1;
        for outcome in &outcomes {
            let at = match outcome {
                RowOutcome::Used(row) => {
                    prop_assert!(row.findings.iter().all(|finding| finding.problem.kind() != FindingKind::Rejected));
                    row.line
                }
                RowOutcome::Rejected(finding) => {
                    prop_assert_eq!(finding.problem.kind(), FindingKind::Rejected);
                    finding.line
                }
            };
            prop_assert!(at > line, "{} after {}", at, line);
            line = at;
        }
    }

    #[test]
    fn no_bytes_make_it_panic(text in proptest::collection::vec(any::<u8>(), 0..400), limit in 0..200_usize) {
        let options = Options { max_row_bytes: limit, ..Options::default() };
        let first = import_with(&mapping(), text.as_slice(), options).map_err(|error| error.to_string());
        let again = import_with(&mapping(), text.as_slice(), options).map_err(|error| error.to_string());
        prop_assert_eq!(first, again);
    }

    #[test]
    fn no_mapping_makes_it_panic(text in "[a-z\\[\\]=\"\n退 .{},]{0,80}") {
        let error = redress_interchange::Mapping::parse(&text, "any.toml").unwrap_err();
        prop_assert!(error.to_string().starts_with("any.toml"));
    }
}

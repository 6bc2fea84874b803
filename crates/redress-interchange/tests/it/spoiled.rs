//! Laws that hold for a public file however it is spoiled: variations of the cuts, no published files.

use proptest::prelude::*;
use redress_interchange::{Mapping, Options, RowOutcome};

use crate::domain::Domain;
use crate::files::import_with;

const FILES: [(&str, &str, &str); 3] = [
    (
        "nyc-311",
        "Unique Key",
        include_str!("../data/nyc_311_cut.csv"),
    ),
    (
        "boston-311",
        "case_enquiry_id",
        include_str!("../data/boston_311_cut.csv"),
    ),
    ("cfpb", "Complaint ID", include_str!("../data/cfpb_cut.csv")),
];

/// What may stand in a cell that nobody expects there.
fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("N/A".to_owned()),
        Just("Closed".to_owned()),
        Just("Yes".to_owned()),
        Just("01/01/1900 12:00:00 AM".to_owned()),
        Just("9999-12-31 23:59:59".to_owned()),
        Just("02/30/2018".to_owned()),
        Just("2016-03-13 02:30:00".to_owned()),
        Just("a\0b".to_owned()),
        Just("x".repeat(300)),
        Just("退款\n\"，".to_owned()),
        "\\PC{0,20}",
    ]
}

fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows = reader.records().take(60).map(Result::unwrap);
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

fn import(mapping: &str, table: &[Vec<String>]) -> Vec<RowOutcome> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    table
        .iter()
        .for_each(|row| writer.write_record(row).unwrap());
    let text = writer.into_inner().unwrap();
    let mapping = Mapping::shipped(mapping).unwrap();
    let options = Options::default();
    let (outcomes, report) = import_with(&mapping, text.as_slice(), options).unwrap();
    let counted = report.rows_with_facts + report.rows_unchanged + report.rows_rejected;
    assert_eq!(report.rows, counted);
    assert_eq!(
        outcomes.len() + 1,
        table.len(),
        "a row or a reason for each"
    );
    outcomes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_spoiled_cell_touches_its_own_row_alone(
        file in 0..FILES.len(),
        spoils in proptest::collection::vec((1..60_usize, any::<prop::sample::Index>(), odd()), 1..20),
    ) {
        let (mapping, key, text) = FILES[file];
        let mut rows = table(text);
        let clean = import(mapping, &rows);
        let mut is_spoiled = vec![false; rows.len()];
        for (line, column, value) in spoils {
            let column = column.index(rows[0].len());
            if rows[0][column] != key {
                rows[line][column] = value;
                is_spoiled[line] = true;
            }
        }
        let spoiled = import(mapping, &rows);
        let mut domain = Domain::default();
        for (line, (before, after)) in clean.iter().zip(&spoiled).enumerate() {
            match (before, after) {
                // The ledger takes whatever is made of a spoiled row.
                (_, RowOutcome::Used(row)) if is_spoiled[line + 1] => domain.run(row),
                (_, RowOutcome::Rejected(_)) if is_spoiled[line + 1] => {}
                (RowOutcome::Used(before), RowOutcome::Used(after)) => {
                    prop_assert_eq!(&before.steps, &after.steps);
                }
                (before, after) => prop_assert!(false, "{:?} and {:?}", before, after),
            }
        }
    }
}

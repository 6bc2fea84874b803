//! Bits of what the file of a ledger keeps flipped, in every column of every row, and the ledger verified as it stands.
//!
//! Bytes of the file that hold no entry (free pages, indexes, lengths) are nobody's to find here: whoever reads the entries
//! gets the same ones.

use std::fs;
use std::path::PathBuf;

use pollster::block_on;
use redress::evidence::bundle::{Anchors, Fault, Report};
use redress::evidence::{Checkpoint, SigningKey};
use redress::sqlite::{Options, SqliteStore};
use redress::{Evidence, Ledger, LedgerError, Policy, Position, blocking};
use rusqlite::types::Value;
use rusqlite::{Connection, Params, params};

use crate::wishes::{complaint, note, receive, wish};

/// The tables with their columns; rows are told apart by `position` and, where there is one, `number`.
const ENTRIES: &[&str] = &[
    "position",
    "stream_id",
    "version",
    "event_type",
    "schema",
    "occurred_at",
    "recorded_at",
    "actor",
    "command_id",
    "public",
    "part_count",
];
const PARTS: &[&str] = &["position", "number", "kind", "bytes"];

/// How many bits of each value are flipped, at even distances.
const BITS: usize = 12;

struct Signed {
    folder: tempfile::TempDir,
    anchors: Anchors,
}

impl Signed {
    /// The founding rules, two complaints and two notes, signed.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.redress");
        let ledger = blocking::Ledger::open(&path, Policy::standard()).unwrap();
        for number in 1..3 {
            let id = complaint(number);
            let received = ledger.submit(id, wish(number, receive()));
            received.unwrap().unwrap();
            let noted = ledger.submit(id, wish(number + 10, note("seen")));
            noted.unwrap().unwrap();
        }
        drop(ledger);
        let key = SigningKey::from_seed("example.org/complaints", &[7; 32]).unwrap();
        let ledger = Ledger::open(&path, Policy::standard()).unwrap();
        let mut evidence = block_on(Evidence::open(ledger, &path)).unwrap();
        let note = block_on(evidence.checkpoint(&key)).unwrap();
        let anchors = Anchors {
            keys: vec![key.verifier().clone()],
            earlier: Some(Checkpoint::parse_text(note.text()).unwrap()),
        };
        Self { folder, anchors }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("c.redress")
    }

    /// What is found once this statement was carried out, `None` where SQLite refuses it; the file is put back.
    fn after(&self, statement: &str, values: impl Params) -> Option<Result<Report, LedgerError>> {
        let sound = fs::read(self.path()).unwrap();
        let connection = Connection::open(self.path()).unwrap();
        connection
            .pragma_update(None, "synchronous", "off")
            .unwrap();
        let done = connection.execute(statement, values);
        // Closed, it leaves everything in the one file.
        drop(connection);
        let report = done.is_ok().then(|| self.verify());
        fs::write(self.path(), sound).unwrap();
        report
    }

    fn verify(&self) -> Result<Report, LedgerError> {
        let path = self.path();
        let store = SqliteStore::open_read_only(&path, Options::default())?;
        block_on(redress::verify_ledger(&store, &path, &self.anchors))
    }
}

/// The value with one bit flipped, and how many bits it has.
fn flipped(value: &Value, bit: usize) -> Value {
    let flip = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        Value::Blob(bytes)
    };
    match value {
        Value::Integer(number) => Value::Integer(number ^ 1 << bit),
        Value::Blob(bytes) => flip(bytes),
        Value::Text(text) => flip(text.as_bytes()),
        Value::Null | Value::Real(_) => unreachable!("no column holds such a value"),
    }
}

fn bits(value: &Value) -> usize {
    match value {
        Value::Integer(_) => 64,
        Value::Blob(bytes) => bytes.len() * 8,
        Value::Text(text) => text.len() * 8,
        Value::Null | Value::Real(_) => 0,
    }
}

/// Whether the entry is told of: by its position, as what belongs somewhere, or as missing at the end.
fn names(report: &Report, position: u32) -> bool {
    let position = u64::from(position);
    let here = Position::new(position);
    report.findings.iter().any(|one| {
        let belongs = matches!(one.fault, Fault::Gap(it) | Fault::OutOfOrder(it) if it == here);
        let missing = matches!(one.fault, Fault::Size { actual, .. } if actual == position);
        one.position == Some(here) || belongs || missing
    })
}

#[test]
fn a_flipped_bit_of_any_column_is_found_with_its_position() {
    let signed = Signed::new();
    assert_eq!(signed.verify().unwrap().findings, []);
    let mut flips = 0;
    for (table, columns, number) in [("entries", ENTRIES, "0"), ("parts", PARTS, "number")] {
        for column in columns {
            for row in rows(&signed, table, number, column) {
                flips += flip(&signed, table, number, column, &row);
            }
        }
    }
    assert_eq!(signed.verify().unwrap().findings, []);
    println!("ledger file: {flips} flips in its columns: {flips} found");
    assert!(flips > 500);
}

/// The values of a column, each with its position and the number of its part.
fn rows(signed: &Signed, table: &str, number: &str, column: &str) -> Vec<(u32, u32, Value)> {
    let connection = Connection::open(signed.path()).unwrap();
    let select = format!("SELECT position, {number}, {column} FROM {table}");
    let mut rows = connection.prepare(&select).unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn flip(
    signed: &Signed,
    table: &str,
    number: &str,
    column: &str,
    (position, part, value): &(u32, u32, Value),
) -> usize {
    let new = match column {
        "public" => "CAST(?3 AS TEXT)",
        _ => "?3",
    };
    let update =
        format!("UPDATE {table} SET {column} = {new} WHERE position = ?1 AND {number} = ?2");
    let mut flips = 0;
    // An odd distance, so that every bit of a byte has its turn.
    for bit in (0..bits(value)).step_by((bits(value) / BITS) | 1) {
        let values = params![position, part, flipped(value, bit)];
        // Where two rows would be one, SQLite itself refuses.
        if let Some(verdict) = signed.after(&update, values) {
            let named = match &verdict {
                Ok(report) => names(report, *position),
                // Where the last entry cannot be read nothing tells how many there are. One that was moved is told where it
                // stands now.
                Err(error) => {
                    let here = format!("position {position}");
                    column == "position" || error.to_string().contains(&here)
                }
            };
            assert!(named, "{column} at {position}, bit {bit}: {verdict:?}");
            flips += 1;
        }
    }
    flips
}

//! Whatever a stranger puts into the schema of a ledger file: it is refused before it is asked anything.

use redress_sqlite::{Options, SqliteStore};
use redress_store::StoreErrorKind;
use rusqlite::Connection;

use crate::open::ledger;

/// What is planted, and what the refusal names.
const PLANTED: [(&str, &str); 8] = [
    (
        "CREATE TRIGGER gone AFTER INSERT ON entries BEGIN DELETE FROM parts; END",
        "trigger `gone`",
    ),
    (
        "CREATE TRIGGER altered AFTER INSERT ON parts BEGIN UPDATE entries SET public = '{}'; END",
        "trigger `altered`",
    ),
    (
        "ALTER TABLE entries RENAME TO kept; CREATE VIEW entries AS SELECT * FROM kept WHERE position < 1",
        "view `entries`",
    ),
    (
        "DROP INDEX entries_by_command; CREATE INDEX entries_by_command ON entries (command_id) WHERE position < 1",
        "index `entries_by_command`",
    ),
    (
        "DROP INDEX entries_by_command",
        "index `entries_by_command`",
    ),
    (
        "ALTER TABLE meta ADD COLUMN other TEXT GENERATED ALWAYS AS (hex(ledger_id)) VIRTUAL",
        "table `meta`",
    ),
    ("CREATE TABLE heads (stream_id BLOB)", "table `heads`"),
    ("CREATE VIEW own AS SELECT 1", "view `own`"),
];

#[test]
fn a_schema_that_is_not_the_formats_is_refused_by_writers_and_readers() {
    for (sql, named) in PLANTED {
        let (_folder, path) = ledger();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = std::fs::read(&path).unwrap();
        for opened in [
            SqliteStore::open(&path, Options::default()),
            SqliteStore::open_read_only(&path, Options::default()),
        ] {
            let error = opened.expect_err(sql);
            assert_eq!(error.kind(), StoreErrorKind::Damaged, "{sql}: {error}");
            assert!(error.to_string().contains(named), "{sql}: {error}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{sql}");
    }
}

//! Everything an archive file holds, to compare two of them.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

/// The lines of every table, and every word of the index with the piece of text it is in and its place there.
///
/// How SQLite lays the index out in pages is its own affair and may differ.
pub(crate) fn dump(path: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("CREATE VIRTUAL TABLE temp.spoken USING fts5vocab(main, words, instance)")
        .unwrap();
    let mut names: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    names.push("temp.spoken".to_owned());
    names
        .into_iter()
        .map(|name| {
            let mut lines = lines(&connection, &name);
            lines.sort_by_key(|line| format!("{line:?}"));
            (name, lines)
        })
        .collect()
}

fn lines(connection: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {table}"))
        .unwrap();
    let columns = statement.column_count();
    statement
        .query_map([], |row| {
            (0..columns).map(|column| row.get(column)).collect()
        })
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

//! Why a file cannot be imported at all.

use std::io;

use crate::cell::quoted;

/// Why a file cannot be imported, or not further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be read.
    #[error("failed to read the file at line {line}")]
    Read {
        /// The line that was being read, from 1.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// The file is a zip or gzip file, or a workbook, which is a zip file too.
    #[error("the file is packed, or a workbook; unpack it, or save it as CSV")]
    Packed,
    /// There is not even a header.
    #[error("the file is empty: line 1 must name the columns")]
    Empty,
    /// The header is longer than a row may be.
    #[error("line {line}: the header is longer than {max_bytes} bytes; is this a CSV file?")]
    HeaderTooLong {
        /// Where the header begins.
        line: u64,
        /// The limit.
        max_bytes: usize,
    },
    /// Quotation marks opened in the header and never closed.
    #[error(
        "line {line}: quotation marks opened in the header are not closed before the file ends"
    )]
    HeaderUnclosed {
        /// Where the header begins.
        line: u64,
    },
    /// The header is not text.
    #[error(
        "line {line}, column {column}: the header is not {encoding} text; say by `encoding` in the table [file] of the mapping what it is, such as \"utf-8\" or \"gb18030\", or save the file as {encoding}"
    )]
    HeaderNotText {
        /// Where the header begins.
        line: u64,
        /// The first column that is not, from 1.
        column: usize,
        /// The encoding that the file should have.
        encoding: &'static str,
    },
    /// One column where several are expected.
    #[error(
        "line {line}: the header has one column, {}, where several are expected: the mapping says that {} stands between columns{}",
        quoted(.header),
        shown(.delimiter),
        .likely.as_ref().map(|likely| format!(", but it may be {}", shown(likely))).unwrap_or_default()
    )]
    WrongDelimiter {
        /// Where the header begins.
        line: u64,
        /// The header.
        header: String,
        /// What the mapping says.
        delimiter: String,
        /// What it may be.
        likely: Option<String>,
    },
    /// Nothing that looks like the header. It is not quoted: it may be a customer's data.
    #[error(
        "line {line}: none of the columns that the mapping names is there; the first line of the file must name them: {}",
        list(.missing)
    )]
    NoHeader {
        /// The first line that is not empty.
        line: u64,
        /// The columns that should be there.
        missing: Vec<String>,
    },
    /// A column that the mapping names is not there.
    #[error(
        "line {line}: the header lacks {}, which the mapping names; it has {}",
        list(.missing),
        list(.found)
    )]
    MissingColumns {
        /// Where the header begins.
        line: u64,
        /// The columns that are not there.
        missing: Vec<String>,
        /// The columns that are.
        found: Vec<String>,
    },
    /// A column that the mapping names is there more than once.
    #[error(
        "line {line}: the header names {} twice, as columns {first} and {second}; rename one of them",
        quoted(.name)
    )]
    RepeatedColumn {
        /// Where the header begins.
        line: u64,
        /// The column.
        name: String,
        /// Where it stands, from 1.
        first: usize,
        /// Where it stands again.
        second: usize,
    },
}

/// A delimiter; a tab by its name, for nobody can see it.
fn shown(delimiter: &str) -> String {
    if delimiter == "\t" {
        "a tab".to_owned()
    } else {
        quoted(delimiter)
    }
}

fn list(names: &[String]) -> String {
    const MAX_NAMES: usize = 50;
    let mut shown: Vec<_> = names
        .iter()
        .take(MAX_NAMES)
        .map(|name| quoted(name))
        .collect();
    if names.len() > MAX_NAMES {
        shown.push(format!("and {} more", names.len() - MAX_NAMES));
    }
    shown.join(", ")
}

//! Cutting a byte stream into CSV records (RFC 4180), with a limit on their length.
//!
//! The `csv` crate grows its buffer to the length of a record, so a line of a hundred megabytes would be held in
//! memory before anybody could refuse it. This reader stops keeping a record at the limit, reads on to its end and
//! says so. What it makes of records below the limit is what `csv` makes of them; a test compares the two.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

/// What may stand between two cells where a mapping does not say.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// One record: its fields as bytes, unquoted.
#[derive(Default)]
pub(crate) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    /// The line on which it ends.
    pub(crate) last_line: u64,
}

impl Record {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| self.bytes.get(start..end).unwrap_or_default())
    }

    fn clear(&mut self, line: u64) {
        self.bytes.clear();
        self.ends.clear();
        self.line = line;
        self.last_line = line;
    }
}

/// What was found at the next place in the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A record.
    Whole,
    /// A record longer than the limit; nothing of it was kept.
    TooLong,
    /// The file ended inside quotation marks.
    Unclosed,
    /// The end of the file.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    RecordStart,
    FieldStart,
    Plain,
    Quoted,
    /// After a quotation mark inside quotation marks: the end of them, or the first of a pair.
    QuoteSeen,
}

/// Reads records from a byte stream.
pub(crate) struct Records<R> {
    input: Chain<Cursor<Vec<u8>>, BufReader<R>>,
    delimiter: u8,
    max_bytes: usize,
    line: u64,
    /// The byte before was a carriage return, so that a line feed now belongs to it.
    after_return: bool,
}

impl<R: Read> Records<R> {
    /// Without a delimiter, the one that stands most often in the first line is taken.
    pub(crate) fn new(input: R, delimiter: Option<u8>, max_bytes: usize) -> io::Result<Self> {
        let mut input = BufReader::new(input);
        let mut head = Vec::new();
        let delimiter = match delimiter {
            Some(delimiter) => delimiter,
            None => {
                let max_bytes = u64::try_from(max_bytes).unwrap_or(u64::MAX);
                read_line(&mut input.by_ref().take(max_bytes), &mut head)?;
                likely_delimiter(&head)
            }
        };
        Ok(Self {
            input: Cursor::new(head).chain(input),
            delimiter,
            max_bytes,
            line: 1,
            after_return: false,
        })
    }

    /// What stands between two cells.
    pub(crate) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line that is read next.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next record; empty lines are none.
    pub(crate) fn read(&mut self, record: &mut Record) -> io::Result<Found> {
        record.clear(self.line);
        let mut reading = Reading {
            record,
            place: Place::RecordStart,
            taken_bytes: 0,
            max_bytes: self.max_bytes,
            delimiter: self.delimiter,
        };
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(reading.at_end_of_file());
            }
            let mut used = 0;
            let mut is_complete = false;
            for &byte in chunk {
                used += 1;
                let starts_line = byte == b'\r' || (byte == b'\n' && !self.after_return);
                self.after_return = byte == b'\r';
                self.line += u64::from(starts_line);
                if reading.take(byte) {
                    is_complete = true;
                    break;
                }
                reading.follow_line(self.line);
            }
            self.input.consume(used);
            if is_complete {
                return Ok(reading.whole_or_too_long());
            }
        }
    }
}

/// Reads up to the end of the first line that is not empty; line ends between quotation marks are none.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<()> {
    let mut is_quoted = false;
    let mut is_empty = true;
    for byte in input.bytes() {
        let byte = byte?;
        line.push(byte);
        let ends_line = byte == b'\r' || byte == b'\n';
        is_quoted ^= byte == b'"';
        is_empty &= ends_line;
        if ends_line && !is_quoted && !is_empty {
            return Ok(());
        }
    }
    Ok(())
}

fn likely_delimiter(line: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in line {
        is_quoted ^= *byte == b'"';
        let place = DELIMITERS.iter().position(|delimiter| delimiter == byte);
        if let Some(count) = place
            .filter(|_| !is_quoted)
            .and_then(|place| counts.get_mut(place))
        {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let likely = DELIMITERS
        .iter()
        .zip(counts)
        .find(|(_, count)| *count == most);
    likely.map_or(b',', |(delimiter, _)| *delimiter)
}

/// A record being read.
struct Reading<'a> {
    record: &'a mut Record,
    place: Place,
    taken_bytes: usize,
    max_bytes: usize,
    delimiter: u8,
}

impl Reading<'_> {
    /// Takes a byte; true if it ends the record.
    fn take(&mut self, byte: u8) -> bool {
        let ends_line = byte == b'\r' || byte == b'\n';
        if ends_line && self.place == Place::RecordStart {
            return false;
        }
        if ends_line && self.place != Place::Quoted {
            self.end_field();
            return true;
        }
        self.taken_bytes = self.taken_bytes.saturating_add(1);
        let is_quote = byte == b'"';
        match self.place {
            Place::RecordStart | Place::FieldStart | Place::Plain | Place::QuoteSeen
                if byte == self.delimiter =>
            {
                self.end_field();
                self.place = Place::FieldStart;
            }
            Place::RecordStart | Place::FieldStart if is_quote => self.place = Place::Quoted,
            Place::Quoted if is_quote => self.place = Place::QuoteSeen,
            Place::Quoted => self.keep(byte, Place::Quoted),
            // A pair of them is one; anything else was not meant to be quoted.
            Place::QuoteSeen if is_quote => self.keep(byte, Place::Quoted),
            Place::RecordStart | Place::FieldStart | Place::Plain | Place::QuoteSeen => {
                self.keep(byte, Place::Plain);
            }
        }
        false
    }

    /// A record that has not begun, or goes on, begins or ends no earlier than on this line.
    fn follow_line(&mut self, line: u64) {
        if self.place == Place::RecordStart {
            self.record.line = line;
        }
        self.record.last_line = line;
    }

    fn keep(&mut self, byte: u8, next: Place) {
        self.place = next;
        if self.taken_bytes <= self.max_bytes {
            self.record.bytes.push(byte);
        }
    }

    fn end_field(&mut self) {
        if self.taken_bytes <= self.max_bytes {
            self.record.ends.push(self.record.bytes.len());
        }
    }

    const fn whole_or_too_long(&self) -> Found {
        if self.taken_bytes > self.max_bytes {
            Found::TooLong
        } else {
            Found::Whole
        }
    }

    fn at_end_of_file(&mut self) -> Found {
        if self.place == Place::RecordStart {
            return Found::End;
        }
        self.end_field();
        if self.taken_bytes <= self.max_bytes && self.place == Place::Quoted {
            return Found::Unclosed;
        }
        self.whole_or_too_long()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_all(input: &[u8], max_bytes: usize) -> Vec<(Found, u64, u64, Vec<Vec<u8>>)> {
        let mut records = Records::new(input, Some(b','), max_bytes).unwrap();
        let mut record = Record::default();
        let mut all = Vec::new();
        loop {
            let found = records.read(&mut record).unwrap();
            if found == Found::End {
                return all;
            }
            let fields = record.fields().map(<[u8]>::to_vec).collect();
            all.push((found, record.line, record.last_line, fields));
        }
    }

    fn lines(input: &str) -> Vec<(u64, u64)> {
        read_all(input.as_bytes(), 1000)
            .into_iter()
            .map(|(_, first, last, _)| (first, last))
            .collect()
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        assert_eq!(lines("a\nb\n\nc"), [(1, 1), (2, 2), (4, 4)]);
        assert_eq!(lines("a\r\n\r\nb\r\n"), [(1, 1), (3, 3)]);
        assert_eq!(lines("a\rb\r\rc"), [(1, 1), (2, 2), (4, 4)]);
        assert_eq!(lines("\"x\ny\r\nz\",1\nb"), [(1, 3), (4, 4)]);
    }

    #[test]
    fn a_record_at_the_limit_is_kept_and_one_byte_more_is_not() {
        for end in ["\n", "\r\n", ""] {
            let fits = read_all(format!("ab,cd{end}").as_bytes(), 5);
            assert_eq!(
                fits,
                [(Found::Whole, 1, 1, vec![b"ab".to_vec(), b"cd".to_vec()])]
            );
            let over = read_all(format!("ab,cde{end}").as_bytes(), 5);
            assert_eq!(over[0].0, Found::TooLong);
        }
    }

    #[test]
    fn reading_goes_on_behind_a_record_that_is_too_long() {
        let found = read_all(b"aaaaaaaa\nb\n\"a\na\na\naa\"\nc", 5);
        let seen: Vec<_> = found.iter().map(|one| (&one.0, one.1, one.2)).collect();
        assert_eq!(
            seen,
            [
                (&Found::TooLong, 1, 1),
                (&Found::Whole, 2, 2),
                (&Found::TooLong, 3, 6),
                (&Found::Whole, 7, 7)
            ]
        );
    }

    #[test]
    fn nothing_beyond_the_limit_is_held() {
        let mut records = Records::new(io::repeat(b'x').take(5_000_000), Some(b','), 1000).unwrap();
        let mut record = Record::default();
        assert_eq!(records.read(&mut record).unwrap(), Found::TooLong);
        assert!(record.bytes.capacity() <= 2048);
    }

    #[test]
    fn open_quotation_marks_are_told() {
        assert_eq!(read_all(b"a,\"b\nc", 100)[0].0, Found::Unclosed);
        assert_eq!(read_all(b"a,\"b\"", 100)[0].0, Found::Whole);
    }

    proptest! {
        #[test]
        fn below_the_limit_it_reads_what_csv_reads(
            input in proptest::collection::vec(
                prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'a'), Just(0xef), Just(0xbb), Just(0xbf)],
                0..60,
            )
        ) {
            let ours: Vec<Vec<Vec<u8>>> = read_all(&input, 1000).into_iter().map(|one| one.3).collect();
            let mut theirs = Vec::new();
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(input.as_slice());
            for record in reader.byte_records() {
                theirs.push(record.unwrap().iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
            }
            prop_assert_eq!(ours, theirs);
        }
    }
}

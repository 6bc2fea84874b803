//! Turning the bytes of a file into UTF-8, whatever encoding they are in.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};
use serde::Deserialize;

/// Stands for bytes that are no text in the encoding of the file; it occurs in no UTF-8.
const NO_TEXT: u8 = 0xff;
/// How zip and gzip files begin.
const PACKED: [&[u8]; 2] = [b"PK\x03\x04", b"\x1f\x8b"];
/// How much is decoded at once, in bytes.
const CHUNK_BYTES: usize = 1 << 16;

/// In which encoding a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct FileEncoding(&'static Encoding);

impl FileEncoding {
    /// Its name in the WHATWG Encoding Standard.
    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }
}

impl Default for FileEncoding {
    fn default() -> Self {
        Self(encoding_rs::UTF_8)
    }
}

impl TryFrom<String> for FileEncoding {
    type Error = &'static str;

    fn try_from(label: String) -> Result<Self, &'static str> {
        Encoding::for_label_no_replacement(label.as_bytes())
            .map(Self)
            .ok_or("is no encoding, such as \"utf-8\", \"gb18030\" or \"windows-1252\"")
    }
}

/// Reads a file as UTF-8.
///
/// A byte order mark of UTF-8 or UTF-16 says more of the file than the mapping does, and is dropped.
pub(crate) struct Decoded<R> {
    input: BufReader<R>,
    decoder: Decoder,
    text: Box<[u8]>,
    /// What is decoded and not yet read.
    ready: std::ops::Range<usize>,
    is_done: bool,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(input: R, encoding: FileEncoding) -> Self {
        Self {
            input: BufReader::with_capacity(CHUNK_BYTES, input),
            decoder: encoding.0.new_decoder(),
            text: vec![0; CHUNK_BYTES].into_boxed_slice(),
            ready: 0..0,
            is_done: false,
        }
    }

    /// Whether the file begins as packed ones do; to be asked before anything is read.
    pub(crate) fn is_packed(&mut self) -> io::Result<bool> {
        let start = self.input.fill_buf()?;
        Ok(PACKED.iter().any(|packed| start.starts_with(packed)))
    }

    /// Decodes what comes next.
    fn decode(&mut self) -> io::Result<()> {
        let chunk = self.input.fill_buf()?;
        let is_last = chunk.is_empty();
        // One byte is kept for the mark of what is no text.
        let space = self.text.len().saturating_sub(1);
        let space = self.text.get_mut(..space).unwrap_or_default();
        let (result, read, written) = self
            .decoder
            .decode_to_utf8_without_replacement(chunk, space, is_last);
        self.input.consume(read);
        self.ready = 0..written;
        match result {
            DecoderResult::Malformed(..) => {
                if let Some(place) = self.text.get_mut(written) {
                    *place = NO_TEXT;
                    self.ready.end += 1;
                }
            }
            DecoderResult::InputEmpty => self.is_done = is_last,
            DecoderResult::OutputFull => {}
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.is_done {
            match self.decode() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => other?,
            }
        }
        let mut ready = self.text.get(self.ready.clone()).unwrap_or_default();
        let count = ready.read(out)?;
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], label: &str) -> Vec<u8> {
        let encoding = FileEncoding::try_from(label.to_owned()).unwrap();
        let mut text = Vec::new();
        Decoded::new(bytes, encoding)
            .read_to_end(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn each_encoding_becomes_utf8() {
        // 退款 is CD CB BF EE in GBK (Unicode's mapping table of CP936), and 9000 6B3E in UTF-16.
        let wanted = "退款".as_bytes();
        assert_eq!(read(&[0xcd, 0xcb, 0xbf, 0xee], "gb18030"), wanted);
        assert_eq!(read(&[0xcd, 0xcb, 0xbf, 0xee], "gbk"), wanted);
        assert_eq!(read(wanted, "utf-8"), wanted);
        assert_eq!(read(&[0x90, 0x00, 0x6b, 0x3e], "utf-16be"), wanted);
        assert_eq!(read(&[0xe9], "latin1"), "é".as_bytes());
    }

    #[test]
    fn a_byte_order_mark_is_believed_and_dropped() {
        assert_eq!(read(b"\xef\xbb\xbfa", "utf-8"), b"a");
        assert_eq!(
            read(b"\xef\xbb\xbf\xe9\x80\x80", "gb18030"),
            "退".as_bytes()
        );
        assert_eq!(read(b"\xff\xfea\0", "utf-8"), b"a");
    }

    #[test]
    fn what_is_no_text_is_marked_and_the_rest_is_read() {
        assert_eq!(read(b"a\xffb", "gb18030"), b"a\xffb");
        assert_eq!(read(b"a\xe9b", "utf-8"), b"a\xffb");
        assert_eq!(read(b"a\xcd", "gb18030"), b"a\xff");
    }

    #[test]
    fn labels_that_are_none() {
        for label in ["", "gb-18030", "utf9", "replacement"] {
            assert!(FileEncoding::try_from(label.to_owned()).is_err(), "{label}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn text_is_read_as_it_was_written(text in "\\PC{1,30}", more in 0_usize..9) {
            // Longer than what is decoded at once.
            let text = text.repeat(CHUNK_BYTES / text.len() + more);
            prop_assume!(!text.starts_with('\u{feff}'));
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            prop_assert_eq!(read(&bytes, "utf-16le"), text.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for label in ["utf-8", "gb18030", "utf-16le", "shift_jis", "iso-2022-jp"] {
                read(&bytes, label);
            }
        }
    }
}

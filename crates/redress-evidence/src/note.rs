//! Signed notes, as in the C2SP specification signed-note: a text, and who signs it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::{KeyKind, SigningKey, VerifierKey, is_key_name};

/// The longest note that is read, in bytes.
pub const MAX_NOTE_BYTES: usize = 1 << 20;
/// The most signatures of a note that are read.
pub const MAX_SIGNATURES: usize = 64;

/// A text with signatures, not one of which has been checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature under a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub key_id: [u8; 4],
    /// What the key made; its layout depends on the kind of key.
    pub bytes: Vec<u8>,
}

/// Bytes are not a signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidNote {
    /// Too long.
    #[error("the note is longer than {MAX_NOTE_BYTES} bytes")]
    TooLong,
    /// Not UTF-8, or with control characters.
    #[error("the note is not UTF-8 without control characters")]
    NotText,
    /// There is no text, or no signatures after an empty line.
    #[error("the note has no text, or no empty line and signatures after it")]
    NoSignatures,
    /// Too many signatures.
    #[error("the note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// A line after the text is not a signature.
    #[error("line {number} of the signatures is not one")]
    BadSignature {
        /// Which line, from 1.
        number: usize,
    },
}

/// Why no signature of a note counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsigned {
    /// A key that is believed did not make its signature.
    #[error("the signature of {name} does not fit the text")]
    BadSignature {
        /// The name of the key.
        name: String,
    },
    /// None is of a key that is believed.
    #[error("none of the keys that were given has signed this")]
    NoKnownKey,
}

/// A signature that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub key_id: [u8; 4],
    /// What it says.
    pub kind: KeyKind,
    /// When a witness signed, in seconds since 1970; a log's own signature tells no time.
    pub time_seconds: Option<u64>,
}

impl SignedNote {
    /// Signs a text.
    ///
    /// # Errors
    ///
    /// [`InvalidNote::NotText`], [`InvalidNote::NoSignatures`] when the text is empty or does not end in a newline.
    pub fn sign(text: impl Into<String>, key: &SigningKey) -> Result<Self, InvalidNote> {
        let text = text.into();
        check_text(&text)?;
        if !text.ends_with('\n') || text == "\n" {
            return Err(InvalidNote::NoSignatures);
        }
        let signature = NoteSignature {
            name: key.verifier().name().to_owned(),
            key_id: key.verifier().id(),
            bytes: key.sign(text.as_bytes()).to_vec(),
        };
        let signatures = vec![signature];
        Ok(Self { text, signatures })
    }

    /// Reads a note.
    ///
    /// # Errors
    ///
    /// [`InvalidNote`], the first that applies in the order of its variants.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidNote> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(InvalidNote::TooLong);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| InvalidNote::NotText)?;
        check_text(note)?;
        let split = note.rfind("\n\n").ok_or(InvalidNote::NoSignatures)?;
        let (text, rest) = note
            .split_at_checked(split + 1)
            .ok_or(InvalidNote::NoSignatures)?;
        let lines = rest.strip_prefix('\n').unwrap_or_default();
        if text == "\n" || lines.is_empty() {
            return Err(InvalidNote::NoSignatures);
        }
        let signatures = parse_signatures(lines)?;
        let text = text.to_owned();
        Ok(Self { text, signatures })
    }

    /// The text that is signed, its last newline included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds signatures of others, such as the lines that a witness answers with. Those that are there already are left
    /// out.
    ///
    /// # Errors
    ///
    /// [`InvalidNote::TooManySignatures`], [`InvalidNote::BadSignature`]; nothing is added then.
    pub fn add_signatures(&mut self, lines: &str) -> Result<(), InvalidNote> {
        let mut more = parse_signatures(lines)?;
        more.retain(|signature| !self.signatures.contains(signature));
        if self.signatures.len() + more.len() > MAX_SIGNATURES {
            return Err(InvalidNote::TooManySignatures);
        }
        self.signatures.append(&mut more);
        Ok(())
    }

    /// Who of those whose keys are given has signed. Signatures of other keys say nothing.
    ///
    /// # Errors
    ///
    /// [`Unsigned::BadSignature`] when a given key's signature does not fit; [`Unsigned::NoKnownKey`] when there is none.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Vec<Signed>, Unsigned> {
        let mut signed = Vec::new();
        for signature in &self.signatures {
            let known = keys
                .iter()
                .filter(|key| key.name() == signature.name && key.id() == signature.key_id);
            for key in known {
                signed.push(self.check(signature, key)?);
            }
        }
        if signed.is_empty() {
            return Err(Unsigned::NoKnownKey);
        }
        Ok(signed)
    }

    fn check(&self, signature: &NoteSignature, key: &VerifierKey) -> Result<Signed, Unsigned> {
        let time_seconds = match key.kind() {
            KeyKind::Note => self.check_note(signature, key).map(|()| None),
            KeyKind::Cosignature => self.check_cosignature(signature, key).map(Some),
        };
        let Some(time_seconds) = time_seconds else {
            let name = signature.name.clone();
            return Err(Unsigned::BadSignature { name });
        };
        Ok(Signed {
            name: signature.name.clone(),
            key_id: signature.key_id,
            kind: key.kind(),
            time_seconds,
        })
    }

    fn check_note(&self, signature: &NoteSignature, key: &VerifierKey) -> Option<()> {
        let signature = signature.bytes.as_slice().try_into().ok()?;
        key.accepts(self.text.as_bytes(), signature).then_some(())
    }

    /// The time of a witness's signature, if it fits: `timestamp u64 ‖ signature`, over [`cosigned_text`].
    fn check_cosignature(&self, signature: &NoteSignature, key: &VerifierKey) -> Option<u64> {
        let (time, signature) = signature.bytes.split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        // The specification's limit: it fits a signed number of 64 bits.
        i64::try_from(time).ok()?;
        let message = cosigned_text(time, &self.text);
        let signature = signature.try_into().ok()?;
        key.accepts(message.as_bytes(), signature).then_some(time)
    }
}

/// What a witness signs: the C2SP specification tlog-cosignature, Ed25519.
fn cosigned_text(time_seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time_seconds}\n{text}")
}

// The note as it is stored and sent.
impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

// One line, without its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.as_slice(), &self.bytes].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

fn check_text(text: &str) -> Result<(), InvalidNote> {
    let allowed = |byte: u8| byte == b'\n' || byte >= b' ';
    if text.bytes().all(allowed) {
        Ok(())
    } else {
        Err(InvalidNote::NotText)
    }
}

fn parse_signatures(lines: &str) -> Result<Vec<NoteSignature>, InvalidNote> {
    let mut signatures = Vec::new();
    for (number, line) in (1..).zip(lines.split_inclusive('\n')) {
        if number > MAX_SIGNATURES {
            return Err(InvalidNote::TooManySignatures);
        }
        let signature = parse_signature(line).ok_or(InvalidNote::BadSignature { number })?;
        signatures.push(signature);
    }
    Ok(signatures)
}

fn parse_signature(line: &str) -> Option<NoteSignature> {
    let line = line.strip_suffix('\n')?.strip_prefix("— ")?;
    let (name, bytes) = line.split_once(' ')?;
    let bytes = STANDARD.decode(bytes).ok()?;
    let (key_id, signature) = bytes.split_first_chunk::<4>()?;
    (is_key_name(name) && !signature.is_empty()).then(|| NoteSignature {
        name: name.to_owned(),
        key_id: *key_id,
        bytes: signature.to_vec(),
    })
}

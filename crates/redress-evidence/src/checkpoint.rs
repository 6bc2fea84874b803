//! Checkpoints, as in the C2SP specification tlog-checkpoint: how large a log is, and its root.

use crate::hash::Hash;
use crate::key::{SigningKey, VerifierKey};
use crate::note::{InvalidNote, Signed, SignedNote, Unsigned};
use crate::number;

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log, by a name that no other log has.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// Further lines; a log of this library writes none.
    pub extensions: Vec<String>,
}

/// A text is not a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCheckpoint {
    /// It is no signed note.
    #[error(transparent)]
    Note(#[from] InvalidNote),
    /// The first line names no log.
    #[error("the first line names no log")]
    Origin,
    /// The second line is no size.
    #[error("the second line is not a size in decimal digits")]
    Size,
    /// The third line is no root.
    #[error("the third line is not a root in base 64")]
    Root,
    /// A further line is empty, or the last one does not end.
    #[error("a line after the root is empty, or the last line has no end")]
    Extension,
}

/// A checkpoint cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UntrustedCheckpoint {
    /// It cannot be read.
    #[error("the checkpoint cannot be read: {0}")]
    Invalid(#[from] InvalidCheckpoint),
    /// Nobody who is believed has signed it.
    #[error("the checkpoint is not signed: {0}")]
    Unsigned(#[from] Unsigned),
    /// Witnesses have signed it, but not the log whose checkpoint it is.
    #[error("no key of the log itself has signed the checkpoint")]
    NotByTheLog,
}

impl Checkpoint {
    /// Of a log of this name, without further lines.
    ///
    /// # Errors
    ///
    /// [`InvalidCheckpoint::Origin`] when the name is empty or has control characters.
    pub fn new(
        origin: impl Into<String>,
        size: u64,
        root: Hash,
    ) -> Result<Self, InvalidCheckpoint> {
        let origin = origin.into();
        if origin.is_empty() || origin.chars().any(char::is_control) {
            return Err(InvalidCheckpoint::Origin);
        }
        Ok(Self {
            origin,
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// The text that is signed.
    ///
    /// ```
    /// use redress_evidence::{Checkpoint, Hash};
    ///
    /// let checkpoint = Checkpoint::new("example.org/complaints", 0, Hash::empty_root()).unwrap();
    /// let text = "example.org/complaints\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    /// assert_eq!(checkpoint.text(), text);
    /// assert_eq!(Checkpoint::parse_text(text), Ok(checkpoint));
    /// ```
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            self.root.to_base64()
        );
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Reads the text that is signed.
    ///
    /// # Errors
    ///
    /// [`InvalidCheckpoint`], the first that applies in the order of its variants.
    pub fn parse_text(text: &str) -> Result<Self, InvalidCheckpoint> {
        let (lines, end) = text.rsplit_once('\n').unwrap_or(("", text));
        let mut lines = lines.split('\n');
        let origin = lines.next().unwrap_or_default();
        let size = lines.next().and_then(number::parse);
        let root = lines.next().and_then(Hash::from_base64);
        let size = size.ok_or(InvalidCheckpoint::Size);
        let mut checkpoint = Self::new(origin, 0, Hash::empty_root())?;
        checkpoint.size = size?;
        checkpoint.root = root.ok_or(InvalidCheckpoint::Root)?;
        checkpoint.extensions = lines.map(str::to_owned).collect();
        if !end.is_empty() || checkpoint.extensions.iter().any(String::is_empty) {
            return Err(InvalidCheckpoint::Extension);
        }
        Ok(checkpoint)
    }

    /// Signs it. Whether it follows from the one signed before is asked by
    /// [`EvidenceLog::checkpoint`](crate::EvidenceLog::checkpoint).
    ///
    /// # Errors
    ///
    /// [`InvalidNote`] when the origin or a further line cannot stand in a note.
    pub(crate) fn sign(&self, key: &SigningKey) -> Result<SignedNote, InvalidNote> {
        SignedNote::sign(self.text(), key)
    }

    /// Reads a signed checkpoint and looks at no signature: for what is already trusted.
    ///
    /// # Errors
    ///
    /// [`InvalidCheckpoint`], the first that applies in the order of its variants.
    pub fn read(bytes: &[u8]) -> Result<(Self, SignedNote), InvalidCheckpoint> {
        let note = SignedNote::parse(bytes)?;
        Ok((Self::parse_text(note.text())?, note))
    }

    /// Reads a signed checkpoint and tells who of those whose keys are given has signed it; one must be a log's own key.
    ///
    /// # Errors
    ///
    /// [`UntrustedCheckpoint`], the first that applies in the order of its variants.
    pub fn open(
        bytes: &[u8],
        keys: &[VerifierKey],
    ) -> Result<(Self, Vec<Signed>), UntrustedCheckpoint> {
        let (checkpoint, note) = Self::read(bytes)?;
        let signed = checkpoint.signers(&note, keys)?;
        Ok((checkpoint, signed))
    }

    /// Who of those whose keys are given has signed the note it stands in; one must be a log's own key.
    pub(crate) fn signers(
        &self,
        note: &SignedNote,
        keys: &[VerifierKey],
    ) -> Result<Vec<Signed>, UntrustedCheckpoint> {
        let signed = note.verify(keys)?;
        let by_log = signed.iter().any(|one| one.kind == crate::KeyKind::Note);
        by_log
            .then_some(signed)
            .ok_or(UntrustedCheckpoint::NotByTheLog)
    }
}

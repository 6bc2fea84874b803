//! Keys of signed notes: whose signature to believe, and what to sign with.
//!
//! As in the C2SP specifications signed-note and tlog-cosignature: a key has a name, and an id that depends on its name,
//! its kind and its bytes. The texts of keys are those of Go's `golang.org/x/mod/sumdb/note`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use crate::hash::Hash;

/// What a key's signatures say. The number is part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum KeyKind {
    /// This is my note.
    Note = 0x01,
    /// I saw this checkpoint at this time, and it follows from those that I saw before: a witness's cosignature/v1.
    Cosignature = 0x04,
}

/// The start of the text of a signing key.
const PRIVATE: &str = "PRIVATE+KEY+";

/// A text is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// The name is empty or has a space, a plus sign or a control character.
    #[error(
        "the name of a key must not be empty nor have spaces, plus signs or control characters"
    )]
    Name,
    /// It has not the form of a key.
    #[error(
        "this is not a key: `NAME+ID+KEY` is needed, ID as 8 hexadecimal digits and KEY in base 64"
    )]
    Form,
    /// It is of a kind other than Ed25519.
    #[error(
        "the key is of a kind that this version does not know; Ed25519 keys are of kind 1 or 4"
    )]
    Kind,
    /// The id does not belong to the key.
    #[error("the key does not belong to its id; it was altered or badly copied")]
    Id,
    /// The bytes are no public key, or one that anybody can sign for.
    #[error("the bytes of the key are no sound Ed25519 key")]
    Bytes,
}

/// A public key under a name: whose signatures to believe.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Takes a key by its parts.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Name`], [`InvalidKey::Bytes`], in this order.
    pub fn new(
        name: impl Into<String>,
        kind: KeyKind,
        public_key: [u8; 32],
    ) -> Result<Self, InvalidKey> {
        let name = check_name(name.into())?;
        let key = VerifyingKey::from_bytes(&public_key).map_err(|_| InvalidKey::Bytes)?;
        if key.is_weak() {
            return Err(InvalidKey::Bytes);
        }
        Ok(Self { name, kind, key })
    }

    /// Reads `NAME+ID+KEY`.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`], the first that applies in this order: form, kind, name, bytes, id.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let (name, id, bytes) = split_key(text)?;
        let (kind, public_key) = bytes.split_first_chunk::<1>().ok_or(InvalidKey::Form)?;
        let kind = match kind {
            [0x01] => KeyKind::Note,
            [0x04] => KeyKind::Cosignature,
            [_] => return Err(InvalidKey::Kind),
        };
        let public_key = public_key.try_into().map_err(|_| InvalidKey::Bytes)?;
        let key = Self::new(name, kind, public_key)?;
        if key.id() == id {
            Ok(key)
        } else {
            Err(InvalidKey::Id)
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its signatures say.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The id: the first four bytes of SHA-256(name ‖ newline ‖ kind ‖ key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        key_id(&self.name, self.kind, self.key.as_bytes())
    }

    /// The bytes of the public key, as RFC 8032 lays them out.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether this is the signature of the message. Strict: keys and points of small order are refused.
    pub(crate) fn accepts(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

// The text that verifiers are given: `NAME+ID+KEY`.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = crate::hex::encode(&self.id());
        let bytes = with_kind(self.kind, self.key.as_bytes());
        write!(f, "{}+{id}+{}", self.name, STANDARD.encode(bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// What a log signs its checkpoints with. Wiped from memory when dropped; never printed but by [`SigningKey::to_text`].
pub struct SigningKey {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// Makes a key from 32 random bytes, which the caller brings.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Name`].
    pub fn from_seed(name: impl Into<String>, seed: &[u8; 32]) -> Result<Self, InvalidKey> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public_key = key.verifying_key().to_bytes();
        let verifier = VerifierKey::new(name, KeyKind::Note, public_key)?;
        Ok(Self { verifier, key })
    }

    /// Reads `PRIVATE+KEY+NAME+ID+KEY`, as [`SigningKey::to_text`] writes it.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`], the first that applies in this order: form, kind, bytes, name, id.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let text = text.strip_prefix(PRIVATE).ok_or(InvalidKey::Form)?;
        let (name, id, bytes) = split_key(text)?;
        let (kind, seed) = bytes.split_first_chunk::<1>().ok_or(InvalidKey::Form)?;
        if kind != &[KeyKind::Note as u8] {
            return Err(InvalidKey::Kind);
        }
        let seed = seed.try_into().map_err(|_| InvalidKey::Bytes)?;
        let key = Self::from_seed(name, &seed)?;
        if key.verifier.id() == id {
            Ok(key)
        } else {
            Err(InvalidKey::Id)
        }
    }

    /// The secret as text, to be kept where nobody else reads it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let id = crate::hex::encode(&self.verifier.id());
        let bytes = with_kind(KeyKind::Note, self.key.as_bytes());
        format!(
            "{PRIVATE}{}+{id}+{}",
            self.verifier.name,
            STANDARD.encode(bytes)
        )
    }

    /// The key to give to those who verify.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier.name)
    }
}

fn key_id(name: &str, kind: KeyKind, public_key: &[u8; 32]) -> [u8; 4] {
    let hash = Hash::of_all(&[name.as_bytes(), b"\n", &[kind as u8], public_key]);
    let [a, b, c, d, ..] = *hash.as_bytes();
    [a, b, c, d]
}

fn with_kind(kind: KeyKind, bytes: &[u8; 32]) -> [u8; 33] {
    let mut all = [kind as u8; 33];
    all.iter_mut()
        .skip(1)
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    all
}

/// Name, id and bytes. The base 64 may hold plus signs, the name and the id cannot.
fn split_key(text: &str) -> Result<(&str, [u8; 4], Vec<u8>), InvalidKey> {
    let mut pieces = text.splitn(3, '+');
    let mut piece = || pieces.next().ok_or(InvalidKey::Form);
    let (name, id, bytes) = (piece()?, piece()?, piece()?);
    let id = crate::hex::decode(id).ok_or(InvalidKey::Form)?;
    let bytes = STANDARD.decode(bytes).map_err(|_| InvalidKey::Form)?;
    Ok((name, id, bytes))
}

fn check_name(name: String) -> Result<String, InvalidKey> {
    if is_key_name(&name) {
        Ok(name)
    } else {
        Err(InvalidKey::Name)
    }
}

/// Whether a key can have this name.
pub(crate) fn is_key_name(name: &str) -> bool {
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.chars().all(allowed)
}

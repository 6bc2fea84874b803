//! SHA-256 as RFC 6962 uses it: the hash of a leaf, and of two nodes.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// A SHA-256 hash: of a leaf, of a node, or the root of a tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Hash::BYTES]);

impl Hash {
    /// The length of a hash in bytes.
    pub const BYTES: usize = 32;

    /// Takes the bytes of a hash that was computed before.
    #[must_use]
    pub const fn new(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// SHA-256 of the bytes, as they are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// SHA-256 of what several slices hold, one after the other.
    pub(crate) fn of_all(slices: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        slices.iter().for_each(|slice| hasher.update(slice));
        Self(hasher.finalize().into())
    }

    /// The hash of a leaf: SHA-256(0x00 ‖ entry), RFC 6962 section 2.1.
    ///
    /// ```
    /// use redress_evidence::Hash;
    ///
    /// let hash = Hash::leaf(b"");
    /// assert_eq!(hash.to_base64(), "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=");
    /// ```
    #[must_use]
    pub fn leaf(entry: &[u8]) -> Self {
        Self::of_all(&[&[0], entry])
    }

    /// The hash of a node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1.
    #[must_use]
    pub fn node(left: &Self, right: &Self) -> Self {
        Self::of_all(&[&[1], &left.0, &right.0])
    }

    /// The root of the tree that has no leaf: SHA-256 of nothing, RFC 6962 section 2.1.
    ///
    /// ```
    /// use redress_evidence::Hash;
    ///
    /// assert!(Hash::empty_root().to_string().starts_with("e3b0c44298fc1c14"));
    /// ```
    #[must_use]
    pub fn empty_root() -> Self {
        Self::of(&[])
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The text of checkpoints and proofs: base 64 of RFC 4648 section 4, 44 characters.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] writes; `None` for anything else, other spellings of the same bytes included.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let mut bytes = [0; Self::BYTES + 1];
        if text.len() != 44 {
            return None;
        }
        let length = STANDARD.decode_slice(text, &mut bytes).ok()?;
        let bytes = bytes.get(..length)?;
        bytes.try_into().ok().map(Self)
    }

    /// Reads 64 lower-case hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        crate::hex::decode(text).map(Self)
    }
}

// In lower-case hexadecimal, as tools for checking files print it.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

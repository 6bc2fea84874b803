//! Sealing personal parts under a customer's data key, and opening them again.
//!
//! Each part has keys of its own: HKDF-SHA256 (RFC 5869) of the data key, with 24 random bytes as its salt and the place
//! of the part as its info. The first 32 bytes encrypt, once, with AES-256-GCM (NIST SP 800-38D). The other 32 say which
//! key it was: AES-GCM does not, so that one ciphertext can be made to open to two different texts under two keys. They
//! are compared before anything is opened.

mod part;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use redress_core::Version;
use redress_store::StreamId;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::keys::{DataKey, KeyId};
use crate::leaf::SealedPart;

pub use part::{erased_part, key_of};

/// What the keys of a personal part are derived for.
const PART_LABEL: &[u8] = b"redress/seal/v1\0";
/// The length of the place of a part, in bytes.
const CONTEXT_BYTES: usize = 67;

/// The place of a personal part. A sealed part opens there and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext {
    /// The ledger.
    pub ledger_id: Uuid,
    /// The history within the ledger.
    pub stream: StreamId,
    /// The entry within the history.
    pub version: Version,
    /// The kind of fact, by its number.
    pub event_type: u32,
    /// The layout of the fact.
    pub schema: u16,
    /// Which part of the entry: 1 for the first personal one, as part 0 is the public one.
    pub part: u8,
}

impl SealContext {
    /// The bytes that are bound: every field at a fixed width, integers big-endian, then the id and epoch of the key.
    fn bytes(&self, key: KeyId) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(CONTEXT_BYTES);
        bytes.extend_from_slice(self.ledger_id.as_bytes());
        bytes.extend_from_slice(self.stream.0.as_bytes());
        bytes.extend_from_slice(&self.version.get().to_be_bytes());
        bytes.extend_from_slice(&self.event_type.to_be_bytes());
        bytes.extend_from_slice(&self.schema.to_be_bytes());
        bytes.push(self.part);
        bytes.extend_from_slice(&key.subject);
        bytes.extend_from_slice(&key.epoch.to_be_bytes());
        bytes
    }
}

/// A personal part cannot be sealed or opened. Says nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The bytes are too few to be a sealed part.
    #[error("it is too short to be a sealed part")]
    Malformed,
    /// The key is not the one it was sealed under.
    #[error("the key is not the one that it was sealed under")]
    KeyMismatch,
    /// It was altered, or moved from another place.
    #[error("it was altered, or belongs to another entry")]
    Corrupt,
    /// It is longer than AES-GCM can encrypt.
    #[error("it is too long to be sealed")]
    TooLong,
}

/// Seals a personal part: the bytes that a store keeps of it.
///
/// The 24 bytes of `nonce` are random and never used twice with the same key.
///
/// # Errors
///
/// [`SealError::TooLong`] beyond 64 GiB.
///
/// ```
/// use redress_core::Version;
/// use redress_evidence::keys::{DataKey, KeyId};
/// use redress_evidence::seal::{SealContext, SealError, open, seal};
/// use redress_store::StreamId;
/// use uuid::Uuid;
///
/// let key = DataKey::new(KeyId { subject: [7; 16], epoch: 1 }, [1; 32]);
/// let here = SealContext {
///     ledger_id: Uuid::from_u128(1),
///     stream: StreamId(Uuid::from_u128(2)),
///     version: Version::FIRST,
///     event_type: 1,
///     schema: 1,
///     part: 1,
/// };
/// let sealed = seal(&key, &[3; 24], &here, "王芳".as_bytes())?;
/// assert_eq!(*open(&key, &here, &sealed)?, "王芳".as_bytes());
///
/// let elsewhere = SealContext { version: Version::new(2), ..here };
/// assert_eq!(open(&key, &elsewhere, &sealed), Err(SealError::KeyMismatch));
/// # Ok::<(), SealError>(())
/// ```
pub fn seal(
    key: &DataKey,
    nonce: &[u8; 24],
    context: &SealContext,
    plaintext: &[u8],
) -> Result<Vec<u8>, SealError> {
    let context = context.bytes(key.id());
    let keys = PartKeys::derive(key.bytes(), nonce, PART_LABEL, &context);
    let ciphertext = keys.encrypt(&context, plaintext)?;
    let part = SealedPart {
        subject_key_id: key.id().subject,
        key_epoch: key.id().epoch,
        nonce,
        key_commit: &keys.commit,
        ciphertext: &ciphertext,
    };
    Ok(part.to_bytes())
}

/// Opens a sealed part as a store keeps it.
///
/// # Errors
///
/// [`SealError::Malformed`], [`SealError::KeyMismatch`], [`SealError::Corrupt`], in this order. A part that was moved to
/// another place has other keys there, so it is a [`SealError::KeyMismatch`] too.
pub fn open(
    key: &DataKey,
    context: &SealContext,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let part = SealedPart::parse(sealed).ok_or(SealError::Malformed)?;
    if part.key() != key.id() {
        return Err(SealError::KeyMismatch);
    }
    let context = context.bytes(key.id());
    let keys = PartKeys::derive(key.bytes(), part.nonce, PART_LABEL, &context);
    keys.decrypt(part.key_commit, &context, part.ciphertext)
}

/// The keys that belong to one ciphertext.
pub(crate) struct PartKeys {
    encryption: Zeroizing<[u8; 32]>,
    /// Tells this key from others; no secret.
    pub(crate) commit: [u8; 32],
}

impl PartKeys {
    pub(crate) fn derive(key: &[u8; 32], nonce: &[u8; 24], label: &[u8], context: &[u8]) -> Self {
        let mut output = Zeroizing::new([0; 64]);
        let derived = Hkdf::<Sha256>::new(Some(nonce), key)
            .expand_multi_info(&[label, context], output.as_mut_slice());
        // RFC 5869 gives up to 255 × 32 bytes.
        debug_assert!(derived.is_ok(), "64 bytes can be derived");
        let mut keys = Self {
            encryption: Zeroizing::new([0; 32]),
            commit: [0; 32],
        };
        let (encryption, commit) = output.split_at(32);
        keys.encryption.copy_from_slice(encryption);
        keys.commit.copy_from_slice(commit);
        keys
    }

    // The key is used once, so the nonce of AES-GCM can be any; it is zero.
    pub(crate) fn encrypt(&self, aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, SealError> {
        Aes256Gcm::new((&*self.encryption).into())
            .encrypt(&Nonce::from([0; 12]), Payload { msg, aad })
            .map_err(|_| SealError::TooLong)
    }

    /// Decrypts, if the commitment is that of this very key.
    pub(crate) fn decrypt(
        &self,
        commit: &[u8; 32],
        aad: &[u8],
        msg: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        if !bool::from(self.commit.ct_eq(commit)) {
            return Err(SealError::KeyMismatch);
        }
        Aes256Gcm::new((&*self.encryption).into())
            .decrypt(&Nonce::from([0; 12]), Payload { msg, aad })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Corrupt)
    }
}

//! What data keys are wrapped with, and the head of a key store, which says how to come by it.
//!
//! Head, 256 bytes: mark (16), id of the ledger (16), kind u8, then for a passphrase memory in KiB u32, passes u32, lanes
//! u32, salt (16); zeros up to 192; SHA-256 of those 192; HMAC-SHA256 of all that under the wrapping key. The first
//! tells damage from a wrong key, which the second tells.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::{KeyStoreError, random};

/// What a key store begins with.
const MAGIC: &[u8; 16] = b"redress/keys/v1\0";
/// The length of the head, and of each record, in bytes.
pub(super) const BLOCK: usize = 256;
/// Where the checksum stands.
const CHECKSUM: usize = 192;
/// Where the HMAC stands, in the head and in a record.
pub(super) const MAC: usize = 224;

/// The costs of argon2id: the second recommendation of RFC 9106, section 4, with one lane, as lanes are not run side by
/// side here.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// The most that a head may ask for, so that a forged one cannot exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

/// What data keys are wrapped with: a secret that is not kept in the key store. Never printed.
#[derive(Clone)]
pub enum WrappingKey {
    /// 32 random bytes, from a key file or from a service that keeps keys.
    Key(Zeroizing<[u8; 32]>),
    /// A passphrase, of which argon2id makes the key.
    Passphrase(Zeroizing<String>),
}

impl std::fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Key(_) => "WrappingKey::Key(..)",
            Self::Passphrase(_) => "WrappingKey::Passphrase(..)",
        })
    }
}

impl WrappingKey {
    /// A passphrase.
    #[must_use]
    pub fn passphrase(text: impl Into<String>) -> Self {
        Self::Passphrase(Zeroizing::new(text.into()))
    }

    /// 32 random bytes of the caller's.
    #[must_use]
    pub fn key(bytes: [u8; 32]) -> Self {
        Self::Key(Zeroizing::new(bytes))
    }

    /// New random bytes of the operating system.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Random`].
    pub fn generate() -> Result<Self, KeyStoreError> {
        random().map(Self::key)
    }

    /// The text of a key file: 64 hexadecimal digits and the end of a line. `None` for a passphrase.
    #[must_use]
    pub fn to_text(&self) -> Option<Zeroizing<String>> {
        match self {
            Self::Key(bytes) => Some(Zeroizing::new(crate::hex::encode(&**bytes) + "\n")),
            Self::Passphrase(_) => None,
        }
    }

    /// Reads the text of a key file; `None` for anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('\n').unwrap_or(text);
        crate::hex::decode(digits.trim_end_matches('\r')).map(Self::key)
    }
}

/// The keys that a key store works with: one wraps, the other one tells records from altered ones.
#[derive(Clone)]
pub(super) struct StoreKeys {
    pub(super) wrapping: Zeroizing<[u8; 32]>,
    /// As long as a block of SHA-256, which is what HMAC takes without hashing it.
    authentication: Zeroizing<[u8; 64]>,
}

impl StoreKeys {
    fn of(secret: &[u8; 32], ledger_id: Uuid) -> Self {
        let kdf = Hkdf::<Sha256>::new(Some(ledger_id.as_bytes()), secret);
        let mut keys = Self {
            wrapping: Zeroizing::new([0; 32]),
            authentication: Zeroizing::new([0; 64]),
        };
        let wrapping = kdf.expand(b"redress/keys/wrap/v1\0", keys.wrapping.as_mut_slice());
        let authentication =
            kdf.expand(b"redress/keys/mac/v1\0", keys.authentication.as_mut_slice());
        debug_assert!(wrapping.and(authentication).is_ok(), "HKDF gives that much");
        keys
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*self.authentication).into());
        parts.iter().for_each(|part| mac.update(part));
        mac
    }

    /// Writes the HMAC of a block and of what `context` says about it into the block.
    pub(super) fn authenticate(&self, context: &[u8], block: &mut [u8; BLOCK]) {
        let (content, mac) = block.split_at_mut(MAC);
        mac.copy_from_slice(&self.mac(&[context, content]).finalize().into_bytes());
    }

    /// Whether the HMAC in a block is right.
    pub(super) fn is_authentic(&self, context: &[u8], block: &[u8; BLOCK]) -> bool {
        let (content, mac) = block.split_at(MAC);
        self.mac(&[context, content]).verify_slice(mac).is_ok()
    }
}

/// What the HMAC of the head is over, besides its bytes.
const HEAD_LABEL: &[u8] = b"redress/keys/head/v1\0";

/// A new head, and the keys that go with it.
pub(super) fn new_head(
    ledger_id: Uuid,
    wrapping: &WrappingKey,
) -> Result<([u8; BLOCK], StoreKeys), KeyStoreError> {
    let mut fields = MAGIC.to_vec();
    fields.extend_from_slice(ledger_id.as_bytes());
    let secret = match wrapping {
        WrappingKey::Key(key) => {
            fields.push(0);
            key.clone()
        }
        WrappingKey::Passphrase(passphrase) => {
            let salt: [u8; 16] = random()?;
            fields.push(1);
            for cost in [MEMORY_KIB, PASSES, LANES] {
                fields.extend_from_slice(&cost.to_be_bytes());
            }
            fields.extend_from_slice(&salt);
            stretch(passphrase, &salt, [MEMORY_KIB, PASSES, LANES])?
        }
    };
    let mut head = [0; BLOCK];
    for (to, from) in head.iter_mut().zip(&fields) {
        *to = *from;
    }
    let digest = Sha256::digest(&head[..CHECKSUM]);
    head[CHECKSUM..MAC].copy_from_slice(&digest);
    let keys = StoreKeys::of(&secret, ledger_id);
    keys.authenticate(HEAD_LABEL, &mut head);
    Ok((head, keys))
}

/// Whether the head begins as that of a key store does.
pub(super) fn is_head(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// The keys that go with a head.
pub(super) fn read_head(
    head: &[u8; BLOCK],
    ledger_id: Uuid,
    wrapping: &WrappingKey,
    path: &Path,
) -> Result<StoreKeys, KeyStoreError> {
    let digest = Sha256::digest(&head[..CHECKSUM]);
    if head[CHECKSUM..MAC] != digest[..] {
        return Err(KeyStoreError::damaged(path, "its head"));
    }
    if head[16..32] != *ledger_id.as_bytes() {
        return Err(KeyStoreError::OtherLedger(path.to_path_buf()));
    }
    let secret = secret(head, wrapping, path)?;
    let keys = StoreKeys::of(&secret, ledger_id);
    if keys.is_authentic(HEAD_LABEL, head) {
        Ok(keys)
    } else {
        Err(KeyStoreError::WrongKey(path.to_path_buf()))
    }
}

fn secret(
    head: &[u8; BLOCK],
    wrapping: &WrappingKey,
    path: &Path,
) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
    let needed = |needed| KeyStoreError::OtherWrapping {
        path: path.to_path_buf(),
        needed,
    };
    match (head[32], wrapping) {
        (0, WrappingKey::Key(key)) => Ok(key.clone()),
        (0, WrappingKey::Passphrase(_)) => Err(needed("a key, not a passphrase")),
        (1, WrappingKey::Key(_)) => Err(needed("a passphrase, not a key")),
        (1, WrappingKey::Passphrase(passphrase)) => {
            let cost = |at: usize| {
                let mut bytes = [0; 4];
                bytes.copy_from_slice(&head[at..at + 4]);
                u32::from_be_bytes(bytes)
            };
            stretch(passphrase, &head[45..61], [cost(33), cost(37), cost(41)])
        }
        (2..=u8::MAX, WrappingKey::Key(_) | WrappingKey::Passphrase(_)) => {
            Err(needed("something that only a newer version knows"))
        }
    }
}

/// Makes a key of a passphrase with argon2id, version 0x13.
fn stretch(
    passphrase: &str,
    salt: &[u8],
    [memory_kib, passes, lanes]: [u32; 3],
) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
    if memory_kib > MAX_MEMORY_KIB || passes > MAX_PASSES || lanes > MAX_LANES {
        let message = "the key store asks for more memory or passes than this program grants";
        return Err(KeyStoreError::Passphrase(message.to_owned()));
    }
    let failed = |error: argon2::Error| KeyStoreError::Passphrase(error.to_string());
    let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(failed)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(failed)?;
    Ok(key)
}

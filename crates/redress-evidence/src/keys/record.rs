//! One record of a key store: a wrapped data key, or what is left of one that was destroyed.
//!
//! 256 bytes, so that none straddles two sectors of a disk: state u8 (1 live, 2 destroyed), customer (16), epoch u32,
//! commitment to the key (32), nonce (24), key commitment (32), wrapped key with its tag (48), zeros up to 224, then the
//! HMAC-SHA256 over the number of the record u64 and those 224 bytes. Of a destroyed key everything behind its
//! commitment is zeros.

use super::error::{KeyStoreError, random};
use super::wrapping::{BLOCK, MAC, StoreKeys};
use super::{DataKey, KeyId};
use crate::hash::Hash;
use crate::seal::PartKeys;

const LIVE: u8 = 1;
const DESTROYED: u8 = 2;
/// What a data key is wrapped for.
const WRAP_LABEL: &[u8] = b"redress/keys/wrapped/v1\0";
/// What the HMAC of a record is over, besides its bytes and its number.
const RECORD_LABEL: &[u8] = b"redress/keys/record/v1\0";

/// The bytes of a record whose HMAC was right, or is to be written.
pub(super) struct Record(pub(super) [u8; BLOCK]);

impl Record {
    /// Wraps a key.
    pub(super) fn live(
        number: u64,
        key: &DataKey,
        keys: &StoreKeys,
    ) -> Result<Self, KeyStoreError> {
        let nonce: [u8; 24] = random()?;
        let place = place(key.id());
        let wrapping = PartKeys::derive(&keys.wrapping, &nonce, WRAP_LABEL, &place);
        let wrapped = wrapping.encrypt(&place, key.bytes());
        let wrapped = wrapped.map_err(|error| KeyStoreError::Random(error.to_string()))?;
        let fields = [&nonce, wrapping.commit.as_slice(), &wrapped].concat();
        Ok(Self::new(
            number,
            LIVE,
            key.id(),
            &key.commitment(),
            &fields,
            keys,
        ))
    }

    /// What is left of a key.
    pub(super) fn destroyed(number: u64, id: KeyId, commitment: &Hash, keys: &StoreKeys) -> Self {
        Self::new(number, DESTROYED, id, commitment, &[], keys)
    }

    fn new(
        number: u64,
        state: u8,
        id: KeyId,
        commitment: &Hash,
        fields: &[u8],
        keys: &StoreKeys,
    ) -> Self {
        let mut block = [0; BLOCK];
        let head = [
            [state].as_slice(),
            &place(id),
            commitment.as_bytes(),
            fields,
        ]
        .concat();
        for (to, from) in block.iter_mut().zip(&head) {
            *to = *from;
        }
        keys.authenticate(&label(number), &mut block);
        Self(block)
    }

    /// Takes a record as it stands in the file; `None` where it was altered.
    pub(super) fn read(number: u64, block: [u8; BLOCK], keys: &StoreKeys) -> Option<Self> {
        let known = matches!(block[0], LIVE | DESTROYED);
        (known && keys.is_authentic(&label(number), &block)).then_some(Self(block))
    }

    pub(super) fn id(&self) -> KeyId {
        let mut subject = [0; 16];
        subject.copy_from_slice(&self.0[1..17]);
        let mut epoch = [0; 4];
        epoch.copy_from_slice(&self.0[17..21]);
        KeyId {
            subject,
            epoch: u32::from_be_bytes(epoch),
        }
    }

    pub(super) fn commitment(&self) -> Hash {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&self.0[21..53]);
        Hash::new(bytes)
    }

    pub(super) const fn is_live(&self) -> bool {
        self.0[0] == LIVE
    }

    /// Unwraps the key; `None` where it is not the one that the record commits to.
    pub(super) fn unwrap_key(&self, keys: &StoreKeys) -> Option<DataKey> {
        let place = place(self.id());
        let (nonce, rest) = self.0[53..MAC].split_first_chunk()?;
        let (commit, rest) = rest.split_first_chunk()?;
        let wrapping = PartKeys::derive(&keys.wrapping, nonce, WRAP_LABEL, &place);
        let bytes = wrapping.decrypt(commit, &place, rest.get(..48)?).ok()?;
        let key = DataKey::new(self.id(), (**bytes).try_into().ok()?);
        (key.commitment() == self.commitment()).then_some(key)
    }
}

fn place(id: KeyId) -> [u8; 20] {
    let mut place = [0; 20];
    place[..16].copy_from_slice(&id.subject);
    place[16..].copy_from_slice(&id.epoch.to_be_bytes());
    place
}

fn label(number: u64) -> Vec<u8> {
    [RECORD_LABEL, &number.to_be_bytes()].concat()
}

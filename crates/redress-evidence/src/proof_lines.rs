//! The hashes of a proof as lines of base 64, with an empty line after the last.

use crate::hash::Hash;

/// The most hashes of a proof: one for each level that a tree can have.
const MAX_HASHES: usize = 63;

/// One line for each hash.
pub(crate) fn write(proof: &[Hash]) -> String {
    proof.iter().map(|hash| hash.to_base64() + "\n").collect()
}

/// The hashes up to the empty line, and what follows it; `None` where something else stands in between.
pub(crate) fn read(bytes: &[u8]) -> Option<(Vec<Hash>, &[u8])> {
    let mut rest = bytes;
    let mut proof = Vec::new();
    loop {
        let (text, after) = line(rest)?;
        rest = after;
        if text.is_empty() {
            return Some((proof, rest));
        }
        if proof.len() == MAX_HASHES {
            return None;
        }
        proof.push(Hash::from_base64(text)?);
    }
}

/// The first line without its end, and what follows it; `None` where there is no end, or no text.
pub(crate) fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (text, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(text).ok()?, rest.get(1..)?))
}

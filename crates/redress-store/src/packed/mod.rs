//! What a view keeps of each complaint, in as few bytes as it needs.
//!
//! A [`Complaint`](redress_core::Complaint) in memory takes thousands of bytes, most of which say again what other complaints
//! say too. [`Tracks`] keeps them packed ([`Pack`]): values that recur stand once ([`Interned`]), instants as differences, and
//! what happened in which order once for all complaints that went the same way. A complaint is unpacked to fold a fact into
//! it, or to be asked, and only then.

mod blocks;
mod clock;
mod complaint;
mod handling;
mod interned;
mod record;
mod symbols;
mod tracks;
mod varint;

pub use complaint::{Kept, pack_complaint, unpack_complaint};
pub use interned::Interned;
pub use record::{Packer, Unpacker};
pub use symbols::Symbols;
pub use tracks::{Pack, Tracks, Unpacked};

/// Packed bytes are not as they were packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is kept of a complaint is not as it was packed; the view has to be folded anew")]
pub struct Damaged;

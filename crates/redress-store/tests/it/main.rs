//! Tests of the store in memory, the contract and the codec, through the public interface.

mod memory;

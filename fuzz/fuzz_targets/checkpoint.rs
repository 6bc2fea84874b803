//! See `redress_fuzz::Target::Checkpoint`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| redress_fuzz::Target::Checkpoint.check(bytes));

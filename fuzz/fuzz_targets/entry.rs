//! See `redress_fuzz::Target::Entry`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| redress_fuzz::Target::Entry.check(bytes));

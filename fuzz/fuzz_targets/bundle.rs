//! See `redress_fuzz::Target::Bundle`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| redress_fuzz::Target::Bundle.check(bytes));

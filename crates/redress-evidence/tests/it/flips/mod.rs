//! Every bit of a bundle and of a ledger altered, every entry and part moved, every file cut off: found, with the place.
//!
//! Optimised, all of it over 1,000 entries (`cargo xtask flips`); else a sample over 300.

mod bits;
mod ledger;
mod sample;
mod shapes;

/// Whether all is tried, or a sample.
const ALL: bool = !cfg!(debug_assertions);
/// How many entries there are.
const SIZE: u32 = if ALL { 1_000 } else { 300 };

/// Every one where all is tried; else one of so many.
const fn step(one_of: usize) -> usize {
    if ALL { 1 } else { one_of }
}

/// Numbers that look random and are the same in every run: SplitMix64 (Steele, Lea, Flood 2014).
fn draws(mut state: u64) -> impl Iterator<Item = usize> {
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 1).unwrap()
    })
}

/// Runs the same on every core, each with its own number and how many there are; adds up what they count.
fn on_every_core(run: impl Fn(usize, usize) -> usize + Sync) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = (0..cores)
            .map(|core| scope.spawn(move || run(core, cores)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    })
}

/// A number as people read it.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups = groups.map(|group| std::str::from_utf8(group).unwrap());
    groups.collect::<Vec<_>>().join(",")
}

#[test]
fn numbers_are_grouped() {
    assert_eq!(
        [7, 1_000, 2_713_344].map(grouped),
        ["7", "1,000", "2,713,344"]
    );
}

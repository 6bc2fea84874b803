//! The checks over what the library writes, over the kept inputs, and over inputs that are nearly right.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use redress_fuzz::Target;

fn corpus(target: Target) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    root.join(target.to_string())
}

fn kept(target: Target) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(corpus(target))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn what_the_library_writes_keeps_every_promise() {
    for target in Target::ALL {
        let seeds = target.seeds();
        assert!(!seeds.is_empty());
        seeds.iter().for_each(|seed| target.check(seed));
    }
}

#[test]
fn every_kept_input_keeps_every_promise() {
    let mut bytes = 0;
    for target in Target::ALL {
        let inputs = kept(target);
        assert!(inputs.len() > 1, "{target} has no corpus");
        inputs.iter().for_each(|input| target.check(input));
        bytes += inputs.iter().map(Vec::len).sum::<usize>();
    }
    assert!(
        bytes < 200_000,
        "{bytes} bytes are more than a repository should carry"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_nearly_right_keeps_every_promise(
        target in prop::sample::select(&Target::ALL[..]),
        seed in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let seeds = target.seeds();
        let mut bytes = seed.get(&seeds).clone();
        for (place, byte) in edits {
            *place.get_mut(&mut bytes) = byte;
        }
        target.check(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        target.check(&bytes);
    }
}

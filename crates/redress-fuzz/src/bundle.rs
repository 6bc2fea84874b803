//! Bundles of which some files are other than they were.

use std::sync::LazyLock;

use pollster::block_on;
use redress_evidence::bundle::{
    Anchors, Contents, Guarantee, MemoryFiles, Source as _, export, verify_source,
};
use redress_evidence::{Nodes as _, SignedNote, StreamHeads};
use redress_store::EventStore as _;

use crate::ledger::{ORIGIN, checkpoint, entries, log, signing_key, store, verifiers};

/// The bundle that was signed.
static SOUND: LazyLock<MemoryFiles> = LazyLock::new(sound);

/// Takes the input for files of the bundle that stand in the place of its own: number of the file u8, length u16, bytes.
pub(crate) fn check(bytes: &[u8]) {
    let mut files = SOUND.clone();
    let names: Vec<&String> = SOUND.keys().collect();
    let mut rest = bytes;
    while let Some(([number, high, low], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        let (content, after) = after.split_at(length);
        let name = names[usize::from(*number) % names.len()];
        files.insert(name.clone(), content.to_vec());
        rest = after;
    }
    check_files(&files);
}

fn check_files(files: &MemoryFiles) {
    let mut anchors = Anchors {
        keys: verifiers().into(),
        earlier: None,
    };
    let report = verify_source(files, &anchors);
    assert_eq!(verify_source(files, &anchors), report, "the same each time");
    // Nobody but the holder of the key makes another bundle that is believed.
    assert_eq!(report.is_clean(), *files == *SOUND, "{:?}", report.findings);
    // Without a key nothing rests on one that was brought.
    anchors.keys.clear();
    let alone = verify_source(files, &anchors);
    let given = |one: &Guarantee| {
        matches!(
            one,
            Guarantee::Signed {
                key_given: true,
                ..
            }
        )
    };
    assert!(!alone.guarantees.iter().any(given));
}

fn sound() -> MemoryFiles {
    let store = store(3);
    let log = log(&store);
    let mut heads = StreamHeads::default();
    for entry in entries(&store) {
        heads.push(&entry, log.nodes().node(0, entry.position.get()).unwrap());
    }
    let heads = heads.statement(ORIGIN, store.ledger_id()).text();
    let heads = SignedNote::sign(heads, &signing_key()).unwrap();
    let contents = Contents {
        checkpoints: &[checkpoint(1), checkpoint(3)],
        keys: &verifiers(),
        policies: &["version = \"example\"\n".to_owned()],
        stream_heads: Some(&heads),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    block_on(export(&store, &log, &contents, &path)).unwrap();
    let path = path.as_path();
    let names = path.list().unwrap().into_iter();
    names
        .map(|name| (name.clone(), std::fs::read(path.join(name)).unwrap()))
        .collect()
}

/// Each file as it is.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let numbered = (0_u8..).zip(SOUND.values());
    let seed = |(number, bytes): (u8, &Vec<u8>)| {
        let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        [&[number], length.as_slice(), bytes].concat()
    };
    numbered.map(seed).collect()
}

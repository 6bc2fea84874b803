//! Checkpoints as text: the example of the C2SP specification, and what is refused.

use redress_evidence::{
    Checkpoint, Hash, InvalidCheckpoint, KeyKind, SignedNote, SigningKey, UntrustedCheckpoint,
    VerifierKey,
};
use tlog_tiles::Checkpoint as Theirs;

const EXAMPLE: &str =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const SIGNED: &str = "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
const COSIGNED: &str = "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

#[test]
fn the_example_of_the_specification_is_read_and_written_back() {
    let text = format!("{EXAMPLE}\n{SIGNED}{COSIGNED}");
    let (checkpoint, note) = Checkpoint::read(text.as_bytes()).unwrap();
    assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size, 20_852_163);
    assert_eq!(
        checkpoint.root.to_base64(),
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    );
    assert_eq!(checkpoint.text(), EXAMPLE);
    assert_eq!(note.to_string(), text);
    // Key id, time, signature: the time is that of the specification's example of a signed message.
    assert_eq!(
        note.signatures()[1].bytes[..8],
        1_679_315_147_u64.to_be_bytes()
    );
}

#[track_caller]
fn check_refused(text: &str, expected: InvalidCheckpoint) {
    assert_eq!(Checkpoint::parse_text(text), Err(expected), "{text:?}");
    assert!(Theirs::from_bytes(text.as_bytes()).is_err(), "{text:?}");
}

#[test]
fn what_is_no_checkpoint_is_refused_here_and_elsewhere() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    check_refused("", InvalidCheckpoint::Origin);
    check_refused(&format!("\n1\n{root}\n"), InvalidCheckpoint::Origin);
    check_refused(&format!("a\n01\n{root}\n"), InvalidCheckpoint::Size);
    check_refused(&format!("a\n\n{root}\n"), InvalidCheckpoint::Size);
    check_refused(
        &format!("a\n18446744073709551616\n{root}\n"),
        InvalidCheckpoint::Size,
    );
    check_refused("a\n1\n", InvalidCheckpoint::Root);
    check_refused("a\n1\nAAAA\n", InvalidCheckpoint::Root);
    check_refused(&format!("a\n1\n{root}"), InvalidCheckpoint::Root);
    check_refused(&format!("a\n1\n{root}\n\n"), InvalidCheckpoint::Extension);
    check_refused(&format!("a\n1\n{root}\nb"), InvalidCheckpoint::Extension);
    for size in ["-1", "+1", "1 ", "1e3", "0x1"] {
        let text = format!("a\n{size}\n{root}\n");
        assert_eq!(Checkpoint::parse_text(&text), Err(InvalidCheckpoint::Size));
    }
    assert_eq!(
        Checkpoint::new("a\nb", 0, Hash::empty_root()),
        Err(InvalidCheckpoint::Origin)
    );
}

#[test]
fn checkpoints_of_ours_are_read_by_the_other_implementation() {
    for size in [0, 1, 1 << 40, i64::MAX as u64] {
        let checkpoint = Checkpoint::new("example.org/log", size, Hash::leaf(b"x")).unwrap();
        let theirs = Theirs::from_bytes(checkpoint.text().as_bytes()).unwrap();
        assert_eq!((theirs.origin(), theirs.size()), ("example.org/log", size));
        assert_eq!(&theirs.hash().0, checkpoint.root.as_bytes());
        assert_eq!(theirs.to_bytes(), checkpoint.text().as_bytes());
    }
}

#[test]
fn a_witness_alone_does_not_make_a_checkpoint() {
    let key = SigningKey::from_seed("example.org/log", &[3; 32]).unwrap();
    let text = Checkpoint::new("example.org/log", 1, Hash::leaf(b""))
        .unwrap()
        .text();
    let note = SignedNote::sign(text, &key).unwrap().to_string();
    let (_, signed) = Checkpoint::open(note.as_bytes(), &[key.verifier().clone()]).unwrap();
    assert_eq!(signed[0].kind, KeyKind::Note);
    let cosigned = crate::witnesses::cosigned(&note, 1_700_000_000);
    let witness = crate::witnesses::witness();
    let keys: [VerifierKey; 1] = [witness];
    assert_eq!(
        Checkpoint::open(cosigned.as_bytes(), &keys),
        Err(UntrustedCheckpoint::NotByTheLog)
    );
}

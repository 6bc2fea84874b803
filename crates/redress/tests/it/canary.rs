//! Whether anything of an erased customer is left in any file, and whether anything else has changed: every figure of
//! every view, and every proof made before.

use std::fs;
use std::path::Path;

use pollster::block_on;
use redress::archive::{Moment, Query};
use redress::blocking::Ledger;
use redress::causes::{CauseQuery, KpiQuery, Timeline};
use redress::evidence::bundle::{self, Anchors};
use redress::evidence::{Checkpoint, Frontier, Hash, Leaf, SigningKey};
use redress::sla::BoardFilter;
use redress::sqlite::SqliteStore;
use redress::store::EventStore;
use redress::{
    ComplaintId, ComplaintProof, Evidence, PartVerdict, Span, SubjectId, Timestamp, verify_ledger,
};

use crate::desk::{Desk, live, subject};
use crate::wishes::agent;
use crate::world::entries;

/// What is looked for: it stands in every personal field.
pub(crate) const CANARY: &str = "Kanarienvogel退款";
const BASIS: &str = "GDPR Art. 17";

/// Every way in which the words could stand in a file.
fn spellings(words: &str) -> Vec<(String, Vec<u8>)> {
    let utf8 = words.as_bytes().to_vec();
    let units: Vec<u16> = words.encode_utf16().collect();
    let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let hex: String = utf8.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut found = vec![
        ("UTF-8".to_owned(), utf8.clone()),
        ("UTF-16LE".to_owned(), little),
        ("UTF-16BE".to_owned(), big),
        ("hex".to_owned(), hex.clone().into_bytes()),
        ("HEX".to_owned(), hex.to_uppercase().into_bytes()),
    ];
    // In base 64 it looks different at each of three places; what the neighbours share is left out.
    for shift in 0..3 {
        let mut padded = vec![b' '; shift];
        padded.extend_from_slice(&utf8);
        let text = base64(&padded);
        let end = text.len() - 4;
        found.push((format!("base64+{shift}"), text.as_bytes()[4..end].to_vec()));
    }
    found.retain(|(_, spelling)| spelling.len() >= 4);
    found
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks_exact(3).map(|group| {
        let number = group
            .iter()
            .fold(0_usize, |all, byte| all << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[number >> shift & 63]))
    });
    groups.flatten().collect()
}

/// The files under a folder that hold the words, and how.
pub(crate) fn hits(folder: &Path, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(hits(&path, words));
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        let mut lower = bytes.clone();
        lower.make_ascii_lowercase();
        bytes.extend(lower);
        for (how, spelling) in spellings(words) {
            if bytes
                .windows(spelling.len())
                .any(|window| window == spelling)
            {
                found.push(format!("{} as {how}", path.display()));
            }
        }
    }
    found
}

/// The leaves of the tree over everything that is stored.
fn leaves(ledger: &Ledger<SqliteStore>) -> Vec<Hash> {
    let store = ledger.as_async().store();
    let of = |entry| Leaf::of(entry).hash(store.ledger_id()).unwrap();
    entries(store).iter().map(of).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

/// The figures of every view at an instant, as they would be shown.
fn figures(ledger: &Ledger<SqliteStore>, at: Timestamp) -> Vec<String> {
    let views = ledger.views().unwrap();
    let (causes, sla, archive) = (&views.causes, &views.sla, &views.archive);
    let all = CauseQuery::default();
    let kpis = KpiQuery {
        complaints: all,
        now: at,
        served: None,
    };
    let board = BoardFilter::default();
    let rules = ledger.rules().unwrap();
    let moment = Moment::new(rules.as_ref().clone(), at);
    let mut shown = vec![
        format!("{:?}", causes.pareto(&all)),
        format!("{:?}", causes.kpis(&kpis)),
        format!("{:?}", causes.trend(&all)),
        format!("{:?}", causes.time_to_resolve(&all, at)),
        format!("{:?}", causes.action_totals(at)),
        format!("{:?}", sla.board(at, &board)),
        format!("{:?}", sla.people(at, &board)),
        format!("{:?}", sla.forecast(at, at + Span::days(90), &board)),
        format!("{:?}", sla.workload(board.duplicates)),
        format!("{:?}", sla.source_counts(board.duplicates)),
        format!("{:?}", archive.count(&Query::new()).unwrap()),
        format!("{:?}", archive.count(&Query::new().open(true)).unwrap()),
    ];
    for dimension in redress::causes::Dimension::ALL {
        shown.push(format!("{:?}", causes.counts(dimension, &all)));
        shown.push(format!("{:?}", causes.kpis_by(dimension, &kpis)));
    }
    for dimension in redress::archive::Dimension::ALL {
        let groups = archive.groups(&Query::new(), dimension, &moment).unwrap();
        shown.push(format!("{dimension:?}: {groups:?}"));
    }
    drop(views);
    shown.push(format!(
        "{:?}",
        ledger.alerts(at, Timeline::Recorded).unwrap()
    ));
    shown
}

/// What was proven about a complaint before its customer was erased.
struct Proven {
    proof: ComplaintProof,
    signed: Checkpoint,
}

impl Proven {
    fn key() -> SigningKey {
        SigningKey::from_seed("example.org/complaints", &[7; 32]).unwrap()
    }

    fn evidence(ledger: &Ledger<SqliteStore>, desk: &Desk) -> Evidence<SqliteStore> {
        block_on(Evidence::open(ledger.as_async().clone(), desk.path())).unwrap()
    }

    /// Signs, proves, and writes a bundle beside the ledger.
    fn of(ledger: &Ledger<SqliteStore>, desk: &Desk, complaint: ComplaintId) -> Self {
        let mut evidence = Self::evidence(ledger, desk);
        let note = block_on(evidence.checkpoint(&Self::key())).unwrap();
        let bundle = desk.folder.path().join("bundle");
        block_on(evidence.export(&[Self::key().verifier().clone()], &bundle)).unwrap();
        Self {
            proof: block_on(evidence.prove(complaint)).unwrap(),
            signed: Checkpoint::parse_text(note.text()).unwrap(),
        }
    }

    /// It is still proven, the ledger follows from what was signed, and so does a bundle written now.
    fn check(&self, ledger: &Ledger<SqliteStore>, desk: &Desk) {
        let keys = [Self::key().verifier().clone()];
        let stored = leaves(ledger);
        for fact in &self.proof.facts {
            let preimage = fact.extra.as_ref().unwrap();
            let leaf = Hash::leaf(preimage);
            fact.verify(&leaf, "example.org/complaints", &keys).unwrap();
            let (_, told) = Leaf::from_preimage(preimage).unwrap();
            assert_eq!(stored[usize::try_from(told.position.get()).unwrap()], leaf);
        }
        self.proof.history.verify(&keys).unwrap();
        let anchors = Anchors {
            keys: keys.to_vec(),
            earlier: Some(self.signed.clone()),
        };
        let store = ledger.as_async().store();
        let report = block_on(verify_ledger(store, desk.path(), &anchors)).unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        let mut evidence = Self::evidence(ledger, desk);
        drop(block_on(evidence.checkpoint(&Self::key())).unwrap());
        let later = desk.folder.path().join("later");
        block_on(evidence.export(&keys, &later)).unwrap();
        for bundle in ["bundle", "later"] {
            let report = bundle::verify(&desk.folder.path().join(bundle), &anchors);
            assert!(report.is_clean(), "{bundle}: {:?}", report.findings);
        }
    }
}

#[test]
fn nothing_personal_is_left_in_any_file_and_every_figure_stays() {
    let desk = Desk::new();
    let ledger = desk.open();
    let first = live(&ledger, subject(), CANARY);
    live(&ledger, subject(), CANARY);
    let other = live(&ledger, SubjectId::from_random([8; 16]), "Plumbus");
    drop(ledger.views().unwrap());
    let told: Vec<String> = hits(desk.folder.path(), CANARY);
    assert!(
        told.iter().all(|hit| hit.contains(".views")),
        "sealed in the ledger: {told:?}"
    );
    assert!(
        hits(desk.folder.path(), "kanarienvogel")
            .iter()
            .any(|hit| hit.contains(".views"))
    );

    // What is derived is written, so that it is there while the customer is erased.
    ledger.save_views().unwrap();
    let proven = Proven::of(&ledger, &desk, first);
    let before_erasing = leaves(&ledger);
    let at = ledger.as_async().now() + Span::days(1);
    let before = figures(&ledger, at);
    let told = hits(desk.folder.path(), CANARY);
    assert!(told.iter().all(|hit| hit.contains(".views")), "{told:?}");

    let erasure = ledger
        .erase_subject(subject(), BASIS, &agent())
        .unwrap()
        .unwrap();
    // Received, assigned, paused, noted, resolved, told, revisited, amended, closed: nine parts in each of two.
    assert_eq!(
        (erasure.keys, erasure.parts, erasure.complaints.len()),
        (1, 18, 2)
    );

    assert_eq!(hits(desk.folder.path(), CANARY), Vec::<String>::new());
    assert_eq!(
        hits(desk.folder.path(), "kanarienvogel"),
        Vec::<String>::new()
    );
    assert_eq!(figures(&ledger, at), before);
    for fact in ledger.history(first).unwrap() {
        assert!(!format!("{fact:?}").contains("Kanarien"));
    }
    let verdicts = ledger.examine_parts(first).unwrap();
    assert_eq!(verdicts.len(), 9);
    let receipt = erasure.receipt;
    assert!(
        verdicts
            .iter()
            .all(|(_, it)| *it == PartVerdict::Erased { receipt })
    );
    assert!(
        ledger
            .examine_parts(other)
            .unwrap()
            .iter()
            .all(|(_, it)| *it == PartVerdict::Intact)
    );

    // The tree made before is the beginning of the one made of what is left: proofs stay valid.
    let after_erasing = leaves(&ledger);
    let size = before_erasing.len();
    assert!(after_erasing.len() > size);
    assert_eq!(root(&after_erasing[..size]), root(&before_erasing));

    proven.check(&ledger, &desk);

    // Nothing is left to do, and opening again folds the same.
    let again = ledger
        .erase_subject(subject(), BASIS, &agent())
        .unwrap()
        .unwrap();
    assert_eq!((again.receipt, again.parts), (receipt, 0));
    drop(ledger);
    let ledger = desk.open();
    assert_eq!(figures(&ledger, at), before);
    drop(ledger);
    fs::remove_file(desk.beside("views")).unwrap();
    let ledger = desk.open();
    assert_eq!(figures(&ledger, at), before);
    drop(ledger);
    assert_eq!(
        hits(desk.folder.path(), "kanarienvogel"),
        Vec::<String>::new()
    );
    assert!(!hits(desk.folder.path(), "plumbus").is_empty());
}

#[test]
fn what_is_looked_for_is_found_however_it_is_spelled() {
    // By Python: `base64.b64encode(b"a" * n + "Kanarienvogel退款".encode() + b"zz")` for n = 0, 1, 2, and `.hex()`.
    let spelled: [&[u8]; 8] = [
        "...Kanarienvogel退款...".as_bytes(),
        b"S2FuYXJpZW52b2dlbOmAgOasvnp6",
        b"YUthbmFyaWVudm9nZWzpgIDmrL56eg==",
        b"YWFLYW5hcmllbnZvZ2Vs6YCA5qy+eno=",
        b"4b616e617269656e766f67656ce98080e6acbe",
        b"4B616E617269656E766F67656CE98080E6ACBE",
        b"K\0a\0n\0a\0r\0i\0e\0n\0v\0o\0g\0e\0l\0\x00\x90\x3e\x6b",
        b"\0K\0a\0n\0a\0r\0i\0e\0n\0v\0o\0g\0e\0l\x90\x00\x6b\x3e",
    ];
    for bytes in spelled {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("below/file"), bytes).unwrap();
        assert!(!hits(folder.path(), CANARY).is_empty(), "{bytes:?}");
        // Nothing else is taken for it.
        assert_eq!(hits(folder.path(), "Wellensittich"), Vec::<String>::new());
    }
}

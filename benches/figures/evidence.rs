//! What evidence costs: sealing what is recorded, and checking a bundle.

use std::path::{Path, PathBuf};

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::event::{Customer, NoteKind, NoteText, Noted, Received, ReceivedPersonal};
use redress::evidence::bundle::{self, Anchors};
use redress::evidence::keys::{FileKeys, WrappingKey};
use redress::evidence::{Hash, SigningKey};
use redress::sqlite::{Options, SqliteStore};
use redress::{Actor, Channel, Evidence, Personal, Policy, SystemEnvironment};
use tempfile::TempDir;

use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::store::each_on_a_thread;
use crate::{Outcome, check, cut};

const WRITERS: usize = 16;
/// How many notes follow a receipt.
const NOTES: usize = 3;

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let lives = 32_usize.div_ceil(plan.divisor);
    let folder = TempDir::new()?;
    let exported = export(plan, folder.path())?;
    let files = files(&exported)?;
    let (signed, key) = sign(plan, folder.path())?;
    let [sealed, clear, checked, hashed, upon, anew] = compare(
        plan.rounds,
        [
            &mut |_| record(lives, true),
            &mut |_| record(lives, false),
            &mut |_| verify(&exported, &files),
            &mut |_| hash(&files),
            &mut |_| checkpoint(&signed, &key, false),
            &mut |_| checkpoint(&signed, &key, true),
        ],
    )?;
    let bytes: u64 = files.iter().map(|(_, bytes)| *bytes).sum();
    let sealing = Figure::alone("record, sealed", Unit::PerSecond("commands"), sealed);
    let checking = Figure::alone("verify a bundle, no keys", Unit::PerSecond("kB"), checked);
    let signing = Figure::alone("checkpoint, nothing new", Unit::Each, upon);
    Ok(Section {
        title: "Evidence",
        about: format!(
            "Sixteen threads record {lives} complaints each, of a new customer with a key of their own, and {NOTES} notes, \
             every fact with a personal part. A bundle of {} bytes is checked, every file read, hashed and decoded, every \
             entry hashed again; the yardstick reads each file and hashes it once.",
            grouped(u128::from(bytes))
        ),
        figures: vec![
            sealing.beside("the same in the clear", clear),
            checking
                .beside("hashing the same files", hashed)
                .target("0.7"),
            signing.beside("checkpoint, read anew", anew),
        ],
    })
}

fn open(folder: &Path, is_sealed: bool) -> Outcome<Ledger<SqliteStore>> {
    let path = folder.join("complaints.redress");
    if !is_sealed {
        return cut::create(&path);
    }
    let store = SqliteStore::create(&path, cut::LEDGER, Options::default())?;
    let keys = folder.join("complaints.keys");
    let keys = FileKeys::create(keys, cut::LEDGER, &WrappingKey::generate()?)?;
    let archive = Archive::in_memory(cut::LEDGER)?;
    let (policy, environment) = (Policy::standard(), SystemEnvironment);
    let ledger = redress::Ledger::sealed(store, archive, policy, environment, keys);
    Ok(pollster::block_on(ledger)?.into())
}

fn record(lives: usize, is_sealed: bool) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let ledger = open(folder.path(), is_sealed)?;
    let agent = Actor::human(
        "agent-7".parse()?,
        "agent".parse()?,
        "service_desk".parse()?,
    );
    let ((), took) = time(|| {
        each_on_a_thread((0..WRITERS).collect(), |_| {
            (0..lives).try_for_each(|_| live(&ledger, &agent))
        })
    })?;
    let operations = WRITERS * lives * (1 + NOTES);
    let stored = cut::stored(&ledger)?;
    check(stored == operations + cut::FOUNDING, || {
        format!("{stored} facts of {operations} commands")
    })?;
    Ok(Sample { operations, took })
}

/// One complaint of a new customer, and notes about it.
fn live(ledger: &Ledger<SqliteStore>, agent: &Actor) -> Outcome<()> {
    let words = ReceivedPersonal {
        description: "包裹三天没有送到，要求退款".into(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(ledger.new_subject()?);
    let desk = "service_desk".parse()?;
    let received = Received::new(customer, Channel::MobileApp, agent.id.clone(), desk, words);
    let id = ledger.receive(received, agent)??.complaint_id;
    for _ in 0..NOTES {
        let note = Noted {
            kind: NoteKind::Internal,
            evidence: Vec::new(),
            personal: Personal::Known(NoteText {
                text: "the carrier was asked, and has found it".into(),
            }),
        };
        ledger.execute(id, note, agent)??;
    }
    Ok(())
}

/// A bundle of the cut.
fn export(plan: &Plan, folder: &Path) -> Outcome<PathBuf> {
    let (ledger, path) = filled(plan, &folder.join("exported"))?;
    let bundle = folder.join("bundle");
    pollster::block_on(async {
        let evidence = Evidence::open(ledger.as_async().clone(), &path).await?;
        evidence.export(&[], &bundle).await
    })?;
    Ok(bundle)
}

fn filled(plan: &Plan, folder: &Path) -> Outcome<(Ledger<SqliteStore>, PathBuf)> {
    std::fs::create_dir(folder)?;
    let path = folder.join("complaints.redress");
    let ledger = cut::create(&path)?;
    let csv = cut::csv(plan.copies)?;
    cut::fill(&ledger, &csv, &folder.join("rejects.csv"))?;
    Ok((ledger, path))
}

/// A ledger of the cut that was signed.
fn sign(plan: &Plan, folder: &Path) -> Outcome<((Ledger<SqliteStore>, PathBuf), SigningKey)> {
    let signed = filled(plan, &folder.join("signed"))?;
    let key = SigningKey::from_seed("example.org/complaints", &[7; 32])?;
    checkpoint(&signed, &key, true)?;
    Ok((signed, key))
}

fn checkpoint(
    (ledger, path): &(Ledger<SqliteStore>, PathBuf),
    key: &SigningKey,
    anew: bool,
) -> Outcome<Sample> {
    let ledger = ledger.as_async().clone();
    let (_, took) = time(|| {
        Ok(pollster::block_on(async {
            let mut evidence = Evidence::open(ledger, path).await?;
            if anew {
                evidence.checkpoint_anew(key).await
            } else {
                evidence.checkpoint(key).await
            }
        })?)
    })?;
    Ok(Sample {
        operations: 1,
        took,
    })
}

/// Every file of a bundle, with its length.
fn files(bundle: &Path) -> Outcome<Vec<(PathBuf, u64)>> {
    let mut found = Vec::new();
    let mut left = vec![bundle.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                left.push(entry.path());
            } else {
                found.push((entry.path(), entry.metadata()?.len()));
            }
        }
    }
    Ok(found)
}

fn kilobytes(files: &[(PathBuf, u64)]) -> Outcome<usize> {
    let bytes: u64 = files.iter().map(|(_, bytes)| *bytes).sum();
    Ok(usize::try_from(bytes / 1_000)?)
}

fn verify(bundle: &Path, files: &[(PathBuf, u64)]) -> Outcome<Sample> {
    let (report, took) = time(|| Ok(bundle::verify(bundle, &Anchors::default())))?;
    check(report.is_clean() && report.root.is_some(), || {
        format!("{} findings in a sound bundle", report.findings.len())
    })?;
    let operations = kilobytes(files)?;
    Ok(Sample { operations, took })
}

fn hash(files: &[(PathBuf, u64)]) -> Outcome<Sample> {
    let (hashed, took) = time(|| {
        let mut hashed = 0;
        for (path, _) in files {
            let bytes = std::fs::read(path)?;
            std::hint::black_box(Hash::of(&bytes));
            hashed += bytes.len();
        }
        Ok(hashed)
    })?;
    let operations = kilobytes(files)?;
    check(hashed / 1_000 == operations, || {
        format!("{hashed} bytes were hashed")
    })?;
    Ok(Sample { operations, took })
}

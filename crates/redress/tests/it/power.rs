//! Power loss at any write of a ledger's life: what was acknowledged is there, and no personal part is without its key.
//!
//! A child lives a ledger's life while a library that is loaded before the system's own records each of its writes, in
//! their order. From that record the test makes what a [disk] may hold when the power goes after each call, opens it, and
//! compares it with what the child had been acknowledged by then. Left out of the record, each synchronisation that
//! anything rests on must let the test fail.
//!
//! The library is C, built by the C compiler that the embedded store needs too, and knows Linux only. Elsewhere nothing is
//! tried, and the test says so.

mod disk;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use pollster::block_on;
use redress::blocking::Ledger;
use redress::event::Customer;
use redress::evidence::SigningKey;
use redress::sqlite::SqliteStore;
use redress::store::contract::child::Child;
use redress::{ComplaintId, Evidence, PartVerdict, Policy, SubjectId, rewrap};

use self::disk::{Chance, Disk, Fate, Folder};
use self::trace::Call;
use crate::wishes::{agent, complaint, note, receive};

const ROOT: &str = "POWER_ROOT";
const RECORD: &str = "POWER_TRACE";
const PRELOAD: &str = "LD_PRELOAD";

/// In this file the child writes what it was acknowledged. It belongs to the test, not to the disk.
const ACKNOWLEDGED: &str = "acknowledged";

/// How many power losses the ordinary run tries, and the one of the build server.
const FEW: usize = 600;
const MANY: usize = 12_000;

const SEED: u64 = 0x5EED_0F10_57DA_7A00;

fn ledger_in(folder: &Path) -> PathBuf {
    folder.join("complaints.redress")
}

fn open(folder: &Path) -> Result<Ledger<SqliteStore>, String> {
    Ledger::open(ledger_in(folder), Policy::standard()).map_err(|error| error.to_string())
}

fn subject_of(number: u8) -> SubjectId {
    SubjectId::from_random([number; 16])
}

fn id_of(number: u8) -> ComplaintId {
    complaint(u128::from(number))
}

fn key() -> SigningKey {
    SigningKey::from_seed("example.org/complaints", &[7; 32]).unwrap()
}

/// What the child does: a ledger's life in three openings. Without the variables it has nothing to do.
#[test]
fn child_lives_a_ledgers_life() {
    let (Ok(folder), Ok(_)) = (std::env::var(ROOT), std::env::var(RECORD)) else {
        return;
    };
    let folder = Path::new(&folder);
    let mut acknowledged = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join(ACKNOWLEDGED))
        .unwrap();
    let mut acknowledge = |what: String| acknowledged.write_all(what.as_bytes()).unwrap();
    for opening in 0..3_u8 {
        let ledger = open(folder).unwrap();
        for number in opening * 4..opening * 4 + 4 {
            let mut received = receive();
            received.customer = Customer::new(subject_of(number));
            let outcome = ledger.execute(id_of(number), received, &agent());
            assert!(outcome.unwrap().is_ok());
            acknowledge(format!("recorded {number} 1\n"));
            let outcome = ledger.execute(id_of(number), note("seen"), &agent());
            assert!(outcome.unwrap().is_ok());
            acknowledge(format!("recorded {number} 2\n"));
        }
        let mut evidence =
            block_on(Evidence::open(ledger.as_async().clone(), ledger_in(folder))).unwrap();
        acknowledge("signing 0 0\n".to_owned());
        drop(block_on(evidence.checkpoint(&key())).unwrap());
        acknowledge("signed 0 0\n".to_owned());
        let erased = ledger.erase_subject(subject_of(opening * 4), "GDPR Art. 17", &agent());
        assert!(erased.unwrap().is_ok());
        acknowledge(format!("erased {} 0\n", opening * 4));
        if opening == 1 {
            ledger.save_views().unwrap();
        }
        drop(evidence);
        drop(ledger);
        if opening == 0 {
            rewrap(ledger_in(folder), None, None).unwrap();
        }
    }
}

/// What the child had been acknowledged at some time.
#[derive(Clone, Debug, Default)]
struct Acknowledged {
    facts: BTreeMap<u8, usize>,
    signed: bool,
    /// A checkpoint is being signed, which is not acknowledged.
    signing: bool,
    erased: BTreeSet<u8>,
}

impl Acknowledged {
    fn learn(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| words[at].parse::<u64>().unwrap();
        let small = |at: usize| u8::try_from(number(at)).unwrap();
        match words[0] {
            "recorded" => {
                self.facts.insert(small(1), usize::from(small(2)));
            }
            "signing" => self.signing = true,
            "signed" => (self.signed, self.signing) = (true, false),
            "erased" => {
                self.erased.insert(small(1));
            }
            other => panic!("{other}"),
        }
    }

    /// Opens what a power loss left, and says what of it breaks a promise.
    fn check(&self, folder: &Path) -> Result<(), String> {
        let ledger = open(folder)?;
        for (number, facts) in &self.facts {
            let found = ledger.history(id_of(*number));
            let found = found.map_err(|error| error.to_string())?.len();
            if found < *facts {
                return Err(format!("complaint {number} has {found} facts, not {facts}"));
            }
            self.check_parts(&ledger, *number)?;
            let views = ledger.views().map_err(|error| error.to_string())?;
            let file = views.archive.file(id_of(*number));
            if file.map_err(|error| error.to_string())?.is_none() {
                return Err(format!("complaint {number} is not in the archive"));
            }
        }
        let survey = ledger.survey_parts().map_err(|error| error.to_string())?;
        let survey = survey.ok_or("there is no key store")?;
        if !survey.faulty.is_empty() {
            return Err(format!("parts without a key: {:?}", survey.faulty));
        }
        if self.signed {
            let evidence = Evidence::open(ledger.as_async().clone(), ledger_in(folder));
            let mut evidence = block_on(evidence).map_err(|error| error.to_string())?;
            if self.signing && block_on(evidence.prove(id_of(0))).is_err() {
                // The heads are of the checkpoint that was being signed; asking again ends it.
                block_on(evidence.checkpoint(&key())).map_err(|error| error.to_string())?;
            }
            // Rests on the signed checkpoint, the signed heads, and the tree.
            block_on(evidence.prove(id_of(0))).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn check_parts(&self, ledger: &Ledger<SqliteStore>, number: u8) -> Result<(), String> {
        let verdicts = ledger.examine_parts(id_of(number));
        for (position, verdict) in verdicts.map_err(|error| error.to_string())? {
            let is_right = match verdict {
                PartVerdict::Intact => !self.erased.contains(&number),
                // An erasure may have begun that was not acknowledged yet.
                PartVerdict::Erased { .. } | PartVerdict::Erasing => number.is_multiple_of(4),
                PartVerdict::Faulty(_) => false,
            };
            if !is_right {
                return Err(format!("complaint {number}, part {position}: {verdict:?}"));
            }
        }
        Ok(())
    }
}

/// A ledger's life, call by call; a line that the child was acknowledged stands between the calls around it.
enum Step {
    Call(Call),
    Acknowledged(String),
}

/// Has the child live, and reads what it wrote. `None` where that cannot be recorded, with a loud word.
#[expect(clippy::print_stderr, reason = "what was not tried must be seen")]
fn recorded_life() -> Option<Vec<Step>> {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().canonicalize().unwrap();
    let (root, record) = (base.join("disk"), base.join("record"));
    fs::create_dir(&root).unwrap();
    let Some(library) = built_library(&base) else {
        eprintln!("POWER LOSS WAS NOT TRIED: no library that records writes could be built here");
        return None;
    };
    let variables = [(ROOT, &root), (RECORD, &record), (PRELOAD, &library)];
    let mut child = Child::start("power::child_lives_a_ledgers_life", variables);
    while let Some(line) = child.line() {
        assert!(!line.contains("FAILED"), "{line}");
    }
    drop(child.kill());
    let calls = trace::read(&fs::read(&record).unwrap());
    let mut whole = Disk::default();
    for call in &calls {
        whole.apply(call, None);
    }
    let as_recorded = whole.lose_power(Fate::Kept, &mut Chance(SEED));
    assert_eq!(
        is_on_disk(&root),
        names_and_bytes(as_recorded),
        "a write was not recorded"
    );
    Some(steps(calls))
}

fn built_library(folder: &Path) -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/power/record_writes.c");
    let library = folder.join("record_writes.so");
    let built = Command::new(compiler)
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .args(["-ldl", "-lpthread"])
        .status();
    built
        .is_ok_and(|status| status.success())
        .then_some(library)
}

/// What the disk must hold at the end. SQLite maps its index of the log into memory and makes it anew.
fn names_and_bytes(folder: Folder) -> BTreeMap<String, usize> {
    let is_compared = |name: &str| !name.ends_with("-shm");
    let hashed = folder.into_iter().filter(|(name, _)| is_compared(name));
    hashed
        .map(|(name, bytes)| (name, checksum(&bytes)))
        .collect()
}

fn is_on_disk(root: &Path) -> BTreeMap<String, usize> {
    let names = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let files = names.map(|name| {
        let bytes = fs::read(root.join(&name)).unwrap();
        (name.into_string().unwrap(), bytes)
    });
    names_and_bytes(files.collect())
}

fn checksum(bytes: &[u8]) -> usize {
    let mix = |sum: usize, byte: &u8| sum.wrapping_mul(31).wrapping_add(usize::from(*byte));
    bytes.iter().fold(bytes.len(), mix)
}

fn steps(calls: Vec<Call>) -> Vec<Step> {
    let mut own = None;
    let mut steps = Vec::new();
    for call in calls {
        match &call {
            Call::Open { handle, name, .. } if name == ACKNOWLEDGED => own = Some(*handle),
            Call::Write { handle, bytes, .. } if Some(*handle) == own => {
                let line = String::from_utf8(bytes.clone()).unwrap();
                steps.push(Step::Acknowledged(line));
            }
            Call::Open { .. }
            | Call::Write { .. }
            | Call::SetLength { .. }
            | Call::Sync { .. }
            | Call::Rename { .. }
            | Call::Link { .. }
            | Call::Remove { .. } => steps.push(Step::Call(call)),
        }
    }
    steps
}

/// A disk after a power loss, and what must be on it.
struct Loss {
    after_step: usize,
    fate: Fate,
    folder: Folder,
    acknowledged: Acknowledged,
}

/// Power losses spread evenly over a life, about as many as are `wanted`; `without` names a synchronisation to leave out.
fn losses<'a>(
    life: &'a [Step],
    wanted: usize,
    without: Option<&'a str>,
) -> impl Iterator<Item = Loss> + 'a {
    let (steps, fates) = (life.len().max(1), Fate::ALL.len());
    let each = (steps * fates).div_ceil(wanted.max(1)).max(1);
    // Only chance gives another disk a second time.
    let torn = (wanted / steps).saturating_sub(fates - 1).max(1);
    let (mut disk, mut acknowledged, mut chance) =
        (Disk::default(), Acknowledged::default(), Chance(SEED));
    let mut number = 0;
    life.iter().enumerate().flat_map(move |(after_step, step)| {
        match step {
            Step::Call(call) => disk.apply(call, without),
            Step::Acknowledged(line) => acknowledged.learn(line),
        }
        let mut here = Vec::new();
        let fates = Fate::ALL.into_iter().flat_map(|fate| {
            let times = if fate == Fate::Torn { torn } else { 1 };
            std::iter::repeat_n(fate, times)
        });
        for fate in fates {
            number += 1;
            let is_telling = without.is_none() || disk.owes();
            if is_telling && number % each == 0 {
                here.push(Loss {
                    after_step,
                    fate,
                    folder: disk.lose_power(fate, &mut chance),
                    acknowledged: acknowledged.clone(),
                });
            }
        }
        here
    })
}

/// Where files are made and removed fast, if there is such a place.
fn memory() -> tempfile::TempDir {
    let fast = Path::new("/dev/shm");
    let made = tempfile::Builder::new()
        .prefix("redress-power")
        .tempdir_in(fast);
    made.unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

impl Loss {
    fn check(&self) -> Result<(), String> {
        let folder = memory();
        for (name, bytes) in &self.folder {
            if !name.ends_with("-shm") {
                fs::write(folder.path().join(name), bytes).unwrap();
            }
        }
        self.acknowledged
            .check(folder.path())
            .map_err(|why| format!("step {}, {:?}: {why}", self.after_step, self.fate))
    }
}

/// Tries losses on every core, and tells what was found and how many were tried.
fn try_all(losses: impl Iterator<Item = Loss> + Send) -> (Vec<String>, usize) {
    let (losses, found, tried) = (
        Mutex::new(losses),
        Mutex::new(Vec::new()),
        AtomicUsize::new(0),
    );
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(loss) = losses.lock().unwrap().next() else {
                        return;
                    };
                    tried.fetch_add(1, Ordering::Relaxed);
                    if let Err(why) = loss.check() {
                        found.lock().unwrap().push(why);
                    }
                }
            });
        }
    });
    (found.into_inner().unwrap(), tried.into_inner())
}

fn wanted() -> usize {
    if std::env::var_os("REDRESS_POWER_MANY").is_some() {
        MANY
    } else {
        FEW
    }
}

#[test]
fn nothing_acknowledged_is_lost_whenever_the_power_goes() {
    let Some(life) = recorded_life() else {
        return;
    };
    let (found, tried) = try_all(losses(&life, wanted(), None));
    println!("{} steps, {tried} power losses, seed {SEED:#x}", life.len());
    assert!(tried >= wanted() / 10 * 9, "{tried}");
    assert_eq!(found, Vec::<String>::new());
}

/// Why nothing that was acknowledged rests on this synchronisation; `None` where something does.
fn why_nothing_rests_on(sync: &str) -> Option<&'static str> {
    let caches = [
        ".views",
        ".sla",
        ".causes",
        ".alerts",
        ".tree",
        ".histories",
    ];
    if caches.iter().any(|ending| sync.contains(ending)) {
        return Some("it is derived, and made anew where it does not fit");
    }
    match sync {
        "a removed file" | "complaints.next-key" => {
            Some("old secrets are overwritten; that is for secrecy, not for what must be there")
        }
        "the folder, complaints.next-key removed" => {
            Some("what is left of a rotation is removed by the next opening")
        }
        "the folder, complaints.redress put in place" => {
            Some("SQLite makes the folder durable with its log, before the first entry is")
        }
        "the folder, complaints.heads put in place" => {
            Some("the checkpoint that is signed next makes the folder durable")
        }
        _ => None,
    }
}

#[test]
fn each_synchronisation_that_is_left_out_loses_something() {
    let Some(life) = recorded_life() else {
        return;
    };
    let mut disk = Disk::default();
    let mut names = BTreeSet::new();
    for step in &life {
        if let Step::Call(call) = step {
            if let Call::Sync { handle } = call {
                names.extend(disk.sync_name(*handle));
            }
            disk.apply(call, None);
        }
    }
    let mut survived = Vec::new();
    for name in &names {
        if let Some(why) = why_nothing_rests_on(name) {
            println!("{name}: left alone, {why}");
            continue;
        }
        let everywhere = life.len() * Fate::ALL.len() * 8;
        let is_found = losses(&life, everywhere, Some(name)).any(|loss| loss.check().is_err());
        println!("{name}: {}", if is_found { "missed" } else { "NOT MISSED" });
        if !is_found {
            survived.push(name.clone());
        }
    }
    assert_eq!(survived, Vec::<String>::new());
}

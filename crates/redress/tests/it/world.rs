//! A ledger to try things on: a clock that stands until it is moved, randomness that counts, and either store.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use redress::archive::{Archive, ComplaintFile, Query};
use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::core::LedgerStream;
use redress::sla::SlaView;
use redress::sqlite::{Options, SqliteStore};
use redress::store::{Entry, EventStore, MemoryStore, Projection};
use redress::{Environment, LedgerRecorded, Policy, Position, Span, Timestamp, Views};
use tempfile::TempDir;
use uuid::Uuid;

/// The id of every ledger here.
pub(crate) const LEDGER: Uuid = Uuid::from_u128(0x1ed6e4);

/// 2 March 2026, 09:00 UTC: when every story begins.
pub(crate) fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// A clock that is moved by hand, and bytes that count upward.
#[derive(Clone)]
pub(crate) struct Clock {
    micros: Arc<AtomicI64>,
    drawn: Arc<AtomicU64>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            micros: Arc::new(AtomicI64::new(start().as_micros())),
            drawn: Arc::default(),
        }
    }

    pub(crate) fn advance(&self, span: Span) {
        self.micros.fetch_add(span.as_micros(), Ordering::SeqCst);
    }
}

impl Environment for Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst)).unwrap()
    }

    fn random(&self) -> Result<[u8; 16], String> {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        // The first ten bytes are the ones an id is made of.
        Ok((u128::from(drawn) << 64).to_be_bytes())
    }
}

/// A ledger with its clock, and the folder it may live in.
pub(crate) struct World<S> {
    pub(crate) ledger: Ledger<S>,
    pub(crate) clock: Clock,
    _folder: Option<TempDir>,
}

impl<S: EventStore> World<S> {
    pub(crate) fn on(store: S) -> Self {
        Self::under(store, Policy::standard())
    }

    pub(crate) fn under(store: S, policy: Policy) -> Self {
        let clock = Clock::new();
        Self {
            ledger: ledger_on(store, policy, &clock),
            clock,
            _folder: None,
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        entries(self.ledger.as_async().store())
    }

    /// How many facts of complaints there are.
    pub(crate) fn len(&self) -> u64 {
        u64::try_from(of_complaints(self.entries()).len()).unwrap()
    }

    /// The commands that were refused.
    pub(crate) fn refusals(&self) -> Vec<LedgerRecorded> {
        self.ledger.refusals().unwrap()
    }
}

pub(crate) fn ledger_on<S: EventStore>(store: S, policy: Policy, clock: &Clock) -> Ledger<S> {
    let archive = Archive::in_memory(store.ledger_id()).unwrap();
    redress::Ledger::unsealed(store, archive, policy, clock.clone()).into()
}

pub(crate) fn in_memory() -> World<MemoryStore> {
    World::on(MemoryStore::new(LEDGER))
}

pub(crate) fn in_sqlite() -> World<SqliteStore> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let store = SqliteStore::create(path, LEDGER, Options::default()).unwrap();
    World {
        _folder: Some(folder),
        ..World::on(store)
    }
}

/// Runs checks that take a world on both stores.
macro_rules! on_both_stores {
    ($($check:ident),+ $(,)?) => {
        mod in_memory {
            $(#[test]
            fn $check() {
                super::$check(&crate::world::in_memory());
            })+
        }
        mod in_sqlite {
            $(#[test]
            fn $check() {
                super::$check(&crate::world::in_sqlite());
            })+
        }
    };
}
pub(crate) use on_both_stores;

pub(crate) fn entries(store: &impl EventStore) -> Vec<Entry> {
    pollster::block_on(store.read_all(Position::FIRST, usize::MAX)).unwrap()
}

/// Without those of the ledger's own streams.
pub(crate) fn of_complaints(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.retain(|entry| LedgerStream::from_uuid(entry.stream.0).is_none());
    entries
}

/// All that the three views hold.
#[derive(Debug, PartialEq)]
pub(crate) struct Shown {
    files: Vec<ComplaintFile>,
    sla: SlaView,
    causes: CauseView,
}

impl Shown {
    pub(crate) fn of(views: &Views) -> Self {
        let next = views.sla.next_position();
        assert_eq!(views.archive.next_position(), next);
        assert_eq!(views.causes.next_position(), next);
        Self {
            files: files(&views.archive),
            sla: views.sla.clone(),
            causes: views.causes.clone(),
        }
    }

    /// Folded anew from what a ledger holds, or held at an instant.
    pub(crate) fn anew<S: EventStore>(ledger: &Ledger<S>, as_of: Option<Timestamp>) -> Self {
        let archive = Archive::in_memory(LEDGER).unwrap();
        let mut views = Views::new(archive, ledger.as_async().policy());
        ledger
            .replay_pages(as_of, Position::FIRST, |facts| Ok(views.fold(facts)?))
            .unwrap();
        Self::of(&views)
    }

    pub(crate) fn facts(&self) -> usize {
        self.files.iter().map(|file| file.timeline.len()).sum()
    }
}

fn files(archive: &Archive) -> Vec<ComplaintFile> {
    let hits = archive.search(&Query::new().limit(usize::MAX)).unwrap();
    hits.iter()
        .map(|hit| archive.file(hit.summary.id).unwrap().unwrap())
        .collect()
}

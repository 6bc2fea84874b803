//! Folding a view on several threads, each with its share of the complaints.
//!
//! The store is read once, by the caller. Which share an entry lies in is known from its stream, so each thread decodes and
//! folds entries of its own and no others. Some pages wait for each thread, and no more are read meanwhile.

use std::num::NonZeroU8;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use redress_core::{LedgerStream, Position};
use redress_store::codec::{self, Decoder};
use redress_store::{Entry, EventStore, Projection, Share, Shares};

use super::{PAGE, Parts, Replay, STROKE};
use crate::error::LedgerError;

/// How many pages may wait for a thread: of two threads, as many as make two strokes of one. So a thread that folds a stroke
/// does not keep the store from being read.
const WAITING_PAGES: usize = 4 * STROKE / PAGE;

/// More threads than these wait for the store.
const MOST_THREADS: NonZeroU8 = NonZeroU8::MIN.saturating_add(7);

/// How many threads a replay is worth on this machine: as many as it runs at a time, up to eight.
#[must_use]
pub fn available_threads() -> NonZeroU8 {
    std::thread::available_parallelism()
        .ok()
        .and_then(|threads| NonZeroU8::try_from(threads).ok())
        .map_or(NonZeroU8::MIN, |threads| threads.min(MOST_THREADS))
}

impl<S: EventStore> Replay<'_, S> {
    /// Folds every fact a view has not had into it, as [`Replay::fold_into`] does, on several threads where that is faster: an
    /// empty view, or one so far behind that folding all of it anew on these threads takes less than going on with it.
    ///
    /// The view is the same whatever the number of threads, and so is the error: where a thread stops, what it did is
    /// forgotten, and the facts are folded in their order. `progress` is told the position up to which was read, which goes back
    /// to where the view stands in that case. What it returns when it stops is returned; a view that was being folded
    /// anew is as it was then.
    ///
    /// # Errors
    ///
    /// As [`Replay::fold_into`]; whatever `progress` returns when it stops.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::sla::SlaView;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Ledger, Policy, SystemEnvironment, available_threads};
    /// # pollster::block_on(async {
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// let mut view = SlaView::new(ledger.policy());
    /// let replay = ledger.replay();
    /// let end = replay.fold_shared(&mut view, available_threads(), |_| Ok(())).await?;
    /// assert_eq!(end, ledger.catch_up().await?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn fold_shared<V: Shares + 'static>(
        &self,
        view: &mut V,
        threads: NonZeroU8,
        mut progress: impl FnMut(Position) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        if self.is_worth_sharing(view, threads).await?
            && let Some(folded) = self.fold_shares(view, threads, &mut progress).await?
            && is_as_far(&folded, view)
        {
            view.merge(folded);
        }
        // What was recorded meanwhile; or all of it in order, so that the same fact stops it as on one thread.
        self.fold_watched(view, progress).await
    }

    /// Whether all facts, divided among the threads, are fewer for each than those that the view has not had.
    async fn is_worth_sharing(
        &self,
        view: &impl Projection,
        threads: NonZeroU8,
    ) -> Result<bool, LedgerError> {
        let head = self.store().head().await?;
        let facts = head.map_or(0, |head| head.next().get());
        let missing = facts.saturating_sub(view.next_position().get());
        Ok(facts.div_ceil(u64::from(threads.get())) < missing)
    }

    /// The shares of an empty view, each with all of its facts; `None` where one stopped.
    async fn fold_shares<V: Shares + 'static>(
        &self,
        view: &V,
        threads: NonZeroU8,
        progress: &mut impl FnMut(Position) -> Result<(), LedgerError>,
    ) -> Result<Option<Vec<V>>, LedgerError> {
        let (spent, returned) = channel();
        let workers =
            Share::all(threads.get()).map(|_| Worker::start(view.emptied(), spent.clone()));
        let Some(mut workers) = workers.collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let parts = Parts::of(view);
        let mut next = Position::FIRST;
        loop {
            let Ok(page) = self.page(next, PAGE, parts).await else {
                return Ok(None);
            };
            for mut entry in page.entries {
                next = entry.position.next();
                if let Parts::Opened = parts
                    && self.open_parts(&mut entry).await.is_err()
                {
                    return Ok(None);
                }
                deal(entry, &mut workers);
            }
            if !workers.iter_mut().all(Worker::hand_over) {
                return Ok(None);
            }
            // Memory of the thread that reads is given back while that one waits: a lock of the allocator guards it.
            returned.try_iter().for_each(drop);
            progress(next)?;
            if page.is_last {
                let folded = workers.into_iter().map(|worker| worker.end(next));
                return Ok(folded.collect());
            }
        }
    }
}

/// A view may be ahead of the instant that is asked for, and then it stays.
fn is_as_far<V: Projection>(shares: &[V], view: &V) -> bool {
    let next = view.next_position();
    shares.iter().all(|share| share.next_position() >= next)
}

/// Gives an entry to the thread of its share; what the ledger says of itself, to all of them.
fn deal<V>(entry: Entry, workers: &mut [Worker<V>]) {
    if LedgerStream::from_uuid(entry.stream.0).is_some() {
        for worker in workers {
            worker.dealt.push(entry.clone());
        }
        return;
    }
    let of = u8::try_from(workers.len()).unwrap_or(u8::MAX);
    let share = Share::holding(entry.stream, of);
    if let Some(worker) = workers.get_mut(usize::from(share.number())) {
        worker.dealt.push(entry);
    }
}

/// A thread that folds a share.
struct Worker<V> {
    pages: SyncSender<Vec<Entry>>,
    thread: JoinHandle<Option<V>>,
    /// Of the page that is being dealt out.
    dealt: Vec<Entry>,
}

impl<V: Shares + 'static> Worker<V> {
    /// `None` where the system gives no thread.
    fn start(view: V, spent: Sender<Vec<Entry>>) -> Option<Self> {
        let (pages, waiting) = sync_channel(WAITING_PAGES);
        let thread = std::thread::Builder::new().name("redress-replay".to_owned());
        let thread = thread
            .spawn(move || fold_share(view, STROKE, &waiting, &spent))
            .ok()?;
        Some(Self {
            pages,
            thread,
            dealt: Vec::new(),
        })
    }

    /// Hands over what was dealt, and waits while too much waits already; false where the thread has stopped.
    fn hand_over(&mut self) -> bool {
        self.pages.send(std::mem::take(&mut self.dealt)).is_ok()
    }

    /// The view, with all facts before `end`; `None` where the thread stopped.
    fn end(self, end: Position) -> Option<V> {
        drop(self.pages);
        let mut view = self.thread.join().ok()??;
        view.step_over(end);
        Some(view)
    }
}

/// Folds what comes, at least `stroke` facts at a time, until nothing more can, and returns it; `None` at the first entry that
/// cannot be decoded or folded.
fn fold_share<V: Shares>(
    mut view: V,
    stroke: usize,
    pages: &Receiver<Vec<Entry>>,
    spent: &Sender<Vec<Entry>>,
) -> Option<V> {
    let mut decoder = Decoder::new(codec::no_upcasts);
    let mut facts = Vec::new();
    for page in pages {
        for entry in &page {
            facts.push(decoder.decode(entry).ok()?);
        }
        // Nobody receives it where the replay was stopped.
        spent.send(page).ok();
        if facts.len() >= stroke {
            view.fold_among(&facts).ok()?;
            facts.clear();
        }
    }
    view.fold_among(&facts).ok()?;
    Some(view)
}

#[cfg(test)]
mod tests {
    use redress_archive::Archive;
    use redress_core::event::{Customer, Received};
    use redress_core::{Actor, Channel, Policy};
    use redress_sla::SlaView;
    use redress_store::MemoryStore;

    use super::*;
    use crate::blocking::Ledger;
    use crate::environment::SystemEnvironment;

    /// The founding rules and twenty complaints.
    fn entries() -> Vec<Entry> {
        let store = MemoryStore::new(uuid::Uuid::from_u128(1));
        let archive = Archive::in_memory(store.ledger_id()).unwrap();
        let ledger = crate::Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
        let ledger = Ledger::from(ledger);
        let person: redress_core::PersonId = "li.na".parse().unwrap();
        let desk: redress_core::DepartmentId = "service_desk".parse().unwrap();
        let actor = Actor::human(person.clone(), "agent".parse().unwrap(), desk.clone());
        for _ in 0..20 {
            let customer = Customer::anonymous(ledger.new_subject().unwrap());
            let said = redress_core::event::ReceivedPersonal {
                description: "late".into(),
                ..Default::default()
            };
            let received =
                Received::new(customer, Channel::Post, person.clone(), desk.clone(), said);
            ledger.receive(received, &actor).unwrap().unwrap();
        }
        pollster::block_on(ledger.as_async().store().read_public(Position::FIRST, 100)).unwrap()
    }

    fn folded(entries: &[Entry], page: usize, stroke: usize) -> Option<SlaView> {
        let (pages, waiting) = sync_channel(entries.len());
        for page in entries.chunks(page) {
            pages.send(page.to_vec()).unwrap();
        }
        drop(pages);
        let view = SlaView::new(Policy::standard());
        fold_share(view, stroke, &waiting, &channel().0)
    }

    #[test]
    fn how_many_facts_are_folded_at_a_time_changes_nothing() {
        let mut entries = entries();
        assert_eq!(entries.len(), 21);
        let whole = folded(&entries, 21, 1_000).unwrap();
        assert_eq!(whole.next_position(), Position::new(21));
        for (page, stroke) in [(1, 0), (1, 1), (1, 2), (2, 3), (5, 5), (5, 7), (10, 21)] {
            let view = folded(&entries, page, stroke).unwrap();
            assert_eq!(view, whole, "{stroke} facts of pages of {page}");
        }
        entries[20].content.public.truncate(40);
        assert!(folded(&entries, 5, 7).is_none());
    }
}

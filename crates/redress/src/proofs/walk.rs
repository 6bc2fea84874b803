//! Every entry of a store, whatever cannot be read between them.

use redress_core::Position;
use redress_store::{Entry, EventStore, StoreError};

use crate::replay::PAGE;

/// The entries of a store one by one, in place of one that cannot be read why.
///
/// It ends where nothing could be read at a whole page of positions in a row: an altered position of the last entry can be
/// any number, and nobody waits until every one before it was asked for.
pub(super) struct Walk<'a, S> {
    store: &'a S,
    next: Position,
    end: Position,
    page: std::vec::IntoIter<Entry>,
    /// Up to here entries are read alone, since a page of them cannot be.
    alone_until: Position,
    /// At how many positions in a row nothing could be read.
    unread: usize,
}

impl<'a, S: EventStore> Walk<'a, S> {
    /// From the first entry to the one that the store says is the last.
    pub(super) fn to(store: &'a S, head: Option<Position>) -> Self {
        Self {
            store,
            next: Position::FIRST,
            end: head.map_or(Position::FIRST, Position::next),
            page: Vec::new().into_iter(),
            alone_until: Position::FIRST,
            unread: 0,
        }
    }

    fn read(&mut self) -> Option<Result<Entry, StoreError>> {
        let is_alone = self.next < self.alone_until;
        let limit = if is_alone { 1 } else { PAGE };
        match pollster::block_on(self.store.read_all(self.next, limit)) {
            Ok(page) => {
                self.page = page.into_iter();
                let entry = self.page.next()?;
                Some(Ok(self.step(entry)))
            }
            Err(error) if is_alone => {
                self.next = self.next.next();
                self.unread += 1;
                Some(Err(error))
            }
            Err(_) => {
                let page = u64::try_from(PAGE).unwrap_or(u64::MAX);
                self.alone_until = Position::new(self.next.get().saturating_add(page));
                self.read()
            }
        }
    }

    fn step(&mut self, entry: Entry) -> Entry {
        self.next = self.next.next();
        self.unread = 0;
        entry
    }
}

impl<S: EventStore> Iterator for Walk<'_, S> {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end || self.unread >= PAGE {
            return None;
        }
        match self.page.next() {
            Some(entry) => Some(Ok(self.step(entry))),
            None => self.read(),
        }
    }
}

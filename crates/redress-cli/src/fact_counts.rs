//! How many facts of each kind a ledger holds, as a view.

use std::collections::BTreeMap;

use redress::Position;
use redress::store::{Fact, Projection, ProjectionError, Shares, fold_facts};

const NAME: &str = "counts";

/// The number of facts by the name of their kind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FactCounts {
    next: Position,
    of_streams: BTreeMap<&'static str, u64>,
    /// Of the ledger's own facts, which lie in every share.
    of_ledger: BTreeMap<&'static str, u64>,
}

impl FactCounts {
    pub(crate) const fn new() -> Self {
        Self {
            next: Position::FIRST,
            of_streams: BTreeMap::new(),
            of_ledger: BTreeMap::new(),
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.by_kind().values().sum()
    }

    pub(crate) fn by_kind(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = self.of_streams.clone();
        add(&mut counts, &self.of_ledger);
        counts
    }
}

fn add(counts: &mut BTreeMap<&'static str, u64>, others: &BTreeMap<&'static str, u64>) {
    for (kind, count) in others {
        *counts.entry(kind).or_default() += count;
    }
}

impl Projection for FactCounts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn next_position(&self) -> Position {
        self.next
    }

    fn reads_personal(&self) -> bool {
        false
    }

    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        let Self {
            next,
            of_streams,
            of_ledger,
        } = self;
        fold_facts(NAME, next, facts, |fact| {
            let counts = match fact {
                Fact::Complaint(_) | Fact::Action(_) => &mut *of_streams,
                Fact::Ledger(_) => &mut *of_ledger,
            };
            *counts.entry(fact.kind_name()).or_default() += 1;
            Ok(())
        })
    }
}

impl Shares for FactCounts {
    fn emptied(&self) -> Self {
        Self::new()
    }

    fn step_over(&mut self, next: Position) {
        self.next = self.next.max(next);
    }

    fn merge(&mut self, shares: Vec<Self>) {
        *self = Self::new();
        for share in shares {
            self.next = self.next.max(share.next);
            add(&mut self.of_streams, &share.of_streams);
            self.of_ledger = share.of_ledger;
        }
    }
}

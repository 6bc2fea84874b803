//! Two views folded together: each fact is read once for both.

use redress_core::Position;

use crate::fact::Fact;
use crate::projection::{Projection, ProjectionError};
use crate::share::Shares;

/// Each of the two takes those of the facts that it has not had. Its name is the first one's; errors name the one that stopped.
impl<A: Projection, B: Projection> Projection for (A, B) {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn next_position(&self) -> Position {
        self.0.next_position().min(self.1.next_position())
    }

    fn reads_personal(&self) -> bool {
        self.0.reads_personal() || self.1.reads_personal()
    }

    /// Where the first stops, the second has folded as much.
    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        let folded = fold_unknown(&mut self.0, facts);
        let end = match &folded {
            Ok(()) => facts.len(),
            Err(stopped) => facts.partition_point(|fact| fact.position() < stopped.position),
        };
        let (known, _) = facts.split_at(end);
        fold_unknown(&mut self.1, known)?;
        folded
    }
}

impl<A: Shares, B: Shares> Shares for (A, B) {
    fn emptied(&self) -> Self {
        (self.0.emptied(), self.1.emptied())
    }

    fn step_over(&mut self, next: Position) {
        self.0.step_over(next);
        self.1.step_over(next);
    }

    fn fold_among(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        self.0.fold_among(facts)?;
        self.1.fold_among(facts)
    }

    /// Each of the two on a thread of its own: merging packs complaints anew, and nobody else works meanwhile.
    fn merge(&mut self, shares: Vec<Self>) {
        let (first, second): (Vec<A>, Vec<B>) = shares.into_iter().unzip();
        let (mut first, one, other) = (Some(first), &mut self.0, &mut self.1);
        std::thread::scope(|scope| {
            let merge = || first.take().map(|first| one.merge(first));
            let beside = std::thread::Builder::new().name("redress-merge".to_owned());
            let _thread = beside.spawn_scoped(scope, merge);
            other.merge(second);
        });
        // Where the system gave no thread it is still to be done.
        if let Some(first) = first {
            self.0.merge(first);
        }
    }
}

/// Folds those of the facts that a view has not had.
fn fold_unknown(view: &mut impl Projection, facts: &[Fact]) -> Result<(), ProjectionError> {
    let next = view.next_position();
    let known = facts.partition_point(|fact| fact.position() < next);
    let (_, unknown) = facts.split_at(known);
    view.fold(unknown)
}

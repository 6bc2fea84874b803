//! The three views, kept together and folded together.

use std::ops::Deref;
use std::sync::MutexGuard;

use redress_archive::Archive;
use redress_causes::CauseView;
use redress_core::{Position, Rulebook};
use redress_sla::SlaView;
use redress_store::{Fact, Projection, ProjectionError};

/// The archive, the department SLA view and the root-cause view.
#[derive(Debug)]
pub struct Views {
    /// Every complaint's file, searchable.
    pub archive: Archive,
    /// Clocks and timeliness per department.
    pub sla: SlaView,
    /// Why things go wrong.
    pub causes: CauseView,
    /// Set while facts are folded; a fold that panics leaves it set.
    pub(crate) is_folding: bool,
}

impl Views {
    /// Empty views beside this archive; they fold the rules that the ledger adopts, from these on.
    #[must_use]
    pub fn new(archive: Archive, rules: impl Into<Rulebook>) -> Self {
        let rules = rules.into();
        Self {
            archive,
            sla: SlaView::new(rules.clone()),
            causes: CauseView::new(rules),
            is_folding: false,
        }
    }

    /// The first position that some view has not folded.
    #[must_use]
    pub fn next_position(&self) -> Position {
        self.archive
            .next_position()
            .min(self.sla.next_position())
            .min(self.causes.next_position())
    }

    /// Folds facts that follow each other; each view takes those it has not had.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] of the first view that stops; the ones after it did not fold.
    pub fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        self.is_folding = true;
        let views: [&mut dyn Projection; 3] = [&mut self.archive, &mut self.sla, &mut self.causes];
        let folded = views
            .into_iter()
            .try_for_each(|view| fold_unknown(view, facts));
        self.is_folding = false;
        folded
    }
}

/// Folds those of the facts that a view has not had.
pub(crate) fn fold_unknown(
    view: &mut dyn Projection,
    facts: &[Fact],
) -> Result<(), ProjectionError> {
    loop {
        let next = view.next_position();
        let known = facts.partition_point(|fact| fact.position() < next);
        match view.fold(&facts[known..]) {
            // Another program may have folded into the archive's file meanwhile, which the archive notices only now.
            Err(_) if view.next_position() > next => {}
            folded => return folded,
        }
    }
}

/// The views of a ledger, up to date as of the moment they were asked for, and not changing while this is held.
///
/// Nobody else sees the views meanwhile: ask, and let go of it before the next `await`. Whoever holds it and asks for the
/// views again on the same thread waits for ever. Recording goes on; the views show it when they are asked for next.
#[derive(Debug)]
pub struct ViewsGuard<'a>(pub(crate) MutexGuard<'a, Views>);

impl Deref for ViewsGuard<'_> {
    type Target = Views;

    fn deref(&self) -> &Views {
        &self.0
    }
}

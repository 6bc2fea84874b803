//! What the view keeps of one complaint.

use redress_core::event::{Change, Flag};
use redress_core::policy::warning::Scope;
use redress_core::{CategoryPath, Duplicates, Event, OutOfOrder, Recorded, SubjectId, Timestamp};

use super::marks::Mark;
use crate::track::Track;

/// One complaint, and what it adds to which figures now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Watched {
    pub(super) track: Track,
    /// What it calls for, as corrected.
    pub(super) flags: Vec<Flag>,
    /// When it was escalated.
    pub(super) escalations: Vec<Timestamp>,
    /// What it adds to which figures.
    pub(super) open: Vec<Stint>,
    /// When the last of its facts counted, where that is not told by when it was recorded.
    pub(super) counted_at: Option<Timestamp>,
}

impl Watched {
    /// Folds a fact; nothing changes where it cannot follow.
    pub(super) fn fold(&mut self, fact: &Recorded) -> Result<(), OutOfOrder> {
        self.track.fold(fact)?;
        match &fact.event {
            Event::Received(received) => self.flags.clone_from(&received.flags),
            Event::Amended(amended) => {
                for change in &amended.patch {
                    if let Change::Flags(flags) = change {
                        self.flags.clone_from(flags);
                    }
                }
            }
            Event::Escalated(_) => self.escalations.push(fact.occurred_at),
            Event::Classified(_)
            | Event::Assigned(_)
            | Event::Resolved(_)
            | Event::Feedback(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Closed(_)
            | Event::Reopened(_)
            | Event::Erased(_) => {}
        }
        Ok(())
    }

    /// Whose it is.
    pub(super) fn subject(&self) -> Option<SubjectId> {
        self.track.complaint.case().map(|case| case.subject)
    }

    /// Whether a rule with this scope watches it; duplicates are watched by none.
    pub(super) fn is_in(&self, scope: &Scope) -> bool {
        let Scope {
            category,
            severity,
            priority,
            channel,
            product,
            department,
            safety,
            flag,
        } = scope;
        let class = self.track.complaint.classification();
        let lead = self.track.lead().map(|lead| &lead.department);
        let is_within = |ancestor: &CategoryPath| {
            class.is_some_and(|class| class.category.is_within(ancestor.as_str()))
        };
        self.track.counts(Duplicates::Excluded)
            && category.as_ref().is_none_or(is_within)
            && fits(*severity, class.map(|class| class.severity))
            && fits(*priority, class.map(|class| class.priority))
            && fits(*channel, self.track.channel)
            && fits(product.as_ref(), self.track.product.as_ref())
            && fits(department.as_ref(), lead)
            && (!safety || class.is_some_and(|class| class.safety))
            && flag.is_none_or(|flag| self.flags.contains(&flag))
    }
}

fn fits<T: PartialEq>(wanted: Option<T>, found: Option<T>) -> bool {
    wanted.is_none() || wanted == found
}

/// What a complaint adds to a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stint {
    /// The place of the rule among the terms.
    pub(super) term: usize,
    /// From when on it does: not before it was known. Where that is not before the end of the mark, it never does.
    pub(super) from: Timestamp,
    /// What it adds, and when it would have, had all been known at once.
    pub(super) mark: Mark,
}

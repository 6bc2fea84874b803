//! The process under test: what decides and what folds.

use redress_core::{Command, Complaint, Context, Event, OutOfOrder, Policy, Recorded, Rejection};

/// A way of handling complaints that can be tried out.
///
/// A [`Policy`] is one: under it [`redress_core::decide`] decides and [`redress_core::evolve`] folds. A process that is
/// wrong on purpose overrides one of the two; a [`Mutant`](crate::Mutant) does.
pub trait Process {
    /// The rules in force.
    fn policy(&self) -> &Policy;

    /// Decides which facts a command adds.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that says why it adds none.
    fn decide(
        &self,
        complaint: &Complaint,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Vec<Event>, Rejection> {
        redress_core::decide(complaint, command, context)
    }

    /// Folds a fact into a complaint.
    ///
    /// # Errors
    ///
    /// [`OutOfOrder`] when the fact cannot follow.
    fn evolve(&self, complaint: Complaint, fact: &Recorded) -> Result<Complaint, OutOfOrder> {
        redress_core::evolve(complaint, fact)
    }
}

impl Process for Policy {
    fn policy(&self) -> &Policy {
        self
    }
}

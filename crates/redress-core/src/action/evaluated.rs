//! `Evaluated`: whether an action helped, by a figure before it and the same figure after it.

use serde::{Deserialize, Serialize};

use crate::id::Label;
use crate::ratio::Ratio;
use crate::time::{Span, Timestamp};

/// An action was evaluated: the verdict, and the figures it rests on.
///
/// ```
/// use redress_core::action::{Effective, Evaluated, Figure, FigureValue};
/// use redress_core::Ratio;
///
/// let [feb, mar, apr, may] = ["02", "03", "04", "05"].map(|month| format!("2026-{month}-01T00:00:00Z").parse());
/// let late = |part, all| Ratio::new(part, all).map(FigureValue::Ratio).ok_or("nothing below the line");
/// let evaluated = Evaluated {
///     effective: Effective::Yes,
///     metric: "late_deliveries".parse()?,
///     before: Figure { value: late(12, 100)?, from: feb?, to: mar? },
///     after: Figure { value: late(3, 100)?, from: apr?, to: may? },
/// };
/// assert!(evaluated.is_comparable());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluated {
    /// Whether it helped.
    pub effective: Effective,
    /// What was measured, such as `late_deliveries`.
    pub metric: Label,
    /// The figure before the action.
    pub before: Figure,
    /// The figure after it.
    pub after: Figure,
}

/// Whether an action helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effective {
    /// It did.
    Yes,
    /// In part.
    Partly,
    /// It did not.
    No,
}

impl Effective {
    /// Its name in stored text and in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

/// What was measured over the time `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The figure, exact.
    pub value: FigureValue,
    /// From this moment on.
    pub from: Timestamp,
    /// Until just before this moment.
    pub to: Timestamp,
}

/// An exact figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureValue {
    /// A share, a rate, or, with 1 below the line, a count.
    Ratio(Ratio),
    /// A length of time.
    Span(Span),
}

impl Evaluated {
    /// Whether both figures are of one kind: two shares, or two lengths of time.
    #[must_use]
    pub const fn is_comparable(&self) -> bool {
        match (self.before.value, self.after.value) {
            (FigureValue::Ratio(_), FigureValue::Ratio(_))
            | (FigureValue::Span(_), FigureValue::Span(_)) => true,
            (FigureValue::Ratio(_), FigureValue::Span(_))
            | (FigureValue::Span(_), FigureValue::Ratio(_)) => false,
        }
    }

    /// Whether both periods have a length, do not overlap, and were over at `at`, the one before first.
    #[must_use]
    pub fn periods_follow(&self, at: Timestamp) -> bool {
        let Self { before, after, .. } = self;
        before.from < before.to
            && before.to <= after.from
            && after.from < after.to
            && after.to <= at
    }
}

//! A complaint put together again from what its state holds, for snapshots of views.

use super::{Case, Closing, Complaint, Ownership, Progress, Resolution, Revisits};
use crate::event::Classified;

/// What the state of a complaint holds, whichever state it is.
///
/// [`evolve`](crate::evolve) alone leads to a new state; this leads back to one that was reached before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintParts {
    /// What holds throughout.
    pub case: Box<Case>,
    /// The class it has.
    pub classification: Option<Classified>,
    /// Who handles it.
    pub ownership: Option<Ownership>,
    /// The solution.
    pub resolution: Option<Resolution>,
    /// The attempts to revisit so far.
    pub revisits: Option<Revisits>,
    /// How it ended.
    pub closing: Option<Closing>,
}

impl Complaint {
    /// Takes it apart; `None` where nothing has been recorded.
    #[must_use]
    pub fn to_parts(&self) -> Option<ComplaintParts> {
        let (revisits, closing) = match self {
            Self::FedBack { revisits, .. } => (Some(revisits.clone()), None),
            Self::Closed { closing, .. } => (None, Some(closing.clone())),
            Self::Absent
            | Self::Received { .. }
            | Self::Classified { .. }
            | Self::Processing { .. }
            | Self::Resolved { .. } => (None, None),
        };
        Some(ComplaintParts {
            case: Box::new(self.case()?.clone()),
            classification: self.classification().cloned(),
            ownership: self.ownership().cloned(),
            resolution: self.resolution().cloned(),
            revisits,
            closing,
        })
    }

    /// Puts it together again; `None` where no state holds just these parts.
    #[must_use]
    pub fn from_parts(parts: ComplaintParts) -> Option<Self> {
        let ComplaintParts {
            case,
            classification,
            ownership,
            resolution,
            revisits,
            closing,
        } = parts;
        if let Some(closing) = closing {
            let progress = match (classification, ownership, resolution, revisits) {
                (None, None, None, None) => Progress::Unclassified,
                (Some(classification), None, None, None) => Progress::Unassigned { classification },
                (Some(classification), Some(ownership), resolution, None) => Progress::Handled {
                    classification,
                    ownership,
                    resolution,
                },
                (None, Some(_), _, _) | (_, None, Some(_), _) | (_, _, _, Some(_)) => return None,
            };
            return Some(Self::Closed {
                case,
                progress,
                closing,
            });
        }
        match (classification, ownership, resolution, revisits) {
            (None, None, None, None) => Some(Self::Received { case }),
            (Some(classification), None, None, None) => Some(Self::Classified {
                case,
                classification,
            }),
            (Some(classification), Some(ownership), None, None) => Some(Self::Processing {
                case,
                classification,
                ownership,
            }),
            (Some(classification), Some(ownership), Some(resolution), None) => {
                Some(Self::Resolved {
                    case,
                    classification,
                    ownership,
                    resolution,
                })
            }
            (Some(classification), Some(ownership), Some(resolution), Some(revisits)) => {
                Some(Self::FedBack {
                    case,
                    classification,
                    ownership,
                    resolution,
                    revisits,
                })
            }
            (None, Some(_), _, _)
            | (None, None, Some(_), _)
            | (None, None, None, Some(_))
            | (Some(_), None, Some(_), _)
            | (Some(_), None, None, Some(_))
            | (Some(_), Some(_), None, Some(_)) => None,
        }
    }
}

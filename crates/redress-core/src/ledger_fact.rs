//! The facts of the ledger itself, which stand in streams beside the complaints' and share their global order.
//!
//! None of them holds personal data: they have no personal part, and keep codes and ids only.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::action::ActionCommand;
use crate::actor::Actor;
use crate::adoption::PolicyAdopted;
use crate::command::Command;
use crate::erasure::{ErasureRequested, Held, KeyDestroyed, Released};
use crate::id::{ActionId, CommandId, ComplaintId, EventId, Position, TraceId};
use crate::rejection::Rejection;
use crate::time::Timestamp;

/// A stream of the ledger's own.
///
/// ```
/// use redress_core::LedgerStream;
///
/// let refusals = LedgerStream::Refusals;
/// assert_eq!(LedgerStream::from_uuid(refusals.as_uuid()), Some(refusals));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerStream {
    /// The commands that were refused.
    Refusals,
    /// The rules that were adopted.
    Policy,
    /// What was decided about customers' data.
    Subjects,
}

impl LedgerStream {
    /// Every stream of the ledger's own.
    pub const ALL: [Self; 3] = [Self::Refusals, Self::Policy, Self::Subjects];

    /// Its id: UUID version 5 of `ledger` and its name, in redress's own name space, so that it is no complaint's.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        match self {
            Self::Refusals => Uuid::from_u128(0x2810_c771_a5d3_574d_8559_3e0a_cd5b_147b),
            Self::Policy => Uuid::from_u128(0xdcd8_4c19_2ef1_5cf4_b9f6_ec02_ea21_b17e),
            Self::Subjects => Uuid::from_u128(0xa0c9_5368_1875_5941_a832_4437_c86a_c92c),
        }
    }

    /// The stream with this id; `None` for a complaint's.
    #[must_use]
    pub fn from_uuid(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.as_uuid() == id)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refusals => "refusals",
            Self::Policy => "policy",
            Self::Subjects => "subjects",
        }
    }
}

/// One fact of the ledger itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerEvent {
    /// A command was refused.
    Refused(Refused),
    /// Rules were adopted.
    PolicyAdopted(PolicyAdopted),
    /// A customer's data must not be erased.
    Held(Held),
    /// A customer's data may be erased again.
    Released(Released),
    /// A customer's data are to be erased.
    ErasureRequested(ErasureRequested),
    /// A customer's keys were destroyed.
    KeyDestroyed(KeyDestroyed),
}

impl LedgerEvent {
    /// The kind of this fact.
    #[must_use]
    pub const fn event_type(&self) -> LedgerEventType {
        match self {
            Self::Refused(_) => LedgerEventType::Refused,
            Self::PolicyAdopted(_) => LedgerEventType::PolicyAdopted,
            Self::Held(_) => LedgerEventType::Held,
            Self::Released(_) => LedgerEventType::Released,
            Self::ErasureRequested(_) => LedgerEventType::ErasureRequested,
            Self::KeyDestroyed(_) => LedgerEventType::KeyDestroyed,
        }
    }
}

/// The kind of a fact of the ledger itself; its number is part of the stored format and never changes.
///
/// The numbers begin at 101: those below are for the facts of complaints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum LedgerEventType {
    /// Stands for [`LedgerEvent::Refused`].
    Refused = 101,
    /// Stands for [`LedgerEvent::PolicyAdopted`].
    PolicyAdopted = 102,
    /// Stands for [`LedgerEvent::Held`].
    Held = 103,
    /// Stands for [`LedgerEvent::Released`].
    Released = 104,
    /// Stands for [`LedgerEvent::ErasureRequested`].
    ErasureRequested = 105,
    /// Stands for [`LedgerEvent::KeyDestroyed`].
    KeyDestroyed = 106,
}

impl LedgerEventType {
    /// Every kind, in the order of the numbers.
    pub const ALL: [Self; 6] = [
        Self::Refused,
        Self::PolicyAdopted,
        Self::Held,
        Self::Released,
        Self::ErasureRequested,
        Self::KeyDestroyed,
    ];

    /// The number that stands for it in a stored entry.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The kind with this number.
    ///
    /// ```
    /// use redress_core::LedgerEventType;
    ///
    /// assert_eq!(LedgerEventType::from_number(101), Some(LedgerEventType::Refused));
    /// assert_eq!(LedgerEventType::from_number(1), None);
    /// ```
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its name in stored text and in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::PolicyAdopted => "policy_adopted",
            Self::Held => "held",
            Self::Released => "released",
            Self::ErasureRequested => "erasure_requested",
            Self::KeyDestroyed => "key_destroyed",
        }
    }

    /// The one stream in which facts of this kind stand.
    #[must_use]
    pub const fn stream(self) -> LedgerStream {
        match self {
            Self::Refused => LedgerStream::Refusals,
            Self::PolicyAdopted => LedgerStream::Policy,
            Self::Held | Self::Released | Self::ErasureRequested | Self::KeyDestroyed => {
                LedgerStream::Subjects
            }
        }
    }
}

/// A command was refused: who wanted what, and the code of the rule that said no.
///
/// Names and codes only. What the command carried is not kept, nor what the rejection quotes of it: no rule has
/// looked at that, and it may tell who somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Which complaint it was about; `None` where the ledger holds no such complaint.
    ///
    /// The id of a complaint is derived from its reference outside, which for a refused intake may have been a
    /// telephone number: who guesses the number would find the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<ComplaintId>,
    /// Which action it was about; `None` where it was about a complaint, or where the ledger holds no such action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionId>,
    /// The name of the command, as [`Command::name`] or [`ActionCommand::name`] gives it, or
    /// [`ADOPT_POLICY`](crate::policy::ADOPT_POLICY).
    pub command: Cow<'static, str>,
    /// The code of the rejection, as [`Rejection::code`] gives it.
    pub rejection: Cow<'static, str>,
}

impl Refused {
    /// The refusal of this command for this reason.
    #[must_use]
    pub fn new(complaint: Option<ComplaintId>, command: &Command, rejection: &Rejection) -> Self {
        Self {
            complaint,
            ..Self::of_ledger(command.name(), rejection)
        }
    }

    /// The refusal of this command about an action for this reason.
    #[must_use]
    pub fn about_action(
        action: Option<ActionId>,
        command: &ActionCommand,
        rejection: &Rejection,
    ) -> Self {
        Self {
            action,
            ..Self::of_ledger(command.name(), rejection)
        }
    }

    /// The refusal of a command that is about the ledger as a whole.
    #[must_use]
    pub fn of_ledger(command: &'static str, rejection: &Rejection) -> Self {
        Self {
            complaint: None,
            action: None,
            command: Cow::Borrowed(command),
            rejection: Cow::Borrowed(rejection.code()),
        }
    }

    /// The command id under which the refusal of the command `refused` is recorded.
    ///
    /// The same person refused the same for the same reason, under the same command id, is the same refusal.
    #[must_use]
    pub fn command_id(&self, refused: CommandId, actor: &Actor) -> CommandId {
        let complaint = self.complaint.map(|complaint| complaint.to_string());
        let action = self.action.map(|action| action.to_string());
        let subject = complaint.or(action).unwrap_or_default();
        let department = actor.department.as_ref().map_or("", |it| it.as_str());
        let name = format!(
            "refused\0{refused}\0{subject}\0{}\0{}\0{}\0{}\0{department}",
            self.command, self.rejection, actor.id, actor.role
        );
        CommandId::new(crate::id::derived(&name))
    }
}

/// A fact of the ledger itself as it stands in the ledger: its envelope and the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRecorded {
    /// This very fact.
    pub event_id: EventId,
    /// Where it stands in the ledger.
    pub position: Position,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the ledger learned of it. Never goes back along the ledger.
    pub recorded_at: Timestamp,
    /// Who brought it about; for a refusal, whoever was refused.
    pub actor: Actor,
    /// The wish it came from; for a refusal, one derived from the refused command.
    pub command_id: CommandId,
    /// What it belongs together with across streams.
    pub correlation_id: Option<TraceId>,
    /// The command or event that led to it; for a refusal, the refused command.
    pub causation_id: Option<TraceId>,
    /// The layout of the event, counted from 1 for each kind of fact.
    pub schema: u16,
    /// The fact.
    pub event: LedgerEvent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_streams_are_derived_from_their_names() {
        for stream in LedgerStream::ALL {
            let name = format!("ledger\0{}", stream.name());
            assert_eq!(stream.as_uuid(), crate::id::derived(&name));
        }
    }

    #[test]
    fn the_numbers_of_kinds_do_not_meet_those_of_complaints() {
        for kind in LedgerEventType::ALL {
            assert!(kind.number() > 100);
            assert_eq!(crate::EventType::from_number(kind.number()), None);
            assert_eq!(LedgerEventType::from_number(kind.number()), Some(kind));
        }
    }
}

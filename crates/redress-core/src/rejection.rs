//! Why a command was refused.
//!
//! A rejection is a fact about a rule, not a fault of the program: it has a code that never changes and a message in
//! both languages, and it never quotes personal data.

use crate::action::ActionState;
use crate::clock::ClockKind;
use crate::complaint::State;
use crate::event::PauseReason;
use crate::id::{CategoryPath, CauseCode, DepartmentId, Label, Level, PersonId, Role};
use crate::language::Language;
use crate::policy::IntakeField;
use crate::time::{Span, Timestamp};

/// Why a command was refused. Of several reasons the first in this order is given: time, then authority, then state, then the
/// content of the command, then the conduct of those who act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
#[non_exhaustive]
pub enum Rejection {
    /// The fact would lie in the future.
    OccurredInFuture,
    /// The fact lies further back than the policy allows.
    BackDatedTooFar {
        /// How far back it may lie.
        limit: Span,
    },
    /// The fact lies before the one that moved a state or a clock last.
    OccurredBeforePrevious {
        /// When that one happened.
        previous: Timestamp,
    },
    /// Rules would be in force from a moment that has passed.
    RulesInThePast {
        /// When it was tried.
        now: Timestamp,
    },
    /// The policy does not let this role do it, or not for these departments.
    NotPermitted {
        /// The role.
        role: Role,
        /// The name of the command.
        command: &'static str,
    },
    /// There is no such complaint.
    NotReceived,
    /// The complaint was taken in before.
    AlreadyReceived,
    /// The command makes no sense in this state.
    NotInThisState {
        /// The name of the command.
        command: &'static str,
        /// The state.
        state: State,
    },
    /// There is no such action.
    ActionNotOpened,
    /// The action was opened before.
    ActionAlreadyOpened,
    /// The command makes no sense in this state of an action.
    NotInThisActionState {
        /// The name of the command.
        command: &'static str,
        /// The state.
        state: ActionState,
    },
    /// The action helped; there is nothing to begin anew.
    AlreadyEffective,
    /// The reference outside looks like a telephone number, an e-mail address or an identity number.
    PersonalReference,
    /// Neither subject nor description says anything.
    NothingSaid,
    /// Neither a way to reach the customer nor the wish to stay unknown.
    NoContact,
    /// The policy does not know the category.
    UnknownCategory {
        /// The category.
        category: CategoryPath,
    },
    /// A confidence above 100 per cent.
    ConfidenceOutOfRange,
    /// A joint department is named twice, or is also the lead.
    JointRepeated {
        /// The department.
        department: DepartmentId,
    },
    /// A time limit of nothing, or in the past.
    LimitNotPositive,
    /// An escalation that does not go up.
    LevelNotHigher {
        /// Where the complaint stands.
        level: Level,
    },
    /// An escalation above the top of the ladder.
    LevelAboveTop {
        /// The top.
        top: Level,
    },
    /// There is a pause already.
    AlreadyPaused,
    /// There is no pause to end.
    NotPaused,
    /// A pause that ends before it begins.
    PauseEndsBeforeItBegins,
    /// The policy does not know the cause.
    UnknownCause {
        /// The cause.
        cause: CauseCode,
    },
    /// A mark outside its scale: 1 to 5, or 0 to 10 for a recommendation.
    ScoreOutOfRange,
    /// A promise that is already broken when it is made.
    PromiseInPast,
    /// A department that has no open joint part cannot finish one.
    NotAJointDepartment {
        /// The department.
        department: DepartmentId,
    },
    /// There is no solution yet whose cause, verdict or cost could be corrected.
    NothingResolved,
    /// A complaint tied to itself.
    LinkToItself,
    /// A tie to a complaint that does not exist.
    LinkTargetUnknown,
    /// A duplicate of a duplicate: tie it to the original.
    LinkTargetIsDuplicate,
    /// A tie to undo that does not exist.
    NotLinked,
    /// A tie to undo on which the closing as a duplicate rests.
    ClosedAsDuplicate,
    /// The clock to extend does not run.
    ClockNotRunning {
        /// The clock.
        clock: ClockKind,
    },
    /// The clock to extend has no limit.
    ClockUntargeted {
        /// The clock.
        clock: ClockKind,
    },
    /// The deadline has passed; a late clock stays late.
    AlreadyDue {
        /// The deadline.
        due: Timestamp,
    },
    /// The new deadline is not later than the old one.
    NotLater,
    /// Closed as a duplicate of a complaint it is not tied to.
    NotLinkedAsDuplicate,
    /// Refusing is possible only before the handling.
    RefusedTooLate,
    /// A duplicate or a refused complaint is not reopened.
    NotReopenable,
    /// The data of another customer.
    OtherSubject,
    /// The customer's data are under a legal hold.
    UnderHold {
        /// On which basis, which holds nothing personal.
        basis: String,
    },
    /// An action that is due when it is assigned, or before.
    DuePassed,
    /// A share before and a length of time after, or the other way round.
    FiguresDiffer,
    /// The periods of the figures before and after are empty, overlap, stand the wrong way round or are not over.
    PeriodsOutOfOrder,
    /// The policy wants an intake through this channel to tell more.
    IntakeIncomplete {
        /// What is missing.
        field: IntakeField,
    },
    /// The organisation has no such department.
    UnknownDepartment {
        /// The department.
        department: DepartmentId,
    },
    /// The policy has no such template, or not for this channel.
    UnknownTemplate {
        /// The template.
        template: Label,
    },
    /// A change of class without a reason, an escalation, extension or reopening without one.
    ReasonMissing,
    /// Data held, released or erased without saying on which basis.
    BasisMissing,
    /// The lead names a department but no person.
    LeadPersonMissing,
    /// Somebody complained about would handle it.
    Recused {
        /// That person.
        person: PersonId,
    },
    /// A return 退单 without an explanation.
    ExplanationMissing,
    /// The policy does not know this reason to pause.
    PauseReasonNotAllowed {
        /// The reason.
        reason: PauseReason,
    },
    /// A pause without an end.
    PauseEndMissing,
    /// A pause longer than the policy allows.
    PauseTooLong {
        /// The longest.
        longest: Span,
    },
    /// No root cause.
    PrimaryCauseMissing,
    /// An undetermined cause without a date until when it will be found.
    FollowUpMissing,
    /// Not even "no remedy" is stated.
    RemediesUnstated,
    /// Whether the complaint was right is not stated.
    UpheldMissing,
    /// A joint department has not finished its part.
    ContributionOpen {
        /// The department.
        department: DepartmentId,
    },
    /// Only the lead, a joint department or whoever it was escalated to can resolve it.
    NotResponsible,
    /// After so many cycles a dissatisfied customer's complaint must be escalated first.
    EscalationRequired {
        /// How many.
        max_cycles: u32,
    },
    /// A result without words or template.
    ContentMissing,
    /// Whoever resolved it cannot be the one who asks how it went.
    RevisitByResolver,
    /// The customer was told nothing yet, and would not hear of the refusal.
    CustomerNotTold,
    /// Nobody has said that the customer is satisfied.
    SatisfactionUnknown,
    /// Too few attempts on too few days to call the customer unreachable.
    TooFewAttempts {
        /// How many were made in vain.
        made: u32,
        /// On how many days.
        days: u32,
    },
    /// The last word belongs to the top level, after the result was told.
    NotFinal {
        /// The top level.
        top: Level,
    },
    /// The policy does not let a revisit be waived.
    WaiverNotAllowed,
    /// Closed too long ago; a new complaint is tied to it as its repeat.
    ReopenWindowPassed {
        /// When the window ended.
        ended: Timestamp,
    },
    /// The deadline was moved as often as the policy allows.
    TooManyExtensions {
        /// How often.
        max: u32,
    },
    /// Whoever asks for more time cannot approve it.
    ApproverIsRequester,
    /// An action about a complaint that names none.
    ComplaintMissing,
    /// An action that does not say what is to be done.
    MeasureMissing,
    /// An action that was done, without a word about what.
    ResultMissing,
    /// Whoever owned the action or reported it done cannot say whether it helped.
    EvaluatorIsOwner,
    /// Other rules were adopted under the same version.
    PolicyVersionReused {
        /// The version.
        version: Label,
    },
    /// Rules would be in force before those that were adopted last.
    RulesOutOfOrder {
        /// From when those are in force.
        last: Timestamp,
    },
    /// Another wish was recorded under this command id.
    CommandReused,
}

impl Rejection {
    /// The code that stands for it, in every version of redress.
    ///
    /// ```
    /// use redress_core::Rejection;
    ///
    /// assert_eq!(Rejection::NotPaused.code(), "not_paused");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OccurredInFuture => "occurred_in_future",
            Self::BackDatedTooFar { .. } => "back_dated_too_far",
            Self::OccurredBeforePrevious { .. } => "occurred_before_previous",
            Self::NotReceived => "not_received",
            Self::AlreadyReceived => "already_received",
            Self::NotInThisState { .. } => "not_in_this_state",
            Self::PersonalReference => "personal_reference",
            Self::NothingSaid => "nothing_said",
            Self::NoContact => "no_contact",
            Self::UnknownCategory { .. } => "unknown_category",
            Self::ConfidenceOutOfRange => "confidence_out_of_range",
            Self::JointRepeated { .. } => "joint_repeated",
            Self::LimitNotPositive => "limit_not_positive",
            Self::LevelNotHigher { .. } => "level_not_higher",
            Self::LevelAboveTop { .. } => "level_above_top",
            Self::AlreadyPaused => "already_paused",
            Self::NotPaused => "not_paused",
            Self::PauseEndsBeforeItBegins => "pause_ends_before_it_begins",
            Self::UnknownCause { .. } => "unknown_cause",
            Self::ScoreOutOfRange => "score_out_of_range",
            Self::PromiseInPast => "promise_in_past",
            Self::NotAJointDepartment { .. } => "not_a_joint_department",
            Self::NothingResolved => "nothing_resolved",
            Self::LinkToItself => "link_to_itself",
            Self::LinkTargetUnknown => "link_target_unknown",
            Self::LinkTargetIsDuplicate => "link_target_is_duplicate",
            Self::NotLinked => "not_linked",
            Self::ClosedAsDuplicate => "closed_as_duplicate",
            Self::ClockNotRunning { .. } => "clock_not_running",
            Self::ClockUntargeted { .. } => "clock_untargeted",
            Self::AlreadyDue { .. } => "already_due",
            Self::NotLater => "not_later",
            Self::NotLinkedAsDuplicate => "not_linked_as_duplicate",
            Self::RefusedTooLate => "refused_too_late",
            Self::NotReopenable => "not_reopenable",
            Self::OtherSubject => "other_subject",
            Self::UnderHold { .. } => "under_hold",
            Self::ActionNotOpened => "action_not_opened",
            Self::ActionAlreadyOpened => "action_already_opened",
            Self::NotInThisActionState { .. } => "not_in_this_action_state",
            Self::AlreadyEffective => "already_effective",
            Self::DuePassed => "due_passed",
            Self::FiguresDiffer => "figures_differ",
            Self::PeriodsOutOfOrder => "periods_out_of_order",
            Self::NotPermitted { .. } => "not_permitted",
            Self::IntakeIncomplete { .. } => "intake_incomplete",
            Self::UnknownDepartment { .. } => "unknown_department",
            Self::UnknownTemplate { .. } => "unknown_template",
            Self::ReasonMissing => "reason_missing",
            Self::BasisMissing => "basis_missing",
            Self::LeadPersonMissing => "lead_person_missing",
            Self::Recused { .. } => "recused",
            Self::ExplanationMissing => "explanation_missing",
            Self::PauseReasonNotAllowed { .. } => "pause_reason_not_allowed",
            Self::PauseEndMissing => "pause_end_missing",
            Self::PauseTooLong { .. } => "pause_too_long",
            Self::PrimaryCauseMissing => "primary_cause_missing",
            Self::FollowUpMissing => "follow_up_missing",
            Self::RemediesUnstated => "remedies_unstated",
            Self::UpheldMissing => "upheld_missing",
            Self::ContributionOpen { .. } => "contribution_open",
            Self::NotResponsible => "not_responsible",
            Self::EscalationRequired { .. } => "escalation_required",
            Self::ContentMissing => "content_missing",
            Self::RevisitByResolver => "revisit_by_resolver",
            Self::CustomerNotTold => "customer_not_told",
            Self::SatisfactionUnknown => "satisfaction_unknown",
            Self::TooFewAttempts { .. } => "too_few_attempts",
            Self::NotFinal { .. } => "not_final",
            Self::WaiverNotAllowed => "waiver_not_allowed",
            Self::ReopenWindowPassed { .. } => "reopen_window_passed",
            Self::TooManyExtensions { .. } => "too_many_extensions",
            Self::ApproverIsRequester => "approver_is_requester",
            Self::ComplaintMissing => "complaint_missing",
            Self::MeasureMissing => "measure_missing",
            Self::ResultMissing => "result_missing",
            Self::EvaluatorIsOwner => "evaluator_is_owner",
            Self::RulesInThePast { .. } => "rules_in_the_past",
            Self::PolicyVersionReused { .. } => "policy_version_reused",
            Self::RulesOutOfOrder { .. } => "rules_out_of_order",
            Self::CommandReused => "command_reused",
        }
    }

    /// What was wrong and what to do, for people.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::OccurredInFuture => "the fact lies in the future; give the time it happened".to_owned(),
            Self::BackDatedTooFar { limit } => format!("the fact lies more than {limit} back; record it as an amendment"),
            Self::OccurredBeforePrevious { previous } => {
                format!("the fact lies before the last change of {previous}; give a time not before that")
            }
            Self::NotReceived => "there is no such complaint; receive it first".to_owned(),
            Self::AlreadyReceived => "the complaint was received before".to_owned(),
            Self::NotInThisState { command, state } => {
                format!("`{command}` is not possible while the complaint is {}", state.label(Language::English))
            }
            Self::PersonalReference => {
                "the external reference looks like a telephone number, an e-mail address or an identity number; \
                 use a reference that tells nothing about a person"
                    .to_owned()
            }
            Self::NothingSaid => "subject and description are both empty; write down what the customer said".to_owned(),
            Self::NoContact => "there is no contact and the customer is not anonymous; give one or the other".to_owned(),
            Self::UnknownCategory { category } => format!("the policy knows no category `{category}`"),
            Self::ConfidenceOutOfRange => "a confidence lies between 0 and 100 per cent".to_owned(),
            Self::JointRepeated { department } => {
                format!("department `{department}` has two parts in the handling; name it once, as lead or as joint")
            }
            Self::LimitNotPositive => "a time limit must be longer than nothing".to_owned(),
            Self::LevelNotHigher { level } => format!("the complaint stands at level {level} already; escalate above it"),
            Self::LevelAboveTop { top } => format!("the ladder ends at level {top}"),
            Self::AlreadyPaused => "the complaint is paused already; resume it first".to_owned(),
            Self::NotPaused => "the complaint is not paused".to_owned(),
            Self::PauseEndsBeforeItBegins => "the pause ends before it begins".to_owned(),
            Self::UnknownCause { cause } => format!("the policy knows no cause `{cause}`"),
            Self::ScoreOutOfRange => "a mark lies between 1 and 5, a recommendation between 0 and 10".to_owned(),
            Self::PromiseInPast => "the promised time has passed already".to_owned(),
            Self::NotAJointDepartment { department } => format!("department `{department}` has no open joint part"),
            Self::NothingResolved => "there is no solution yet whose cause, verdict or cost could be corrected".to_owned(),
            Self::LinkToItself => "a complaint cannot be tied to itself".to_owned(),
            Self::LinkTargetUnknown => "the complaint to tie it to does not exist".to_owned(),
            Self::LinkTargetIsDuplicate => {
                "the other complaint is a duplicate itself; tie this one to the original".to_owned()
            }
            Self::NotLinked => "there is no such tie to undo".to_owned(),
            Self::ClosedAsDuplicate => {
                "the complaint was closed as a duplicate, which rests on this tie; receive a new one if it was none".to_owned()
            }
            Self::ClockNotRunning { clock } => format!("the clock `{}` does not run", clock.name()),
            Self::ClockUntargeted { clock } => format!("the clock `{}` has no limit to extend", clock.name()),
            Self::AlreadyDue { due } => format!("the deadline of {due} has passed; a late clock stays late"),
            Self::NotLater => "the new deadline is not later than the old one".to_owned(),
            Self::NotLinkedAsDuplicate => "link it as a duplicate of that complaint first".to_owned(),
            Self::RefusedTooLate => "a complaint can be refused only before it is assigned".to_owned(),
            Self::NotReopenable => "a duplicate or refused complaint is not reopened; receive a new one".to_owned(),
            Self::OtherSubject => "the complaint belongs to another customer".to_owned(),
            Self::UnderHold { basis } => {
                format!("the customer's data are under a legal hold ({basis}); release it first")
            }
            Self::ActionNotOpened => "there is no such action; open it first".to_owned(),
            Self::ActionAlreadyOpened => "the action was opened before".to_owned(),
            Self::NotInThisActionState { command, state } => {
                format!("`{command}` is not possible while the action is {}", state.label(Language::English))
            }
            Self::AlreadyEffective => "the action was found effective; open a new one for what is left".to_owned(),
            Self::DuePassed => "the action would be due when it is assigned; give a later time".to_owned(),
            Self::FiguresDiffer => {
                "the figures before and after must both be shares or both be lengths of time".to_owned()
            }
            Self::PeriodsOutOfOrder => {
                "the period before must end before the period after begins, and both must have a length and be over"
                    .to_owned()
            }
            Self::NotPermitted { role, command } => {
                format!("role `{role}` may not `{command}` here; ask somebody who may")
            }
            Self::IntakeIncomplete { field } => {
                format!("the policy wants `{}` from an intake through this channel", field.name())
            }
            Self::UnknownDepartment { department } => {
                format!("the organisation has no department `{department}`")
            }
            Self::UnknownTemplate { template } => {
                format!("the policy has no template `{template}` for this channel")
            }
            Self::ReasonMissing => "a reason is needed".to_owned(),
            Self::BasisMissing => {
                "say on which legal or other basis, without anything personal".to_owned()
            }
            Self::LeadPersonMissing => "name the person who leads, not the department alone".to_owned(),
            Self::Recused { person } => format!("`{person}` is complained about and cannot handle it"),
            Self::ExplanationMissing => "a return needs an explanation".to_owned(),
            Self::PauseReasonNotAllowed { reason } => {
                format!(
                    "the policy does not let a complaint wait for {}",
                    reason.label(Language::English)
                )
            }
            Self::PauseEndMissing => "say until when the complaint pauses".to_owned(),
            Self::PauseTooLong { longest } => format!("a pause lasts at most {longest}"),
            Self::PrimaryCauseMissing => "name the root cause".to_owned(),
            Self::FollowUpMissing => "the cause is undetermined; say until when it will be found".to_owned(),
            Self::RemediesUnstated => "state the remedies, or that there are none".to_owned(),
            Self::UpheldMissing => "state whether the complaint was upheld".to_owned(),
            Self::ContributionOpen { department } => {
                format!("department `{department}` has not finished its part; note it as done or waived first")
            }
            Self::NotResponsible => {
                "only the lead, a joint department or whoever it was escalated to can resolve it".to_owned()
            }
            Self::EscalationRequired { max_cycles } => {
                format!("the customer was dissatisfied in {max_cycles} cycles; escalate it before resolving it again")
            }
            Self::ContentMissing => "a result needs words or a template".to_owned(),
            Self::RevisitByResolver => "whoever resolved the complaint cannot make the revisit".to_owned(),
            Self::CustomerNotTold => "nobody has told the customer yet; tell them why it is refused first".to_owned(),
            Self::SatisfactionUnknown => "no revisit and no reply says that the customer is satisfied".to_owned(),
            Self::TooFewAttempts { made, days } => {
                format!("{made} attempts on {days} days are too few to call the customer unreachable")
            }
            Self::NotFinal { top } => {
                format!("only level {top}, after telling the result, can take a final position")
            }
            Self::WaiverNotAllowed => "the policy does not let the revisit be waived".to_owned(),
            Self::ReopenWindowPassed { ended } => {
                format!("the time to reopen ended at {ended}; receive a new complaint and link it as a repeat")
            }
            Self::TooManyExtensions { max } => format!("the deadline can be moved {max} time(s) at most"),
            Self::ApproverIsRequester => "whoever asks for more time cannot approve it".to_owned(),
            Self::ComplaintMissing => "name the complaint that led to the action".to_owned(),
            Self::MeasureMissing => "say what is to be done".to_owned(),
            Self::ResultMissing => "say what was done".to_owned(),
            Self::EvaluatorIsOwner => {
                "whoever owned the action or reported it done cannot evaluate it; ask somebody else".to_owned()
            }
            Self::RulesInThePast { now } => {
                format!("it is {now} already; rules are adopted from now on or later")
            }
            Self::PolicyVersionReused { version } => {
                format!("other rules were adopted as `{version}` before; give these another version")
            }
            Self::RulesOutOfOrder { last } => {
                format!("other rules are adopted from {last} on; give a moment not before that")
            }
            Self::CommandReused => {
                "another command was recorded under this command id; use a new one for a new wish".to_owned()
            }
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::OccurredInFuture => "发生时间在未来，请填写实际发生的时间".to_owned(),
            Self::BackDatedTooFar { limit } => format!("补录时间超过 {limit}，请改用更正"),
            Self::OccurredBeforePrevious { previous } => {
                format!("发生时间早于上一次变更（{previous}），请填写不早于该时间的时间")
            }
            Self::NotReceived => "没有这件投诉，请先接收".to_owned(),
            Self::AlreadyReceived => "该投诉已经接收过".to_owned(),
            Self::NotInThisState { command, state } => {
                format!(
                    "投诉处于“{}”状态时不能执行 `{command}`",
                    state.label(Language::Chinese)
                )
            }
            Self::PersonalReference => {
                "外部编号形似电话号码、电子邮箱或证件号码，请使用不含个人信息的编号".to_owned()
            }
            Self::NothingSaid => "主题和内容都为空，请记录客户的陈述".to_owned(),
            Self::NoContact => "既无联系方式，又未注明匿名，请二选一".to_owned(),
            Self::UnknownCategory { category } => format!("现行规则中没有分类 `{category}`"),
            Self::ConfidenceOutOfRange => "置信度应在 0 到 100 之间".to_owned(),
            Self::JointRepeated { department } => {
                format!("部门 `{department}` 重复出现，主办或协办只能填一次")
            }
            Self::LimitNotPositive => "时限必须大于零".to_owned(),
            Self::LevelNotHigher { level } => format!("投诉已在第 {level} 级，只能升级到更高一级"),
            Self::LevelAboveTop { top } => format!("升级层级最高为第 {top} 级"),
            Self::AlreadyPaused => "投诉已处于暂停状态，请先恢复".to_owned(),
            Self::NotPaused => "投诉并未暂停".to_owned(),
            Self::PauseEndsBeforeItBegins => "暂停的结束时间早于开始时间".to_owned(),
            Self::UnknownCause { cause } => format!("现行规则中没有成因 `{cause}`"),
            Self::ScoreOutOfRange => "评分应在 1 到 5 之间，推荐意愿应在 0 到 10 之间".to_owned(),
            Self::PromiseInPast => "承诺的时间已经过去".to_owned(),
            Self::NotAJointDepartment { department } => {
                format!("部门 `{department}` 没有未完成的协办事项")
            }
            Self::NothingResolved => "尚无处理结果，无法更正成因、是否成立或成本".to_owned(),
            Self::LinkToItself => "投诉不能关联到自身".to_owned(),
            Self::LinkTargetUnknown => "要关联的投诉不存在".to_owned(),
            Self::LinkTargetIsDuplicate => "对方本身是重复件，请关联到原件".to_owned(),
            Self::NotLinked => "没有可以解除的关联".to_owned(),
            Self::ClosedAsDuplicate => {
                "该投诉已按重复件关闭，关联不能解除；如并非重复，请另行接收".to_owned()
            }
            Self::ClockNotRunning { clock } => format!("时钟 `{}` 未在计时", clock.name()),
            Self::ClockUntargeted { clock } => {
                format!("时钟 `{}` 没有时限，无法延期", clock.name())
            }
            Self::AlreadyDue { due } => format!("时限 {due} 已过，逾期不可撤销"),
            Self::NotLater => "新时限不晚于原时限".to_owned(),
            Self::NotLinkedAsDuplicate => "请先将其关联为该投诉的重复件".to_owned(),
            Self::RefusedTooLate => "只有在分派之前才能不予受理".to_owned(),
            Self::NotReopenable => "重复件或不予受理的投诉不能重新打开，请另行接收".to_owned(),
            Self::OtherSubject => "该投诉属于另一位客户".to_owned(),
            Self::UnderHold { basis } => {
                format!("该客户的数据已被依法保留（{basis}），请先解除保留")
            }
            Self::ActionNotOpened => "没有这项改进措施，请先登记".to_owned(),
            Self::ActionAlreadyOpened => "该改进措施已经登记过".to_owned(),
            Self::NotInThisActionState { command, state } => {
                format!(
                    "改进措施处于“{}”状态时不能执行 `{command}`",
                    state.label(Language::Chinese)
                )
            }
            Self::AlreadyEffective => "该改进措施已评估为有效，其余问题请另行登记".to_owned(),
            Self::DuePassed => "完成期限不晚于分派时间，请填写更晚的期限".to_owned(),
            Self::FiguresDiffer => "改进前后的指标必须同为比率或同为时长".to_owned(),
            Self::PeriodsOutOfOrder => {
                "改进前的统计期必须在改进后的统计期之前结束，且两期均不得为空并已结束".to_owned()
            }
            Self::NotPermitted { role, command } => {
                format!("角色 `{role}` 无权在此执行 `{command}`，请由有权限的人员办理")
            }
            Self::IntakeIncomplete { field } => {
                format!("现行规则要求该渠道受理时填写 `{}`", field.name())
            }
            Self::UnknownDepartment { department } => {
                format!("本组织没有部门 `{department}`")
            }
            Self::UnknownTemplate { template } => {
                format!("现行规则中没有适用于该渠道的模板 `{template}`")
            }
            Self::ReasonMissing => "请填写理由".to_owned(),
            Self::BasisMissing => "请填写法律或其他依据，且不得含个人信息".to_owned(),
            Self::LeadPersonMissing => "请指定主办责任人，而不只是部门".to_owned(),
            Self::Recused { person } => format!("`{person}` 是被投诉人，应当回避"),
            Self::ExplanationMissing => "退单需要说明原因".to_owned(),
            Self::PauseReasonNotAllowed { reason } => {
                format!("现行规则不允许因“{}”暂停", reason.label(Language::Chinese))
            }
            Self::PauseEndMissing => "请填写暂停截止时间".to_owned(),
            Self::PauseTooLong { longest } => format!("暂停最长为 {longest}"),
            Self::PrimaryCauseMissing => "请填写根本原因".to_owned(),
            Self::FollowUpMissing => "成因待查明，请填写查明的期限".to_owned(),
            Self::RemediesUnstated => "请填写补救措施，或注明没有".to_owned(),
            Self::UpheldMissing => "请填写投诉是否成立".to_owned(),
            Self::ContributionOpen { department } => {
                format!("协办部门 `{department}` 尚未完成，请先记录完成或免除")
            }
            Self::NotResponsible => "只有主办、协办部门或升级后的负责人可以办结".to_owned(),
            Self::EscalationRequired { max_cycles } => {
                format!("客户已在 {max_cycles} 轮处理后仍不满意，请先升级再办结")
            }
            Self::ContentMissing => "结果反馈需要内容或模板".to_owned(),
            Self::RevisitByResolver => "办结人不能自行回访".to_owned(),
            Self::CustomerNotTold => "尚未告知客户，请先说明不予受理的理由".to_owned(),
            Self::SatisfactionUnknown => "没有回访或客户答复表明客户满意".to_owned(),
            Self::TooFewAttempts { made, days } => {
                format!("仅在 {days} 天内尝试 {made} 次，不足以认定无法联系")
            }
            Self::NotFinal { top } => format!("只有第 {top} 级在告知结果之后才能作出最终答复"),
            Self::WaiverNotAllowed => "现行规则不允许免除回访".to_owned(),
            Self::ReopenWindowPassed { ended } => {
                format!("重新打开的期限已于 {ended} 届满，请另行接收并关联为重复投诉")
            }
            Self::TooManyExtensions { max } => format!("时限最多延期 {max} 次"),
            Self::ApproverIsRequester => "申请延期的人不能自行批准".to_owned(),
            Self::ComplaintMissing => "请填写引发该措施的投诉".to_owned(),
            Self::MeasureMissing => "请填写要采取的措施".to_owned(),
            Self::ResultMissing => "请填写完成情况".to_owned(),
            Self::EvaluatorIsOwner => "责任人或报告完成的人不能自行评估，请由他人评估".to_owned(),
            Self::RulesInThePast { now } => {
                format!("现在已是 {now}，规则只能从现在或以后起生效")
            }
            Self::PolicyVersionReused { version } => {
                format!("已有另一套规则以版本 `{version}` 采用，请更换版本号")
            }
            Self::RulesOutOfOrder { last } => {
                format!("另一套规则自 {last} 起生效，请填写不早于该时间的时间")
            }
            Self::CommandReused => {
                "该命令编号下已记录了不同内容，新的操作请使用新的编号".to_owned()
            }
        }
    }
}

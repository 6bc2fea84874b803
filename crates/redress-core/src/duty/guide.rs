//! The guide: which command does a task, and what to do in a line.

use super::Task;
use crate::language::Language;

impl Task {
    /// Every task, in the order of a complaint's life.
    pub const ALL: [Self; 18] = [
        Self::Acknowledge,
        Self::Respond,
        Self::Classify,
        Self::Assign,
        Self::Contribute,
        Self::EndPause,
        Self::Escalate,
        Self::Resolve,
        Self::TellResult,
        Self::Revisit,
        Self::Conclude,
        Self::CloseUnreachable,
        Self::CloseFinally,
        Self::Reply,
        Self::KeepPromise,
        Self::AnswerFinally,
        Self::ReviewRecord,
        Self::ConfirmRecord,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Respond => "respond",
            Self::Classify => "classify",
            Self::Assign => "assign",
            Self::Contribute => "contribute",
            Self::EndPause => "end_pause",
            Self::Escalate => "escalate",
            Self::Resolve => "resolve",
            Self::TellResult => "tell_result",
            Self::Revisit => "revisit",
            Self::Conclude => "conclude",
            Self::CloseUnreachable => "close_unreachable",
            Self::CloseFinally => "close_finally",
            Self::Reply => "reply",
            Self::KeepPromise => "keep_promise",
            Self::AnswerFinally => "answer_finally",
            Self::ReviewRecord => "review_record",
            Self::ConfirmRecord => "confirm_record",
        }
    }

    /// The name of the command that does it, as in [`Command::name`](crate::Command::name).
    ///
    /// ```
    /// use redress_core::duty::Task;
    ///
    /// assert_eq!(Task::TellResult.command(), "give_feedback");
    /// assert_eq!(Task::Conclude.command(), "revisit");
    /// ```
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Acknowledge
            | Self::Respond
            | Self::TellResult
            | Self::Reply
            | Self::KeepPromise
            | Self::AnswerFinally => "give_feedback",
            Self::Classify => "classify",
            Self::Assign => "assign",
            Self::Contribute => "note",
            Self::EndPause => "resume",
            Self::Escalate => "escalate",
            Self::Resolve => "resolve",
            Self::Revisit | Self::Conclude => "revisit",
            Self::CloseUnreachable | Self::CloseFinally => "close",
            Self::ReviewRecord | Self::ConfirmRecord => "amend",
        }
    }

    /// What to do, in a line for people.
    #[must_use]
    pub const fn instruction(self, language: Language) -> &'static str {
        match language {
            Language::English => self.in_english(),
            Language::Chinese => self.in_chinese(),
        }
    }

    const fn in_english(self) -> &'static str {
        match self {
            Self::Acknowledge => "Tell the customer that the complaint has arrived.",
            Self::Respond => "Tell the customer, in person, how the matter stands.",
            Self::Classify => "Give the complaint a category, a severity and a priority.",
            Self::Assign => "Give the complaint to a department and a person who lead.",
            Self::Contribute => "Do the joint department's part and note it as done, or waive it.",
            Self::EndPause => "See after what is waited for; resume once it is there.",
            Self::Escalate => "Raise the complaint: it has come back too often to be solved here.",
            Self::Resolve => "Find a solution and record it with its cause and remedies.",
            Self::TellResult => "Tell the customer the result.",
            Self::Revisit => "Ask the customer how content they are with result and handling.",
            Self::Conclude => "Ask the customer once more, or close where the policy allows it.",
            Self::CloseUnreachable => "Close the complaint: the customer could not be reached.",
            Self::CloseFinally => "Close the complaint with the final position of the top level.",
            Self::Reply => "Answer what the customer wrote or said.",
            Self::KeepPromise => "Tell the customer what was promised for this date.",
            Self::AnswerFinally => "Give the customer the last answer.",
            Self::ReviewRecord => "Look at the record and say whether it is right.",
            Self::ConfirmRecord => "Have the customer say whether the record is right.",
        }
    }

    const fn in_chinese(self) -> &'static str {
        match self {
            Self::Acknowledge => "告知客户投诉已收到。",
            Self::Respond => "由专人向客户说明处理情况。",
            Self::Classify => "确定投诉的类别、严重程度和优先级。",
            Self::Assign => "将投诉分派给牵头部门和负责人。",
            Self::Contribute => "完成协办部门的任务并记录，或予以免除。",
            Self::EndPause => "跟进所等待的事项，到位后恢复处理。",
            Self::Escalate => "升级投诉：多次未能让客户满意，须由上级参与解决。",
            Self::Resolve => "找到解决方案，连同原因和补救措施一并记录。",
            Self::TellResult => "将处理结果告知客户。",
            Self::Revisit => "回访客户，了解对结果和过程是否满意。",
            Self::Conclude => "再次回访客户，或在规则允许时结案。",
            Self::CloseUnreachable => "结案：客户无法联系。",
            Self::CloseFinally => "以最高层级的最终意见结案。",
            Self::Reply => "答复客户的来信或来电。",
            Self::KeepPromise => "按承诺的期限答复客户。",
            Self::AnswerFinally => "向客户作出最终答复。",
            Self::ReviewRecord => "人工复核投诉记录，并注明是否属实。",
            Self::ConfirmRecord => "请客户确认投诉记录是否正确。",
        }
    }
}

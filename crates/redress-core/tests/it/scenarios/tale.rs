//! The words in which the scenarios are told: who did what when, and how the clocks stand.
//!
//! Times are those of Shanghai in 2026, written as `03-02 周一 10:00`. A wrong day of the week is a failed test.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};
use redress_core::event::{
    AssignReason, CloseReason, Extended, Feedback, FeedbackKind, JointTask, NoteKind, Noted,
    PauseReason, Priority, Satisfaction, Verdict,
};
use redress_core::{
    Assign, Channel, Clock, ClockKind, Command, Personal, Policy, Reading, Rejection, Span, Target,
    Timestamp, duty,
};

use crate::story::{
    Story, agent, assign, classify, close, code, not_reached, pause, reached, receive, reopen,
    reply, resolve, result, resume,
};

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// A moment, from `03-02 周一 10:00`; `24:00` is the end of the day.
#[track_caller]
pub(super) fn at(text: &str) -> Timestamp {
    let (month_day, rest) = text.split_once(' ').unwrap();
    let (weekday, time) = rest.split_once(' ').unwrap();
    let date: NaiveDate = format!("2026-{month_day}").parse().unwrap();
    assert_eq!(
        WEEKDAYS[date.weekday().num_days_from_monday() as usize],
        weekday,
        "the day of the week of {text}"
    );
    let (hour, minute) = time.split_once(':').unwrap();
    let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    let midnight: Timestamp = format!("{date}T00:00:00+08:00").parse().unwrap();
    midnight + Span::minutes(minutes)
}

/// The other way round.
fn written(moment: Timestamp) -> String {
    let local: NaiveDateTime = moment.to_chrono().naive_utc() + TimeDelta::hours(8);
    let ends_a_day = local.num_seconds_from_midnight() == 0;
    let day = if ends_a_day {
        local.date().pred_opt().unwrap()
    } else {
        local.date()
    };
    let time = if ends_a_day {
        "24:00".to_owned()
    } else {
        local.format("%H:%M").to_string()
    };
    let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    format!("{} {weekday} {time}", day.format("%m-%d"))
}

/// A length of time in hours and minutes: `7h30`.
fn hours(span: Span) -> String {
    let minutes = span.as_seconds().abs() / 60;
    let sign = if span.is_negative() { "-" } else { "" };
    format!("{sign}{}h{:02}", minutes / 60, minutes % 60)
}

/// A complaint and what happens to it.
#[derive(Clone)]
pub(super) struct Tale {
    pub(super) story: Story,
}

impl Tale {
    /// Taken in by telephone, under these rules.
    #[track_caller]
    pub(super) fn received(when: &str, policy: &Policy) -> Self {
        let story = Story {
            policy: policy.clone(),
            ..Story::new()
        };
        Self { story }.does(when, "li.na", "service_desk", receive())
    }

    /// Taken in, answered by a program, classified and given to Wang Fang of logistics, all at one moment.
    #[track_caller]
    pub(super) fn in_handling(when: &str, priority: Priority, policy: &Policy) -> Self {
        Self::received(when, policy)
            .acknowledged_by_program(when)
            .classified(when, priority)
            .assigned(when, "logistics", None)
    }

    #[track_caller]
    pub(super) fn does(
        self,
        when: &str,
        person: &str,
        department: &str,
        command: impl Into<Command>,
    ) -> Self {
        let story = Story {
            now: at(when),
            ..self.story.by(person, department)
        };
        Self {
            story: story.then(command),
        }
    }

    /// Checks that a wish of the lead is refused, and with which code.
    #[track_caller]
    pub(super) fn refuses(
        self,
        when: &str,
        command: impl Into<Command>,
        code: &'static str,
    ) -> Self {
        let story = Story {
            now: at(when),
            actor: self.lead(),
            ..self.story.clone()
        };
        let refusal = story.would(command).err();
        assert_eq!(refusal.as_ref().map(Rejection::code), Some(code), "{when}");
        self
    }

    fn lead(&self) -> redress_core::Actor {
        match self.story.complaint.lead() {
            Some(lead) => agent(
                lead.person.as_ref().unwrap().as_str(),
                lead.department.as_str(),
            ),
            None => agent("li.na", "service_desk"),
        }
    }

    #[track_caller]
    fn lead_does(self, when: &str, command: impl Into<Command>) -> Self {
        let story = Story {
            now: at(when),
            actor: self.lead(),
            ..self.story
        };
        Self {
            story: story.then(command),
        }
    }

    #[track_caller]
    pub(super) fn acknowledged_by_program(self, when: &str) -> Self {
        let words = Feedback {
            automated: true,
            ..Feedback::new(FeedbackKind::Acknowledgement, Channel::Sms, "已受理")
        };
        self.does(when, "robot", "service_desk", words)
    }

    #[track_caller]
    pub(super) fn progress_told(self, when: &str) -> Self {
        let words = Feedback::new(
            FeedbackKind::Progress,
            Channel::PhoneHotline,
            "正在查找包裹",
        );
        self.lead_does(when, words)
    }

    #[track_caller]
    pub(super) fn classified(self, when: &str, priority: Priority) -> Self {
        let class = redress_core::event::Classified {
            priority,
            reason: Some("read again".to_owned()),
            ..classify("delivery/delay")
        };
        self.does(when, "li.na", "service_desk", class)
    }

    /// Given to `wang.fang` of this department, with a time limit of its own or the policy's.
    #[track_caller]
    pub(super) fn assigned(self, when: &str, department: &str, limit: Option<Target>) -> Self {
        self.assigned_jointly(when, department, limit, vec![])
    }

    #[track_caller]
    pub(super) fn assigned_jointly(
        self,
        when: &str,
        department: &str,
        limit: Option<Target>,
        joint: Vec<JointTask>,
    ) -> Self {
        let wanted = Assign {
            limit,
            joint,
            reason: AssignReason::Reassign,
            ..assign(department, "wang.fang")
        };
        self.does(when, "li.na", "service_desk", wanted)
    }

    #[track_caller]
    pub(super) fn contributed(self, when: &str, department: &str) -> Self {
        let note = Noted {
            kind: NoteKind::Contribution {
                department: code(department),
                done: true,
            },
            evidence: vec![],
            personal: Personal::Withheld,
        };
        self.does(when, "sun.li", department, note)
    }

    /// Waits for the customer, until this moment at the latest.
    #[track_caller]
    pub(super) fn paused(self, when: &str, until: &str) -> Self {
        let waits = redress_core::event::Paused {
            reason: PauseReason::AwaitingCustomer,
            ..pause(Some(at(until)))
        };
        self.lead_does(when, waits)
    }

    #[track_caller]
    pub(super) fn resumed(self, when: &str) -> Self {
        self.lead_does(when, resume())
    }

    #[track_caller]
    pub(super) fn customer_replied(self, when: &str, verdict: Option<Verdict>) -> Self {
        self.does(when, "li.na", "service_desk", reply(verdict))
    }

    #[track_caller]
    pub(super) fn resolved(self, when: &str) -> Self {
        self.lead_does(when, resolve())
    }

    #[track_caller]
    pub(super) fn result_told(self, when: &str) -> Self {
        self.lead_does(when, result())
    }

    #[track_caller]
    pub(super) fn revisited(self, when: &str, satisfaction: Satisfaction) -> Self {
        self.does(when, "zhao.min", "quality", reached(satisfaction))
    }

    #[track_caller]
    pub(super) fn nobody_reached(self, when: &str) -> Self {
        self.does(when, "zhao.min", "quality", not_reached())
    }

    #[track_caller]
    pub(super) fn extended(self, when: &str, clock: ClockKind, new_due: &str) -> Self {
        self.lead_does(when, extension(clock, new_due, "chen.jie"))
    }

    #[track_caller]
    pub(super) fn closed(self, when: &str, reason: CloseReason) -> Self {
        self.lead_does(when, close(reason))
    }

    #[track_caller]
    pub(super) fn reopened(self, when: &str) -> Self {
        self.does(when, "li.na", "service_desk", reopen())
    }

    /// The one clock of this name; with two words, the one of that department or of that cycle: `handling finance`,
    /// `resolution 2`.
    #[track_caller]
    pub(super) fn the_clock(&self, name: &str) -> &Clock {
        let (kind, which) = name.split_once(' ').unwrap_or((name, ""));
        let clocks = &self.story.complaint.case().unwrap().clocks;
        let found: Vec<&Clock> = clocks
            .iter()
            .filter(|clock| clock.kind.name() == kind)
            .filter(|clock| {
                let of = clock
                    .part
                    .as_ref()
                    .map(|part| part.assignee.department.as_str());
                which.is_empty() || of == Some(which) || clock.cycle.get().to_string() == which
            })
            .collect();
        assert_eq!(found.len(), 1, "clocks called `{name}`");
        found[0]
    }

    #[track_caller]
    pub(super) fn read(&self, when: &str, clock: &str, policy: &Policy) -> Reading {
        let pauses = &self.story.complaint.case().unwrap().pauses;
        self.the_clock(clock).read(pauses, policy, at(when))
    }

    /// Checks how a clock stands at a moment, such as `met, ran 18h00, due 03-05 周四 24:00`.
    #[track_caller]
    pub(super) fn check(self, when: &str, clock: &str, expected: &str) -> Self {
        let reading = self.read(when, clock, &self.story.policy);
        assert_eq!(told(reading), expected, "{clock} at {when}");
        self
    }

    /// Checks where the complaint stands, such as `processing, cycle 2, level 0`.
    #[track_caller]
    pub(super) fn stands(self, expected: &str) -> Self {
        let complaint = &self.story.complaint;
        let case = complaint.case().unwrap();
        let state = complaint.state().name();
        let found = format!("{state}, cycle {}, level {}", case.cycle, case.level);
        assert_eq!(found, expected);
        self
    }

    /// Does what the ladder of escalation asks for at this moment; nothing where it asks for nothing.
    #[track_caller]
    pub(super) fn overseen(mut self, when: &str) -> Self {
        self.story.now = at(when);
        match duty::escalation(&self.story.complaint, &self.story.rules(), at(when)) {
            None => self,
            Some(demand) => {
                self.story.actor = redress_core::Actor::system(code("overseer"), code("system"));
                Self {
                    story: self.story.then(demand.command),
                }
            }
        }
    }
}

/// A wish for more time, with the name of whoever approved it.
#[track_caller]
pub(super) fn extension(clock: ClockKind, new_due: &str, approved_by: &str) -> Extended {
    Extended {
        clock,
        new_due: at(new_due),
        reason: "the supplier answers late".to_owned(),
        approved_by: code(approved_by),
        customer_told: true,
    }
}

/// A joint part of a department, with a time limit.
pub(super) fn part(department: &str, limit: Target) -> JointTask {
    JointTask {
        limit: Some(limit),
        ..crate::story::joint(department)
    }
}

/// A reading in words.
pub(super) fn told(reading: Reading) -> String {
    let due = reading
        .due
        .map_or_else(String::new, |due| format!(", due {}", written(due)));
    let left = match (reading.due, reading.remaining) {
        (None, Some(left)) => format!(", left {}", hours(left)),
        (Some(_), _) | (None, None) => String::new(),
    };
    format!(
        "{}, ran {}{due}{left}",
        reading.status.name(),
        hours(reading.elapsed)
    )
}

#[test]
fn moments_are_read_as_they_are_written() {
    for text in [
        "03-02 周一 10:00",
        "02-28 周六 23:59",
        "12-31 周四 24:00",
        "03-01 周日 00:30",
    ] {
        assert_eq!(written(at(text)), text);
    }
    assert_eq!(at("03-02 周一 10:00").to_string(), "2026-03-02T02:00:00Z");
    assert_eq!(at("03-02 周一 24:00"), at("03-03 周二 00:00"));
    assert_eq!(hours(Span::minutes(450)), "7h30");
}

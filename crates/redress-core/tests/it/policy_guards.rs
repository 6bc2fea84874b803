//! Guards that ask the policy what an organisation allows, each hit both ways.

use redress_core::event::{Contact, ContactKind, Feedback, FeedbackKind, Received};
use redress_core::policy::{Authority, Department, IntakeField, IntakeRule, Template};
use redress_core::{Channel, Command, Name, Personal, Policy, Rejection};

use crate::story::{Story, agent, assign, classify, code, receive, resolve, result};

fn with(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy::standard();
    change(&mut policy);
    policy
}

fn may(role: &str, commands: &[&str], departments: Option<&[&str]>) -> Authority {
    Authority {
        role: code(role),
        commands: commands.iter().map(|name| (*name).to_owned()).collect(),
        departments: departments
            .map(|codes| codes.iter().map(|department| code(department)).collect()),
    }
}

#[track_caller]
fn check(story: &Story, command: impl Into<Command>, expected: Option<&'static str>) {
    let refusal = story.would(command).err();
    assert_eq!(refusal.as_ref().map(Rejection::code), expected);
}

#[test]
fn nobody_may_do_what_the_policy_does_not_name() {
    let policy =
        with(|policy| policy.authority = vec![may("agent", &["receive", "classify"], None)]);
    let story = Story {
        policy,
        ..Story::new()
    };
    check(&story, receive(), None);
    let received = story.then(receive());
    check(&received, classify("delivery/delay"), None);
    let classified = received.then(classify("delivery/delay"));
    check(
        &classified,
        assign("logistics", "wang.fang"),
        Some("not_permitted"),
    );
    // Authority is told before what else is wrong, and only after the time.
    check(&classified, resolve(), Some("not_permitted"));
    let mut stranger = classified.clone();
    stranger.actor.role = code("visitor");
    check(&stranger, classify("price/refund"), Some("not_permitted"));
    // History made elsewhere was made under other authority.
    let history = Story {
        policy: classified.policy.clone().for_history(),
        ..classified
    };
    check(&history, assign("logistics", "wang.fang"), None);
}

#[test]
fn authority_may_end_at_the_border_of_a_department() {
    let policy = with(|policy| {
        policy.authority = vec![may("agent", &["resolve"], Some(&["logistics"]))];
    });
    let ours = Story {
        policy: policy.clone(),
        ..Story::processing()
    };
    check(&ours, resolve(), None);
    let theirs = Story::classified().then(assign("stores", "sun.li"));
    let theirs = Story {
        policy,
        actor: agent("sun.li", "stores"),
        ..theirs
    };
    check(&theirs, resolve(), Some("not_permitted"));
}

#[test]
fn an_intake_tells_what_the_policy_wants_of_its_channel() {
    let required = [
        IntakeField::Name,
        IntakeField::Contact,
        IntakeField::Subject,
        IntakeField::Product,
        IntakeField::ExternalRef,
        IntakeField::Account,
        IntakeField::Language,
    ];
    for field in required {
        let rule = IntakeRule {
            channel: Some(Channel::PhoneHotline),
            required: vec![field],
        };
        let story = Story {
            policy: with(|policy| policy.intake = vec![rule]),
            ..Story::new()
        };
        let unnamed = Received {
            product: None,
            ..receive()
        };
        assert_eq!(
            story.would(unnamed).unwrap_err(),
            Rejection::IntakeIncomplete { field }
        );
        check(
            &story,
            Received {
                channel: Channel::Email,
                ..receive()
            },
            None,
        );
        check(&story, complete(), None);
    }
}

fn complete() -> Received {
    let mut received = receive();
    let mut personal = received.personal.known().unwrap().clone();
    personal.name = Some("王芳".to_owned());
    personal.subject = "包裹丢失".to_owned();
    personal.contacts = vec![Contact {
        kind: ContactKind::Email,
        value: "w@example.com".to_owned(),
    }];
    received.personal = Personal::Known(personal);
    received.external_ref = Some(code("2026-1"));
    received.customer.account = Some(code("A1"));
    received.language = Some(code("zh-CN"));
    received
}

#[test]
fn only_departments_of_the_organisation_take_part() {
    let policy = with(|policy| {
        for department in ["service_desk", "logistics"] {
            policy
                .departments
                .insert(code(department), Department::default());
        }
    });
    let story = Story {
        policy,
        ..Story::new()
    };
    let elsewhere = Received {
        intake_department: code("moon_base"),
        ..receive()
    };
    check(&story, elsewhere, Some("unknown_department"));
    let classified = story.then(receive()).then(classify("delivery/delay"));
    check(&classified, assign("logistics", "wang.fang"), None);
    check(
        &classified,
        assign("moon_base", "wang.fang"),
        Some("unknown_department"),
    );
}

#[test]
fn only_templates_of_the_policy_are_used_and_only_where_they_belong() {
    let words = Name {
        zh_cn: "您好".to_owned(),
        en: "Dear customer".to_owned(),
    };
    let policy = with(|policy| {
        let letter = Template {
            channels: vec![Channel::Email],
            text: words,
        };
        policy.templates.insert(code("result_letter"), letter);
    });
    let story = Story {
        policy,
        ..Story::resolved()
    };
    let told = |channel, template: &str| Feedback {
        template: Some(code(template)),
        ..Feedback::new(FeedbackKind::Result, channel, "")
    };
    check(&story, told(Channel::Email, "result_letter"), None);
    check(
        &story,
        told(Channel::Sms, "result_letter"),
        Some("unknown_template"),
    );
    check(
        &story,
        told(Channel::Email, "other_letter"),
        Some("unknown_template"),
    );
    check(&story, result(), None);
}

//! What a good file says is what the policy says.

use redress_core::Dimension;
use redress_core::event::{Assignee, PauseReason, Priority, Severity};
use redress_core::policy::warning::Metric;
use redress_core::policy::{
    ADOPT_POLICY, Authority, COMMANDS, HOLD, IntakeField, IntakeRule, Placeholder, RELEASE,
    RevisitWindow, Route, Rung, Shipped, TargetRule, Template, UnreachableRule,
};
use redress_core::{Channel, ClockKind, Language, Level, Name, Policy, Span, Target, Terms};

use super::{BASE, base};
use crate::story::code;

fn name(zh_cn: &str, en: &str) -> Name {
    Name {
        zh_cn: zh_cn.to_owned(),
        en: en.to_owned(),
    }
}

#[test]
fn single_settings() {
    let policy = base();
    assert_eq!(policy.version.as_str(), "2026-07");
    assert_eq!(policy.at_risk_percent, 80);
    assert_eq!(policy.max_level, Level::new(3));
    assert_eq!(policy.max_cycles, 3);
    assert_eq!(policy.reopen_window, Span::days(10));
    assert_eq!(policy.back_dating, Span::days(3));
    assert_eq!(policy.max_extensions, 1);
    assert!(!policy.neutral_closes && !policy.waiver);
    let window = RevisitWindow {
        from: Span::days(1),
        to: Span::days(3),
    };
    assert_eq!(policy.revisit_window, window);
    let reasons = [PauseReason::AwaitingCustomer, PauseReason::Legal];
    assert_eq!(policy.pause.reasons, reasons);
    assert_eq!(policy.pause.longest, Span::days(30));
    let unreachable = UnreachableRule {
        attempts: 3,
        days: 2,
    };
    assert_eq!(policy.unreachable, unreachable);
}

#[test]
fn trees_grow_from_what_is_extended() {
    let policy = base();
    let label = policy.categories.label("shop/queue", Language::Chinese);
    assert_eq!(label, "排队");
    assert_eq!(policy.categories.iter().count(), 31 + 2);
    assert_eq!(
        policy.causes.label("service/rota", Language::English),
        "Rota"
    );
    assert_eq!(policy.causes.iter().count(), 32 + 1);
}

#[test]
fn a_code_of_what_is_extended_can_be_renamed() {
    let text = "version = \"1\"\nextends = \"standard\"\n[categories]\nother = { zh_cn = \"其它\", en = \"Else\" }";
    let policy = Policy::parse(text, "policy.toml").unwrap();
    assert_eq!(policy.categories.label("other", Language::English), "Else");
    assert_eq!(policy.categories.iter().count(), 31);
}

#[test]
fn departments_work_by_their_calendars() {
    let policy = base();
    let logistics = &policy.departments[&code("logistics")];
    assert_eq!(logistics.name, Some(name("物流部", "Logistics")));
    assert_eq!(logistics.head, Some(code("li.na")));
    let due = |department: &str, from: &str, hours: i64| {
        let calendar = policy.calendar_of(Some(&code(department)));
        calendar
            .due(from.parse().unwrap(), Span::hours(hours))
            .unwrap()
            .to_string()
    };
    // Friday 6 March 2026, 15:00: two and a half hours are left; Saturday gives three; the rest is on Monday.
    assert_eq!(
        due("logistics", "2026-03-06T15:00:00+08:00", 6),
        "2026-03-09T01:30:00Z"
    );
    // By the other calendar nobody works on that Saturday: two and a half on Friday, three and a half from Monday 9:00.
    assert_eq!(
        due("quality", "2026-03-06T15:00:00+08:00", 6),
        "2026-03-09T04:30:00Z"
    );
    // Saturday 14 February 2026 has hours of its own, up to 12:00; Sunday is off, on Monday 9:00 the fourth hour begins.
    assert_eq!(
        due("logistics", "2026-02-14T09:00:00+08:00", 4),
        "2026-02-16T02:00:00Z"
    );
    // Without a calendar of its own a department works by that of the organisation: 1 May is a day of rest.
    assert_eq!(
        due("desk", "2026-05-01T09:00:00+08:00", 1),
        "2026-05-02T02:00:00Z"
    );
}

#[test]
fn routes_and_authority() {
    let policy = base();
    let route = |category: &str, department: &str| Route {
        category: category.parse().unwrap(),
        department: code(department),
    };
    let routes = [route("delivery", "logistics"), route("shop", "desk")];
    assert_eq!(policy.routing, routes);
    let commands = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let agent = Authority {
        role: code("agent"),
        commands: commands(&[
            "receive",
            "classify",
            "assign",
            "give_feedback",
            ADOPT_POLICY,
        ]),
        departments: None,
    };
    let handler = Authority {
        role: code("handler"),
        commands: commands(&["resolve", "note"]),
        departments: Some(vec![code("logistics"), code("desk")]),
    };
    let supervisor = Authority {
        role: code("supervisor"),
        commands: commands(&["amend"]),
        departments: None,
    };
    assert_eq!(policy.authority, [agent, handler, supervisor]);
}

#[test]
fn limits_go_before_those_of_what_is_extended() {
    let policy = base();
    let shop = |severity, priority, target| TargetRule {
        clock: ClockKind::Resolution,
        category: Some("shop".to_owned()),
        severity,
        priority,
        target: Some(target),
    };
    let four_hours = Target::WorkingTime(Span::hours(4));
    let five_days = Target::WorkingDays(5.try_into().unwrap());
    let thirty_days = Target::CalendarDays(30.try_into().unwrap());
    let own = [
        shop(Some(Severity::Critical), None, four_hours),
        shop(None, Some(Priority::High), five_days),
        TargetRule::all(ClockKind::Final, thirty_days),
    ];
    let (first, rest) = policy.targets.split_at(3);
    assert_eq!(first, own);
    assert_eq!(rest, Policy::standard().targets);
    let terms = Terms {
        category: Some("shop/queue".parse().unwrap()),
        severity: Some(Severity::Minor),
        priority: Some(Priority::High),
    };
    assert_eq!(
        policy.target(ClockKind::Resolution, &terms),
        Some(five_days)
    );
}

#[test]
fn a_limit_for_all_takes_the_place_of_every_other() {
    let text = "version = \"1\"\nextends = \"standard\"\ntarget = [{ clock = \"first_response\", elapsed = \"1h\" }, { clock = \"feedback\", none = true }]";
    let policy = Policy::parse(text, "policy.toml").unwrap();
    let rules = |clock| {
        policy
            .targets
            .iter()
            .filter(move |rule| rule.clock == clock)
            .collect::<Vec<_>>()
    };
    let hour = TargetRule::all(ClockKind::FirstResponse, Target::Elapsed(Span::hours(1)));
    assert_eq!(rules(ClockKind::FirstResponse), [&hour]);
    assert_eq!(rules(ClockKind::Feedback).len(), 1);
    assert_eq!(
        policy.target(ClockKind::Feedback, &Terms::UNCLASSIFIED),
        None
    );
    assert_eq!(rules(ClockKind::Handling).len(), 4);
}

#[test]
fn a_moment_is_an_instant_whatever_its_zone() {
    let text = "version = \"1\"\nextends = \"standard\"\ntarget = [{ clock = \"final\", at = 2026-12-31T18:00:00+08:00 }]";
    let policy = Policy::parse(text, "policy.toml").unwrap();
    let target = policy.target(ClockKind::Final, &Terms::UNCLASSIFIED);
    assert_eq!(
        target,
        Some(Target::At("2026-12-31T10:00:00Z".parse().unwrap()))
    );
}

#[test]
fn the_ladder_takes_the_place_of_the_one_that_is_extended() {
    let rung = |clock, percent, level: Option<u8>, to| Rung {
        clock,
        percent,
        level: level.map(Level::new),
        to,
    };
    let desk = Assignee::person(code("desk"), code("wang.fang"));
    let ladder = [
        rung(None, 80, None, None),
        rung(None, 100, Some(1), Some(desk)),
        rung(Some(ClockKind::Final), 50, Some(2), None),
    ];
    assert_eq!(base().ladder, ladder);
}

#[test]
fn intake_and_templates() {
    let policy = base();
    let intake = [
        IntakeRule {
            channel: None,
            required: vec![IntakeField::Contact],
        },
        IntakeRule {
            channel: Some(Channel::Email),
            required: vec![IntakeField::OrderRef, IntakeField::Product],
        },
    ];
    assert_eq!(policy.intake, intake);
    let received = Template {
        channels: vec![Channel::Email, Channel::Sms],
        text: name(
            "您的投诉 {complaint} 已受理。",
            "We have received your complaint {complaint}.",
        ),
    };
    assert_eq!(policy.templates[&code("received")], received);
}

/// The page that describes the file.
const PAGE: &str = include_str!("../../../../../docs/policy.md");

#[test]
fn the_example_of_the_page_is_a_good_file() {
    let (_, rest) = PAGE.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let policy = Policy::parse(example, "policy.md").unwrap();
    assert_eq!(policy.route("card/instalment"), Some(&code("cards")));
}

#[test]
fn the_page_tells_every_name_that_can_stand_in_a_file() {
    let told = |name: &str| assert!(PAGE.contains(&format!("`{name}`")), "{name} is not told");
    COMMANDS.into_iter().for_each(told);
    Metric::ALL.map(Metric::name).into_iter().for_each(told);
    Dimension::ALL
        .map(Dimension::name)
        .into_iter()
        .for_each(told);
    IntakeField::ALL
        .map(IntakeField::name)
        .into_iter()
        .for_each(told);
    Channel::ALL.map(Channel::code).into_iter().for_each(told);
    Shipped::ALL.map(Shipped::name).into_iter().for_each(told);
    for place in Placeholder::ALL.map(Placeholder::name) {
        told(&format!("{{{place}}}"));
    }
    // Whatever the good file says is said with a key that is described.
    for line in BASE.lines() {
        if let Some((key, _)) = line.split_once(" = ")
            && !key.starts_with('"')
            && key != "shop"
        {
            told(key);
        }
    }
}

#[test]
fn every_command_has_its_name_in_the_list() {
    let sources = [
        include_str!("../../../src/command.rs"),
        include_str!("../../../src/action/command.rs"),
    ];
    let names = sources.into_iter().flat_map(|source| {
        let body = source.split("pub const fn name(&self)").nth(1).unwrap();
        let body = body.split("\n    }").next().unwrap();
        body.split('"').skip(1).step_by(2)
    });
    // What is about the ledger as a whole is no command about a complaint or an action.
    let names = names.chain([HOLD, RELEASE, ADOPT_POLICY]);
    assert_eq!(names.collect::<Vec<_>>(), COMMANDS);
}

#[test]
fn every_field_of_an_intake_has_the_name_it_is_stored_under() {
    for field in IntakeField::ALL {
        let stored = serde_json::to_value(field).unwrap();
        assert_eq!(stored, field.name());
    }
}

#[test]
fn warnings_are_added_replaced_and_switched_off() {
    let policy = base();
    let names: Vec<&str> = policy.warnings.keys().map(|name| name.as_str()).collect();
    let expected = [
        "late_work",
        "many_for_our_size",
        "overdue",
        "safety",
        "same_product_and_cause",
        "slow",
    ];
    assert_eq!(names, expected);
    let late = &policy.warnings[&code("late_work")];
    assert_eq!(late.by, [Dimension::Department, Dimension::Person]);
    assert_eq!(
        (late.metric, late.cooldown),
        (Metric::Overdue, Span::hours(12))
    );
    assert!(late.scope.safety);
    let text = "version = \"1\"\nextends = \"standard\"\n[[warning]]\nname = \"overdue\"\nmetric = \"count\"\n\
        window = \"1d\"\nred = { at_least = 9 }\nprocedure = { zh_cn = \"核实\", en = \"Find out\" }\n";
    let policy = Policy::parse(text, "ours.toml").unwrap();
    assert_eq!(policy.warnings.len(), Policy::standard().warnings.len());
    let overdue = &policy.warnings[&code("overdue")];
    assert_eq!(
        (overdue.metric, overdue.owner.as_ref()),
        (Metric::Count, None)
    );
}

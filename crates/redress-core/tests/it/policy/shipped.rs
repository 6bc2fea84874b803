//! The policies that redress carries with it.

use std::fmt::Write as _;

use redress_core::calendar::{Calendar, WorkingTime};
use redress_core::event::{PauseReason, Priority, Severity};
use redress_core::policy::{RevisitWindow, Rung, Shipped, TargetRule, UnreachableRule, compare};
use redress_core::taxonomy::Taxonomy;
use redress_core::{ClockKind, Level, Policy, Span, Target, Terms, Timestamp};

#[test]
fn each_is_read_without_a_fault_and_says_something() {
    let standard = Policy::standard();
    for shipped in Shipped::ALL {
        let name = shipped.name();
        let policy = Policy::parse(shipped.text(), name).unwrap();
        assert_eq!(policy, shipped.policy(), "{name}");
        assert_eq!(Shipped::named(name), Some(shipped));
        if shipped != Shipped::Standard {
            let more = compare(&standard, &policy);
            assert!(more.len() > 3, "{name} hardly differs: {more:?}");
            assert!(
                more.iter().any(|difference| difference.key == "version"),
                "{name}"
            );
        }
    }
}

#[test]
fn examples_say_that_they_are_examples() {
    for shipped in Shipped::ALL {
        let is_named = shipped.name().starts_with("example_");
        let is_marked = shipped.text().starts_with("# EXAMPLE, not advice: ");
        let version = shipped.policy().version;
        assert_eq!(is_named, is_marked, "{}", shipped.name());
        assert_eq!(
            is_named,
            version.as_str().starts_with("EXAMPLE-"),
            "{version}"
        );
    }
}

#[test]
fn industries_extend_the_standard_trees_and_change_nothing_else() {
    let standard = Policy::standard();
    let industries = [
        (Shipped::Catering, "hygiene/tableware", 15, 5),
        (Shipped::ECommerce, "description/goods/counterfeit", 18, 5),
        (Shipped::Automotive, "product_quality/vehicle/brakes", 20, 5),
        (Shipped::Travel, "itinerary/changed", 16, 4),
        (Shipped::Bank, "price/wrong_charging/interest", 24, 4),
        (Shipped::Telecom, "network/signal/indoor", 17, 4),
        (Shipped::Insurance, "claims/slow", 16, 5),
    ];
    for (shipped, category, categories, causes) in industries {
        let policy = shipped.policy();
        assert!(policy.categories.knows(category), "{category}");
        let count = |tree: &Taxonomy| tree.iter().count();
        assert_eq!(
            count(&policy.categories),
            31 + categories,
            "{}",
            shipped.name()
        );
        assert_eq!(count(&policy.causes), 32 + causes, "{}", shipped.name());
        let other = compare(&standard, &policy).into_iter().find(|difference| {
            let key = difference.key.as_str();
            difference.before.is_some() && key != "version"
        });
        assert_eq!(other, None, "{}", shipped.name());
    }
}

/// What the standard was while it was still written in code.
#[test]
fn the_standard_has_the_limits_it_always_had() {
    use ClockKind::{
        Acknowledge, Assignment, Feedback, FirstResponse, Handling, Resolution, Revisit,
    };
    use Priority::{High, Low, Normal, Urgent};

    let standard = Policy::standard();
    let days = |days| Target::Elapsed(Span::days(days));
    let hours = |hours| Target::Elapsed(Span::hours(hours));
    let untold = [Acknowledge, FirstResponse, Feedback, Revisit].map(|clock| TargetRule {
        clock,
        category: Some("imported".to_owned()),
        severity: None,
        priority: None,
        target: None,
    });
    let mut rules = Vec::from(untold);
    rules.extend([
        TargetRule::all(Acknowledge, hours(24)),
        TargetRule::priority(FirstResponse, Urgent, hours(4)),
        TargetRule::priority(FirstResponse, High, hours(24)),
        TargetRule::all(FirstResponse, hours(48)),
        TargetRule::priority(Assignment, Urgent, hours(2)),
        TargetRule::all(Assignment, hours(24)),
        TargetRule::priority(Handling, Urgent, days(2)),
        TargetRule::priority(Handling, High, days(3)),
        TargetRule::priority(Handling, Normal, days(5)),
        TargetRule::all(Handling, days(7)),
        TargetRule::priority(Resolution, Urgent, days(3)),
        TargetRule::priority(Resolution, High, days(5)),
        TargetRule::priority(Resolution, Normal, days(10)),
        TargetRule::priority(Resolution, Low, days(15)),
        TargetRule::all(Resolution, days(10)),
        TargetRule::all(Feedback, hours(24)),
        TargetRule::all(Revisit, days(3)),
    ]);
    assert_eq!(standard.targets, rules);
    let ladder = [(50, None), (80, None), (100, Some(1)), (150, Some(2))];
    let rungs = ladder.map(|(percent, level)| Rung {
        clock: None,
        percent,
        level: level.map(Level::new),
        to: None,
    });
    assert_eq!(standard.ladder, rungs);
}

#[test]
fn the_standard_has_the_settings_it_always_had() {
    let standard = Policy::standard();
    assert_eq!(standard.version.as_str(), "standard-1");
    assert!(standard.guards_conduct());
    assert_eq!(standard.at_risk_percent, 80);
    let window = RevisitWindow {
        from: Span::days(1),
        to: Span::days(3),
    };
    assert_eq!(standard.revisit_window, window);
    assert_eq!(standard.quality_department.as_str(), "quality");
    assert_eq!(standard.max_level, Level::new(3));
    assert_eq!(standard.max_cycles, 3);
    assert_eq!(standard.reopen_window, Span::days(10));
    assert_eq!(standard.back_dating, Span::hours(72));
    let reasons = [
        PauseReason::AwaitingCustomer,
        PauseReason::AwaitingThirdParty,
        PauseReason::Appraisal,
        PauseReason::Legal,
        PauseReason::ForceMajeure,
    ];
    assert_eq!(standard.pause.reasons, reasons);
    assert_eq!(standard.pause.longest, Span::days(30));
    let unreachable = UnreachableRule {
        attempts: 3,
        days: 2,
    };
    assert_eq!(standard.unreachable, unreachable);
    assert!(!standard.neutral_closes && !standard.waiver);
    assert_eq!(standard.max_extensions, 1);
    assert!(standard.departments.is_empty() && standard.calendars.is_empty());
    assert!(standard.routing.is_empty() && standard.authority.is_empty());
    assert!(standard.intake.is_empty() && standard.templates.is_empty());
    assert_eq!(standard.calendar, None);
}

#[test]
fn the_standard_has_the_trees_it_always_had() {
    let mut trees = String::new();
    for (name, tree) in [
        ("categories", Taxonomy::categories()),
        ("causes", Taxonomy::causes()),
    ] {
        for (path, label) in tree.iter() {
            writeln!(trees, "{name}\t{path}\t{}\t{}", label.zh_cn, label.en).unwrap();
        }
    }
    assert_eq!(trees, include_str!("../../data/standard_trees.tsv"));
}

/// Fifteen days, thirty for what is complex, and one extension with approval.
#[test]
fn a_chinese_bank_has_15_or_30_days_and_one_extension() {
    let policy = Shipped::ExampleCnBank.policy();
    let days = |severity: Severity| {
        let mut terms = Terms::UNCLASSIFIED;
        terms.severity = Some(severity);
        policy.target(ClockKind::Final, &terms)
    };
    let calendar_days = |days: u32| Some(Target::CalendarDays(days.try_into().unwrap()));
    assert_eq!(days(Severity::Minor), calendar_days(15));
    assert_eq!(days(Severity::Serious), calendar_days(30));
    assert_eq!(days(Severity::Critical), calendar_days(30));
    assert_eq!(policy.max_extensions, 1);
    // The 15th day after 2 March 2026 in Beijing ends when the 18th begins there.
    let calendar = policy.calendar_of(None);
    let due = calendar.due_calendar_days(at("2026-03-02T10:00:00+08:00"), 15.try_into().unwrap());
    assert_eq!(due.unwrap(), at("2026-03-18T00:00:00+08:00"));
}

/// Eight weeks are 56 days; the third business day skips a bank holiday.
#[test]
fn a_british_firm_has_three_business_days_or_eight_weeks() {
    let policy = Shipped::ExampleUkDisp.policy();
    let minor = Terms {
        severity: Some(Severity::Minor),
        ..Terms::UNCLASSIFIED
    };
    let three = Target::WorkingDays(3.try_into().unwrap());
    assert_eq!(policy.target(ClockKind::Resolution, &minor), Some(three));
    let eight_weeks = Target::CalendarDays(56.try_into().unwrap());
    assert_eq!(policy.target(ClockKind::Final, &minor), Some(eight_weeks));
    // Received on Thursday 2 April 2026, before Good Friday and Easter Monday: Tuesday, Wednesday, Thursday.
    let calendar = policy.calendar_of(None);
    let due = calendar.due_working_days(at("2026-04-02T12:00:00+01:00"), 3.try_into().unwrap());
    assert_eq!(due.unwrap(), at("2026-04-10T00:00:00+01:00"));
}

/// Thirteen working days over the Spring Festival of 2026, with its two make-up days.
#[test]
fn a_city_hotline_has_thirteen_working_days() {
    let policy = Shipped::ExampleCnHotline.policy();
    let thirteen = Target::WorkingDays(13.try_into().unwrap());
    let all = Terms::UNCLASSIFIED;
    assert_eq!(policy.target(ClockKind::Final, &all), Some(thirteen));
    // From Tuesday 10 February: 11, 12, 13, 14 (a Saturday, worked), then off from 15 to 23; 24, 25, 26, 27, 28 (worked),
    // 2, 3, 4 and 5 March are the tenth to the thirteenth.
    let calendar = policy.calendar_of(None);
    let due = calendar.due_working_days(at("2026-02-10T10:00:00+08:00"), 13.try_into().unwrap());
    assert_eq!(due.unwrap(), at("2026-03-06T00:00:00+08:00"));
    let hours = [
        "09:00-12:00".parse().unwrap(),
        "13:30-17:30".parse().unwrap(),
    ];
    let office = WorkingTime::new(&Calendar::china(&hours)).unwrap();
    let morning = at("2026-02-14T09:00:00+08:00");
    let seven_hours = Span::hours(7);
    assert_eq!(
        calendar.due(morning, seven_hours).unwrap(),
        office.due(morning, seven_hours).unwrap()
    );
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

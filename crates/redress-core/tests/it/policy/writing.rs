//! Policies written as TOML, and read again.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use redress_core::action::AlertLevel;
use redress_core::calendar::{Exception, Hours, Schedule, Tz, Week, Weekday};
use redress_core::event::{Assignee, Channel, Flag, PauseReason, Priority, Severity};
use redress_core::policy::warning::{Limit, Metric, Scope, Threshold, Unit};
use redress_core::policy::{
    Authority, COMMANDS, ConfirmationRule, Department, DuplicateRule, IntakeField, IntakeRule,
    PauseRule, ReviewRule, RevisitWindow, Route, Rung, Shipped, TargetRule, Template,
    UnreachableRule, WarningRule,
};
use redress_core::{
    Calendar, ClockKind, Dimension, Label, Level, Name, Policy, Span, Target, Timestamp,
    WorkingTime,
};

use super::base;

#[track_caller]
fn check(policy: &Policy) {
    let text = policy.to_toml();
    let read = Policy::parse(&text, "written.toml").unwrap();
    assert_eq!(&read, policy);
    assert_eq!(read.to_toml(), text);
}

#[test]
fn what_is_shipped_is_written_as_it_is_read() {
    for shipped in Shipped::ALL {
        check(&shipped.policy());
    }
    check(&base());
}

/// Whatever a later release ships under a name, the text does not ask for it.
#[test]
fn the_text_needs_nothing_else() {
    let text = "version = \"1\"\nextends = \"bank\"\n\
        calendars.office = { zone = \"Asia/Shanghai\", holidays = \"china\", make_up = [\"09:00-12:00\"], \
        week = { workdays = [\"09:00-12:00\"] }, first = 2026-02-01, last = 2026-02-28 }\n";
    let policy = Policy::parse(text, "ours.toml").unwrap();
    let written = policy.to_toml();
    assert!(written.starts_with("version = \"1\"\n"));
    for word in ["extends", "holidays", "make_up ="] {
        assert!(!written.contains(word), "{word}");
    }
    // In February 2026 the 15th to the 23rd are off, and Saturdays the 14th and the 28th are worked.
    let calendar = written.split("[calendars.\"office\"]").nth(1).unwrap();
    let calendar = calendar.split("\n\n").next().unwrap();
    let days: String = (15..=23)
        .map(|day| format!("    2026-02-{day},\n"))
        .collect();
    let expected = format!(
        "\nversion = \"1\"\nzone = \"Asia/Shanghai\"\nfirst = 2026-02-01\nlast = 2026-02-28\n\
         week = {{ monday = [\"09:00-12:00\"], tuesday = [\"09:00-12:00\"], wednesday = [\"09:00-12:00\"], \
         thursday = [\"09:00-12:00\"], friday = [\"09:00-12:00\"] }}\n\
         rest = [\n{days}]\n\
         work = [\n    {{ date = 2026-02-14, periods = [\"09:00-12:00\"] }},\n    \
         {{ date = 2026-02-28, periods = [\"09:00-12:00\"] }},\n]"
    );
    assert_eq!(calendar, expected);
}

fn span() -> impl Strategy<Value = Span> {
    (1_i64..10_000_000).prop_map(Span::seconds)
}

fn names() -> impl Strategy<Value = Name> {
    let words = "[a-zA-Z投诉 \"\\\\'#=\\[\\]]{0,8}x";
    (words, words).prop_map(|(zh_cn, en)| Name { zh_cn, en })
}

fn target() -> impl Strategy<Value = Option<Target>> {
    let days = || (1_u32..36_525).prop_map(|days| NonZeroU32::new(days).unwrap());
    let instant = any::<u32>().prop_map(|offset| {
        Timestamp::from_micros(1_700_000_000_000_000 + i64::from(offset)).unwrap()
    });
    prop_oneof![
        Just(None),
        span().prop_map(|span| Some(Target::Elapsed(span))),
        span().prop_map(|span| Some(Target::WorkingTime(span))),
        days().prop_map(|days| Some(Target::WorkingDays(days))),
        days().prop_map(|days| Some(Target::CalendarDays(days))),
        instant.prop_map(|instant| Some(Target::At(instant))),
    ]
}

/// Rules that all can count: from narrow to wide.
fn targets() -> impl Strategy<Value = Vec<TargetRule>> {
    let clocks = ClockKind::ALL
        .into_iter()
        .filter(|kind| *kind != ClockKind::Promise);
    let rules = clocks.map(|clock| {
        let severity = prop::option::of(select(vec![
            Severity::Minor,
            Severity::Moderate,
            Severity::Serious,
            Severity::Critical,
        ]));
        let priority = select(vec![
            Priority::Low,
            Priority::Normal,
            Priority::High,
            Priority::Urgent,
        ]);
        let narrow =
            (severity, priority, target()).prop_map(move |(severity, priority, target)| {
                TargetRule {
                    clock,
                    category: Some("price/refund".to_owned()),
                    severity,
                    priority: Some(priority),
                    target,
                }
            });
        let wide = target().prop_map(move |target| TargetRule {
            clock,
            category: None,
            severity: None,
            priority: None,
            target,
        });
        (prop::option::of(narrow), prop::option::of(wide))
    });
    rules.collect::<Vec<_>>().prop_map(|rules| {
        let flat = rules.into_iter().flat_map(|(narrow, wide)| [narrow, wide]);
        flat.flatten().collect()
    })
}

fn period() -> impl Strategy<Value = String> {
    (0_u16..12, 0_u16..60, 12_u16..24)
        .prop_map(|(from, minute, to)| format!("{from:02}:{minute:02}-{to:02}:{minute:02}"))
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let zone = select(vec![Tz::Asia__Shanghai, Tz::Europe__London, Tz::UTC]);
    let week = prop::collection::vec(prop::option::of(period()), 7);
    let exceptions = prop::collection::btree_map(0_u64..300, prop::option::of(period()), 0..9);
    let hours = (week, exceptions).prop_map(|(week, exceptions)| {
        let first: redress_core::calendar::NaiveDate = "2026-01-01".parse().unwrap();
        let mut day = Weekday::Mon;
        let mut weekdays = Week::new().with(day, &["09:00-10:00".parse().unwrap()]);
        for periods in week {
            if let Some(period) = periods {
                weekdays = weekdays.with(day, &[period.parse().unwrap()]);
            }
            day = day.succ();
        }
        let exceptions = exceptions.into_iter().map(|(after, period)| {
            let date = first
                .iter_days()
                .nth(usize::try_from(after).unwrap())
                .unwrap();
            let exception = period.map_or(Exception::Rest, |period| {
                Exception::Work(vec![period.parse().unwrap()])
            });
            (date, exception)
        });
        Hours::Scheduled(Schedule {
            first,
            last: "2026-12-31".parse().unwrap(),
            week: weekdays,
            exceptions: exceptions.collect(),
        })
    });
    let hours = prop_oneof![4 => hours, 1 => Just(Hours::Always)];
    (zone, hours, "[a-z0-9.]{1,8}").prop_map(|(zone, hours, version)| Calendar {
        name: "office".to_owned(),
        version,
        zone,
        hours,
    })
}

fn templates() -> impl Strategy<Value = Vec<(Label, Template)>> {
    let template =
        (subsequence(Channel::ALL.to_vec(), 0..4), names()).prop_map(|(channels, name)| {
            let worded = |words: &str| format!("{words}\n{{complaint}}");
            Template {
                channels,
                text: Name {
                    zh_cn: worded(&name.zh_cn),
                    en: worded(&name.en),
                },
            }
        });
    prop::collection::vec(template, 0..3).prop_map(|templates| {
        let named = templates.into_iter().enumerate();
        named
            .map(|(number, template)| (format!("t {number}").parse().unwrap(), template))
            .collect()
    })
}

fn authority() -> impl Strategy<Value = Vec<Authority>> {
    prop::option::of(subsequence(COMMANDS.to_vec(), 1..5)).prop_map(|some| {
        let own = |commands: Vec<&str>| commands.into_iter().map(str::to_owned).collect();
        some.map_or_else(Vec::new, |some| {
            vec![
                Authority {
                    role: "agent".parse().unwrap(),
                    commands: own(some),
                    departments: Some(vec!["desk".parse().unwrap()]),
                },
                Authority {
                    role: "head".parse().unwrap(),
                    commands: own(COMMANDS.to_vec()),
                    departments: None,
                },
            ]
        })
    })
}

/// Rules of early warning: each metric with thresholds that fit it.
fn warnings() -> impl Strategy<Value = Vec<(Label, WarningRule)>> {
    let rule = (
        select(Metric::ALL.to_vec()),
        subsequence(Dimension::ALL.to_vec(), 1..4),
        (span(), span(), names()),
        (1_u32..400, 1_u64..1_000, 2_u32..100),
        (any::<bool>(), any::<bool>(), any::<bool>()),
    );
    let rule = rule.prop_map(
        |(metric, by, (window, cooldown, procedure), numbers, flags)| {
            let (share, number, periods) = numbers;
            let (is_scoped, looks_back, has_owner) = flags;
            let fixed = match (metric, metric.unit()) {
                (Metric::Timeliness, _) => Threshold::AtMost { per_mille: share },
                (_, Unit::Share) => Threshold::AtLeast(Limit::PerMille(share)),
                (_, Unit::Number) => Threshold::AtLeast(Limit::Number(number)),
                (_, Unit::Time) => Threshold::AtLeast(Limit::Time(window)),
            };
            let mut levels = BTreeMap::from([(AlertLevel::Red, fixed)]);
            if looks_back {
                let sigmas = share % 10 + 1;
                levels.insert(AlertLevel::Yellow, Threshold::Sigmas { sigmas, periods });
                let percent = share;
                levels.insert(AlertLevel::Orange, Threshold::Growth { percent, periods });
            }
            let scope = Scope {
                category: Some("delivery".parse().unwrap()),
                severity: Some(Severity::Serious),
                priority: Some(Priority::High),
                channel: Some(Channel::Sms),
                product: Some("P \"1\"".parse().unwrap()),
                department: Some("desk".parse().unwrap()),
                safety: true,
                flag: Some(Flag::PublicityRisk),
            };
            WarningRule {
                metric,
                by,
                scope: if is_scoped { scope } else { Scope::default() },
                window,
                served: if metric == Metric::Rate { number } else { 0 },
                min_sample: if metric.has_sample() { number } else { 0 },
                levels,
                cooldown,
                owner: has_owner
                    .then(|| Assignee::person("desk".parse().unwrap(), "li.na".parse().unwrap())),
                procedure,
            }
        },
    );
    let name = "[a-z\u{201c}]{1,4}w".prop_map(|name| name.parse().unwrap());
    prop::collection::vec((name, rule), 0..4)
}

prop_compose! {
    fn policy()(
        targets in targets(),
        calendar in prop::option::of(calendar()),
        head in prop::option::of("[a-z.]{1,6}z"),
        department_name in prop::option::of(names()),
        authority in authority(),
        (at_risk_percent, max_level, max_cycles) in (1_u16..=100, 4_u8..=255, 1_u32..=1_000),
        (from, longer, reopen_window, back_dating, longest) in (span(), span(), span(), span(), span()),
        reasons in subsequence(vec![
            PauseReason::AwaitingCustomer, PauseReason::AwaitingThirdParty, PauseReason::Appraisal,
            PauseReason::Legal, PauseReason::ForceMajeure,
        ], 0..=5),
        (days, more) in (1_u32..500, 0_u32..500),
        (neutral_closes, waiver, max_extensions) in (any::<bool>(), any::<bool>(), 0_u32..=1_000),
        required in subsequence(IntakeField::ALL.to_vec(), 1..4),
        percents in subsequence((1_u16..=1_000).collect::<Vec<_>>(), 0..4),
        templates in templates(),
        (min_description_chars, review_within, confirm_within, duplicates_within)
            in (0_u32..=1_000, prop::option::of(span()), prop::option::of(span()), span()),
        channels in subsequence(Channel::ALL.to_vec(), 0..4),
        warnings in warnings(),
    ) -> Policy {
        let desk: redress_core::DepartmentId = "desk".parse().unwrap();
        let name: Label = "of\u{201c}fice\u{201d}".parse().unwrap();
        let rungs = percents.into_iter().enumerate().map(|(index, percent)| Rung {
            clock: (index == 0).then_some(ClockKind::Resolution),
            percent,
            level: (index > 0).then(|| Level::new(u8::try_from(index).unwrap())),
            to: (index == 2).then(|| Assignee::department(desk.clone())),
        });
        let calendars = calendar.iter().map(|calendar| {
            (name.clone(), std::sync::Arc::new(WorkingTime::new(calendar).unwrap()))
        });
        let department = Department {
            name: department_name,
            head: head.map(|head| head.parse().unwrap()),
            calendar: calendar.as_ref().map(|_| name.clone()),
        };
        Policy {
            version: "2026 \"7\"".parse().unwrap(),
            departments: [(desk.clone(), department)].into(),
            calendars: calendars.collect(),
            calendar: calendar.as_ref().map(|_| name.clone()),
            routing: vec![Route { category: "price".parse().unwrap(), department: desk.clone() }],
            authority,
            targets,
            at_risk_percent,
            revisit_window: RevisitWindow { from, to: from + longer },
            quality_department: desk.clone(),
            max_level: Level::new(max_level),
            ladder: rungs.collect(),
            intake: vec![IntakeRule { channel: None, required }],
            templates: templates.into_iter().collect(),
            warnings: warnings.into_iter().collect(),
            max_cycles,
            reopen_window,
            back_dating,
            pause: PauseRule { reasons, longest },
            unreachable: UnreachableRule { attempts: days + more, days },
            neutral_closes,
            waiver,
            max_extensions,
            min_description_chars,
            review: ReviewRule { role: "head".parse().unwrap(), within: review_within },
            confirmation: ConfirmationRule { channels, within: confirm_within },
            duplicates: DuplicateRule { within: duplicates_within },
            ..Policy::standard()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_policy_is_read_as_it_was_written(policy in policy()) {
        let text = policy.to_toml();
        let read = Policy::parse(&text, "written.toml");
        prop_assert_eq!(read.as_ref(), Ok(&policy), "{}", text);
        prop_assert_eq!(read.map(|read| read.to_toml()), Ok(text));
    }
}

//! Rules as text: what is read, what is refused and in which words, and that writing is the way back.

use proptest::prelude::*;
use redress_core::{EventType, Span};
use redress_rules::{
    Clause, Condition, Constraint, Domain, Field, Limit, Pattern, Person, Rule, STANDARD, Shape,
    Template, Test, Who, parse, standard, write,
};

#[track_caller]
fn refused(text: &str, expected: &str) {
    let errors = parse(text, "r").unwrap_err();
    assert_eq!(errors.to_string(), expected);
}

#[track_caller]
fn clause(text: &str) -> Clause {
    let rules = parse(&format!("rule r \"\": {text}"), "r").unwrap();
    rules[0].clause().clone()
}

#[test]
fn operators_bind_as_the_table_says() {
    let a = || Clause::from(Pattern::of(EventType::Paused));
    let b = || Clause::from(Pattern::of(EventType::Resumed));
    let c = || Clause::from(Pattern::of(EventType::Closed));
    assert_eq!(clause("paused or resumed and closed"), a().or(b().and(c())));
    assert_eq!(clause("paused and resumed or closed"), a().and(b()).or(c()));
    assert_eq!(
        clause("paused implies resumed implies closed"),
        a().implies(b().implies(c()))
    );
    assert_eq!(
        clause("paused until resumed and closed"),
        a().until(b()).and(c())
    );
    assert_eq!(clause("not paused until resumed"), (!a()).until(b()));
    assert_eq!(
        clause("always next paused"),
        Clause::always(Clause::next(a()))
    );
    assert_eq!(
        clause("not paused anew at closed"),
        !a().anew_at(Pattern::of(EventType::Closed))
    );
}

#[test]
fn what_may_follow_a_template_is_read() {
    let (resolved, revisited) = (EventType::Resolved, EventType::Revisited);
    let pair = || {
        Constraint::two(
            Template::NotResponse,
            Pattern::of(resolved),
            Pattern::of(revisited),
        )
    };
    assert_eq!(
        clause(
            "not_response(resolved, revisited) by agent same as actor within 90m working \"the office\""
        ),
        pair()
            .by_actor(Who::same_as(Person::Agent, Person::Actor))
            .within(Limit::working(
                Span::minutes(90),
                "the office".parse().unwrap()
            ))
            .into()
    );
    assert_eq!(
        clause("not_response(resolved, revisited) by agent other than lead"),
        pair()
            .by_actor(Who::differs_from(Person::Agent, Person::Lead))
            .into()
    );
    assert_eq!(
        clause("exactly(closed | reopened, 3)"),
        Constraint::counted(
            Template::Exactly,
            Pattern::of(EventType::Closed).or(EventType::Reopened),
            3
        )
        .into()
    );
}

#[test]
fn faults_point_at_the_word() {
    refused(
        "",
        "r:1:1: there is no rule in it; write one, such as: rule told \"…\": response(received, feedback)",
    );
    refused("rles", "r:1:1: found `rles`; here should stand `rule`");
    refused(
        "rule 四眼 \"\": closed",
        "r:1:6: a rule's name is one word of small letters, digits and `_`, and begins with a letter",
    );
    refused(
        "rule a b",
        "r:1:8: found `b`; here should stand what the rule says, in double quotes on one line",
    );
    refused(
        "rule a \"b",
        "r:1:8: found a quote that does not end on its line; here should stand what the rule says, in double quotes on one line",
    );
    refused(
        "rule a \"回访\" closed",
        "r:1:13: found `closed`; here should stand `:`",
    );
    refused(
        "rule a \"\":",
        "r:1:11: found the end of the file; here should stand a template, a kind of fact or `(`",
    );
    refused(
        "rule a \"\":\n  respons(received, closed)",
        "r:2:3: there is no template or kind of fact `respons`; did you mean `response`?",
    );
    refused(
        "rule a \"\": response(received)",
        "r:1:29: found `)`; here should stand `,`",
    );
    refused(
        "rule a \"\": response(received, clsed)",
        "r:1:31: there is no kind of fact `clsed`; did you mean `closed`?",
    );
    refused(
        "rule a \"\": absence(closed[reasn is waived])",
        "r:1:27: there is no field `reasn`; did you mean `reason`?",
    );
    refused(
        "rule a \"\": absence(closed[reason is wavied])",
        "r:1:37: `reason` is never `wavied`; did you mean `waived`?",
    );
    refused(
        "rule a \"\": absence(closed[reason waived])",
        "r:1:34: found `waived`; here should stand `is`",
    );
    refused(
        "rule a \"\": absence(closed[upheld is partly])",
        "r:1:27: no such fact has a `upheld`; ask it of `resolved`",
    );
    refused(
        "rule a \"\": absence(closed[cycle is many])",
        "r:1:36: found `many`; here should stand a whole number",
    );
    refused(
        "rule a \"\": absence(closed[cycle is at last 2])",
        "r:1:39: found `last`; here should stand `least` or `most`",
    );
    refused(
        "rule a \"\": response(received, closed) within 3 days",
        "r:1:46: found `3`; here should stand a length of time such as `3d`, `24h`, `90m`, `30s` or `1us`",
    );
    refused(
        "rule a \"\": response(received, closed) by agnt same as actor",
        "r:1:42: there is no person `agnt`; did you mean `agent`?",
    );
    refused(
        "rule a \"\": response(received, closed) by agent as actor",
        "r:1:48: found `as`; here should stand `same as` or `other than`",
    );
    refused(
        "rule a \"\": choice(received, closed) within 3d",
        "r:1:6: `choice` speaks of no order, so neither `by` nor `within` can follow it",
    );
    refused(
        "rule a \"\": absence(closed, 0)",
        "r:1:6: `absence` cannot count to 0; use a number from 1 to 50",
    );
    refused(
        "rule a \"\": response(received, closed) within 0d",
        "r:1:6: a limit must be longer than nothing",
    );
    refused(
        "rule a \"\": always (response(received, closed) within 3d)",
        "r:1:6: inside `next`, `always`, `eventually` and `until` there can be neither `by` nor `within` nor `anew at`; put them outside, or make several rules of it",
    );
    refused(
        "rule a \"\": closed closed",
        "r:1:19: found `closed`; here should stand `and`, `or`, `implies`, `until` or the next `rule`",
    );
    refused(
        "rule a \"\": closed rule a \"\": paused",
        "r:1:24: there is a rule `a` already; give this one another name",
    );
}

#[test]
fn each_rule_tells_its_first_fault() {
    let text = "rule a \"\": clsed\nrule b \"\": closed\nrule c \"\": absence(closd)\n";
    refused(
        text,
        "r:1:12: there is no template or kind of fact `clsed`; did you mean `closed`?\n\
         r:3:20: there is no kind of fact `closd`; did you mean `closed`?",
    );
}

#[test]
fn what_grows_too_large_is_refused() {
    let deep = format!(
        "rule a \"\": {}closed{}",
        "(".repeat(100_000),
        ")".repeat(100_000)
    );
    let unclosed = format!("rule a \"\": {}", "(".repeat(100_000));
    for text in [deep, unclosed] {
        refused(
            &text,
            "r:1:76: the rule has more than 64 operators and parentheses; make several rules of it",
        );
    }
    // Each is refused at the operator that is one too many: 64 of them, with their blanks, behind eleven characters.
    for operator in [
        "not ",
        "always ",
        "next ",
        "eventually ",
        "closed until (",
        "closed implies ",
    ] {
        let text = format!("rule a \"\": {}closed", operator.repeat(100_000));
        let found = parse(&text, "r").unwrap_err().to_string();
        assert!(
            found.ends_with("more than 64 operators and parentheses; make several rules of it"),
            "{found}"
        );
    }
    let long = format!("rule a \"\": closed{}", " and closed".repeat(40));
    refused(
        &long,
        "r:1:6: the rule is nested more than 32 deep; make several rules of it",
    );
    let kinds: Vec<String> = EventType::ALL[..9]
        .iter()
        .map(|kind| format!("eventually {}", kind.name()))
        .collect();
    refused(
        &format!("rule a \"\": {}", kinds.join(" and ")),
        "r:1:6: one formula can speak of 8 patterns, and this speaks of 9; make several rules of it",
    );
}

#[test]
fn the_shipped_rules_are_written_as_the_same_rules() {
    assert_eq!(parse(&write(&standard()), "again").unwrap(), standard());
    assert!(STANDARD.lines().count() > 40);
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("not".to_owned()),
        Just("at".to_owned()),
        "[a-z_./-]{1,6}",
        "[a-z\"\\\\ 退#]{1,6}",
    ]
    .prop_filter("a code", |word| {
        redress_core::Label::new(word.as_str()).is_ok()
    })
}

fn condition(field: Field) -> BoxedStrategy<Condition> {
    let taken = |field: Field| move |test: Test| Condition::new(field, test).ok();
    let both = |words: BoxedStrategy<String>| {
        (words, any::<bool>()).prop_map(|(word, is)| {
            if is {
                Test::Is(word)
            } else {
                Test::IsNot(word)
            }
        })
    };
    match field.domain() {
        Domain::Number => (0_u32..9, 0..3)
            .prop_map(|(number, which)| match which {
                0 => Test::Exactly(number),
                1 => Test::AtLeast(number),
                _ => Test::AtMost(number),
            })
            .prop_filter_map("a condition", taken(field))
            .boxed(),
        Domain::Words(words) => both(
            prop::sample::select(words.to_vec())
                .prop_map(str::to_owned)
                .boxed(),
        )
        .prop_filter_map("a condition", taken(field))
        .boxed(),
        Domain::Code | Domain::Path => both(word().boxed())
            .prop_filter_map("a condition", taken(field))
            .boxed(),
    }
}

fn some_pattern() -> impl Strategy<Value = Pattern> {
    let kinds = prop::sample::subsequence(EventType::ALL.to_vec(), 1..=16);
    let field = prop::sample::select(Field::ALL.to_vec());
    let conditions = prop::collection::vec(field.prop_flat_map(condition), 0..3);
    (kinds, conditions).prop_map(|(kinds, conditions)| {
        let others = EventType::ALL
            .into_iter()
            .filter(|kind| !kinds.contains(kind));
        let applies = |condition: &Condition| {
            kinds
                .iter()
                .any(|kind| condition.field().of().contains(kind))
        };
        conditions
            .into_iter()
            .filter(applies)
            .fold(Pattern::except(others), Pattern::where_)
    })
}

fn constraint() -> impl Strategy<Value = Constraint> {
    let template = prop::sample::select(Template::ALL.to_vec());
    let person = || prop::sample::select(Person::ALL.to_vec());
    let who = prop::option::of((person(), any::<bool>(), person()));
    let span = prop_oneof![
        1_i64..=i64::MAX,
        (1_i64..50).prop_map(|days| days * 86_400_000_000)
    ];
    let within = prop::option::of((span, prop::option::of(word())));
    (
        template,
        some_pattern(),
        some_pattern(),
        1_u32..6,
        who,
        within,
    )
        .prop_map(|(template, first, second, count, who, within)| {
            let mut constraint = match template.shape() {
                Shape::One => Constraint::one(template, first),
                Shape::Counted => Constraint::counted(template, first, count),
                Shape::Two | Shape::Ordered => Constraint::two(template, first, second),
            };
            if template.shape() == Shape::Ordered {
                if let Some((second, same, first)) = who {
                    constraint = constraint.by_actor(Who {
                        second,
                        same,
                        first,
                    });
                }
                if let Some((span, calendar)) = within {
                    let span = Span::micros(span);
                    constraint = constraint.within(match calendar {
                        Some(name) => Limit::working(span, name.parse().unwrap()),
                        None => Limit::elapsed(span),
                    });
                }
            }
            constraint
        })
}

fn any_clause() -> impl Strategy<Value = Clause> {
    let leaf = prop_oneof![
        some_pattern().prop_map(Clause::from),
        constraint().prop_map(Clause::from),
    ];
    leaf.prop_recursive(3, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), 0..4).prop_map(|(one, which)| match which {
                0 => !one,
                1 => Clause::next(one),
                2 => Clause::always(one),
                _ => Clause::eventually(one),
            }),
            (inner.clone(), some_pattern()).prop_map(|(one, at)| one.anew_at(at)),
            (inner.clone(), inner, 0..4).prop_map(|(one, two, which)| match which {
                0 => one.and(two),
                1 => one.or(two),
                2 => one.implies(two),
                _ => one.until(two),
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_written_is_read_again(clause in any_clause(), words in "[a-z\"\\\\ 回访#]{0,9}") {
        // Some clauses are no rules; whichever are, come back.
        if let Ok(rule) = Rule::new("r", words, clause) {
            let text = write(std::slice::from_ref(&rule));
            let again = parse(&text, "again").map_err(|errors| TestCaseError::fail(format!("{text}{errors}")))?;
            prop_assert_eq!(again, vec![rule], "{}", text);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
        let _ = parse(&text, "any");
    }

    #[test]
    fn no_order_of_words_breaks_the_reader(words in prop::collection::vec(prop::sample::select(vec![
        "rule", "a", "b", "\"\"", "\"", ":", "(", ")", "[", "]", ",", "|", "not", "always", "next", "until", "and", "or",
        "implies", "anew", "at", "by", "within", "3d", "9223372036854775807d", "working", "same", "as", "actor", "received",
        "closed", "any", "except", "response", "absence", "99999999999", "level", "is", "least", "#", "\n", "退款", "\u{202e}",
    ]), 0..40)) {
        let _ = parse(&words.join(" "), "any");
        let _ = parse(&format!("rule a \"\": {}", words.join(" ")), "any");
    }
}

//! From words to rules: clauses, and templates with what may follow them.

use redress_core::policy::advice;
use redress_core::{EventType, Label, Span};

use super::error::Fault;
use super::lexer::{Kind, Token, tokens};
use crate::clause::{Clause, Constraint, Limit, Who};
use crate::observation::Person;
use crate::rule::Rule;
use crate::template::{Shape, Template};

/// More operators and parentheses than this in one rule are not followed.
const MOST_OPERATORS: usize = 64;

/// How much of a wrong word a message repeats, in characters.
const SHOWN_CHARS: usize = 40;

/// Units of time, and how many microseconds they have; from large to small.
pub(super) const UNITS: [(&str, i64); 5] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("us", 1),
];

pub(super) type Parsed<T> = Result<T, Fault>;

pub(super) struct Parser {
    tokens: Vec<Token>,
    next: usize,
    operators: usize,
}

impl Parser {
    pub(super) fn new(text: &str) -> Self {
        Self {
            tokens: tokens(text),
            next: 0,
            operators: 0,
        }
    }

    /// Every rule that can be read, and the first fault of every other one.
    pub(super) fn rules(mut self) -> (Vec<Rule>, Vec<Fault>) {
        let (mut rules, mut faults): (Vec<Rule>, Vec<Fault>) = (Vec::new(), Vec::new());
        while *self.peek() != Kind::End {
            let name_at = self.tokens.get(self.next + 1).map_or(0, |token| token.at);
            match self.rule() {
                Ok(rule) if rules.iter().any(|known| known.name() == rule.name()) => {
                    faults.push(Fault {
                        at: name_at,
                        message: format!(
                            "there is a rule `{}` already; give this one another name",
                            rule.name()
                        ),
                    });
                }
                Ok(rule) => rules.push(rule),
                Err(fault) => {
                    faults.push(fault);
                    self.skip_to_next_rule();
                }
            }
        }
        if rules.is_empty() && faults.is_empty() {
            faults.push(Fault {
                at: 0,
                message: "there is no rule in it; write one, such as: \
                          rule told \"…\": response(received, feedback)"
                    .to_owned(),
            });
        }
        (rules, faults)
    }

    fn skip_to_next_rule(&mut self) {
        while *self.peek() != Kind::End && !self.is_word("rule") {
            self.next += 1;
        }
    }

    fn rule(&mut self) -> Parsed<Rule> {
        self.operators = 0;
        self.word("rule")?;
        let at = self.at();
        let Some(name) = self.take_word() else {
            return Err(self.expected("the rule's name"));
        };
        let Kind::Quoted(words) = self.peek().clone() else {
            return Err(self.expected("what the rule says, in double quotes on one line"));
        };
        self.next += 1;
        self.sign(':')?;
        let clause = self.clause()?;
        if *self.peek() != Kind::End && !self.is_word("rule") {
            return Err(self.expected("`and`, `or`, `implies`, `until` or the next `rule`"));
        }
        Rule::new(name, words, clause).map_err(|fault| Fault {
            at,
            message: fault.to_string(),
        })
    }

    fn clause(&mut self) -> Parsed<Clause> {
        let one = self.alternatives()?;
        if self.operator("implies")? {
            return Ok(one.implies(self.clause()?));
        }
        Ok(one)
    }

    fn alternatives(&mut self) -> Parsed<Clause> {
        let mut all = self.conjunction()?;
        while self.operator("or")? {
            all = all.or(self.conjunction()?);
        }
        Ok(all)
    }

    fn conjunction(&mut self) -> Parsed<Clause> {
        let mut all = self.stretch()?;
        while self.operator("and")? {
            all = all.and(self.stretch()?);
        }
        Ok(all)
    }

    fn stretch(&mut self) -> Parsed<Clause> {
        let one = self.single()?;
        if self.operator("until")? {
            return Ok(one.until(self.single()?));
        }
        Ok(one)
    }

    fn single(&mut self) -> Parsed<Clause> {
        if self.operator("not")? {
            return Ok(!self.single()?);
        }
        if self.operator("next")? {
            return Ok(Clause::next(self.single()?));
        }
        if self.operator("always")? {
            return Ok(Clause::always(self.single()?));
        }
        if self.operator("eventually")? {
            return Ok(Clause::eventually(self.single()?));
        }
        let mut clause = self.primary()?;
        while self.operator("anew")? {
            self.word("at")?;
            clause = clause.anew_at(self.pattern()?);
        }
        Ok(clause)
    }

    fn primary(&mut self) -> Parsed<Clause> {
        if *self.peek() == Kind::Sign('(') {
            self.count_operator()?;
            self.next += 1;
            let clause = self.clause()?;
            self.sign(')')?;
            return Ok(clause);
        }
        let Kind::Word(word) = self.peek().clone() else {
            return Err(self.expected("a template, a kind of fact or `(`"));
        };
        if let Some(template) = named(&word, Template::ALL, Template::name) {
            self.next += 1;
            return Ok(self.constraint(template)?.into());
        }
        let kinds = EventType::ALL.map(EventType::name);
        if kinds.contains(&word.as_str()) || ["any", "except"].contains(&word.as_str()) {
            return Ok(self.pattern()?.into());
        }
        let known = ["always", "any", "eventually", "except", "next", "not"].into_iter();
        let known = known.chain(Template::ALL.map(Template::name)).chain(kinds);
        Err(self.unknown("template or kind of fact", &word, known))
    }

    fn constraint(&mut self, template: Template) -> Parsed<Constraint> {
        self.sign('(')?;
        let first = self.pattern()?;
        let mut constraint = match template.shape() {
            Shape::One => Constraint::one(template, first),
            Shape::Counted => {
                let count = if self.is_sign(',') {
                    self.next += 1;
                    self.number()?
                } else {
                    1
                };
                Constraint::counted(template, first, count)
            }
            Shape::Two | Shape::Ordered => {
                self.sign(',')?;
                Constraint::two(template, first, self.pattern()?)
            }
        };
        self.sign(')')?;
        if self.is_word("by") {
            self.next += 1;
            constraint = constraint.by_actor(self.who()?);
        }
        if self.is_word("within") {
            self.next += 1;
            constraint = constraint.within(self.limit()?);
        }
        Ok(constraint)
    }

    fn who(&mut self) -> Parsed<Who> {
        let second = self.one_of("person", Person::ALL, Person::name)?;
        let same = match self.peek() {
            Kind::Word(word) if word == "same" => true,
            Kind::Word(word) if word == "other" => false,
            Kind::Word(_) | Kind::Quoted(_) | Kind::Unclosed | Kind::Sign(_) | Kind::End => {
                return Err(self.expected("`same as` or `other than`"));
            }
        };
        self.next += 1;
        self.word(if same { "as" } else { "than" })?;
        let first = self.one_of("person", Person::ALL, Person::name)?;
        Ok(Who {
            second,
            same,
            first,
        })
    }

    fn limit(&mut self) -> Parsed<Limit> {
        let span = match self.peek() {
            Kind::Word(word) => span(word),
            Kind::Quoted(_) | Kind::Unclosed | Kind::Sign(_) | Kind::End => None,
        };
        let Some(span) = span else {
            return Err(
                self.expected("a length of time such as `3d`, `24h`, `90m`, `30s` or `1us`")
            );
        };
        self.next += 1;
        if !self.is_word("working") {
            return Ok(Limit::elapsed(span));
        }
        self.next += 1;
        let at = self.at();
        let Some(name) = self.take_value() else {
            return Err(self.expected("the name of a calendar"));
        };
        let calendar = Label::new(name).map_err(|fault| Fault {
            at,
            message: format!("the name of the calendar {fault}"),
        })?;
        Ok(Limit::working(span, calendar))
    }

    // What the grammar is made of.

    pub(super) fn peek(&self) -> &Kind {
        self.tokens
            .get(self.next)
            .map_or(&Kind::End, |token| &token.kind)
    }

    pub(super) fn at(&self) -> usize {
        let token = self.tokens.get(self.next).or(self.tokens.last());
        token.map_or(0, |token| token.at)
    }

    pub(super) fn advance(&mut self) {
        self.next += 1;
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        *self.peek() == Kind::Sign(sign)
    }

    pub(super) fn is_word(&self, wanted: &str) -> bool {
        matches!(self.peek(), Kind::Word(word) if word == wanted)
    }

    pub(super) fn sign(&mut self, sign: char) -> Parsed<()> {
        if !self.is_sign(sign) {
            return Err(self.expected(&format!("`{sign}`")));
        }
        self.next += 1;
        Ok(())
    }

    pub(super) fn word(&mut self, word: &str) -> Parsed<()> {
        if !self.is_word(word) {
            return Err(self.expected(&format!("`{word}`")));
        }
        self.next += 1;
        Ok(())
    }

    fn operator(&mut self, word: &str) -> Parsed<bool> {
        if !self.is_word(word) {
            return Ok(false);
        }
        self.count_operator()?;
        self.next += 1;
        Ok(true)
    }

    fn count_operator(&mut self) -> Parsed<()> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            return Err(Fault {
                at: self.at(),
                message: format!(
                    "the rule has more than {MOST_OPERATORS} operators and parentheses; make several rules of it"
                ),
            });
        }
        Ok(())
    }

    fn take_word(&mut self) -> Option<String> {
        let Kind::Word(word) = self.peek().clone() else {
            return None;
        };
        self.next += 1;
        Some(word)
    }

    /// A word, or anything in quotes.
    pub(super) fn take_value(&mut self) -> Option<String> {
        let value = match self.peek() {
            Kind::Word(text) | Kind::Quoted(text) => Some(text.clone()),
            Kind::Unclosed | Kind::Sign(_) | Kind::End => None,
        };
        self.next += usize::from(value.is_some());
        value
    }

    pub(super) fn number(&mut self) -> Parsed<u32> {
        let number = match self.peek() {
            Kind::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => word.parse().ok(),
            Kind::Word(_) | Kind::Quoted(_) | Kind::Unclosed | Kind::Sign(_) | Kind::End => None,
        };
        let Some(number) = number else {
            return Err(self.expected("a whole number"));
        };
        self.next += 1;
        Ok(number)
    }

    /// One of some things that have names.
    pub(super) fn one_of<T: Copy, const N: usize>(
        &mut self,
        what: &str,
        all: [T; N],
        name: fn(T) -> &'static str,
    ) -> Parsed<T> {
        let Kind::Word(word) = self.peek().clone() else {
            return Err(self.expected(&format!("a {what}, such as `{}`", all.map(name)[0])));
        };
        let Some(found) = named(&word, all, name) else {
            return Err(self.unknown(what, &word, all.map(name)));
        };
        self.next += 1;
        Ok(found)
    }

    fn unknown(
        &self,
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> Fault {
        let advice = advice(word, known);
        Fault {
            at: self.at(),
            message: format!("there is no {what} `{}`; {advice}", shown(word)),
        }
    }

    pub(super) fn expected(&self, wanted: &str) -> Fault {
        let found = match self.peek() {
            Kind::Word(word) => format!("`{}`", shown(word)),
            Kind::Quoted(text) => format!("\"{}\"", shown(text)),
            Kind::Unclosed => "a quote that does not end on its line".to_owned(),
            Kind::Sign(sign) => format!("`{sign}`"),
            Kind::End => "the end of the file".to_owned(),
        };
        Fault {
            at: self.at(),
            message: format!("found {found}; here should stand {wanted}"),
        }
    }
}

fn named<T: Copy, const N: usize>(
    word: &str,
    all: [T; N],
    name: fn(T) -> &'static str,
) -> Option<T> {
    all.into_iter().find(|one| name(*one) == word)
}

/// A whole number with a unit, such as `24h`.
fn span(word: &str) -> Option<Span> {
    let digits = word.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = word.split_at(digits);
    let (_, each) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    number
        .parse::<i64>()
        .ok()?
        .checked_mul(each)
        .map(Span::micros)
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

//! From words to patterns: kinds of fact, and conditions on them.

use redress_core::EventType;

use super::error::Fault;
use super::lexer::Kind;
use super::parser::{Parsed, Parser};
use crate::condition::{Condition, Test};
use crate::field::{Domain, Field};
use crate::pattern::Pattern;

impl Parser {
    pub(super) fn pattern(&mut self) -> Parsed<Pattern> {
        let mut pattern = if self.is_word("any") {
            self.advance();
            Pattern::any()
        } else if self.is_word("except") {
            self.advance();
            Pattern::except(self.kinds()?)
        } else {
            Pattern::of_kinds(self.kinds()?)
        };
        if self.is_sign('[') {
            self.advance();
            pattern = self.condition(pattern)?;
            while self.is_sign(',') {
                self.advance();
                pattern = self.condition(pattern)?;
            }
            self.sign(']')?;
        }
        Ok(pattern)
    }

    fn kinds(&mut self) -> Parsed<Vec<EventType>> {
        let mut kinds = vec![self.kind()?];
        while self.is_sign('|') {
            self.advance();
            kinds.push(self.kind()?);
        }
        Ok(kinds)
    }

    fn kind(&mut self) -> Parsed<EventType> {
        self.one_of("kind of fact", EventType::ALL, EventType::name)
    }

    fn condition(&mut self, pattern: Pattern) -> Parsed<Pattern> {
        let at = self.at();
        let field = self.one_of("field", Field::ALL, Field::name)?;
        if !pattern.kinds().any(|kind| field.of().contains(&kind)) {
            let of: Vec<String> = field
                .of()
                .iter()
                .map(|kind| format!("`{}`", kind.name()))
                .collect();
            return Err(Fault {
                at,
                message: format!(
                    "no such fact has a `{}`; ask it of {}",
                    field.name(),
                    of.join(", ")
                ),
            });
        }
        self.word("is")?;
        let at = self.at();
        let test = if field.domain() == Domain::Number {
            self.number_test()?
        } else {
            self.word_test()?
        };
        let condition = Condition::new(field, test).map_err(|fault| Fault {
            at,
            message: fault.to_string(),
        })?;
        Ok(pattern.where_(condition))
    }

    fn word_test(&mut self) -> Parsed<Test> {
        let wanted = !self.is_word("not");
        if !wanted {
            self.advance();
        }
        let Some(value) = self.take_value() else {
            return Err(self.expected("a word, or anything else in double quotes"));
        };
        Ok(if wanted {
            Test::Is(value)
        } else {
            Test::IsNot(value)
        })
    }

    fn number_test(&mut self) -> Parsed<Test> {
        if !self.is_word("at") {
            return self.number().map(Test::Exactly);
        }
        self.advance();
        let least = match self.peek() {
            Kind::Word(word) if word == "least" => true,
            Kind::Word(word) if word == "most" => false,
            Kind::Word(_) | Kind::Quoted(_) | Kind::Unclosed | Kind::Sign(_) | Kind::End => {
                return Err(self.expected("`least` or `most`"));
            }
        };
        self.advance();
        let number = self.number()?;
        Ok(if least {
            Test::AtLeast(number)
        } else {
            Test::AtMost(number)
        })
    }
}

//! Licence expressions (SPDX 2.3, annex D): names joined by `AND`, `OR` and `WITH`, with parentheses.
//!
//! `/`, which older packages write for `OR`, is read as such.

/// Whether an expression can be met by allowed licences alone.
pub(crate) fn is_allowed(expression: &str, allowed: &[String]) -> Result<bool, &'static str> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut reader = Reader {
        words: spaced.split_whitespace().collect(),
        next: 0,
        allowed,
    };
    let met = reader.either()?;
    if reader.peek().is_some() {
        return Err("goes on where its end was expected");
    }
    Ok(met)
}

struct Reader<'a> {
    words: Vec<&'a str>,
    next: usize,
    allowed: &'a [String],
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.next += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<bool, &'static str> {
        let mut met = self.all()?;
        while self.take("OR") {
            met |= self.all()?;
        }
        Ok(met)
    }

    fn all(&mut self) -> Result<bool, &'static str> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Ok(met)
    }

    fn one(&mut self) -> Result<bool, &'static str> {
        if self.take("(") {
            let met = self.either()?;
            return if self.take(")") {
                Ok(met)
            } else {
                Err("has no closing parenthesis")
            };
        }
        let name = self.name()?;
        if self.take("WITH") {
            let exception = self.name()?;
            return Ok(self.knows(&format!("{name} WITH {exception}")));
        }
        Ok(self.knows(name))
    }

    fn name(&mut self) -> Result<&'a str, &'static str> {
        match self.peek() {
            None => Err("ends where a licence was expected"),
            Some("AND" | "OR" | "WITH" | "(" | ")") => {
                Err("has a sign where a licence was expected")
            }
            Some(name) => {
                self.next += 1;
                Ok(name)
            }
        }
    }

    fn knows(&self, name: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expression: &str, expected: Result<bool, &'static str>) {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }

    #[test]
    fn one_allowed_choice_is_enough() {
        check("MIT", Ok(true));
        check("MIT OR GPL-3.0", Ok(true));
        check("GPL-3.0 OR MIT", Ok(true));
        check("GPL-3.0/MIT", Ok(true));
        check("GPL-3.0", Ok(false));
    }

    #[test]
    fn every_part_of_a_whole_must_be_allowed() {
        check("MIT AND Apache-2.0", Ok(true));
        check("MIT AND GPL-3.0", Ok(false));
        check("(MIT OR GPL-3.0) AND Apache-2.0", Ok(true));
        check("MIT OR GPL-3.0 AND BSD-2-Clause", Ok(true));
        check("(MIT OR Apache-2.0) AND GPL-3.0", Ok(false));
    }

    #[test]
    fn an_exception_is_allowed_by_its_own_name() {
        check("Apache-2.0 WITH LLVM-exception", Ok(true));
        check("MIT WITH LLVM-exception", Ok(false));
    }

    #[test]
    fn nonsense_is_no_licence() {
        check("", Err("ends where a licence was expected"));
        check("MIT OR", Err("ends where a licence was expected"));
        check("OR MIT", Err("has a sign where a licence was expected"));
        check("(MIT", Err("has no closing parenthesis"));
        check("MIT)", Err("goes on where its end was expected"));
        check("MIT MIT", Err("goes on where its end was expected"));
    }
}

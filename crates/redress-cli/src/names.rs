//! Names of categories and causes that another system gave, made short for tables.

use std::collections::BTreeSet;

use redress::Language;

/// Shortens names, and remembers what it left out.
#[derive(Default)]
pub(crate) struct Names {
    left_out: BTreeSet<String>,
}

impl Names {
    /// `imported/SOURCE/rest` without its first two steps; any other name as it is.
    pub(crate) fn short<'a>(&mut self, path: &'a str) -> &'a str {
        let (source, rest) = split(path);
        if !source.is_empty() {
            self.left_out.insert(source.to_owned());
        }
        rest
    }

    /// Says what was left out, if anything was.
    pub(crate) fn legend(&self, language: Language) -> Option<String> {
        let left_out: Vec<&str> = self.left_out.iter().map(String::as_str).collect();
        (!left_out.is_empty()).then(|| {
            let left_out = left_out.join(", ");
            match language {
                Language::English => {
                    format!("Left out before names of categories and causes: {left_out}")
                }
                Language::Chinese => format!("分类与成因名称前省略了：{left_out}"),
            }
        })
    }
}

/// The same without a memory; somebody else says what was left out.
pub(crate) fn short(path: &str) -> &str {
    split(path).1
}

/// What is left out of a name, and what is shown.
fn split(path: &str) -> (&str, &str) {
    let source = path
        .strip_prefix("imported/")
        .and_then(|rest| rest.find('/'));
    let end = source.map_or(0, |length| "imported/".len() + length + 1);
    path.split_at_checked(end).unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_systems_are_short_and_the_rest_as_it_is() {
        let mut names = Names::default();
        assert_eq!(names.short("delivery/delay"), "delivery/delay");
        assert_eq!(names.legend(Language::English), None);
        assert_eq!(names.short("imported/uci-incidents/code 6"), "code 6");
        assert_eq!(names.short("imported/uci-incidents/A/B"), "A/B");
        assert_eq!(names.short("imported"), "imported");
        let legend = names.legend(Language::English).unwrap_or_default();
        assert!(legend.ends_with(": imported/uci-incidents/"), "{legend}");
    }
}

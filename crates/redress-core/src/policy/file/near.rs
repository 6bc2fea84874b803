//! Guessing which name somebody meant.

use super::source::shown;

/// Names longer than this are not compared; nobody mistypes one.
const LONGEST: usize = 64;

/// What to do about a name that is not among the known ones: the one that was meant, or those to choose from.
///
/// ```
/// use redress_core::policy::advice;
///
/// assert_eq!(advice("emial", ["email", "sms"]), "did you mean `email`?");
/// assert_eq!(advice("fax", ["email", "sms"]), "use one of `email` or `sms`");
/// ```
#[must_use]
pub fn advice<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(name, &known) {
        return format!("did you mean `{near}`?");
    }
    match known.as_slice() {
        [] => "there is none to choose from".to_owned(),
        [only] => format!("use `{only}`"),
        [first @ .., last] if known.len() <= 30 => {
            let first: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("use one of {} or `{last}`", first.join(", "))
        }
        [first, ..] => format!(
            "use one of the {} there are, such as `{first}`",
            known.len()
        ),
    }
}

/// The known name that differs least, if it differs little.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name: Vec<char> = shown(name).to_lowercase().chars().collect();
    let allowed = (name.len() / 3).clamp(1, 3);
    known
        .iter()
        .filter(|other| other.len() <= LONGEST)
        .map(|other| {
            let letters: Vec<char> = other.to_lowercase().chars().collect();
            (distance(&name, &letters), *other)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, other)| other)
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(letter != other);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && a[i - 1] == *other && *letter == b[j - 1];
            if swapped {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: usize) {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
        assert_eq!(distance(&letters(b), &letters(a)), expected, "{b} {a}");
    }

    #[test]
    fn letters_are_counted() {
        check("", "", 0);
        check("", "abc", 3);
        check("level", "levle", 1);
        check("route", "routes", 1);
        check("email", "e-mail", 1);
        check("kitten", "sitting", 3);
    }

    #[test]
    fn advice_names_what_is_near_and_else_what_there_is() {
        assert_eq!(advice("emial", ["email", "sms"]), "did you mean `email`?");
        assert_eq!(
            advice("fax", ["email", "post", "sms"]),
            "use one of `email`, `post` or `sms`"
        );
        assert_eq!(advice("fax", ["email"]), "use `email`");
        assert_eq!(advice("fax", []), "there is none to choose from");
    }
}

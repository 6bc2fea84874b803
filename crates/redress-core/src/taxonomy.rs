//! Trees of codes with names: what customers complain of, and why it happened.

use std::collections::BTreeMap;

use crate::id::{CategoryPath, is_path_within};
use crate::language::{Language, Name};
use crate::policy::Policy;

/// The root below which any code is known: classes of complaints that another system recorded under its own tree.
///
/// Below it, each source has a branch of its own, such as `imported/uci-incidents`, so that trees of different sources never mix.
pub const IMPORTED: &str = "imported";

/// The cause that stands for "not yet known"; it asks for a date until when it will be.
pub const UNDETERMINED: &str = "undetermined";

/// A tree of codes, written as paths, with a name for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taxonomy {
    names: BTreeMap<String, Name>,
}

impl Taxonomy {
    /// The standard tree of categories: what customers complain of.
    #[must_use]
    pub fn categories() -> Self {
        Policy::standard().categories
    }

    /// The standard tree of causes: why it happened.
    #[must_use]
    pub fn causes() -> Self {
        Policy::standard().causes
    }

    /// Puts a code into the tree, or gives it another name.
    pub(crate) fn insert(&mut self, path: &CategoryPath, name: Name) {
        self.names.insert(path.as_str().to_owned(), name);
    }

    /// Whether the tree knows this code, or lets any code of its branch in.
    ///
    /// ```
    /// use redress_core::taxonomy::Taxonomy;
    ///
    /// let causes = Taxonomy::causes();
    /// assert!(causes.knows("service/slow_response"));
    /// assert!(causes.knows("imported/helpdesk/code 6"));
    /// assert!(!causes.knows("service/bad_luck"));
    /// ```
    #[must_use]
    pub fn knows(&self, path: &str) -> bool {
        self.names.contains_key(path) || is_path_within(path, IMPORTED)
    }

    /// The name of a code, if it has one.
    #[must_use]
    pub fn name(&self, path: &str) -> Option<&Name> {
        self.names.get(path)
    }

    /// The name of a code in a language; the code itself where it has no name.
    #[must_use]
    pub fn label<'a>(&'a self, path: &'a str, language: Language) -> &'a str {
        self.names
            .get(path)
            .map_or(path, |name| name.in_language(language))
    }

    /// Every code with its name, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Name)> {
        self.names.iter().map(|(path, name)| (path.as_str(), name))
    }
}

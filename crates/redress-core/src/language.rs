//! The two languages redress speaks to people.

use serde::{Deserialize, Serialize};

/// A language for labels and messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese, as used on the Chinese mainland.
    Chinese,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Simplified Chinese.
    pub zh_cn: String,
    /// English.
    pub en: String,
}

impl Name {
    /// The name in this language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh_cn,
        }
    }
}

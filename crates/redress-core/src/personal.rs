//! Personal data, kept apart from the facts it belongs to.

use std::fmt;

/// A value that tells who somebody is.
///
/// It is stored in a part of its own, never in the public part of a fact, and neither `Debug` nor an error message ever shows it.
///
/// ```
/// use redress_core::Personal;
///
/// let name = Personal::Known("王芳".to_owned());
/// assert_eq!(format!("{name:?}"), "Personal(..)");
/// assert_eq!(name.known().map(String::as_str), Some("王芳"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Personal<T> {
    /// The value is here.
    Known(T),
    /// The value is not here: there never was one, it was erased, or whoever reads holds no key.
    #[default]
    Withheld,
}

impl<T> Personal<T> {
    /// The value, if it is here.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Withheld => None,
        }
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "Personal(..)",
            Self::Withheld => "Withheld",
        })
    }
}

/// `Debug` for what tells who somebody is: the name of the type and nothing of its value.
macro_rules! redacted {
    ($($name:ident),+ $(,)?) => {$(
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}
pub(crate) use redacted;

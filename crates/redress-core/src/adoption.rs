//! Rules as a fact: what is recorded when rules are adopted, and what keeps rules from being adopted.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{CommandId, Label};
use crate::policy::{Policy, PolicyErrors};
use crate::time::Timestamp;

/// Rules were adopted: from a moment on, decisions are made and clocks are started under them.
///
/// The text says all of them and needs nothing else, so that they mean the same under every later release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyAdopted {
    /// What this set of rules is called, as the text says it too.
    pub version: Label,
    /// SHA-256 of the text, in lower-case hexadecimal digits.
    pub digest: String,
    /// From when they are in force; [`Timestamp::MIN`] for the founding rules of a ledger.
    pub in_force_from: Timestamp,
    /// The rules, as [`Policy::to_toml`] writes them.
    pub text: String,
}

/// Why rules cannot be adopted, or a recorded adoption cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdoptionFault {
    /// The rules cannot be written as a text that is read again; they were put together by a program.
    #[error("the rules `{version}` cannot be written down as a policy file: {errors}")]
    Unwritable {
        /// What they are called.
        version: Label,
        /// What is wrong with their text.
        errors: Box<PolicyErrors>,
    },
    /// Their text does not say all of them: they do not guard conduct, or hold a time finer than a second.
    #[error(
        "no policy file says all of the rules `{version}`; let them guard conduct, and give times in whole seconds"
    )]
    SaysLess {
        /// What they are called.
        version: Label,
    },
    /// The recorded digest is not that of the recorded text.
    #[error(
        "the text of the adopted rules `{version}` is not the one that was adopted: its digest differs"
    )]
    DigestDiffers {
        /// What they are called.
        version: Label,
    },
    /// The recorded text is no policy.
    #[error("the adopted rules `{version}` cannot be read: {errors}")]
    Unreadable {
        /// What they are called.
        version: Label,
        /// What is wrong with them.
        errors: Box<PolicyErrors>,
    },
    /// The recorded version is not that of the recorded text.
    #[error("the rules adopted as `{version}` call themselves `{in_text}`")]
    VersionDiffers {
        /// What the adoption calls them.
        version: Label,
        /// What their text calls them.
        in_text: Label,
    },
    /// Another text was adopted under the same version.
    #[error("rules `{version}` were adopted before, with another text")]
    VersionReused {
        /// What both are called.
        version: Label,
    },
    /// They are in force from before the rules that were adopted last.
    #[error(
        "the rules `{version}` are in force from {in_force_from}, before those adopted last, from {previous}"
    )]
    OutOfOrder {
        /// What they are called.
        version: Label,
        /// From when they are in force.
        in_force_from: Timestamp,
        /// From when those adopted last are.
        previous: Timestamp,
    },
    /// The first rules of a ledger are not in force from the beginning of time.
    #[error(
        "the first rules `{version}` are in force only from {in_force_from}, so that there are none before"
    )]
    NotFounding {
        /// What they are called.
        version: Label,
        /// From when they are in force.
        in_force_from: Timestamp,
    },
}

impl PolicyAdopted {
    /// The adoption of these rules from a moment on.
    ///
    /// ```
    /// use redress_core::{Policy, PolicyAdopted, Timestamp};
    ///
    /// let from: Timestamp = "2027-01-01T00:00:00+08:00".parse()?;
    /// let adopted = PolicyAdopted::new(&Policy::standard(), from)?;
    /// assert_eq!(adopted.version.as_str(), "standard-1");
    /// assert_eq!(adopted.digest.len(), 64);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdoptionFault::Unwritable`] and [`AdoptionFault::SaysLess`] for rules put together by a program that no policy file
    /// can say. What [`Policy::parse`] has read can be adopted.
    pub fn new(policy: &Policy, in_force_from: Timestamp) -> Result<Self, AdoptionFault> {
        let version = policy.version.clone();
        let text = policy.to_toml();
        match Policy::parse(&text, version.as_str()) {
            Ok(read) if read == *policy => Ok(Self {
                version,
                digest: digest(&text),
                in_force_from,
                text,
            }),
            Ok(_) => Err(AdoptionFault::SaysLess { version }),
            Err(errors) => Err(AdoptionFault::Unwritable {
                version,
                errors: Box::new(errors),
            }),
        }
    }

    /// The adoption of the first rules of a ledger, in force from the beginning of time: history that is taken over has rules
    /// too.
    ///
    /// # Errors
    ///
    /// As [`PolicyAdopted::new`].
    pub fn founding(policy: &Policy) -> Result<Self, AdoptionFault> {
        Self::new(policy, Timestamp::MIN)
    }

    /// The command id under which these are recorded as the founding rules: programs that open a new ledger together found it
    /// once.
    #[must_use]
    pub fn founding_command(&self) -> CommandId {
        CommandId::new(crate::id::derived(&format!("founding\0{}", self.digest)))
    }

    /// The rules.
    ///
    /// # Errors
    ///
    /// [`AdoptionFault::DigestDiffers`], [`AdoptionFault::Unreadable`] and [`AdoptionFault::VersionDiffers`]: the text is not
    /// the one that was adopted.
    pub fn policy(&self) -> Result<Policy, AdoptionFault> {
        let version = || self.version.clone();
        if digest(&self.text) != self.digest {
            return Err(AdoptionFault::DigestDiffers { version: version() });
        }
        let policy = Policy::parse(&self.text, self.version.as_str()).map_err(|errors| {
            AdoptionFault::Unreadable {
                version: version(),
                errors: Box::new(errors),
            }
        })?;
        if policy.version == self.version {
            Ok(policy)
        } else {
            Err(AdoptionFault::VersionDiffers {
                version: version(),
                in_text: policy.version,
            })
        }
    }
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::digest;

    /// The example of FIPS 180-4, as NIST publishes it.
    #[test]
    fn the_digest_is_sha_256() {
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}

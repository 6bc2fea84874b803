//! The rules of a view in its snapshot: the adoptions that it has folded.

use redress_core::{PolicyAdopted, Rulebook};

use super::SnapshotError;
use super::seal::{Unfit, digest};

/// What stands for rules that no adoption changes.
pub(super) const FIXED: &str = "fixed";

/// [`digest`] of the digests of the rules that were adopted, in their order; of fixed rules, the same for all.
#[must_use]
pub fn rules_digest(rules: &Rulebook) -> [u8; 32] {
    if rules.is_fixed() {
        return digest(FIXED);
    }
    let adopted = rules.adoptions().iter();
    let digests: Vec<&str> = adopted.map(|adoption| adoption.digest.as_str()).collect();
    digest(&digests.join(" "))
}

/// The facts by which the rules were adopted, for the snapshot.
///
/// # Errors
///
/// [`SnapshotError`] when rules cannot be written as they were adopted.
pub fn adoptions(rules: &Rulebook) -> Result<Vec<PolicyAdopted>, SnapshotError> {
    let written = rules.adoptions().iter().map(|adoption| {
        let fact = PolicyAdopted::new(&adoption.policy, adoption.in_force_from);
        let fact = fact.map_err(|error| SnapshotError(error.to_string()))?;
        if fact.digest == adoption.digest {
            Ok(fact)
        } else {
            Err(SnapshotError(
                "the adopted rules have another text now".to_owned(),
            ))
        }
    });
    written.collect()
}

/// The same rules with just these adoptions.
///
/// # Errors
///
/// [`Unfit::Damaged`] when one of them cannot follow the one before.
pub fn adopted_anew(rules: &Rulebook, adoptions: &[PolicyAdopted]) -> Result<Rulebook, Unfit> {
    let mut rules = rules.clone();
    rules.forget();
    for adopted in adoptions {
        rules.adopt(adopted).map_err(|_| Unfit::Damaged)?;
    }
    Ok(rules)
}

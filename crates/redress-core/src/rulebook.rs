//! Which rules hold when.
//!
//! Rules change, and what was done is judged by those of its time. Decisions are made under the rules in force at the
//! moment; a clock is read under those in force when it started, whatever was adopted since.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::adoption::{AdoptionFault, PolicyAdopted};
use crate::calendar::WorkingTime;
use crate::clock::{Clock, Pause, Reading};
use crate::id::{Label, Role};
use crate::language::Name;
use crate::ledger_fact::LedgerEvent;
use crate::policy::{ADOPT_POLICY, Policy};
use crate::rejection::Rejection;
use crate::time::Timestamp;

/// The rules of a ledger, by the time from which they are in force.
///
/// Folded from the [`PolicyAdopted`] facts of a ledger. Until the first of them, the rules it was made with hold.
///
/// ```
/// use redress_core::{Policy, PolicyAdopted, Rulebook, Timestamp};
///
/// let stricter = Policy::parse("version = \"2\"\nextends = \"standard\"\nmax_cycles = 2\n", "ours.toml")?;
/// let new_year: Timestamp = "2027-01-01T00:00:00+08:00".parse()?;
///
/// let mut rules = Rulebook::new(Policy::standard());
/// rules.adopt(&PolicyAdopted::founding(&Policy::standard())?)?;
/// rules.adopt(&PolicyAdopted::new(&stricter, new_year)?)?;
/// assert_eq!(rules.in_force_at("2026-12-31T12:00:00+08:00".parse()?).max_cycles, 3);
/// assert_eq!(rules.in_force_at(new_year).max_cycles, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    /// What holds while none were adopted, or whatever is adopted.
    given: Arc<Policy>,
    is_fixed: bool,
    /// In the order they were adopted, which is that of the moments from which they are in force.
    adoptions: Vec<Adoption>,
}

/// Rules that were adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// From when they are in force.
    pub in_force_from: Timestamp,
    /// SHA-256 of their text, in hexadecimal digits.
    pub digest: String,
    /// The rules.
    pub policy: Arc<Policy>,
    /// The rules with their calendars continued by those of later ones.
    timing: Arc<Policy>,
}

impl From<Policy> for Rulebook {
    fn from(founding: Policy) -> Self {
        Self::new(founding)
    }
}

impl From<Arc<Policy>> for Rulebook {
    fn from(founding: Arc<Policy>) -> Self {
        Self::new(founding)
    }
}

impl Rulebook {
    /// The rules of a ledger; until its founding rules are known, these hold.
    #[must_use]
    pub fn new(founding: impl Into<Arc<Policy>>) -> Self {
        Self {
            given: founding.into(),
            is_fixed: false,
            adoptions: Vec::new(),
        }
    }

    /// The same rules at any time, whatever is adopted: for a replay that asks how it would have been under other rules.
    #[must_use]
    pub fn fixed(policy: impl Into<Arc<Policy>>) -> Self {
        Self {
            is_fixed: true,
            ..Self::new(policy)
        }
    }

    /// Whether whatever is adopted changes nothing.
    #[must_use]
    pub const fn is_fixed(&self) -> bool {
        self.is_fixed
    }

    /// The rules in force at a moment.
    #[must_use]
    pub fn in_force_at(&self, at: Timestamp) -> &Arc<Policy> {
        self.adoption_at(at)
            .map_or(&self.given, |adoption| &adoption.policy)
    }

    /// The rules a clock is measured by: those in force when it started.
    ///
    /// Where a calendar of theirs ends, the calendar of the same name of rules adopted later continues it, if the two say the
    /// same about every date that both speak of.
    #[must_use]
    pub fn of_clock(&self, clock: &Clock) -> &Policy {
        self.adoption_at(clock.started_at)
            .map_or(&self.given, |adoption| &adoption.timing)
    }

    /// How a clock of this ledger stands at `now`: [`Clock::read`] under the rules it is measured by.
    #[must_use]
    pub fn read(&self, clock: &Clock, pauses: &[Pause], now: Timestamp) -> Reading {
        clock.read(pauses, self.of_clock(clock), now)
    }

    /// The rules that were adopted, in their order.
    #[must_use]
    pub fn adoptions(&self) -> &[Adoption] {
        &self.adoptions
    }

    /// The name of a category in the rules adopted last that have one; the code itself where none has.
    #[must_use]
    pub fn category_name(&self, code: &str) -> Name {
        self.name(code, |policy, code| policy.categories.name(code))
    }

    /// The name of a cause in the rules adopted last that have one; the code itself where none has.
    #[must_use]
    pub fn cause_name(&self, code: &str) -> Name {
        self.name(code, |policy, code| policy.causes.name(code))
    }

    /// The name of a department in the rules adopted last that have one; the code itself where none has.
    #[must_use]
    pub fn department_name(&self, code: &str) -> Name {
        self.name(code, |policy, code| {
            let mut departments = policy.departments.iter();
            let (_, department) = departments.find(|(id, _)| id.as_str() == code)?;
            department.name.as_ref()
        })
    }

    fn name(&self, code: &str, in_rules: for<'a> fn(&'a Policy, &str) -> Option<&'a Name>) -> Name {
        let given = self.adoptions.is_empty().then_some(&self.given);
        let adopted = self.adoptions.iter().rev().map(|adoption| &adoption.policy);
        let mut newest_first = adopted.chain(given);
        let named = newest_first.find_map(|policy| in_rules(policy, code).cloned());
        named.unwrap_or_else(|| Name {
            zh_cn: code.to_owned(),
            en: code.to_owned(),
        })
    }

    /// Forgets every adoption, so that they can be folded again.
    pub fn forget(&mut self) {
        self.adoptions.clear();
    }

    /// Takes what a fact of the ledger says about its rules.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::adopt`].
    pub fn learn(&mut self, event: &LedgerEvent) -> Result<(), AdoptionFault> {
        match event {
            LedgerEvent::PolicyAdopted(adopted) => self.adopt(adopted),
            LedgerEvent::Refused(_)
            | LedgerEvent::Held(_)
            | LedgerEvent::Released(_)
            | LedgerEvent::ErasureRequested(_)
            | LedgerEvent::KeyDestroyed(_) => Ok(()),
        }
    }

    /// Takes an adoption that was recorded; one of fixed rules changes nothing.
    ///
    /// # Errors
    ///
    /// [`AdoptionFault`]: what [`PolicyAdopted::policy`] says, then [`AdoptionFault::NotFounding`],
    /// [`AdoptionFault::OutOfOrder`], [`AdoptionFault::VersionReused`]. Nothing changed then.
    pub fn adopt(&mut self, adopted: &PolicyAdopted) -> Result<(), AdoptionFault> {
        if self.is_fixed {
            return Ok(());
        }
        let policy = Arc::new(adopted.policy()?);
        self.check_order(adopted)?;
        if self.is_version_reused(adopted) {
            return Err(AdoptionFault::VersionReused {
                version: adopted.version.clone(),
            });
        }
        for earlier in &mut self.adoptions {
            earlier.continue_calendars(&policy);
        }
        self.adoptions.push(Adoption {
            in_force_from: adopted.in_force_from,
            digest: adopted.digest.clone(),
            timing: Arc::clone(&policy),
            policy,
        });
        Ok(())
    }

    /// Decides whether rules may be adopted at `now` by somebody in a role; `Ok(None)` means that these are in force then
    /// already.
    ///
    /// # Errors
    ///
    /// The first that applies of [`Rejection::RulesInThePast`], [`Rejection::NotPermitted`],
    /// [`Rejection::PolicyVersionReused`] and [`Rejection::RulesOutOfOrder`].
    pub fn decide(
        &self,
        wanted: PolicyAdopted,
        role: &Role,
        now: Timestamp,
    ) -> Result<Option<PolicyAdopted>, Rejection> {
        let from = wanted.in_force_from;
        let then = self.adoption_at(from);
        let known = then.is_some_and(|then| then.digest == wanted.digest);
        if from < now && !known {
            return Err(Rejection::RulesInThePast { now });
        }
        if !self.in_force_at(now).permits_everywhere(role, ADOPT_POLICY) {
            return Err(Rejection::NotPermitted {
                role: role.clone(),
                command: ADOPT_POLICY,
            });
        }
        if known {
            return Ok(None);
        }
        if self.is_version_reused(&wanted) {
            return Err(Rejection::PolicyVersionReused {
                version: wanted.version,
            });
        }
        match self.adoptions.last() {
            Some(last) if from < last.in_force_from => Err(Rejection::RulesOutOfOrder {
                last: last.in_force_from,
            }),
            Some(_) | None => Ok(Some(wanted)),
        }
    }

    fn adoption_at(&self, at: Timestamp) -> Option<&Adoption> {
        let begun = self
            .adoptions
            .partition_point(|adoption| adoption.in_force_from <= at);
        // Founding rules are in force from the beginning of time, so there are some, if any.
        self.adoptions.get(begun.saturating_sub(1))
    }

    fn check_order(&self, adopted: &PolicyAdopted) -> Result<(), AdoptionFault> {
        let (version, in_force_from) = (adopted.version.clone(), adopted.in_force_from);
        match self.adoptions.last() {
            None if in_force_from != Timestamp::MIN => Err(AdoptionFault::NotFounding {
                version,
                in_force_from,
            }),
            Some(last) if in_force_from < last.in_force_from => Err(AdoptionFault::OutOfOrder {
                version,
                in_force_from,
                previous: last.in_force_from,
            }),
            Some(_) | None => Ok(()),
        }
    }

    fn is_version_reused(&self, adopted: &PolicyAdopted) -> bool {
        self.adoptions.iter().any(|earlier| {
            earlier.policy.version == adopted.version && earlier.digest != adopted.digest
        })
    }
}

impl Adoption {
    /// Continues the calendars that end by those of rules adopted later.
    fn continue_calendars(&mut self, later: &Policy) {
        let continued: BTreeMap<Label, Arc<WorkingTime>> = self
            .timing
            .calendars
            .iter()
            .filter_map(|(name, calendar)| {
                let continued = calendar.continued_by(later.calendars.get(name)?)?;
                Some((name.clone(), Arc::new(continued)))
            })
            .collect();
        if !continued.is_empty() {
            Arc::make_mut(&mut self.timing).calendars.extend(continued);
        }
    }
}

//! Formulas over finite histories in negation normal form, and what is left of one after a fact.

use std::collections::BTreeSet;

/// A formula, by its place in a [`Formulas`].
pub(crate) type Id = usize;

/// A formula over numbered patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Formula {
    True,
    False,
    /// The pattern of this number matches, or does not.
    Literal(usize, bool),
    And(Id, Id),
    Or(Id, Id),
    /// There is a next place, and it holds there.
    Next(Id),
    /// There is no next place, or it holds there.
    WeakNext(Id),
    Until(Id, Id),
    /// The dual of `Until`: `¬(¬a U ¬b)`.
    Release(Id, Id),
    /// There is a fact here.
    More,
    /// There is none.
    End,
}

/// What is left to fulfil: one of these sets, and of that set every formula.
///
/// Sets that hold more than another one are left out, so the same demand is always written the same way and there are
/// finitely many.
pub(crate) type Residue = BTreeSet<BTreeSet<Id>>;

/// More alternatives than this are too many to follow.
const MOST_ALTERNATIVES: usize = 256;

/// A formula grew too large to follow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// Formulas that share their parts.
#[derive(Debug, Default)]
pub(crate) struct Formulas {
    known: Vec<Formula>,
    ids: std::collections::BTreeMap<Formula, Id>,
}

impl Formulas {
    pub(crate) fn add(&mut self, formula: Formula) -> Id {
        let next = self.known.len();
        let known = &mut self.known;
        *self.ids.entry(formula).or_insert_with(|| {
            known.push(formula);
            next
        })
    }

    fn get(&self, id: Id) -> Formula {
        self.known.get(id).copied().unwrap_or(Formula::False)
    }

    /// What is left of a demand after a fact; `letter` has a bit for each pattern that matches it.
    pub(crate) fn progress(&mut self, residue: &Residue, letter: u32) -> Result<Residue, TooLarge> {
        let mut left = never();
        for set in residue {
            let mut all = nothing();
            for id in set {
                all = both(&all, &self.after(*id, letter)?)?;
            }
            left.extend(all);
        }
        simplify(left)
    }

    fn after(&mut self, id: Id, letter: u32) -> Result<Residue, TooLarge> {
        match self.get(id) {
            Formula::True | Formula::More => Ok(nothing()),
            Formula::False | Formula::End => Ok(never()),
            Formula::Literal(pattern, wanted) => {
                let matches = letter >> pattern & 1 == 1;
                Ok(if matches == wanted {
                    nothing()
                } else {
                    never()
                })
            }
            Formula::And(one, two) => both(&self.after(one, letter)?, &self.after(two, letter)?),
            Formula::Or(one, two) => either(self.after(one, letter)?, self.after(two, letter)?),
            Formula::Next(then) => {
                let more = self.add(Formula::More);
                Ok(Residue::from([BTreeSet::from([then, more])]))
            }
            Formula::WeakNext(then) => {
                let end = self.add(Formula::End);
                Ok(Residue::from([
                    BTreeSet::from([then]),
                    BTreeSet::from([end]),
                ]))
            }
            Formula::Until(hold, goal) => {
                let waiting = both(&self.after(hold, letter)?, &single(id))?;
                either(self.after(goal, letter)?, waiting)
            }
            Formula::Release(free, hold) => {
                let released = either(self.after(free, letter)?, single(id))?;
                both(&self.after(hold, letter)?, &released)
            }
        }
    }

    /// Whether a demand is fulfilled when no fact follows.
    pub(crate) fn is_kept_at_end(&self, residue: &Residue) -> bool {
        residue
            .iter()
            .any(|set| set.iter().all(|id| self.ends_well(*id)))
    }

    fn ends_well(&self, id: Id) -> bool {
        match self.get(id) {
            Formula::True | Formula::WeakNext(_) | Formula::Release(..) | Formula::End => true,
            Formula::False | Formula::Next(_) | Formula::Until(..) | Formula::More => false,
            Formula::Literal(_, wanted) => !wanted,
            Formula::And(one, two) => self.ends_well(one) && self.ends_well(two),
            Formula::Or(one, two) => self.ends_well(one) || self.ends_well(two),
        }
    }
}

/// A demand that is fulfilled already.
fn nothing() -> Residue {
    Residue::from([BTreeSet::new()])
}

/// A demand that cannot be fulfilled.
fn never() -> Residue {
    Residue::new()
}

pub(crate) fn single(id: Id) -> Residue {
    Residue::from([BTreeSet::from([id])])
}

fn either(mut one: Residue, two: Residue) -> Result<Residue, TooLarge> {
    one.extend(two);
    simplify(one)
}

fn both(one: &Residue, two: &Residue) -> Result<Residue, TooLarge> {
    if one.len().saturating_mul(two.len()) > MOST_ALTERNATIVES {
        return Err(TooLarge);
    }
    let sets = one
        .iter()
        .flat_map(|a| two.iter().map(move |b| a.union(b).copied().collect()));
    simplify(sets.collect())
}

/// Leaves out every set that holds more than another one.
fn simplify(residue: Residue) -> Result<Residue, TooLarge> {
    if residue.len() > MOST_ALTERNATIVES {
        return Err(TooLarge);
    }
    let is_least = |set: &BTreeSet<Id>| {
        !residue
            .iter()
            .any(|other| other.len() < set.len() && other.is_subset(set))
    };
    Ok(residue
        .iter()
        .filter(|set| is_least(set))
        .cloned()
        .collect())
}

//! Exploring every history of a process, shortest first.
//!
//! Breadth first over places: a complaint, as far as its future depends on it. Each rule is asked by itself, over pairs of
//! a place and what this rule remembers: what one rule remembers cannot change the verdict of another, so that pairs add
//! up where places with all memories together would multiply. The first history that breaks a rule is one of the shortest
//! there are. People in the same role are brought in one after the other, so that of histories that differ in names alone
//! one is tried. Time passes only where it matters: to the next instant at which a guard changes its answer, and a
//! microsecond past it.

use std::collections::BTreeSet;
use std::sync::Arc;

use redress_rules::{Calendars, Monitor, NoSuchCalendar, Rule};

use crate::alphabet::Alphabet;
use crate::branch::Branch;
use crate::coverage::Coverage;
use crate::finding::Finding;
use crate::process::Process;
use crate::search::Search;

/// How far an explorer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// At most so many states, as [`Exploration::states`] counts them.
    pub states: usize,
    /// Histories of at most so many steps.
    pub steps: usize,
}

impl Default for Bounds {
    /// A million states, histories of any length.
    fn default() -> Self {
        Self {
            states: 1_000_000,
            steps: usize::MAX,
        }
    }
}

/// Whether everything was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// There is no history of these moves that was not covered.
    Exhaustive,
    /// The bounds were reached. What was not found may still be there.
    Cut,
}

/// What an explorer came to.
#[derive(Clone, Debug)]
pub struct Exploration {
    /// How many different places the process has: complaints that differ in what their future depends on.
    pub places: usize,
    /// How many states there are: each place by itself, and beside it whatever each rule may remember there.
    pub states: usize,
    /// How many accepted moves lead from one state to another or back to it.
    pub edges: usize,
    /// How many steps the state farthest from the start lies away from it.
    pub depth: usize,
    /// Whether everything was tried.
    pub extent: Extent,
    /// What is wrong, one finding for each rule, in the order found.
    pub findings: Vec<Finding>,
    /// Which transitions and rejections were seen.
    pub coverage: Coverage,
    /// Rules that could not be judged because a calendar does not reach far enough.
    pub unanswered: Vec<String>,
}

/// Explores the histories of a process.
///
/// ```
/// use redress_core::Policy;
/// use redress_testkit::{Bounds, Explorer, Extent};
///
/// let policy = Policy { max_level: redress_core::Level::FIRST, max_cycles: 1, ..Policy::standard() };
/// let rules = redress_rules::parse("rule solved_before_told \"\": precedence(resolved, feedback[kind is result])", "ours")?;
/// let bounds = Bounds { steps: 6, ..Bounds::default() };
/// let seen = Explorer::new(&policy).rules(rules).bounds(bounds).explore()?;
/// assert!(seen.findings.is_empty());
/// assert_eq!(seen.extent, Extent::Cut);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Explorer<'a, P: ?Sized> {
    pub(crate) process: &'a P,
    pub(crate) alphabet: Alphabet,
    pub(crate) rules: Vec<Rule>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) bounds: Bounds,
    pub(crate) known: BTreeSet<String>,
    pub(crate) first_only: bool,
}

impl<'a, P: Process + ?Sized> Explorer<'a, P> {
    /// Explores every way of complaints under the process's policy ([`Alphabet::of`]), and asks no rule yet.
    #[must_use]
    pub fn new(process: &'a P) -> Self {
        Self {
            process,
            alphabet: Alphabet::of(process.policy()),
            rules: Vec::new(),
            branches: Vec::new(),
            bounds: Bounds::default(),
            known: BTreeSet::new(),
            first_only: false,
        }
    }

    /// Tries these moves instead.
    #[must_use]
    pub fn alphabet(mut self, alphabet: Alphabet) -> Self {
        self.alphabet = alphabet;
        self
    }

    /// Asks these rules of every history, too. Their time limits in elapsed time are waited for, and passed.
    #[must_use]
    pub fn rules(mut self, rules: impl IntoIterator<Item = Rule>) -> Self {
        self.rules.extend(rules);
        self
    }

    /// Asks these of every place, too.
    #[must_use]
    pub fn branches(mut self, branches: impl IntoIterator<Item = Branch>) -> Self {
        self.branches.extend(branches);
        self
    }

    /// Goes so far and no farther.
    #[must_use]
    pub const fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Does not look for findings about these rules: they are known.
    #[must_use]
    pub fn knowing(mut self, rules: impl IntoIterator<Item = String>) -> Self {
        self.known.extend(rules);
        self
    }

    /// Stops at the first finding.
    #[must_use]
    pub const fn first_only(mut self) -> Self {
        self.first_only = true;
        self
    }

    /// Explores.
    ///
    /// # Errors
    ///
    /// [`NoSuchCalendar`] when a rule counts the working time of a calendar that the policy does not have.
    pub fn explore(&self) -> Result<Exploration, NoSuchCalendar> {
        let calendars = Arc::new(Calendars::from(self.process.policy()));
        let monitors = self.rules.iter().map(|rule| Monitor::new(rule, &calendars));
        let monitors = monitors.collect::<Result<Vec<_>, _>>()?;
        Ok(Search::new(self, monitors).run())
    }
}

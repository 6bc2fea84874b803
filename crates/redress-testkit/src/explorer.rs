//! Exploring every history of a process, shortest first.
//!
//! Breadth first over pairs of a complaint, as far as its future depends on it, and what the rules remember of its past.
//! The first history that breaks a rule is therefore one of the shortest there are. People in the same role are brought
//! in one after the other, so that of histories that differ in names alone one is tried. Time passes only where it
//! matters: to the next instant at which a guard changes its answer, and a microsecond past it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use redress_core::{Complaint, Policy, Span, Timestamp};
use redress_rules::{Calendars, Monitor, NoSuchCalendar, Observation, Rule, Verdict};

use crate::alphabet::Alphabet;
use crate::branch::{Branch, Demand};
use crate::coverage::Coverage;
use crate::finding::{Finding, How};
use crate::graph::Graph;
use crate::history::{History, Place, Refused, Step, record, start, target};
use crate::key::{Key, deadlines, key};
use crate::process::Process;
use crate::wish::Move;

/// How far an explorer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// At most so many states.
    pub states: usize,
    /// Histories of at most so many steps.
    pub steps: usize,
}

impl Default for Bounds {
    /// A hundred thousand states, histories of any length.
    fn default() -> Self {
        Self {
            states: 100_000,
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
    /// How many different states there are.
    pub states: usize,
    /// How many accepted moves lead from one to another or back to it.
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
    process: &'a P,
    alphabet: Alphabet,
    rules: Vec<Rule>,
    branches: Vec<Branch>,
    bounds: Bounds,
    known: BTreeSet<String>,
    first_only: bool,
}

/// A place that some history leads to.
struct Node {
    complaint: Complaint,
    now: Timestamp,
    /// What each rule remembers; nothing once it was broken.
    monitors: Vec<Option<Monitor>>,
    /// Who occurred so far.
    seen: u64,
    depth: usize,
    /// From where, after how long, by which move.
    via: Option<(usize, Span, Move)>,
}

/// What tells places apart.
type Identity = (Key, Vec<Option<Monitor>>, u64);

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
        let monitors = self
            .rules
            .iter()
            .map(|rule| Monitor::new(rule, &calendars).map(Some));
        let monitors = monitors.collect::<Result<Vec<_>, _>>()?;
        let mut search = Search::new(self, monitors);
        search.run();
        Ok(search.finish())
    }
}

/// An exploration under way.
struct Search<'a, P: ?Sized> {
    explorer: &'a Explorer<'a, P>,
    /// The policy without its guards of conduct, to tell those from guards of structure.
    lenient: Policy,
    waits: Vec<Span>,
    with_clocks: bool,
    nodes: Vec<Node>,
    numbers: HashMap<Identity, usize>,
    graph: Graph,
    edges: usize,
    found: BTreeSet<String>,
    findings: Vec<Finding>,
    coverage: Coverage,
    unanswered: BTreeSet<String>,
    cut: bool,
}

impl<'a, P: Process + ?Sized> Search<'a, P> {
    fn new(explorer: &'a Explorer<'a, P>, monitors: Vec<Option<Monitor>>) -> Self {
        let limits = explorer.rules.iter().flat_map(|rule| rule.limits());
        let elapsed = limits
            .filter(|limit| limit.calendar.is_none())
            .map(|limit| limit.span);
        let mut waits: Vec<Span> = elapsed
            .flat_map(|span| [span, span + Span::micros(1)])
            .collect();
        waits.extend(&explorer.alphabet.waits);
        waits.sort_unstable();
        waits.dedup();
        let root = Node {
            complaint: Complaint::Absent,
            now: start(),
            monitors,
            seen: 0,
            depth: 0,
            via: None,
        };
        let mut search = Self {
            explorer,
            lenient: explorer.process.policy().clone().for_history(),
            waits,
            with_clocks: explorer.alphabet.asks_for_clocks(),
            nodes: Vec::new(),
            numbers: HashMap::new(),
            graph: Graph::default(),
            edges: 0,
            found: explorer.known.clone(),
            findings: Vec::new(),
            coverage: Coverage::default(),
            unanswered: BTreeSet::new(),
            cut: false,
        };
        search.numbers.insert(search.identity(&root), 0);
        search.nodes.push(root);
        search
    }

    fn run(&mut self) {
        let mut number = 0;
        while number < self.nodes.len() && !self.is_done() {
            self.expand(number);
            number += 1;
        }
        for left in number..self.nodes.len() {
            self.graph.leave_open(left);
        }
        self.cut |= number < self.nodes.len();
    }

    fn is_done(&self) -> bool {
        self.explorer.first_only && !self.findings.is_empty()
    }

    fn identity(&self, node: &Node) -> Identity {
        let policy = self.explorer.process.policy();
        let key = key(&node.complaint, policy, node.now, self.with_clocks);
        (key, node.monitors.clone(), node.seen)
    }

    /// How long each move waits: not at all, to the next instant that matters, past it, and what was asked for.
    fn waits(&self, node: &Node) -> Vec<Span> {
        let policy = self.explorer.process.policy();
        let mut waits = vec![Span::ZERO];
        let next = deadlines(&node.complaint, policy, node.now, self.with_clocks);
        for at in next.first().into_iter() {
            let left = at.since(node.now);
            waits.extend([left, left + Span::micros(1)]);
        }
        waits.extend(&self.waits);
        waits.sort_unstable();
        waits.dedup();
        waits
    }

    fn expand(&mut self, number: usize) {
        let Some(node) = self.nodes.get(number) else {
            return;
        };
        if node.depth >= self.explorer.bounds.steps {
            self.cut = true;
            self.graph.leave_open(number);
            return;
        }
        let mut accepted_now = BTreeSet::new();
        for wait in self.waits(node) {
            for one in self.explorer.alphabet.moves.clone() {
                if self.take(number, wait, one) && wait == Span::ZERO {
                    accepted_now.insert(self.command_name(number, one));
                }
            }
        }
        self.ask_offers(number, &accepted_now);
    }

    fn step(&self, node: &Node, wait: Span, one: Move) -> Step {
        let Alphabet { cast, .. } = &self.explorer.alphabet;
        let policy = self.explorer.process.policy();
        let command = one
            .wish
            .command(cast, &node.complaint, policy, node.now + wait);
        Step {
            wait,
            actor: cast.person(one.by),
            command,
        }
    }

    fn command_name(&self, number: usize, one: Move) -> &'static str {
        self.nodes
            .get(number)
            .map_or("", |node| self.step(node, Span::ZERO, one).command.name())
    }

    /// Makes a move, if it is accepted.
    fn take(&mut self, number: usize, wait: Span, one: Move) -> bool {
        let Some(node) = self.nodes.get(number) else {
            return false;
        };
        let Some(seen) = self.explorer.alphabet.seen_after(one, node.seen) else {
            return false;
        };
        let step = self.step(node, wait, one);
        let at = node.now + wait;
        let other = target(self.explorer.process, &step.command, at);
        let place = Place {
            id: crate::cast::COMPLAINT,
            number: node.depth,
            position: 0,
            at,
            target: other.as_ref(),
        };
        let done = match record(self.explorer.process, &node.complaint, &step, &place) {
            Ok(done) => done,
            Err(Refused::Rejection(rejection)) => {
                let command = step.command.name();
                if !self.coverage.is_guard(command, rejection.code()) {
                    let lenient = record(&self.lenient, &node.complaint, &step, &place).is_ok();
                    self.coverage.guard(command, rejection.code(), lenient);
                }
                self.coverage.reject(&node.complaint, command, &rejection);
                return false;
            }
            Err(Refused::Misfit(_)) => {
                self.report(
                    "accepted_can_be_folded",
                    How::CannotBeFolded,
                    number,
                    Some(step),
                );
                return true;
            }
        };
        let Some((_, after)) = done.last() else {
            return true;
        };
        let mut next = Node {
            complaint: after.clone(),
            now: at,
            monitors: node.monitors.clone(),
            seen,
            depth: node.depth + 1,
            via: Some((number, wait, one)),
        };
        self.coverage
            .accept(&node.complaint, step.command.name(), after);
        let mut before = node.complaint.clone();
        for (fact, after) in &done {
            let seen = Observation {
                recorded: fact,
                before: &before,
                after,
            };
            self.watch(&mut next, &seen, number, &step);
            before = after.clone();
        }
        self.edges += 1;
        self.enter(number, next);
        true
    }

    fn watch(&mut self, next: &mut Node, seen: &Observation<'_>, number: usize, step: &Step) {
        let explorer = self.explorer;
        for (rule, slot) in explorer.rules.iter().zip(&mut next.monitors) {
            let Some(monitor) = slot else { continue };
            match monitor.step(seen) {
                Ok(Verdict::Violated) => {
                    *slot = None;
                    self.report(rule.name(), How::Broken, number, Some(step.clone()));
                }
                Ok(Verdict::Satisfied | Verdict::PossiblySatisfied | Verdict::PossiblyViolated) => {
                }
                Err(_) => {
                    *slot = None;
                    self.unanswered.insert(rule.name().to_owned());
                }
            }
        }
        for branch in &explorer.branches {
            if let Demand::Effect(kind, done) = branch.demand
                && kind == seen.recorded.event.event_type()
                && !done(seen)
            {
                self.report(branch.name, How::WithoutEffect, number, Some(step.clone()));
            }
        }
    }

    fn enter(&mut self, from: usize, next: Node) {
        let identity = self.identity(&next);
        if let Some(known) = self.numbers.get(&identity) {
            self.graph.connect(from, *known);
        } else if self.nodes.len() < self.explorer.bounds.states {
            let number = self.nodes.len();
            self.numbers.insert(identity, number);
            self.nodes.push(next);
            self.graph.connect(from, number);
        } else {
            self.cut = true;
            self.graph.leave_open(from);
        }
    }

    fn ask_offers(&mut self, number: usize, accepted: &BTreeSet<&'static str>) {
        let explorer = self.explorer;
        for branch in &explorer.branches {
            let Some(node) = self.nodes.get(number) else {
                return;
            };
            match branch.demand {
                Demand::Permits(command, question)
                    if question(&node.complaint) && !accepted.contains(command) =>
                {
                    self.report(branch.name, How::NotPermitted, number, None);
                }
                Demand::Refuses(command, question)
                    if question(&node.complaint) && accepted.contains(command) =>
                {
                    self.report(branch.name, How::NotRefused, number, None);
                }
                Demand::Permits(..)
                | Demand::Refuses(..)
                | Demand::Possible(_)
                | Demand::AlwaysPossible(_)
                | Demand::Effect(..) => {}
            }
        }
    }

    /// What can be told only when everything is known.
    fn look_back(&mut self) {
        let explorer = self.explorer;
        for (place, rule) in explorer.rules.iter().enumerate() {
            let kept = |node: &Node| {
                let monitor = node.monitors.get(place).and_then(Option::as_ref);
                monitor.is_none_or(|monitor| monitor.verdict().is_kept())
            };
            if let Some(lost) = self.first_that_never(kept) {
                self.report(rule.name(), How::Lost, lost, None);
            }
        }
        for branch in &explorer.branches {
            match branch.demand {
                Demand::AlwaysPossible(state) => {
                    if let Some(stuck) =
                        self.first_that_never(|node| node.complaint.state() == state)
                    {
                        self.report(branch.name, How::DeadEnd, stuck, None);
                    }
                }
                Demand::Possible(state) => {
                    let reached = self
                        .nodes
                        .iter()
                        .any(|node| node.complaint.state() == state);
                    if !reached && !self.cut {
                        self.report(branch.name, How::Unreachable, 0, None);
                    }
                }
                Demand::Permits(..) | Demand::Refuses(..) | Demand::Effect(..) => {}
            }
        }
    }

    fn first_that_never(&self, wanted: impl Fn(&Node) -> bool) -> Option<usize> {
        let wanted: Vec<bool> = self.nodes.iter().map(wanted).collect();
        self.graph.first_that_never_reaches(wanted)
    }

    fn report(&mut self, rule: &str, how: How, number: usize, then: Option<Step>) {
        if !self.found.insert(rule.to_owned()) {
            return;
        }
        let mut steps = self.way_to(number);
        let last = match how {
            How::CannotBeFolded => then,
            How::Broken
            | How::Lost
            | How::WithoutEffect
            | How::NotPermitted
            | How::NotRefused
            | How::DeadEnd
            | How::Unreachable => {
                steps.extend(then);
                None
            }
        };
        // Played again from the start, every step is accepted as it was when it was found.
        let history = History::play(self.explorer.process, steps).unwrap_or_default();
        self.findings.push(Finding {
            rule: rule.to_owned(),
            how,
            history,
            last,
        });
    }

    /// The steps from the start to a place.
    fn way_to(&self, number: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut place = self.nodes.get(number);
        while let Some((parent, wait, one)) = place.and_then(|node| node.via) {
            place = self.nodes.get(parent);
            steps.extend(place.map(|before| self.step(before, wait, one)));
        }
        steps.reverse();
        steps
    }

    fn finish(mut self) -> Exploration {
        if !self.is_done() {
            self.look_back();
        }
        Exploration {
            states: self.nodes.len(),
            edges: self.edges,
            depth: self.nodes.iter().map(|node| node.depth).max().unwrap_or(0),
            extent: if self.cut {
                Extent::Cut
            } else {
                Extent::Exhaustive
            },
            findings: self.findings,
            coverage: self.coverage,
            unanswered: self.unanswered.into_iter().collect(),
        }
    }
}

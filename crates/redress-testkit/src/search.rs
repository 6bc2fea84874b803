//! An exploration under way: which states were reached, and how.

mod judging;
mod places;

use std::collections::{BTreeSet, HashMap};

use redress_core::{Complaint, Policy, Recorded, Span};
use redress_rules::{Monitor, Verdict};

use self::places::{Identity, Place, Way};
use crate::coverage::Coverage;
use crate::explorer::{Exploration, Explorer, Extent};
use crate::finding::{Finding, How};
use crate::graph::Graph;
use crate::history::{self, Refused, Step, record, start, target};
use crate::process::Process;
use crate::wish::Move;

/// What is asked about histories: the process by itself, or a rule by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Asked {
    Process,
    Rule(usize),
}

/// A place, and what one rule remembers there.
struct State {
    place: usize,
    asked: Asked,
    /// Nothing for the process by itself. Its clock stands at the beginning, wherever the place's own stands.
    memory: Option<Monitor>,
    depth: usize,
    /// From which state, after how long, by which move.
    via: Option<(usize, Span, Move)>,
}

type Done = Vec<(Recorded, Complaint)>;

pub(crate) struct Search<'a, P: ?Sized> {
    explorer: &'a Explorer<'a, P>,
    /// The policy without its guards of conduct, to tell those from guards of structure.
    lenient: Policy,
    waits: Vec<Span>,
    with_clocks: bool,
    places: Vec<Place>,
    place_numbers: HashMap<Identity, usize>,
    states: Vec<State>,
    numbers: HashMap<(usize, Asked, Option<Monitor>), usize>,
    graph: Graph,
    edges: usize,
    found: BTreeSet<String>,
    findings: Vec<Finding>,
    coverage: Coverage,
    unanswered: BTreeSet<String>,
    /// What was asked to happen, and has.
    happened: BTreeSet<&'static str>,
    cut: bool,
}

impl<'a, P: Process + ?Sized> Search<'a, P> {
    /// A search that has seen nothing, with a monitor for each rule.
    pub(crate) fn new(explorer: &'a Explorer<'a, P>, monitors: Vec<Monitor>) -> Self {
        let mut search = Self {
            explorer,
            lenient: explorer.process.policy().clone().for_history(),
            waits: waits(explorer),
            with_clocks: explorer.alphabet.asks_for_clocks(),
            places: Vec::new(),
            place_numbers: HashMap::new(),
            states: Vec::new(),
            numbers: HashMap::new(),
            graph: Graph::default(),
            edges: 0,
            found: explorer.known.clone(),
            findings: Vec::new(),
            coverage: Coverage::default(),
            unanswered: BTreeSet::new(),
            happened: BTreeSet::new(),
            cut: false,
        };
        search.begin(monitors);
        search
    }

    fn begin(&mut self, monitors: Vec<Monitor>) {
        let undated = self.place(Complaint::Absent, start(), 0, false);
        self.enter(None, undated, Asked::Process, None);
        for (number, monitor) in monitors.into_iter().enumerate() {
            let rule = self.explorer.rules.get(number);
            let is_dated = rule.is_some_and(|rule| {
                let limits = rule.limits();
                limits.iter().any(|limit| limit.calendar.is_some())
            });
            let place = self.place(Complaint::Absent, start(), 0, is_dated);
            self.enter(None, place, Asked::Rule(number), Some(monitor));
        }
    }

    /// Explores, a step further each time round.
    pub(crate) fn run(mut self) -> Exploration {
        let mut level: Vec<usize> = (0..self.states.len()).collect();
        let mut depth = 0;
        while !level.is_empty() && !self.is_done() {
            if depth >= self.explorer.bounds.steps {
                self.leave_open(&level);
                break;
            }
            let reached = self.states.len();
            for (place, states) in self.by_place(&level) {
                self.expand(place, &states);
                if self.is_done() {
                    self.cut = true;
                    break;
                }
            }
            level = (reached..self.states.len()).collect();
            depth += 1;
        }
        self.finish()
    }

    fn is_done(&self) -> bool {
        self.explorer.first_only && !self.findings.is_empty()
    }

    fn leave_open(&mut self, states: &[usize]) {
        for state in states {
            self.graph.leave_open(*state);
        }
        self.cut |= !states.is_empty();
    }

    /// The states that are still worth a step, by place, in the order in which the places occur.
    fn by_place(&self, level: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let mut order: HashMap<usize, usize> = HashMap::new();
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for number in level {
            let Some(state) = self.states.get(*number).filter(|state| self.matters(state)) else {
                continue;
            };
            let group = *order.entry(state.place).or_insert_with(|| {
                groups.push((state.place, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, states)) = groups.get_mut(group) {
                states.push(*number);
            }
        }
        groups
    }

    /// Whether more can be found out from here: a rule that is known to be broken is not asked again, and one that is kept
    /// whatever follows need not be.
    fn matters(&self, state: &State) -> bool {
        match state.asked {
            Asked::Process => true,
            Asked::Rule(number) => {
                let name = self.explorer.rules.get(number).map(|rule| rule.name());
                let is_open = state
                    .memory
                    .as_ref()
                    .is_some_and(|memory| memory.verdict() != Verdict::Satisfied);
                is_open && name.is_some_and(|name| !self.found.contains(name))
            }
        }
    }

    fn expand(&mut self, place: usize, states: &[usize]) {
        match self.places.get(place).and_then(|place| place.ways.clone()) {
            Some(ways) => {
                for way in ways.iter() {
                    if let Some((_, done)) = self.taken(place, way.wait, way.one)
                        && let Ok(done) = done
                    {
                        self.follow(states, *way, &done);
                    }
                }
            }
            None => self.try_everything(place, states),
        }
    }

    /// Every move after every wait, for the first time in this place.
    fn try_everything(&mut self, place: usize, states: &[usize]) {
        let explorer = self.explorer;
        let process = states.iter().copied().find(|state| self.is_process(*state));
        let mut ways = Vec::new();
        let mut accepted_now = BTreeSet::new();
        for wait in self.waits(place) {
            for one in &explorer.alphabet.moves {
                let Some((step, done)) = self.taken(place, wait, *one) else {
                    continue;
                };
                let name = step.command.name();
                match done {
                    Ok(done) => {
                        if wait == Span::ZERO {
                            accepted_now.insert(name);
                        }
                        if process.is_some() {
                            self.cover(place, name, &done);
                        }
                        if let Some(to) = self.place_after(place, wait, *one, &done) {
                            let way = Way {
                                wait,
                                one: *one,
                                to,
                            };
                            ways.push(way);
                            self.follow(states, way, &done);
                        }
                    }
                    Err(Refused::Rejection(rejection)) if process.is_some() => {
                        self.refused(place, &step, &rejection);
                    }
                    Err(Refused::Rejection(_)) => {}
                    Err(Refused::Misfit(_)) => {
                        if let Some(state) = process {
                            let then = Some((wait, *one));
                            self.report("accepted_can_be_folded", How::CannotBeFolded, state, then);
                        }
                    }
                }
            }
        }
        if let Some(place) = self.places.get_mut(place) {
            place.ways = Some(ways.into());
        }
        if let Some(state) = process {
            self.ask_offers(place, state, &accepted_now);
        }
    }

    fn is_process(&self, state: usize) -> bool {
        self.states
            .get(state)
            .is_some_and(|state| state.asked == Asked::Process)
    }

    /// Takes each of the states at a place along a way.
    fn follow(&mut self, states: &[usize], way: Way, done: &[(Recorded, Complaint)]) {
        for number in states {
            let Some(state) = self.states.get(*number) else {
                continue;
            };
            let (place, asked, memory) = (state.place, state.asked, state.memory.clone());
            let via = Some((*number, way.wait, way.one));
            match (asked, memory) {
                (Asked::Process, _) => {
                    self.judge_effects(*number, place, way, done);
                    self.enter(via, way.to, asked, None);
                }
                (Asked::Rule(rule), Some(memory)) => {
                    if let Some(memory) = self.watched(*number, rule, memory, way, done) {
                        self.enter(via, way.to, asked, Some(memory));
                    }
                }
                (Asked::Rule(_), None) => {}
            }
        }
    }

    fn cover(&mut self, place: usize, command: &'static str, done: &[(Recorded, Complaint)]) {
        if let (Some(place), Some((_, after))) = (self.places.get(place), done.last()) {
            self.coverage.accept(&place.complaint, command, after);
        }
    }

    fn refused(&mut self, place: usize, step: &Step, rejection: &redress_core::Rejection) {
        let Some(place) = self.places.get(place) else {
            return;
        };
        let command = step.command.name();
        if !self.coverage.is_guard(command, rejection.code()) {
            let at = place.now + step.wait;
            let other = target(self.explorer.process, &step.command, at);
            let place_of_record = history::Place {
                id: crate::cast::COMPLAINT,
                number: 0,
                position: 0,
                at,
                target: other.as_ref(),
            };
            let lenient = record(&self.lenient, &place.complaint, step, &place_of_record).is_ok();
            self.coverage.guard(command, rejection.code(), lenient);
        }
        self.coverage.reject(&place.complaint, command, rejection);
    }

    fn enter(
        &mut self,
        via: Option<(usize, Span, Move)>,
        place: usize,
        asked: Asked,
        memory: Option<Monitor>,
    ) {
        let from = via.map(|(from, ..)| from);
        self.edges += usize::from(from.is_some());
        let identity = (place, asked, memory);
        if let Some(known) = self.numbers.get(&identity) {
            if let Some(from) = from {
                self.graph.connect(from, *known);
            }
        } else if self.states.len() < self.explorer.bounds.states {
            let number = self.states.len();
            let depth = from
                .and_then(|from| self.states.get(from))
                .map_or(0, |from| from.depth + 1);
            let (place, asked, memory) = identity.clone();
            self.numbers.insert(identity, number);
            self.states.push(State {
                place,
                asked,
                memory,
                depth,
                via,
            });
            if let Some(from) = from {
                self.graph.connect(from, number);
            }
        } else {
            self.cut = true;
            if let Some(from) = from {
                self.graph.leave_open(from);
            }
        }
    }

    fn finish(mut self) -> Exploration {
        if !self.is_done() {
            self.look_back();
        }
        Exploration {
            places: self.places.len(),
            states: self.states.len(),
            edges: self.edges,
            depth: self
                .states
                .iter()
                .map(|state| state.depth)
                .max()
                .unwrap_or(0),
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

/// The limits in elapsed time that rules name, and a microsecond past each, and what the alphabet waits for.
fn waits<P: ?Sized>(explorer: &Explorer<'_, P>) -> Vec<Span> {
    let limits = explorer.rules.iter().flat_map(|rule| rule.limits());
    let elapsed = limits
        .filter(|limit| limit.calendar.is_none())
        .map(|limit| limit.span);
    let mut waits: Vec<Span> = elapsed
        .flat_map(|span| [span, span + Span::micros(1)])
        .collect();
    waits.extend(&explorer.alphabet.waits);
    waits
}

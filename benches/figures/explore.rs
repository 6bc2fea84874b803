//! How fast the testkit explores a process.

use redress::Policy;
use redress::core::Level;
use redress_testkit::{Exploration, Explorer, Extent, limit_branches, standard_branches};

use crate::report::{Figure, Section, Unit};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check};

/// What the full standard policy may take, with all its rules.
const TARGET: &str = "10 s";

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let standard = Policy::standard();
    let small = Policy {
        max_level: Level::new(1),
        max_cycles: 1,
        ..Policy::standard()
    };
    let (seen, seen_small) = (explore(&standard)?, explore(&small)?);
    check(seen.findings.is_empty(), || {
        format!("{} findings", seen.findings.len())
    })?;
    let [whole, few, states, moves] = compare(
        plan.rounds,
        [
            &mut |_| run(&standard, |_| 1),
            &mut |_| run(&small, |_| 1),
            &mut |_| run(&standard, |seen| seen.states),
            &mut |_| run(&standard, |seen| seen.edges),
        ],
    )?;
    Ok(Section {
        title: "Explorer",
        about: format!(
            "Every history of the standard policy against the shipped rules, on one thread. Three levels, three cycles: {}. \
             One level, one cycle: {}.",
            told(&seen),
            told(&seen_small)
        ),
        figures: vec![
            Figure::alone("the standard policy", Unit::Each, whole).target(TARGET),
            Figure::alone("the same with one level and one cycle", Unit::Each, few),
            Figure::alone("states", Unit::PerSecond("states"), states),
            Figure::alone(
                "accepted moves between them",
                Unit::PerSecond("moves"),
                moves,
            ),
        ],
    })
}

/// What was covered, and whether that is everything.
fn told(seen: &Exploration) -> String {
    let extent = match seen.extent {
        Extent::Exhaustive => "exhaustive",
        Extent::Cut => "cut",
    };
    let Exploration {
        places,
        states,
        edges,
        depth,
        ..
    } = seen;
    format!(
        "{places} places, {states} states with what the rules remember, {edges} accepted moves, {depth} steps deep, {extent}"
    )
}

fn explore(policy: &Policy) -> Outcome<Exploration> {
    let rules = [redress_rules::standard(), redress_rules::limits()].concat();
    let explorer = Explorer::new(policy).rules(rules);
    let branches = [standard_branches(), limit_branches()].concat();
    Ok(explorer.branches(branches).explore()?)
}

fn run(policy: &Policy, operations: impl Fn(&Exploration) -> usize) -> Outcome<Sample> {
    let (seen, took) = time(|| explore(policy))?;
    Ok(Sample {
        operations: operations(&seen),
        took,
    })
}

//! How fast the testkit explores a process.

use redress::Policy;
use redress::core::Level;
use redress_testkit::{Exploration, Explorer, Extent, standard_branches};

use crate::report::{Figure, Section, Unit};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check};

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let standard = Policy::standard();
    let small = Policy {
        max_level: Level::new(1),
        max_cycles: 1,
        ..Policy::standard()
    };
    let seen = explore(&standard)?;
    let [whole, few, moves] = compare(
        plan.rounds,
        [
            &mut |_| run(&standard, |_| 1),
            &mut |_| run(&small, |_| 1),
            &mut |_| run(&small, |seen| seen.edges),
        ],
    )?;
    let Exploration {
        states,
        edges,
        depth,
        ..
    } = seen;
    let extent = match seen.extent {
        Extent::Exhaustive => "exhaustive",
        Extent::Cut => "cut",
    };
    Ok(Section {
        title: "Explorer",
        about: format!(
            "Every history of the standard policy against the shipped rules, on one thread: {states} states, {edges} \
             accepted moves, {depth} steps deep, {extent}."
        ),
        figures: vec![
            Figure::alone("the standard policy", Unit::Each, whole),
            Figure::alone("the same with one level and one cycle", Unit::Each, few),
            Figure::alone("accepted moves", Unit::PerSecond("moves"), moves),
        ],
    })
}

fn explore(policy: &Policy) -> Outcome<Exploration> {
    let explorer = Explorer::new(policy).rules(redress_rules::standard());
    let seen = explorer.branches(standard_branches()).explore()?;
    check(seen.findings.len() == 1, || {
        format!("{} findings instead of one", seen.findings.len())
    })?;
    Ok(seen)
}

fn run(policy: &Policy, operations: impl Fn(&Exploration) -> usize) -> Outcome<Sample> {
    let (seen, took) = time(|| explore(policy))?;
    Ok(Sample {
        operations: operations(&seen),
        took,
    })
}

//! The explorer on the standard policy.

use redress_core::{Level, Policy};
use redress_rules::standard;
use redress_testkit::{Bounds, Explorer, standard_branches};

pub(crate) fn small() -> Policy {
    Policy {
        max_level: Level::new(1),
        max_cycles: 1,
        ..Policy::standard()
    }
}

#[test]
fn probe() {
    for steps in [6, 8, 10, 60] {
        let begun = std::time::Instant::now();
        let policy = small();
        let seen = Explorer::new(&policy)
            .rules(standard())
            .branches(standard_branches())
            .bounds(Bounds {
                steps,
                states: 30_000,
            })
            .explore()
            .unwrap();
        println!(
            "{steps} {} {} {} {:?} {:?}",
            seen.states,
            seen.edges,
            seen.depth,
            seen.extent,
            begun.elapsed()
        );
        for finding in &seen.findings {
            println!(
                "{} {:?} {:?}",
                finding.rule,
                finding.how,
                finding
                    .history
                    .steps()
                    .iter()
                    .map(|s| s.command.name())
                    .collect::<Vec<_>>()
            );
        }
    }
}

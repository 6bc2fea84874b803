//! Mutants.

use redress_rules::standard;
use redress_testkit::{Alphabet, Bounds, Fate, mutate, standard_branches};

use crate::exploring::small;

#[test]
fn probe() {
    let begun = std::time::Instant::now();
    let policy = small();
    let score = mutate(
        &policy,
        &Alphabet::of(&policy),
        &standard(),
        &standard_branches(),
        Bounds {
            steps: 9,
            states: 20_000,
        },
    )
    .unwrap();
    for (mutation, fate) in &score.fates {
        match fate {
            Fate::Equivalent => println!("= {mutation}"),
            Fate::NotTold => println!("? {mutation}"),
            Fate::Killed { rule, steps } => println!("k {mutation}: {rule} {steps}"),
            Fate::Survived(history, step) => println!(
                "S {mutation}: {:?} {}",
                history
                    .steps()
                    .iter()
                    .map(|s| s.command.name())
                    .collect::<Vec<_>>(),
                step.command.name()
            ),
        }
    }
    println!(
        "{:?} idle {:?} known {:?} {:?} {:?}",
        score.killed(),
        score.idle,
        score.known,
        score.extent,
        begun.elapsed()
    );
}

//! How much memory a decision asks for, beside cloning its command, and how much the views keep of a complaint.
//!
//! A program of its own, because the counting allocator would slow down what the other one times. What is counted does not
//! depend on the machine or on what else runs there.

#![expect(
    clippy::print_stdout,
    reason = "the figures go to whoever runs the benches"
)]

#[path = "../figures/crowd/mod.rs"]
mod crowd;
#[path = "../figures/decide.rs"]
mod decide;
#[path = "../figures/in_flight.rs"]
mod in_flight;
mod views;

use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};

use crate::decide::Path;

/// What measuring came to, or why it could not be done.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    decisions()?;
    println!();
    views::print()
}

fn decisions() -> Outcome<()> {
    let path = Path::smooth()?;
    println!("| decision on | allocations | bytes | cloning the command | bytes |");
    println!("| ----------- | ----------: | ----: | ------------------: | ----: |");
    for step in &path.steps {
        // Once before it is counted: the first time may fill a cell that is kept.
        black_box(path.decide(step)?);
        let decided = measure(|| drop(black_box(path.decide(step))));
        let cloned = measure(|| drop(black_box(step.command.clone())));
        println!(
            "| {} | {} | {} |",
            step.command.name(),
            counted(&decided),
            counted(&cloned)
        );
    }
    Ok(())
}

fn counted(info: &AllocationInfo) -> String {
    format!("{} | {}", info.count_total, info.bytes_total)
}

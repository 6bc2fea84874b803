//! How much memory a decision asks for: allocations and bytes, each beside those of cloning its command.
//!
//! A program of its own, because the counting allocator would slow down what the other one times. What is counted does not
//! depend on the machine or on what else runs there.

#![expect(
    clippy::print_stdout,
    reason = "the figures go to whoever runs the benches"
)]

#[path = "../figures/decide.rs"]
mod decide;

use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};

use crate::decide::Path;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
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

//! Writes the seeds of every target below a folder: `cargo run -p redress-fuzz --example seeds -- FOLDER`.
#![expect(clippy::unwrap_used, reason = "a chore that fails says where")]

use std::fs;
use std::path::PathBuf;

use redress_fuzz::Target;

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap());
    for target in Target::ALL {
        let folder = folder.join(target.to_string());
        fs::create_dir_all(&folder).unwrap();
        for (number, seed) in target.seeds().iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed).unwrap();
        }
    }
}

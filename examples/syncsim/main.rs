//! Mirrors under faults, seed by seed, in virtual time: 30 of 100 requests fail, and the rows must be the same as
//! without.
//!
//! `cargo run --release --example syncsim -- --seeds 1000 [--from 1] [--share 30]`. A seed that fails is named.
#![cfg(feature = "delete")]
#![allow(clippy::print_stdout, clippy::panic, clippy::expect_used, clippy::unwrap_used)]

#[path = "../../tests/sim/faults.rs"]
mod faults;
#[allow(dead_code)]
#[path = "../fuzz/rng.rs"]
mod rng;
#[path = "../../tests/sim/story.rs"]
mod story;
#[path = "../../tests/sim/world.rs"]
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |flag: &str, usual: u64| {
        let at = given.iter().position(|word| word == flag);
        at.and_then(|at| given.get(at + 1)?.parse().ok()).unwrap_or(usual)
    };
    let (seeds, from, share) = (number("--seeds", 100), number("--from", 1), number("--share", 30));
    let (mut sum, mut failed) = (story::Told::default(), Vec::new());
    for seed in from..from + seeds {
        match std::panic::catch_unwind(|| story::run(seed, share)) {
            Ok(told) => {
                sum.requests += told.requests;
                sum.faults += told.faults;
                sum.runs += told.runs;
                sum.rows += told.rows;
            }
            Err(_) => failed.push(seed),
        }
    }
    let percent = sum.faults as f64 * 100.0 / sum.requests.max(1) as f64;
    println!(
        "{seeds} seeds: {} failed {failed:?}; {} rows compared, {} requests of which {percent:.1} % failed, {} runs",
        failed.len(),
        sum.rows,
        sum.requests,
        sum.runs
    );
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

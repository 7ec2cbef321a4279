//! Mirroring under faults, seed by seed, in virtual time: `examples/syncsim` runs more of them.
#![cfg(feature = "delete")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod faults;
#[allow(dead_code)]
#[path = "../../examples/fuzz/rng.rs"]
mod rng;
mod story;
mod world;

const SEEDS: u64 = 30;

#[test]
fn with_a_third_of_all_requests_failing_the_same_rows_come_as_without() {
    for seed in 1..=SEEDS {
        let told = story::run(seed, 30);
        assert!(told.faults > 0 || told.requests < 20, "seed {seed}: nothing failed in {told:?}");
    }
}

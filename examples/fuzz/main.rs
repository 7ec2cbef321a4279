//! Feeds mutated bytes, answers, texts and keys to the parts that must stand anything, for as long as asked.
//!
//! `cargo run --example fuzz -- --seconds 60 --seed 1`. The seed is printed; after a failure the seed of the
//! failing round is, and `--seed` with it meets the failure in the first round.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::panic, clippy::expect_used, dead_code)]

#[path = "../../tests/update/driver.rs"]
mod driver;
mod rng;
mod screen;
mod texts;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use manyou::domain::Clock;
use manyou::runtime::clock::SystemClock;

use rng::Rng;

struct Wish {
    seconds: u64,
    seed: u64,
}

fn main() -> ExitCode {
    let clock = SystemClock::new();
    let Some(wish) = wish(clock.now().ms() as u64) else {
        eprintln!("usage: fuzz [--seconds N] [--seed S]");
        return ExitCode::from(2);
    };
    println!("seed {}", wish.seed);
    let end = clock.elapsed() + Duration::from_secs(wish.seconds);
    let mut rounds = 0;
    loop {
        let seed = wish.seed.wrapping_add(rounds);
        if std::panic::catch_unwind(|| round(seed)).is_err() {
            eprintln!("round {rounds} failed; again: --seconds 0 --seed {seed}");
            return ExitCode::FAILURE;
        }
        rounds += 1;
        if clock.elapsed() >= end {
            println!("{rounds} rounds held");
            return ExitCode::SUCCESS;
        }
    }
}

/// The flags; the seed is the clock's where none is given.
fn wish(now: u64) -> Option<Wish> {
    let mut wish = Wish { seconds: 10, seed: now };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next()?.parse().ok()?;
        match word.as_str() {
            "--seconds" => wish.seconds = number,
            "--seed" => wish.seed = number,
            _ => return None,
        }
    }
    Some(wish)
}

fn round(seed: u64) {
    let mut rng = Rng::new(seed);
    wire::round(&mut rng);
    texts::round(&mut rng);
    screen::round(&mut rng);
}

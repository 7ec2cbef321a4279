//! Times for benches, by the machine's clock.

use std::time::Duration;

#[allow(clippy::disallowed_methods, reason = "a bench measures with the machine's clock")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = std::time::Instant::now();
    let done = work();
    (start.elapsed(), done)
}

/// The fastest of so many rounds, in seconds: what disturbs a round only makes it slower.
pub(crate) fn best(rounds: usize, mut work: impl FnMut()) -> f64 {
    (0..rounds).map(|_| timed(&mut work).0.as_secs_f64()).fold(f64::INFINITY, f64::min)
}

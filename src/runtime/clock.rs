//! The only place that reads the system's clock. Everything else is handed a [`Clock`].
#![expect(clippy::disallowed_methods, reason = "this is the one implementation that asks the system")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::domain::{Clock, ServerTime};

/// The system's time, or a time that began elsewhere and runs on at the system's pace.
#[derive(Clone, Debug)]
pub struct SystemClock {
    started: Instant,
    /// Where the wall clock stood at `started`; `None` asks the system each time.
    origin: Option<ServerTime>,
}

impl SystemClock {
    /// The time of this machine.
    #[must_use]
    pub fn new() -> Self {
        Self { started: Instant::now(), origin: None }
    }

    /// A clock that stands at `origin` now and runs on.
    #[must_use]
    pub fn starting_at(origin: ServerTime) -> Self {
        Self { started: Instant::now(), origin: Some(origin) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> ServerTime {
        match self.origin {
            Some(origin) => origin.plus_ms(whole_ms(self.started.elapsed())),
            None => ServerTime(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, whole_ms)),
        }
    }

    fn beginning(&self) -> ServerTime {
        self.origin.unwrap_or_else(|| self.now())
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

fn whole_ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_with_an_origin_runs_on_from_it() {
        let clock = SystemClock::starting_at(ServerTime(1_700_000_000_000));
        let passed = clock.now().since_ms(ServerTime(1_700_000_000_000));
        assert!((0..60_000).contains(&passed));
        assert_eq!(clock.beginning(), ServerTime(1_700_000_000_000));
    }

    #[test]
    fn the_system_clock_gives_a_valid_time() {
        let clock = SystemClock::new();
        assert!(clock.now().is_valid_at(clock.now()));
    }
}

//! Time is passed in, so that tests own it.

use std::time::Duration;

use super::ServerTime;

/// Where the program learns the time. The one implementation that asks the system lives in `runtime`.
pub trait Clock: Send + Sync {
    /// Wall-clock time in milliseconds since 1970, UTC.
    fn now(&self) -> ServerTime;

    /// Where this clock was set to begin; the time it is where it was not set. What is dated from it does not depend on
    /// how long the program took to get there.
    fn beginning(&self) -> ServerTime {
        self.now()
    }

    /// Time since an arbitrary start that never jumps back; for intervals, never for display.
    fn elapsed(&self) -> Duration;
}

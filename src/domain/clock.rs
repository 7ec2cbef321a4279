//! Time is passed in, so that tests own it.

use std::time::Duration;

use super::ServerTime;

/// Where the program learns the time. The one implementation that asks the system lives in `runtime`.
pub trait Clock: Send + Sync {
    /// Wall-clock time in milliseconds since 1970, UTC.
    fn now(&self) -> ServerTime;

    /// Time since an arbitrary start that never jumps back; for intervals, never for display.
    fn elapsed(&self) -> Duration;
}

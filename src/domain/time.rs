//! Server times: milliseconds since 1970, as the service writes them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A time the server named, in milliseconds since 1970-01-01 UTC. May be nonsense: ask [`ServerTime::is_valid_at`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServerTime(pub i64);

/// 2000-01-01: nothing the service wrote is older, and values in seconds fall below it.
const EARLIEST_MS: i64 = 946_684_800_000;
/// Clocks may differ by a day; what lies further ahead is not a time.
const FUTURE_SLACK_MS: i64 = 24 * 3_600_000;

impl ServerTime {
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whether the value can be a server time when it is now `now`: not before 2000, at most a day ahead.
    /// Seconds, microseconds and zero are refused by this, never silently multiplied.
    #[must_use]
    pub const fn is_valid_at(self, now: Self) -> bool {
        self.0 >= EARLIEST_MS && self.0 <= now.0.saturating_add(FUTURE_SLACK_MS)
    }

    /// The time `ms` milliseconds later (or earlier when negative); saturates.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this; negative when `earlier` is later.
    #[must_use]
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The instant as a `jiff` timestamp, or `None` outside its range.
    #[must_use]
    pub fn timestamp(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_millisecond(self.0).ok()
    }
}

impl fmt::Display for ServerTime {
    /// RFC 3339 in UTC with milliseconds, or the raw number where that is no date.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.timestamp() {
            Some(at) => write!(f, "{at:.3}"),
            None => write!(f, "{}", self.0),
        }
    }
}

//! How long a read waits before it is tried again, and when it gives up.

use std::time::Duration;

use super::failure::MAX_RETRY_AFTER;
use crate::domain::{Failure, FailureKind};

/// Waits of one read after faults.
const MAX_WAITS: u32 = 5;
/// Waits of one read that is limited: without a time from the server they add up to more than the minute it counts.
const MAX_WAITS_LIMITED: u32 = 7;
/// Waiting of one read altogether.
const MAX_WAITING: Duration = Duration::from_mins(4);
/// First wait after a fault; doubles.
const BASE: Duration = Duration::from_millis(500);
/// First wait after "too many requests" without a time; doubles.
const BASE_LIMITED: Duration = Duration::from_secs(1);

/// What one read has waited so far.
#[derive(Default)]
pub(super) struct Budget {
    waits: u32,
    waited: Duration,
}

impl Budget {
    /// The next wait, or `None` when waiting does not help or has helped for too long.
    pub(super) fn next_wait(&mut self, failure: &Failure) -> Option<Duration> {
        let limited = failure.kind == FailureKind::RateLimited;
        let (base, most) = if limited { (BASE_LIMITED, MAX_WAITS_LIMITED) } else { (BASE, MAX_WAITS) };
        if !failure.kind.is_passing() || self.waits >= most {
            return None;
        }
        let asked = failure.retry_after.unwrap_or_else(|| base * 2_u32.pow(self.waits));
        let wait = (asked + jitter(asked / 4)).min(MAX_RETRY_AFTER);
        self.waits += 1;
        self.waited += wait;
        (self.waited <= MAX_WAITING).then_some(wait)
    }
}

/// Up to `most`, so that many clients do not come back at the same moment.
fn jitter(most: Duration) -> Duration {
    let share = getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX));
    most.mul_f64(share)
}

//! How fast reads leave: one pace for all who share a client. Told "too many requests", all of them wait and go on
//! slower; each good answer makes them a little faster again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Client, lock};
use crate::domain::{Clock, ServerTime};

/// Slowest pace: one read in so long.
const SLOWEST: Duration = Duration::from_secs(5);
/// A pace that was slowed down begins at one read in so long, or slower.
const SLOWED: Duration = Duration::from_millis(20);
/// What is left of the time between two reads after each good answer.
const RECOVERY: f64 = 0.95;
/// Below this, reads are not held apart at all.
const FREE: Duration = Duration::from_millis(1);

/// Reads that wait because the server asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Until when, by our clock.
    pub until: ServerTime,
    /// How many requests wait now.
    pub waiting: usize,
}

/// The pace of one client; as fast as the server answers until somebody says otherwise.
#[derive(Default)]
pub(super) struct Pace {
    state: Mutex<State>,
    waiting: AtomicUsize,
}

/// Times are on the clock that never jumps.
#[derive(Default)]
struct State {
    /// Time between two reads at the fastest that is allowed.
    fastest: Duration,
    /// Between two reads now.
    gap: Duration,
    /// Between two reads lately.
    usual: Duration,
    /// When the last read left or will leave.
    last: Option<Duration>,
    /// Nobody leaves before.
    held: Duration,
}

impl Pace {
    /// Waits for the next read's turn.
    pub(super) async fn turn(&self, clock: &dyn Clock) {
        loop {
            let now = clock.elapsed();
            let at = {
                let mut state = lock(&self.state);
                let at = state.last.map_or(now, |last| last + state.gap).max(now).max(state.held);
                if let Some(last) = state.last.replace(at) {
                    let since = at.saturating_sub(last).min(SLOWEST);
                    state.usual = state.usual.mul_f64(0.9) + since.mul_f64(0.1);
                }
                at
            };
            if at > now {
                self.rest(at.saturating_sub(now)).await;
            }
            // Somebody may have been turned away meanwhile.
            if lock(&self.state).held <= at {
                return;
            }
        }
    }

    /// Waits, and counts as waiting.
    pub(super) async fn rest(&self, wait: Duration) {
        let _counted = Waiting::of(&self.waiting);
        tokio::time::sleep(wait).await;
    }

    /// The server asked to wait: nobody leaves before. Where it was for their number, all go on at half the pace.
    pub(super) fn hold(&self, wait: Duration, too_many: bool, now: Duration) {
        let mut state = lock(&self.state);
        // Those who left together are turned away together: that is one word of the server.
        if too_many && state.held <= now {
            state.gap = (state.gap.max(state.usual) * 2).clamp(SLOWED, SLOWEST);
        }
        state.held = state.held.max(now + wait);
    }

    /// A good answer came.
    pub(super) fn good(&self) {
        let mut state = lock(&self.state);
        if state.gap > state.fastest {
            let gap = state.gap.mul_f64(RECOVERY);
            state.gap = if gap < FREE { state.fastest } else { gap.max(state.fastest) };
        }
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Client {
    /// Allows at most `rate` reads a second from now on; a rate that is not above zero allows any.
    pub fn limit_rate(&self, rate: f64) {
        let mut state = lock(&self.inner.pace.state);
        state.fastest = Duration::try_from_secs_f64(1.0 / rate).unwrap_or_default();
        state.gap = state.fastest;
    }

    /// Whether reads wait because the server asked for it.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        let (pace, clock) = (&self.inner.pace, &self.inner.clock);
        let left = lock(&pace.state).held.checked_sub(clock.elapsed()).filter(|left| !left.is_zero())?;
        let until = clock.now().plus_ms(left.as_millis() as i64);
        Some(Held { until, waiting: pace.waiting.load(Ordering::Relaxed) })
    }
}

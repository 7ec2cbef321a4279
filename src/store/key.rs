//! The order of messages in the archive, as one number.

use crate::domain::{MessageId, ServerTime};

/// Bits of a key below the milliseconds.
const COUNTER_BITS: u32 = 20;
const COUNTER_MASK: i64 = (1 << COUNTER_BITS) - 1;
/// Milliseconds stay within 43 bits (the year 2248), so that a key is never negative.
const MS_MAX: i64 = (1 << 43) - 1;

/// The key a message gets unless another one has it: its time in ms, then the low bits of its id (`protocol` 1), which
/// within one millisecond are in the order of the ids.
pub(super) fn key(time: ServerTime, id: MessageId) -> i64 {
    first_of(time.ms()) | ((id.0 >> 2) as i64 & COUNTER_MASK)
}

/// The lowest key of a millisecond.
pub(super) fn first_of(ms: i64) -> i64 {
    ms.clamp(0, MS_MAX) << COUNTER_BITS
}

/// The highest key of a millisecond.
pub(super) fn last_of(ms: i64) -> i64 {
    first_of(ms) | COUNTER_MASK
}

/// The millisecond of a key.
pub(super) const fn ms_of(key: i64) -> i64 {
    key >> COUNTER_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_follow_time_then_id_and_stay_positive() {
        let at = |ms, low: u64| key(ServerTime(ms), MessageId(MessageId::at(ServerTime(ms)).0 | (low << 2)));
        assert!(at(1_700_000_000_000, 1) < at(1_700_000_000_000, 2));
        assert!(at(1_700_000_000_000, 0xF_FFFF) < at(1_700_000_000_001, 0));
        assert_eq!(ms_of(at(1_700_000_000_000, 77)), 1_700_000_000_000);
        assert!(key(ServerTime(i64::MAX), MessageId(u64::MAX)) > 0);
        assert!(key(ServerTime(-5), MessageId(0)) >= 0);
    }
}

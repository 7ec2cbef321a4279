//! When things were said: opening hours of the shop, counted back from the newest message.

use crate::domain::ServerTime;

pub(super) const SECOND: i64 = 1000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The shop lies at UTC+8 and answers from 9 to 21 o'clock.
const ZONE: i64 = 8 * HOUR;
const OPEN: i64 = 9 * HOUR;
const OPEN_FOR: i64 = 12 * HOUR;

/// `time` itself within opening hours, else the moment before it at which the shop last closed.
pub(super) const fn opened_before(time: ServerTime) -> ServerTime {
    let of_day = (time.0 + ZONE).rem_euclid(DAY);
    let close = OPEN + OPEN_FOR;
    let back = if of_day < OPEN {
        of_day + DAY - close
    } else if of_day > close {
        of_day - close
    } else {
        0
    };
    time.plus_ms(-back)
}

/// The time at which the shop had `worked` ms of opening hours less behind it than at `from`. Strictly falls with
/// `worked`, which must be above 0.
pub(super) const fn worked_before(from: ServerTime, worked: i64) -> ServerTime {
    let from = opened_before(from);
    let local = from.0 + ZONE;
    let done = local.div_euclid(DAY) * OPEN_FOR + (local.rem_euclid(DAY) - OPEN) - worked;
    ServerTime(done.div_euclid(OPEN_FOR) * DAY + OPEN + done.rem_euclid(OPEN_FOR) - ZONE)
}

/// The shop's calendar date as `20260714`.
pub(super) fn date(time: ServerTime) -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    time.timestamp().map_or_else(String::new, |at| at.to_zoned(zone).strftime("%Y%m%d").to_string())
}

/// Reads `35s`, `9m`, `2h`, `3d` and sums such as `2h14m`; `None` for anything else.
pub(super) fn age(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0, String::new());
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            's' => SECOND,
            'm' => MINUTE,
            'h' => HOUR,
            'd' => DAY,
            _ => return None,
        };
        total += number.parse::<i64>().ok()? * unit;
        number.clear();
    }
    Some(total).filter(|_| number.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_skipped_and_order_is_kept() {
        let now = ServerTime(1_790_000_000_000);
        let mut last = opened_before(now).plus_ms(1);
        for n in 1..2000 {
            let time = worked_before(now, n * 7 * MINUTE);
            assert!(time < last, "{time} came after {last}");
            assert!((OPEN..=OPEN + OPEN_FOR).contains(&(time.0 + ZONE).rem_euclid(DAY)), "{time} is at night");
            last = time;
        }
    }

    #[test]
    fn ages_add_up() {
        assert_eq!(age("2h14m"), Some(134 * MINUTE));
        assert_eq!(age("3d"), Some(3 * DAY));
        assert_eq!(age("3"), None);
    }
}

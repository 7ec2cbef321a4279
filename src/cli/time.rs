//! Times as people type them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::ServerTime;

/// Reads RFC 3339, `2024-05-01 14:00` or `2024-05-01` in `zone`, `-3d` `-12h` `-30m` back from `now`, or Unix seconds
/// (up to ten digits) or milliseconds.
#[must_use]
pub fn parse(text: &str, now: ServerTime, zone: &TimeZone) -> Option<ServerTime> {
    let text = text.trim();
    if let Some(back) = text.strip_prefix('-') {
        return ago(back).map(|ms| now.plus_ms(-ms));
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return Some(ServerTime(if text.len() <= 10 { number * 1000 } else { number }));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(ServerTime(at.as_millisecond()));
    }
    let civil: DateTime = text.parse().ok()?;
    Some(ServerTime(civil.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond()))
}

fn ago(text: &str) -> Option<i64> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at(at);
    let hours = match unit {
        "w" => 24 * 7,
        "d" => 24,
        "h" => 1,
        "m" => return i64::checked_mul(digits.parse().ok()?, 60_000),
        _ => return None,
    };
    let length = SignedDuration::try_from_hours(i64::checked_mul(digits.parse().ok()?, hours)?)?;
    i64::try_from(length.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_a_time_are_read_and_nothing_else() {
        let now = ServerTime(1_714_572_000_000);
        let read = |text| parse(text, now, &TimeZone::UTC).map(ServerTime::ms);
        for text in
            ["2024-05-01T14:00:00Z", "2024-05-01 14:00", "2024-05-01T22:00:00+08:00", "1714572000", "1714572000000"]
        {
            assert_eq!(read(text), Some(1_714_572_000_000), "{text}");
        }
        assert_eq!(read("-3d"), Some(1_714_572_000_000 - 3 * 86_400_000));
        for text in ["", "none", "now", "-3", "-3y", "1e3", "2024-13-01", "-99999999999999999d"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

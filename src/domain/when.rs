//! Times as people type them, on the command line and on the screen. The time it is now is handed in.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::ServerTime;

/// Reads RFC 3339, `2024-05-01 14:00` or `2024-05-01` in `zone`; `today`, `yesterday 15:00`, `昨天 15:00`, `tomorrow`
/// (without a time: when that day begins); `15:00`, today's or, where that is still to come, yesterday's; `-3d` `-12h`
/// `-30m` back from `now`; or Unix seconds (up to ten digits) or milliseconds.
#[must_use]
pub fn parse_time(text: &str, now: ServerTime, zone: &TimeZone) -> Option<ServerTime> {
    // Chinese keyboards write the colon two cells wide.
    let text = &text.trim().replace('：', ":");
    if let Some(back) = text.strip_prefix('-') {
        return ago(back).and_then(|ms| now.ms().checked_sub(ms)).map(ServerTime);
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return Some(ServerTime(if text.len() <= 10 { number * 1000 } else { number }));
    }
    if clock_time(text).is_some() {
        return on_day(0, text, now, zone).filter(|at| *at <= now).or_else(|| on_day(1, text, now, zone));
    }
    if let Some((days_ago, time)) = named_day(text) {
        return on_day(days_ago, time.trim(), now, zone);
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(ServerTime(at.as_millisecond()));
    }
    in_zone(text.parse().ok()?, zone)
}

/// A day by its name, as days back from today, and what stands after it.
fn named_day(text: &str) -> Option<(i64, &str)> {
    const DAYS: [(&str, i64); 6] =
        [("today", 0), ("yesterday", 1), ("tomorrow", -1), ("今天", 0), ("昨天", 1), ("明天", -1)];
    DAYS.iter().find_map(|(name, days_ago)| {
        let (head, rest) = text.split_at_checked(name.len())?;
        // Chinese puts no blank between day and time.
        let is_word = rest.is_empty() || rest.starts_with(' ') || !name.is_ascii();
        (head.eq_ignore_ascii_case(name) && is_word).then_some((*days_ago, rest))
    })
}

fn on_day(days_ago: i64, time: &str, now: ServerTime, zone: &TimeZone) -> Option<ServerTime> {
    let time = if time.is_empty() { Time::midnight() } else { clock_time(time)? };
    let today = now.timestamp()?.to_zoned(zone.clone()).date();
    let day = today.checked_sub(days_ago.days()).ok()?;
    in_zone(day.to_datetime(time), zone)
}

/// `15:00`, `9:05` or `15:00:30`.
fn clock_time(text: &str) -> Option<Time> {
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() };
    let is_clock = padded.contains(':') && padded.bytes().all(|b| b.is_ascii_digit() || b == b':');
    if is_clock { padded.parse().ok() } else { None }
}

fn in_zone(civil: DateTime, zone: &TimeZone) -> Option<ServerTime> {
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

    /// 2024-05-01 14:00 UTC, a Wednesday.
    const NOW: ServerTime = ServerTime(1_714_572_000_000);
    const HOUR: i64 = 3_600_000;

    fn read(text: &str) -> Option<i64> {
        parse_time(text, NOW, &TimeZone::UTC).map(ServerTime::ms)
    }

    #[test]
    fn all_forms_of_a_time_are_read_and_nothing_else() {
        for text in
            ["2024-05-01T14:00:00Z", "2024-05-01 14:00", "2024-05-01T22:00:00+08:00", "1714572000", "1714572000000"]
        {
            assert_eq!(read(text), Some(NOW.ms()), "{text}");
        }
        assert_eq!(read("-3d"), Some(NOW.ms() - 72 * HOUR));
        for text in ["", "none", "now", "-3", "-1", "-3y", "1e3", "2024-13-01", "-99999999999999999d"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_named_in_both_languages_with_and_without_a_time() {
        for (text, hours_back) in [
            ("today", 14),
            ("Today 9:00", 5),
            ("yesterday", 38),
            ("yesterday 15:00", 23),
            ("今天", 14),
            ("昨天", 38),
            ("昨天 15:00", 23),
            ("昨天15:00", 23),
            ("昨天 15：00", 23),
            ("tomorrow", -10),
            ("tomorrow 9:00", -19),
            ("明天", -10),
        ] {
            assert_eq!(read(text), Some(NOW.ms() - hours_back * HOUR), "{text}");
        }
        for text in ["yesterday 25:00", "yesterdays", "today15:00", "昨天晚上", "yesterday 15", "tomorrow 25:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_bare_time_is_the_last_time_it_was_that_late() {
        for (text, minutes_back) in
            [("14:00", 0), ("13:59", 1), ("9:05", 295), ("09:05", 295), ("9：05", 295), ("14:01", 1439), ("23:00", 900)]
        {
            assert_eq!(read(text), Some(NOW.ms() - minutes_back * HOUR / 60), "{text}");
        }
        assert_eq!(read("13:59:30"), Some(NOW.ms() - 30_000));
        for text in ["25:00", "14:60", "14:", ":30", "T14:00", "14:00x", "1:2:3:4", "2024-05-01T14:00:x"] {
            assert_eq!(read(text), None, "{text}");
        }
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        // It is 22:00 there.
        let at = |text| parse_time(text, NOW, &shanghai).map(ServerTime::ms);
        assert_eq!(at("15:00"), Some(NOW.ms() - 7 * HOUR));
        assert_eq!(at("22:30"), Some(NOW.ms() - 23 * HOUR - HOUR / 2));
    }

    #[test]
    fn yesterday_is_the_day_before_in_the_zone_of_the_person() {
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        // It is 22:00 there, so the same date; three hours later it would be the next one.
        let at = |now| parse_time("yesterday 15:00", now, &shanghai).map(ServerTime::ms);
        assert_eq!(at(NOW), Some(NOW.ms() - 31 * HOUR));
        assert_eq!(at(NOW.plus_ms(3 * HOUR)), Some(NOW.ms() - 7 * HOUR));
    }
}

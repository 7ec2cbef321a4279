//! Times, days, ages and amounts as people read them, in both languages.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::{Options, TimeFormat};
use crate::domain::ServerTime;
use crate::i18n::{Lang, Texts};
pub use crate::text::thousands;

/// The moment in the person's zone.
#[must_use]
pub fn zoned(at: ServerTime, zone: &TimeZone) -> Option<Zoned> {
    at.timestamp().map(|t| t.to_zoned(zone.clone()))
}

/// The day of a message as the chosen time format counts days.
#[must_use]
pub fn day(at: ServerTime, options: &Options) -> Option<Date> {
    let zone = if options.time == TimeFormat::Utc { TimeZone::UTC } else { options.zone.clone() };
    zoned(at, &zone).map(|z| z.date())
}

/// Days since 1970 in the same count: as good as [`day`] for telling days apart, and far cheaper.
#[must_use]
pub fn day_number(at: ServerTime, options: &Options) -> Option<i64> {
    let offset = match options.time {
        TimeFormat::Utc => 0,
        TimeFormat::Local | TimeFormat::Relative => options.zone.to_offset(at.timestamp()?).seconds(),
    };
    Some((at.timestamp()?.as_millisecond() + i64::from(offset) * 1000).div_euclid(86_400_000))
}

/// `14:02`, `06:02Z` or `9m`; `?` where the value is no time.
#[must_use]
pub fn clock(at: ServerTime, now: ServerTime, options: &Options) -> String {
    if !at.is_valid_at(now) {
        return "?".to_owned();
    }
    match options.time {
        TimeFormat::Relative => age(now.since_ms(at), &options.texts),
        TimeFormat::Local => zoned(at, &options.zone).map_or_else(String::new, |z| z.strftime("%H:%M").to_string()),
        TimeFormat::Utc => zoned(at, &TimeZone::UTC).map_or_else(String::new, |z| z.strftime("%H:%MZ").to_string()),
    }
}

/// Cells the widest [`clock`] takes.
#[must_use]
pub fn clock_width(options: &Options) -> usize {
    match (options.time, options.texts.lang()) {
        (TimeFormat::Local, _) | (TimeFormat::Relative, Lang::En) => 5,
        (TimeFormat::Utc, _) => 6,
        (TimeFormat::Relative, Lang::ZhCn) => 8,
    }
}

/// `now`, `9m`, `2h14`, `3d`; a negative age is `now`.
#[must_use]
pub fn age(ms: i64, texts: &Texts) -> String {
    let minutes = ms.max(0) / 60_000;
    match minutes {
        0 => texts.t("age-now"),
        1..60 => texts.tr("age-minutes", &[("n", minutes.to_string().into())]),
        60..1440 if minutes % 60 == 0 => texts.tr("age-hours", &[("h", (minutes / 60).to_string().into())]),
        60..1440 => {
            let minutes = [("h", (minutes / 60).to_string().into()), ("m", format!("{:02}", minutes % 60).into())];
            texts.tr("age-hours-minutes", &minutes)
        }
        _ => texts.tr("age-days", &[("n", (minutes / 1440).to_string().into())]),
    }
}

/// `waits 41m`, `waits 41m+` where it may be longer; below a minute only that somebody waits.
#[must_use]
pub fn waits(ms: i64, at_least: bool, texts: &Texts) -> String {
    if ms < 60_000 {
        return texts.t("waits-now");
    }
    let more = if at_least { "+" } else { "" };
    texts.tr("waits", &[("age", format!("{}{more}", age(ms, texts)).into())])
}

/// One unit only, for the list: `2h`, not `2h14`.
#[must_use]
pub fn short_age(ms: i64, texts: &Texts) -> String {
    const HOUR: i64 = 3_600_000;
    age(if ms >= HOUR { ms / HOUR * HOUR } else { ms }, texts)
}

/// `Today`, `Yesterday`, `Tue 30 Apr`, `2023-04-30`.
#[must_use]
pub fn day_name(day: Date, today: Date, texts: &Texts) -> String {
    match (today - day).get_days() {
        0 if day == today => texts.t("day-today"),
        1 if day.tomorrow().is_ok_and(|next| next == today) => texts.t("day-yesterday"),
        _ => date(day, today, texts),
    }
}

/// `Tue 30 Apr`, in another year `2023-04-30`.
#[must_use]
pub fn date(day: Date, today: Date, texts: &Texts) -> String {
    let form = match (day.year() == today.year(), texts.lang()) {
        (false, _) => "%Y-%m-%d",
        (true, Lang::En) => "%a %-d %b",
        (true, Lang::ZhCn) => {
            let weekday =
                ["一", "二", "三", "四", "五", "六", "日"][(day.weekday().to_monday_zero_offset() as usize).min(6)];
            return format!("{}月{}日 周{weekday}", day.month(), day.day());
        }
    };
    day.strftime(form).to_string()
}

/// A moment for dialogs: `14:02` today, else `Tue 30 Apr 14:02`.
#[must_use]
pub fn moment(at: ServerTime, now: ServerTime, options: &Options) -> String {
    let (Some(then), Some(today)) = (zoned(at, &options.zone), zoned(now, &options.zone)) else {
        return at.to_string();
    };
    if !at.is_valid_at(now) {
        return at.ms().to_string();
    }
    let time = then.strftime("%H:%M");
    if then.date() == today.date() {
        return time.to_string();
    }
    format!("{} {time}", date(then.date(), today.date(), &options.texts))
}

/// A moment in a column: `14:02` today, `30 Apr 14:02` this year, `2023-04-30` before.
#[must_use]
pub fn stamp(at: ServerTime, now: ServerTime, options: &Options) -> String {
    let (Some(then), Some(today)) = (zoned(at, &options.zone), zoned(now, &options.zone)) else {
        return "?".to_owned();
    };
    if !at.is_valid_at(now) {
        return "?".to_owned();
    }
    let time = then.strftime("%H:%M");
    match then.date() {
        day if day == today.date() => time.to_string(),
        day if day.year() == today.year() => format!("{} {time}", short_date(day, now, options)),
        day => day.to_string(),
    }
}

/// Cells that [`stamp`] takes at most.
#[must_use]
pub fn stamp_width(options: &Options) -> usize {
    if options.texts.lang() == Lang::ZhCn { 14 } else { 12 }
}

/// `30 Apr` this year, else `2023-04-30`.
#[must_use]
pub fn short_date(day: Date, now: ServerTime, options: &Options) -> String {
    let today = zoned(now, &options.zone).map(|now| now.date());
    if today.is_none_or(|today| today.year() != day.year()) {
        return day.to_string();
    }
    match options.texts.lang() {
        Lang::En => day.strftime("%-d %b").to_string(),
        Lang::ZhCn => format!("{}月{}日", day.month(), day.day()),
    }
}

/// `240 KB`, `6.2 MB`; nothing for an unknown length.
#[must_use]
pub fn bytes(n: u64) -> String {
    match n {
        0 => String::new(),
        1..1000 => format!("{n} B"),
        1000..999_500 => format!("{:.0} KB", n as f64 / 1e3),
        999_500..999_500_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// `0:12`, `1:02:03`.
#[must_use]
pub fn duration(seconds: i32) -> String {
    let s = i64::from(seconds.max(0));
    if s < 3600 {
        return format!("{}:{:02}", s / 60, s % 60);
    }
    format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_amounts_are_short() {
        let texts = Texts::new(Lang::En);
        let shown: Vec<_> = [-5, 59_000, 540_000, 8_040_000, 7_200_000, 260_000_000].map(|ms| age(ms, &texts)).into();
        assert_eq!(shown, ["now", "now", "9m", "2h14", "2h", "3d"]);
        assert_eq!(short_age(8_040_000, &texts), "2h");
        assert_eq!([waits(59_000, true, &texts), waits(60_000, true, &texts)], ["waits", "waits 1m+"]);
        assert_eq!([bytes(0), bytes(999), bytes(240_000), bytes(6_200_000)], ["", "999 B", "240 KB", "6.2 MB"]);
        assert_eq!([thousands(7), thousands(12_400), thousands(1_000_000)], ["7", "12,400", "1,000,000"]);
        assert_eq!([duration(12), duration(3723), duration(-1)], ["0:12", "1:02:03", "0:00"]);
    }
}

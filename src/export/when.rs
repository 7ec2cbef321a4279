//! Moments as programs and people read them, in the zone of the export.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::form::Cx;
use crate::domain::ServerTime;

/// RFC 3339 in UTC to the millisecond; `None` where the value is no date.
pub(super) fn utc(time: ServerTime) -> Option<String> {
    time.timestamp().map(|_| time.to_string())
}

/// RFC 3339 with the zone's offset, to the millisecond; `None` where the value is no date.
pub(super) fn local(time: ServerTime, zone: &TimeZone) -> Option<String> {
    let at = time.timestamp()?;
    Some(format!("{:.3}", at.display_with_offset(zone.to_offset(at))))
}

/// The moment in the zone, if the value can be a time.
pub(super) fn zoned(time: ServerTime, cx: &Cx) -> Option<Zoned> {
    time.timestamp().filter(|_| cx.is_valid(time)).map(|at| at.to_zoned(cx.options.zone.clone()))
}

/// `2024-05-01 14:02:05 +08:00`, or the raw number where it is no date.
pub(super) fn moment(time: ServerTime, cx: &Cx) -> String {
    match time.timestamp() {
        Some(at) => at.to_zoned(cx.options.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
        None => time.to_string(),
    }
}

/// `2024-05-01 Wed`.
pub(super) fn day(date: Date, cx: &Cx) -> String {
    let weekday = &cx.options.labels.weekdays[(date.weekday().to_monday_zero_offset() as usize).min(6)];
    format!("{date} {weekday}")
}

/// `Asia/Shanghai`, else the offset at the time of the export.
pub(super) fn zone_name(cx: &Cx) -> String {
    let zone = &cx.options.zone;
    match (zone.iana_name(), cx.scope.exported_at.timestamp()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(at)) => at.to_zoned(zone.clone()).strftime("%:z").to_string(),
        (None, None) => String::new(),
    }
}

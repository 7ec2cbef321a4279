//! Values of arguments: read, or refused with what would be right.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::client::ListCall;
use crate::domain::{Cursor, MessageKind, PageSize};
use crate::export::Format;

/// Where a history starts: a cursor, or the end the direction starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub Option<Cursor>);

pub(super) fn page_size(text: &str) -> Result<PageSize, String> {
    let size = text.parse::<u64>().map_err(|_| "history page size must be 1 to 50".to_owned())?;
    PageSize::new(size).map_err(|e| e.to_string())
}

pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "a limit is a number from 1 up".to_owned())
}

pub(super) fn langs() -> PossibleValuesParser {
    let with_region = |name: &'static str, region: &'static str| PossibleValue::new(name).alias(region);
    [with_region("en", "en-US"), with_region("zh", "zh-CN")].into()
}

pub(super) fn calls() -> impl TypedValueParser<Value = ListCall> {
    PossibleValuesParser::new(["auto", "v1", "paged", "cursor"]).try_map(|word| word.parse::<ListCall>())
}

pub(super) fn kinds() -> impl TypedValueParser<Value = MessageKind> {
    let words = ["txt", "img", "audio", "video", "file", "loc", "cmd", "custom"];
    PossibleValuesParser::new(words).try_map(|word| word.parse::<MessageKind>())
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["ndjson", "json", "csv", "md", "txt", "html"]).try_map(|word| word.parse::<Format>())
}

/// The words for "from the end" are those of the vendor's own calls.
pub(super) fn place(text: &str) -> Result<Place, String> {
    if matches!(text, "" | "-1" | "null") {
        return Ok(Place(None));
    }
    let is_number = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number || text.bytes().all(|b| b == b'0') {
        return Err("a cursor is a message id: 1 to 20 digits, not 0".to_owned());
    }
    Cursor::new(text).map(|cursor| Place(Some(cursor))).map_err(|e| e.to_string())
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("not a length of time: `{text}`; write 30s or 500ms");
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    match unit {
        "ms" => Ok(Duration::from_millis(count)),
        "" | "s" => Ok(Duration::from_secs(count)),
        "m" => Ok(Duration::from_secs(count.saturating_mul(60))),
        _ => Err(wrong()),
    }
}

/// An address, or a name of this machine such as `localhost:0`.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    let wrong = || "write an address and a port, e.g. 127.0.0.1:0 or localhost:8080".to_owned();
    let mut found: Vec<SocketAddr> = text.to_socket_addrs().map_err(|_| wrong())?.collect();
    // Clients try IPv4 where a name has both.
    found.sort_by_key(SocketAddr::is_ipv6);
    found.into_iter().next().ok_or_else(wrong)
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    if text.contains('*') {
        return Err("origins are named one by one: `*` would let every web page read the data".to_owned());
    }
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host.filter(|host| !host.is_empty()) {
        Some(_) => Ok(text.to_owned()),
        None => Err("an origin is written with its scheme, e.g. https://shop.example".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_words_for_no_cursor_start_at_the_end_and_zero_is_no_cursor() {
        for text in ["", "-1", "null"] {
            assert_eq!(place(text), Ok(Place(None)), "{text}");
        }
        assert!(place("7").is_ok_and(|place| place.0.is_some_and(|cursor| cursor.as_str() == "7")));
        for text in ["0", "000", "-2", "abc", "123456789012345678901"] {
            assert!(place(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_of_this_machine_can_be_listened_on() {
        assert!(listen("localhost:0").is_ok_and(|at| at.ip().is_loopback()));
        assert!(listen("127.0.0.1:80").is_ok() && listen("[::1]:0").is_ok());
        assert!(listen("localhost").is_err() && listen("").is_err());
    }

    #[test]
    fn a_star_is_no_origin() {
        assert!(origin("*").is_err() && origin("https://*.example").is_err() && origin("shop.example").is_err());
        assert_eq!(origin("https://shop.example"), Ok("https://shop.example".to_owned()));
    }
}

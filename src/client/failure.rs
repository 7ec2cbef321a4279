//! From answers to kinds of failure (`protocol` 4): by body first, by status second.

use std::time::Duration;

use http::HeaderMap;

use super::Call;
use super::transport::{Response, TransportError};
use crate::domain::{Failure, FailureKind, ServerTime, Service};
use crate::wire::masked;
use crate::wire::rest::{self, ErrorAnswer};

/// Longest wait a server may impose by one `Retry-After`.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);
/// Vendor texts are kept to this many characters.
const MAX_TEXT: usize = 500;

/// The answer, if it is one of the API's; its byte order mark is still there.
pub(super) fn check(call: &Call, answer: &Response, now: ServerTime) -> Result<(), Failure> {
    let status = answer.status.as_u16();
    let failure = |kind, error: ErrorAnswer| Failure {
        kind,
        status: Some(status),
        code: code(&error),
        text: shown(&error.description),
        retry_after: None,
        request: call.label.to_owned(),
        request_id: String::new(),
    };
    if status == 200 {
        // A file may be a page; what answers in its place says that it is one.
        let is_page = if call.share.is_some() { is_html(answer) } else { is_page(answer) };
        return if is_page { Err(failure(FailureKind::NotApi, ErrorAnswer::default())) } else { Ok(()) };
    }
    let said = rest::error(&answer.body);
    // An answer of the API that arrived broken is no web page, and its status still says something.
    let said = said.or_else(|| is_json(answer).then(ErrorAnswer::default));
    let kind = kind(call.service, call.is_sign_in, status, said.as_ref());
    let waits = matches!(kind, FailureKind::RateLimited | FailureKind::Server);
    let retry_after = if waits { retry_after(&answer.headers, now) } else { None };
    Err(Failure { retry_after, ..failure(kind, said.unwrap_or_default()) })
}

/// A failure to get any answer.
pub(super) fn lost(call: &Call, error: &TransportError) -> Failure {
    Failure { request: call.label.to_owned(), ..Failure::local(error.kind, shown(&error.text)) }
}

/// Whether the server turned the request away at the door for an ended token. An empty 401 does not
/// say why: a delete needs the server's words.
pub(super) fn is_refused_unread(call: &Call, failure: &Failure) -> bool {
    let is_told = || failure.text.to_ascii_lowercase().contains("expired");
    failure.kind == FailureKind::TokenExpired && (call.service != Service::Deletion || is_told())
}

fn code(error: &ErrorAnswer) -> String {
    let word = shown(&error.error);
    match error.code {
        Some(number) if word.is_empty() => format!("({number})"),
        Some(number) => format!("{word} ({number})"),
        None => word,
    }
}

fn shown(text: &str) -> String {
    masked(text).chars().take(MAX_TEXT).collect()
}

fn is_page(answer: &Response) -> bool {
    first(answer) == Some(b'<') || (is_html(answer) && !is_json(answer))
}

fn is_html(answer: &Response) -> bool {
    let content_type = answer.headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    content_type.is_some_and(|t| t.starts_with("text/html"))
}

/// Whether the body begins as JSON does, whole or not.
fn is_json(answer: &Response) -> bool {
    matches!(first(answer), Some(b'{' | b'['))
}

fn first(answer: &Response) -> Option<u8> {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&answer.body);
    body.iter().find(|b| !b.is_ascii_whitespace()).copied()
}

fn kind(service: Service, is_sign_in: bool, status: u16, said: Option<&ErrorAnswer>) -> FailureKind {
    use FailureKind as K;
    let empty = ErrorAnswer::default();
    let body = said.unwrap_or(&empty);
    let words = format!("{} {}", body.error, body.description).to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|p| words.contains(p));
    let is_limit = has(&["reach limit", "reach_limit", "api limit", "resource_limited", "too many requests"]);
    let is_closed = body.code == Some(15001) || has(&["not open", "function_not_open", "not enabled", "unopened"]);
    match status {
        300..=399 => K::Redirected,
        400 | 403 if is_limit => K::RateLimited,
        400 | 403 if is_closed => K::ServiceNotEnabled(service),
        400 | 401 if is_sign_in && has(&["client_id", "client_secret"]) => K::WrongAppCredentials,
        400 | 401 | 404 if is_sign_in && has(&["user not found"]) => K::UnknownUser,
        400 | 401 if is_sign_in && has(&["invalid_grant", "password"]) => K::WrongPassword,
        401 if has(&["(oauth)"]) || matches!(body.code, Some(40001 | 60001)) => K::Forbidden,
        401 if said.is_none() || has(&["expired"]) => K::TokenExpired,
        401 => K::TokenRejected,
        403 if said.is_none() => K::NotApi,
        403 => K::Forbidden,
        404 if said.is_none() || has(&["organization_application_not_found", "could not find application"]) => {
            K::WrongAppKey
        }
        404 if is_sign_in => K::UnknownUser,
        404 => K::NotFound,
        407 => K::Proxy,
        408 => K::Timeout,
        429 => K::RateLimited,
        400..=499 => K::BadRequest,
        500..=599 => K::Server,
        _ => K::BadAnswer,
    }
}

/// What time the server says it is.
pub(super) fn date(headers: &HeaderMap) -> Option<ServerTime> {
    let text = headers.get(http::header::DATE)?.to_str().ok()?.trim();
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(ServerTime(date.as_millisecond()))
}

/// Seconds, or a date (at least a second then); at most two minutes. `None` for anything else.
fn retry_after(headers: &HeaderMap, now: ServerTime) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let ms = date.as_millisecond().saturating_sub(now.ms()).max(1000);
    Some(Duration::from_millis(ms as u64).min(MAX_RETRY_AFTER))
}

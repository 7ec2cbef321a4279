//! A REST request as handlers see it, and what they answer: the vendor's envelope or one of its refusals.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Value, json};

use super::app::App;
use super::auth::Identity;
use crate::domain::ServerTime;

/// One request, already allowed by the route table.
pub struct Call {
    /// The server.
    pub app: Arc<App>,
    /// Whose token came with it.
    pub identity: Identity,
    /// Path below the app key, as sent, e.g. `/users/alice/user_channels`.
    pub path: String,
    /// Captures of the path template.
    pub params: Vec<(String, String)>,
    /// Query pairs in order; empty parts are gone, both halves percent-decoded.
    pub query: Vec<(String, String)>,
    /// Header fields.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Call {
    /// A capture of the path template; empty when the template has none of that name.
    pub fn param(&self, name: &str) -> &str {
        find(&self.params, name).unwrap_or_default()
    }

    /// The user named in the path.
    pub fn user(&self) -> &str {
        self.param("user")
    }

    /// A query value; the first of its name.
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// A query value as number; `first` when absent or empty, `None` when it is no number.
    pub fn number(&self, name: &str, first: i64) -> Option<i64> {
        match self.query(name) {
            None | Some("" | "undefined" | "null") => Some(first),
            Some(text) => text.parse().ok(),
        }
    }

    /// The asking device, where it named itself.
    pub fn resource(&self) -> Option<&str> {
        self.query("resource").filter(|r| !r.is_empty())
    }

    /// The body as JSON object, whatever the content type says; an empty body is an empty object.
    ///
    /// # Errors
    /// 400 `invalid_request_body`.
    pub fn json(&self) -> Result<Value, Refused> {
        if self.body.is_empty() {
            return Ok(json!({}));
        }
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).ok().filter(Value::is_object).ok_or_else(Refused::body)
    }

    /// The full address, without query.
    pub fn uri(&self) -> String {
        let key = &self.app.app_key;
        format!("{}/{}/{}{}", self.app.base, key.org(), key.app(), self.path)
    }

    /// The time it is.
    pub fn now(&self) -> ServerTime {
        self.app.now()
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Query pairs; tolerates `&&`, a second `?`, missing values and unencoded commas.
pub fn read_query(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let parts = query.split(['&', '?']).filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(k, v)| (decoded(k), decoded(v))).collect()
}

/// A 200 answer.
pub type Answer = Result<Reply, Refused>;

/// What goes out with status 200.
pub enum Reply {
    /// The vendor's envelope.
    Envelope(Envelope),
    /// An object of its own shape.
    Json(Value),
    /// Ready-made JSON, for answers where speed counts.
    Text(String),
    /// Bytes with a content type.
    File {
        /// Content type.
        kind: String,
        /// Content.
        bytes: Vec<u8>,
    },
}

impl Reply {
    /// `data` in the envelope.
    pub fn data(action: &'static str, data: impl Serialize) -> Answer {
        Ok(Self::Envelope(Envelope { action, data: Some(value(&data)?), entities: json!([]), more: Vec::new() }))
    }

    /// `entities` in the envelope.
    pub fn entities(action: &'static str, entities: impl Serialize) -> Answer {
        Ok(Self::Envelope(Envelope { action, data: None, entities: value(&entities)?, more: Vec::new() }))
    }

    /// `{"requestStatusCode":"ok","timestamp":…}`, the answer of one-way deletion.
    pub fn ok(call: &Call) -> Answer {
        Ok(Self::Json(json!({"requestStatusCode": "ok", "timestamp": call.now().ms()})))
    }

    /// Adds a top-level key to an envelope.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: Value) -> Self {
        if let Self::Envelope(envelope) = &mut self {
            envelope.more.push((key, value));
        }
        self
    }

    /// The answer as HTTP.
    pub fn render(self, call: &Call) -> Response {
        let json = |text: String| ([("content-type", "application/json;charset=UTF-8")], text).into_response();
        match self {
            Self::Envelope(envelope) => json(envelope.write(call).to_string()),
            Self::Json(value) => json(value.to_string()),
            Self::Text(text) => json(text),
            Self::File { kind, bytes } => {
                ([("content-type", kind.as_str()), ("x-content-type-options", "nosniff")], bytes).into_response()
            }
        }
    }
}

fn value(data: &impl Serialize) -> Result<Value, Refused> {
    serde_json::to_value(data).map_err(|e| Refused::internal(&e))
}

/// The standard envelope (`protocol` 1).
pub struct Envelope {
    action: &'static str,
    data: Option<Value>,
    entities: Value,
    more: Vec<(&'static str, Value)>,
}

impl Envelope {
    fn write(self, call: &Call) -> Value {
        let key = &call.app.app_key;
        let mut out = json!({
            "path": call.path, "uri": call.uri(),
            "timestamp": call.now().ms(), "organization": key.org(), "application": call.app.uuid,
            "action": self.action, "entities": self.entities, "duration": 0, "applicationName": key.app(),
        });
        if let Some(data) = self.data {
            out["data"] = data;
        }
        for (key, value) in self.more {
            out[key] = value;
        }
        out
    }
}

/// A refusal as the vendor words it (`protocol` 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: StatusCode,
    /// `error`.
    pub error: String,
    /// `exception`.
    pub exception: String,
    /// `error_description`.
    pub text: String,
    /// `error_code`, where the vendor sends one.
    pub code: Option<i64>,
}

impl Refused {
    /// Any refusal.
    pub fn new(status: StatusCode, error: &str, exception: &str, text: impl Into<String>) -> Self {
        Self { status, error: error.to_owned(), exception: exception.to_owned(), text: text.into(), code: None }
    }

    /// 400 `illegal_argument`.
    pub fn illegal(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "illegal_argument", "java.lang.IllegalArgumentException", text)
    }

    /// 400 with the words of the one-way deletion service.
    pub fn param(error: &str, text: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, "ParamException", text)
    }

    /// 400 `invalid_request_body`.
    pub fn body() -> Self {
        let text = "Request body is invalid. Please check body is correct.";
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_body", "InvalidRequestBodyException", text)
    }

    /// 400 `invalid_grant`.
    pub fn grant(text: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_grant", "OAuthProblemException", text)
    }

    /// 401.
    pub fn token(error: &str, text: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error, "org.apache.shiro.authz.UnauthorizedException", text)
    }

    /// 403 `forbidden_op`.
    pub fn forbidden(text: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden_op", "EasemobForbiddenOpException", text)
    }

    /// 403 of a service that is not switched on.
    pub fn not_open(service: &str) -> Self {
        let text = format!("{service} function not open");
        let refused = Self::new(StatusCode::FORBIDDEN, "function_not_open_error", "FunctionNotOpenException", text);
        Self { code: Some(15001), ..refused }
    }

    /// 404 of anything that is not there.
    pub fn missing() -> Self {
        Self::missing_with("ServiceResourceNotFoundException", "Service resource not found")
    }

    /// 404 with a text of its own.
    pub fn missing_with(exception: &str, text: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "service_resource_not_found", exception, text)
    }

    /// 429.
    pub fn throttled() -> Self {
        let text = "This request has reached api limit";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "reach_limit", "ReachLimitException", text)
    }

    /// 408.
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "RequestTimeoutException", "Request Timeout")
    }

    /// 413.
    pub fn too_large() -> Self {
        let text = "Request Entity Too Large";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "request_entity_too_large", "RequestEntityTooLargeException", text)
    }

    /// 415: a body without a word about what it is.
    pub fn no_type() -> Self {
        let text = "Unsupported Media Type";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "web_application", "WebApplicationException", text)
    }

    /// 500; the cause goes to the log only.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "InternalException", "internal error")
    }

    /// The refusal as HTTP.
    pub fn render(&self, now: ServerTime) -> Response {
        let mut out = json!({"error": self.error, "exception": self.exception, "timestamp": now.ms(), "duration": 0,
                             "error_description": self.text});
        if let Some(code) = self.code {
            out["error_code"] = json!(code);
        }
        (self.status, [("content-type", "application/json;charset=UTF-8")], out.to_string()).into_response()
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(e: rusqlite::Error) -> Self {
        Self::internal(&e)
    }
}

impl From<getrandom::Error> for Refused {
    fn from(e: getrandom::Error) -> Self {
        Self::internal(&e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_query_strings_of_the_sdks_are_read() {
        let pairs = read_query("&limit=20&&cursor=&msgIdList=1,2&to=%E4%BD%A0&_v=17?em-redirect=true");
        let of = |name| find(&pairs, name);
        assert_eq!(
            (of("limit"), of("cursor"), of("msgIdList"), of("to")),
            (Some("20"), Some(""), Some("1,2"), Some("你"))
        );
        assert_eq!(of("em-redirect"), Some("true"));
    }
}

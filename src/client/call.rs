//! One request: what it carries, how it is sent once, how a read is repeated.

use std::sync::atomic::Ordering;

use ::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::transport::{Request, Response, TransportError};
use super::{Client, Secret, failure, retry};
use crate::domain::{Failure, FailureKind, Service};

/// What a path segment or a query value may hold as it is. The comma separates ids and is sent bare, as the SDK does.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',');

/// `text` as part of a path or query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A request of ours, before address and token.
pub(super) struct Call {
    /// Name of the call in logs and failures; holds no id.
    pub(super) label: &'static str,
    /// HTTP method.
    pub(super) method: Method,
    /// Path below the app, with its query; parts already encoded.
    pub(super) path: String,
    /// JSON body.
    pub(super) body: Option<Value>,
    /// What is missing when the server says "not open".
    pub(super) service: Service,
    /// Errors are about credentials, not about a session.
    pub(super) is_sign_in: bool,
    /// What opens one file, sent as a header.
    pub(super) share: Option<Secret>,
}

impl Call {
    /// A `GET`.
    pub(super) fn get(label: &'static str, path: String, service: Service) -> Self {
        Self { label, method: Method::GET, path, body: None, service, is_sign_in: false, share: None }
    }

    /// A `POST`.
    pub(super) fn post(label: &'static str, path: String, body: Value, service: Service) -> Self {
        Self { label, method: Method::POST, path, body: Some(body), service, is_sign_in: false, share: None }
    }
}

/// A good answer, and which request it belongs to.
pub(super) struct Answered {
    /// The body, without a byte order mark.
    pub(super) body: Bytes,
    label: &'static str,
    id: String,
}

impl Answered {
    /// The failure `kind` that this answer amounts to, for a reason of ours.
    pub(super) fn failure(&self, kind: FailureKind, reason: impl ToString) -> Failure {
        Failure {
            status: Some(200),
            request: self.label.to_owned(),
            request_id: self.id.clone(),
            ..Failure::local(kind, reason.to_string())
        }
    }

    /// It came and cannot be read.
    pub(super) fn unreadable(&self, reason: impl ToString) -> Failure {
        self.failure(FailureKind::BadAnswer, reason)
    }
}

/// A failed request, and whether it may have reached the server.
pub(super) struct Lost {
    /// Why.
    pub(super) failure: Failure,
    /// `false` only when it certainly did not.
    #[cfg_attr(not(feature = "delete"), expect(dead_code))]
    pub(super) sent: bool,
}

impl Client {
    /// Sends a read; waits and repeats while that may help.
    pub(super) async fn read(&self, call: &Call) -> Result<Answered, Failure> {
        let (mut budget, pace) = (retry::Budget::default(), &self.inner.pace);
        loop {
            pace.turn(self.inner.clock.as_ref()).await;
            let failure = match self.with_session(call).await {
                Ok(answer) => {
                    pace.good();
                    return Ok(answer);
                }
                Err(lost) => lost.failure,
            };
            let Some(wait) = budget.next_wait(&failure) else { return Err(failure) };
            let too_many = failure.kind == FailureKind::RateLimited;
            if too_many || failure.retry_after.is_some() {
                pace.hold(wait, too_many, self.inner.clock.elapsed());
            }
            if let Some(told) = &self.inner.options.on_wait {
                told(wait, &failure);
            }
            pace.rest(wait).await;
        }
    }

    /// Sends once with the session's token. An expired token is renewed and the request, which the server refused
    /// unread, sent once more; one that may not be repeated only when the server said so in words.
    pub(super) async fn with_session(&self, call: &Call) -> Result<Answered, Lost> {
        let unsent = |failure| Lost { failure, sent: false };
        let token = self.token().await.map_err(unsent)?;
        match self.once(call, Some(&token)).await {
            Err(lost) if failure::is_refused_unread(call, &lost.failure) => {
                let token = self.renewed(&token, lost.failure).await.map_err(unsent)?;
                self.once(call, Some(&token)).await
            }
            other => other,
        }
        .map_err(|lost| Lost { failure: self.in_session(lost.failure), ..lost })
    }

    /// Sends once.
    pub(super) async fn once(&self, call: &Call, token: Option<&Secret>) -> Result<Answered, Lost> {
        let id = format!("r{}", self.inner.requests.fetch_add(1, Ordering::Relaxed));
        let start = self.inner.clock.elapsed();
        let outcome = self.exchange(call, token).await.map_err(|mut lost| {
            lost.failure.request_id.clone_from(&id);
            lost
        });
        let elapsed_ms = self.inner.clock.elapsed().saturating_sub(start).as_millis() as u64;
        match &outcome {
            Ok(body) => tracing::debug!(id, call = call.label, elapsed_ms, body_bytes = body.len(), "answered"),
            Err(lost) => {
                let kind: &str = lost.failure.kind.into();
                tracing::warn!(id, call = call.label, elapsed_ms, kind, status = lost.failure.status, "failed");
            }
        }
        outcome.map(|body| Answered { body, label: call.label, id })
    }

    async fn exchange(&self, call: &Call, token: Option<&Secret>) -> Result<Bytes, Lost> {
        let lost = |error: TransportError| Lost { failure: failure::lost(call, &error), sent: error.sent };
        let request = self.request(call, token).map_err(lost)?;
        let sending = tokio::time::timeout(self.inner.options.timeout, self.inner.transport.send(request));
        let timeout = |_| TransportError { kind: FailureKind::Timeout, text: "no answer in time".into(), sent: true };
        let answer: Response = sending.await.map_err(timeout).and_then(|sent| sent).map_err(lost)?;
        if let Some(at) = failure::date(&answer.headers) {
            self.inner.server_time.store(at.ms(), Ordering::Relaxed);
        }
        let now = self.inner.clock.now();
        failure::check(call, &answer, now).map_err(|failure| Lost { failure, sent: true })?;
        let is_marked = call.share.is_none() && answer.body.starts_with(b"\xef\xbb\xbf");
        let mark = if is_marked { 3 } else { 0 };
        Ok(answer.body.slice(mark..))
    }

    fn request(&self, call: &Call, token: Option<&Secret>) -> Result<Request, TransportError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            let refused = |_| TransportError {
                kind: FailureKind::Refused,
                text: "the token holds characters no header may hold".to_owned(),
                sent: false,
            };
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(refused)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        if let Some(share) = &call.share {
            let refused = |_| TransportError {
                kind: FailureKind::Refused,
                text: "the file's secret holds characters no header may hold".to_owned(),
                sent: false,
            };
            let mut value = HeaderValue::from_str(share.expose()).map_err(refused)?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static("share-secret"), value);
            headers.insert(ACCEPT, HeaderValue::from_static("application/octet-stream"));
        }
        let mut url = format!("{}{}", self.inner.endpoint.base(), call.path);
        if call.method == Method::GET {
            let joint = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{joint}_v={}", self.inner.clock.now().ms()));
        }
        let body = call.body.as_ref().map(|b| Bytes::from(b.to_string())).unwrap_or_default();
        Ok(Request { method: call.method.clone(), url, headers, body })
    }
}

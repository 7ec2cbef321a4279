//! Scripted REST faults: delay, status, canned body, a cut connection; by route and count, always the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde::Deserialize;

use super::app::App;

/// A fault script; clones share their counts.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Vec<Armed>>);

#[derive(Debug)]
struct Armed {
    fault: Fault,
    met: AtomicU64,
}

/// One fault: for requests of `route`, after the first `skip`, for `count` of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What it is for; nobody reads it but people.
    #[serde(default)]
    pub note: String,
    /// Method and path after the app key, `*` for any one segment: `POST /users/*/messageroaming`.
    pub route: String,
    /// Requests let through first.
    #[serde(default)]
    pub skip: u64,
    /// Requests hit; absent means all that follow.
    pub count: Option<u64>,
    /// Milliseconds to wait before anything else.
    #[serde(default)]
    pub delay_ms: u64,
    /// Status of a canned answer. With neither status nor body the real answer follows the delay.
    pub status: Option<u16>,
    /// Header fields of a canned answer.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Body of a canned answer.
    pub body: Option<String>,
    /// Send half of the answer, then break the connection.
    #[serde(default)]
    pub cut: bool,
}

impl Faults {
    /// Reads a script: a JSON list of faults.
    ///
    /// # Errors
    /// The parser's words about the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let faults: Vec<Fault> = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let odd =
            faults.iter().find(|f| !f.route.contains(" /") || f.status.is_some_and(|s| !(200..=599).contains(&s)));
        match odd {
            Some(fault) => Err(format!("fault for `{}`: route is `METHOD /path`, status 200 to 599", fault.route)),
            None => Ok(Self::new(faults)),
        }
    }

    /// A script from its faults.
    pub fn new(faults: Vec<Fault>) -> Self {
        Self(Arc::new(faults.into_iter().map(|fault| Armed { fault, met: AtomicU64::new(0) }).collect()))
    }

    /// Counts the request at every fault of its route; the first that is due acts.
    fn due(&self, method: &str, path: &str) -> Option<&Fault> {
        let counted: Vec<_> =
            self.0.iter().filter(|armed| armed.fault.is_for(method, path)).map(Armed::count).collect();
        counted.into_iter().flatten().next()
    }
}

impl Armed {
    fn count(&self) -> Option<&Fault> {
        let met = self.met.fetch_add(1, Ordering::SeqCst);
        let end = self.fault.count.map_or(u64::MAX, |count| self.fault.skip.saturating_add(count));
        (self.fault.skip..end).contains(&met).then_some(&self.fault)
    }
}

impl Fault {
    fn is_for(&self, method: &str, path: &str) -> bool {
        let Some((wanted, pattern)) = self.route.split_once(' ') else { return false };
        let (pattern, path) = (pattern.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
        let fits = pattern.len() == path.len() && pattern.iter().zip(&path).all(|(p, s)| *p == "*" || p == s);
        fits && wanted.eq_ignore_ascii_case(method)
    }

    fn canned(&self) -> Option<Response> {
        if self.status.is_none() && self.body.is_none() {
            return None;
        }
        let status = self.status.and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body.clone().unwrap_or_default()).into_response();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        Some(response)
    }
}

/// The middleware in front of the REST routes.
pub async fn inject(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default();
    let Some(fault) = app.faults.due(request.method().as_str(), &path).cloned() else {
        return next.run(request).await;
    };
    tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    let response = match fault.canned() {
        Some(canned) => canned,
        None => next.run(request).await,
    };
    if fault.cut { cut(response).await } else { response }
}

/// The first half of a response, then a broken connection.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove("content-length");
    let half: Result<Bytes, std::io::Error> = Ok(whole.slice(..whole.len() / 2));
    let broken = Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    Response::from_parts(parts, Body::from_stream(futures_util::stream::iter([half, broken])))
}

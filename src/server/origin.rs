//! Who may ask from where: Host and Origin rules and the answers to a browser's preflight. A page of another site
//! must not reach the sandbox by its name (DNS rebinding) nor from its own origin.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Config;
use super::app::App;
use super::call::Refused;

/// The origins and hosts served.
#[derive(Clone, Debug)]
pub struct Origins {
    listen: IpAddr,
    allowed: Vec<String>,
    remote: bool,
}

impl Origins {
    /// From what was asked for at the start.
    pub fn new(addr: SocketAddr, config: &Config) -> Self {
        let allowed = config.allow_origins.iter().map(|o| o.trim_end_matches('/').to_ascii_lowercase()).collect();
        Self { listen: addr.ip(), allowed, remote: config.allow_remote }
    }

    /// Whether a page of this origin is served: loopback, or named at the start.
    pub fn allows_origin(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        self.allowed.contains(&origin) || host.and_then(host_name).is_some_and(is_loopback)
    }

    /// Whether a request for this host is served: loopback, where we listen, an allowed origin's host; with remote
    /// access any plain address (a name could be rebound).
    pub fn allows_host(&self, host: &str) -> bool {
        let Some(name) = host_name(host).map(str::to_ascii_lowercase) else { return false };
        let ip: Option<IpAddr> = name.parse().ok();
        let named = |origin: &String| origin.split_once("://").and_then(|(_, rest)| host_name(rest)) == Some(&name);
        is_loopback(&name) || ip.is_some_and(|ip| ip == self.listen || self.remote) || self.allowed.iter().any(named)
    }
}

/// Host without port and brackets; nothing that a browser could read as another host.
fn host_name(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.find(':').map_or((host, ""), |at| host.split_at(at)),
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    let whole = port.is_empty() || (port.starts_with(':') && !digits.is_empty());
    (whole && digits.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The middleware around everything, the long connection included.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let host = host_of(request.headers(), request.uri());
    let origin = request.headers().get("origin").cloned();
    let origin_text = origin.as_ref().map(|o| o.to_str().unwrap_or("?"));
    if host.is_some_and(|host| !app.origins.allows_host(&host)) {
        tracing::warn!("refused: unknown host");
        return Refused::forbidden("host not allowed").render(app.now());
    }
    if origin_text.is_some_and(|origin| !app.origins.allows_origin(origin)) {
        tracing::warn!("refused: unknown origin");
        return Refused::forbidden("origin not allowed").render(app.now());
    }
    let preflight = request.method() == Method::OPTIONS && origin.is_some();
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if let Some(origin) = origin {
        allow(response.headers_mut(), origin, preflight);
    }
    response
}

fn host_of(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let header = headers.get("host").map(|h| h.to_str().unwrap_or("?").to_owned());
    header.or_else(|| uri.authority().map(ToString::to_string))
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue, preflight: bool) {
    headers.insert("access-control-allow-origin", origin);
    headers.insert("access-control-allow-credentials", HeaderValue::from_static("true"));
    headers.append("vary", HeaderValue::from_static("origin"));
    if preflight {
        let known = "authorization, content-type, share-secret, restrict-access, thumbnail, accept";
        headers.insert("access-control-allow-methods", HeaderValue::from_static("GET, POST, PUT, DELETE"));
        headers.insert("access-control-allow-headers", HeaderValue::from_static(known));
        headers.insert("access-control-max-age", HeaderValue::from_static("600"));
    }
}

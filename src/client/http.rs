//! The network: reqwest, one client for this machine and one for the world.

use std::error::Error as StdError;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

use super::endpoint::is_loopback;
use super::transport::{MAX_BODY_BYTES, Request, Response, Transport, TransportError};
use crate::domain::FailureKind;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// HTTP/1.1 and HTTP/2. `http://` to this machine needs no certificate store and goes through no proxy;
/// the verifying client is built at the first request that needs it.
#[derive(Debug, Default)]
pub struct HttpTransport {
    local: OnceLock<Client>,
    verifying: OnceLock<Client>,
}

impl HttpTransport {
    /// Builds nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self, url: &Url) -> Result<&Client, TransportError> {
        let is_local = url.scheme() == "http" && is_loopback(url);
        let slot = if is_local { &self.local } else { &self.verifying };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let builder = Client::builder().redirect(Policy::none()).connect_timeout(CONNECT_TIMEOUT);
        let builder = if is_local { for_this_machine(builder) } else { builder };
        let client = builder.build().map_err(|e| unsent(FailureKind::Tls, chain(&e)))?;
        Ok(slot.get_or_init(|| client))
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        let url = Url::parse(&request.url).map_err(|e| unsent(FailureKind::Refused, e.to_string()))?;
        let outgoing = self.client(&url)?.request(request.method, url).headers(request.headers).body(request.body);
        let answer = outgoing.send().await.map_err(|e| explain(&e))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = collect(answer).await?;
        Ok(Response { status, headers, body })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.exchange(request).boxed()
    }
}

fn for_this_machine(builder: ClientBuilder) -> ClientBuilder {
    let loopback = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    builder.tls_certs_only([]).no_proxy().resolve_to_addrs("localhost", &loopback)
}

async fn collect(mut answer: reqwest::Response) -> Result<Bytes, TransportError> {
    let too_large = || TransportError {
        kind: FailureKind::TooLarge,
        text: format!("answer of more than {MAX_BODY_BYTES} bytes"),
        sent: true,
    };
    let promised = usize::try_from(answer.content_length().unwrap_or_default()).unwrap_or(usize::MAX);
    if promised > MAX_BODY_BYTES {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(promised);
    while let Some(part) = answer.chunk().await.map_err(|e| TransportError { sent: true, ..explain(&e) })? {
        if body.len() + part.len() > MAX_BODY_BYTES {
            return Err(too_large());
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

fn unsent(kind: FailureKind, text: String) -> TransportError {
    TransportError { kind, text, sent: false }
}

fn explain(error: &reqwest::Error) -> TransportError {
    let text = chain(error);
    let words = text.to_ascii_lowercase();
    let is_tls = sources(error).any(|e| e.downcast_ref::<rustls::Error>().is_some())
        || ["certificate", "tls handshake"].iter().any(|w| words.contains(w));
    let kind = if is_tls {
        FailureKind::Tls
    } else if error.is_timeout() {
        FailureKind::Timeout
    } else if ["proxy", "tunnel"].iter().any(|w| words.contains(w)) {
        FailureKind::Proxy
    } else if error.is_connect() {
        FailureKind::Unreachable
    } else if words.contains("too large") {
        FailureKind::TooLarge
    } else if words.contains("invalid http") || words.contains("invalid gzip") {
        FailureKind::BadAnswer
    } else {
        FailureKind::Interrupted
    };
    TransportError { kind, text, sent: !error.is_connect() && !error.is_builder() }
}

fn sources<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> + 'a {
    std::iter::successors(error.source(), |&e| match e.downcast_ref::<std::io::Error>() {
        // An I/O error hides what it wraps one level deeper.
        Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => e.source(),
    })
}

/// The error and its causes in one line, without the address: it may hold ids.
fn chain(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = sources(error).map(ToString::to_string).collect();
    parts.dedup();
    if parts.is_empty() { "request failed".to_owned() } else { parts.join(": ") }
}

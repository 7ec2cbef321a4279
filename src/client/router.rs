//! The server in the same process: no socket, no thread.

use std::error::Error as StdError;
use std::marker::PhantomData;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use tower_service::Service;

use super::transport::{Request, Response, Transport, TransportError};
use crate::domain::FailureKind;

/// Hands requests to a service that takes bodies of type `B`, e.g. an axum router and `axum::body::Body`.
/// The `Host` header is set from the address.
#[derive(Debug)]
pub struct RouterTransport<S, B> {
    service: S,
    body: PhantomData<fn(B)>,
}

impl<S, B> RouterTransport<S, B> {
    /// Wraps a service; every request goes to a clone of it.
    pub const fn new(service: S) -> Self {
        Self { service, body: PhantomData }
    }
}

impl<S, B, R> Transport for RouterTransport<S, B>
where
    S: Service<http::Request<B>, Response = http::Response<R>> + Clone + Send + Sync + 'static,
    S::Error: StdError + Send,
    S::Future: Send,
    B: From<Bytes> + Send + 'static,
    R: BodyExt<Data = Bytes> + Send + 'static,
    R::Error: StdError + Send,
{
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        exchange::<S, B, R>(self.service.clone(), request).boxed()
    }
}

async fn exchange<S, B, R>(mut service: S, request: Request) -> Result<Response, TransportError>
where
    S: Service<http::Request<B>, Response = http::Response<R>>,
    S::Error: StdError,
    B: From<Bytes>,
    R: BodyExt<Data = Bytes>,
    R::Error: StdError,
{
    let failed = |text: String| TransportError { kind: FailureKind::Interrupted, text, sent: true };
    let mut inner = http::Request::new(B::from(request.body));
    *inner.method_mut() = request.method;
    *inner.uri_mut() = request.url.parse().map_err(|e: http::uri::InvalidUri| failed(e.to_string()))?;
    *inner.headers_mut() = request.headers;
    if let Some(host) = inner.uri().authority().and_then(|a| a.as_str().parse().ok()) {
        inner.headers_mut().insert(http::header::HOST, host);
    }
    std::future::poll_fn(|cx| service.poll_ready(cx)).await.map_err(|e| failed(e.to_string()))?;
    let (head, body) = service.call(inner).await.map_err(|e| failed(e.to_string()))?.into_parts();
    let body = body.collect().await.map_err(|e| failed(e.to_string()))?.to_bytes();
    Ok(Response { status: head.status, headers: head.headers, body })
}

//! How requests leave: a trait, so that a test or the server in process can take the place of the network.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};

use crate::domain::FailureKind;

/// Answers larger than this are refused; counted unpacked.
pub const MAX_BODY_BYTES: usize = 32 << 20;

/// Sends one request and brings its whole answer. Never retries, never follows a redirect.
pub trait Transport: Send + Sync {
    /// Sends `request`.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// A request. Its headers hold the token: never log it.
#[derive(Clone)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Absolute address with query.
    pub url: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; may be empty.
    pub body: Bytes,
}

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, unpacked.
    pub body: Bytes,
}

/// No answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    /// What sort of failure.
    pub kind: FailureKind,
    /// The reason in the words of the library below.
    pub text: String,
    /// Whether the request may have reached the server.
    pub sent: bool,
}

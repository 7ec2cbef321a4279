//! The client of the service's REST calls: what the official Web SDK sends, with our own care for what comes back.
//!
//! [`Client`] is the whole of it; requests leave through a [`Transport`]. Reads wait and try again by themselves
//! ([`Options::on_wait`] tells); a delete is never sent twice.

mod call;
#[cfg(feature = "delete")]
mod deletion;
mod endpoint;
mod failure;
mod files;
mod history;
mod http;
mod lists;
mod names;
mod pace;
mod retry;
mod router;
mod session;
mod transport;
mod walk;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

pub use endpoint::{ApiUrl, Credentials, Endpoint, Secret};
pub use files::file_id;
pub use http::HttpTransport;
pub use lists::ListCall;
pub use pace::Held;
pub use router::RouterTransport;
pub use session::Session;
pub use transport::{MAX_BODY_BYTES, Request, Response, Transport, TransportError};
pub use walk::{Stop, Walker};

use crate::domain::{Clock, DEFAULT_CHUNK, Resource, ServerTime};
use call::Call;

/// Told each time a read waits before it is tried again: for how long, and why.
pub type OnWait = Arc<dyn Fn(Duration, &crate::domain::Failure) + Send + Sync>;

/// How the client behaves.
#[derive(Clone)]
pub struct Options {
    /// For one request with its whole answer.
    pub timeout: Duration,
    /// Ids in one delete request; more than the service's 50 are sent as 50.
    pub chunk: usize,
    /// Our own device, sent with each delete so that our other devices react and we do not.
    pub resource: Resource,
    /// See [`OnWait`].
    pub on_wait: Option<OnWait>,
}

impl Options {
    /// Thirty seconds, chunks of 20, nobody told about waiting.
    #[must_use]
    pub const fn new(resource: Resource) -> Self {
        Self { timeout: Duration::from_secs(30), chunk: DEFAULT_CHUNK, resource, on_wait: None }
    }
}

/// One signed-in (or not yet signed-in) user of one app. Clones share the session.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    options: Options,
    requests: AtomicU64,
    login: session::LoginSlot,
    lists: lists::Budget,
    pace: pace::Pace,
    /// In ms, as the last answer said; 0 before.
    server_time: AtomicI64,
}

impl Client {
    /// Sends nothing yet.
    #[must_use]
    pub fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: Options) -> Self {
        let (requests, login, lists) = (AtomicU64::new(1), session::LoginSlot::default(), lists::Budget::default());
        let (pace, server_time) = (pace::Pace::default(), AtomicI64::default());
        let inner = Inner { endpoint, transport, clock, options, requests, login, lists, pace, server_time };
        Self { inner: Arc::new(inner) }
    }

    /// Where it connects to.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.inner.endpoint
    }

    /// What time it is by both clocks: the one it was given, unless that is more than a day ahead of what the server's
    /// last answer said (`Date`). `None` while no answer has said it.
    #[must_use]
    pub fn agreed_time(&self) -> Option<ServerTime> {
        const SLACK_MS: i64 = 24 * 3_600_000;
        let server = Some(self.inner.server_time.load(Ordering::Relaxed)).filter(|ms| *ms > 0)?;
        Some(self.inner.clock.now().min(ServerTime(server).plus_ms(SLACK_MS)))
    }

    /// The clock it was given.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }
}

/// Locks; a lock poisoned by a panic elsewhere still holds usable data here.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

//! The front door: takes connections, bounds how many there are and how slowly they may ask, and ends them all.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Connections at a time, long ones aside; more wait to be taken.
const MOST: usize = 1024;
/// Who has not finished a request's head by then goes.
const HEAD: Duration = Duration::from_secs(30);
/// How long a stop waits for answers that are under way.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// Serves `router` on `listener` until `stop`.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut open = JoinSet::new();
    while let Some((stream, place)) = stop.run_until_cancelled(next(&listener, &places)).await.flatten() {
        while open.try_join_next().is_some() {}
        open.spawn(connection(stream, router.clone(), stop.clone(), place));
    }
    drop(listener);
    let _ = timeout(GRACE, async { while open.join_next().await.is_some() {} }).await;
    open.shutdown().await;
}

/// The next connection, when there is a place for it.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, place)),
            Err(e) => {
                // Out of descriptors, or a client that was gone already: neither is a reason to stop.
                tracing::warn!(error = %e, "no connection taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router, stop: CancellationToken, _place: OwnedSemaphorePermit) {
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut served = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        ended = &mut served => ended,
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(e) = ended {
        tracing::debug!(error = %e, "connection lost");
    }
}

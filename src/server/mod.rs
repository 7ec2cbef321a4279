//! The Easemob-compatible sandbox server: REST, long connection, demo data. It shares only `domain` and `wire` with
//! the client, so that a mistake cannot cancel itself out; the vendor's own SDK is the judge.
//!
//! [`start`] binds and serves; [`Handle::router`] is the same server without a socket, for tests.

pub mod app;
pub mod auth;
pub mod call;
pub mod db;
pub mod delivery;
pub mod demo;
pub mod faults;
pub mod hub;
pub mod limits;
mod listen;
mod lock;
pub mod origin;
pub mod rest;
pub mod routes;
pub mod session;
pub mod socket;
mod sockjs;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::domain::{AppKey, Clock};
use app::App;
use faults::Faults;
use limits::Limits;
use lock::FolderLock;

/// How to start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the data, made when missing; `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// The one app that is served. Data of another app is refused.
    pub app_key: AppKey,
    /// Limits and paid services.
    pub limits: Limits,
    /// Scripted faults.
    pub faults: Faults,
    /// Origins served beside loopback ones, e.g. `https://dev.example`.
    pub allow_origins: Vec<String>,
    /// Without it only loopback addresses are listened on.
    pub allow_remote: bool,
    /// Fill with demo data.
    pub demo: bool,
}

impl Default for Config {
    /// A free loopback port, in memory, no limits, no faults, app `manyou#sandbox`.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: None,
            app_key: AppKey::try_from("manyou#sandbox".to_owned()).unwrap_or_else(|_| unreachable!("a constant")),
            limits: Limits::none(),
            faults: Faults::default(),
            allow_origins: Vec::new(),
            allow_remote: false,
            demo: false,
        }
    }
}

/// Why the server did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address is reachable from other machines and that was not asked for.
    #[error("{0} is not a loopback address; say --allow-remote to let other machines in")]
    Remote(SocketAddr),
    /// The address cannot be had, or the data folder not made.
    #[error("cannot listen or make the data folder: {0}")]
    Io(#[from] std::io::Error),
    /// The data cannot be read or written.
    #[error("sandbox data: {0}")]
    Db(#[from] rusqlite::Error),
    /// The system gives no randomness.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
    /// Another server has the data folder.
    #[error("another server uses the data folder {0}")]
    InUse(PathBuf),
    /// The data belongs to another app.
    #[error("the data folder belongs to app {0}")]
    OtherApp(String),
}

/// A running server; it serves on until [`Handle::shutdown`] or the end of the runtime.
pub struct Handle {
    app: Arc<App>,
    /// Held until nothing is served any more.
    _lock: Option<FolderLock>,
    addr: SocketAddr,
    router: axum::Router,
    serving: JoinHandle<()>,
    filling: Option<JoinHandle<()>>,
    users: Vec<(String, String)>,
}

/// Binds, opens the data and serves until [`Handle::shutdown`]. The clock runs on from wherever it stands.
///
/// # Errors
/// [`StartError`]: an address that is not loopback, a port in use, data that is not ours.
pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Handle, StartError> {
    if !config.listen.ip().is_loopback() && !config.allow_remote {
        return Err(StartError::Remote(config.listen));
    }
    let listener = TcpListener::bind(config.listen).await?;
    let addr = listener.local_addr()?;
    let lock = config.data.as_deref().map(FolderLock::take).transpose()?;
    let app = Arc::new(App::open(&config, addr, clock)?);
    let (users, filling) = if config.demo { fill(&app)? } else { (Vec::new(), None) };
    let router = routes::router(&app);
    let serving = tokio::spawn(listen::serve(listener, router.clone(), app.stop.clone()));
    Ok(Handle { app, _lock: lock, addr, router, serving, filling, users })
}

/// An address that clients on this machine can connect to: "every address" is none.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// Users with their passwords, and the making of what lists and first pages do not show.
type Filling = (Vec<(String, String)>, Option<JoinHandle<()>>);

/// Makes the demo data, once for a data folder: lists and newest pages at once, the rest behind them.
fn fill(app: &Arc<App>) -> Result<Filling, StartError> {
    if let Some(users) = db::facts::get(&app.db.get(), "demo_users")? {
        app.filled.cancel();
        return Ok((serde_json::from_str(&users).unwrap_or_default(), None));
    }
    let now = app.clock.beginning();
    let demo = demo::seed_front(&app.db, &app.app_key, now, &app.base)?;
    app.mint.raise(db::messages::newest_id(&app.db.get())?);
    let users = demo.users.clone();
    app.db.write(|tx| db::facts::get_or_set(tx, "demo_users", &json!(users).to_string()))?;
    let app = app.clone();
    let filling = tokio::task::spawn_blocking(move || {
        if let Err(e) = demo::seed_rest(&app.db, &app.app_key, now, &app.base, &demo) {
            tracing::error!(error = %e, "demo data is incomplete");
        }
        app.filled.cancel();
    });
    Ok((users, Some(filling)))
}

impl Handle {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The line `serve` prints: addresses a client on this machine can use, the one that is listened on, app key, app credentials and the users somebody can sign in as.
    pub fn ready(&self) -> Value {
        json!({
            "api": self.app.base,
            "ws": format!("ws://{}/ws", reachable(self.addr)),
            "listen": self.addr.to_string(),
            "app_key": self.app.app_key.to_string(),
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            "users": self.users.iter().map(|(id, pw)| json!({"user_id": id, "password": pw})).collect::<Vec<_>>(),
        })
    }

    /// Waits until all demo data is there; at once without any.
    pub async fn filled(&mut self) {
        if let Some(filling) = self.filling.take()
            && let Err(e) = filling.await
        {
            tracing::error!(error = %e, "demo data is incomplete");
        }
    }

    /// The same server without a socket.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// What the server holds.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Stops: no new connections; open ones, sockets too, end within a few seconds, whatever their clients do.
    pub async fn shutdown(self) {
        self.app.stop.cancel();
        self.app.lines.close();
        let _ = tokio::time::timeout(listen::GRACE, self.app.lines.wait()).await;
        if let Err(e) = self.serving.await {
            tracing::error!(error = %e, "the server failed");
        }
    }
}

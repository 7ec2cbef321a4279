//! What every part of the server shares, and how ids are minted.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::db::{self, Db};
use super::faults::Faults;
use super::hub::Hub;
use super::limits::{Limits, Rates};
use super::origin::Origins;
use super::{Config, StartError};
use crate::domain::{AppKey, Clock, MessageId, ServerTime};

/// The server's state; shared as `Arc<App>`.
pub struct App {
    /// Everything that is stored.
    pub db: Db,
    /// Who is connected.
    pub hub: Hub,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The one app served.
    pub app_key: AppKey,
    /// Limits and paid services.
    pub limits: Limits,
    /// Mints message ids.
    pub mint: IdMint,
    /// Scripted faults and how often each was met.
    pub faults: Faults,
    /// Who may ask from where.
    pub origins: Origins,
    /// `http://host:port`, without a slash at the end.
    pub base: String,
    /// The application's own uuid.
    pub uuid: String,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    /// The long connections that are open.
    pub lines: TaskTracker,
    /// App credentials.
    pub client_id: String,
    /// App credentials; for the ready line and tests, never for logs.
    pub client_secret: String,
    /// Cancelled once all data is there: at once unless demo data is being made.
    pub filled: CancellationToken,
    rates: Mutex<Rates>,
    wipes: AtomicU64,
}

impl App {
    /// Opens the data and reads (first time: makes) the app's own facts.
    ///
    /// # Errors
    /// [`StartError`] when the data cannot be had or belongs to another app.
    pub fn open(config: &Config, addr: SocketAddr, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let db = Db::open(config.data.as_ref().map(|folder| folder.join("sandbox.sqlite")).as_deref())?;
        let fact = |name: &str, first: String| db.write(|tx| db::facts::get_or_set(tx, name, &first));
        let owner = fact("app_key", config.app_key.to_string())?;
        if owner != config.app_key.to_string() {
            return Err(StartError::OtherApp(owner));
        }
        let newest = db::messages::newest_id(&db.get())?;
        let filled = CancellationToken::new();
        if !config.demo {
            filled.cancel();
        }
        Ok(Self {
            uuid: fact("app_uuid", uuid()?)?,
            client_id: fact("client_id", format!("YXA6{}", secret(16)?))?,
            client_secret: fact("client_secret", format!("YXA6{}", secret(24)?))?,
            hub: Hub::default(),
            clock,
            app_key: config.app_key.clone(),
            limits: config.limits.clone(),
            mint: IdMint::after(newest),
            faults: config.faults.clone(),
            origins: Origins::new(addr, config),
            base: format!("http://{}", super::reachable(addr)),
            stop: CancellationToken::new(),
            lines: TaskTracker::new(),
            filled,
            rates: Mutex::default(),
            wipes: AtomicU64::new(0),
            db,
        })
    }

    /// The time it is.
    pub fn now(&self) -> ServerTime {
        self.clock.now()
    }

    /// A fresh id, and its time.
    pub fn mint(&self) -> MessageId {
        self.mint.next(self.now())
    }

    /// Counts one call of `what` by `user`; false when more than `per_minute` came within a minute.
    pub fn within_rate(&self, what: &'static str, user: &str, per_minute: Option<usize>) -> bool {
        let Some(most) = per_minute else { return true };
        self.rates.lock().unwrap_or_else(PoisonError::into_inner).allow(what, user, most, self.now())
    }

    /// How often the address that wipes an account was hit: no client of ours may ever raise it.
    pub fn wipes(&self) -> u64 {
        self.wipes.load(Ordering::SeqCst)
    }

    /// Raises [`App::wipes`].
    pub fn count_wipe(&self) {
        self.wipes.fetch_add(1, Ordering::SeqCst);
    }
}

/// Mints message ids of the vendor's layout: strictly increasing, their time never behind the clock.
#[derive(Debug)]
pub struct IdMint(AtomicU64);

impl IdMint {
    /// Goes on after an id that is taken.
    pub const fn after(newest: MessageId) -> Self {
        Self(AtomicU64::new(newest.0))
    }

    /// From here on every id is higher than `taken`.
    pub fn raise(&self, taken: MessageId) {
        self.0.fetch_max(taken.0, Ordering::SeqCst);
    }

    /// The next id at `now`. Past a million ids in one millisecond the time part moves on.
    pub fn next(&self, now: ServerTime) -> MessageId {
        let floor = MessageId::at(now).0;
        let step = |last: u64| (last + 1).max(floor);
        let last = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(step(last)));
        MessageId(step(last.unwrap_or_else(|same| same)))
    }
}

/// `bytes` of randomness as URL-safe base64.
///
/// # Errors
/// When the system has none.
pub fn secret(bytes: usize) -> Result<String, getrandom::Error> {
    use base64::Engine as _;
    let mut raw = vec![0; bytes];
    getrandom::fill(&mut raw)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(raw))
}

/// A random UUID (version 4).
///
/// # Errors
/// When the system has no randomness.
pub fn uuid() -> Result<String, getrandom::Error> {
    let mut raw = [0; 16];
    getrandom::fill(&mut raw)?;
    Ok(db::users::uuid(raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_while_the_clock_stands_still_or_steps_back() {
        let mint = IdMint::after(MessageId(0));
        let (early, late) = (ServerTime(1_700_000_000_000), ServerTime(1_700_000_005_000));
        let ids = [early, early, late, early].map(|now| mint.next(now));
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        assert_eq!((ids[0].time(), ids[2].time()), (early, late));
    }

    #[test]
    fn a_uuid_has_the_known_form() {
        let id = uuid().expect("randomness");
        assert_eq!(id.len(), 36);
        assert_eq!((&id[14..15], "89ab".contains(&id[19..20])), ("4", true));
    }
}

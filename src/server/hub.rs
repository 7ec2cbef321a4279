//! Who is connected, and the way to their sessions.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::mpsc;

use super::app::App;
use super::delivery;

/// Devices of one user at a time; one more displaces the oldest.
pub const MAX_DEVICES: usize = 4;
/// Events a session may lag behind. A full line loses only wakes, of which one more is always waiting.
pub const EVENTS: usize = 32;

/// `StatisticsBody.operation` of a kick (`protocol` 7.8).
pub mod kick {
    /// The user was removed.
    pub const REMOVED: i32 = 1;
    /// Signed in on another device.
    pub const ELSEWHERE: i32 = 2;
    /// The password changed.
    pub const PASSWORD: i32 = 3;
    /// Another device of the user asked for it.
    pub const BY_DEVICE: i32 = 4;
}

/// What a session is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its queue may hold something new.
    Wake,
    /// Say why and close.
    Kick {
        /// One of [`kick`].
        operation: i32,
        /// Words for the person; may be empty.
        reason: String,
    },
}

struct Device {
    name: String,
    serial: u64,
    events: mpsc::Sender<Event>,
}

impl Device {
    fn kick(self, operation: i32, reason: &str) {
        // A session that cannot take it ends all the same: its line closes with this sender.
        let _ = self.events.try_send(Event::Kick { operation, reason: reason.to_owned() });
    }
}

#[derive(Default)]
struct Inner {
    last_serial: u64,
    users: HashMap<String, Vec<Device>>,
}

/// The connected devices.
#[derive(Default)]
pub struct Hub(Mutex<Inner>);

/// What a sign-in changed.
pub(super) struct Joined {
    /// Tells this connection from a later one of the same device.
    pub(super) serial: u64,
    /// No device was connected before.
    pub(super) alone: bool,
    /// A device that had to go because there were too many.
    pub(super) displaced: Option<String>,
}

impl Hub {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a device. The same device's older connection is kicked, and so is the oldest of too many.
    pub(super) fn join(&self, user: &str, device: &str, events: mpsc::Sender<Event>) -> Joined {
        let mut inner = self.lock();
        inner.last_serial += 1;
        let serial = inner.last_serial;
        let devices = inner.users.entry(user.to_owned()).or_default();
        let alone = devices.is_empty();
        let mut displaced = None;
        if let Some(at) = devices.iter().position(|d| d.name == device) {
            devices.remove(at).kick(kick::ELSEWHERE, "");
        } else if devices.len() >= MAX_DEVICES {
            let oldest = devices.remove(0);
            displaced = Some(oldest.name.clone());
            oldest.kick(kick::ELSEWHERE, "");
        }
        devices.push(Device { name: device.to_owned(), serial, events });
        Joined { serial, alone, displaced }
    }

    /// Takes a connection out. Returns whether it was still there and others of the user stay.
    pub(super) fn leave(&self, user: &str, serial: u64) -> bool {
        let mut inner = self.lock();
        let Some(devices) = inner.users.get_mut(user) else { return false };
        let before = devices.len();
        devices.retain(|d| d.serial != serial);
        let (gone, others) = (devices.len() < before, !devices.is_empty());
        if !others {
            inner.users.remove(user);
        }
        gone && others
    }

    /// The user's connected devices, oldest connection first.
    pub fn devices(&self, user: &str) -> Vec<String> {
        self.lock().users.get(user).into_iter().flatten().map(|d| d.name.clone()).collect()
    }

    /// Tells the user's sessions to look into their queues.
    pub fn wake(&self, user: &str) {
        for device in self.lock().users.get(user).into_iter().flatten() {
            let _ = device.events.try_send(Event::Wake);
        }
    }

    /// [`Hub::wake`] for many.
    pub fn wake_all(&self, users: &[String]) {
        for user in users {
            self.wake(user);
        }
    }

    /// Disconnects all devices of the user, saying why; `operation` is one of [`kick`].
    pub fn kick(&self, user: &str, operation: i32, reason: &str) {
        for device in self.lock().users.remove(user).into_iter().flatten() {
            device.kick(operation, reason);
        }
    }

    /// Sends a NOTIFY to the user's connected devices, except one. Never call it inside a transaction: it writes.
    /// A failure is logged; the change it tells of has happened.
    pub fn notify(&self, app: &App, user: &str, except: Option<&str>, payload: &Value) {
        if let Err(e) = delivery::notify(app, user, except, payload) {
            tracing::error!(error = %e, "notify lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
        mpsc::channel(EVENTS)
    }

    fn elsewhere() -> Event {
        Event::Kick { operation: kick::ELSEWHERE, reason: String::new() }
    }

    #[test]
    fn a_fifth_device_displaces_the_oldest() {
        let hub = Hub::default();
        let mut lines: Vec<_> = (0..5).map(|_| line()).collect();
        let joined: Vec<_> =
            lines.iter().enumerate().map(|(i, (to, _))| hub.join("alice", &format!("d{i}"), to.clone())).collect();
        assert_eq!(hub.devices("alice"), ["d1", "d2", "d3", "d4"]);
        assert_eq!(joined[4].displaced.as_deref(), Some("d0"));
        assert_eq!(lines[0].1.try_recv(), Ok(elsewhere()));
        assert!(lines[1].1.try_recv().is_err());
    }

    #[test]
    fn the_newest_connection_of_a_device_wins_and_survives_the_end_of_the_old_one() {
        let hub = Hub::default();
        let ((first, mut told), (second, _kept)) = (line(), line());
        let old = hub.join("alice", "d", first);
        hub.join("alice", "d", second);
        assert_eq!(told.try_recv(), Ok(elsewhere()));
        assert!(!hub.leave("alice", old.serial));
        assert_eq!(hub.devices("alice"), ["d"]);
    }
}

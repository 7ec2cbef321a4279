//! One long connection, without the socket: frames, hub events and ticks in, frames out (`protocol` 7).

use std::sync::Arc;

use prost::Message as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::app::App;
use super::auth::{self, Identity};
use super::db::users;
use super::delivery::incoming::{self, Origin, Taken};
use super::delivery::{Refusal, queue};
use super::hub::Event;
use crate::domain::{ChatType, MessageId, Resource};
use crate::wire::frame::{self, Command, bytes, down, status};
use crate::wire::{checked, ns, pb};

/// What comes to a session.
#[derive(Debug)]
pub enum Input<'a> {
    /// One MSync frame of the client.
    Frame(&'a [u8]),
    /// Something the hub says; `None` when it has let go of this session.
    Hub(Option<Event>),
}

/// What a session answers: frames in order, and whether to close after them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// MSync frames.
    pub frames: Vec<Vec<u8>>,
    /// Close when they are sent.
    pub close: bool,
}

impl Output {
    fn one(frame: Vec<u8>) -> Self {
        Self { frames: vec![frame], close: false }
    }

    fn last(frame: Vec<u8>) -> Self {
        Self { frames: vec![frame], close: true }
    }

    fn close() -> Self {
        Self { frames: Vec::new(), close: true }
    }
}

/// Who is signed in here.
struct Seat {
    user: String,
    device: String,
    serial: u64,
    /// The client is fetching its queue: it ignores notices until that is empty.
    fetching: bool,
}

/// One connection. Dropping it takes the device out of the hub.
pub struct Session {
    app: Arc<App>,
    /// Goes to the hub with the sign-in, so that the line closes when the hub lets go.
    events: Option<mpsc::Sender<Event>>,
    seat: Option<Seat>,
}

impl Session {
    /// A connection that has said nothing yet. What the hub says comes through `events`.
    pub const fn new(app: Arc<App>, events: mpsc::Sender<Event>) -> Self {
        Self { app, events: Some(events), seat: None }
    }

    /// Whether somebody is signed in.
    pub const fn is_signed_in(&self) -> bool {
        self.seat.is_some()
    }

    /// Takes one input.
    pub fn handle(&mut self, input: Input<'_>) -> Output {
        match input {
            Input::Hub(Some(Event::Wake)) => self.wake(),
            Input::Hub(Some(Event::Kick { operation, reason })) => self.kicked(operation, &reason),
            Input::Hub(None) => Output::close(),
            Input::Frame(raw) => match pb::MSync::decode(raw) {
                Ok(frame) => self.frame(&frame),
                Err(_) => Output::close(),
            },
        }
    }

    fn frame(&mut self, frame: &pb::MSync) -> Output {
        let payload = frame.payload.clone().unwrap_or_default();
        match (Command::read(frame.command), &self.seat) {
            (Some(Command::Provision), None) => self.sign_in(frame),
            (_, None) | (Some(Command::Provision), Some(_)) => Output::close(),
            (Some(Command::Unread), Some(seat)) => self.heartbeat(seat),
            (Some(Command::Sync), Some(_)) => match pb::CommSyncUl::decode(payload) {
                Ok(pb::CommSyncUl { meta: Some(meta), .. }) => self.meta(&meta),
                Ok(request) => self.fetch(&request),
                Err(_) => Output::close(),
            },
            (Some(Command::Logout), Some(_)) => {
                Output::last(down(Command::Logout, &pb::Logout { status: ok(), ..Default::default() }))
            }
            (Some(Command::Notice) | None, Some(_)) => Output::default(),
        }
    }

    fn sign_in(&mut self, frame: &pb::MSync) -> Output {
        let provision = pb::Provision::decode(frame.payload.clone().unwrap_or_default()).unwrap_or_default();
        let admitted = admit(&self.app, frame, &provision).and_then(|(user, device, expires)| {
            self.take_seat(user, &device)?;
            Ok((device, expires))
        });
        let answer = |status, device: &str, expires: Option<i64>| pb::Provision {
            status,
            resource: bytes(device),
            auth_token: expires.and_then(|ms| bytes(&json!({"expires_in": ms}).to_string())),
            ..Default::default()
        };
        match admitted {
            Ok((device, expires)) => Output::one(down(Command::Provision, &answer(ok(), &device, expires))),
            Err(refusal) => {
                let device = checked(provision.resource.as_deref().unwrap_or_default());
                Output::last(down(Command::Provision, &answer(refused(&refusal), &device, None)))
            }
        }
    }

    /// Joins the hub and takes over what waits. One transaction: nothing is queued in between.
    fn take_seat(&mut self, user: String, device: &str) -> Result<(), Refusal> {
        let events = self.events.take().ok_or_else(|| Refusal::fail("signed in already"))?;
        let serial = self.app.db.write(|tx| {
            let joined = self.app.hub.join(&user, device, events);
            if joined.alone {
                queue::adopt(tx, &user, device)?;
            }
            if let Some(gone) = joined.displaced {
                queue::forget(tx, &user, &gone)?;
            }
            Ok(joined.serial)
        })?;
        self.seat = Some(Seat { user, device: device.to_owned(), serial, fetching: false });
        Ok(())
    }

    fn queue(&self, seat: &Seat) -> Option<pb::Jid> {
        Some(frame::jid(&self.app.app_key, &seat.user, ChatType::Single, ""))
    }

    fn waiting(&self, seat: &Seat) -> u32 {
        queue::count(&self.app.db.get(), &seat.user, &seat.device).unwrap_or_default()
    }

    fn heartbeat(&self, seat: &Seat) -> Output {
        let waiting = Some(self.waiting(seat)).filter(|n| *n > 0);
        let answer = pb::CommUnreadDl {
            status: ok(),
            unread: waiting.map(|n| pb::MetaQueue { queue: self.queue(seat), n: Some(n) }).into_iter().collect(),
            timestamp: Some(self.now()),
        };
        Output::one(down(Command::Unread, &answer))
    }

    fn wake(&self) -> Output {
        let Some(seat) = self.seat.as_ref().filter(|seat| !seat.fetching) else { return Output::default() };
        if self.waiting(seat) == 0 {
            return Output::default();
        }
        Output::one(down(Command::Notice, &pb::CommNotice { queue: self.queue(seat) }))
    }

    /// A page of the queue. With a key it first drops what the client has got; an empty page ends the fetch, so the
    /// end is never told while something remains.
    fn fetch(&mut self, request: &pb::CommSyncUl) -> Output {
        let Some(seat) = &self.seat else { return Output::close() };
        let page = self.app.db.write(|tx| {
            if let Some(key) = request.key {
                queue::acknowledge(tx, &seat.user, &seat.device, key)?;
            }
            queue::page(tx, &seat.user, &seat.device)
        });
        let page = match page {
            Ok(page) => page,
            Err(e) => {
                tracing::error!(error = %e, "queue lost");
                return Output::close();
            }
        };
        let (queue, fetching) = (self.queue(seat), page.next.is_some());
        if let Some(seat) = &mut self.seat {
            seat.fetching = fetching;
        }
        let answer = pb::CommSyncDl {
            status: ok(),
            metas: page.metas,
            next_key: page.next,
            queue: request.queue.clone().or(queue),
            is_last: Some(!fetching),
            timestamp: Some(self.now()),
            ..Default::default()
        };
        Output::one(down(Command::Sync, &answer))
    }

    /// Something the client sends. Statistics need no answer.
    fn meta(&self, meta: &pb::Meta) -> Output {
        let Some(seat) = &self.seat else { return Output::close() };
        let taken = match meta.ns.unwrap_or_default() {
            ns::STATISTIC => return Output::default(),
            ns::CHAT => incoming::take(&self.app, Origin { user: &seat.user, device: &seat.device }, meta),
            _ => Err(Refusal { code: status::UNKNOWN_COMMAND, reason: "not supported".to_owned() }),
        };
        let ack = pb::CommSyncDl { meta_id: meta.id, ..Default::default() };
        let ack = match taken {
            Ok(Taken { posted, note }) => pb::CommSyncDl {
                status: ok(),
                server_id: Some(posted.id.0),
                timestamp: Some(posted.time.ms() as u64),
                metas: note.map(|note| self.note(seat, posted.id, &note)).into_iter().collect(),
                ..ack
            },
            Err(refusal) => pb::CommSyncDl { status: refused(&refusal), timestamp: Some(self.now()), ..ack },
        };
        Output::one(down(Command::Sync, &ack))
    }

    /// JSON that goes with an ack.
    fn note(&self, seat: &Seat, id: MessageId, note: &Value) -> pb::Meta {
        pb::Meta { id: Some(id.0), ns: Some(ns::NOTIFY), payload: bytes(&note.to_string()), ..self.own_meta(seat) }
    }

    fn own_meta(&self, seat: &Seat) -> pb::Meta {
        pb::Meta {
            id: Some(self.app.mint().0),
            from: Some(frame::jid(&self.app.app_key, "admin", ChatType::Single, "")),
            to: self.queue(seat),
            timestamp: Some(self.now()),
            ..Default::default()
        }
    }

    fn kicked(&self, operation: i32, reason: &str) -> Output {
        let Some(seat) = &self.seat else { return Output::close() };
        let body = pb::StatisticsBody {
            operation: Some(operation),
            reason: bytes(reason).filter(|r| !r.is_empty()),
            ..Default::default()
        };
        let meta =
            pb::Meta { ns: Some(ns::STATISTIC), payload: Some(body.encode_to_vec().into()), ..self.own_meta(seat) };
        let kick = pb::CommSyncDl {
            status: ok(),
            metas: vec![meta],
            queue: self.queue(seat),
            is_last: Some(true),
            timestamp: Some(self.now()),
            ..Default::default()
        };
        Output::last(down(Command::Sync, &kick))
    }

    fn now(&self) -> u64 {
        self.app.now().ms() as u64
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(seat) = self.seat.take() else { return };
        let left = self.app.db.write(|tx| {
            // What the last device did not get waits for the next sign-in.
            let others_stay = self.app.hub.leave(&seat.user, seat.serial);
            if others_stay { queue::forget(tx, &seat.user, &seat.device) } else { Ok(()) }
        });
        if let Err(e) = left {
            tracing::error!(error = %e, "queue not closed");
        }
    }
}

fn ok() -> Option<pb::Status> {
    Some(pb::Status { error_code: Some(status::OK), ..Default::default() })
}

fn refused(refusal: &Refusal) -> Option<pb::Status> {
    Some(pb::Status { error_code: Some(refusal.code), reason: bytes(&refusal.reason), ..Default::default() })
}

/// Who may come in: user, device, and when the token ends (ms since 1970).
fn admit(app: &App, frame: &pb::MSync, provision: &pb::Provision) -> Result<(String, String, Option<i64>), Refusal> {
    let wrong = |code: i32, reason: &str| Refusal { code, reason: reason.to_owned() };
    let guid = frame.guid.as_ref().ok_or_else(|| wrong(status::MISSING_PARAMETER, "guid"))?;
    let same_app = |key: &[u8]| key.eq_ignore_ascii_case(app.app_key.to_string().as_bytes());
    if !guid.app_key.as_deref().is_some_and(same_app) {
        return Err(wrong(status::WRONG_PARAMETER, "app key"));
    }
    let mismatch = || Refusal::fail("Sorry, token or password does not match login info");
    let token = token(frame, provision).ok_or_else(mismatch)?;
    let user = match auth::identify(app, Some(&token)) {
        Ok(Identity::User(user)) if user.eq_ignore_ascii_case(&frame::name(Some(guid))) => user,
        Err(e) if e.text.contains("expired") => return Err(Refusal::fail("Sorry, token expired")),
        Ok(_) | Err(_) => return Err(mismatch()),
    };
    if users::find(&app.db.get(), &user)?.is_none() {
        return Err(Refusal::fail("Sorry, user not found"));
    }
    let asked = provision.resource.as_deref().or(guid.client_resource.as_deref()).unwrap_or_default();
    let device = match checked(asked) {
        none if none.is_empty() => format!("webim_{}", app.mint()),
        device => device.parse::<Resource>().map_err(|e| wrong(status::WRONG_PARAMETER, &e.to_string()))?.to_string(),
    };
    Ok((user, device, auth::expiry(app, &token)?))
}

/// The token, in any of its three places, each `$t$` and the token.
fn token(frame: &pb::MSync, provision: &pb::Provision) -> Option<String> {
    let json = provision.auth_token.as_deref().and_then(|raw| serde_json::from_slice::<Value>(raw).ok());
    let told = json.and_then(|json| json["token"].as_str().map(str::to_owned));
    let plain = |field: &Option<bytes::Bytes>| field.as_deref().map(checked);
    let texts = [told, plain(&provision.auth), plain(&frame.auth)];
    texts.into_iter().flatten().find_map(|text| text.strip_prefix("$t$").map(str::to_owned))
}

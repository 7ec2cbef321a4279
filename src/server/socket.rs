//! The long connection's sockets: raw WebSocket on `/ws` and `/websocket`, SockJS below `/ws`. They carry frames to and
//! from a [`Session`] and keep out what is too much, too long or too slow.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, timeout};

use super::app::App;
use super::hub::EVENTS;
use super::session::{Input, Output, Session};
use super::sockjs;

/// A frame from a client is never larger.
const MAX_FRAME: usize = 2 << 20;
/// Who has not signed in by then goes.
const SIGN_IN: Duration = Duration::from_secs(10);
/// Three missed heartbeats.
const IDLE: Duration = Duration::from_secs(95);
/// A client that takes nothing for so long goes.
const STUCK: Duration = Duration::from_secs(10);
/// SockJS clients expect a sign of life so often.
const BEAT: Duration = Duration::from_secs(25);
/// Long connections at a time.
const MOST_LINES: usize = 1000;
/// Frames a second from one client; more wait.
const MOST_PER_SECOND: usize = 200;

/// The routes of the long connection.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/ws", get(raw))
        .route("/websocket", get(raw))
        .route("/ws/info", get(info))
        .route("/ws/{server}/{session}/websocket", get(sockjs))
}

async fn raw(State(app): State<Arc<App>>, upgrade: WebSocketUpgrade) -> Response {
    open(app, upgrade, Framing::Raw { text: false })
}

async fn sockjs(
    State(app): State<Arc<App>>,
    Path((_server, _session)): Path<(String, String)>,
    upgrade: WebSocketUpgrade,
) -> Response {
    open(app, upgrade, Framing::SockJs)
}

async fn info(State(app): State<Arc<App>>) -> Response {
    Json(sockjs::info(app.mint().0 as u32)).into_response()
}

fn open(app: Arc<App>, upgrade: WebSocketUpgrade, framing: Framing) -> Response {
    if app.lines.len() >= MOST_LINES {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let lines = app.lines.clone();
    upgrade.max_message_size(MAX_FRAME).max_frame_size(MAX_FRAME).on_upgrade(move |socket| {
        lines.track_future(async move {
            let line = Line { socket, framing };
            if let Err(Gone) = line.serve(app).await {
                tracing::debug!("connection lost");
            }
        })
    })
}

/// How frames are wrapped.
#[derive(Clone, Copy)]
enum Framing {
    /// One frame per message: binary, or base64 text for a client whose first message was text.
    Raw {
        /// The client speaks text.
        text: bool,
    },
    /// SockJS.
    SockJs,
}

impl Framing {
    fn encode(self, frame: Vec<u8>) -> Message {
        match self {
            Self::Raw { text: false } => Message::Binary(frame.into()),
            Self::Raw { text: true } => Message::Text(STANDARD.encode(frame).into()),
            Self::SockJs => Message::Text(sockjs::encode(&frame).into()),
        }
    }

    /// The frames of a message; `None` for one that is none.
    fn decode(&mut self, message: &Message) -> Option<Vec<Vec<u8>>> {
        match (&*self, message) {
            (_, Message::Ping(_) | Message::Pong(_)) => Some(Vec::new()),
            (Self::SockJs, Message::Text(text)) => sockjs::decode(text),
            (Self::Raw { .. }, Message::Binary(raw)) => {
                *self = Self::Raw { text: false };
                Some(vec![raw.to_vec()])
            }
            (Self::Raw { .. }, Message::Text(text)) => {
                *self = Self::Raw { text: true };
                Some(vec![STANDARD.decode(text.trim()).ok()?])
            }
            (_, Message::Binary(_) | Message::Close(_)) => None,
        }
    }
}

/// The other side is not there any more.
struct Gone;

struct Line {
    socket: WebSocket,
    framing: Framing,
}

impl Line {
    /// Runs the connection to its end.
    async fn serve(mut self, app: Arc<App>) -> Result<(), Gone> {
        let (to, mut events) = mpsc::channel(EVENTS);
        let stop = app.stop.clone();
        let mut session = Session::new(app, to);
        if matches!(self.framing, Framing::SockJs) {
            self.send(Message::Text(sockjs::OPEN.into())).await?;
        }
        let (mut beat, mut second, mut idle) = (every(BEAT), every(Duration::from_secs(1)), every(IDLE));
        let mut late = std::pin::pin!(tokio::time::sleep(SIGN_IN));
        let mut taken = 0;
        loop {
            let outputs = tokio::select! {
                // Who sends too fast is read again in the next second.
                message = self.socket.recv(), if taken <= MOST_PER_SECOND => {
                    let message = message.and_then(Result::ok).ok_or(Gone)?;
                    let frames = self.framing.decode(&message).ok_or(Gone)?;
                    taken += frames.len().max(1);
                    idle.reset();
                    frames.iter().map(|frame| session.handle(Input::Frame(frame))).collect()
                }
                event = events.recv(), if session.is_signed_in() => vec![session.handle(Input::Hub(event))],
                _ = beat.tick(), if matches!(self.framing, Framing::SockJs) => {
                    self.send(Message::Text(sockjs::HEARTBEAT.into())).await?;
                    continue;
                }
                _ = second.tick(), if taken > 0 => {
                    taken = 0;
                    continue;
                }
                () = stop.cancelled() => return self.bye().await,
                () = &mut late, if !session.is_signed_in() => return self.bye().await,
                _ = idle.tick() => return self.bye().await,
            };
            for output in outputs {
                if self.answer(output).await? {
                    return self.bye().await;
                }
            }
        }
    }

    /// Sends what the session answered; returns whether to close.
    async fn answer(&mut self, output: Output) -> Result<bool, Gone> {
        for frame in output.frames {
            self.send(self.framing.encode(frame)).await?;
        }
        Ok(output.close)
    }

    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        timeout(STUCK, self.socket.send(message)).await.ok().and_then(Result::ok).ok_or(Gone)
    }

    async fn bye(mut self) -> Result<(), Gone> {
        if matches!(self.framing, Framing::SockJs) {
            self.send(Message::Text(sockjs::CLOSE.into())).await?;
        }
        self.send(Message::Close(None)).await
    }
}

/// Ticks after each `period`, the first time after one too.
fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}

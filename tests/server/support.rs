//! A sandbox in this process, with users and a clock that tests own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use manyou::domain::{Clock, ServerTime};
use manyou::server::limits::Limits;
use manyou::server::{Config, Handle};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// 2023-11-14, 22:13:20 UTC.
pub const START: i64 = 1_700_000_000_000;

/// A clock moved by hand.
pub struct Hand(AtomicI64);

impl Default for Hand {
    fn default() -> Self {
        Self(AtomicI64::new(START))
    }
}

impl Clock for Hand {
    fn now(&self) -> ServerTime {
        ServerTime(self.0.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis((self.0.load(Ordering::SeqCst) - START) as u64)
    }
}

pub struct Sandbox {
    pub handle: Handle,
    clock: Arc<Hand>,
    app_token: String,
}

impl Sandbox {
    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn limited(limits: Limits) -> Self {
        Self::with(Config { limits, ..Config::default() }).await
    }

    /// A sandbox with the users alice, bob and carol, password `pw`.
    pub async fn with(config: Config) -> Self {
        let clock = Arc::new(Hand::default());
        let handle = manyou::server::start(config, clock.clone()).await.expect("the sandbox starts");
        let mut sandbox = Self { handle, clock, app_token: String::new() };
        let ready = sandbox.handle.ready();
        let ask = json!({"grant_type": "client_credentials", "client_id": ready["client_id"],
                         "client_secret": ready["client_secret"], "ttl": 0});
        let answer = sandbox.call("POST", "/token", "", Some(ask)).await;
        sandbox.app_token = answer.json["access_token"].as_str().expect("an app token").to_owned();
        let users: Value = ["alice", "bob", "carol"].iter().map(|u| json!({"username": u, "password": "pw"})).collect();
        sandbox.app("POST", "/users", Some(users)).await.ok();
        sandbox
    }

    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> i64 {
        self.clock.now().ms()
    }

    pub async fn sign_in(&self, user: &str) -> String {
        let ask = json!({"grant_type": "password", "username": user, "password": "pw", "ttl": 0});
        self.call("POST", "/token", "", Some(ask)).await.ok()["access_token"].as_str().expect("a token").to_owned()
    }

    /// A request below the app key with a token; `""` sends none.
    pub async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/manyou/sandbox{path}"));
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        self.send(request.body(Body::from(body.map(|b| b.to_string()).unwrap_or_default())).expect("a request")).await
    }

    pub async fn app(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.call(method, path, &self.app_token, body).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.handle.router().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.map(|b| b.to_vec()).unwrap_or_default();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, json, bytes }
    }

    /// Sends a text through REST, one second after the last; returns its id.
    pub async fn say(&self, from: &str, to: &str, text: &str) -> String {
        self.pass(1000);
        let ask = json!({"from": from, "to": [to], "type": "txt", "body": {"msg": text}});
        let path = if to.starts_with("g_") { "/messages/chatgroups" } else { "/messages/users" };
        self.app("POST", path, Some(ask)).await.ok()["data"][to].as_str().expect("an id").to_owned()
    }

    /// The group `g_team` of alice (owner) and bob.
    pub async fn team(&self) {
        let ask = json!({"groupid": "g_team", "groupname": "Team", "owner": "alice", "members": ["bob"]});
        self.app("POST", "/chatgroups", Some(ask)).await.ok();
    }

    /// One page of alice's history.
    pub async fn page(&self, token: &str, body: Value) -> Page {
        let answer = self.call("POST", "/users/alice/messageroaming", token, Some(body)).await.ok();
        let data = &answer["data"];
        let entries = data["msgs"].as_array().expect("msgs");
        let messages =
            entries.iter().filter_map(|e| manyou::wire::message::decode_entry(e["msg"].as_str().unwrap())).collect();
        Page { messages, next: data["next_key"].as_str().unwrap().to_owned(), is_last: data["is_last"] == true }
    }
}

pub struct Page {
    pub messages: Vec<manyou::domain::Message>,
    pub next: String,
    pub is_last: bool,
}

impl Page {
    pub fn ids(&self) -> Vec<String> {
        self.messages.iter().map(|m| m.id.to_string()).collect()
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub json: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.json);
        self.json
    }

    /// Status, `error` and `error_description` of a refusal.
    pub fn refusal(&self) -> (u16, &str, &str) {
        let text = |key: &str| self.json[key].as_str().unwrap_or_default();
        (self.status.as_u16(), text("error"), text("error_description"))
    }
}

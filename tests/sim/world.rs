//! A server with random people and messages, on a clock that moves only when everybody waits.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use manyou::client::{Client, Credentials, Endpoint, Options, RouterTransport, Secret, Transport};
use manyou::domain::{Clock, DeletionPlan, MessageId, Peer, Scope, ServerTime, UserId};
use manyou::server::{Config, Handle};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::rng::Rng;

/// 2023-11-14, 22:13:20 UTC.
const START: i64 = 1_700_000_000_000;

struct Virtual(tokio::time::Instant);

impl Clock for Virtual {
    fn now(&self) -> ServerTime {
        ServerTime(START).plus_ms(self.elapsed().as_millis() as i64)
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

pub(crate) struct World {
    handle: Handle,
    clock: Arc<dyn Clock>,
    app_token: String,
    friends: Vec<String>,
    pub(crate) rng: Rng,
}

impl World {
    /// Alice, some friends of hers, and what they have said so far.
    pub(crate) async fn new(seed: u64) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(Virtual(tokio::time::Instant::now()));
        let handle = manyou::server::start(Config::default(), clock.clone()).await.expect("the server starts");
        let mut rng = Rng::new(seed);
        let friends: Vec<String> = (0..=rng.below(5)).map(|n| format!("friend{n}")).collect();
        let mut world = Self { handle, clock, app_token: String::new(), friends, rng };
        let ready = world.handle.ready();
        let grant = json!({"grant_type": "client_credentials", "client_id": ready["client_id"],
                           "client_secret": ready["client_secret"], "ttl": 0});
        world.app_token = world.post("/token", grant).await["access_token"].as_str().expect("a token").to_owned();
        let names = world.friends.iter().map(String::as_str).chain(["alice"]);
        let users: Value = names.map(|name| json!({"username": name, "password": "pw"})).collect();
        world.post("/users", users).await;
        for friend in world.friends.clone() {
            let count = world.rng.below(180);
            world.talk(&friend, count).await;
        }
        // The worst millisecond: ten pages that share one time.
        if world.rng.one_in(4) {
            let friend = world.friend();
            for n in 0..500 {
                world.say(&friend, &format!("line at once {n}")).await;
            }
            world.talk(&friend, 3).await;
        }
        world
    }

    pub(crate) fn peers(&self) -> Vec<Peer> {
        self.friends.iter().map(|name| name.parse::<UserId>().map(|id| Peer::user(&id)).expect("an id")).collect()
    }

    pub(crate) fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(RouterTransport::<_, Body>::new(self.handle.router()))
    }

    pub(crate) fn client(&self, transport: Arc<dyn Transport>) -> Client {
        let api = self.handle.ready()["api"].as_str().expect("an address").to_owned();
        let endpoint = Endpoint::new(&api, None, "manyou#sandbox".parse().expect("a key"), false).expect("an endpoint");
        Client::new(endpoint, transport, self.clock.clone(), Options::new("sim".parse().expect("a resource")))
    }

    pub(crate) fn credentials() -> Credentials {
        Credentials::Password { user: "alice".parse().expect("an id"), password: Secret::new("pw") }
    }

    /// Something happens on the server: new messages, deletions on another device.
    pub(crate) async fn goes_on(&mut self) {
        for _ in 0..=self.rng.below(3) {
            let friend = self.friend();
            let count = self.rng.below(70);
            self.talk(&friend, count).await;
            self.delete().await;
        }
        // History may lag by seconds: only what is older is judged by its absence.
        tokio::time::sleep(Duration::from_mins(1)).await;
    }

    async fn delete(&mut self) {
        let peers = self.peers();
        let peer = self.rng.pick(&peers).clone();
        let client = self.client(self.transport());
        client.sign_in(Self::credentials()).await.expect("a session");
        let query = manyou::domain::HistoryQuery::new(peer.clone(), None, manyou::domain::Direction::Up);
        let mut walker = manyou::client::Walker::new(client.clone(), query);
        let mut ids: Vec<MessageId> = Vec::new();
        while let Some(page) = walker.next().await.expect("a page") {
            ids.extend(page.iter().map(|m| m.id));
        }
        let chosen: Vec<MessageId> = ids.into_iter().filter(|_| self.rng.one_in(9)).collect();
        if !chosen.is_empty() {
            let plan = DeletionPlan { owner: "alice".parse().expect("an id"), peer, scope: Scope::Messages(chosen) };
            assert!(client.delete(&plan, |_| {}).await.is_done());
        }
    }

    fn friend(&mut self) -> String {
        self.rng.pick(&self.friends).clone()
    }

    async fn talk(&mut self, friend: &str, count: usize) {
        for n in 0..count {
            let pause = [0, 0, 1, 20, 1000, 90_000][self.rng.below(6)];
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let text = format!("line {n} {}", self.rng.next() % 1000);
            self.say(friend, &text).await;
        }
    }

    async fn say(&mut self, friend: &str, text: &str) {
        let (from, to) = if self.rng.one_in(3) { ("alice", friend) } else { (friend, "alice") };
        let body = json!({"from": from, "to": [to], "type": "txt", "body": {"msg": text}});
        self.post("/messages/users", body).await;
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = Request::post(format!("/manyou/sandbox{path}")).header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {}", self.app_token));
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let answer = self.handle.router().oneshot(request).await.expect("an answer");
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}

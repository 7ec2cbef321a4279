//! A sandbox with clients in front of it.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use manyou::client::{Client, Credentials, Endpoint, ListCall, RouterTransport, Secret, Stop, Transport, Walker};
use manyou::domain::{
    Clock, DeletionPlan, DeletionReport, Direction, Failure, FailureKind, HistoryQuery, Message, MessageId, Peer, Scope,
};
use manyou::server::Config;
use manyou::server::faults::Faults;
use manyou::server::limits::Limits;
use serde_json::Value;

use crate::client::{options, password, user};
use crate::support::Sandbox;

/// A sandbox, and what its clients were told about waiting. Its clock moves on by each wait.
pub(crate) struct House {
    sandbox: Arc<Sandbox>,
    pub(crate) waits: Arc<Mutex<Vec<(Duration, FailureKind)>>>,
}

impl Deref for House {
    type Target = Sandbox;
    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl Drop for House {
    /// No story may ever come near the address that wipes an account.
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.sandbox.handle.app().wipes() == 0);
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn limited(limits: Limits) -> Self {
        Self::with(Config { limits, ..Config::default() }).await
    }

    pub(crate) async fn faulty(faults: Value) -> Self {
        Self::with(Config { faults: Faults::parse(&faults.to_string()).unwrap(), ..Config::default() }).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self { sandbox: Arc::new(Sandbox::with(config).await), waits: Arc::default() }
    }

    pub(crate) fn client(&self) -> Client {
        self.client_of("manyou#sandbox", Arc::new(RouterTransport::<_, axum::body::Body>::new(self.handle.router())))
    }

    pub(crate) fn client_of(&self, app_key: &str, transport: Arc<dyn Transport>) -> Client {
        self.client_by(self.handle.app().clock.clone(), app_key, transport)
    }

    /// A client with a clock of its own.
    pub(crate) fn client_by(&self, clock: Arc<dyn Clock>, app_key: &str, transport: Arc<dyn Transport>) -> Client {
        let ready = self.handle.ready();
        let endpoint = Endpoint::new(ready["api"].as_str().unwrap(), None, app_key.parse().unwrap(), false).unwrap();
        let (sandbox, waits) = (self.sandbox.clone(), self.waits.clone());
        let mut options = options();
        options.on_wait = Some(Arc::new(move |wait: Duration, why: &Failure| {
            sandbox.pass(wait.as_millis() as i64 + 1);
            waits.lock().unwrap().push((wait, why.kind));
        }));
        Client::new(endpoint, transport, clock, options)
    }

    pub(crate) async fn signed_in(&self) -> Client {
        let client = self.client();
        client.sign_in(password()).await.expect("a session");
        client
    }

    pub(crate) fn on_behalf(&self, secret: &str) -> Credentials {
        let client_id = self.handle.ready()["client_id"].as_str().unwrap().to_owned();
        Credentials::OnBehalf { user: user("alice"), client_id, client_secret: Secret::new(secret) }
    }

    /// `count` messages of bob to alice; their ids, oldest first.
    pub(crate) async fn talk(&self, count: usize) -> Vec<MessageId> {
        let mut out = Vec::new();
        for n in 0..count {
            out.push(self.say("bob", "alice", &format!("line {n}")).await.parse().unwrap());
        }
        out
    }
}

pub(crate) fn bob() -> Peer {
    Peer::user(&user("bob"))
}

pub(crate) fn up() -> HistoryQuery {
    HistoryQuery::new(bob(), None, Direction::Up)
}

pub(crate) async fn walk(client: &Client, query: HistoryQuery) -> Vec<Message> {
    let mut walker = Walker::new(client.clone(), query);
    let mut all = Vec::new();
    while let Some(page) = walker.next().await.expect("a page") {
        all.extend(page);
    }
    assert_eq!(walker.stop(), Some(Stop::Complete));
    all
}

pub(crate) fn plan(scope: Scope) -> DeletionPlan {
    DeletionPlan { owner: user("alice"), peer: bob(), scope }
}

pub(crate) async fn delete(client: &Client, scope: Scope) -> DeletionReport {
    client.delete(&plan(scope), |_| {}).await
}

pub(crate) async fn peers(client: &Client, call: ListCall) -> HashSet<String> {
    client.conversations(call).await.expect("a list").conversations.iter().map(|c| c.peer.to_string()).collect()
}

pub(crate) fn failed<T>(outcome: Result<T, Failure>) -> FailureKind {
    outcome.map(|_| ()).expect_err("a failure").kind
}

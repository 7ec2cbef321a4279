//! A client over a script instead of a network, on a clock that only moves when everybody waits.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use manyou::client::{Client, Credentials, Endpoint, Options, Request, Response, Secret, Transport, TransportError};
use manyou::domain::{Body, ChatType, Clock, FailureKind, Message, MessageId, ServerTime, UserId};
use manyou::wire::{message, pb};
use prost::Message as _;
use serde_json::{Value, json};

/// 2026-10-21T07:27:00Z, a minute before a date in the cases.
pub(crate) const NOW: i64 = 1_792_567_620_000;

pub(crate) struct TestClock(pub(crate) tokio::time::Instant);

impl Clock for TestClock {
    fn now(&self) -> ServerTime {
        ServerTime(NOW).plus_ms(self.elapsed().as_millis() as i64)
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Answer { status: u16, headers: Vec<(String, String)>, body: Bytes },
    Lost { kind: FailureKind, sent: bool },
    Hang,
}

impl Step {
    pub(crate) fn ok(body: impl Into<Bytes>) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: impl Into<Bytes>) -> Self {
        Self::Answer { status, headers: vec![], body: body.into() }
    }

    pub(crate) fn with(mut self, key: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((key.to_owned(), value.to_owned()));
        }
        self
    }
}

/// Answers calls from the script; token calls answer as `signs_in_as`.
pub(crate) struct Script {
    pub(crate) steps: Mutex<VecDeque<Step>>,
    pub(crate) sent: Mutex<Vec<Request>>,
    pub(crate) signs_in_as: Mutex<VecDeque<String>>,
    pub(crate) tokens: Mutex<usize>,
}

impl Script {
    pub(crate) fn new(steps: Vec<Step>) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into()),
            sent: Mutex::default(),
            signs_in_as: Mutex::default(),
            tokens: Mutex::default(),
        })
    }

    pub(crate) fn sent(&self) -> Vec<Request> {
        self.sent.lock().unwrap().clone()
    }

    fn token(&self, request: &Request) -> Response {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let name = asked["username"].as_str().unwrap_or_default().to_owned();
        let name = self.signs_in_as.lock().unwrap().pop_front().unwrap_or(name);
        let mut tokens = self.tokens.lock().unwrap();
        *tokens += 1;
        let body = json!({"access_token": format!("YWMt{tokens}"), "expires_in": 5_184_000,
                          "user": {"username": name}});
        Response { status: StatusCode::OK, headers: HeaderMap::new(), body: body.to_string().into() }
    }
}

impl Transport for Script {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        if request.url.ends_with("/token") {
            let answer = self.token(&request);
            self.sent.lock().unwrap().push(request);
            return async move { Ok(answer) }.boxed();
        }
        self.sent.lock().unwrap().push(request);
        let step = self.steps.lock().unwrap().pop_front();
        async move {
            match step.expect("one request more than the script has answers") {
                Step::Hang => std::future::pending().await,
                Step::Lost { kind, sent } => Err(TransportError { kind, text: "scripted".into(), sent }),
                Step::Answer { status, headers, body } => {
                    let mut map = HeaderMap::new();
                    for (key, value) in headers {
                        let value = HeaderValue::from_bytes(value.as_bytes());
                        if let (Ok(key), Ok(value)) = (key.parse::<HeaderName>(), value) {
                            map.insert(key, value);
                        }
                    }
                    Ok(Response { status: StatusCode::from_u16(status).unwrap(), headers: map, body })
                }
            }
        }
        .boxed()
    }
}

pub(crate) fn endpoint() -> Endpoint {
    Endpoint::new("http://127.0.0.1:1", None, "easemob-demo#roam".parse().unwrap(), false).unwrap()
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

pub(crate) fn password() -> Credentials {
    Credentials::Password { user: user("alice"), password: Secret::new("pw") }
}

pub(crate) fn options() -> Options {
    Options::new("webim_random_1".parse().unwrap())
}

pub(crate) fn client_over(script: &Arc<Script>, options: Options) -> Client {
    let clock = Arc::new(TestClock(tokio::time::Instant::now()));
    Client::new(endpoint(), script.clone(), clock, options)
}

/// Signed in as alice by password.
pub(crate) async fn signed_in(script: &Arc<Script>) -> Client {
    let client = client_over(script, options());
    client.sign_in(password()).await.expect("a session");
    client
}

/// One text message as a history entry.
pub(crate) fn entry(id: u64, text: &str) -> Value {
    let mut message = message::damaged(Bytes::new(), String::new());
    message = Message {
        chat_type: ChatType::Single,
        from: "bob".into(),
        to: "alice".into(),
        body: Body::Text { text: text.into(), stream: None },
        ..message
    };
    let name = |n: &str| Some(pb::Jid { name: Some(Bytes::copy_from_slice(n.as_bytes())), ..Default::default() });
    let meta = pb::Meta {
        id: Some(id),
        from: name("bob"),
        to: name("alice"),
        timestamp: Some(1_700_000_000_000 + id % 10_000),
        ns: Some(1),
        payload: Some(message::encode_body(&message).encode_to_vec().into()),
        ..Default::default()
    };
    json!({"msg": message::encode_entry(&meta.encode_to_vec())})
}

pub(crate) fn page(ids: &[u64], next: &str, is_last: bool) -> Value {
    let msgs: Vec<Value> = ids.iter().map(|id| entry(*id, "hi")).collect();
    json!({"data": {"msgs": msgs, "next_key": next, "is_last": is_last, "user": "alice@easemob.com"}})
}

pub(crate) fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|m| m.id).collect()
}

/// The lines of a file of bad inputs.
pub(crate) fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/badinputs/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the cases");
    text.lines().map(|l| serde_json::from_str(l).expect("a case")).collect()
}

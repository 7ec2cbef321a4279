//! A transport that fails in every way of `badinputs/http.jsonl` and `badinputs/pages.jsonl`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use manyou::client::{Request, Response, Transport, TransportError};
use manyou::domain::FailureKind;
use serde_json::{Value, json};

use crate::rng::Rng;

/// Ways in which a page is not what it should be, and says nothing false.
const PAGES: [&str; 10] = [
    "overlap",
    "twice",
    "shuffled",
    "same-cursor",
    "empty",
    "last-but-cursor",
    "undefined",
    "huge-cursor",
    "more",
    "other-user",
];

/// Fails `share` requests of a hundred.
pub(crate) struct Faulty {
    inner: Arc<dyn Transport>,
    share: u64,
    rng: Mutex<Rng>,
    cases: Vec<Value>,
    /// The last entry each conversation was sent, and the cursor behind it.
    sent: Mutex<HashMap<String, (Value, Value)>>,
    pub(crate) requests: AtomicU64,
    pub(crate) faults: AtomicU64,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Transport>, share: u64, seed: u64) -> Arc<Self> {
        let text = include_str!("../badinputs/http.jsonl");
        let cases = text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
        let rng = Mutex::new(Rng::new(seed ^ 0xFA17));
        let (requests, faults) = Default::default();
        Arc::new(Self { inner, share, rng, cases, sent: Mutex::default(), requests, faults })
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (fails, case, way) = {
            let mut rng = self.rng.lock().expect("a turn");
            let case = rng.pick(&self.cases).clone();
            (rng.next() % 100 < self.share, case, rng.below(PAGES.len() * 2))
        };
        let is_history = request.url.contains("/messageroaming");
        if !fails {
            return self.inner.send(request).await;
        }
        self.faults.fetch_add(1, Ordering::Relaxed);
        match PAGES.get(way) {
            Some(way) if is_history => self.page(request, way).await,
            Some(&"other-user") if request.url.ends_with("/token") => {
                let mut answer = self.inner.send(request).await?;
                answer.body = String::from_utf8_lossy(&answer.body).replace("\"alice\"", "\"mallory\"").into();
                Ok(answer)
            }
            _ => http(&case).await,
        }
    }

    /// A page that is true and untidy.
    async fn page(&self, request: Request, way: &str) -> Result<Response, TransportError> {
        let asked: Value = serde_json::from_slice(&request.body).expect("a request of ours");
        let queue = asked["queue"].to_string();
        let mut answer = self.inner.send(request.clone()).await?;
        let Ok(mut page) = serde_json::from_slice::<Value>(&answer.body) else { return Ok(answer) };
        let last = page["data"]["msgs"].as_array().and_then(|entries| entries.last().cloned());
        let before = last
            .and_then(|last| self.sent.lock().expect("a turn").insert(queue, (last, page["data"]["next_key"].clone())));
        let is_last = page["data"]["is_last"] == true;
        let data = &mut page["data"];
        let entries = data["msgs"].as_array_mut().expect("entries");
        match way {
            "overlap" => {
                let before = before.filter(|(_, next)| asked["start"] == *next);
                entries.splice(0..0, before.map(|(last, _)| last)).for_each(drop);
            }
            "twice" => entries.extend(entries.last().cloned()),
            "shuffled" => entries.reverse(),
            "same-cursor" if asked["start"] != -1 => {
                (data["next_key"], data["is_last"]) = (asked["start"].clone(), false.into());
            }
            "empty" if asked["start"] != -1 => {
                entries.clear();
                (data["next_key"], data["is_last"]) = (asked["start"].clone(), false.into());
            }
            "last-but-cursor" if is_last => data["next_key"] = "7".into(),
            "undefined" if is_last => (data["next_key"], data["is_last"]) = ("undefined".into(), false.into()),
            "huge-cursor" => (data["next_key"], data["is_last"]) = ("x".repeat(600).into(), false.into()),
            "more" if !is_last => {
                let mut next = asked.clone();
                next["start"] = data["next_key"].clone();
                let more = self.inner.send(Request { body: next.to_string().into(), ..request }).await?;
                let more: Value = serde_json::from_slice(&more.body).expect("a page");
                data["msgs"]
                    .as_array_mut()
                    .expect("entries")
                    .extend(more["data"]["msgs"].as_array().cloned().unwrap_or_default());
                for key in ["next_key", "is_last"] {
                    data[key] = more["data"][key].clone();
                }
            }
            "other-user" => data["user"] = json!("mallory@easemob.com"),
            _ => {}
        }
        answer.body = page.to_string().into();
        Ok(answer)
    }
}

impl Transport for Faulty {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.exchange(request).boxed()
    }
}

/// What a line of `http.jsonl` says happens.
async fn http(case: &Value) -> Result<Response, TransportError> {
    let lost = |kind, sent| Err(TransportError { kind, text: "simulated".to_owned(), sent });
    let id = case["id"].as_str().unwrap_or_default();
    if let Some(fault) = case["fault"].as_str() {
        return match fault {
            "connection refused" => lost(FailureKind::Unreachable, false),
            "one byte every 10 s" => std::future::pending().await,
            _ if id.starts_with("net-tls") => lost(FailureKind::Tls, false),
            _ if id.starts_with("net-proxy") => lost(FailureKind::Proxy, false),
            _ => lost(FailureKind::Interrupted, true),
        };
    }
    match id {
        "huge-body" | "gzip-bomb" | "header-bomb" | "header-long" => return lost(FailureKind::TooLarge, true),
        "len-short" => return lost(FailureKind::Interrupted, true),
        "len-long" => return lost(FailureKind::BadAnswer, true),
        "100-continue" => return std::future::pending().await,
        _ => {}
    }
    let text = |key: &str| case[key].as_str().map(|text| Bytes::from(text.to_owned()));
    let packed = case["body_b64"].as_str().and_then(|t| base64::engine::general_purpose::STANDARD.decode(t).ok());
    let wide = case["repeat"]["unit"].as_str().map(|unit| Bytes::from(format!("{{{}\"k\":1}}", unit.repeat(1000))));
    let body = text("body").or_else(|| text("raw_json")).or(packed.map(Bytes::from)).or(wide).unwrap_or_default();
    let mut headers = HeaderMap::new();
    for (key, value) in case["headers"].as_object().into_iter().flatten() {
        let value = HeaderValue::from_bytes(value.as_str().unwrap_or_default().as_bytes());
        if let (Ok(key), Ok(value)) = (key.parse::<HeaderName>(), value) {
            headers.insert(key, value);
        }
    }
    let status = case["status"].as_u64().and_then(|n| StatusCode::from_u16(n as u16).ok()).expect("a status");
    Ok(Response { status, headers, body })
}

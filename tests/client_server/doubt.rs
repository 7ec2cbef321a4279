//! Answers that are not true: none of them takes from the archive what the server still has.

use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use http::StatusCode;
use manyou::client::{Request, Response, RouterTransport, Transport, TransportError};
use manyou::domain::{Clock, Direction, HistoryQuery, MessageId, Scope, ServerTime};
use manyou::engine::{Engine, MirrorOptions};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::archive::archive;
use crate::client::{entry, password};
use crate::house::{House, bob, plan};

type Router = RouterTransport<axum::Router, axum::body::Body>;
type Change = Arc<dyn Fn(Value) -> Value + Send + Sync>;

/// The sandbox, whose pages of history somebody changes on the way.
struct Changed {
    inner: Router,
    change: Mutex<Option<Change>>,
    /// Holds the next answer back.
    hold: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Transport for Changed {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let change = self.change.lock().unwrap().clone().filter(|_| request.url.contains("/messageroaming"));
        let is_page = request.url.contains("/messageroaming");
        let sent = self.inner.send(request);
        Box::pin(async move {
            let mut answer = sent.await?;
            let hold = if is_page { self.hold.lock().unwrap().take() } else { None };
            if let Some(hold) = hold {
                _ = hold.await;
            }
            if let Some(change) = change.filter(|_| answer.status == StatusCode::OK) {
                let page = serde_json::from_slice(&answer.body).expect("a page");
                answer.body = serde_json::to_vec(&change(page)).expect("JSON").into();
            }
            Ok(answer)
        })
    }
}

struct Story {
    house: House,
    changed: Arc<Changed>,
    engine: Engine,
    _folder: tempfile::TempDir,
}

impl Story {
    /// Sixty messages, all mirrored, a minute ago.
    async fn new() -> Self {
        let house = House::new().await;
        house.talk(60).await;
        let folder = tempfile::tempdir().unwrap();
        let inner = RouterTransport::new(house.handle.router());
        let changed = Arc::new(Changed { inner, change: Mutex::default(), hold: Mutex::default() });
        let client = house.client_of("manyou#sandbox", changed.clone());
        let engine = Engine::sign_in(client, password()).await.expect("a session");
        let engine = engine.with_archive(Some(archive(&folder)));
        house.pass(60_000);
        let story = Self { house, changed, engine, _folder: folder };
        story.mirror(false).await;
        assert_eq!(story.here().await.len(), 60);
        story
    }

    async fn mirror(&self, verify: bool) -> bool {
        let options = MirrorOptions { peers: Some(vec![bob()]), verify, ..MirrorOptions::default() };
        self.engine.mirror(&options, |_| {}).await.expect("mirrored").is_complete()
    }

    async fn here(&self) -> Vec<MessageId> {
        let rows = self.engine.archive().unwrap().after(&bob(), -1, 1_000).await.unwrap();
        rows.iter().map(|(_, message)| message.id).collect()
    }

    fn answers(&self, change: impl Fn(Value) -> Value + Send + Sync + 'static) {
        *self.changed.change.lock().unwrap() = Some(Arc::new(change));
    }

    fn answers_truly(&self) {
        *self.changed.change.lock().unwrap() = None;
    }
}

fn first(count: usize, mut page: Value) -> Value {
    page["data"]["msgs"].as_array_mut().unwrap().truncate(count);
    page
}

#[tokio::test(start_paused = true)]
async fn one_answer_that_is_not_true_takes_nothing_away_and_is_not_complete() {
    let story = Story::new().await;
    let answers: [(&str, Change); 8] = [
        ("no list", Arc::new(|_| json!({"data": {}}))),
        ("null for a list", Arc::new(|_| json!({"data": {"msgs": null, "is_last": true}}))),
        ("nothing", Arc::new(|_| json!({"data": {"msgs": [], "is_last": true}}))),
        (
            "not last and no cursor",
            Arc::new(|page| {
                let mut page = first(10, page);
                (page["data"]["is_last"], page["data"]["next_key"]) = (false.into(), Value::Null);
                page
            }),
        ),
        (
            "last, with a cursor",
            Arc::new(|page| {
                let mut page = first(10, page);
                page["data"]["is_last"] = true.into();
                page["data"]["next_key"] = "1".into();
                page
            }),
        ),
        (
            "an object for a cursor",
            Arc::new(|page| {
                let mut page = first(10, page);
                page["data"]["next_key"] = json!({});
                page
            }),
        ),
        (
            "the end, after ten",
            Arc::new(|page| {
                let mut page = first(10, page);
                (page["data"]["is_last"], page["data"]["next_key"]) = (true.into(), "undefined".into());
                page
            }),
        ),
        (
            "only what no chat is",
            Arc::new(|mut page| {
                page["data"]["msgs"] = json!([{"msg": "CAEoBw=="}]);
                (page["data"]["is_last"], page["data"]["next_key"]) = (true.into(), "undefined".into());
                page
            }),
        ),
    ];
    for verify in [false, true] {
        for (what, change) in answers.clone() {
            story.answers(move |page| change(page));
            assert!(!story.mirror(verify).await, "{what}: not complete");
            assert_eq!(story.here().await.len(), 60, "{what}");
            story.engine.page(&HistoryQuery::new(bob(), None, Direction::Up).afresh()).await.expect("a page");
            assert_eq!(story.here().await.len(), 60, "{what}: opened");
            story.answers_truly();
            assert!(story.mirror(true).await, "{what}: the truth is taken again");
            assert_eq!(story.here().await.len(), 60, "{what}");
            story.house.pass(3_600_000);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_twice_with_a_minute_between_is_believed() {
    let story = Story::new().await;
    let all = Scope::Conversation { with_history: true };
    assert!(story.house.signed_in().await.delete(&plan(all), |_| {}).await.is_done());
    story.house.pass(31_000);
    assert!(!story.mirror(false).await);
    assert_eq!(story.here().await.len(), 60);
    story.house.pass(61_000);
    story.mirror(false).await;
    assert_eq!(story.here().await, []);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_another_conversation_is_refused_whole() {
    let story = Story::new().await;
    story.house.say("carol", "alice", "another talk").await;
    let client = story.house.signed_in().await;
    let carol = "carol".parse().unwrap();
    let other = client.history(&HistoryQuery::new(carol, None, Direction::Up)).await.unwrap().messages.remove(0);
    let other = manyou::wire::message::encode_entry(&other.raw);
    story.answers(move |mut page| {
        page["data"]["msgs"].as_array_mut().unwrap().push(json!({"msg": other}));
        page
    });
    assert!(!story.mirror(true).await);
    assert_eq!(story.here().await.len(), 60);
    let refused = story.engine.page(&HistoryQuery::new(bob(), None, Direction::Up).afresh()).await;
    assert!(refused.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_message_with_an_odd_time_does_not_span_the_years_before_it() {
    let story = Story::new().await;
    // Its time is of 2023, its place and its id are of today.
    let odd = entry(story.here().await[55].0 + 1, "restored");
    story.answers(move |page| {
        let mut page = first(10, page);
        page["data"]["msgs"].as_array_mut().unwrap().insert(5, odd.clone());
        (page["data"]["is_last"], page["data"]["next_key"]) = (false.into(), "1".into());
        page
    });
    story.engine.page(&HistoryQuery::new(bob(), None, Direction::Up).afresh()).await.expect("a page");
    assert!(story.here().await.len() >= 60);
}

/// A clock that is ahead of another by an hour.
struct Ahead(Arc<dyn Clock>);

impl Clock for Ahead {
    fn now(&self) -> ServerTime {
        self.0.now().plus_ms(3_600_000)
    }

    fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_after_a_conversation_was_deleted_comes_whatever_our_clock_says() {
    let story = Story::new().await;
    let clock = Arc::new(Ahead(story.house.handle.app().clock.clone()));
    let client = story.house.client_by(clock, "manyou#sandbox", story.changed.clone());
    let engine = Engine::sign_in(client, password()).await.expect("a session");
    let engine = engine.with_archive(story.engine.archive().cloned());
    let all = Scope::Conversation { with_history: true };
    assert!(engine.delete(&plan(all), |_| {}).await.expect("sent").is_done());
    assert_eq!(story.here().await, []);
    let new: MessageId = story.house.say("bob", "alice", "hello again").await.parse().unwrap();
    let options = MirrorOptions { peers: Some(vec![bob()]), ..MirrorOptions::default() };
    engine.mirror(&options, |_| {}).await.expect("mirrored");
    assert_eq!(story.here().await, [new]);
}

#[tokio::test(start_paused = true)]
async fn a_page_asked_for_before_a_conversation_was_deleted_brings_nothing_back() {
    let story = Story::new().await;
    let before = HistoryQuery::new(bob(), None, Direction::Up).afresh();
    // Its answer is made, and comes only after the deletion.
    let (release, hold) = oneshot::channel::<()>();
    *story.changed.hold.lock().unwrap() = Some(hold);
    let late = tokio::spawn({
        let engine = story.engine.clone();
        async move { engine.page(&before).await }
    });
    while story.changed.hold.lock().unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    story.house.pass(10);
    let all = Scope::Conversation { with_history: true };
    assert!(story.engine.delete(&plan(all), |_| {}).await.expect("sent").is_done());
    release.send(()).expect("it waits");
    late.await.expect("no panic").expect("a page");
    assert_eq!(story.here().await, []);
}

#[tokio::test(start_paused = true)]
async fn the_same_page_under_ever_new_cursors_ends_as_incomplete() {
    let story = Story::new().await;
    let asked = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let count = asked.clone();
    story.answers(move |mut page| {
        let n = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        assert!(n < 40, "it goes on and on");
        page["data"]["next_key"] = (9_000_000 - n).to_string().into();
        page["data"]["is_last"] = false.into();
        page
    });
    assert!(!story.mirror(true).await);
    let mut walker = story.engine.walk(HistoryQuery::new(bob(), None, Direction::Up));
    while walker.next().await.expect("a page").is_some() {}
    assert_ne!(walker.stop(), Some(manyou::client::Stop::Complete));
    assert_eq!(story.here().await.len(), 60);
}

//! Going to a time or a message: one or two requests, whatever the server makes of a cursor nobody gave it.

use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use http::StatusCode;
use manyou::client::{Request, Response, RouterTransport, Transport, TransportError};
use manyou::domain::{Around, FailureKind, MessageId, PageEnd, ServerTime, Spot};
use manyou::engine::{Archive, Engine};
use serde_json::Value;

use crate::client::{ids, password, user};
use crate::house::{House, bob};

type Router = RouterTransport<axum::Router, axum::body::Body>;

/// What a server makes of cursors that it did not give, and of time bounds.
#[derive(Clone, Copy, PartialEq)]
enum Ways {
    /// As ours does.
    Usual,
    /// Refuses cursors made from a time.
    NoMadeCursors,
    /// Its ids tell times that are an hour late, and it knows no time bounds.
    LateIds,
    /// Does not answer.
    Gone,
}

/// The sandbox with ways of its own, counting requests for pages.
struct Odd {
    inner: Router,
    ways: Mutex<Ways>,
    known: Vec<MessageId>,
    pages: Mutex<usize>,
}

impl Transport for Odd {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        if request.url.contains("/messageroaming") {
            *self.pages.lock().unwrap() += 1;
            let mut asked: Value = serde_json::from_slice(&request.body).unwrap();
            let made = asked["start"].as_str().and_then(|id| id.parse().ok()).filter(|id| !self.known.contains(id));
            match (*self.ways.lock().unwrap(), made) {
                (Ways::Gone, _) => {
                    let kind = FailureKind::Unreachable;
                    return Box::pin(async move { Err(TransportError { kind, sent: false, text: String::new() }) });
                }
                (Ways::NoMadeCursors, Some(_)) => {
                    let body = br#"{"error":"illegal_argument"}"#.as_slice().into();
                    let status = StatusCode::BAD_REQUEST;
                    return Box::pin(async move { Ok(Response { status, headers: http::HeaderMap::default(), body }) });
                }
                (Ways::LateIds, made) => {
                    asked["endTime"] = Value::Null;
                    if let Some(id) = made {
                        asked["start"] = MessageId::at(id.time().plus_ms(-3_600_000)).to_string().into();
                    }
                }
                (Ways::Usual | Ways::NoMadeCursors, _) => {}
            }
            request.body = serde_json::to_vec(&asked).unwrap().into();
        }
        self.inner.send(request)
    }
}

struct Journey {
    house: House,
    said: Vec<MessageId>,
    odd: Arc<Odd>,
    engine: Engine,
}

impl Journey {
    async fn new(ways: Ways) -> Self {
        let house = House::new().await;
        house.pass(400 * 24 * 3_600_000);
        let said = house.talk(300).await;
        house.pass(24 * 3_600_000);
        let inner = RouterTransport::new(house.handle.router());
        let odd = Arc::new(Odd { inner, ways: Mutex::new(ways), known: said.clone(), pages: Mutex::default() });
        let client = house.client_of("manyou#sandbox", odd.clone());
        let engine = Engine::sign_in(client, password()).await.expect("a session");
        Self { house, said, odd, engine }
    }

    /// What lies around number 150, reached by a time just before it.
    async fn to_middle(&self) -> Around {
        self.engine.around(&bob(), Spot::Time(self.said[150].time().plus_ms(-1))).await.expect("a place")
    }

    fn is_middle(&self, around: &Around) -> bool {
        let mut older = ids(&around.older.messages);
        older.reverse();
        older == self.said[100..150] && ids(&around.newer.messages) == self.said[150..200]
    }

    fn pages(&self) -> usize {
        *self.odd.pages.lock().unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_or_a_message_is_two_requests_away() {
    let journey = Journey::new(Ways::Usual).await;
    assert!(journey.is_middle(&journey.to_middle().await));
    assert_eq!(journey.pages(), 2);
    let by_id = journey.engine.around(&bob(), Spot::Message(journey.said[150])).await.expect("a place");
    assert!(journey.is_middle(&by_id));
    // Before everything and after everything.
    let first = journey.engine.around(&bob(), Spot::Time(ServerTime(1))).await.expect("a place");
    assert!(first.older.messages.is_empty() && ids(&first.newer.messages) == journey.said[..50]);
    let late = Spot::Time(ServerTime(journey.house.now() - 1));
    let last = journey.engine.around(&bob(), late).await.expect("a place");
    assert!(last.newer.messages.is_empty() && ids(&last.older.messages)[0] == journey.said[299]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_no_made_cursors_is_asked_by_time() {
    let journey = Journey::new(Ways::NoMadeCursors).await;
    let middle = journey.to_middle().await;
    assert!(journey.is_middle(&middle), "{:?}", (ids(&middle.older.messages), ids(&middle.newer.messages)));
    assert_eq!(journey.pages(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_server_of_other_ids_without_time_bounds_is_asked_in_between() {
    let journey = Journey::new(Ways::LateIds).await;
    assert!(journey.is_middle(&journey.to_middle().await));
    assert!(journey.pages() < 50, "{} pages", journey.pages());
}

#[tokio::test(start_paused = true)]
async fn a_place_that_is_here_costs_no_request_and_without_a_server_the_nearest_is_shown() {
    let journey = Journey::new(Ways::Usual).await;
    let folder = tempfile::tempdir().unwrap();
    let archive =
        Archive::at(folder.path(), "http://house".to_owned(), "manyou#sandbox".parse().unwrap(), user("alice"));
    let engine = journey.engine.clone().with_archive(Some(archive));
    let spot = Spot::Time(journey.said[150].time());
    engine.around(&bob(), spot).await.expect("a place");
    let asked = journey.pages();
    let again = engine.around(&bob(), spot).await.expect("a place");
    assert!(journey.is_middle(&again) && journey.pages() == asked);
    // Nobody answers any more, and that place was never fetched.
    *journey.odd.ways.lock().unwrap() = Ways::Gone;
    let far = Spot::Time(journey.said[280].time());
    let nearest = engine.around(&bob(), far).await.expect("the nearest");
    assert_eq!(ids(&nearest.older.messages)[0], journey.said[199]);
    assert!(matches!(nearest.newer.end, PageEnd::More(_)) && nearest.newer.messages.is_empty());
}

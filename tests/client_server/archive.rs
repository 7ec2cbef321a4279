//! The archive behind an engine: what was fetched is not fetched again, what was deleted does not stay.

use manyou::domain::{
    Body, Cursor, Direction, HistoryPage, HistoryQuery, Message, MessageId, PageEnd, Peer, Scope, ServerTime,
};
use manyou::engine::{Archive, Engine, FoundFile, WantedFile};
use manyou::wire;
use prost::Message as _;
use serde_json::json;

use crate::client::{NOW, Script, Step, client_over, ids, options, page, password, user};
use crate::house::{House, bob, plan, up};

pub(crate) fn archive(folder: &tempfile::TempDir) -> Archive {
    let (app_key, user) = ("manyou#sandbox".parse().unwrap(), user("alice"));
    Archive::at(folder.path(), "http://house".to_owned(), app_key, user)
}

pub(crate) async fn engine(house: &House, folder: &tempfile::TempDir) -> Engine {
    let engine = Engine::sign_in(house.client(), password()).await.expect("a session");
    engine.with_archive(Some(archive(folder)))
}

/// Pages up to the end, as a person does who scrolls back.
async fn scroll(engine: &Engine) -> Vec<MessageId> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = engine.page(&HistoryQuery::new(bob(), cursor, Direction::Up)).await.expect("a page");
        all.extend(ids(&page.messages));
        match page.end {
            PageEnd::More(next) => cursor = Some(next),
            PageEnd::End | PageEnd::Refused => return all,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn scrolling_back_asks_only_once_for_what_is_here() {
    // After the first walk the server refuses every page but the newest.
    let route = "POST /users/*/messageroaming";
    let house = House::faulty(json!([{"route": route, "skip": 5, "status": 500, "body": "no more"}])).await;
    let folder = tempfile::tempdir().unwrap();
    let mut said = house.talk(180).await;
    said.reverse();
    let first = engine(&house, &folder).await;
    assert_eq!(scroll(&first).await, said, "four pages");
    let again = engine(&house, &folder).await;
    assert_eq!(scroll(&again).await, said, "the newest page, and the rest from here");
}

#[tokio::test(start_paused = true)]
async fn what_our_own_deletions_took_is_gone_from_the_archive_too() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(60).await;
    let engine = engine(&house, &folder).await;
    scroll(&engine).await;
    let scopes =
        [Scope::Messages(vec![said[58], said[3]]), Scope::Before { cutoff: said[20].time(), newest: said[20] }];
    for scope in scopes {
        assert!(engine.delete(&plan(scope), |_| {}).await.expect("sent").is_done());
    }
    let left: Vec<_> = said[21..].iter().rev().copied().filter(|id| *id != said[58]).collect();
    let here = archive(&folder).newest_now(&bob()).expect("a page").page;
    assert_eq!(ids(&here.messages), left);
    let scope = Scope::Conversation { with_history: true };
    assert!(engine.delete(&plan(scope), |_| {}).await.expect("sent").is_done());
    assert_eq!(archive(&folder).newest_now(&bob()), None);
}

#[tokio::test(start_paused = true)]
async fn what_another_device_deleted_goes_with_the_next_reading() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(60).await;
    let engine = engine(&house, &folder).await;
    scroll(&engine).await;
    // History may lag behind by seconds: only what is older is judged by its absence.
    house.pass(60_000);
    crate::delete(&house.signed_in().await, Scope::Messages(vec![said[59], said[40]])).await;
    engine.page(&up().afresh()).await.expect("a page");
    let here = archive(&folder).newest_now(&bob()).expect("a page").page;
    assert!(!ids(&here.messages).contains(&said[59]) && !ids(&here.messages).contains(&said[40]));
}

#[tokio::test(start_paused = true)]
async fn the_file_of_what_another_device_deleted_goes_with_it() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(3).await;
    let engine = engine(&house, &folder).await;
    scroll(&engine).await;
    let archive = engine.archive().unwrap();
    let messages: Vec<_> = archive.after(&bob(), -1, 10).await.unwrap().into_iter().map(|(_, m)| m).collect();
    let now = engine.client().clock().now();
    let peer = bob();
    let wanted = |n: usize| WantedFile { file: ["a", "b", "c"][n], peer: &peer, message: &messages[n], now };
    for n in 0..3 {
        assert!(archive.keep_file(&wanted(n), "f.txt", b"content").unwrap());
    }
    house.pass(60_000);
    crate::delete(&house.signed_in().await, Scope::Messages(vec![said[1]])).await;
    engine.page(&up().afresh()).await.expect("a page");
    let found = |n| archive.shelf().find(&wanted(n)).unwrap();
    assert_eq!((found(0), found(1), found(2)), (FoundFile::Here, FoundFile::Nowhere, FoundFile::Here));
    assert!(!archive.keep_file(&wanted(1), "f.txt", b"content").unwrap(), "it was on its way meanwhile");
    assert_eq!(std::fs::read_dir(archive.shelf().folder().join("bob")).unwrap().count(), 2);
}

/// A message as it was sent then.
fn sent(ms: i64) -> Message {
    let mut message = wire::message::damaged(bytes::Bytes::new(), String::new());
    message.body = Body::Text { text: "hi".to_owned(), stream: None };
    (message.from, message.to) = ("bob".to_owned(), "alice".to_owned());
    let meta = wire::pb::Meta {
        id: Some(MessageId::at(ServerTime(ms)).0),
        timestamp: Some(ms as u64),
        ns: Some(1),
        payload: Some(wire::message::encode_body(&message).encode_to_vec().into()),
        ..Default::default()
    };
    wire::message::decode_meta(&meta.encode_to_vec().into()).expect("a message")
}

#[tokio::test(start_paused = true)]
async fn a_clock_years_ahead_takes_nothing_that_is_young_for_the_server() {
    const DAY: i64 = 24 * 3_600_000;
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder).keeping(Some(30));
    // Of these the server is not asked.
    let other = Peer::user(&user("carol"));
    let times = [NOW - 460 * DAY, NOW - 60 * DAY];
    let messages = times.map(|ms| (other.clone(), sent(ms))).to_vec();
    assert_eq!(archive.import(messages, ServerTime(NOW)).await.expect("kept"), (2, 0));
    let left = async || archive.after(&other, -1, 9).await.expect("read").len();
    // For the server it is four hundred days earlier than for this machine.
    let date =
        jiff::Timestamp::from_millisecond(NOW - 400 * DAY).unwrap().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let answer = || Step::ok(page(&[1], "", true).to_string());
    let script = Script::new(vec![answer(), answer().with("date", &date)]);
    let client = client_over(&script, options());
    let engine = Engine::sign_in(client, password()).await.expect("a session").with_archive(Some(archive.clone()));
    engine.page(&up()).await.expect("a page");
    assert_eq!(left().await, 2, "no server has said what time it is");
    engine.page(&up().afresh()).await.expect("a page");
    for _ in 0..100_000 {
        if left().await < 2 {
            break;
        }
    }
    let stays = archive.after(&other, -1, 9).await.expect("read");
    assert_eq!(stays.iter().filter(|(_, m)| m.time.ms() == times[1]).count(), 1, "what the server calls young");
    assert!(stays.iter().all(|(_, m)| m.time.ms() != times[0]), "and nothing that is old for both");
}

#[tokio::test(start_paused = true)]
async fn without_a_server_what_is_here_can_be_read() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(120).await;
    scroll(&engine(&house, &folder).await).await;
    let archive = archive(&folder);
    let newest = archive.open(&bob(), None).await.expect("a page");
    assert_eq!(ids(&newest.page.messages)[0], said[119]);
    let from = |id: MessageId| HistoryQuery::new(bob(), Some(Cursor::from(id)), Direction::Up);
    let HistoryPage { messages, end, .. } = archive.page(&from(said[30])).await.expect("a page");
    assert_eq!((messages.len(), end), (30, PageEnd::End));
}

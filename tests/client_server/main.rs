//! The client against our own server, in process and over a socket: what a person does, and what goes wrong there.

#![cfg(feature = "delete")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod archive;
#[path = "../client/mod.rs"]
mod client;
mod doubt;
mod files;
mod house;
#[allow(dead_code, unreachable_pub)]
#[path = "../server/support.rs"]
mod support;
mod sync;
mod travel;
mod trouble;

use std::collections::HashSet;
use std::sync::Arc;

use client::{ids, options, password, user};
use house::{House, bob, delete, failed, peers, plan, up, walk};
use manyou::client::{Client, Credentials, Endpoint, HttpTransport, ListCall, RouterTransport, Secret};
use manyou::domain::{ChatType, Direction, FailureKind, HistoryQuery, MessageId, MessageKind, PageSize, Peer, Scope};
use manyou::engine::Engine;
use manyou::server::limits::Limits;
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn three_ways_to_sign_in_see_the_same_history() {
    let house = House::new().await;
    let said = house.talk(3).await;
    let (client, ready) = (house.client(), house.handle.ready());
    let token = Credentials::Token { user: user("alice"), token: Secret::new(house.sign_in("alice").await) };
    for way in [password(), token, house.on_behalf(ready["client_secret"].as_str().unwrap())] {
        let session = client.sign_in(way.clone()).await.expect("a session");
        assert_eq!((session.user, session.read_only), (user("alice"), way.is_read_only()));
        assert_eq!(ids(&walk(&client, up()).await).into_iter().rev().collect::<Vec<_>>(), said);
    }
    let report = delete(&client, Scope::Messages(said)).await;
    assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::ReadOnly));
    assert_eq!(walk(&client, up()).await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn each_wrong_sign_in_is_told_apart() {
    let house = House::new().await;
    let by = |name: &str, word: &str| Credentials::Password { user: user(name), password: Secret::new(word) };
    let client = house.client();
    assert_eq!(failed(client.sign_in(by("alice", "nope")).await), FailureKind::WrongPassword);
    assert_eq!(failed(client.sign_in(by("nobody", "pw")).await), FailureKind::UnknownUser);
    assert_eq!(failed(client.sign_in(house.on_behalf("nope")).await), FailureKind::WrongAppCredentials);
    let token = |text: &str| Credentials::Token { user: user("alice"), token: Secret::new(text) };
    assert_eq!(failed(client.sign_in(token("YWMtnope")).await), FailureKind::TokenRejected);
    let bobs = house.sign_in("bob").await;
    assert_eq!(failed(client.sign_in(token(&bobs)).await), FailureKind::ForeignToken);
    let transport = RouterTransport::<_, axum::body::Body>::new(house.handle.router());
    let elsewhere = house.client_of("manyou#other", Arc::new(transport));
    assert_eq!(failed(elsewhere.sign_in(password()).await), FailureKind::WrongAppKey);
    assert_eq!(client.session(), None);
}

async fn sixty_friends(house: &House) -> HashSet<String> {
    let names: Vec<String> = (0..60).map(|n| format!("friend{n}")).collect();
    let users: Value = names.iter().map(|n| json!({"username": n, "password": "pw"})).collect();
    house.app("POST", "/users", Some(users)).await.ok();
    for name in &names {
        house.say(name, "alice", "hi").await;
    }
    names.into_iter().collect()
}

#[tokio::test(start_paused = true)]
async fn the_list_is_the_same_by_cursor_and_by_page_and_the_first_call_says_that_it_is_capped() {
    let capped = Limits { list_v1_count: Some(10), list_v1_days: Some(7), ..Limits::none() };
    let house = House::limited(capped).await;
    let friends = sixty_friends(&house).await;
    let client = house.signed_in().await;
    for call in [ListCall::Auto, ListCall::Cursor, ListCall::Paged] {
        assert_eq!(peers(&client, call).await, friends, "{call}");
    }
    assert_eq!(
        client.conversations(ListCall::Cursor).await.unwrap().cap,
        Some(100),
        "what the service keeps by default"
    );
    let first = client.conversations(ListCall::V1).await.unwrap();
    assert_eq!((first.conversations.len(), first.cap), (10, Some(10)));
    assert_eq!(first.conversations[0].peer.to_string(), "friend59");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_the_cursor_list_is_asked_the_old_way() {
    let body = r#"{"error":"service_resource_not_found"}"#;
    let fault = json!([{"route": "GET /sdk/user/*/user_channels/list", "status": 404, "body": body}]);
    let house = House::faulty(fault).await;
    house.talk(1).await;
    let client = house.signed_in().await;
    assert_eq!(peers(&client, ListCall::Auto).await, HashSet::from(["bob".to_owned()]));
    assert_eq!(failed(client.conversations(ListCall::Cursor).await), FailureKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn history_is_walked_both_ways_to_the_servers_ends() {
    let house = House::new().await;
    let said = house.talk(121).await;
    let client = house.signed_in().await;
    for size in [1, 7, 50] {
        let query = |direction| HistoryQuery { size: PageSize::new(size).unwrap(), direction, ..up() };
        assert_eq!(ids(&walk(&client, query(Direction::Down)).await), said, "size {size}");
        let mut upwards = ids(&walk(&client, query(Direction::Up)).await);
        upwards.reverse();
        assert_eq!(upwards, said, "size {size}");
    }
    let from = HistoryQuery { cursor: Some(said[60].into()), direction: Direction::Down, ..up() };
    assert_eq!(ids(&walk(&client, from).await), &said[61..]);
}

#[tokio::test(start_paused = true)]
async fn history_is_filtered_by_kind_time_and_member() {
    let house = House::new().await;
    house.team().await;
    let said = house.talk(5).await;
    let ask = json!({"from": "bob", "to": ["alice"], "type": "cmd", "body": {"action": "run"}});
    house.app("POST", "/messages/users", Some(ask)).await.ok();
    let client = house.signed_in().await;
    let commands = walk(&client, HistoryQuery { kinds: vec![MessageKind::Command], ..up() }).await;
    assert_eq!(commands.iter().map(|m| m.body.kind()).collect::<Vec<_>>(), [MessageKind::Command]);
    let between = HistoryQuery { start: Some(said[1].time()), end: Some(said[3].time()), ..up() };
    assert_eq!(ids(&walk(&client, between).await), [said[3], said[2], said[1]]);
    for (from, text) in [("alice", "mine"), ("bob", "his"), ("alice", "mine too")] {
        house.say(from, "g_team", text).await;
    }
    let team = Peer::new(ChatType::Group, "g_team").unwrap();
    let his = HistoryQuery { sender: Some(user("bob")), ..HistoryQuery::new(team, None, Direction::Up) };
    let his = walk(&client, his).await;
    assert_eq!(his.iter().map(|m| (m.chat_type, m.from.as_str())).collect::<Vec<_>>(), [(ChatType::Group, "bob")]);
}

#[tokio::test(start_paused = true)]
async fn chosen_messages_go_in_chunks_and_the_rest_stays() {
    let house = House::new().await;
    let said = house.talk(50).await;
    let client = house.signed_in().await;
    let mut told = Vec::new();
    let chosen = plan(Scope::Messages(said[..45].to_vec()));
    let report = client.delete(&chosen, |chunk| told.push(chunk.ids.len())).await;
    assert!(report.is_done());
    assert_eq!(told, [20, 20, 5]);
    let left: Vec<MessageId> = said[45..].iter().rev().copied().collect();
    assert_eq!(ids(&walk(&client, up()).await), left);
    let bobs = house.client();
    bobs.sign_in(Credentials::Password { user: user("bob"), password: Secret::new("pw") }).await.unwrap();
    let alice = HistoryQuery::new(Peer::user(&user("alice")), None, Direction::Up);
    assert_eq!(walk(&bobs, alice).await.len(), 50, "one-way: bob keeps all");
}

#[tokio::test(start_paused = true)]
async fn everything_up_to_a_message_goes_and_nothing_later() {
    let house = House::new().await;
    let said = house.talk(6).await;
    let engine = Engine::sign_in(house.client(), password()).await.unwrap();
    let page = engine.page(&up()).await.unwrap();
    let cut = page.messages.iter().find(|m| m.id == said[3]).unwrap();
    let scope = Scope::Before { cutoff: cut.time, newest: cut.id };
    assert_eq!(engine.count_before(&bob(), cut.time, cut.id).await.unwrap().messages, 4);
    assert!(engine.delete(&plan(scope), |_| {}).await.unwrap().is_done());
    assert_eq!(ids(&engine.page(&up()).await.unwrap().messages), [said[5], said[4]]);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_leaves_the_list_with_or_without_its_history() {
    let house = House::new().await;
    house.talk(3).await;
    let client = house.signed_in().await;
    assert!(delete(&client, Scope::Conversation { with_history: false }).await.is_done());
    assert!(peers(&client, ListCall::Cursor).await.is_empty());
    assert_eq!(walk(&client, up()).await.len(), 3);
    house.talk(1).await;
    assert_eq!(peers(&client, ListCall::Cursor).await.len(), 1);
    assert!(delete(&client, Scope::Conversation { with_history: true }).await.is_done());
    assert!(peers(&client, ListCall::Cursor).await.is_empty());
    assert!(walk(&client, up()).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn names_of_people_and_groups_are_found_in_batches() {
    let house = House::new().await;
    house.team().await;
    let ask = json!({"username": "dora", "password": "pw", "nickname": "Dora D."});
    house.app("POST", "/users", Some(ask)).await.ok();
    let engine = Engine::sign_in(house.client(), password()).await.unwrap();
    let group = |id: &str| Peer::new(ChatType::Group, id).unwrap();
    let mut wanted: Vec<Peer> = (0..150).map(|n| group(&format!("none{n}"))).collect();
    wanted.extend([group("g_team"), Peer::user(&user("dora")), bob()]);
    let names = engine.names(&wanted).await.unwrap();
    assert_eq!(names.profiles["dora"].nickname, "Dora D.");
    assert_eq!(
        names.groups.iter().map(|(id, g)| (id.as_str(), g.name.as_str())).collect::<Vec<_>>(),
        [("g_team", "Team")]
    );
}

#[tokio::test]
async fn over_a_socket_it_is_the_same_and_where_nobody_listens_it_is_unreachable() {
    let house = House::new().await;
    let said = house.talk(60).await;
    let client = house.client_of("manyou#sandbox", Arc::new(HttpTransport::new()));
    client.sign_in(password()).await.unwrap();
    assert_eq!(peers(&client, ListCall::Auto).await, HashSet::from(["bob".to_owned()]));
    assert_eq!(ids(&walk(&client, up()).await).len(), 60);
    assert!(delete(&client, Scope::Messages(vec![said[0]])).await.is_done());
    let down = HistoryQuery { direction: Direction::Down, ..up() };
    assert_eq!(walk(&client, down).await.first().map(|m| m.id), Some(said[1]));
    let gone = Endpoint::new("http://127.0.0.1:1", None, "manyou#sandbox".parse().unwrap(), false).unwrap();
    let clock = house.handle.app().clock.clone();
    let lost = Client::new(gone, Arc::new(HttpTransport::new()), clock, options());
    assert_eq!(failed(lost.sign_in(password()).await), FailureKind::Unreachable);
}

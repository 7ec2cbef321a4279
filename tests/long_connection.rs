//! The sandbox's long connection: scripted frames against the session machine, and once over a real socket.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub, missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use manyou::domain::{Clock, ServerTime};
use manyou::server::app::App;
use manyou::server::db::{rooms, users};
use manyou::server::hub::{EVENTS, Event, kick};
use manyou::server::session::{Input, Session};
use manyou::server::{Config, Handle, auth, start};
use manyou::wire::frame::{self, Command};
use manyou::wire::{body_type, pb};
use prost::Message as _;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message as Socket;

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> ServerTime {
        ServerTime(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// A server with alice, bob and carol, all in group g1 of alice.
async fn server() -> Handle {
    let clock = Arc::new(Hands(AtomicI64::new(1_700_000_000_000)));
    let server = start(Config::default(), clock).await.expect("a server");
    let app = server.app();
    app.db
        .write(|tx| {
            for id in ["alice", "bob", "carol"] {
                let user = users::User {
                    id: id.to_owned(),
                    uuid: format!("uuid-{id}"),
                    created: 1,
                    modified: 1,
                    profile: "{}".to_owned(),
                };
                users::register(tx, &user, "secret")?;
            }
            let room = rooms::Room {
                id: "g1".to_owned(),
                chat_type: manyou::domain::ChatType::Group,
                name: "Group".to_owned(),
                description: String::new(),
                owner: "alice".to_owned(),
                created: 1,
                settings: "{}".to_owned(),
                members: 0,
            };
            rooms::make(tx, &room)?;
            rooms::join(tx, "g1", "bob", 1)
        })
        .expect("people");
    server
}

fn token(app: &App, user: &str) -> String {
    auth::issue(app, Some(user), 3600).expect("a token")
}

fn jid(app: &App, name: &str) -> pb::Jid {
    let group = name.starts_with('g');
    let kind = if group { manyou::domain::ChatType::Group } else { manyou::domain::ChatType::Single };
    frame::jid(&app.app_key, name, kind, "")
}

fn provision(app: &App, user: &str, device: &str, token: &str) -> Vec<u8> {
    let provision = pb::Provision {
        resource: frame::bytes(device),
        auth: frame::bytes(&format!("$t${token}")),
        ..Default::default()
    };
    let mut frame = pb::MSync::decode(&frame::down(Command::Provision, &provision)[..]).expect("own bytes");
    frame.guid = Some(jid(app, user));
    frame.encode_to_vec()
}

/// A signed-in client that does what the SDKs do.
struct Client {
    app: Arc<App>,
    session: Session,
    events: mpsc::Receiver<Event>,
    device: String,
}

impl Client {
    fn sign_in(app: &Arc<App>, user: &str, device: &str) -> Self {
        let (to, events) = mpsc::channel(EVENTS);
        let mut session = Session::new(app.clone(), to);
        let out = session.handle(Input::Frame(&provision(app, user, device, &token(app, user))));
        let answer: pb::Provision = payload(&out.frames[0]);
        assert_eq!((answer.status.and_then(|s| s.error_code), out.close), (Some(0), false));
        Self {
            app: app.clone(),
            session,
            events,
            device: frame::name(Some(&pb::Jid { name: answer.resource, ..Default::default() })),
        }
    }

    fn up(&mut self, command: Command, payload: &impl prost::Message) -> Vec<Vec<u8>> {
        self.session.handle(Input::Frame(&frame::down(command, payload))).frames
    }

    /// Sends a body; the ack.
    fn send(&mut self, to: &str, body: &pb::MessageBody) -> pb::CommSyncDl {
        let meta = pb::Meta {
            id: Some(77),
            to: Some(jid(&self.app, to)),
            ns: Some(1),
            payload: Some(body.encode_to_vec().into()),
            ext: vec![pb::KeyValue { key: frame::bytes("why"), ..Default::default() }],
            ..Default::default()
        };
        let frames = self.up(Command::Sync, &pb::CommSyncUl { meta: Some(meta), ..Default::default() });
        assert_eq!(frames.len(), 1, "one ack");
        payload(&frames[0])
    }

    fn say(&mut self, to: &str, text: &str) -> u64 {
        self.send(to, &words(text)).server_id.expect("an id")
    }

    /// Whether the hub's events lead to a notice.
    fn noticed(&mut self) -> bool {
        let mut noticed = false;
        while let Ok(event) = self.events.try_recv() {
            let out = self.session.handle(Input::Hub(Some(event)));
            noticed |= out.frames.iter().any(|f| read(f).command == Some(2));
        }
        noticed
    }

    /// Fetches the queue to its end, acknowledging every page.
    fn fetch(&mut self) -> Vec<pb::Meta> {
        let (mut got, mut key) = (Vec::new(), None);
        loop {
            let frames =
                self.up(Command::Sync, &pb::CommSyncUl { key, queue: Some(jid(&self.app, "q")), ..Default::default() });
            let page: pb::CommSyncDl = payload(&frames[0]);
            assert!(page.queue.is_some() && page.meta_id.is_none(), "a page has a queue and is no ack");
            if page.is_last == Some(true) {
                assert!(page.metas.is_empty(), "the end is told alone");
                return got;
            }
            got.extend(page.metas);
            assert_ne!(key, page.next_key);
            key = page.next_key;
        }
    }

    fn texts(&mut self) -> Vec<String> {
        let bodies = self.fetch().into_iter().map(|m| pb::MessageBody::decode(m.payload.unwrap_or_default()));
        let text = |b: pb::MessageBody| b.contents[0].text.clone().map(|t| String::from_utf8_lossy(&t).into_owned());
        bodies.filter_map(|b| text(b.expect("a body"))).collect()
    }
}

fn words(text: &str) -> pb::MessageBody {
    let content = pb::Content { r#type: Some(0), text: frame::bytes(text), ..Default::default() };
    pb::MessageBody { r#type: Some(body_type::CHAT), contents: vec![content], ..Default::default() }
}

fn about(kind: i32, id: u64) -> pb::MessageBody {
    pb::MessageBody { r#type: Some(kind), ack_message_id: Some(id), ..Default::default() }
}

fn read(frame: &[u8]) -> pb::MSync {
    pb::MSync::decode(frame).expect("a frame")
}

fn payload<M: prost::Message + Default>(frame: &[u8]) -> M {
    M::decode(read(frame).payload.unwrap_or_default()).expect("a payload")
}

fn reason(ack: &pb::CommSyncDl) -> String {
    let reason = ack.status.as_ref().and_then(|s| s.reason.clone()).unwrap_or_default();
    String::from_utf8_lossy(&reason).into_owned()
}

#[tokio::test]
async fn a_refused_sign_in_says_why_and_closes() {
    let server = server().await;
    let app = server.app();
    let dead = auth::issue(app, Some("alice"), 1).expect("a token");
    let ghost = token(app, "ghost");
    for _ in 0..2000 {
        app.now();
    }
    for (user, device, token, why) in [
        ("alice", "d", "YWMtnonsense", "Sorry, token or password does not match login info"),
        ("bob", "d", &token(app, "alice"), "Sorry, token or password does not match login info"),
        ("alice", "d", &dead, "Sorry, token expired"),
        ("ghost", "d", &ghost, "Sorry, user not found"),
    ] {
        let mut session = Session::new(app.clone(), mpsc::channel(1).0);
        let out = session.handle(Input::Frame(&provision(app, user, device, token)));
        let answer: pb::Provision = payload(&out.frames[0]);
        let said = answer.status.and_then(|s| s.reason).unwrap_or_default();
        assert_eq!((String::from_utf8_lossy(&said).as_ref(), out.close), (why, true));
    }
    let mut session = Session::new(app.clone(), mpsc::channel(1).0);
    assert!(session.handle(Input::Frame(&[8, 0, 64, 1])).close, "nothing before the sign-in");
}

#[tokio::test]
async fn a_message_reaches_the_other_side_and_the_senders_other_device() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let mut second = Client::sign_in(app, "alice", "a2");
    let mut bob = Client::sign_in(app, "bob", "b1");
    let ack = alice.send("bob", &words("hi"));
    assert_eq!((ack.meta_id, ack.metas.len(), ack.is_last, ack.queue), (Some(77), 0, None, None));
    assert!(!alice.noticed() && second.noticed() && bob.noticed());
    let got = bob.fetch();
    assert_eq!((got[0].id, got[0].meta.as_deref()), (ack.server_id, Some(&b"{\"is_online\":1}"[..])));
    assert_eq!((second.texts(), alice.texts(), bob.texts()), (vec!["hi".to_owned()], vec![], vec![]));
}

#[tokio::test]
async fn what_came_while_nobody_was_there_comes_in_order_once_each() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let sent: Vec<_> = (0..120).map(|n| format!("m{n}")).collect();
    for text in &sent {
        alice.say("bob", text);
    }
    let mut bob = Client::sign_in(app, "bob", "b1");
    let unread: pb::CommUnreadDl = payload(&bob.up(Command::Unread, &pb::CommUnreadUl {})[0]);
    assert_eq!(unread.unread[0].n, Some(120));
    assert_eq!(bob.texts(), sent);
    drop(bob);
    assert_eq!(Client::sign_in(app, "bob", "b2").texts(), Vec::<String>::new());
}

#[tokio::test]
async fn a_page_that_was_not_acknowledged_comes_again_to_the_next_device() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let mut bob = Client::sign_in(app, "bob", "b1");
    alice.say("bob", "hi");
    let page: pb::CommSyncDl =
        payload(&bob.up(Command::Sync, &pb::CommSyncUl { queue: Some(jid(app, "bob")), ..Default::default() })[0]);
    assert_eq!(page.metas.len(), 1);
    drop(bob);
    assert_eq!(Client::sign_in(app, "bob", "b2").texts(), ["hi"]);
}

#[tokio::test]
async fn a_group_message_reaches_its_members_and_nobody_else() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let mut bob = Client::sign_in(app, "bob", "b1");
    let mut carol = Client::sign_in(app, "carol", "c1");
    alice.say("g1", "all");
    assert_eq!((bob.texts(), carol.texts()), (vec!["all".to_owned()], vec![]));
    assert_eq!(reason(&carol.send("g1", &words("let me in"))), "not in group or chatroom");
    assert_eq!(reason(&carol.send("g2", &words("hello?"))), "group not found");
}

#[tokio::test]
async fn a_recalled_message_is_gone_before_it_was_ever_handed_over() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let id = alice.say("bob", "oops");
    assert_eq!(reason(&alice.send("bob", &about(body_type::RECALL, id))), "");
    assert_eq!(reason(&alice.send("bob", &about(body_type::RECALL, id))), "message not exist");
    let got = Client::sign_in(app, "bob", "b1").fetch();
    let body = pb::MessageBody::decode(got[0].payload.clone().expect("a payload")).expect("a body");
    assert_eq!((got.len(), body.r#type, body.ack_message_id), (1, Some(body_type::RECALL), Some(id)));
    assert_eq!(got[0].ext[0].key.as_deref(), Some(&b"why"[..]), "the recall's own words come along");
    let left: i64 = app.db.get().query_row("SELECT count(*) FROM conversation", [], |row| row.get(0)).expect("a count");
    assert_eq!(left, 0, "an empty conversation is listed nowhere");
}

#[tokio::test]
async fn a_message_is_edited_ten_times_by_its_sender_alone() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let mut bob = Client::sign_in(app, "bob", "b1");
    let id = alice.say("bob", "v0");
    let edit = |n: u64| pb::MessageBody {
        r#type: Some(body_type::EDIT),
        edit_message_id: Some(id),
        ..words(&format!("v{n}"))
    };
    assert_eq!(reason(&bob.send("alice", &edit(1))), "Sorry, You do not have permission");
    for n in 1..=10 {
        let ack = alice.send("bob", &edit(n));
        let note: serde_json::Value =
            serde_json::from_slice(&ack.metas[0].payload.clone().expect("a note")).expect("json");
        assert_eq!(note["edit_msg"]["count"], json!(n));
    }
    assert_eq!(reason(&alice.send("bob", &edit(11))), "Sorry, edit limit reached");
    assert_eq!(bob.texts().last().map(String::as_str), Some("v10"));
}

#[tokio::test]
async fn only_the_channel_ack_clears_the_unread_count() {
    let server = server().await;
    let app = server.app();
    let mut alice = Client::sign_in(app, "alice", "a1");
    let mut bob = Client::sign_in(app, "bob", "b1");
    let mut second = Client::sign_in(app, "bob", "b2");
    let id = alice.say("bob", "hi");
    second.fetch();
    let unread = || -> i64 {
        let db = app.db.get();
        db.query_row("SELECT unread FROM conversation WHERE owner = 'bob'", [], |row| row.get(0)).expect("an entry")
    };
    bob.send("alice", &about(body_type::READ_ACK, id));
    assert_eq!(unread(), 1);
    bob.send("alice", &about(body_type::CHANNEL_ACK, 0));
    assert_eq!(unread(), 0);
    let kinds = |metas: Vec<pb::Meta>| -> Vec<_> {
        metas
            .iter()
            .map(|m| pb::MessageBody::decode(m.payload.clone().unwrap_or_default()).expect("a body").r#type)
            .collect()
    };
    assert_eq!(kinds(alice.fetch()), [Some(body_type::READ_ACK), Some(body_type::CHANNEL_ACK)]);
    assert_eq!(kinds(second.fetch()), [Some(body_type::CHANNEL_ACK)]);
}

#[tokio::test]
async fn the_same_device_again_kicks_its_older_connection() {
    let server = server().await;
    let app = server.app();
    let mut old = Client::sign_in(app, "alice", "a1");
    let new = Client::sign_in(app, "alice", "a1");
    assert_eq!(old.device, new.device);
    let event = old.events.try_recv().expect("a kick");
    let out = old.session.handle(Input::Hub(Some(event)));
    let push: pb::CommSyncDl = payload(&out.frames[0]);
    let body = pb::StatisticsBody::decode(push.metas[0].payload.clone().unwrap_or_default()).expect("a body");
    assert_eq!((body.operation, out.close, push.queue.is_some()), (Some(kick::ELSEWHERE), true, true));
    drop(old);
    assert_eq!(app.hub.devices("alice"), ["a1"]);
}

#[tokio::test]
async fn raw_frames_travel_in_binary_and_in_base64_text() {
    use base64::Engine as _;
    let server = server().await;
    let app = server.app();
    let frame = provision(app, "alice", "a1", &token(app, "alice"));
    let (mut socket, _) =
        tokio_tungstenite::connect_async(format!("ws://{}/websocket", server.addr())).await.expect("a socket");
    socket.send(Socket::Binary(frame.into())).await.expect("sent");
    let Some(Ok(Socket::Binary(answer))) = socket.next().await else { panic!("no binary answer") };
    assert_eq!(read(&answer).command, Some(3));
    let frame = provision(app, "alice", "a2", "YWMtwrong");
    let (mut socket, _) =
        tokio_tungstenite::connect_async(format!("ws://{}/ws", server.addr())).await.expect("a socket");
    let text = base64::engine::general_purpose::STANDARD.encode(frame);
    socket.send(Socket::Text(text.into())).await.expect("sent");
    assert!(matches!(socket.next().await, Some(Ok(Socket::Text(_)))), "answered as asked");
    assert!(matches!(socket.next().await, Some(Ok(Socket::Close(_)))), "closed after the refusal");
}

#[tokio::test]
async fn sockjs_opens_wraps_and_says_goodbye() {
    use base64::Engine as _;
    let server = server().await;
    let app = server.app();
    let frame = provision(app, "alice", "a1", "YWMtwrong");
    let text = base64::engine::general_purpose::STANDARD.encode(frame);
    let url = format!("ws://{}/ws/042/abcdefgh/websocket", server.addr());
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("a socket");
    socket.send(Socket::Text(json!([text]).to_string().into())).await.expect("sent");
    let mut said = Vec::new();
    while let Some(Ok(Socket::Text(text))) = socket.next().await {
        said.push(text.chars().next().expect("a word"));
    }
    assert_eq!(said, ['o', 'a', 'c']);
}

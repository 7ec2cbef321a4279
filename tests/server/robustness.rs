//! Large, many, half, hostile: whatever comes, the sandbox answers the next one.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use manyou::server::Config;
use manyou::server::faults::Faults;
use manyou::server::limits::Limits;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::device::Device;
use crate::support::Sandbox;

async fn wire(sandbox: &Sandbox, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sandbox.handle.addr()).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("sent");
    stream
}

async fn said(mut stream: TcpStream) -> String {
    let mut out = Vec::new();
    let _ = stream.read_to_end(&mut out).await;
    String::from_utf8_lossy(&out).into_owned()
}

async fn alive(sandbox: &Sandbox) {
    let answer = said(wire(sandbox, "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[tokio::test]
async fn ten_megabytes_are_refused_with_and_without_a_length() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let chunks = || futures_util::stream::iter((0..160).map(|_| Ok::<_, std::io::Error>(vec![b' '; 64 << 10])));
    for body in [Body::from(vec![b' '; 10 << 20]), Body::from_stream(chunks())] {
        let request = Request::post("/manyou/sandbox/users/alice/messageroaming")
            .header("authorization", format!("Bearer {token}"))
            .body(body);
        assert_eq!(sandbox.send(request.expect("a request")).await.refusal().0, 413);
    }
}

#[tokio::test]
async fn a_thousand_requests_at_once_are_all_answered() {
    let sandbox = Sandbox::new().await;
    sandbox.say("bob", "alice", "hello").await;
    let token = sandbox.sign_in("alice").await;
    let each = (0..1000).map(|n| {
        let (sandbox, token) = (&sandbox, &token);
        async move {
            match n % 3 {
                0 => sandbox.call("GET", "/users/alice/user_channels", token, None).await,
                1 => {
                    let ask = json!({"queue": "bob@easemob.com"});
                    sandbox.call("POST", "/users/alice/messageroaming", token, Some(ask)).await
                }
                _ => {
                    let ask = json!({"from": "bob", "to": ["alice"], "type": "txt", "body": {"msg": n.to_string()}});
                    sandbox.app("POST", "/messages/users", Some(ask)).await
                }
            }
        }
    });
    assert!(join_all(each).await.iter().all(|answer| answer.status == 200));
    let mut ids = Vec::new();
    let mut start = json!(-1);
    loop {
        let page = sandbox.page(&token, json!({"queue": "bob@easemob.com", "pull_number": 50, "start": start})).await;
        ids.extend(page.ids());
        start = json!(page.next);
        if page.is_last {
            break;
        }
    }
    assert_eq!(ids.len(), 334);
}

#[tokio::test]
async fn half_a_request_and_half_an_upload_disturb_nobody() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let head = format!(
        "POST /manyou/sandbox/chatfiles HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: \
         multipart/form-data; boundary=X\r\ncontent-length: 5000\r\n\r\n--X\r\nContent-Disposition: form-data; name=\"fi"
    );
    let mut held = Vec::new();
    for half in ["G", "GET /manyou/sand", "GET / HTTP/1.1\r\nhost: lo", &head, "\x16\x03\x01\x02\x00\x01\x00\x01"] {
        drop(wire(&sandbox, half).await);
        held.push(wire(&sandbox, half).await);
    }
    alive(&sandbox).await;
    let files: i64 =
        sandbox.handle.app().db.get().query_row("SELECT count(*) FROM file", [], |row| row.get(0)).expect("a count");
    assert_eq!((held.len(), files), (5, 0));
}

#[tokio::test]
async fn who_never_finishes_a_head_or_a_body_is_let_go() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let head = wire(&sandbox, "GET / HTTP/1.1\r\nhost: lo").await;
    let body = format!(
        "POST /manyou/sandbox/users/alice/messageroaming HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-length: 100\r\n\r\n{{"
    );
    let body = wire(&sandbox, &body).await;
    alive(&sandbox).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
    assert!(!said(head).await.contains("200 OK"));
    assert!(said(body).await.starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn two_hundred_sockets_hear_one_message() {
    let sandbox = Sandbox::new().await;
    let users: Vec<String> = (0..200).map(|n| format!("u{n}")).collect();
    for some in users.chunks(50) {
        let ask: Value = some.iter().map(|id| json!({"username": id, "password": "pw"})).collect();
        sandbox.app("POST", "/users", Some(ask)).await.ok();
    }
    let group = json!({"groupid": "g_all", "groupname": "All", "owner": "alice", "members": users});
    sandbox.app("POST", "/chatgroups", Some(group)).await.ok();
    let mut devices = join_all(users.iter().map(|id| Device::sign_in(&sandbox, id, "d"))).await;
    sandbox.say("alice", "g_all", "hello").await;
    let heard = join_all(devices.iter_mut().map(Device::texts)).await;
    assert!(heard.iter().all(|texts| texts == &["hello"]));
}

#[tokio::test]
async fn garbage_on_a_socket_closes_it_and_no_other() {
    let sandbox = Sandbox::new().await;
    let mut alice = Device::sign_in(&sandbox, "alice", "a1").await;
    for path in ["ws", "websocket", "ws/000/abc/websocket"] {
        for garbage in
            [Message::Text("null".into()), Message::Text("[[[".into()), Message::Binary(vec![0xff; 300].into())]
        {
            let url = format!("ws://{}/{path}", sandbox.handle.addr());
            let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("a socket");
            socket.send(garbage).await.expect("sent");
            while let Some(Ok(message)) = socket.next().await {
                assert!(message.is_close() || message.is_text(), "{path} answers garbage");
            }
        }
    }
    sandbox.say("bob", "alice", "still there").await;
    assert_eq!(alice.texts().await, ["still there"]);
}

#[tokio::test]
async fn a_stop_ends_sockets_and_half_requests_of_clients_that_hang() {
    let sandbox = Sandbox::new().await;
    let mut silent = Device::sign_in(&sandbox, "alice", "a1").await;
    let half = wire(&sandbox, "GET / HTTP/1.1\r\nhost: lo").await;
    let addr = sandbox.handle.addr();
    tokio::time::timeout(Duration::from_secs(8), sandbox.handle.shutdown()).await.expect("a stop that does not hang");
    assert!(matches!(silent.socket.next().await, None | Some(Ok(Message::Close(_)) | Err(_))));
    assert_eq!(said(half).await, "");
    assert!(TcpStream::connect(addr).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn ids_that_look_like_sql_or_paths_are_only_ids() {
    let sandbox = Sandbox::new().await;
    sandbox.say("bob", "alice", "kept").await;
    let token = sandbox.sign_in("alice").await;
    let odd = ["'; DROP TABLE message; --", "bob' OR '1'='1", "%", "../bob", "bob\0", "bob\"", "*", "𝕓𝕠𝕓", ""];
    for id in odd {
        let ask = json!({"queue": format!("{id}@easemob.com"), "userId": id, "msgType": id});
        let answer = sandbox.call("POST", "/users/alice/messageroaming", &token, Some(ask)).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "{id}: {}", answer.status);
        assert_eq!(answer.json["data"]["msgs"].as_array().map_or(0, Vec::len), 0, "{id}");
        let quoted = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string();
        for (method, path) in [
            ("DELETE", format!("/sdk/message/roaming/chat/user/alice?userId={quoted}&msgIdList={quoted}")),
            ("GET", format!("/sdk/user/alice/user_channels/list?cursor={quoted}&limit={quoted}")),
            ("GET", format!("/sdk/user/alice/user_channel/pin?to={quoted}&type={quoted}&cursor={quoted}")),
            ("GET", format!("/reaction/user/alice?msgIdList={quoted}")),
            ("GET", format!("/chatgroups/{quoted}x")),
            ("GET", format!("/chatfiles/{quoted}x")),
        ] {
            let answer = sandbox.call(method, &path, &token, None).await;
            assert!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.status);
        }
        let gone = json!({"channel": id, "type": "chat", "delete_roam": true});
        let answer = sandbox.call("DELETE", "/user/alice/user_channel", &token, Some(gone)).await;
        assert!(answer.status.as_u16() < 500, "{id}");
        let user = sandbox.app("POST", "/users", Some(json!({"username": id, "password": "pw"}))).await;
        assert_eq!(user.refusal().0, 400, "{id} was registered");
    }
    assert_eq!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.messages.len(), 1);
}

#[tokio::test]
async fn hostile_hosts_and_origins_are_refused() {
    let sandbox =
        Sandbox::with(Config { allow_origins: vec!["https://dev.example".into()], ..Config::default() }).await;
    let ask = async |host: &str, origin: Option<&str>| {
        let origin = origin.map(|o| format!("origin: {o}\r\n")).unwrap_or_default();
        let head = format!("GET /ws/info HTTP/1.1\r\nhost: {host}\r\n{origin}connection: close\r\n\r\n");
        let answer = said(wire(&sandbox, &head).await).await;
        answer.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()).unwrap_or_default()
    };
    for host in ["localhost", "LOCALHOST:80", "127.0.0.1:9", "127.8.8.8", "[::1]:80", "dev.example"] {
        assert_eq!(ask(host, None).await, 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:127.0.0.1",
        "10.0.0.1",
        "0.0.0.0",
        "[::ffff:10.0.0.1]",
        "localhost@evil.example",
        "evil.example#localhost",
        "127.0.0.1:80@evil.example",
        "2130706433",
        "0x7f.1",
        "dev.example.evil.example",
        "xdev.example",
        "localhost%00.evil.example",
        "[::1",
        "",
    ] {
        assert!([400, 403].contains(&ask(host, None).await), "host {host:?} was served");
    }
    for origin in ["http://localhost", "https://127.0.0.1:8443", "http://[::1]:5173", "https://dev.example"] {
        assert_eq!(ask("localhost", Some(origin)).await, 200, "{origin}");
    }
    for origin in [
        "null",
        "*",
        "https://evil.example",
        "http://localhost.evil.example",
        "http://evil.example/localhost",
        "http://localhost@evil.example",
        "http://localhost:80@evil.example",
        "http://127.0.0.1:80.evil.example",
        "http://127.0.0.1#.evil.example",
        "file://",
        "http://dev.example",
        "https://dev.example.evil.example",
        "https://dev.example:444",
        "chrome-extension://localhost",
        "localhost",
        "http://",
        "http://[::1].evil.example",
        "http://localhost, https://evil.example",
        "\u{ff}",
    ] {
        assert_eq!(ask("localhost", Some(origin)).await, 403, "origin {origin:?} was served");
    }
}

#[test]
fn the_sample_files_are_read_and_name_every_limit() {
    let limits = include_str!("../../assets/server/limits.example.toml");
    assert_eq!(Limits::parse(limits), Ok(Limits::vendor()), "the sample is the vendor's set");
    let Ok(Value::Object(known)) = serde_json::to_value(Limits::none()) else { panic!("limits are an object") };
    for key in known.keys() {
        assert!(limits.contains(&format!("{key} = ")), "{key} is not in the sample");
    }
    Faults::parse(include_str!("../../assets/server/faults.example.json")).expect("the sample script");
}

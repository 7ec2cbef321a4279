//! The network transport against a socket that misbehaves: the lines of `http.jsonl` that need one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use manyou::client::{Client, Endpoint, HttpTransport, Request, Response, RouterTransport, Transport, TransportError};
use manyou::domain::{Direction, FailureKind, HistoryQuery, Peer};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn answered(head: String, body: Vec<u8>) -> Result<Response, TransportError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/x", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _request = socket.read(&mut [0; 4096]).await;
        let _gone = socket.write_all(head.as_bytes()).await;
        let _gone = socket.write_all(&body).await;
        let _gone = socket.shutdown().await;
    });
    HttpTransport::new().send(request(url)).await
}

fn request(url: String) -> Request {
    Request { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new() }
}

fn head(headers: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n")
}

#[tokio::test]
async fn answers_beyond_measure_are_cut_off() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&vec![0; 33 << 20]).unwrap();
    let many = "a: b\r\n".repeat(10_000);
    let long = format!("a: {}\r\n", "b".repeat(1 << 20));
    for (id, headers, body) in [
        ("huge-body", "content-length: 2147483648\r\n", vec![]),
        ("gzip-bomb", "content-encoding: gzip\r\n", gzip.finish().unwrap()),
        ("wide-object", "", b"\"k\":1,".repeat(6_000_000)),
        ("header-bomb", many.as_str(), vec![]),
        ("header-long", long.as_str(), vec![]),
    ] {
        let lost = answered(head(headers), body).await.expect_err(id);
        assert_eq!((lost.kind, lost.sent), (FailureKind::TooLarge, true), "{id}: {}", lost.text);
    }
}

#[tokio::test]
async fn broken_connections_are_told_from_refused_ones() {
    let short = answered(head("content-length: 500\r\n"), b"{\"a\":".to_vec()).await.unwrap_err();
    assert_eq!((short.kind, short.sent), (FailureKind::Interrupted, true), "{}", short.text);
    let silent = answered(String::new(), vec![]).await.unwrap_err();
    assert_eq!((silent.kind, silent.sent), (FailureKind::Interrupted, true), "{}", silent.text);
    let refused = HttpTransport::new().send(request("http://127.0.0.1:1/x".into())).await.unwrap_err();
    assert_eq!((refused.kind, refused.sent), (FailureKind::Unreachable, false), "{}", refused.text);
    let moved = answered("HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1:1/\r\n\r\n".into(), vec![]).await.unwrap();
    assert_eq!(moved.status, 301, "never followed");
}

#[tokio::test]
async fn plain_text_on_a_tls_port_is_tls_trouble_and_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://127.0.0.1:{}/x", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _gone = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _rest = socket.read(&mut [0; 4096]).await;
    });
    let lost = HttpTransport::new().send(request(url)).await.unwrap_err();
    assert_eq!((lost.kind, lost.sent), (FailureKind::Tls, false), "{}", lost.text);
}

#[tokio::test]
async fn a_connection_reset_in_the_body_is_interrupted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/x", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.readable().await.unwrap();
        let _gone = socket.write_all(head("content-length: 500\r\n").as_bytes()).await;
        // Closing with the request unread makes the system send a reset.
        drop(socket);
    });
    let lost = HttpTransport::new().send(request(url)).await.unwrap_err();
    assert_eq!((lost.kind, lost.sent), (FailureKind::Interrupted, true), "{}", lost.text);
}

fn client_at(listener: &TcpListener, timeout: Duration) -> Client {
    let api = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let endpoint = Endpoint::new(&api, None, "easemob-demo#roam".parse().unwrap(), false).unwrap();
    let clock = Arc::new(client::TestClock(tokio::time::Instant::now()));
    let options = manyou::client::Options { timeout, ..client::options() };
    Client::new(endpoint, Arc::new(HttpTransport::new()), clock, options)
}

#[tokio::test]
async fn an_answer_that_never_gets_done_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_at(&listener, Duration::from_millis(200));
    let held = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _request = socket.read(&mut [0; 4096]).await;
        socket.write_all((head("content-length: 500\r\n") + "{").as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
        drop(socket);
    });
    let failure = client.sign_in(client::password()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Timeout, "{}", failure.text);
    held.abort();
}

#[tokio::test]
async fn a_kept_connection_closed_under_us_costs_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_at(&listener, Duration::from_secs(5));
    tokio::spawn(async move {
        let token = r#"{"access_token":"YWMt1","expires_in":60,"user":{"username":"alice"}}"#.to_owned();
        for body in [token, client::page(&[9], "", true).to_string(), client::page(&[9], "", true).to_string()] {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _request = socket.read(&mut [0; 4096]).await;
            let kept = head(&format!("content-length: {}\r\n", body.len()));
            let _gone = socket.write_all((kept + &body).as_bytes()).await;
        }
    });
    client.sign_in(client::password()).await.unwrap();
    let query = HistoryQuery::new(Peer::user(&client::user("bob")), None, Direction::Up);
    assert_eq!(client.history(&query).await.unwrap().messages.len(), 1);
}

/// What a TLS server on this machine does with the first connection; its address.
fn tls_peer(answer: impl FnOnce(std::net::TcpStream) + Send + 'static) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/x", listener.local_addr().unwrap().port());
    std::thread::spawn(move || answer(listener.accept().unwrap().0));
    url
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_and_an_alert_are_tls_trouble() {
    let self_signed = tls_peer(|socket| {
        let certificate = CertificateDer::from(include_bytes!("client/self_signed.crt").to_vec());
        let key = PrivateKeyDer::try_from(include_bytes!("client/self_signed.key").to_vec()).unwrap();
        let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
        let session = rustls::ServerConnection::new(Arc::new(config.unwrap())).unwrap();
        let _refused = rustls::StreamOwned::new(session, socket).read(&mut [0; 64]);
    });
    let alert = tls_peer(|mut socket| {
        let _hello = socket.read(&mut [0; 4096]);
        // Alert, TLS 1.2, two bytes: warning, close_notify.
        let _gone = socket.write_all(&[21, 3, 3, 0, 2, 1, 0]);
    });
    for url in [self_signed, alert] {
        let lost = HttpTransport::new().send(request(url)).await.unwrap_err();
        assert!(!lost.sent, "{}", lost.text);
        assert_eq!(lost.kind, FailureKind::Tls, "{}", lost.text);
    }
}

#[tokio::test]
async fn a_router_in_process_takes_the_place_of_the_network() {
    let router = axum::Router::new().route("/o/a/x", axum::routing::get(async || "{}"));
    let transport = RouterTransport::<_, axum::body::Body>::new(router);
    let answer = transport.send(request("http://127.0.0.1:1/o/a/x?_v=1".into())).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (200, b"{}".as_slice()));
}

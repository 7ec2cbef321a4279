//! Mirrors conversations from a server that has all pages ready, and prints the times as JSON.
//!
//! `node benches/sync/run.mjs` runs it in turns with the official SDK and a bare socket. By hand:
//! `cargo bench --bench sync -- serve MESSAGES CONVERSATIONS DELAY_MS`, then with the port that it prints
//! `mirror PORT CONVERSATIONS AT_ONCE` or `raw PORT`.

mod pages;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use manyou::client::{Client, Credentials, Endpoint, HttpTransport, Options, Secret};
use manyou::domain::Peer;
use manyou::engine::{Archive, Engine, MirrorOptions};
use manyou::runtime::clock::SystemClock;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::print_stdout, clippy::unwrap_used, reason = "the figure is the purpose")]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let number = |n: usize| given.get(n).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    match given.first().map(String::as_str) {
        Some("serve") => {
            let port = pages::serve(number(1), number(2), Duration::from_millis(number(3) as u64)).unwrap();
            println!("{port}");
            std::future::pending::<()>().await;
        }
        Some("mirror") => println!("{}", mirror(number(1) as u16, number(2), number(3)).await),
        Some("raw") => println!("{}", raw(number(1) as u16).unwrap()),
        _ => println!("serve, mirror or raw; node benches/sync/run.mjs for the whole comparison"),
    }
}

/// Fetches, decodes and keeps all conversations; then waits for the index.
#[allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a bench measures with the machine's clock")]
async fn mirror(port: u16, conversations: usize, at_once: usize) -> String {
    let api = format!("http://127.0.0.1:{port}");
    let endpoint = Endpoint::new(&api, None, "bench#sync".parse().unwrap(), false).unwrap();
    let options = Options::new("sync_bench".parse().unwrap());
    let client = Client::new(endpoint, Arc::new(HttpTransport::new()), Arc::new(SystemClock::new()), options);
    let credentials = Credentials::Token { user: "u".parse().unwrap(), token: Secret::new("t") };
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::at(folder.path(), api, "bench#sync".parse().unwrap(), "u".parse().unwrap());
    let engine = Engine::sign_in(client, credentials).await.unwrap().with_archive(Some(archive.clone()));
    let peers: Vec<Peer> = (0..conversations).map(|n| Peer::user(&format!("c{n}").parse().unwrap())).collect();
    let options = MirrorOptions { peers: Some(peers), at_once, ..MirrorOptions::default() };
    let start = Instant::now();
    let done = engine.mirror(&options, |_| {}).await.unwrap();
    let durable = start.elapsed().as_secs_f64();
    assert!(done.is_complete(), "{:?}", done.stopped);
    archive.index().await;
    let indexed = start.elapsed().as_secs_f64();
    format!("{{\"messages\":{},\"seconds\":{durable:.4},\"indexed\":{indexed:.4}}}", done.new)
}

/// One conversation over a bare socket: nothing is looked at but where the next page begins.
#[allow(clippy::disallowed_methods, reason = "a bench measures with the machine's clock")]
fn raw(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let (start, mut cursor, mut messages) = (Instant::now(), "-1".to_owned(), 0);
    let mut buffer = vec![0; 1 << 20];
    while !cursor.is_empty() {
        let body = format!("{{\"queue\":\"c0\",\"start\":\"{cursor}\",\"pull_number\":50}}");
        let length = body.len();
        stream.write_all(
            format!(
                "POST /bench/sync/users/u/messageroaming HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        )?;
        let (mut read, mut end) = (0, usize::MAX);
        while read < end {
            read += stream.read(&mut buffer[read..])?;
            if end == usize::MAX
                && let Some(head) = buffer[..read].windows(4).position(|w| w == b"\r\n\r\n")
            {
                let text = String::from_utf8_lossy(&buffer[..head]);
                let size = text.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok());
                end = head + 4 + size.unwrap_or(0);
            }
        }
        let front = String::from_utf8_lossy(&buffer[..400.min(end)]).into_owned();
        cursor = front.split("\"next_key\":\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default().to_owned();
        messages += 50;
    }
    Ok(format!("{{\"messages\":{messages},\"seconds\":{:.4}}}", start.elapsed().as_secs_f64()))
}

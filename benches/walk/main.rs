//! Walks one conversation of a running server end to end through the client, pages of 50, and prints the time as JSON.
//!
//! `node benches/walk/run.mjs` runs it in turns with the official SDK; by hand:
//! `cargo bench --bench walk -- API APP_KEY USER TOKEN PEER`.

use std::sync::Arc;

use manyou::client::{Client, Credentials, Endpoint, HttpTransport, Options, Secret, Walker};
use manyou::domain::{Direction, Failure, FailureKind, HistoryQuery, Resource};
use manyou::runtime::clock::SystemClock;

/// Messages and the seconds they took, sign-in not counted.
#[allow(clippy::disallowed_methods, reason = "a bench measures with the machine's clock")]
async fn walk([api, app_key, user, token, peer]: [&str; 5]) -> Result<(usize, f64), Failure> {
    let refused = |what: &'static str| move || Failure::local(FailureKind::Refused, what);
    let endpoint = Endpoint::new(api, None, app_key.parse().ok().ok_or_else(refused("app key"))?, false)?;
    let resource: Resource = "walk_bench".parse().ok().ok_or_else(refused("resource"))?;
    let clock = Arc::new(SystemClock::new());
    let client = Client::new(endpoint, Arc::new(HttpTransport::new()), clock, Options::new(resource));
    let user = user.parse().ok().ok_or_else(refused("user"))?;
    client.sign_in(Credentials::Token { user, token: Secret::new(token) }).await?;
    let peer = peer.parse().ok().ok_or_else(refused("peer"))?;
    let mut walker = Walker::new(client, HistoryQuery::new(peer, None, Direction::Up));
    let start = std::time::Instant::now();
    let mut messages = 0;
    while let Some(page) = walker.next().await? {
        messages += page.len();
    }
    Ok((messages, start.elapsed().as_secs_f64()))
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "the figure is the purpose")]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let Ok(given) = given.try_into() else {
        return println!("API APP_KEY USER TOKEN PEER, or node benches/walk/run.mjs for the whole comparison");
    };
    match walk(given).await {
        Ok((messages, seconds)) => println!("{{\"messages\":{messages},\"seconds\":{seconds:.4}}}"),
        Err(failure) => eprintln!("{failure:?}"),
    }
}

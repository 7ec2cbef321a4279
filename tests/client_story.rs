//! Signing in, lists and deletes, over a script.

#![cfg(feature = "delete")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use client::{NOW, Script, Step, cases, client_over, options, page, password, signed_in, user};
use manyou::client::{Client, Credentials, ListCall, Secret};
use manyou::domain::{
    DeletionPlan, DeletionReport, Direction, FailureKind, HistoryQuery, MessageId, Peer, Scope, ServerTime, Service,
};
use manyou::engine::Engine;
use serde_json::{Value, json};

const EXPIRED: &str = r#"{"error_description":"Unable to authenticate due to expired access token"}"#;
const OK: &str = r#"{"requestStatusCode":"ok","timestamp":1}"#;

fn on_behalf() -> Credentials {
    let client_secret = Secret::new("cs");
    Credentials::OnBehalf { user: user("alice"), client_id: "ci".into(), client_secret }
}

fn list(ids: &[&str], cursor: &str) -> Step {
    let infos: Vec<Value> = ids.iter().map(|id| json!({"session_to": id, "session_type": "chat"})).collect();
    Step::ok(json!({"data": {"channel_infos": infos, "cursor": cursor}}).to_string())
}

fn peers(list: &manyou::domain::ConversationList) -> Vec<String> {
    list.conversations.iter().map(|c| c.peer.to_string()).collect()
}

fn plan(scope: Scope) -> DeletionPlan {
    DeletionPlan { owner: user("alice"), peer: Peer::user(&user("bob")), scope }
}

fn messages(count: u64) -> Scope {
    Scope::Messages((1..=count).map(MessageId).collect())
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_its_last_tenth_and_only_as_the_same_user() {
    let script = Script::new(vec![list(&["bob"], ""), list(&["bob"], ""), list(&["bob"], "")]);
    let client = signed_in(&script).await;
    let life = Duration::from_hours(1440);
    tokio::time::advance(life.mul_f64(0.89)).await;
    client.conversations(ListCall::V1).await.unwrap();
    assert_eq!(*script.tokens.lock().unwrap(), 1);
    tokio::time::advance(life.mul_f64(0.02)).await;
    client.conversations(ListCall::V1).await.unwrap();
    assert_eq!(*script.tokens.lock().unwrap(), 2);
    tokio::time::advance(life.mul_f64(0.91)).await;
    script.signs_in_as.lock().unwrap().push_back("mallory".to_owned());
    let failure = client.conversations(ListCall::V1).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::IdentityChanged);
}

#[tokio::test(start_paused = true)]
async fn an_ended_token_without_a_password_is_told_and_not_looped() {
    let expired = || Step::status(401, r#"{"error_description":"expired access token"}"#);
    let script = Script::new(vec![Step::ok(r#"{"expire_timestamp":1892567620000}"#), expired()]);
    let client = client_over(&script, options());
    let token = Credentials::Token { user: user("alice"), token: Secret::new("YWMt9") };
    let session = client.sign_in(token).await.unwrap();
    assert_eq!(session.expires, Some(ServerTime(1_892_567_620_000)));
    assert_eq!(client.conversations(ListCall::V1).await.unwrap_err().kind, FailureKind::TokenExpired);
    assert_eq!(*script.tokens.lock().unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_session_on_behalf_of_a_user_only_reads() {
    let script = Script::new(vec![list(&["bob"], "")]);
    let client = client_over(&script, options());
    let engine = Engine::sign_in(client.clone(), on_behalf()).await.unwrap();
    assert!(engine.session().read_only);
    let bodies: Vec<Value> = script.sent().iter().map(|r| serde_json::from_slice(&r.body).unwrap()).collect();
    assert_eq!(bodies[0]["grant_type"], "client_credentials");
    assert_eq!(bodies[1]["grant_type"], "inherit");
    assert_eq!(bodies[1]["autoCreateUser"], false);
    engine.list(ListCall::V1).await.unwrap();
    let failure = engine.delete(&plan(messages(1)), |_| {}).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::ReadOnly);
    let report = client.delete(&plan(messages(1)), |_| {}).await;
    assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::ReadOnly));
    assert_eq!(script.sent().len(), 3, "nothing was sent for either");
}

#[tokio::test(start_paused = true)]
async fn the_cursor_list_falls_back_and_never_loops() {
    let unknown = Step::status(404, r#"{"error":"service_resource_not_found"}"#);
    let script = Script::new(vec![list(&["a", "b"], "x"), list(&["b", "c"], ""), unknown, list(&["d"], "")]);
    let client = signed_in(&script).await;
    assert_eq!(peers(&client.conversations(ListCall::Auto).await.unwrap()), ["a", "b", "c"]);
    let old = client.conversations(ListCall::Auto).await.unwrap();
    assert_eq!((peers(&old), old.cap), (vec!["d".to_owned()], None), "one is not a capped list");
    let ten: Vec<String> = (0..10).map(|n| format!("u{n}")).collect();
    let full = list(&ten.iter().map(String::as_str).collect::<Vec<_>>(), "");
    let capped = signed_in(&Script::new(vec![full])).await.conversations(ListCall::V1).await.unwrap();
    assert_eq!(capped.cap, Some(10));
    let script = Script::new(vec![list(&["a"], "x"), list(&["b"], "x")]);
    let looped = signed_in(&script).await.conversations(ListCall::Cursor).await.unwrap();
    assert!(looped.incomplete && looped.conversations.len() == 2);
}

#[tokio::test(start_paused = true)]
async fn five_lists_a_minute_and_then_the_time_to_wait() {
    let script = Script::new((0..6).map(|_| list(&["bob"], "")).collect());
    let client = signed_in(&script).await;
    for _ in 0..5 {
        client.conversations(ListCall::Auto).await.unwrap();
        tokio::time::advance(Duration::from_secs(2)).await;
    }
    let failure = client.conversations(ListCall::Auto).await.unwrap_err();
    assert_eq!((failure.kind, failure.retry_after), (FailureKind::RateLimited, Some(Duration::from_secs(50))));
    tokio::time::advance(Duration::from_secs(50)).await;
    assert!(client.conversations(ListCall::Auto).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_not_open_is_named() {
    let closed = r#"{"error":"function_not_open_error","error_code":15001,
                     "error_description":"messageroaming function not open"}"#;
    let script = Script::new(vec![Step::status(403, closed)]);
    let query = HistoryQuery::new(Peer::user(&user("bob")), None, Direction::Up);
    let failure = signed_in(&script).await.history(&query).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::ServiceNotEnabled(Service::History));
    assert_eq!(failure.code, "function_not_open_error (15001)");
    assert_eq!(failure.request, "POST messageroaming");
}

async fn deleted(steps: Vec<Step>, chunk: usize, count: u64) -> (DeletionReport, Arc<Script>) {
    let script = Script::new(steps);
    let mut options = options();
    options.chunk = chunk;
    let client: Client = client_over(&script, options);
    client.sign_in(password()).await.unwrap();
    let engine = Engine::sign_in(client, password()).await.unwrap();
    let report = engine.delete(&plan(messages(count)), |_| {}).await.expect("a sound plan");
    (report, script)
}

/// What a delete without any repetition makes of a scripted word; `None` when the line needs what comes later.
fn delete_step(word: &str) -> Option<Vec<Step>> {
    Some(match word {
        "ok" => vec![Step::ok(OK)],
        "400 too many" => vec![Step::status(400, r#"{"error":"param exception"}"#)],
        "403" => vec![Step::status(403, r#"{"error":"forbidden_op"}"#)],
        "401" => vec![Step::status(401, EXPIRED)],
        "refresh same" => vec![],
        _ => return None,
    })
}

#[tokio::test(start_paused = true)]
async fn deletes_report_what_is_gone_unknown_and_left() {
    for line in cases("deletes") {
        let id = line["id"].as_str().unwrap();
        let words: Vec<&str> = line["script"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
        let steps: Option<Vec<Vec<Step>>> = words.iter().map(|w| delete_step(w)).collect();
        let (Some(steps), Some(count)) = (steps, line["selected"].as_u64()) else {
            println!("left {id}: needs repetition, verifying, hold, copy, plan file or screen");
            continue;
        };
        let chunk = line["batch"].as_u64().unwrap() as usize;
        let (report, _) = deleted(steps.concat(), chunk, count).await;
        let ids = |wanted: &str| {
            let of = |o: &manyou::domain::ChunkOutcome| format!("{o:?}").starts_with(wanted);
            report.ids(of).collect::<HashSet<_>>().len() as u64
        };
        let got = (ids("Done"), ids("Unknown"), ids("Refused") + ids("NotSent"));
        let expect = |key: &str| line["expect"][key].as_u64().unwrap();
        assert_eq!(got, (expect("gone"), expect("unknown"), expect("left")), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_without_a_usable_answer_is_unknown_and_never_repeated() {
    let lost = |sent| Step::Lost { kind: FailureKind::Interrupted, sent };
    let unknown = [
        Step::status(204, ""),
        Step::status(504, "<html>"),
        Step::status(408, ""),
        Step::ok("<html>"),
        Step::ok(r#"{"timestamp":1}"#),
        Step::ok(r#"{"requestStatusCode":"partial"}"#),
        lost(true),
        Step::Hang,
    ];
    for step in unknown {
        let shown = format!("{step:?}");
        let (report, script) = deleted(vec![step], 20, 21).await;
        assert!(report.has_unknown() && report.chunks.len() == 2, "{shown}");
        assert_eq!(report.ids(|o| format!("{o:?}") == "NotSent").count(), 1, "{shown}");
        assert_eq!(script.sent().iter().filter(|r| r.method == "DELETE").count(), 1, "{shown}");
    }
    for step in [lost(false), Step::status(429, "{}"), Step::status(301, ""), Step::status(401, "")] {
        let (report, script) = deleted(vec![step], 20, 1).await;
        assert!(!report.has_unknown() && report.failure().is_some());
        assert_eq!(script.sent().iter().filter(|r| r.method == "DELETE").count(), 1);
    }
    let (report, _) = deleted(vec![Step::ok(format!("\u{feff}{OK}"))], 20, 1).await;
    assert!(report.is_done(), "a byte order mark changes nothing");
}

#[tokio::test(start_paused = true)]
async fn unsound_plans_are_refused_before_anything_is_sent() {
    let script = Script::new(vec![Step::ok(page(&[9, 8], "", true).to_string())]);
    let engine = Engine::sign_in(client_over(&script, options()), password()).await.unwrap();
    let peer = Peer::user(&user("bob"));
    engine.page(&HistoryQuery::new(peer.clone(), None, Direction::Up)).await.unwrap();
    let before = |cutoff, newest| Scope::Before { cutoff: ServerTime(cutoff), newest: MessageId(newest) };
    let seen = 1_700_000_000_009;
    let future = engine.client().clock().now().plus_ms(172_800_000).ms();
    for scope in [
        Scope::Messages(vec![]),
        Scope::Messages(vec![MessageId(0)]),
        Scope::Messages(vec![MessageId(9), MessageId(9)]),
        before(seen, 8),
        before(seen + 1, 9),
        before(future, 9),
        before(1_700_000_000, 9),
    ] {
        let failure = engine.check(&plan(scope.clone())).expect_err("refused");
        assert_eq!(failure.kind, FailureKind::Refused, "{scope:?}");
    }
    assert!(engine.check(&plan(before(seen, 9))).is_ok());
    let other = DeletionPlan { peer: Peer::user(&user("carol")), ..plan(before(seen, 9)) };
    assert!(engine.check(&other).is_err(), "seen in another conversation");
    let mallory = DeletionPlan { owner: user("mallory"), ..plan(messages(1)) };
    assert_eq!(engine.check(&mallory).unwrap_err().kind, FailureKind::IdentityChanged);
    assert_eq!(script.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn told_too_many_requests_everybody_waits_and_says_until_when() {
    let late = Step::status(429, "{}").with("retry-after", "7");
    let good = || Step::ok(page(&[1], "", true).to_string());
    let script = Script::new(vec![late, good(), good()]);
    let client = signed_in(&script).await;
    let query = || HistoryQuery::new(Peer::user(&user("bob")), None, Direction::Up);
    let begun = tokio::time::Instant::now();
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.history(&query()).await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let held = client.held().expect("the server asked to wait");
    assert_eq!(held.waiting, 1);
    assert!(held.until.ms() >= NOW + 7000, "{held:?}");
    let second = client.history(&query()).await;
    assert!(begun.elapsed() >= Duration::from_secs(7), "the second one waits too");
    assert!(second.is_ok() && first.await.is_ok_and(|page| page.is_ok()));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!((client.held(), script.sent().len()), (None, 4), "a sign-in, and nobody ran into the refusal again");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_runs_ahead_of_the_server_is_not_believed() {
    let dated = |date: &'static str| Step::ok(page(&[1], "", true).to_string()).with("date", date);
    let script = Script::new(vec![
        Step::ok(page(&[1], "", true).to_string()),
        dated("Tue, 14 Nov 2000 22:13:20 GMT"),
        dated("Sun, 14 Nov 2100 22:13:20 GMT"),
        dated("nonsense"),
    ]);
    let client = signed_in(&script).await;
    let query = HistoryQuery::new(Peer::user(&user("bob")), None, Direction::Up);
    assert_eq!(client.agreed_time(), None);
    let mut times = Vec::new();
    for _ in 0..4 {
        assert!(client.history(&query).await.is_ok());
        times.push(client.agreed_time().map(|at| (at == client.clock().now(), at.ms())));
    }
    let day_after = (974_240_000 + 24 * 3600) * 1000;
    assert_eq!(times[..2], [None, Some((false, day_after))]);
    assert!(times[2..].iter().all(|time| time.is_some_and(|(is_ours, _)| is_ours)), "{times:?}");
}

//! Where the sandbox listens, whom its ready line names, what it dates from where, and its folder.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use manyou::domain::{Clock, ServerTime};
use manyou::server::{Config, Handle, StartError, start};
use serde_json::{Value, json};

use crate::support::{Hand, START, Sandbox};

/// Set to begin at [`START`], and a while past it.
struct RunOn(i64);

impl Clock for RunOn {
    fn now(&self) -> ServerTime {
        ServerTime(START + self.0)
    }

    fn beginning(&self) -> ServerTime {
        ServerTime(START)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

async fn demo(late_ms: i64) -> Handle {
    let mut handle = start(Config { demo: true, ..Config::default() }, Arc::new(RunOn(late_ms))).await.expect("a demo");
    handle.filled().await;
    handle
}

fn times(handle: &Handle) -> Vec<(i64, i64)> {
    let db = handle.app().db.get();
    let mut query = db.prepare("SELECT id, time FROM message ORDER BY id").expect("a query");
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").map(|row| row.expect("a row")).collect()
}

#[tokio::test]
async fn demo_data_is_dated_from_the_time_that_was_asked_for_however_long_the_start_took() {
    assert_eq!(times(&demo(0).await), times(&demo(1234).await));
}

#[tokio::test]
async fn the_ready_line_of_a_demo_names_every_user_it_made() {
    let handle = demo(0).await;
    let ready = handle.ready();
    let named: Vec<&str> =
        ready["users"].as_array().expect("users").iter().filter_map(|u| u["user_id"].as_str()).collect();
    let made: i64 =
        handle.app().db.get().query_row("SELECT count(*) FROM user", [], |row| row.get(0)).expect("a count");
    assert_eq!((named[0], named.len() as i64), ("kefu01", made));
    assert!(named.contains(&"member_299"));
}

#[tokio::test]
async fn a_server_on_every_address_names_one_that_clients_can_use() {
    let config = Config { listen: "0.0.0.0:0".parse().expect("an address"), allow_remote: true, ..Config::default() };
    let sandbox = Sandbox::with(config).await;
    let (ready, port) = (sandbox.handle.ready(), sandbox.handle.addr().port());
    assert_eq!(ready["api"], format!("http://127.0.0.1:{port}"));
    assert_eq!(ready["ws"], format!("ws://127.0.0.1:{port}/ws"));
    assert_eq!(ready["listen"], format!("0.0.0.0:{port}"));
}

#[tokio::test]
async fn a_folder_belongs_to_one_server_and_its_data_to_its_owner() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let first = Sandbox::with(config.clone()).await;
    let second = start(config.clone(), Arc::new(Hand::default())).await;
    assert!(matches!(second.map(|_| ()), Err(StartError::InUse(path)) if path == folder.path()));
    #[cfg(unix)]
    for file in std::fs::read_dir(folder.path()).expect("a folder").flatten() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("a file").permissions());
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with("sandbox.sqlite") || mode & 0o777 == 0o600, "{name}: {mode:o}");
    }
    first.handle.shutdown().await;
    assert!(start(config, Arc::new(Hand::default())).await.is_ok());
}

#[tokio::test]
async fn the_members_of_a_group_are_told_to_members_only() {
    let sandbox = Sandbox::new().await;
    sandbox.team().await;
    let open = json!({"groupid": "g_open", "groupname": "Open", "owner": "alice", "members": ["bob"], "public": true});
    sandbox.app("POST", "/chatgroups", Some(open)).await.ok();
    let (carol, bob) = (sandbox.sign_in("carol").await, sandbox.sign_in("bob").await);
    assert_eq!(sandbox.call("GET", "/chatgroups/g_team", &carol, None).await.status, 404);
    let found = sandbox.call("GET", "/chatgroups/g_team,g_open?joined_time=true", &carol, None).await.ok();
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&found["data"][0]["name"], &found["data"][0]["affiliations"]),
        (&json!("Open"), &json!([{"owner": "alice"}]))
    );
    let has_bob = |answer: Value| answer["data"][0]["affiliations"].to_string().contains("bob");
    assert!(has_bob(sandbox.call("GET", "/chatgroups/g_team", &bob, None).await.ok()));
    assert!(has_bob(sandbox.app("GET", "/chatgroups/g_team", None).await.ok()));
}

#[tokio::test]
async fn a_body_without_a_content_type_is_415_but_for_the_history() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let send = async |path: &str, body: Value| {
        let request =
            Request::post(format!("/manyou/sandbox{path}")).header("authorization", format!("Bearer {token}"));
        sandbox.send(request.body(Body::from(body.to_string())).expect("a request")).await
    };
    for path in ["/token", "/metadata/user/get", "/sdk/user/alice/user_channel/top"] {
        let answer = send(path, json!({})).await;
        assert_eq!(answer.refusal(), (415, "web_application", "Unsupported Media Type"), "{path}");
    }
    send("/users/alice/messageroaming", json!({"queue": "bob@easemob.com"})).await.ok();
    let everything = "/sdk/message/roaming/user/alice/delete/all?resource=x";
    assert_eq!(sandbox.call("POST", everything, &token, None).await.status, 200);
}

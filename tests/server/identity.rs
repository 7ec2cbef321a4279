//! Who may ask what: every route with every wrong identity, origins and hosts, tokens.

use axum::body::Body;
use axum::http::Request;
use manyou::server::auth::Who;
use manyou::server::routes::ROUTES;
use manyou::server::{Config, StartError};
use serde_json::json;

use crate::support::Sandbox;

fn filled(path: &str) -> String {
    let path = path.replace("{user}", "alice").replace("{kind}", "chat").replace("{hour}", "2023111422");
    path.replace("{id}", "g").replace("{member}", "bob").replace("{uuid}", "u").replace("{file}", "f")
}

#[tokio::test]
async fn every_route_refuses_every_wrong_identity() {
    let sandbox = Sandbox::new().await;
    let ask = json!({"grant_type": "password", "username": "alice", "password": "pw", "ttl": 1});
    let expired = sandbox.call("POST", "/token", "", Some(ask)).await.ok()["access_token"].as_str().unwrap().to_owned();
    sandbox.pass(1000);
    let bob = sandbox.sign_in("bob").await;
    let expired_words = ("unauthorized", "Unable to authenticate due to expired access token");
    let oauth = ("unauthorized", "Unable to authenticate (OAuth)");
    for route in ROUTES.iter().filter(|route| route.who != Who::Anyone) {
        let (method, path) = (route.method.as_str(), filled(route.path));
        let check = async |token: &str, words: (&str, &str)| {
            let answer = sandbox.call(method, &path, token, Some(json!({}))).await;
            assert_eq!(answer.refusal(), (401, words.0, words.1), "{method} {path}");
        };
        check("", expired_words).await;
        check("garbage", ("auth_bad_access_token", "Unable to authenticate due to corrupt access token")).await;
        check("YWMtunknown", ("auth_bad_access_token", "Unable to authenticate")).await;
        check(&expired, expired_words).await;
        if route.who != Who::AnyToken {
            check(&bob, oauth).await;
        }
        if route.who == Who::Own {
            let answer = sandbox.app(method, &path, Some(json!({}))).await;
            assert_eq!(answer.refusal(), (401, oauth.0, oauth.1), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_routes_open_to_anyone_ask_for_their_own_proof() {
    let sandbox = Sandbox::new().await;
    let open: Vec<&str> = ROUTES.iter().filter(|r| r.who == Who::Anyone).map(|r| r.path).collect();
    assert_eq!(open, ["/token", "/chatfiles/{uuid}", "/chatmessages/{hour}/{file}"]);
    assert_eq!(sandbox.call("GET", "/chatfiles/u", "", None).await.status, 401);
    assert_eq!(
        sandbox
            .call("GET", "/chatmessages/2023111422/2023111422.gz?Expires=99999999999&Signature=x", "", None)
            .await
            .status,
        403
    );
    for (ask, status, words) in [
        (
            json!({"grant_type": "password", "username": "alice", "password": "no"}),
            400,
            ("invalid_grant", "invalid password"),
        ),
        (
            json!({"grant_type": "password", "username": "nobody", "password": "no"}),
            404,
            ("service_resource_not_found", "user not found"),
        ),
        (
            json!({"grant_type": "client_credentials", "client_id": "x"}),
            400,
            ("invalid_grant", "client_id does not match"),
        ),
        (json!({"grant_type": "agora"}), 400, ("invalid_grant", "unsupported grant_type")),
    ] {
        let answer = sandbox.call("POST", "/token", "", Some(ask)).await;
        assert_eq!(answer.refusal(), (status, words.0, words.1));
    }
}

#[tokio::test]
async fn the_app_signs_in_for_a_user_who_then_asks_as_themselves() {
    let sandbox = Sandbox::new().await;
    let ask = json!({"grant_type": "inherit", "username": "dora", "autoCreateUser": true, "ttl": 60});
    let answer = sandbox.app("POST", "/token", Some(ask.clone())).await.ok();
    assert_eq!((&answer["expires_in"], &answer["user"]["username"]), (&json!(60), &json!("dora")));
    let token = answer["access_token"].as_str().unwrap();
    sandbox.call("GET", "/users/dora/user_channels", token, None).await.ok();
    let ends = sandbox.call("GET", "/sdk/users/dora/token/expires", token, None).await.ok();
    assert_eq!(ends["expire_timestamp"], sandbox.now() + 60_000);
    let bob = sandbox.sign_in("bob").await;
    assert_eq!(sandbox.call("POST", "/token", &bob, Some(ask)).await.status, 401);
}

#[tokio::test]
async fn wrong_app_keys_and_unknown_addresses_are_told_apart() {
    let sandbox = Sandbox::new().await;
    let get = |path: &str| Request::get(path.to_owned()).body(Body::empty()).expect("a request");
    let answer = sandbox.send(get("/other/app/users/alice/user_channels")).await;
    assert_eq!((answer.refusal().0, answer.refusal().1), (404, "organization_application_not_found"));
    for path in ["/manyou/sandbox/presence", "/manyou/sandbox/users/alice/messageroaming", "/"] {
        let answer = sandbox.send(get(path)).await;
        assert_eq!(answer.refusal(), (404, "service_resource_not_found", "Service resource not found"), "{path}");
    }
}

#[tokio::test]
async fn only_loopback_and_named_origins_are_served() {
    let allow_origins = vec!["https://dev.example".to_owned()];
    let sandbox = Sandbox::with(Config { allow_origins, ..Config::default() }).await;
    let ask = |method: &str, name: &str, value: &str| {
        let request = Request::builder().method(method).uri("/manyou/sandbox/token").header(name, value);
        request.header("content-type", "application/json").body(Body::from("{}")).expect("a request")
    };
    for origin in ["http://localhost:8080", "https://dev.example", "http://127.0.0.1", "http://[::1]:3"] {
        let answer = sandbox.send(ask("OPTIONS", "origin", origin)).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!((answer.status.as_u16(), header("access-control-allow-origin")), (204, origin.to_owned()));
        assert!(header("access-control-allow-headers").contains("share-secret"));
        assert!(header("access-control-allow-methods").contains("DELETE"));
        let answer = sandbox.send(ask("POST", "origin", origin)).await;
        assert_eq!((answer.status.as_u16(), answer.headers.contains_key("access-control-allow-origin")), (400, true));
    }
    for origin in
        ["https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "*"]
    {
        for method in ["OPTIONS", "POST"] {
            let answer = sandbox.send(ask(method, "origin", origin)).await;
            assert_eq!(
                (answer.status.as_u16(), answer.headers.contains_key("access-control-allow-origin")),
                (403, false)
            );
        }
    }
    for (host, status) in
        [("localhost:1", 400), ("127.0.0.1", 400), ("dev.example", 400), ("evil.example", 403), ("10.0.0.1", 403)]
    {
        assert_eq!(sandbox.send(ask("POST", "host", host)).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn other_machines_are_let_in_only_when_asked_for() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let clock = std::sync::Arc::new(crate::support::Hand::default());
    let refused = manyou::server::start(Config { listen, ..Config::default() }, clock).await;
    assert!(matches!(refused, Err(StartError::Remote(_))));
}

#[tokio::test]
async fn the_data_outlives_the_server_and_belongs_to_its_app() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let first = Sandbox::with(config.clone()).await;
    let id = first.say("bob", "alice", "kept").await;
    let secret = first.handle.ready()["client_secret"].clone();
    first.handle.shutdown().await;
    let again = Sandbox::with(config.clone()).await;
    assert_eq!(again.handle.ready()["client_secret"], secret);
    let page = again.page(&again.sign_in("alice").await, json!({"queue": "bob@easemob.com"})).await;
    assert_eq!(page.ids().first(), Some(&id));
    assert!(again.say("bob", "alice", "newer").await.parse::<u64>().unwrap() > id.parse().unwrap());
    again.handle.shutdown().await;
    let other = Config { app_key: "other#app".parse().unwrap(), ..config };
    let clock = std::sync::Arc::new(crate::support::Hand::default());
    assert!(matches!(manyou::server::start(other, clock).await, Err(StartError::OtherApp(_))));
}

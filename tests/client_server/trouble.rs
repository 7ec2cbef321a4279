//! Limits, tokens that end, services that are not open, scripted faults: named, and nothing that was paged is lost.

use std::time::Duration;

use manyou::client::{Client, Credentials, ListCall, Secret, Walker};
use manyou::domain::{ChunkOutcome, Failure, FailureKind, Scope, Service};
use manyou::server::limits::Limits;
use serde_json::json;

use crate::client::{ids, user};
use crate::house::{House, delete, failed, peers, up, walk};

#[tokio::test(start_paused = true)]
async fn the_vendors_list_limit_is_waited_out_and_told() {
    let house = House::limited(Limits::vendor()).await;
    let (first, second) = (house.signed_in().await, house.signed_in().await);
    for client in [&first, &first, &first, &second, &second] {
        peers(client, ListCall::V1).await;
    }
    assert!(house.waits.lock().unwrap().is_empty());
    peers(&second, ListCall::V1).await;
    let waits = house.waits.lock().unwrap().clone();
    assert!(waits.iter().all(|(_, why)| *why == FailureKind::RateLimited), "{waits:?}");
    let waited: Duration = waits.iter().map(|(wait, _)| *wait).sum();
    assert!((60..=100).contains(&waited.as_secs()), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_limited_deletion_is_refused_and_not_repeated() {
    let house = House::limited(Limits { delete_conversation_per_minute: Some(1), ..Limits::none() }).await;
    house.talk(1).await;
    let client = house.signed_in().await;
    assert!(delete(&client, Scope::Conversation { with_history: false }).await.is_done());
    let report = delete(&client, Scope::Conversation { with_history: true }).await;
    assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::RateLimited));
    assert!(matches!(report.chunks[0].outcome, ChunkOutcome::Refused(_)));
    assert_eq!(walk(&client, up()).await.len(), 1);
}

/// Walks one page, lets `meanwhile` happen, and walks on; everything comes once.
async fn interrupted<F: Future<Output = ()>>(house: &House, client: &Client, meanwhile: F) -> Option<Failure> {
    let said = house.talk(120).await;
    let mut walker = Walker::new(client.clone(), up());
    let mut all = walker.next().await.unwrap().unwrap();
    assert_eq!(all.len(), 50);
    meanwhile.await;
    let mut failure = None;
    loop {
        match walker.next().await {
            Ok(Some(page)) => all.extend(page),
            Ok(None) => break,
            Err(e) if failure.is_some() => panic!("failed twice: {e:?}"),
            Err(e) => {
                assert_eq!(walker.cursor().map(ToString::to_string), Some(all[all.len() - 1].id.to_string()));
                failure = Some(e);
                let fresh =
                    Credentials::Token { user: user("alice"), token: Secret::new(house.sign_in("alice").await) };
                client.sign_in(fresh).await.unwrap();
            }
        }
    }
    assert_eq!(ids(&all).into_iter().rev().collect::<Vec<_>>(), said);
    failure
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_in_the_middle_of_paging_loses_nothing() {
    let house = House::new().await;
    let ask = json!({"grant_type": "password", "username": "alice", "password": "pw", "ttl": 600});
    let short = house.call("POST", "/token", "", Some(ask)).await.ok()["access_token"].as_str().unwrap().to_owned();
    let client = house.client();
    client.sign_in(Credentials::Token { user: user("alice"), token: Secret::new(short) }).await.unwrap();
    let failure = interrupted(&house, &client, async { house.pass(700_000) }).await.expect("one failure");
    assert_eq!((failure.kind, failure.status), (FailureKind::TokenExpired, Some(401)));
}

#[tokio::test(start_paused = true)]
async fn a_password_session_goes_on_by_itself_when_the_server_ends_its_token() {
    let body = r#"{"error":"unauthorized","error_description":"Unable to authenticate due to expired access token"}"#;
    let route = "POST /users/*/messageroaming";
    let fault = json!([{"route": route, "skip": 1, "count": 1, "status": 401, "body": body}]);
    let house = House::faulty(fault).await;
    let client = house.signed_in().await;
    assert_eq!(interrupted(&house, &client, async {}).await, None);
}

#[tokio::test(start_paused = true)]
async fn each_service_that_is_not_open_is_named() {
    let house = House::limited(Limits { history: false, deletion: false, list: false, ..Limits::none() }).await;
    let said = house.talk(1).await;
    let client = house.signed_in().await;
    let closed = |service| FailureKind::ServiceNotEnabled(service);
    assert_eq!(failed(client.history(&up()).await), closed(Service::History));
    for call in [ListCall::V1, ListCall::Paged, ListCall::Cursor, ListCall::Auto] {
        assert_eq!(failed(client.conversations(call).await), closed(Service::ConversationList), "{call}");
    }
    for scope in [Scope::Messages(said.clone()), Scope::Before { cutoff: said[0].time(), newest: said[0] }] {
        let report = delete(&client, scope).await;
        assert_eq!(report.failure().map(|f| f.kind), Some(closed(Service::Deletion)));
    }
}

#[tokio::test(start_paused = true)]
async fn faults_in_the_middle_are_named_or_passed_over_and_lose_nothing() {
    use FailureKind as K;
    let html = "<html><title>Sign in</title></html>";
    for (fault, kind, waits) in [
        (json!({"delay_ms": 40_000, "count": 1}), None, vec![K::Timeout]),
        (json!({"status": 503, "count": 2}), None, vec![K::Server, K::Server]),
        (json!({"status": 502, "body": html, "count": 1}), None, vec![K::Server]),
        (json!({"status": 429, "headers": [["retry-after", "7"]], "count": 1}), None, vec![K::RateLimited]),
        (json!({"cut": true, "count": 1}), None, vec![K::Interrupted]),
        (json!({"status": 200, "body": html, "count": 1}), Some(K::NotApi), vec![]),
        (json!({"status": 404, "body": html, "count": 1}), Some(K::WrongAppKey), vec![]),
        (json!({"status": 301, "count": 1}), Some(K::Redirected), vec![]),
        (json!({"status": 200, "body": "{\"data\":", "count": 1}), Some(K::BadAnswer), vec![]),
    ] {
        let mut scripted = fault.clone();
        scripted["route"] = json!("POST /users/*/messageroaming");
        scripted["skip"] = json!(1);
        let house = House::faulty(json!([scripted])).await;
        let client = house.signed_in().await;
        let failure = interrupted(&house, &client, async {}).await;
        assert_eq!(failure.as_ref().map(|f| f.kind), kind, "{fault}");
        assert!(failure.is_none_or(|f| !f.request_id.is_empty()), "{fault}");
        let told: Vec<K> = house.waits.lock().unwrap().iter().map(|(_, why)| *why).collect();
        assert_eq!(told, waits, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_without_an_answer_is_unknown_even_when_it_happened() {
    let route = "DELETE /sdk/message/roaming/*/user/*";
    for fault in [json!({"route": route, "cut": true}), json!({"route": route, "delay_ms": 40_000})] {
        let house = House::faulty(json!([fault])).await;
        let said = house.talk(3).await;
        let client = house.signed_in().await;
        let report = delete(&client, Scope::Messages(said[..1].to_vec())).await;
        assert!(report.has_unknown(), "{fault}");
        let left = if fault["cut"] == true { 2 } else { 3 };
        assert_eq!(walk(&client, up()).await.len(), left, "{fault}");
    }
}

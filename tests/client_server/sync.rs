//! Mirroring: everything comes, once; what is asked twice is only what may have changed; what fails is told.

use std::time::Duration;

use manyou::domain::{Failure, FailureKind, Inquiry, MessageId, MessageKind, Peer, Scope, ServerTime};
use manyou::engine::{Engine, MirrorOptions, Progress};
use serde_json::json;

use crate::archive::engine;
use crate::client::{Script, Step, client_over, options, page, password, user};
use crate::house::{House, bob};

const HISTORY: &str = "POST /users/*/messageroaming";

async fn mirror(engine: &Engine, options: MirrorOptions) -> Result<Progress, Failure> {
    engine.mirror(&options, |_| {}).await
}

async fn all(engine: &Engine) -> Progress {
    mirror(engine, MirrorOptions::default()).await.expect("a list")
}

async fn here(engine: &Engine, peer: &Peer) -> Vec<MessageId> {
    let rows = engine.archive().unwrap().after(peer, -1, 100_000).await.unwrap();
    rows.iter().map(|(_, message)| message.id).collect()
}

fn counts(done: &Progress) -> (u64, u64, u64, bool) {
    (done.new, done.changed, done.gone, done.is_complete())
}

#[tokio::test(start_paused = true)]
async fn the_second_run_asks_once_a_conversation_and_says_what_was_new_and_gone() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(180).await;
    for n in 0..60 {
        house.say("carol", "alice", &format!("carol {n}")).await;
    }
    let engine = engine(&house, &folder).await;
    let first = all(&engine).await;
    assert_eq!(counts(&first), (240, 0, 0, true));
    assert_eq!(here(&engine, &bob()).await, said);
    house.pass(60_000);
    crate::delete(&house.signed_in().await, Scope::Messages(vec![said[170]])).await;
    house.talk(2).await;
    let second = all(&engine).await;
    assert_eq!(counts(&second), (2, 0, 1, true));
    assert_eq!(second.ended.iter().map(|ended| ended.synced.pages).sum::<u64>(), 2, "the newest page of each");
    let gone: Vec<MessageId> = second.ended.iter().flat_map(|ended| ended.synced.gone.clone()).collect();
    assert_eq!(gone, [said[170]]);
}

#[tokio::test(start_paused = true)]
async fn only_the_holes_are_asked_for_and_since_is_as_far_as_it_goes() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(400).await;
    let engine = engine(&house, &folder).await;
    let since = MirrorOptions { since: Some(said[250].time()), ..MirrorOptions::default() };
    let done = mirror(&engine, since).await.unwrap();
    assert!(done.is_complete() && done.new < 250, "{}", done.new);
    let new = house.talk(120).await;
    let done = all(&engine).await;
    assert!(done.is_complete());
    // Three pages of what is new, and the rest from where the first run stopped; the message at a joint comes twice.
    assert!(done.met < 120 + 250 + 60, "{} messages", done.met);
    assert_eq!(here(&engine, &bob()).await, [said, new].concat());
}

#[tokio::test(start_paused = true)]
async fn a_deletion_deep_in_the_past_is_found_by_reading_all_again() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(200).await;
    let engine = engine(&house, &folder).await;
    all(&engine).await;
    house.pass(60_000);
    crate::delete(&house.signed_in().await, Scope::Messages(vec![said[3], said[77]])).await;
    assert_eq!(all(&engine).await.gone, 0, "only the newest page was compared");
    let mut met = 0;
    let found = engine.reconcile(&bob(), |now| met = now).await.expect("read again");
    assert_eq!((found.gone, found.complete, met), (vec![said[77], said[3]], true, 198));
    house.pass(60_000);
    crate::delete(&house.signed_in().await, Scope::Messages(vec![said[5]])).await;
    let verify = MirrorOptions { verify: true, ..MirrorOptions::default() };
    assert_eq!(counts(&mirror(&engine, verify).await.unwrap()), (0, 0, 1, true));
    assert!(!here(&engine, &bob()).await.contains(&said[5]));
}

#[tokio::test(start_paused = true)]
async fn one_conversation_that_fails_is_tried_again_later_and_holds_up_no_other() {
    // Bob's first page is refused for good; the others come.
    let house =
        House::faulty(json!([{"route": HISTORY, "count": 2, "status": 400, "body": "{\"error\":\"x\"}"}])).await;
    let folder = tempfile::tempdir().unwrap();
    house.talk(3).await;
    house.say("carol", "alice", "hi").await;
    let engine = engine(&house, &folder).await;
    let one = MirrorOptions { at_once: 1, ..MirrorOptions::default() };
    let done = mirror(&engine, one).await.unwrap();
    assert_eq!(counts(&done), (4, 0, 0, true), "both in the second round");
    let peers: Vec<String> = done.ended.iter().map(|ended| ended.peer.to_string()).collect();
    assert_eq!(peers.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_would_fail_everywhere_ends_the_run_and_says_what_was_not_reached() {
    let body = r#"{"error":"forbidden_op","error_description":"not open","error_code":15001}"#;
    let house = House::faulty(json!([{"route": HISTORY, "status": 403, "body": body}])).await;
    let folder = tempfile::tempdir().unwrap();
    house.talk(1).await;
    house.say("carol", "alice", "hi").await;
    let engine = engine(&house, &folder).await;
    let done = mirror(&engine, MirrorOptions { at_once: 1, ..MirrorOptions::default() }).await.unwrap();
    assert!(matches!(done.stopped.as_ref().map(|f| f.kind), Some(FailureKind::ServiceNotEnabled(_))));
    assert_eq!((done.ended.len(), done.left.len(), done.is_complete()), (1, 1, false));
}

#[tokio::test(start_paused = true)]
async fn told_too_many_requests_all_wait_and_go_on_slower() {
    let faults = json!([{"route": HISTORY, "skip": 1, "count": 1, "status": 429, "headers": [["retry-after", "7"]], "body": "{}"}]);
    let house = House::faulty(faults).await;
    let folder = tempfile::tempdir().unwrap();
    house.talk(120).await;
    house.say("carol", "alice", "hi").await;
    let engine = engine(&house, &folder).await;
    let before = tokio::time::Instant::now();
    let done = all(&engine).await;
    assert_eq!(counts(&done), (121, 0, 0, true));
    let waits = house.waits.lock().unwrap().clone();
    assert_eq!(waits.len(), 1, "one request was turned away, nobody else ran into it: {waits:?}");
    assert!(before.elapsed() >= Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_rate_holds_for_all_conversations_together() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    house.talk(500).await;
    house.say("carol", "alice", "hi").await;
    let engine = engine(&house, &folder).await;
    engine.client().limit_rate(2.0);
    let before = tokio::time::Instant::now();
    assert!(all(&engine).await.is_complete());
    // A list and twelve pages.
    assert!(before.elapsed() >= Duration::from_secs(6), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_stopped_in_the_middle_goes_on_where_it_was() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(500).await;
    let first = engine(&house, &folder).await;
    let run = async {
        let options = MirrorOptions { peers: Some(vec![bob()]), ..MirrorOptions::default() };
        let (seen, mut stop) = tokio::sync::mpsc::unbounded_channel();
        let mirroring = first.mirror(&options, move |progress| _ = seen.send(progress.new));
        tokio::pin!(mirroring);
        loop {
            tokio::select! {
                biased;
                Some(new) = stop.recv() => if new >= 150 { return },
                _ = &mut mirroring => return,
            }
        }
    };
    run.await;
    let kept = here(&first, &bob()).await.len();
    let again = engine(&house, &folder).await;
    let done = all(&again).await;
    assert!(done.is_complete());
    assert!(done.met as usize <= 500 - kept + 100, "{} of {kept}", done.met);
    assert_eq!(here(&again, &bob()).await, said);
    assert_eq!(user("alice"), again.session().user);
}

#[tokio::test(start_paused = true)]
async fn a_message_without_a_time_does_not_end_a_reading_before_its_bound() {
    let mut first = page(&[3_000, 2_000], "2000", false);
    first["data"]["msgs"].as_array_mut().unwrap().push(json!({"msg": "bm90aGluZw=="}));
    let script = Script::new(vec![Step::ok(first.to_string()), Step::ok(page(&[1_000], "", true).to_string())]);
    let folder = tempfile::tempdir().unwrap();
    let client = client_over(&script, options());
    let engine = Engine::sign_in(client, password()).await.expect("a session");
    let engine = engine.with_archive(Some(crate::archive::archive(&folder)));
    let since = Some(ServerTime(1_700_000_000_000));
    let options = MirrorOptions { peers: Some(vec![bob()]), since, verify: true, ..MirrorOptions::default() };
    let done = mirror(&engine, options).await.expect("mirrored");
    assert_eq!(script.sent().len(), 3, "a sign-in and both pages");
    assert_eq!(here(&engine, &bob()).await.iter().filter(|id| id.0 != 0).count(), 3);
    assert!(done.is_complete());
}

#[tokio::test(start_paused = true)]
async fn two_conversations_that_fail_every_time_do_not_stop_all() {
    let house = House::faulty(json!([{"route": HISTORY, "status": 400, "body": "{\"error\":\"x\"}"}])).await;
    let folder = tempfile::tempdir().unwrap();
    house.talk(1).await;
    house.say("carol", "alice", "hi").await;
    let engine = engine(&house, &folder).await;
    let done = mirror(&engine, MirrorOptions { at_once: 1, ..MirrorOptions::default() }).await.unwrap();
    assert_eq!((done.stopped.clone(), done.ended.len(), done.left.len()), (None, 2, 0), "three tries each");
    assert!(done.ended.iter().all(|ended| ended.failure.is_some()));
}

#[tokio::test(start_paused = true)]
async fn who_is_named_twice_is_read_once() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    house.talk(3).await;
    let engine = engine(&house, &folder).await;
    let done = mirror(&engine, MirrorOptions { peers: Some(vec![bob(), bob()]), ..MirrorOptions::default() }).await;
    let done = done.unwrap();
    assert_eq!((done.total, done.ended.len(), done.met, done.new), (1, 1, 3, 3));
}

#[tokio::test(start_paused = true)]
async fn an_inquiry_fills_holes_by_time_and_kind_and_claims_nothing_more() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let said = house.talk(400).await;
    let engine = engine(&house, &folder).await;
    let since = MirrorOptions { since: Some(said[350].time()), ..MirrorOptions::default() };
    mirror(&engine, since).await.unwrap();
    let before = here(&engine, &bob()).await.len();
    let asked = Inquiry {
        peers: vec![bob()],
        start: Some(said[100].time()),
        end: Some(said[180].time()),
        ..Inquiry::default()
    };
    let done = engine.inquire(&asked).await.unwrap();
    assert_eq!((done.messages, done.is_cut), (80, false));
    let kept = here(&engine, &bob()).await;
    assert_eq!((&kept[..80], kept.len()), (&said[100..180], before + 80));
    let pictures = Inquiry { kinds: vec![MessageKind::Image], ..asked };
    assert_eq!(engine.inquire(&pictures).await.unwrap().messages, 0, "none of them is a picture");
    let all = all(&engine).await;
    assert!(all.is_complete());
    assert_eq!(here(&engine, &bob()).await, said);
    let everywhere = Inquiry { peers: vec![bob()], kinds: vec![MessageKind::Text], ..Inquiry::default() };
    // The newest millisecond is never claimed: more may come in it.
    assert_eq!(engine.inquire(&everywhere).await.unwrap().messages, 1);
}

//! What a client asks for and how fast: the bytes of attachments, the pace of reads, a list without end.

use std::time::Duration;

use manyou::client::ListCall;
use manyou::domain::{Attachment, Direction, Failure, FailureKind, HistoryQuery};
use serde_json::json;

use crate::client::{Script, Step, page, signed_in};
use crate::house::bob;

/// Asks for a file of `bytes` bytes; gives what came, and with how many requests.
async fn asked(name: &str, bytes: u64, answers: &[&str]) -> (Result<String, FailureKind>, usize) {
    let script = Script::new(answers.iter().map(|body| Step::ok((*body).to_owned())).collect());
    let client = signed_in(&script).await;
    let url = "https://elsewhere.test/o/a/chatfiles/1234-abcd".to_owned();
    let file = client.file(&Attachment { url, secret: "S".to_owned(), name: name.to_owned(), bytes }).await;
    let text = file.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).map_err(|failure: Failure| failure.kind);
    (text, script.sent().len() - 1)
}

#[tokio::test(start_paused = true)]
async fn a_file_has_the_length_the_message_tells_of_or_comes_twice_the_same() {
    let error = json!({"error": "x", "error_description": "try later"}).to_string();
    let portal = "<!DOCTYPE html><title>sign in</title>";
    let came = |text: &str| Ok(text.to_owned());
    assert_eq!(asked("a.txt", 4, &["four"]).await, (came("four"), 1));
    assert_eq!(asked("a.txt", 9, &["four", "four"]).await, (came("four"), 2), "the sender wrote any length");
    assert_eq!(asked("a.txt", 9, &["four", "other"]).await, (Err(FailureKind::BadAnswer), 2));
    for body in [error.as_str(), portal] {
        for bytes in [0, 9] {
            assert_eq!(asked("a.txt", bytes, &[body, body]).await, (Err(FailureKind::BadAnswer), 2), "{body}");
        }
        assert_eq!(asked("a.txt", body.len() as u64, &[body]).await, (came(body), 1), "its length is right");
    }
    assert_eq!(asked("a.txt", 0, &["any"]).await, (came("any"), 1));
    assert_eq!(asked("Page.HTML", 0, &[portal]).await, (came(portal), 1));
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_slow_reads_down_and_good_answers_let_them_go_faster_again() {
    let mut steps = vec![Step::status(429, "{}").with("retry-after", "2")];
    steps.extend((0..120).map(|_| Step::ok(page(&[], "", true).to_string())));
    let script = Script::new(steps);
    let client = signed_in(&script).await;
    let query = HistoryQuery::new(bob(), None, Direction::Up);
    let mut last = tokio::time::Instant::now();
    let mut gaps = Vec::new();
    for _ in 0..120 {
        client.history(&query).await.expect("a page");
        gaps.push(last.elapsed());
        last = tokio::time::Instant::now();
    }
    assert!(gaps[0] >= Duration::from_secs(2), "{:?}", gaps[0]);
    assert!(gaps[1] > Duration::ZERO && gaps[1] < Duration::from_secs(1), "slower: {:?}", gaps[1]);
    assert!(gaps[30] < gaps[1], "faster again: {:?} after {:?}", gaps[30], gaps[1]);
    assert_eq!(gaps[119], Duration::ZERO, "as fast as before");
}

#[tokio::test(start_paused = true)]
async fn a_list_without_end_is_cut_and_said_to_be_incomplete() {
    let part = |from: usize| {
        let entries: Vec<_> = (from..from + 4_000).map(|n| json!({"session_to": format!("user{n}")})).collect();
        Step::ok(json!({"data": {"channel_infos": entries, "cursor": format!("c{from}")}}).to_string())
    };
    let script = Script::new((0..4).map(|n| part(n * 4_000)).collect());
    let client = signed_in(&script).await;
    let list = client.conversations(ListCall::Cursor).await.expect("a list");
    assert_eq!((list.conversations.len(), list.incomplete, script.sent().len()), (10_000, true, 4), "three parts");
}

//! `sync` and `search`: what is mirrored is found without a server.

use serde_json::{Value, json};

use crate::support::Sandbox;

fn records(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

#[test]
fn what_was_mirrored_is_found_without_a_server_and_deletions_reach_it() {
    let words: Vec<String> = (0..120).map(|n| format!("第 {n} 条 退款")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let sandbox = Sandbox::with_faults(&words, json!([]));
    let (code, out, err) = sandbox.run("alice", &["search", "退款", "--ndjson"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(records(&out).last().expect("a trailer")["count"], 0, "nothing is mirrored yet");
    let (code, out, err) = sandbox.run("alice", &["sync", "--ndjson"]);
    assert_eq!(code, 0, "{err}");
    let trailer = records(&out).pop().expect("a trailer");
    assert_eq!((&trailer["complete"], &trailer["messages"]), (&json!(true), &json!(120)));
    let (_, out, _) = sandbox.run("alice", &["search", "款", "--ndjson"]);
    let found = records(&out);
    let trailer = found.last().expect("a trailer");
    assert_eq!((&trailer["count"], &trailer["complete"], &trailer["behind"]), (&json!(120), &json!(true), &json!(0)));
    assert_eq!(found[1]["peer"], "bob");
    let id = found[1]["id"].as_str().expect("an id").to_owned();
    let (_, out, err) = sandbox.run("alice", &["search", "第 7 条", "--in", "bob", "--fields", "text"]);
    assert!(out.lines().all(|line| line.contains("第 7 条")) && out.lines().count() == 1, "{out}{err}");
    let (code, _, err) = sandbox.run("alice", &["delete", "messages", "user:bob", "--ids", &id, "--yes"]);
    assert_eq!(code, 0, "{err}");
    let (_, out, _) = sandbox.run("alice", &["search", "款", "--ndjson"]);
    assert_eq!(records(&out).last().expect("a trailer")["count"], 119);
}

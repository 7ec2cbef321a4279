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

#[test]
fn an_export_is_a_finished_private_file_in_every_format() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_messages(&["第一条", "=1+1 <b>second</b>", "third"]);
    let (code, _, err) = sandbox.run("alice", &["export", "bob", "-o", "x.ndjson"]);
    assert!(code == 1 && err.contains("manyou sync bob"), "{code} {err}");
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let folder = tempfile::tempdir().expect("a folder");
    for ending in ["ndjson", "json", "csv", "md", "txt", "html"] {
        let path = folder.path().join(format!("out.{ending}"));
        let (code, _, err) = sandbox.run("alice", &["export", "--all", "-o", path.to_str().expect("a path")]);
        assert_eq!(code, 0, "{ending}: {err}");
        assert!(err.contains("3 messages of 1 conversation"), "{err}");
        let text = std::fs::read_to_string(&path).expect("written");
        assert!(text.contains("第一条") && text.contains("third"), "{ending}");
        assert_eq!(path.metadata().expect("there").permissions().mode() & 0o777, 0o600, "{ending}");
        assert!(!folder.path().join(format!("out.{ending}.part")).exists());
    }
    let lines = records(&std::fs::read_to_string(folder.path().join("out.ndjson")).expect("written"));
    assert_eq!((lines.len(), &lines[0]["schema"], &lines[4]["complete"]), (5, &json!("manyou.export/1"), &json!(true)));
    let nowhere = folder.path().join("no").join("x.csv");
    let (code, _, err) = sandbox.run("alice", &["export", "bob", "-o", nowhere.to_str().expect("a path")]);
    assert!(code == 1 && err.contains("no/x.csv"), "{code} {err}");
    let (code, out, _) = sandbox.run("alice", &["export", "bob", "-o", "-", "--format", "txt"]);
    assert!(code == 0 && out.contains("second"), "{out}");
    assert_eq!(sandbox.run("alice", &["export", "bob", "-o", "out"]).0, 2);
}

//! `archive`: how it stands, whether it is sound, and what is taken off this disk, all without a server.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Sandbox, objects};

fn mirrored(count: usize) -> Sandbox {
    let words: Vec<String> = (0..count).map(|n| format!("第 {n} 条 退款")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let sandbox = Sandbox::with_messages(&words);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    sandbox
}

fn file(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.home.path().join(".local/share/manyou/archives");
    std::fs::read_dir(&folder).expect("there").next().expect("one").expect("an entry").path()
}

fn document(sandbox: &Sandbox, args: &[&str]) -> (i32, Value) {
    let (code, out, err) = sandbox.run("alice", &[args, &["--json"]].concat());
    (code, serde_json::from_str(&out).expect(&err))
}

#[test]
fn the_status_says_what_is_here_with_and_without_anything() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let (code, out, _) = sandbox.run("alice", &["archive", "status"]);
    assert!(code == 0 && out.contains("nothing is kept yet"), "{code} {out}");
    assert!(!sandbox.home.path().join(".local/share/manyou/archives").exists());
    let sandbox = mirrored(60);
    let (code, status) = document(&sandbox, &["archive", "status"]);
    let (kept, trailer) = (&status["records"][0], &status["trailer"]);
    assert_eq!((code, &status["schema"]), (0, &json!("manyou.archive-status/1")));
    assert_eq!((&kept["peer"], &kept["messages"], &kept["holes"]), (&json!("bob"), &json!(60), &json!(0)));
    assert_eq!(
        (&trailer["messages"], &trailer["behind"], &trailer["keep_days"]),
        (&json!(60), &json!(0), &Value::Null)
    );
    assert!(trailer["bytes"].as_u64().is_some_and(|bytes| bytes > 4_096), "{trailer}");
    let (_, out, _) = sandbox.run("alice", &["archive", "status", "--lang", "zh"]);
    assert!(out.contains("60 条消息") && out.contains("没有缺失"), "{out}");
}

#[test]
fn a_purge_is_shown_first_and_happens_only_when_agreed_to() {
    let sandbox = mirrored(60);
    let (code, out, err) = sandbox.run("alice", &["archive", "purge", "--conversation", "bob"]);
    assert!(code == 4 && out.contains("bob: all 60 messages") && err.contains("--yes"), "{code} {out}{err}");
    let (code, out, _) = sandbox.run("alice", &["archive", "purge", "--all", "--dry-run"]);
    assert!(code == 0 && out.contains("60 messages of 1 conversation go"), "{code} {out}");
    let (code, _, err) = sandbox.run("alice", &["archive", "purge", "--all", "--ndjson"]);
    assert!(code == 4 && objects(&err)[0]["code"] == "confirmation-needed", "{code} {err}");
    assert_eq!(document(&sandbox, &["archive", "status"]).1["trailer"]["messages"], 60);
    let (code, done) = document(&sandbox, &["archive", "purge", "--conversation", "bob", "--yes"]);
    assert_eq!((code, &done["trailer"]["purged"], &done["records"][0]["whole"]), (0, &json!(60), &json!(true)));
    let bytes = std::fs::read(file(&sandbox)).expect("there");
    assert!(!bytes.windows(6).any(|window| window == "退款".as_bytes()));
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    assert_eq!(document(&sandbox, &["archive", "status"]).1["trailer"]["messages"], 60, "it can be fetched again");
}

#[test]
fn a_purge_by_age_takes_what_is_older_and_refuses_what_says_nothing() {
    let sandbox = mirrored(3);
    for wrong in [
        &["archive", "purge"][..],
        &["archive", "purge", "--all", "--conversation", "bob"],
        &["archive", "purge", "--older-than", "90"],
        &["archive", "purge", "--older-than", "soon"],
        &["archive", "purge", "--before", "2099-01-01"],
        &["archive", "purge", "--older-than", "1d", "--before", "yesterday"],
    ] {
        let (code, out, err) = sandbox.run("alice", wrong);
        assert!(code == 2 && out.is_empty() && !err.is_empty(), "{wrong:?}: {code} {out}{err}");
    }
    let (code, out, _) = sandbox.run("alice", &["archive", "purge", "--older-than", "90d"]);
    assert!(code == 0 && out.contains("Nothing of this"), "{code} {out}");
    let (code, done) = document(&sandbox, &["archive", "purge", "--older-than", "0h", "--yes"]);
    assert_eq!((code, &done["trailer"]["purged"]), (0, &json!(3)));
}

#[test]
fn verifying_finds_what_is_wrong_and_mends_the_index() {
    let sandbox = mirrored(9);
    let (code, out, err) = sandbox.run("alice", &["archive", "verify"]);
    assert!(code == 0 && out.is_empty() && err.contains("9 messages") && err.contains("sound"), "{code} {out}{err}");
    let db = rusqlite::Connection::open(file(&sandbox)).expect("opens");
    db.execute_batch("INSERT INTO search (search) VALUES ('delete-all')").expect("broken");
    let (code, found) = document(&sandbox, &["archive", "verify"]);
    let record = &found["records"][0];
    assert_eq!((code, &record["what"], &record["mended"]), (0, &json!("index"), &json!(true)));
    assert_eq!(document(&sandbox, &["archive", "verify"]).1["records"], json!([]));
    assert!(sandbox.run("alice", &["search", "退款"]).1.lines().count() == 9);
    db.execute_batch("UPDATE messages SET kind = 9 WHERE key = (SELECT max(key) FROM messages)").expect("broken");
    let (code, out, err) = sandbox.run("alice", &["archive", "verify", "--lang", "zh"]);
    assert!(code == 1 && out.contains("1 条消息登记的") && err.contains("并非全部完好"), "{code} {out}{err}");
}

#[test]
fn compacting_says_before_and_after() {
    let sandbox = mirrored(120);
    assert_eq!(sandbox.run("alice", &["archive", "purge", "--all", "--yes"]).0, 0);
    let (code, done) = document(&sandbox, &["archive", "compact"]);
    let of = |key: &str| done["trailer"][key].as_u64().expect("a number");
    assert!(code == 0 && of("bytes_after") < of("bytes_before"), "{done}");
    assert_eq!(of("bytes_after"), std::fs::metadata(file(&sandbox)).expect("there").len());
    let (code, out, _) = sandbox.run("alice", &["archive", "compact"]);
    assert!(code == 0 && out.contains("before") && out.contains("now"), "{out}");
}

#[test]
fn what_is_older_than_the_configuration_keeps_goes_and_is_not_fetched_again() {
    let sandbox = Sandbox::filled(&["old one", "old two"], &["--now", "2020-05-01T12:00:00Z"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let messages = || document(&sandbox, &["archive", "status"]).1["trailer"]["messages"].clone();
    assert_eq!(messages(), 2);
    let config = sandbox.home.path().join(".config/manyou/config.toml");
    std::fs::create_dir_all(config.parent().expect("a folder")).expect("made");
    std::fs::write(&config, "[archive]\nkeep_days = 30\n").expect("written");
    let (code, out, _) = sandbox.run("alice", &["archive", "status"]);
    assert!(code == 0 && out.contains("older than 30 days"), "{out}");
    for _ in 0..2 {
        assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
        assert_eq!(messages(), 0);
    }
}

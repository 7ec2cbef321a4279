//! `sync`: what it says at its end, and going on until it is stopped.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::Sandbox;

fn trailer(out: &str) -> Value {
    serde_json::from_str(out.lines().last().expect("a line")).expect("an object")
}

#[test]
fn the_end_says_what_is_here_and_what_was_new() {
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    let (code, out, err) = sandbox.run("alice", &["sync"]);
    assert_eq!((code, err.trim()), (0, "3 messages here; 3 new, 0 changed, 0 gone; 1 of 1 conversations complete"));
    assert!(out.contains("bob") && out.contains("3 new") && out.contains("complete"), "{out}");
    let (_, out, _) = sandbox.run("alice", &["sync"]);
    assert!(out.contains("0 new"), "what was read again is not new: {out}");
    let (_, out, _) = sandbox.run("alice", &["sync", "bob", "--verify", "--rate", "50", "--ndjson"]);
    let end = trailer(&out);
    assert_eq!((&end["messages"], &end["new"], &end["complete"]), (&json!(3), &json!(0), &json!(true)));
}

#[test]
fn what_cannot_be_read_is_named_with_its_reason() {
    let faults = json!([{"route": "POST /users/*/messageroaming", "status": 400, "body": "{\"error\":\"no\"}"}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    let (code, out, _) = sandbox.run("alice", &["sync", "--ndjson"]);
    assert_eq!((code, &trailer(&out)["complete"]), (1, &json!(false)), "{out}");
    assert!(out.contains("\"failure\":\""), "{out}");
}

#[test]
fn watching_goes_on_until_it_is_interrupted() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let mut command = sandbox.command("alice");
    command.args(["sync", "--watch", "--every", "15s"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("runs");
    let told = BufReader::new(child.stderr.take().expect("piped"));
    let line = told.lines().map_while(Result::ok).find(|line| line.contains("looking for new messages"));
    assert!(line.is_some_and(|line| line.contains("15 s")));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    assert_eq!(sandbox.run("alice", &["search", "one"]).0, 0);
}

#[test]
fn files_come_once_under_safe_names_and_expired_ones_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_messages(&["one"]);
    let (id, secret) = sandbox.upload("alice", b"\xef\xbb\xbf<svg>bytes as they are</svg>");
    let send = |url: String, name: &str| {
        let body = json!({"url": url, "filename": name, "secret": secret, "file_length": 31});
        sandbox.admin("/messages/users", json!({"from": "bob", "to": ["alice"], "type": "file", "body": body}));
    };
    // Whatever host a sender writes, only ours is asked.
    send(format!("https://evil.example.test/o/a/chatfiles/{id}"), "../../.ssh/authorized_keys");
    send(format!("{}/o/a/chatfiles/00000000-gone", sandbox.word("api")), "gone.txt");
    send("file:///etc/passwd".to_owned(), "passwd");
    let run = || {
        let (code, out, err) = sandbox.run("alice", &["sync", "--attachments", "--ndjson"]);
        assert_eq!(code, 0, "{err}");
        let end = trailer(&out);
        (end["files"].as_u64(), end["expired"].as_u64())
    };
    assert_eq!(run(), (Some(1), Some(1)));
    let archives = sandbox.home.path().join(".local/share/manyou/archives");
    let folder = std::fs::read_dir(&archives).expect("archives").flatten().map(|e| e.path());
    let folder = folder.into_iter().find(|path| path.extension().is_some_and(|e| e == "files")).expect("a folder");
    let file = folder.join("bob/authorized_keys");
    assert_eq!(std::fs::read(&file).expect("downloaded"), b"\xef\xbb\xbf<svg>bytes as they are</svg>");
    let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(&folder), mode(&folder.join("bob"))), (0o600, 0o700, 0o700));
    let manifest = std::fs::read_to_string(folder.join("manifest.ndjson")).expect("a manifest");
    assert!(manifest.contains("\"sha256\":\"") && !manifest.contains(&secret), "{manifest}");
    assert_eq!(run(), (Some(1), Some(1)));
    assert_eq!(std::fs::read_dir(folder.join("bob")).expect("there").count(), 1, "each once, and no part of one");
    // A line torn within a sign takes neither those before nor the one after it.
    let manifest = folder.join("manifest.ndjson");
    let torn = [b"{\"file\":\"x\",\"path\":\"\xe4\xbd\n".as_slice(), &std::fs::read(&manifest).expect("it")].concat();
    std::fs::write(&manifest, [&torn[..], b"{\"file\":\"y\",\"pa"].concat()).expect("written");
    let (other, secret) = sandbox.upload("alice", b"another");
    let body = json!({"url": format!("{}/o/a/chatfiles/{other}", sandbox.word("api")), "filename": "b.txt",
                      "secret": secret, "file_length": 7});
    sandbox.admin("/messages/users", json!({"from": "bob", "to": ["alice"], "type": "file", "body": body}));
    assert_eq!((run(), run()), ((Some(2), Some(1)), (Some(2), Some(1))));
    assert_eq!(std::fs::read_dir(folder.join("bob")).expect("there").count(), 2, "none was asked for again");
}

#[test]
fn who_is_not_known_to_anybody_is_an_error_and_names_stand_beside_ids() {
    let sandbox = Sandbox::with_messages(&["one"]);
    sandbox.admin("/users", json!([{"username": "dave", "password": "pw", "nickname": "David 李"}]));
    let body = json!({"from": "dave", "to": ["alice"], "type": "txt", "body": {"msg": "hi"}});
    sandbox.admin("/messages/users", body);
    let (code, out, err) = sandbox.run("alice", &["sync", "nobody", "bob"]);
    assert!(code == 1 && out.is_empty() && err.contains("nobody"), "{code} {out}{err}");
    let (code, out, err) = sandbox.run("alice", &["sync", "bob", "user:bob"]);
    assert!(code == 0 && out.lines().count() == 1 && out.starts_with("bob "), "{code} {out}{err}");
    let (code, out, err) = sandbox.run("alice", &["sync", "dave"]);
    assert!(code == 0 && out.starts_with("David 李 (dave)"), "{code} {out}{err}");
    // What is kept is known, even when the server has no more of it.
    let ids = sandbox.ids().join(",");
    let elsewhere = tempfile::tempdir().expect("a home");
    let mut command = sandbox.command("alice");
    command.env("HOME", elsewhere.path()).args(["delete", "messages", "bob", "--yes", "--ids", &ids]);
    assert!(command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("runs").success());
    assert_eq!(sandbox.run("alice", &["sync", "user:bob"]).0, 0);
}

#[test]
fn watching_prints_no_single_document_and_says_that_it_is_slower_than_asked() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let (code, out, err) = sandbox.run("alice", &["sync", "--watch", "--json"]);
    assert!(code == 2 && out.is_empty() && err.contains("--ndjson"), "{code} {out}{err}");
    let mut command = sandbox.command("alice");
    command.args(["sync", "--watch", "--every", "3s", "--ndjson"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("runs");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let told: Vec<Value> =
        lines.map_while(Result::ok).take(3).map(|line| serde_json::from_str(&line).expect("an object")).collect();
    assert_eq!(told[2]["round"]["new"], 1, "{told:?}");
    let said = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
    let said = said.into_iter().find(|line| line.contains("every 3 s"));
    assert!(said.is_some_and(|line| line.contains("every 15 s")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    assert_eq!(child.wait().expect("ended").code(), Some(130));
}

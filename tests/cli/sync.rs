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
    assert!(out.contains("bob") && out.contains("complete"), "{out}");
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
        let body = json!({"url": url, "filename": name, "secret": secret, "file_length": 33});
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

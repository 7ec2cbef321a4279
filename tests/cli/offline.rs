//! `--offline`: what is on this disk answers, and nobody is connected to.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{Sandbox, bare, objects};

/// An address where somebody listens, and whether anybody came.
struct Ear(TcpListener);

impl Ear {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("does not wait");
        Self(listener)
    }

    fn api(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }

    fn callers(&self) -> usize {
        std::iter::from_fn(|| self.0.accept().ok()).count()
    }
}

/// Lines of an hourly history file: `n` messages between bob and alice, a minute apart.
pub(crate) fn hourly(n: u64) -> String {
    let line = |i: u64| {
        let (from, to) = if i.is_multiple_of(2) { ("bob", "alice") } else { ("alice", "bob") };
        json!({"msg_id": (1_213_049_947_239_219_200 + ((i * 60_000) << 22)).to_string(), "timestamp": 1_700_000_000_000_i64 + i as i64 * 60_000,
               "direction": "outgoing", "from": from, "to": to, "chat_type": "chat",
               "payload": {"bodies": [{"type": "txt", "msg": format!("hourly {i}")}], "ext": {}, "from": from, "to": to}})
    };
    (0..n).map(|i| line(i).to_string() + "\n").collect()
}

#[test]
fn nobody_is_connected_to_whatever_is_asked() {
    let (ear, home) = (Ear::new(), tempfile::tempdir().expect("home"));
    let file = home.path().join("2023111422");
    std::fs::write(&file, hourly(130)).expect("written");
    let out_file = home.path().join("x.ndjson");
    let (file, out_file) = (file.to_str().expect("a path"), out_file.to_str().expect("a path"));
    let run = |args: &[&str]| {
        let mut command = bare(home.path());
        command.args(["--offline", "--api", &ear.api(), "--app-key", "o#a", "--user", "alice"]).args(args);
        let output = command.output().expect("runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
    };
    assert_eq!(run(&["import", file]).0, 0);
    let (code, out, err) = run(&["list"]);
    assert!(code == 0 && out.is_empty() && err.contains("no list"), "{code} {out} {err}");
    let texts = |out: &str| -> Vec<String> {
        objects(out).iter().filter_map(|line| line["body"]["text"].as_str().map(str::to_owned)).collect()
    };
    let (code, out, err) = run(&["history", "bob", "--all", "--ndjson"]);
    assert_eq!(code, 7, "a file tells nothing of what is around its messages: {err}");
    let all: Vec<String> = (0..130).rev().map(|i| format!("hourly {i}")).collect();
    assert_eq!(texts(&out), all);
    let (code, out, _) = run(&["history", "bob", "--limit", "2", "--direction", "down", "--ndjson"]);
    assert_eq!((code, texts(&out)), (0, vec!["hourly 0".to_owned(), "hourly 1".to_owned()]));
    let cursor = objects(&out).pop().expect("a trailer")["cursor"].as_str().expect("goes on").to_owned();
    let (_, out, _) = run(&["history", "bob", "--limit", "1", "--direction", "down", "--cursor", &cursor, "--ndjson"]);
    assert_eq!(texts(&out), ["hourly 2"]);
    let (code, out, _) =
        run(&["history", "bob", "--all", "--sender", "bob", "--from", "2023-11-15T00:00Z", "--ndjson"]);
    assert!(code != 0 || !texts(&out).is_empty());
    let (code, out, _) = run(&["show", "bob", &cursor, "--ndjson"]);
    assert!(code == 0 && out.contains("hourly 1"), "{out}");
    assert!(run(&["search", "hourly"]).1.contains("hourly 3"));
    assert_eq!(run(&["export", "--all", "-o", out_file]).0, 0);
    for refused in [&["sync"][..], &["login"], &["delete", "messages", "user:bob", "--ids", &cursor, "--yes"]] {
        let (code, _, err) = run(refused);
        assert!(code == 2 && err.contains("--offline"), "{refused:?}: {code} {err}");
    }
    assert_eq!(ear.callers(), 0);
}

#[test]
fn the_list_and_the_history_are_those_of_the_last_time() {
    let sandbox = Sandbox::with_messages(&["one", "two"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let (code, out, err) = sandbox.run("alice", &["--offline", "list", "--ndjson"]);
    assert_eq!(code, 0, "{err}");
    let lines = objects(&out);
    assert_eq!((&lines[0]["scope"]["source"], &lines[1]["peer"]), (&json!("archive"), &json!("bob")), "{out}");
    let (code, out, err) = sandbox.run("alice", &["--offline", "history", "bob", "--all", "--ndjson"]);
    let trailer: Value = objects(&out).pop().expect("a trailer");
    assert_eq!((code, &trailer["count"], &trailer["complete"]), (0, &json!(2), &json!(true)), "{out}{err}");
}

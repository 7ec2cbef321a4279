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

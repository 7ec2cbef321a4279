//! `delete`: what is asked first, what is sent, what is said when it goes wrong.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use bytes::Bytes;
use manyou::domain::{Body, ChatType, Message};
use manyou::wire::{message, pb};
use prost::Message as _;
use serde_json::{Value, json};

use crate::support::{Sandbox, bare, objects};

#[test]
fn nothing_is_deleted_before_yes_and_exactly_the_plan_after_it() {
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    let ids = sandbox.ids();
    let delete = ["delete", "messages", "bob", "--ids", &ids[0], "--ndjson"];
    assert_eq!(sandbox.run("alice", &delete).0, 4);
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--dry-run"]].concat()).0, 0);
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--yes", "--expect", "2"]].concat()).0, 8);
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--yes", "--read-only"]].concat()).0, 12);
    assert_eq!(sandbox.ids().len(), 3);
    let report = sandbox.lines(&[&delete[..], &["--yes", "--expect", "1"]].concat());
    assert_eq!((report[1]["id"].as_str(), report[1]["confirmed"].as_bool()), (Some(ids[0].as_str()), Some(true)));
    assert_eq!(sandbox.ids().len(), 2);
}

#[test]
fn times_that_are_none_or_not_past_are_refused_with_2() {
    let sandbox = Sandbox::with_messages(&["one"]);
    for time in ["", "none", "now", "2999-01-01"] {
        let (code, _, err) = sandbox.run("alice", &["delete", "before", "bob", time, "--yes"]);
        assert_eq!(code, 2, "{time}: {err}");
    }
}

#[test]
fn a_time_stands_for_the_newest_message_at_or_before_it() {
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    let newest = sandbox.lines(&["history", "bob", "--limit", "1", "--ndjson"]).swap_remove(1);
    let delete = ["delete", "before", "bob", &newest["time"].to_string(), "--ndjson"];
    let (code, plan, _) = sandbox.run("alice", &delete);
    let plan: Value = serde_json::from_str(plan.lines().next().expect("header")).expect("object");
    assert_eq!((code, &plan["scope"]["newest"], &plan["scope"]["count"]), (4, &newest["id"], &json!(3)));
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--yes", "--expect", "3"]].concat()).0, 0);
    assert_eq!(sandbox.lines(&["history", "bob", "--all", "--ndjson"]).len(), 2);
}

#[test]
fn what_was_deleted_before_a_refusal_is_reported_with_7() {
    let faults = json!([{"route": "DELETE /sdk/message/roaming/chat/user/*", "skip": 1, "status": 403, "body": "{}"}]);
    let texts: Vec<String> = (0..25).map(|n| format!("message {n}")).collect();
    let sandbox = Sandbox::with_faults(&texts.iter().map(String::as_str).collect::<Vec<_>>(), faults);
    let ids = sandbox.ids().join(",");
    let (code, out, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &ids, "--yes", "--ndjson"]);
    assert_eq!(code, 7, "{err}");
    let trailer = objects(&out).pop().expect("trailer");
    assert_eq!((trailer["confirmed"].as_u64(), trailer["complete"].as_bool()), (Some(20), Some(false)));
}

#[test]
fn a_deletion_without_a_usable_answer_ends_with_11() {
    let faults = json!([{"route": "DELETE /sdk/message/roaming/chat/user/*", "cut": true}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    let id = sandbox.ids().remove(0);
    let delete = ["delete", "messages", "bob", "--ids", &id, "--yes", "--ndjson"];
    let (code, out, err) = sandbox.run("alice", &delete);
    assert_eq!((code, objects(&out)[1]["outcome"].as_str()), (11, Some("unknown")), "{err}");
}

#[test]
fn nothing_leaves_a_session_on_behalf_and_the_reason_is_said() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let id = sandbox.ids().remove(0);
    for (lang, words) in [("en", "on behalf of alice"), ("zh", "代表 alice")] {
        let mut command = sandbox.command("alice");
        command.args(["--on-behalf", "--client-id", sandbox.word("client_id"), "--lang", lang]);
        command.env("MANYOU_CLIENT_SECRET", sandbox.word("client_secret"));
        let output = command.args(["delete", "messages", "bob", "--ids", &id, "--yes"]).output().expect("runs");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(12), "{err}");
        assert!(err.contains(words), "{err}");
    }
    assert_eq!(sandbox.ids().len(), 1);
}

#[test]
fn a_sign_in_that_answers_as_somebody_else_ends_with_14() {
    let answer = json!({"access_token": "t", "expires_in": 3600, "user": {"username": "bob"}}).to_string();
    // The first three tokens are the ones this test fills the sandbox with.
    let faults = json!([{"route": "POST /token", "skip": 3, "body": answer}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    sandbox.admin("/users", json!([{"username": "carol", "password": "pw"}]));
    let (code, _, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", "1", "--yes"]);
    assert_eq!(code, 14, "{err}");
}

/// A page of one message from bob, at `time`.
fn page(id: u64, time: u64) -> String {
    let text = Message {
        chat_type: ChatType::Single,
        body: Body::Text { text: "hi".into(), stream: None },
        ..message::damaged(Bytes::new(), String::new())
    };
    let name = |n: &'static str| Some(pb::Jid { name: Some(Bytes::from_static(n.as_bytes())), ..Default::default() });
    let meta = pb::Meta {
        id: Some(id),
        from: name("bob"),
        to: name("alice"),
        timestamp: Some(time),
        ns: Some(1),
        payload: Some(message::encode_body(&text).encode_to_vec().into()),
        ..Default::default()
    };
    let entry = json!({"msg": message::encode_entry(&meta.encode_to_vec())});
    json!({"data": {"msgs": [entry], "next_key": "", "is_last": true}}).to_string()
}

#[test]
fn a_cut_off_that_would_take_a_later_message_of_its_millisecond_is_refused() {
    let route = "POST /users/*/messageroaming";
    let time = 1_700_000_000_000;
    let faults = json!([
        {"route": route, "count": 1, "body": page(1_213_049_947_239_219_200, time)},
        {"route": route, "skip": 1, "body": page(1_213_049_947_239_219_299, time)},
    ]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    let delete = ["delete", "before", "user:bob", "1700000000000", "--yes", "--lang", "en"];
    let (code, _, err) = sandbox.run("alice", &delete);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("1213049947239219299 would go too") && err.contains("1213049947239219200"), "{err}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_deletion_reports_what_is_known_and_ends_with_130() {
    let faults = json!([{"route": "DELETE /sdk/message/roaming/chat/user/*", "delay_ms": 600_000}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    let id = sandbox.ids().remove(0);
    let mut command = sandbox.command("alice");
    command.args(["delete", "messages", "user:bob", "--ids", &id, "--yes", "--ndjson"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert!(lines.next().is_some_and(|header| header.is_ok()), "the header comes before the request");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    let record: Value = serde_json::from_str(&lines.next().expect("a record").expect("read")).expect("object");
    assert_eq!((child.wait().expect("ended").code(), record["outcome"].as_str()), (Some(130), Some("unknown")));
}

#[test]
fn a_chat_room_has_no_entry_to_delete_and_nothing_is_sent() {
    let home = tempfile::tempdir().expect("home");
    // No connection is given: the refusal comes before one is looked for.
    let output = bare(home.path()).args(["delete", "conversation", "room:1", "--yes"]).output().expect("runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && err.contains("chat room has no conversation entry"), "{err}");
}

#[test]
fn a_plan_of_ids_shows_what_the_history_has_and_the_report_claims_only_an_answer() {
    let sandbox = Sandbox::with_messages(&["first words", "two"]);
    let id = sandbox.ids().remove(0);
    let ids = format!("{id},77");
    let delete = ["delete", "messages", "bob", "--ids", &ids];
    let (code, plan, _) = sandbox.run("alice", &delete);
    assert_eq!(code, 4);
    assert!(plan.contains("bob  first words") && plan.contains("77  not in this history"), "{plan}");
    let (_, plan, _) = sandbox.run("alice", &[&delete[..], &["--ndjson"]].concat());
    assert_eq!(objects(&plan)[0]["scope"]["found"], json!([id]));
    for (lang, words) in [("en", "1 sent, the server confirmed"), ("zh", "已发送 1 条，服务器已确认")] {
        let (code, _, err) =
            sandbox.run("alice", &["delete", "messages", "bob", "--ids", &id, "--yes", "--lang", lang]);
        assert!(code == 0 && err.contains(words), "{err}");
    }
}

#[test]
fn a_plan_without_ids_says_the_count_that_expect_wants() {
    let sandbox = Sandbox::with_messages(&["one", "two"]);
    let time = sandbox.lines(&["history", "bob", "--limit", "1", "--ndjson"])[1]["time"].to_string();
    for what in [&["delete", "conversation", "bob", "--with-history"][..], &["delete", "before", "bob", &time]] {
        let (_, plan, err) = sandbox.run("alice", what);
        assert!(plan.contains("--expect 2"), "{plan}{err}");
    }
}

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
    assert!(plan.contains("bob  first words") && plan.contains("77                    not in this history"), "{plan}");
    let (_, plan, _) = sandbox.run("alice", &[&delete[..], &["--ndjson"]].concat());
    assert_eq!(objects(&plan)[0]["scope"]["found"], json!([id]));
    let other = sandbox.ids().remove(1);
    for (lang, id, words) in [("en", &id, "1 sent, the server confirmed"), ("zh", &other, "已发送 1 条，服务器已确认")]
    {
        let (code, _, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", id, "--yes", "--lang", lang]);
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

#[test]
fn a_secret_and_ids_cannot_both_come_from_standard_input_and_nothing_of_it_is_echoed() {
    let sandbox = Sandbox::with_messages(&["one"]);
    for flag in ["--password-stdin", "--token-stdin"] {
        let output = sandbox.typed(&["delete", "messages", "user:bob", "--ids", "-", flag], "sesame\n1\n");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && !err.contains("sesame") && err.contains("nothing was read"),
            "{err}"
        );
    }
    let output = sandbox.typed(&["delete", "messages", "user:bob", "--ids", "-", "--lang", "en"], "1\nsesame\n");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && !err.contains("sesame") && err.contains("line 2"), "{err}");
}

#[test]
fn an_unknown_outcome_says_its_own_exit_and_never_to_try_again() {
    let faults = json!([{"route": "DELETE /sdk/message/roaming/chat/user/*", "status": 500, "body": "{}"}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    let id = sandbox.ids().remove(0);
    let delete = ["delete", "messages", "bob", "--ids", &id, "--yes", "--lang", "en"];
    let (code, _, err) = sandbox.run("alice", &[&delete[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&err).expect("one object");
    assert_eq!((code, &told["exit"], &told["retryable"]), (11, &json!(11), &json!(false)), "{err}");
    assert!(told["hint"].as_str().is_some_and(|hint| hint.contains("Read the conversation again")), "{err}");
    let (code, _, err) = sandbox.run("alice", &delete);
    assert!(code == 11 && !err.contains("try again") && !err.contains("nothing loaded was lost"), "{err}");
    assert!(err.contains("Read the conversation again"), "{err}");
}

#[test]
fn the_exit_of_an_error_object_is_what_the_process_ends_with() {
    let faults = json!([{"route": "DELETE /sdk/message/roaming/chat/user/*", "skip": 1, "status": 403, "body": "{}"}]);
    let texts: Vec<String> = (0..25).map(|n| format!("message {n}")).collect();
    let sandbox = Sandbox::with_faults(&texts.iter().map(String::as_str).collect::<Vec<_>>(), faults);
    let ids = sandbox.ids().join(",");
    let (code, _, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &ids, "--yes", "--json"]);
    let told: Value = serde_json::from_str(&err).expect("one object");
    assert_eq!((code, &told["exit"]), (7, &json!(7)), "{err}");
}

#[test]
fn an_id_that_was_not_there_is_never_reported_as_confirmed() {
    let sandbox = Sandbox::with_messages(&["one", "two"]);
    let id = sandbox.ids().remove(0);
    let ids = format!("{id},77");
    let delete = ["delete", "messages", "bob", "--ids", &ids, "--yes", "--lang", "en"];
    let (code, out, err) = sandbox.run("alice", &[&delete[..], &["--ndjson"]].concat());
    let lines = objects(&out);
    assert_eq!((code, &lines[0]["scope"]["ids"]), (7, &json!([id, "77"])), "{err}");
    assert_eq!((&lines[1]["outcome"], &lines[1]["found"]), (&json!("confirmed"), &json!(true)));
    assert_eq!(
        (&lines[2]["outcome"], &lines[2]["confirmed"], &lines[2]["sent"], &lines[2]["found"]),
        (&json!("not-found"), &json!(false), &json!(true), &json!(false))
    );
    let trailer = &lines[3];
    assert_eq!((&trailer["confirmed"], &trailer["not_found"]), (&json!(1), &json!(1)));
    let (code, out, err) = sandbox.run("alice", &delete);
    assert!(code == 7 && out.contains("not in this history when the plan was made"), "{out}{err}");
    assert!(err.contains("2 of them were not in this history"), "{err}");
}

#[test]
fn a_message_that_was_imported_with_an_old_time_is_found_by_its_new_id() {
    let sandbox = Sandbox::with_messages(&["one", "two"]);
    let body = json!({"from": "bob", "target": "alice", "type": "txt", "body": {"msg": "from long ago"}, "msg_timestamp": 1_600_000_000_000_i64});
    let answer = sandbox.admin("/messages/users/import", body);
    let id = answer["data"]["msg_id"].as_str().expect("id").to_owned();
    let (_, plan, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &id, "--ndjson"]);
    assert_eq!(objects(&plan)[0]["scope"]["found"], json!([id]), "{err}");
}

#[test]
fn a_plan_of_many_ids_shows_them_all_and_says_which_were_not_looked_up() {
    let texts: Vec<String> = (0..65).map(|n| format!("message {n}")).collect();
    let sandbox = Sandbox::with_messages(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let ids = sandbox.ids().join(",");
    let (code, plan, _) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &ids]);
    assert!(code == 4 && (0..65).all(|n| plan.contains(&format!("bob  message {n}"))), "{plan}");
    // Each of these costs three requests, which are more than a plan may take.
    let strangers = (1..=30).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let delete = ["delete", "messages", "bob", "--ids", &strangers, "--lang", "en"];
    let (_, plan, _) = sandbox.run("alice", &delete);
    assert!(plan.contains("not looked up") && plan.contains("not in this history"), "{plan}");
    let (_, plan, _) = sandbox.run("alice", &[&delete[..], &["--ndjson"]].concat());
    let lines = objects(&plan);
    let scope = &lines[0]["scope"];
    let of = |key: &str| scope[key].as_array().map_or(0, Vec::len);
    assert!(of("not_found") > 0 && of("not_looked_up") > 0, "{scope}");
    assert_eq!(of("found") + of("not_found") + of("not_looked_up"), 30);
    assert!(lines[1..31].iter().all(|line| line["id"].is_string() && line.get("found").is_some()));
}

#[test]
fn what_needs_confirmation_is_an_object_too() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let id = sandbox.ids().remove(0);
    let (code, _, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &id, "--json"]);
    let told: Value = serde_json::from_str(&err).expect("one object");
    assert_eq!((code, &told["code"], &told["exit"]), (4, &json!("confirmation-needed"), &json!(4)));
}

#[test]
fn a_count_that_broke_off_is_not_called_complete() {
    let page = json!({"data": {"msgs": [], "next_key": "7", "is_last": false}}).to_string();
    let sandbox = Sandbox::with_faults(&["one"], json!([{"route": "POST /users/*/messageroaming", "body": page}]));
    let delete = ["delete", "conversation", "bob", "--with-history", "--ndjson", "--dry-run"];
    let (code, plan, err) = sandbox.run("alice", &delete);
    let lines = objects(&plan);
    assert_eq!(
        (code, &lines[0]["scope"]["at_least"], &lines[1]["complete"]),
        (0, &json!(true), &json!(false)),
        "{err}"
    );
}

#[test]
fn what_the_server_deleted_and_this_disk_keeps_is_told_with_7() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let ids = sandbox.ids();
    let folder = sandbox.home.path().join(".local/share/manyou/archives");
    let is_archive = |path: &std::path::PathBuf| path.extension().is_some_and(|ending| ending == "db");
    let found = std::fs::read_dir(&folder).expect("there").map(|entry| entry.expect("an entry").path());
    let archive = found.into_iter().find(is_archive).expect("an archive");
    let aside = archive.with_extension("moved");
    std::fs::rename(&archive, &aside).expect("moved");
    symlink(&aside, &archive).expect("linked");
    let delete = |id: &str, more: &[&str]| {
        sandbox.run("alice", &[&["delete", "messages", "user:bob", "--ids", id, "--yes"], more].concat())
    };
    let (code, _, err) = delete(&ids[0], &[]);
    assert!(code == 7 && err.contains("still stands in the archive") && err.contains("--verify"), "{code} {err}");
    assert!(err.contains("the server confirmed"), "{err}");
    let (code, out, err) = delete(&ids[1], &["--ndjson"]);
    let end = objects(&out).pop().expect("a trailer");
    assert_eq!((code, &end["confirmed"], &end["kept_here"]), (7, &json!(1), &json!("local")), "{err}");
    let told: Value = serde_json::from_str(err.trim()).expect("one object");
    assert_eq!((&told["exit"], &told["retryable"]), (&json!(7), &json!(true)));
    std::fs::remove_file(&archive).expect("removed");
    std::fs::rename(&aside, &archive).expect("moved back");
    assert_eq!(sandbox.run("alice", &["search", "one"]).1.lines().count(), 1, "it stands here");
    // Given again, the command takes it out.
    assert_eq!(delete(&ids[0], &[]).0, 7, "the server has it no more");
    assert_eq!(sandbox.run("alice", &["search", "one"]).1.lines().count(), 0);
}

//! `list`, `history` and `show`: columns, objects, what ends early.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Sandbox, bare, objects};

#[test]
fn a_list_needs_no_certificate_store_and_tells_what_it_holds() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let lines = sandbox.lines(&["list", "--ndjson"]);
    assert_eq!(lines[0]["schema"], "manyou.list/1");
    assert_eq!(lines[1]["peer"], "bob");
    assert_eq!(lines.last().expect("trailer")["complete"], true);
}

#[test]
fn the_demo_is_listed_and_read_without_a_certificate_store_and_cannot_act_on_a_terminal() {
    let sandbox = Sandbox::start(&["--demo"]);
    let agent = &sandbox.ready["users"][0];
    let text = |key: &str| agent[key].as_str().expect("text").to_owned();
    let run = |args: &[&str]| {
        let mut command = sandbox.command(&text("user_id"));
        let output = command.env("MANYOU_PASSWORD", text("password")).args(args).output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let listed: Vec<Value> = objects(&run(&["list", "--ndjson"]));
    let peers: Vec<&str> = listed.iter().filter_map(|line| line["peer"].as_str()).collect();
    assert!(peers.len() > 20 && listed.iter().any(|line| line["name"].is_string()));
    let list = run(&["list"]);
    assert_eq!(list.lines().count(), peers.len());
    let shown = peers.iter().take(12).map(|peer| run(&["history", peer])).collect::<String>() + &list;
    assert!(shown.chars().all(|c| c == '\n' || manyou::text::printable(c)));
}

#[test]
fn history_goes_on_where_the_trailer_says() {
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    let first = sandbox.lines(&["history", "bob", "--direction", "down", "--limit", "2", "--ndjson"]);
    let texts = |lines: &[Value]| {
        lines.iter().filter_map(|l| l["body"]["text"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(texts(&first), ["one", "two"]);
    assert!(first[1]["id"].is_string() && first[1]["time"].is_i64() && first[1]["time_utc"].is_string());
    let trailer = first.last().expect("trailer");
    assert_eq!(trailer["complete"], false);
    let cursor = trailer["cursor"].as_str().expect("cursor");
    let rest = sandbox.lines(&["history", "bob", "--direction", "down", "--cursor", cursor, "--all", "--ndjson"]);
    assert_eq!(texts(&rest), ["three"]);
    assert_eq!(rest.last().expect("trailer")["complete"], true);
}

#[test]
fn page_sizes_outside_1_to_50_end_with_2_and_say_the_range() {
    let home = tempfile::tempdir().expect("home");
    for size in ["0", "51"] {
        let output = bare(home.path()).args(["history", "bob", "--page-size", size]).output().expect("runs");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("1 to 50"));
    }
}

#[test]
fn hostile_texts_reach_a_pipe_without_control_characters() {
    let sandbox = Sandbox::with_messages(&["\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}x"]);
    let (code, out, _) = sandbox.run("alice", &["history", "bob", "--plain"]);
    assert_eq!(code, 0);
    assert!(out.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{out:?}");
}

#[test]
fn a_wrong_password_is_told_as_an_object_with_its_exit_code() {
    let sandbox = Sandbox::with_messages(&[]);
    let output =
        sandbox.command("alice").env("MANYOU_PASSWORD", "wrong").args(["list", "--json"]).output().expect("runs");
    let error: Value = serde_json::from_slice(&output.stderr).expect("one object");
    assert_eq!((output.status.code(), error["code"].as_str()), (Some(3), Some("wrong-password")));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let mut child =
        sandbox.command("alice").args(["history", "bob", "--ndjson"]).stdout(Stdio::piped()).spawn().expect("runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("ended").code(), Some(0));
}

#[test]
fn a_bare_id_of_a_listed_group_means_the_group_and_another_a_user() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let group = sandbox.admin(
        "/chatgroups",
        json!({"groupname": "Support", "description": "d", "public": true,
        "maxusers": 200, "owner": "alice", "members": ["bob"]}),
    );
    let id = group["data"]["groupid"].as_str().expect("id").to_owned();
    sandbox.admin("/messages/chatgroups", json!({"from": "bob", "to": [id], "type": "txt", "body": {"msg": "to all"}}));
    let lines = sandbox.lines(&["history", &id, "--ndjson"]);
    assert_eq!(lines[0]["scope"]["peer"], format!("group:{id}"));
    assert_eq!(lines[1]["body"]["text"], "to all");
    assert_eq!(sandbox.lines(&["history", "carol", "--ndjson"])[0]["scope"]["peer"], "carol");
    let list = sandbox.lines(&["list", "--ndjson", "--filter", "support"]);
    assert_eq!((list[1]["peer"].as_str(), list[1]["name"].as_str()), (Some(&*format!("group:{id}")), Some("Support")));
}

#[test]
fn a_message_is_one_line_of_columns_and_colours_come_only_when_asked_for() {
    let sandbox = Sandbox::with_messages(&["first\nsecond", "中文"]);
    let (code, out, err) = sandbox.run("alice", &["history", "bob", "--direction", "down"]);
    assert_eq!((code, out.lines().count()), (0, 2), "{err}");
    assert!(out.lines().all(|line| line.contains("  bob  ")) && !out.contains('\u{1b}'), "{out}");
    let (_, out, _) = sandbox.run("alice", &["list", "--color", "always", "--lang", "zh"]);
    assert!(out.contains("\u{1b}[36m2 新\u{1b}[0m"), "{out:?}");
    let (_, out, _) = sandbox.run("alice", &["list", "--color", "never"]);
    assert!(out.starts_with("  bob  2 new  ") && out.ends_with("  中文\n"), "{out:?}");
}

#[test]
fn lists_are_sorted_as_asked() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    sandbox.admin("/users", json!([{"username": "carol", "password": "pw"}]));
    sandbox.admin("/messages/users", json!({"from": "carol", "to": ["alice"], "type": "txt", "body": {"msg": "a"}}));
    sandbox.admin("/messages/users", json!({"from": "carol", "to": ["alice"], "type": "txt", "body": {"msg": "c"}}));
    sandbox.admin("/messages/users", json!({"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "b"}}));
    for (key, first) in [("recent", "bob"), ("waiting", "carol"), ("name", "bob"), ("unread", "carol")] {
        let lines = sandbox.lines(&["list", "--ndjson", "--sort", key]);
        assert_eq!(lines[1]["peer"], first, "{key}");
    }
}

#[test]
fn an_empty_list_says_what_most_likely_makes_it_empty() {
    let sandbox = Sandbox::with_messages(&[]);
    for (lang, words) in [("en", "Most likely first"), ("zh", "最可能的原因在前")] {
        let (code, out, err) = sandbox.run("alice", &["list", "--lang", lang]);
        assert_eq!((code, out.as_str()), (0, ""));
        assert!(err.contains(words), "{err}");
    }
    let (_, _, err) = sandbox.run("Alice", &["list", "--lang", "en"]);
    assert!(err.contains("alice"), "{err}");
}

#[test]
fn a_history_that_breaks_off_says_where_to_go_on() {
    let faults = json!([{"route": "POST /users/*/messageroaming", "skip": 1, "status": 403, "body": "{}"}]);
    let sandbox = Sandbox::with_faults(&["one", "two", "three"], faults);
    let (code, out, err) = sandbox.run("alice", &["history", "bob", "--all", "--page-size", "1", "--ndjson"]);
    let lines = objects(&out);
    assert_ne!(code, 0, "{err}");
    let trailer = lines.last().expect("trailer");
    assert_eq!((trailer["complete"].as_bool(), trailer["count"].as_u64()), (Some(false), Some(1)));
    assert_eq!(trailer["cursor"], lines[1]["id"]);
}

#[test]
fn one_message_is_shown_whole_and_a_missing_one_is_named() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let id = sandbox.ids().remove(0);
    let (code, out, _) = sandbox.run("alice", &["show", "bob", &id]);
    assert!(code == 0 && out.contains("body.text") && out.contains("hello"), "{out}");
    let (code, _, err) = sandbox.run("alice", &["show", "bob", "77", "--lang", "zh"]);
    assert!(code == 1 && err.contains("77"), "{err}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_history_with_130() {
    let faults = json!([{"route": "POST /users/*/messageroaming", "delay_ms": 600_000}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    let mut child = sandbox
        .command("alice")
        .args(["history", "user:bob", "--ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut header = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut header).expect("header");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    assert_eq!(child.wait().expect("ended").code(), Some(130));
}

/// Without a connection, so that nothing can have been sent.
fn refused(args: &[&str]) -> String {
    let home = tempfile::tempdir().expect("home");
    let output = bare(home.path()).args(args).output().expect("runs");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
    err
}

#[test]
fn words_that_are_none_are_refused_and_the_valid_ones_are_listed() {
    assert!(refused(&["list", "--call", "zzz"]).contains("auto, v1, paged, cursor"));
    assert!(refused(&["history", "bob", "--type", "txt,foo"]).contains("txt, img, audio"));
    assert!(refused(&["list", "--lang", "fr"]).contains("en, zh"));
    assert!(refused(&["history", "bob", "--cursor", "abc"]).contains("1 to 20 digits"));
    assert!(refused(&["history", "bob", "--cursor", "123456789012345678901"]).contains("1 to 20 digits"));
    assert!(refused(&["serve", "--listen", "0.0.0.0:0"]).contains("0.0.0.0"));
}

#[test]
fn a_session_on_behalf_without_a_secret_names_the_variable_it_wants() {
    let sandbox = Sandbox::with_messages(&[]);
    let (code, _, err) = sandbox.run("alice", &["list", "--on-behalf", "--client-id", "x", "--no-input"]);
    assert!(code == 3 && err.contains("MANYOU_CLIENT_SECRET"), "{err}");
}

#[test]
fn an_id_below_every_cursor_or_refused_as_one_is_not_in_the_history() {
    let refusal = json!({"route": "POST /users/*/messageroaming", "skip": 1, "status": 400, "body": "{}"});
    let sandbox = Sandbox::with_faults(&["hello"], json!([refusal]));
    for id in ["1", "77"] {
        let (code, _, err) = sandbox.run("alice", &["show", "bob", id]);
        assert!(code == 1 && err.contains(&format!("message {id} is not in the history of bob")), "{err}");
    }
    let (code, _, err) = sandbox.run("alice", &["history", "bob", "--cursor", "77"]);
    assert!(code != 0 && !err.contains("go on with"), "{err}");
}

#[test]
fn a_tz_that_names_no_zone_is_told_once_and_times_are_in_utc() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let run = |zone: &str| {
        let output = sandbox.command("alice").env("TZ", zone).args(["history", "bob"]).output().expect("runs");
        (String::from_utf8(output.stdout).expect("text"), String::from_utf8(output.stderr).expect("text"))
    };
    let (wrong, told) = run("Nowhere/Here");
    assert_eq!(told.matches("Nowhere/Here").count(), 1, "{told}");
    let (right, quiet) = run("UTC");
    assert_eq!((wrong, quiet.contains("TZ")), (right, false), "{quiet}");
}

#[test]
fn what_is_empty_says_so_and_claims_no_cap() {
    let sandbox = Sandbox::with_messages(&[]);
    let (_, _, err) = sandbox.run("alice", &["list"]);
    assert!(!err.contains("at most"), "{err}");
    let (code, out, err) = sandbox.run("alice", &["history", "Bob"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("no such messages of Bob") && err.contains("may expect bob"), "{err}");
}

#[test]
fn wrong_values_are_told_in_chinese_where_that_was_asked_for() {
    assert!(refused(&["history", "bob", "--page-size", "51", "--lang", "zh"]).contains("每页为 1 到 50 条消息"));
    assert!(refused(&["--lang=zh", "history", "thread:1"]).contains("不是 PEER：thread:1"));
    assert!(refused(&["list", "--app-key", "x", "--lang", "zh"]).contains("不是 App Key：x"));
}

#[test]
fn a_list_or_history_that_a_limit_cut_is_not_complete_and_says_what_stopped_it() {
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    sandbox.admin("/users", json!([{"username": "carol", "password": "pw"}]));
    sandbox.admin("/messages/users", json!({"from": "carol", "to": ["alice"], "type": "txt", "body": {"msg": "a"}}));
    let trailer = |args: &[&str]| sandbox.lines(args).pop().expect("trailer");
    assert_eq!(trailer(&["list", "--limit", "1", "--ndjson"])["complete"], false);
    assert_eq!(trailer(&["list", "--limit", "2", "--ndjson"])["complete"], true);
    let cut = trailer(&["history", "bob", "--limit", "2", "--ndjson"]);
    assert_eq!((&cut["complete"], &cut["stop"]), (&json!(false), &json!("limit")));
    let whole = trailer(&["history", "bob", "--all", "--ndjson"]);
    assert_eq!((&whole["complete"], &whole["stop"]), (&json!(true), &json!("complete")));
}

#[test]
fn a_repeated_cursor_is_partly_done() {
    let page = json!({"data": {"msgs": [], "next_key": "7", "is_last": false}}).to_string();
    let sandbox = Sandbox::with_faults(&["one"], json!([{"route": "POST /users/*/messageroaming", "body": page}]));
    let (code, out, err) = sandbox.run("alice", &["history", "bob", "--all", "--ndjson"]);
    let trailer = objects(&out).pop().expect("trailer");
    assert_eq!((code, &trailer["complete"], &trailer["stop"]), (7, &json!(false), &json!("incomplete_loop")), "{err}");
    let told: Value = serde_json::from_str(&err).expect("one object");
    assert_eq!((&told["exit"], &told["code"]), (&json!(7), &json!("partly")));
}

#[test]
fn an_entry_that_cannot_be_read_has_no_invented_time_or_id() {
    let page = json!({"data": {"msgs": [{"msg": "AAA="}], "next_key": "", "is_last": true}}).to_string();
    let sandbox = Sandbox::with_faults(&["one"], json!([{"route": "POST /users/*/messageroaming", "body": page}]));
    let line = sandbox.lines(&["history", "bob", "--ndjson"]).swap_remove(1);
    assert_eq!((&line["id"], &line["time"], &line["time_utc"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(line["type"], "damaged");
    let (_, out, _) = sandbox.run("alice", &["history", "bob", "--lang", "zh"]);
    assert!(out.starts_with("?                 ?") && !out.contains("1970") && out.contains("[已损坏]"), "{out}");
}

#[test]
fn one_hostile_name_does_not_push_the_table_aside_and_ids_stay_whole() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let name = "漫".repeat(500);
    let group = sandbox.admin(
        "/chatgroups",
        json!({"groupname": name, "description": "d", "public": true, "maxusers": 9,
        "owner": "alice", "members": ["bob"]}),
    );
    let id = group["data"]["groupid"].as_str().expect("id").to_owned();
    sandbox.admin("/messages/chatgroups", json!({"from": "bob", "to": [id], "type": "txt", "body": {"msg": "to all"}}));
    let (_, out, _) = sandbox.run("alice", &["list"]);
    assert!(out.contains(&format!("group:{id}  漫漫")) && out.contains('…'), "{out}");
    assert!(out.lines().all(|line| line.chars().count() < 120), "{out}");
}

#[test]
fn only_the_fields_asked_for_are_printed() {
    let sandbox = Sandbox::with_messages(&["one\ttab", "two"]);
    let lines = sandbox.lines(&["history", "bob", "--direction", "down", "--fields", "id,text", "--ndjson"]);
    assert_eq!((lines[1].as_object().map(serde_json::Map::len), &lines[2]["text"]), (Some(2), &json!("two")));
    let (_, out, _) = sandbox.run("alice", &["history", "bob", "--direction", "down", "--fields", "from,text"]);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.len() == 2 && row[0] == "bob"), "{out:?}");
    let (_, out, _) = sandbox.run("alice", &["list", "--fields", "peer,unread,last_text"]);
    assert_eq!(out, "bob\t2\ttwo\n");
    let id = sandbox.ids().remove(1);
    let (_, out, _) = sandbox.run("alice", &["show", "bob", &id, "--fields", "time,text,edit"]);
    assert!(out.ends_with("\ttwo\t\n"), "{out:?}");
    let (_, out, _) = sandbox.run("alice", &["list", "--fields", "last_id,id", "--json"]);
    let listed: Value = serde_json::from_str(&out).expect("one document");
    assert_eq!(listed["records"][0], json!({"id": "bob", "last_id": id}));
}

#[test]
fn the_reactions_of_a_last_message_are_listed_once() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let id = sandbox.ids().remove(0);
    sandbox.as_user("alice", "/reaction/user/alice", json!({"msgId": id, "message": "👍"}));
    let entry = sandbox.lines(&["list", "--ndjson"]).swap_remove(1);
    assert_eq!(entry["last"]["reactions"].as_array().map(Vec::len), Some(1), "{entry}");
}

#[test]
fn a_wait_the_server_asked_for_is_told_on_standard_error_unless_quiet() {
    let fault = json!({"route": "POST /users/*/messageroaming", "count": 2, "status": 429,
                       "headers": [["retry-after", "0"]], "body": "{}"});
    for (args, is_told) in [(&["--lang", "en"][..], true), (&["--json", "--lang", "en"], true), (&["-q"], false)] {
        let sandbox = Sandbox::with_faults(&["one"], json!([fault]));
        let (code, out, err) = sandbox.run("alice", &[&["history", "bob"][..], args].concat());
        assert!(code == 0 && out.contains("one") && !out.contains("wait"), "{out}{err}");
        assert_eq!(err.contains("the server asks to wait"), is_told, "{err}");
        assert_eq!(err.contains("attempt 2") && err.contains("attempt 3"), is_told, "{err}");
    }
}

#[test]
fn the_token_of_somebody_else_is_said_to_be_that() {
    // Not every server knows the question whose token it is: then the list's answer tells.
    let body = json!({"error": "service_resource_not_found", "error_description": "Service resource not found"});
    let unknown =
        json!({"route": "GET /sdk/users/*/token/expires", "skip": 1, "status": 404, "body": body.to_string()});
    let sandbox = Sandbox::with_faults(&["hello"], json!([unknown]));
    let token = sandbox.token("bob");
    for (lang, words) in [("en", "the token belongs to somebody else"), ("zh", "token 属于另一个用户")] {
        let mut command = sandbox.command("alice");
        command.env_remove("MANYOU_PASSWORD").env("MANYOU_TOKEN", &token);
        let output = command.args(["list", "--lang", lang]).output().expect("runs");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(14) && err.contains(words) && !err.contains(&token), "{err}");
    }
}

#[test]
fn an_answer_that_broke_off_is_not_called_a_web_page() {
    for (status, body) in [(200, "{\"data\": {"), (403, "{\"error\":"), (404, "{\"error\":")] {
        let faults = json!([{"route": "POST /users/*/messageroaming", "status": status, "body": body}]);
        let sandbox = Sandbox::with_faults(&["one"], faults);
        let (code, _, err) = sandbox.run("alice", &["history", "user:bob", "--lang", "en"]);
        assert!(code != 0 && !err.contains("web page") && !err.contains("app key"), "{status}: {err}");
    }
}

#[test]
fn one_object_stays_one_line_whatever_a_message_holds() {
    let sandbox = Sandbox::with_messages(&["a\u{2028}b\u{2029}c\u{85}d"]);
    let (_, out, _) = sandbox.run("alice", &["history", "bob", "--ndjson"]);
    assert!(!out.contains(['\u{2028}', '\u{2029}', '\u{85}']) && out.contains("a\\u2028b"), "{out}");
}

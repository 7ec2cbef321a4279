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

#[test]
fn an_export_trusts_nothing_that_lies_beside_it_and_leaves_nothing_behind() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::with_messages(&["第一条", "second"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let export =
        |name: &str| sandbox.run("alice", &["export", "bob", "-f", "-o", at(name).to_str().expect("a path")]).0;
    let read = |name: &str| std::fs::read_to_string(at(name)).expect("read");
    std::fs::write(at("victim"), "untouched").expect("written");
    symlink(at("victim"), at("a.csv.part")).expect("linked");
    std::fs::write(at("real.csv"), "old").expect("written");
    symlink(at("real.csv"), at("link.csv")).expect("linked");
    std::fs::create_dir(at("folder.csv")).expect("made");
    assert_eq!((export("a.csv"), export("link.csv"), export("folder.csv")), (0, 0, 1));
    assert_eq!(read("victim"), "untouched");
    assert!(read("real.csv").contains("second") && at("link.csv").is_symlink());
    let mode = std::fs::metadata(at("a.csv")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, ["a.csv", "a.csv.part", "folder.csv", "link.csv", "real.csv", "victim"]);
}

#[test]
fn an_export_read_back_in_is_what_it_was_and_somebody_elses_is_refused() {
    let sandbox = Sandbox::with_messages(&["第一条", "second", "third"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.ndjson");
    let path = file.to_str().expect("a path");
    assert_eq!(sandbox.run("alice", &["export", "--all", "-o", path]).0, 0);
    let (code, _, err) = sandbox.run("bob", &["import", path]);
    assert!(code == 14 && err.contains("alice"), "{code} {err}");
    let text = std::fs::read_to_string(&file).expect("written");
    let app = records(&text)[0]["app_key"].as_str().expect("an app").to_owned();
    let history = sandbox.run("alice", &["history", "bob", "--all", "--ndjson"]).1;
    std::fs::write(folder.path().join("history.ndjson"), history).expect("written");
    let (code, out, _) =
        sandbox.run("alice", &["import", folder.path().join("history.ndjson").to_str().expect("a path"), "--ndjson"]);
    assert_eq!((code, &records(&out)[1]["changed"]), (7, &json!(0)), "{out}");
    let elsewhere = folder.path().join("elsewhere.ndjson");
    std::fs::write(&elsewhere, text.replacen(&app, "other#app", 1)).expect("written");
    let (code, _, err) = sandbox.run("alice", &["import", elsewhere.to_str().expect("a path")]);
    assert!(code == 14 && err.contains("alice@other#app"), "{code} {err}");
    std::fs::remove_dir_all(sandbox.home.path().join(".local")).expect("the archive goes");
    let text = std::fs::read_to_string(&file).expect("written").replacen("\"raw\":\"", "\"raw\":\"@", 1);
    std::fs::write(folder.path().join("broken.ndjson"), text).expect("written");
    let broken = folder.path().join("broken.ndjson");
    let (code, out, err) = sandbox.run("alice", &["import", broken.to_str().expect("a path"), "--ndjson"]);
    let report = records(&out);
    assert_eq!((code, &report[1]["new"], &report[1]["unusable"]), (7, &json!(2), &json!(1)), "{err}");
    let (code, out, _) = sandbox.run("alice", &["import", path, "--ndjson"]);
    assert_eq!((code, &records(&out)[1]["new"]), (0, &json!(1)));
    let again = folder.path().join("b.ndjson");
    assert_eq!(sandbox.run("alice", &["export", "--all", "-o", again.to_str().expect("a path")]).0, 0);
    let messages = |path: &std::path::Path| -> Vec<Value> {
        let all = records(&std::fs::read_to_string(path).expect("written"));
        all.into_iter().filter(|line| line["id"].is_string()).map(|line| line["raw"].clone()).collect()
    };
    assert_eq!(messages(&again), messages(&file));
}

#[test]
fn an_hourly_file_of_the_app_brings_the_own_conversations_only() {
    let sandbox = Sandbox::with_messages(&[]);
    let line = |id: u64, from: &str, to: &str| {
        json!({"msg_id": id.to_string(), "timestamp": 1_700_000_000_000_i64 + id as i64, "direction": "outgoing", "from": from,
               "to": to, "chat_type": "chat",
               "payload": {"bodies": [{"type": "txt", "msg": format!("hourly {id}")}], "ext": {}, "from": from, "to": to}})
    };
    let base = 1_213_049_947_239_219_200;
    let lines = [line(base + 1, "bob", "alice"), line(base + 2, "alice", "bob"), line(base + 3, "bob", "carol")];
    let text = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let file = sandbox.home.path().join("2023111422");
    std::fs::write(&file, text).expect("written");
    let (code, _, err) = sandbox.run("alice", &["import", file.to_str().expect("a path")]);
    assert_eq!(code, 0, "{err}");
    let (_, out, _) = sandbox.run("alice", &["search", "hourly", "--ndjson"]);
    let found = records(&out);
    assert_eq!(found.len(), 4, "{out}");
    assert!(found[1..3].iter().all(|hit| hit["peer"] == "bob"), "{out}");
}

#[test]
fn a_damaged_archive_is_put_aside_by_whoever_meets_it_and_told_where_it_lies() {
    let sandbox = Sandbox::with_messages(&["第一条", "second"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let folder = sandbox.home.path().join(".local/share/manyou/archives");
    let beside: Vec<_> = std::fs::read_dir(&folder).expect("there").map(|e| e.expect("an entry").path()).collect();
    let file = beside.iter().find(|path| path.extension().is_some_and(|ending| ending == "db")).expect("one").clone();
    // A program that has just ended may leave its log, which has every page once more.
    beside.iter().filter(|path| **path != file && path.is_file()).for_each(|path| _ = std::fs::remove_file(path));
    std::fs::write(&file, "a letter").expect("written");
    let (code, _, err) = sandbox.run("alice", &["search", "second"]);
    let aside = format!("{}.damaged", file.display());
    assert!(code == 0 && err.contains(&aside), "{code} {err}");
    let (code, _, err) = sandbox.run("alice", &["sync"]);
    assert!(code == 0 && !err.contains(&aside), "told once: {code} {err}");
    assert_eq!(std::fs::read(aside).expect("kept"), b"a letter");
    let (_, out, err) = sandbox.run("alice", &["search", "second", "--ndjson"]);
    assert_eq!(records(&out).last().expect("a trailer")["count"], 1, "{err}");
}

#[test]
fn what_import_does_not_read_is_named_in_the_readers_language() {
    let sandbox = Sandbox::with_messages(&["第一条"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    for (ending, name) in [("csv", "CSV"), ("html", "HTML"), ("md", "Markdown"), ("txt", "text")] {
        let (kept, plain) = (at(&format!("out.{ending}")), at(&format!("nameless-{ending}")));
        assert_eq!(sandbox.run("alice", &["export", "--all", "-o", &kept]).0, 0);
        std::fs::rename(&kept, &plain).expect("renamed");
        let (code, out, err) = sandbox.run("alice", &["import", &plain]);
        assert!(code == 2 && out.is_empty(), "{ending}: {code} {out}{err}");
        assert!(err.contains(name) && err.contains(".ndjson") && err.lines().count() == 1, "{ending}: {err}");
        let (code, _, err) = sandbox.run("alice", &["--lang", "zh", "import", &plain]);
        assert!(code == 2 && err.contains("导入") && !err.contains("import reads"), "{ending}: {err}");
    }
    std::fs::write(at("notes"), "buy milk\n").expect("written");
    let (code, _, err) = sandbox.run("alice", &["import", &at("notes")]);
    assert!(code == 2 && err.contains("notes") && err.contains(".ndjson"), "{code} {err}");
}

#[test]
fn a_file_of_foreign_objects_holds_no_message_and_says_so() {
    let sandbox = Sandbox::with_messages(&[]);
    let file = sandbox.home.path().join("foreign");
    std::fs::write(&file, "{\"a\":1}\n").expect("written");
    let path = file.to_str().expect("a path");
    let (code, out, err) = sandbox.run("alice", &["import", path]);
    assert!(code == 7 && out.contains("1 line unusable") && err.contains("line 1: no message"), "{code} {out}{err}");
    std::fs::write(&file, "{\"msg_id\":\"5\",\"payload\":{}}\n{\"cut\":\n").expect("written");
    let (code, _, err) = sandbox.run("alice", &["--lang", "zh", "import", path]);
    let told = err.lines().find(|line| line.contains("第 2 行")).expect("the line");
    assert!(code == 7 && told.contains("不是 JSON") && !told.contains("expected"), "{code} {err}");
}

#[test]
fn a_filter_that_means_nothing_is_refused_and_a_cut_search_says_so() {
    let words: Vec<String> = (0..5).map(|n| format!("退款 {n}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let sandbox = Sandbox::with_messages(&words);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    for (typed, filter, takes) in [
        ("type:bogus", "type:", "img"),
        ("has:nothing", "has:", "link"),
        ("after:-30x", "after:", "-3d"),
        ("before:", "before:", "-3d"),
        ("from:", "from:", "name"),
    ] {
        let (code, out, err) = sandbox.run("alice", &["search", "退款", typed]);
        assert!(code == 2 && out.is_empty(), "{typed}: {code} {out}");
        assert!(err.contains(filter) && err.contains(takes), "{typed}: {err}");
    }
    assert_eq!(sandbox.run("alice", &["search", "https://x.y"]).0, 0, "an address is no filter");
    let (_, out, err) = sandbox.run("alice", &["search", "退款"]);
    assert!(out.lines().count() == 5 && err.contains("5 hits"), "{err}");
    let (_, out, err) = sandbox.run("alice", &["search", "退款", "--limit", "2"]);
    assert!(out.lines().count() == 2 && err.contains("--limit"), "{err}");
    let (_, _, err) = sandbox.run("alice", &["search", "退款", "--limit", "5"]);
    assert!(err.contains("5 hits") && !err.contains("--limit"), "{err}");
    let (_, out, _) = sandbox.run("alice", &["search", "退款", "--limit", "5", "--ndjson"]);
    assert_eq!(records(&out).last().expect("a trailer")["complete"], true);
}

#[test]
fn an_export_says_what_it_needs_and_where_it_went() {
    let sandbox = Sandbox::with_messages(&["第一条"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let (code, _, err) = sandbox.run("alice", &["export", "-o", "x.csv"]);
    assert!(code == 2 && err.contains("--all") && err.lines().count() == 1, "{code} {err}");
    let (code, _, err) = sandbox.run("alice", &["export", "bob", "-o", "-", "--format", "txt"]);
    assert!(code == 0 && err.contains("1 message of 1 conversation") && !err.contains("in -"), "{err}");
}

#[test]
fn a_line_that_no_message_has_is_named_and_the_rest_is_read() {
    let sandbox = Sandbox::with_messages(&[]);
    let line = |id: u64, text: &str| {
        json!({"msg_id": id.to_string(), "timestamp": 1_700_000_000_000_i64 + id as i64, "from": "bob", "to": "alice",
               "chat_type": "chat",
               "payload": {"bodies": [{"type": "txt", "msg": text}], "ext": {}, "from": "bob", "to": "alice"}})
        .to_string()
    };
    let base = 1_213_049_947_239_219_200;
    let long = line(base + 2, &"x".repeat(17 << 20));
    // More than one batch holds.
    let large: Vec<String> = (3..12).map(|n| line(base + n, &"好 ".repeat(1 << 19))).collect();
    let text = [&[line(base + 1, "first"), long][..], &large, &[line(base + 20, "last")]].concat().join("\n");
    let file = sandbox.home.path().join("2023111422");
    std::fs::write(&file, text).expect("written");
    let (code, out, err) = sandbox.run("alice", &["import", file.to_str().expect("a path"), "--ndjson"]);
    let count = &records(&out)[1];
    assert_eq!((code, &count["messages"], &count["new"], &count["unusable"]), (7, &json!(11), &json!(11), &json!(1)));
    assert!(err.contains("line 2: longer than any message"), "{err}");
    assert_eq!(sandbox.run("alice", &["search", "last"]).1.lines().count(), 1);
}

#[test]
fn a_damaged_archive_is_put_aside_and_the_import_says_where_it_lies() {
    let sandbox = Sandbox::with_messages(&["第一条", "second"]);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let export = sandbox.home.path().join("all.ndjson");
    let path = export.to_str().expect("a path");
    assert_eq!(sandbox.run("alice", &["export", "--all", "-o", path]).0, 0);
    let folder = sandbox.home.path().join(".local/share/manyou/archives");
    let file = std::fs::read_dir(&folder).expect("there").next().expect("one").expect("an entry").path();
    let aside = |ending: &str| format!("{}.damaged{ending}", file.display());
    std::fs::write(&file, "a letter").expect("written");
    let (code, out, err) = sandbox.run("alice", &["import", path]);
    assert!(code == 0 && out.contains("2 new") && err.contains(&aside("")), "{code} {out}{err}");
    std::fs::write(&file, "a letter").expect("written");
    let (_, out, _) = sandbox.run("alice", &["import", path, "--ndjson"]);
    assert_eq!(records(&out).last().expect("a trailer")["put_aside"], json!(aside("-2")));
}

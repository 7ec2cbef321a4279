//! What is typed wrongly: said in both languages, as an object for programs, and never acting on the terminal.

use serde_json::{Value, json};

use crate::support::{Sandbox, bare};

fn refused(args: &[&str]) -> String {
    let home = tempfile::tempdir().expect("home");
    let output = bare(home.path()).args(args).output().expect("runs");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
    assert!(output.stdout.is_empty());
    err
}

/// The keys of every error object, whatever went wrong.
const KEYS: [&str; 7] = ["code", "exit", "message", "hint", "http_status", "request_id", "retryable"];

#[test]
fn usage_errors_are_one_object_where_json_was_asked_for() {
    for args in [
        &["list", "--nope", "--json"][..],
        &["--ndjson", "history"],
        &["history", "bob", "--page-size", "51", "--json"],
        &["delete", "--json"],
        &["frobnicate", "--json"],
        &["list", "--json", "--plain"],
        &["list", "--json"],
        &["list", "--json", "--tz", "Nowhere/Here"],
    ] {
        let err = refused(args);
        let told: Value = serde_json::from_str(&err).expect("one object");
        assert!(KEYS.iter().all(|key| told.get(key).is_some()), "{err}");
        assert_eq!((&told["exit"], &told["retryable"]), (&json!(2), &json!(false)), "{err}");
    }
}

#[test]
fn all_error_objects_carry_the_same_keys() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let keys = |args: &[&str]| {
        let (_, _, err) = sandbox.run("alice", args);
        let told: Value = serde_json::from_str(&err).expect("one object");
        told.as_object().expect("object").keys().cloned().collect::<Vec<_>>()
    };
    let failed = keys(&["history", "group:7", "--sender", "bob", "--json", "--api", "http://127.0.0.1:1"]);
    assert_eq!(failed, keys(&["show", "bob", "77", "--json"]));
    #[cfg(feature = "delete")]
    assert_eq!(failed, keys(&["delete", "messages", "user:bob", "--ids", "1", "--json"]));
    assert!(KEYS.iter().all(|key| failed.iter().any(|known| known == key)), "{failed:?}");
}

#[test]
fn common_mistakes_are_told_in_chinese() {
    for (args, words) in [
        (&["list", "--nope"][..], "没有参数 --nope"),
        (&["history"], "缺少：<PEER>"),
        (&["history", "bob", "--type"], "--type <KIND> 需要一个值"),
        (&["list", "--call", "zzz"], "可用：auto, v1, paged, cursor"),
        (&["frobnicate"], "没有命令 frobnicate"),
        (&["profiles", "lst"], "；是否想用 test, list？"),
        (&["list", "--json", "--plain"], "不能与"),
        (&["history", "bob", "--cursor", "abc"], "不是游标：abc"),
    ] {
        let err = refused(&[args, &["--lang", "zh"]].concat());
        assert!(err.contains(words), "{err}");
        assert!(!err.contains("error:"), "{err}");
    }
}

#[test]
fn chinese_help_says_in_chinese_what_the_program_is() {
    let home = tempfile::tempdir().expect("home");
    let output = bare(home.path()).env("LANG", "zh_CN.UTF-8").arg("--help").output().expect("runs");
    let out = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success() && out.starts_with("manyou 漫游") && out.contains("Usage:"), "{out}");
}

#[test]
fn an_argument_cannot_act_on_the_terminal_through_a_refusal() {
    for lang in ["en", "zh"] {
        for args in [&["list", "--\u{9b}2J\u{202e}x"][..], &["history", "bob", "--page-size", "\u{1b}[2J\u{202e}"]] {
            let err = refused(&[args, &["--lang", lang]].concat());
            assert!(!err.contains(['\u{9b}', '\u{1b}', '\u{202e}']), "{err:?}");
        }
    }
}

#[test]
fn values_with_a_minus_are_values() {
    for args in [
        &["history", "bob", "--from", "-3d", "--to", "-1h"][..],
        &["history", "bob", "--from", "-1", "--cursor", "-1"],
        &["history", "bob", "--cursor", ""],
        &["history", "bob", "--cursor", "null"],
        &["history", "bob", "--from", "yesterday 15:00", "--to", "today"],
        &["history", "bob", "--from", "昨天 15:00"],
    ] {
        let err = refused(args);
        assert!(err.contains("no profile and no connection flags"), "{args:?}: {err}");
    }
    assert!(refused(&["serve", "--now", "-1"]).contains("not a time: -1"));
}

#[test]
fn limits_of_zero_and_cursor_zero_are_refused() {
    assert!(refused(&["list", "--limit", "0"]).contains("from 1 up"));
    assert!(refused(&["history", "bob", "--limit", "0"]).contains("from 1 up"));
    assert!(refused(&["history", "bob", "--cursor", "0"]).contains("not 0"));
}

#[test]
fn a_sender_in_a_chat_of_two_is_refused_and_not_left_out_unsaid() {
    assert!(refused(&["history", "user:bob", "--sender", "bob"]).contains("groups and rooms only"));
    let sandbox = Sandbox::with_messages(&["one"]);
    let (code, out, err) = sandbox.run("alice", &["history", "bob", "--sender", "bob"]);
    assert!(code == 2 && out.is_empty() && err.contains("bob is a single chat"), "{err}");
}

#[test]
fn an_unknown_field_is_refused_with_the_valid_ones() {
    let err = refused(&["history", "bob", "--fields", "id,colour"]);
    assert!(err.contains("no field colour") && err.contains("time_utc"), "{err}");
    assert!(refused(&["list", "--fields", "id,colour"]).contains("unread"));
    assert!(refused(&["version", "--fields", "id"]).contains("list, history, show and search"));
}

#[test]
fn a_configuration_that_was_named_and_is_not_there_is_named() {
    let err = refused(&["list", "--config", "/nowhere/mine.toml"]);
    assert!(err.contains("/nowhere/mine.toml"), "{err}");
    let flags = ["--api", "http://127.0.0.1:1", "--app-key", "a#b", "--user", "u"];
    let err = refused(&[&["list", "--config", "/nowhere/mine.toml"][..], &flags].concat());
    assert!(err.contains("/nowhere/mine.toml"), "{err}");
}

#[test]
fn the_language_of_the_configuration_is_spoken_and_a_wrong_one_is_named() {
    let home = tempfile::tempdir().expect("home");
    let config = home.path().join("mine.toml");
    let run = |text: &str, env: &str, args: &[&str]| {
        std::fs::write(&config, text).expect("written");
        let mut command = bare(home.path());
        command.env("MANYOU_CONFIG", &config).env("LANG", "de_DE").env("MANYOU_LANG", env);
        String::from_utf8(command.arg("list").args(args).output().expect("runs").stderr).expect("text")
    };
    assert!(run("lang = \"zh-CN\"", "", &[]).contains("没有配置"));
    assert!(run("lang = \"zh-CN\"", "", &["--nope"]).contains("没有参数 --nope"));
    assert!(run("lang = \"zh-CN\"", "en", &[]).contains("no profile"));
    assert!(run("lang = \"zh-CN\"", "zh", &["--lang", "en"]).contains("no profile"));
    let err = run("theme = \"dark\"\nlang = \"fr\"", "", &[]);
    assert!(err.contains("mine.toml, line 2") && err.contains("fr"), "{err}");
    let err = run("theme = \"neon\"", "", &[]);
    assert!(err.contains("mine.toml, line 1") && err.contains("neon"), "{err}");
}

#[test]
fn a_star_is_no_origin_and_a_name_of_this_machine_can_be_listened_on() {
    assert!(refused(&["serve", "--allow-origin", "*"]).contains("every web page"));
    let sandbox = Sandbox::start(&["--listen", "localhost:0"]);
    assert!(sandbox.word("api").starts_with("http://127.0.0.1:"));
}

#[test]
fn a_data_folder_that_another_server_uses_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a plain path");
    let sandbox = Sandbox::start(&["--data", path]);
    let output = bare(sandbox.home.path()).args(["serve", "--data", path, "--lang", "zh"]).output().expect("runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && err.contains(path) && err.contains("另一个服务器"), "{err}");
}

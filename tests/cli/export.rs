//! `export`: what is there is not lost, what broke off goes on, what is new is added.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::offline::hourly;
use crate::support::{Sandbox, bare, objects};

/// A home with an archive of alice's, filled from a file.
struct Home(tempfile::TempDir);

impl Home {
    fn with(messages: u64) -> Self {
        let home = Self(tempfile::tempdir().expect("home"));
        home.import(messages);
        home
    }

    fn import(&self, messages: u64) {
        let file = self.at("2023111422");
        std::fs::write(&file, hourly(messages)).expect("written");
        let (code, _, err) = self.run(&["import", file.to_str().expect("a path")]);
        assert_eq!(code, 0, "{err}");
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = bare(self.0.path());
        command.current_dir(self.0.path());
        command.args(["--api", "http://127.0.0.1:1", "--app-key", "o#a", "--user", "alice"]).args(args);
        let output = command.output().expect("runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
    }

    fn done(&self, args: &[&str]) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!(code, 0, "{args:?}: {err}");
        format!("{out}{err}")
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).expect("read")
    }

    /// The parts beside `name`.
    fn parts(&self, name: &str) -> Vec<PathBuf> {
        let names = std::fs::read_dir(self.0.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
        let is_part = |path: &PathBuf| {
            let name_of = path.file_name().expect("a name").to_string_lossy().into_owned();
            path.extension().is_some_and(|ending| ending == "part") && name_of.starts_with(&format!("{name}."))
        };
        names.filter(is_part).collect()
    }
}

fn texts(text: &str) -> Vec<String> {
    objects(text).iter().filter_map(|line| line["body"]["text"].as_str().map(str::to_owned)).collect()
}

fn all(n: u64) -> Vec<String> {
    (0..n).map(|i| format!("hourly {i}")).collect()
}

/// A file is intact when its trailer has the hash of what stands before it.
fn is_intact(text: &str) -> bool {
    let at = text.trim_end().rfind('\n').expect("lines") + 1;
    let trailer: Value = serde_json::from_str(&text[at..]).expect("a trailer");
    trailer["sha256"] == manyou::export::sha256(&text.as_bytes()[..at])
        && trailer["messages"].as_u64() == Some(texts(text).len() as u64)
}

#[test]
fn a_file_that_is_there_is_not_replaced_unasked() {
    let home = Home::with(3);
    std::fs::write(home.at("x.csv"), "mine").expect("written");
    let (code, _, err) = home.run(&["export", "bob", "-o", "x.csv"]);
    assert!(code == 2 && err.contains("x.csv is there already") && err.contains("-f"), "{code} {err}");
    assert_eq!(home.read("x.csv"), "mine");
    home.done(&["export", "bob", "-o", "x.csv", "-f"]);
    assert!(home.read("x.csv").contains("hourly 2") && home.parts("x.csv").is_empty());
}

#[test]
fn an_export_that_broke_off_goes_on_where_it_was() {
    let home = Home::with(300);
    home.done(&["export", "bob", "-o", "whole.ndjson"]);
    let whole = home.read("whole.ndjson");
    let lines: Vec<&str> = whole.lines().collect();
    // As a killed run leaves it: in the middle of a line.
    let torn = format!("{}\n{}", lines[..120].join("\n"), &lines[120][..40]);
    std::fs::write(home.at("x.ndjson.abc123.part"), &torn).expect("written");
    for other in ["y.ndjson", "x"] {
        let said = home.done(&["export", "bob", "-o", other, "--format", "ndjson"]);
        assert!(!said.contains("--resume"), "{other}: {said}");
    }
    let said = home.done(&["export", "bob", "-o", "x.ndjson"]);
    assert!(said.contains("x.ndjson.abc123.part is left") && said.contains("--resume"), "{said}");
    assert_eq!(home.parts("x.ndjson").len(), 1);
    home.done(&["export", "bob", "-o", "x.ndjson", "-f", "--resume"]);
    let resumed = home.read("x.ndjson");
    assert!(is_intact(&resumed) && resumed.starts_with(&lines[..120].join("\n")));
    assert_eq!((texts(&resumed), home.parts("x.ndjson").len()), (all(300), 0));
    // A line that is none of ours, or another account's file, is not gone on with.
    std::fs::write(home.at("z.ndjson.abc.part"), torn.replacen("\"peer\"", "\"pear\"", 1)).expect("written");
    let (code, _, err) = home.run(&["export", "bob", "-o", "z.ndjson", "--resume"]);
    assert!(code == 1 && err.contains("line 2") && !home.at("z.ndjson").exists(), "{code} {err}");
    std::fs::write(home.at("w.ndjson.abc.part"), torn.replacen("\"alice\"", "\"carol\"", 1)).expect("written");
    let (code, _, err) = home.run(&["export", "bob", "-o", "w.ndjson", "--resume"]);
    assert!(code == 14 && err.contains("carol") && home.parts("w.ndjson").len() == 1, "{code} {err}");
}

#[test]
fn an_update_adds_what_is_new_and_nothing_twice() {
    let home = Home::with(40);
    home.done(&["export", "--all", "-o", "x.ndjson"]);
    let first = home.read("x.ndjson");
    home.done(&["export", "-o", "x.ndjson", "--update"]);
    let same = home.read("x.ndjson");
    assert_eq!((same == first, is_intact(&same)), (true, true), "nothing is new");
    // As it was written before the message was edited.
    let lines: Vec<&str> = first.lines().collect();
    let raw_of = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["raw"].clone();
    let (one, other) = (raw_of(lines[8]), raw_of(lines[9]));
    let earlier = first.replacen(one.as_str().expect("bytes"), other.as_str().expect("bytes"), 1);
    std::fs::write(home.at("x.ndjson"), earlier).expect("written");
    let said = home.done(&["export", "-o", "x.ndjson", "--update"]);
    assert_eq!((home.read("x.ndjson") == first, said.contains("1 message changed")), (true, true), "{said}");
    home.import(55);
    let said = home.done(&["export", "-o", "x.ndjson", "--update"]);
    let more = home.read("x.ndjson");
    assert!(is_intact(&more) && said.contains("55 messages"), "{said}");
    assert_eq!(texts(&more), all(55));
    let (code, _, err) = home.run(&["export", "--all", "-o", "x.csv", "--update"]);
    assert!(code == 2 && err.contains("NDJSON"), "{code} {err}");
    let (code, _, err) = home.run(&["export", "--all", "-o", "none.ndjson", "--update"]);
    assert!(code == 1 && err.contains("none.ndjson"), "{code} {err}");
    std::fs::write(home.at("no.ndjson"), "hello\n").expect("written");
    let (code, _, _) = home.run(&["export", "--all", "-o", "no.ndjson", "--update"]);
    assert_eq!((code, home.read("no.ndjson").as_str(), home.parts("no.ndjson").len()), (1, "hello\n", 0));
}

#[test]
fn what_a_search_finds_and_what_is_named_is_all_that_is_written() {
    let home = Home::with(120);
    home.done(&["export", "--search", "hourly from:bob", "-o", "found.ndjson"]);
    let found = home.read("found.ndjson");
    let even: Vec<String> = (0..60).map(|i| format!("hourly {}", 2 * i)).collect();
    assert!(is_intact(&found) && texts(&found) == even, "{found}");
    let (code, _, err) = home.run(&["export", "--search", "before:never", "-o", "bad.ndjson"]);
    assert!(code == 2 && !home.at("bad.ndjson").exists(), "{code} {err}");
    let kept = home.run(&["history", "bob", "--offline", "--all", "--direction", "down", "--ndjson"]).1;
    let id = |n: usize| objects(&kept)[n + 1]["id"].as_str().expect("an id").to_owned();
    let ids = format!("{},{}", id(7), id(3));
    home.done(&["export", "bob", "--ids", &ids, "-o", "picked.txt"]);
    let picked = home.read("picked.txt");
    assert!(picked.contains("hourly 3") && picked.contains("hourly 7") && !picked.contains("hourly 5"), "{picked}");
    let (code, _, err) = home.run(&["export", "bob", "--ids", "12345", "-o", "no.txt"]);
    assert!(code == 1 && err.contains("12345") && !home.at("no.txt").exists(), "{code} {err}");
}

#[test]
fn json_is_read_back_as_well() {
    let home = Home::with(5);
    home.done(&["export", "bob", "-o", "x.json"]);
    std::fs::remove_dir_all(home.at(".local")).expect("the archive goes");
    let said = home.done(&["import", "x.json"]);
    assert!(said.contains("5 new"), "{said}");
    let text = home.read("x.json");
    std::fs::write(home.at("cut.json"), &text[..text.len() / 2]).expect("written");
    let (code, out, err) = home.run(&["import", "cut.json"]);
    assert!(code == 7 && err.contains("cut off"), "{code} {out} {err}");
}

#[test]
fn attachments_lie_beside_the_export_with_links_and_a_manifest() {
    let sandbox = Sandbox::with_messages(&["look"]);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    let (file, secret) = sandbox.upload("alice", svg);
    let url = format!("{}/{}/chatfiles/{file}", sandbox.word("api"), sandbox.word("app_key").replace('#', "/"));
    let body = json!({"from": "bob", "to": ["alice"], "type": "img",
                      "body": {"url": url, "filename": "a b.svg", "secret": secret, "size": {"width": 1, "height": 1}}});
    sandbox.admin("/messages/users", body);
    assert_eq!(sandbox.run("alice", &["sync"]).0, 0);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let word = |path: &Path| path.to_str().expect("a path").to_owned();
    let export = |name: &str, more: &[&str]| {
        let (out, files) = (word(&at(name)), word(&at("files")));
        let args = ["export", "bob", "-o", &out, "--attachments", &files];
        sandbox.run("alice", &[&args[..], more].concat())
    };
    let (code, _, err) = export("off.ndjson", &["--offline"]);
    assert!(code == 0 && err.contains("1 attachment is missing"), "{code} {err}");
    let missing = objects(&std::fs::read_to_string(at("files/missing.ndjson")).expect("a list"));
    assert!(missing.len() == 1 && missing[0]["why"].is_string(), "{missing:?}");
    let (code, _, err) = export("x.ndjson", &[]);
    assert!(code == 0 && err.contains("1 attachment in") && !at("files/missing.ndjson").exists(), "{code} {err}");
    let line = objects(&std::fs::read_to_string(at("x.ndjson")).expect("written"));
    let saved = line.iter().find(|l| l["saved"].is_object()).expect("saved")["saved"].clone();
    let path = saved["path"].as_str().expect("a path");
    assert!(path.starts_with("files/") && std::fs::read(at(path)).expect("there") == svg, "{saved}");
    assert_eq!(saved["sha256"], manyou::export::sha256(svg));
    let last = objects(&std::fs::read_to_string(at("files/manifest.ndjson")).expect("a manifest")).pop().expect("one");
    assert_eq!((&last["bytes"], &last["id"]), (&json!(svg.len()), &line[2]["id"]));
    assert_eq!(export("x.html", &[]).0, 0);
    let page = std::fs::read_to_string(at("x.html")).expect("written");
    assert!(page.contains("href=\"files/bob/a%20b.svg\""), "{page}");
    assert_eq!(export("x.md", &[]).0, 0);
    assert!(std::fs::read_to_string(at("x.md")).expect("written").contains("files/bob/a%20b.svg"));
    assert_eq!(std::fs::read_dir(at("files/bob")).expect("there").count(), 1, "each once");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (out, files) = (word(&at("y.md")), word(&elsewhere.path().join("f")));
    let (code, _, err) = sandbox.run("alice", &["export", "bob", "-o", &out, "--attachments", &files]);
    assert!(code == 2 && err.contains("must lie"), "{code} {err}");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let theirs = elsewhere.path().join("theirs");
    std::fs::create_dir(&theirs).expect("a folder");
    std::fs::set_permissions(&theirs, std::fs::Permissions::from_mode(0o775)).expect("set");
    assert_eq!(sandbox.run("alice", &["export", "bob", "-o", &out, "--attachments", &word(&theirs)]).0, 2);
    assert_eq!((mode(&theirs), std::fs::read_dir(&theirs).expect("there").count()), (0o775, 0), "not touched");
    let beside = word(&elsewhere.path().join("y.md"));
    assert_eq!(sandbox.run("alice", &["export", "bob", "-o", &beside, "--attachments", &word(&theirs)]).0, 0);
    assert_eq!(mode(&theirs), 0o775, "what is there keeps its rights");
}

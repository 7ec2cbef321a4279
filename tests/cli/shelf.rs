//! The files beside the archive: what the server deleted takes its files along, and nothing else does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;

use crate::support::Sandbox;

/// Sends a file from bob to alice; gives its id.
fn send(sandbox: &Sandbox, name: &str, bytes: &str) -> String {
    let (id, secret) = sandbox.upload("alice", bytes.as_bytes());
    forward(sandbox, "bob", &id, &secret, name, bytes.len());
    id
}

fn forward(sandbox: &Sandbox, from: &str, id: &str, secret: &str, name: &str, bytes: usize) {
    let url = format!("{}/o/a/chatfiles/{id}", sandbox.word("api"));
    let body = json!({"url": url, "filename": name, "secret": secret, "file_length": bytes});
    sandbox.admin("/messages/users", json!({"from": from, "to": ["alice"], "type": "file", "body": body}));
}

fn sync(sandbox: &Sandbox) {
    let (code, out, err) = sandbox.run("alice", &["sync", "--attachments", "--ndjson"]);
    assert_eq!(code, 0, "{out}{err}");
}

/// Every file below the data folder.
fn files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![sandbox.home.path().join(".local")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found
}

/// The files that hold the canary, in their name or anywhere in them.
fn canaries(sandbox: &Sandbox, canary: &str) -> Vec<PathBuf> {
    let holds = |path: &Path| {
        let bytes = fs::read(path).expect("read");
        let in_name = path.to_string_lossy().contains(canary);
        in_name || bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
    };
    files(sandbox).into_iter().filter(|path| holds(path)).collect()
}

fn folder(sandbox: &Sandbox) -> PathBuf {
    let is_manifest = |path: &PathBuf| path.ends_with("manifest.ndjson");
    files(sandbox).into_iter().find(is_manifest).expect("a manifest").parent().expect("a folder").to_owned()
}

#[test]
fn a_one_way_deletion_leaves_no_byte_of_a_file_on_this_disk() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let of: Vec<String> = (0..4).map(|n| send(&sandbox, &format!("canary-{n}.txt"), &format!("canary-{n}"))).collect();
    sync(&sandbox);
    let ids = sandbox.ids();
    let (first, third) = (&ids[1], &ids[3]);
    assert!(canaries(&sandbox, "canary-0").len() >= 2, "the file and the manifest; the archive packs its bytes");
    let time = sandbox.lines(&["show", "bob", third, "--ndjson"]).iter().find_map(|line| line["time"].as_i64());
    let time = time.expect("a time").to_string();
    let verbs = [
        (vec!["delete", "messages", "bob", "--ids", first, "--yes"], vec![0]),
        (vec!["delete", "before", "bob", &time, "--yes"], vec![1, 2]),
        (vec!["delete", "conversation", "bob", "--with-history", "--yes"], vec![3]),
    ];
    let mut gone = 0;
    for (verb, takes) in verbs {
        let (code, out, err) = sandbox.run("alice", &verb);
        assert_eq!(code, 0, "{out}{err}");
        for n in takes {
            let left = [canaries(&sandbox, &format!("canary-{n}")), canaries(&sandbox, &of[n])].concat();
            assert!(left.is_empty(), "{verb:?} left {left:?}");
            gone += 1;
        }
        for n in gone..4 {
            assert!(canaries(&sandbox, &format!("canary-{n}")).len() >= 2, "{n} stays");
        }
    }
}

#[test]
fn what_is_taken_off_this_disk_takes_its_files_along_and_both_can_be_fetched_again() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let id = send(&sandbox, "canary.txt", "canary");
    sync(&sandbox);
    assert!(canaries(&sandbox, "canary").len() >= 2, "the file and the manifest");
    let (code, out, err) = sandbox.run("alice", &["archive", "purge", "--conversation", "bob", "--yes"]);
    assert_eq!(code, 0, "{out}{err}");
    let left = [canaries(&sandbox, "canary"), canaries(&sandbox, &id)].concat();
    assert!(left.is_empty(), "{left:?}");
    sync(&sandbox);
    assert!(canaries(&sandbox, "canary").len() >= 2, "fetched again");
}

#[test]
fn files_that_a_run_left_behind_go_with_the_next_one() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let id = send(&sandbox, "canary.txt", "canary");
    sync(&sandbox);
    let shelf = folder(&sandbox);
    let kept = shelf.with_extension("copy");
    let copy = |from: &Path, to: &Path| {
        fs::create_dir_all(to.join("bob")).expect("made");
        for name in ["manifest.ndjson", "bob/canary.txt"] {
            fs::copy(from.join(name), to.join(name)).expect("copied");
        }
    };
    copy(&shelf, &kept);
    let left = || [canaries(&sandbox, "canary"), canaries(&sandbox, &id)].concat();
    // The messages are gone, the file stayed: it goes when that is asked for again.
    let purge = ["archive", "purge", "--all", "--yes"];
    assert_eq!(sandbox.run("alice", &purge).0, 0);
    copy(&kept, &shelf);
    fs::remove_dir_all(&kept).expect("removed");
    assert!(!left().is_empty());
    assert_eq!(sandbox.run("alice", &purge[..3]).0, 0);
    assert!(left().is_empty(), "{:?}", left());
    // What was being written when a run was killed has no name yet.
    sync(&sandbox);
    let part = shelf.join("bob/.manyou-part-Ab12Cd");
    fs::write(&part, "canary").expect("written");
    sync(&sandbox);
    assert!(!part.exists());
    // Deleted on the server, and the file could not be removed then.
    copy(&shelf, &kept);
    let deleted = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &sandbox.ids()[1], "--yes"]);
    assert_eq!(deleted.0, 0, "{deleted:?}");
    copy(&kept, &shelf);
    fs::remove_dir_all(&kept).expect("removed");
    sync(&sandbox);
    assert!(left().is_empty(), "{:?}", left());
}

#[test]
fn what_was_put_aside_is_told_by_a_deletion_and_goes_with_everything() {
    let sandbox = Sandbox::with_messages(&["one", "two"]);
    sync(&sandbox);
    let archive = files(&sandbox).into_iter().find(|path| path.extension().is_some_and(|e| e == "db")).expect("one");
    let aside = archive.with_extension("db.damaged");
    fs::write(&aside, "canary").expect("written");
    let (code, _, err) = sandbox.run("alice", &["delete", "messages", "bob", "--ids", &sandbox.ids()[0], "--yes"]);
    assert!(code == 7 && err.contains("db.damaged"), "{code} {err}");
    let (_, out, _) = sandbox.run("alice", &["archive", "status"]);
    assert!(out.contains("db.damaged"), "{out}");
    let (code, _, err) = sandbox.run("alice", &["archive", "purge", "--conversation", "bob", "--yes"]);
    assert!(code == 0 && aside.exists(), "{err}");
    let (code, out, err) = sandbox.run("alice", &["archive", "purge", "--all", "--yes"]);
    assert!(code == 0 && out.contains("db.damaged") && !aside.exists(), "{out}{err}");
}

#[test]
fn a_file_that_another_message_has_too_stays_until_that_goes() {
    let sandbox = Sandbox::with_messages(&["one"]);
    let (shared, secret) = sandbox.upload("alice", b"canary-shared");
    forward(&sandbox, "bob", &shared, &secret, "shared.txt", 13);
    sandbox.admin("/users", json!([{"username": "carol", "password": "pw"}]));
    forward(&sandbox, "carol", &shared, &secret, "shared.txt", 13);
    sync(&sandbox);
    let is_file = |path: &PathBuf| path.ends_with("shared.txt");
    let delete = |peer: &str| {
        let (code, _, err) = sandbox.run("alice", &["delete", "conversation", peer, "--with-history", "--yes"]);
        assert_eq!(code, 0, "{err}");
    };
    assert_eq!(files(&sandbox).iter().filter(|path| is_file(path)).count(), 1, "kept once");
    delete("bob");
    assert_eq!(files(&sandbox).iter().filter(|path| is_file(path)).count(), 1, "carol's keeps it");
    delete("carol");
    assert!(canaries(&sandbox, "canary-shared").is_empty() && canaries(&sandbox, &shared).is_empty());
}

#[test]
fn two_runs_at_once_keep_each_file_once() {
    let sandbox = Sandbox::with_messages(&["one"]);
    for n in 0..12 {
        send(&sandbox, "same.txt", &format!("content {n}"));
    }
    let start = || {
        let mut command = sandbox.command("alice");
        command.args(["sync", "--attachments"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs")
    };
    for mut child in [start(), start(), start()] {
        assert!(child.wait().expect("ended").success());
    }
    let folder = folder(&sandbox);
    let mut contents: Vec<String> = fs::read_dir(folder.join("bob"))
        .expect("there")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("read"))
        .collect();
    contents.sort();
    contents.dedup();
    let names = fs::read_dir(folder.join("bob")).expect("there").count();
    assert_eq!((names, contents.len()), (12, 12));
    let manifest = fs::read_to_string(folder.join("manifest.ndjson")).expect("read");
    let mut files: Vec<_> = manifest
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("whole")["file"].to_string())
        .collect();
    files.sort();
    files.dedup();
    assert_eq!(files.len(), 12);
}

#[test]
fn a_link_or_a_pipe_in_place_of_the_manifest_is_refused_and_open_rights_are_taken_away() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::with_messages(&["one"]);
    send(&sandbox, "a.txt", "content");
    sync(&sandbox);
    let folder = folder(&sandbox);
    let manifest = folder.join("manifest.ndjson");
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
    open(&folder, 0o755);
    open(&folder.join("bob"), 0o755);
    open(&manifest, 0o644);
    send(&sandbox, "b.txt", "more");
    sync(&sandbox);
    assert_eq!((mode(&folder), mode(&folder.join("bob")), mode(&manifest)), (0o700, 0o700, 0o600));
    let victim = sandbox.home.path().join("victim");
    fs::write(&victim, "untouched").expect("written");
    for kind in ["link", "pipe", "folder"] {
        fs::remove_file(&manifest).expect("removed");
        match kind {
            "link" => symlink(&victim, &manifest).expect("linked"),
            "pipe" => assert!(std::process::Command::new("mkfifo").arg(&manifest).status().expect("runs").success()),
            _ => fs::create_dir(&manifest).expect("made"),
        }
        let (code, _, err) = sandbox.run("alice", &["sync", "--attachments"]);
        assert!(code == 1 && err.contains("manifest.ndjson is in the way"), "{kind}: {code} {err}");
        if kind == "folder" {
            fs::remove_dir(&manifest).expect("removed");
            fs::write(&manifest, "").expect("written");
        }
    }
    assert_eq!(fs::read_to_string(&victim).expect("read"), "untouched");
}

#[test]
fn what_came_in_place_of_a_file_is_not_kept_and_six_failures_in_a_row_end_it() {
    let error = json!({"error": "internal", "error_description": "try later", "timestamp": 1}).to_string();
    let faults = json!([
        {"route": "GET /chatfiles/*", "count": 8, "body": error},
        {"route": "GET /chatfiles/*", "skip": 8, "count": 6, "status": 403, "body": "{}"},
    ]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    for n in 0..9 {
        send(&sandbox, &format!("{n}.txt"), &format!("content {n}"));
    }
    let run = || {
        let (code, out, err) = sandbox.run("alice", &["sync", "--attachments", "--ndjson"]);
        let end: serde_json::Value = serde_json::from_str(out.lines().last().expect("a line")).expect("an object");
        (code, end["files"].as_u64().expect("a number"), err)
    };
    let (code, files, err) = run();
    assert!((code, files) == (7, 0) && err.contains("6 files could not be downloaded"), "{code} {files} {err}");
    let (code, files, _) = run();
    assert_eq!((code, files), (7, 5), "four more refusals, then all others");
    assert_eq!(run().1, 9);
}

#[test]
fn an_expired_file_is_asked_for_again_when_all_is_verified() {
    let faults = json!([{"route": "GET /chatfiles/*", "count": 1, "status": 404, "body": "{}"}]);
    let sandbox = Sandbox::with_faults(&["one"], faults);
    send(&sandbox, "a.txt", "content");
    let run = |more: &[&str]| {
        let (_, out, _) = sandbox.run("alice", &[&["sync", "--attachments", "--ndjson"], more].concat());
        let end: serde_json::Value = serde_json::from_str(out.lines().last().expect("a line")).expect("an object");
        (end["files"].as_u64().expect("a number"), end["expired"].as_u64().expect("a number"))
    };
    assert_eq!((run(&[]), run(&[]), run(&["--verify"])), ((0, 1), (0, 1), (1, 0)));
}

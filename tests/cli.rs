//! The built binary as scripts use it: standard output, standard error, exit codes.
#![allow(clippy::expect_used, reason = "helpers of tests say what they believed")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A sandbox of its own, stopped when dropped.
struct Sandbox {
    child: Child,
    ready: Value,
    home: tempfile::TempDir,
}

impl Sandbox {
    fn start(more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_manyou"));
        command.arg("serve").args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("serve starts");
        let mut line = String::new();
        let read = BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line);
        assert!(read.is_ok(), "no ready line");
        let ready = serde_json::from_str(&line).expect("one line of JSON");
        Self { child, ready, home: tempfile::tempdir().expect("home") }
    }

    /// The program against this sandbox, as `user` whose password is `pw`, with an empty home.
    fn run(&self, user: &str, args: &[&str]) -> (i32, String, String) {
        let output = self.command(user).args(args).output().expect("runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
    }

    fn command(&self, user: &str) -> Command {
        let mut command = bare(self.home.path());
        command.env("MANYOU_PASSWORD", "pw").stdin(Stdio::null());
        command.args(["--api", self.word("api"), "--app-key", self.word("app_key"), "--user", user]);
        command
    }

    fn word(&self, key: &str) -> &str {
        self.ready[key].as_str().expect("text")
    }

    /// An admin call with the app's token; how a test fills the app.
    fn admin(&self, path: &str, body: Value) -> Value {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        let base = format!("{}/{}", self.word("api"), self.word("app_key").replace('#', "/"));
        runtime.block_on(async {
            let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("client");
            let grant = json!({"grant_type": "client_credentials", "client_id": self.word("client_id"),
                               "client_secret": self.word("client_secret")});
            let token: Value = http
                .post(format!("{base}/token"))
                .json(&grant)
                .send()
                .await
                .expect("token")
                .json()
                .await
                .expect("json");
            let token = token["access_token"].as_str().expect("token");
            let sent = http.post(format!("{base}{path}")).bearer_auth(token).json(&body).send().await.expect("sent");
            let status = sent.status();
            let answer: Value = sent.json().await.expect("json");
            assert!(status.is_success(), "{path}: {answer}");
            answer
        })
    }

    /// Users alice and bob, and `texts` sent from bob to alice.
    fn with_messages(texts: &[&str]) -> Self {
        let sandbox = Self::start(&[]);
        sandbox
            .admin("/users", json!([{"username": "alice", "password": "pw"}, {"username": "bob", "password": "pw"}]));
        for text in texts {
            let body = json!({"from": "bob", "to": ["alice"], "type": "txt", "body": {"msg": text}});
            sandbox.admin("/messages/users", body);
        }
        sandbox
    }

    fn lines(&self, args: &[&str]) -> Vec<Value> {
        let (code, out, err) = self.run("alice", args);
        assert_eq!(code, 0, "{err}");
        out.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().expect("our own child");
        self.child.wait().expect("ended");
    }
}

fn bare(home: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manyou"));
    command.env_clear().env("HOME", home).env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    command
}

#[test]
fn a_list_needs_no_certificate_store_and_tells_what_it_holds() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let lines = sandbox.lines(&["list", "--ndjson"]);
    assert_eq!(lines[0]["schema"], "manyou.list/1");
    assert_eq!(lines[1]["peer"], "bob");
    assert_eq!(lines.last().expect("trailer")["complete"], true);
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

#[cfg(feature = "delete")]
#[test]
fn nothing_is_deleted_before_yes_and_exactly_the_plan_after_it() {
    let sandbox = Sandbox::with_messages(&["one", "two", "three"]);
    let all = || sandbox.lines(&["history", "bob", "--direction", "down", "--all", "--ndjson"]);
    let ids: Vec<String> = all().iter().filter_map(|l| l["id"].as_str().map(str::to_owned)).collect();
    let delete = ["delete", "messages", "bob", "--ids", &ids[0], "--ndjson"];
    assert_eq!(sandbox.run("alice", &delete).0, 4);
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--dry-run"]].concat()).0, 0);
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--yes", "--expect", "2"]].concat()).0, 8);
    assert_eq!(sandbox.run("alice", &[&delete[..], &["--yes", "--read-only"]].concat()).0, 12);
    assert_eq!(all().len(), 5);
    let report = sandbox.lines(&[&delete[..], &["--yes", "--expect", "1"]].concat());
    assert_eq!((report[1]["id"].as_str(), report[1]["confirmed"].as_bool()), (Some(ids[0].as_str()), Some(true)));
    assert_eq!(all().len(), 4);
}

#[cfg(feature = "delete")]
#[test]
fn times_that_are_none_or_not_past_are_refused_with_2() {
    let sandbox = Sandbox::with_messages(&["one"]);
    for time in ["", "none", "now", "2999-01-01"] {
        let (code, _, err) = sandbox.run("alice", &["delete", "before", "bob", time, "--yes"]);
        assert_eq!(code, 2, "{time}: {err}");
    }
}

#[cfg(feature = "delete")]
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

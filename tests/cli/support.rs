//! A sandbox, and the built binary run against it with an empty home.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const LOG: &str = "serve.log";

/// A sandbox of its own, stopped when dropped.
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) ready: Value,
    pub(crate) home: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn start(more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_manyou"));
        let home = tempfile::tempdir().expect("home");
        let log = std::fs::File::create(home.path().join(LOG)).expect("log");
        command.arg("serve").args(more).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("serve starts");
        let mut line = String::new();
        let read = BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line);
        assert!(read.is_ok(), "no ready line");
        let ready = serde_json::from_str(&line).expect("one line of JSON");
        Self { child, ready, home }
    }

    /// What the server has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.home.path().join(LOG)).expect("log")
    }

    /// The program against this sandbox, as `user` whose password is `pw`, with an empty home.
    pub(crate) fn run(&self, user: &str, args: &[&str]) -> (i32, String, String) {
        let output = self.command(user).args(args).output().expect("runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
    }

    pub(crate) fn command(&self, user: &str) -> Command {
        let mut command = bare(self.home.path());
        command.env("MANYOU_PASSWORD", "pw").stdin(Stdio::null());
        command.args(["--api", self.word("api"), "--app-key", self.word("app_key"), "--user", user]);
        command
    }

    pub(crate) fn word(&self, key: &str) -> &str {
        self.ready[key].as_str().expect("text")
    }

    /// A token of the user, as an app hands it out.
    pub(crate) fn token(&self, user: &str) -> String {
        let base = format!("{}/{}", self.word("api"), self.word("app_key").replace('#', "/"));
        let grant = json!({"grant_type": "password", "username": user, "password": "pw"});
        let answer = block_on(async {
            let sent = http().post(format!("{base}/token")).json(&grant).send().await.expect("sent");
            sent.json::<Value>().await.expect("json")
        });
        answer["access_token"].as_str().expect("token").to_owned()
    }

    /// An admin call with the app's token; how a test fills the app.
    pub(crate) fn admin(&self, path: &str, body: Value) -> Value {
        let base = format!("{}/{}", self.word("api"), self.word("app_key").replace('#', "/"));
        block_on(async {
            let http = http();
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

    /// Uploads a restricted file; its id and its secret.
    pub(crate) fn upload(&self, user: &str, bytes: &[u8]) -> (String, String) {
        let token = self.token(user);
        let base = format!("{}/{}", self.word("api"), self.word("app_key").replace('#', "/"));
        let head = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\ncontent-type: image/svg+xml\r\n\r\n";
        let body = [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
        let answer = block_on(async {
            let sent = http().post(format!("{base}/chatfiles")).bearer_auth(token).body(body);
            let sent = sent.header("restrict-access", "true").header("content-type", "multipart/form-data; boundary=x");
            sent.send().await.expect("sent").json::<Value>().await.expect("json")
        });
        let text = |key: &str| answer["entities"][0][key].as_str().expect("stored").to_owned();
        (text("uuid"), text("share-secret"))
    }

    /// A call with the token of a user whose password is `pw`.
    pub(crate) fn as_user(&self, user: &str, path: &str, body: Value) -> Value {
        let token = self.token(user);
        let base = format!("{}/{}", self.word("api"), self.word("app_key").replace('#', "/"));
        block_on(async {
            let sent = http().post(format!("{base}{path}")).bearer_auth(token).json(&body).send().await.expect("sent");
            sent.json::<Value>().await.expect("json")
        })
    }

    /// Users alice and bob, and `texts` sent from bob to alice.
    pub(crate) fn with_messages(texts: &[&str]) -> Self {
        Self::filled(texts, &[])
    }

    /// The same behind scripted faults.
    pub(crate) fn with_faults(texts: &[&str], faults: Value) -> Self {
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(faults.to_string().as_bytes()).expect("written");
        Self::filled(texts, &["--faults", file.path().to_str().expect("a plain path")])
    }

    /// The same with more words for `serve`.
    pub(crate) fn filled(texts: &[&str], more: &[&str]) -> Self {
        let sandbox = Self::start(more);
        sandbox
            .admin("/users", json!([{"username": "alice", "password": "pw"}, {"username": "bob", "password": "pw"}]));
        for text in texts {
            let body = json!({"from": "bob", "to": ["alice"], "type": "txt", "body": {"msg": text}});
            sandbox.admin("/messages/users", body);
        }
        sandbox
    }

    pub(crate) fn lines(&self, args: &[&str]) -> Vec<Value> {
        let (code, out, err) = self.run("alice", args);
        assert_eq!(code, 0, "{err}");
        objects(&out)
    }

    /// The ids of the messages, oldest first.
    pub(crate) fn ids(&self) -> Vec<String> {
        let all = self.lines(&["history", "bob", "--direction", "down", "--all", "--ndjson"]);
        all.iter().filter_map(|line| line["id"].as_str().map(str::to_owned)).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().expect("our own child");
        self.child.wait().expect("ended");
    }
}

pub(crate) fn bare(home: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manyou"));
    command.env_clear().env("HOME", home).env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    command
}

/// What was printed as one JSON object a line.
pub(crate) fn objects(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime").block_on(future)
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("client")
}

//! What a test has around it: an empty home of its own, and a sandbox server.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use portable_pty::CommandBuilder;
use serde_json::Value;

use crate::tty::Tty;

/// The clock of demos: far from a change of day and year, 55 s from the next minute.
pub(crate) const NOW: &str = "2026-05-04T12:00:05Z";
pub(crate) const WIDE: (u16, u16) = (120, 40);
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_manyou");

/// A home nobody else uses.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("home"));
        std::fs::create_dir(home.temp()).expect("temp");
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Its temporary folder.
    pub(crate) fn temp(&self) -> PathBuf {
        self.path().join("tmp")
    }

    /// What lies in its temporary folder.
    pub(crate) fn left(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.temp()).expect("temp");
        entries.map(|entry| entry.expect("entry").path()).collect()
    }

    /// Every variable of this home.
    pub(crate) fn vars(&self) -> Vec<(&'static str, String)> {
        let below = |name: &str| self.path().join(name).to_string_lossy().into_owned();
        vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", below("")),
            ("XDG_CONFIG_HOME", below("config")),
            ("XDG_DATA_HOME", below("data")),
            ("XDG_STATE_HOME", below("state")),
            ("TMPDIR", below("tmp")),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("MANYOU_TZ", "UTC".to_owned()),
        ]
    }

    /// The program with this home.
    pub(crate) fn command(&self, args: &[&str]) -> CommandBuilder {
        self.other(PROGRAM, args)
    }

    /// Another program with this home.
    pub(crate) fn other(&self, program: &str, args: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.args(args);
        self.vars().into_iter().for_each(|(name, value)| command.env(name, value));
        command.cwd(self.path());
        command
    }

    /// The demo, at [`NOW`] and in English unless `args` say otherwise.
    pub(crate) fn demo(&self, size: (u16, u16), args: &[&str]) -> Tty {
        let lang: &[&str] = if args.contains(&"--lang") { &[] } else { &["--lang", "en"] };
        let now: &[&str] = if args.contains(&"--now") { &[] } else { &["--now", NOW] };
        Tty::start(self.command(&[&["demo"], lang, now, args].concat()), size)
    }
}

/// A sandbox server with the demo data, stopped when dropped.
pub(crate) struct Sandbox {
    child: Child,
    ready: Value,
    pub(crate) home: Home,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        Self::with_faults("[]")
    }

    pub(crate) fn with_faults(faults: &str) -> Self {
        let home = Home::new();
        let script = home.path().join("faults.json");
        std::fs::write(&script, faults).expect("written");
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--demo", "--faults"]).arg(script);
        command.env_clear().envs(home.vars()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("serve starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let ready = serde_json::from_str(&line).expect("one line of JSON");
        Self { child, ready, home }
    }

    pub(crate) fn word(&self, key: &str) -> &str {
        self.ready[key].as_str().expect("text")
    }

    /// Stops it: from now on nobody answers at its address.
    pub(crate) fn stop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }

    /// The screen, signing in as the demo's agent.
    pub(crate) fn tui(&self, size: (u16, u16), args: &[&str]) -> Tty {
        self.tui_as("kefu01", "demo", size, args)
    }

    pub(crate) fn tui_as(&self, user: &str, password: &str, size: (u16, u16), args: &[&str]) -> Tty {
        let to = ["tui", "--api", self.word("api"), "--app-key", self.word("app_key"), "--user", user];
        let lang: &[&str] = if args.contains(&"--lang") { &[] } else { &["--lang", "en"] };
        let mut command = self.home.command(&[&to, lang, args].concat());
        command.env("MANYOU_PASSWORD", password);
        Tty::start(command, size)
    }

    /// Ids of all messages of a conversation, as a script sees them.
    pub(crate) fn ids(&self, peer: &str) -> Vec<String> {
        let records = self.run(&["history", peer, "--all", "--ndjson"]);
        records.iter().filter_map(|r| r["id"].as_str().map(str::to_owned)).collect()
    }

    /// The records of one command line as the agent.
    pub(crate) fn run(&self, args: &[&str]) -> Vec<Value> {
        let mut command = Command::new(PROGRAM);
        command.env_clear().envs(self.home.vars()).env("MANYOU_PASSWORD", "demo").stdin(Stdio::null());
        command.args(["--api", self.word("api"), "--app-key", self.word("app_key"), "--user", "kefu01"]).args(args);
        let output = command.output().expect("runs");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}

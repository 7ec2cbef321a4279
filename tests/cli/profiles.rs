//! `login`, `logout` and `profiles`: what is kept where, and for whom.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::json;

use crate::support::{Sandbox, bare};

const SECRETS: &str = ".local/share/manyou/secrets";

impl Sandbox {
    /// A run whose standard input is `typed`, with no password in the environment.
    pub(crate) fn typed(&self, args: &[&str], typed: &str) -> Output {
        let mut command = self.command("alice");
        let mut child = command
            .env_remove("MANYOU_PASSWORD")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        child.stdin.take().expect("piped").write_all(typed.as_bytes()).expect("read");
        child.wait_with_output().expect("ended")
    }

    /// A run with nothing but the home of this sandbox.
    fn kept(&self, args: &[&str]) -> (i32, String, String) {
        let output = bare(self.home.path()).args(args).stdin(Stdio::null()).output().expect("runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
    }

    fn secret(&self, name: &str) -> PathBuf {
        self.home.path().join(SECRETS).join(name)
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[test]
fn a_password_from_standard_input_is_kept_for_its_owner_alone_and_serves_later_runs() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let output = sandbox.typed(&["login", "shop", "--password-stdin"], "pw\n");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let file = sandbox.secret("shop.password");
    assert_eq!((fs::read_to_string(&file).expect("kept"), mode(&file)), ("pw".to_owned(), 0o600));
    assert_eq!(mode(file.parent().expect("folder")), 0o700);
    let config = sandbox.home.path().join(".config/manyou/config.toml");
    assert_eq!(mode(&config), 0o600);
    assert!(!fs::read_to_string(&config).expect("kept").contains("pw"));
    let (code, out, err) = sandbox.kept(&["list"]);
    assert!(code == 0 && out.contains("bob"), "{err}");
    assert_eq!(sandbox.kept(&["logout", "shop"]).0, 0);
    assert!(!file.exists());
    let (code, _, err) = sandbox.kept(&["list", "--lang", "zh"]);
    assert!(code == 3 && err.contains("没有密码"), "{err}");
}

#[test]
fn a_wrong_password_keeps_nothing() {
    let sandbox = Sandbox::with_messages(&[]);
    assert_eq!(sandbox.typed(&["login", "shop", "--password-stdin"], "no").status.code(), Some(3));
    assert!(!sandbox.home.path().join(".config").exists() && !sandbox.secret("shop.password").exists());
}

#[test]
fn a_token_from_standard_input_is_kept_as_a_token() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let token = sandbox.token("alice");
    let output = sandbox.typed(&["login", "shop", "--token-stdin"], &format!("{token}\n"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        (fs::read_to_string(sandbox.secret("shop.token")).expect("kept"), mode(&sandbox.secret("shop.token"))),
        (token, 0o600)
    );
    assert_eq!(sandbox.kept(&["list"]).0, 0);
}

#[test]
fn a_profile_on_behalf_keeps_the_apps_secret_and_only_reads() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let args =
        ["login", "boss", "--on-behalf", "--client-id", sandbox.word("client_id"), "--password-stdin", "--lang", "en"];
    let output = sandbox.typed(&args, sandbox.word("client_secret"));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && err.contains("viewing as alice, read only"), "{err}");
    assert_eq!(mode(&sandbox.secret("boss.client-secret")), 0o600);
    assert!(sandbox.kept(&["list"]).1.contains("bob"));
    let (code, out, _) = sandbox.kept(&["profiles", "list", "--json"]);
    let profiles: serde_json::Value = serde_json::from_str(&out).expect("one document");
    assert_eq!(
        (code, &profiles["records"][0]["on_behalf"], &profiles["records"][0]["default"]),
        (0, &json!(true), &json!(true))
    );
}

#[test]
fn profiles_are_chosen_tested_and_removed_by_name() {
    let sandbox = Sandbox::with_messages(&[]);
    for name in ["shop", "night"] {
        assert!(sandbox.typed(&["login", name, "--password-stdin"], "pw").status.success());
    }
    assert!(sandbox.kept(&["profiles"]).1.contains("* shop"));
    assert_eq!(sandbox.kept(&["profiles", "use", "night"]).0, 0);
    assert!(sandbox.kept(&["profiles"]).1.contains("* night"));
    assert_eq!(sandbox.kept(&["profiles", "test", "shop"]).0, 0);
    for (lang, words) in [("en", "did you mean shop?"), ("zh", "是否想用 shop？")] {
        let (code, _, err) = sandbox.kept(&["profiles", "use", "shp", "--lang", lang]);
        assert!(code == 2 && err.contains(words), "{err}");
    }
    assert_eq!(sandbox.kept(&["profiles", "remove", "shop"]).0, 0);
    assert!(!sandbox.secret("shop.password").exists() && !sandbox.kept(&["profiles"]).1.contains("shop"));
}

#[test]
fn a_secret_that_others_can_read_is_not_used() {
    let sandbox = Sandbox::with_messages(&[]);
    assert!(sandbox.typed(&["login", "shop", "--password-stdin"], "pw").status.success());
    fs::set_permissions(sandbox.secret("shop.password"), fs::Permissions::from_mode(0o644)).expect("chmod");
    let (code, _, err) = sandbox.kept(&["list"]);
    assert!(code == 2 && err.contains("chmod 600"), "{err}");
}

#[test]
fn what_is_kept_is_named_by_what_it_is() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let token = sandbox.token("alice");
    let output = sandbox.typed(&["login", "shop", "--token-stdin", "--lang", "en"], &format!("{token}\n"));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("the token is in") && !err.contains("password"), "{err}");
    let args =
        ["login", "boss", "--on-behalf", "--client-id", sandbox.word("client_id"), "--password-stdin", "--lang", "zh"];
    let output = sandbox.typed(&args, sandbox.word("client_secret"));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("应用的 client secret 在 ") && !err.contains("密码"), "{err}");
}

#[test]
fn without_a_default_profile_the_ways_to_mean_one_are_said() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    for name in ["shop", "night"] {
        assert!(sandbox.typed(&["login", name, "--password-stdin"], "pw").status.success());
    }
    assert_eq!(sandbox.kept(&["profiles", "remove", "shop"]).0, 0);
    for verb in [&["list"][..], &["logout"]] {
        let (code, _, err) = sandbox.kept(verb);
        assert!(code == 2 && err.contains("-p") && err.contains("profiles use") && err.contains("night"), "{err}");
    }
    assert_eq!(sandbox.kept(&["list", "-p", "night"]).0, 0);
}

#[test]
fn programs_are_told_what_was_done_to_a_profile() {
    let sandbox = Sandbox::with_messages(&["hello"]);
    let document = |out: &str| serde_json::from_str::<serde_json::Value>(out).expect("one document");
    let output = sandbox.typed(&["login", "shop", "--password-stdin", "--json"], "pw");
    let told = document(&String::from_utf8_lossy(&output.stdout));
    let record = &told["records"][0];
    assert_eq!(
        (&told["schema"], &record["id"], &record["action"]),
        (&json!("manyou.profile/1"), &json!("shop"), &json!("saved"))
    );
    assert_eq!((&record["user"], &record["secret"]), (&json!("alice"), &json!("password")));
    for (args, action) in [
        (&["profiles", "test"][..], "signed-in"),
        (&["profiles", "use", "shop"], "default"),
        (&["logout", "shop"], "logged-out"),
        (&["profiles", "remove", "shop"], "removed"),
    ] {
        let (code, out, err) = sandbox.kept(&[args, &["--json"]].concat());
        assert_eq!((code, &document(&out)["records"][0]["action"]), (0, &json!(action)), "{err}");
    }
}

#[test]
fn a_profile_can_be_kept_in_a_configuration_that_is_not_there_yet() {
    let sandbox = Sandbox::with_messages(&[]);
    let config = sandbox.home.path().join("mine.toml");
    let args = ["login", "shop", "--password-stdin", "--config", config.to_str().expect("path")];
    assert!(sandbox.typed(&args, "pw").status.success());
    assert!(config.exists());
}

//! The screen without a server: a file that is looked at, and an archive that is opened offline.

use std::net::TcpListener;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::json;

use crate::tty::{ENTER, Tty};
use crate::world::Home;

const SIZE: (u16, u16) = (80, 24);

/// An hourly history file of an app: bob and alice, then a group.
pub(crate) fn hourly(home: &Home) -> PathBuf {
    let line = |i: u64, kind: &str, from: &str, to: &str| {
        json!({"msg_id": (1_213_049_947_239_219_200 + ((i * 60_000) << 22)).to_string(),
               "timestamp": 1_700_000_000_000_i64 + i as i64 * 60_000, "direction": "outgoing", "from": from, "to": to,
               "chat_type": kind,
               "payload": {"bodies": [{"type": "txt", "msg": format!("hourly {i}")}], "ext": {}, "from": from, "to": to}})
    };
    let mut text: Vec<String> = (0..130).map(|i| line(i, "chat", "bob", "alice").to_string()).collect();
    text.push(line(130, "groupchat", "carol", "77").to_string());
    let path = home.path().join("2023111422");
    std::fs::write(&path, text.join("\n")).expect("written");
    path
}

fn open(home: &Home, more: &[&str]) -> Tty {
    let file = hourly(home);
    Tty::start(home.command(&[&["open", file.to_str().expect("a path"), "--lang", "en"], more].concat()), SIZE)
}

/// What lies in a home besides its temporary folder and the file.
fn kept(home: &Home) -> Vec<String> {
    let names = std::fs::read_dir(home.path()).expect("home");
    let names = names.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name != "tmp" && name != "2023111422").collect()
}

#[test]
fn a_file_is_looked_at_without_an_account_and_leaves_nothing() {
    let home = Home::new();
    let mut tty = open(&home, &[]);
    tty.shows("131 messages");
    assert!(tty.text().contains("2023111422  a file") && tty.text().contains("alice · bob"), "{}", tty.text());
    assert_eq!(home.left().len(), 1);
    tty.keys("j");
    tty.keys(ENTER);
    tty.shows("hourly 128");
    assert!(!tty.text().contains("waits"), "{}", tty.text());
    tty.keys("gg");
    tty.shows("hourly 0 ");
    assert!(!tty.text().contains("not loaded"), "{}", tty.text());
    tty.insist("Dm", "there is nothing to delete on a server");
    tty.insist("M", "there is no server to ask");
    tty.insist("R", "there is no server to ask");
    tty.keys("qq");
    tty.ends_with(0);
    assert_eq!((home.left(), kept(&home)), (Vec::new(), Vec::new()));
}

#[test]
fn a_signal_removes_what_was_read() {
    let home = Home::new();
    let mut tty = open(&home, &[]);
    tty.shows("131 messages");
    tty.signal(Signal::TERM);
    assert_eq!(tty.end().code, 128 + 15);
    assert_eq!(home.left(), Vec::<PathBuf>::new());
}

#[test]
fn somebody_named_sees_only_their_own() {
    let home = Home::new();
    let mut tty = open(&home, &["--user", "carol"]);
    tty.shows("1 message");
    assert!(!tty.text().contains("bob"), "{}", tty.text());
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn an_archive_opens_offline_and_nobody_is_connected_to() {
    let home = Home::new();
    let ear = TcpListener::bind("127.0.0.1:0").expect("a port");
    ear.set_nonblocking(true).expect("does not wait");
    let api = format!("http://{}", ear.local_addr().expect("an address"));
    let whom = ["--api", &api, "--app-key", "o#a", "--user", "alice", "--lang", "en"];
    let file = hourly(&home);
    let import = [&["import", file.to_str().expect("a path")], &whom[..]].concat();
    let mut tty = Tty::start(home.command(&import), SIZE);
    tty.ends_with(0);
    let mut tty = Tty::start(home.command(&[&["--offline"], &whom[..]].concat()), SIZE);
    tty.shows("Offline since");
    assert!(tty.text().contains("alice@o#a  offline"), "{}", tty.text());
    tty.keys("j");
    tty.keys(ENTER);
    tty.shows("hourly 128");
    tty.keys("gg");
    tty.shows("not loaded");
    tty.insist("Dm", "a deletion needs the server");
    tty.insist("R", "no server is asked");
    tty.keys("qq");
    tty.ends_with(0);
    assert!(ear.accept().is_err(), "somebody came");
}

#[test]
fn a_bookmark_outlives_the_program_and_leads_there_from_the_list() {
    let home = Home::new();
    let whom = ["--api", "http://127.0.0.1:9", "--app-key", "o#a", "--user", "alice", "--lang", "en"];
    let file = hourly(&home);
    let import = [&["import", file.to_str().expect("a path")], &whom[..]].concat();
    Tty::start(home.command(&import), SIZE).ends_with(0);
    let offline = || Tty::start(home.command(&[&["--offline"], &whom[..]].concat()), SIZE);
    let mut tty = offline();
    tty.shows("Offline since");
    tty.keys("j");
    tty.keys(ENTER);
    tty.shows("hourly 128");
    // The import brought no count of unread messages.
    tty.insist("gu", "nothing is unread here");
    tty.keys("gd2023-11-14 22:33");
    tty.keys(ENTER);
    tty.shows("hourly 20 ");
    tty.insist("bq", "bookmark q set");
    tty.keys("qq");
    tty.ends_with(0);
    let mut tty = offline();
    tty.shows("Offline since");
    assert!(!tty.text().contains("hourly 20 "), "{}", tty.text());
    tty.keys("'");
    tty.shows("q    bob");
    tty.keys("q");
    tty.shows("hourly 20 ");
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_part_of_a_conversation_is_not_shown_as_all_of_it() {
    for (torn, oldest) in [(false, true), (true, false)] {
        let home = Home::new();
        let path = home.path().join("2023111422");
        hourly(&home);
        let home_args = ["--api", "http://127.0.0.1:1", "--app-key", "o#a", "--user", "alice"];
        let run = |args: &[&str]| {
            let mut command = std::process::Command::new(crate::world::PROGRAM);
            command.env_clear().envs(home.vars()).args(args).args(home_args);
            assert!(command.output().expect("runs").status.success(), "{args:?}");
        };
        run(&["import", path.to_str().expect("a path")]);
        let file = home.path().join("x.ndjson");
        run(&["export", "--all", "-o", file.to_str().expect("a path")]);
        let text = std::fs::read_to_string(&file).expect("written");
        let text = if torn { text } else { whole(&text) };
        std::fs::write(&file, text).expect("written");
        let mut tty = Tty::start(home.command(&["open", file.to_str().expect("a path"), "--lang", "en"]), SIZE);
        tty.shows("131 messages");
        tty.keys("j");
        tty.keys(ENTER);
        tty.shows("hourly 128");
        tty.keys("gg");
        tty.shows("hourly 0 ");
        assert_eq!(tty.text().contains("oldest on server"), oldest, "{}", tty.text());
        tty.keys("qq");
        tty.ends_with(0);
    }
}

/// The same export, with a trailer that says that all of it is there.
fn whole(text: &str) -> String {
    let cut = text.trim_end().rfind('\n').expect("lines") + 1;
    let mut trailer: serde_json::Value = serde_json::from_str(&text[cut..]).expect("a trailer");
    trailer["conversations"].as_array_mut().expect("counted").iter_mut().for_each(|c| c["whole"] = true.into());
    format!("{}{trailer}\n", &text[..cut])
}

//! Exports from the screen: the same bytes as the command line's, never over a file unasked, and clean ends.

use std::fs;

use serde_json::Value;

use crate::tty::{ENTER, ESC, Tty};
use crate::world::{Home, Sandbox};

const SIZE: (u16, u16) = (80, 24);

/// The lines of an NDJSON without its header, which says when it was made.
fn records(path: &std::path::Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    lines.remove(0);
    // Its hash covers the header.
    lines.iter_mut().filter_map(Value::as_object_mut).for_each(|line| drop(line.remove("sha256")));
    lines
}

/// With the conversation of user_1029 open and its oldest message seen.
fn opened(sandbox: &Sandbox) -> Tty {
    let mut tty = sandbox.tui(SIZE, &[]);
    tty.shows("78 conversations");
    tty.keys("ouser_1029\r");
    tty.shows("user_1029");
    tty.keys("gg");
    tty.shows("oldest on server");
    tty
}

#[test]
fn what_the_screen_writes_is_what_the_command_line_writes() {
    let sandbox = Sandbox::start();
    let mut tty = opened(&sandbox);
    tty.keys("X");
    tty.shows("no server is asked");
    tty.keys("jl");
    tty.shows(".ndjson");
    tty.keys("j\u{15}screen.ndjson");
    tty.keys(ENTER);
    tty.shows("messages in screen.ndjson");
    let [screen, shell] = ["screen.ndjson", "shell.ndjson"].map(|name| sandbox.home.path().join(name));
    sandbox.run(&["export", "user_1029", "--ndjson", "-o", shell.to_str().expect("a path")]);
    let [screen, shell] = [screen, shell].map(|path| records(&path));
    assert!(screen.len() > 10);
    assert_eq!(screen, shell);
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_file_is_replaced_only_when_that_was_said() {
    let sandbox = Sandbox::start();
    let mut tty = opened(&sandbox);
    let path = sandbox.home.path().join("mine.txt");
    fs::write(&path, "mine").expect("written");
    tty.keys("Xjj\u{15}~/mine.txt");
    tty.keys(ENTER);
    tty.shows("is there already");
    tty.keys(ENTER);
    tty.gone("is there already");
    assert_eq!(fs::read_to_string(&path).expect("there"), "mine");
    tty.keys(ENTER);
    tty.shows("is there already");
    tty.keys("x");
    tty.shows("messages in ~/mine.txt");
    assert!(fs::read_to_string(&path).expect("there").contains("user_1029"));
    tty.keys("X");
    tty.shows("~/user_1029-");
    left(&mut tty);
    tty.keys("Xjj\u{15}nowhere/a.txt");
    tty.keys(ENTER);
    tty.shows("The folder is not there");
    left(&mut tty);
    tty.keys("qq");
    tty.ends_with(0);
}

/// Leaves the question.
fn left(tty: &mut Tty) {
    tty.keys(ESC);
    tty.until("no question", |tty| !tty.text().contains("Esc  close"));
}

#[test]
fn marked_messages_and_hits_of_a_file_without_any_server() {
    let home = Home::new();
    let file = crate::local::hourly(&home);
    let mut tty = Tty::start(home.command(&["open", file.to_str().expect("a path"), "--lang", "en"]), SIZE);
    tty.shows("131 messages");
    tty.keys("j");
    tty.keys(ENTER);
    tty.shows("hourly 128");
    tty.keys(" k ");
    tty.shows("2 marked");
    tty.keys("Xjj\u{15}marked.txt");
    tty.keys(ENTER);
    tty.shows("2 messages in marked.txt");
    tty.keys(ESC);
    tty.until("no marks", |tty| !tty.text().contains("2 marked"));
    tty.keys("S");
    tty.keys("hourly 10");
    // Of all that was typed: fewer letters have hits too.
    tty.shows("11 hits");
    tty.keys(ENTER);
    tty.keys("Xjj\u{15}hits.csv");
    tty.keys(ENTER);
    tty.shows("messages in hits.csv");
    let hits = fs::read_to_string(home.path().join("hits.csv")).expect("there");
    assert!(hits.starts_with('\u{feff}') && hits.contains("hourly 100") && !hits.contains("hourly 99"), "{hits}");
    tty.keys("qqqq");
    tty.ends_with(0);
}

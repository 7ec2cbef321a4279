//! Every size of terminal, every locale, and every change between them.

use rustix::process::Signal;

use crate::tty::ESC;
use crate::world::{Home, WIDE};

#[test]
fn every_usual_size_shows_list_and_history_in_both_languages() {
    for (lang, help) in [("en", "Keys"), ("zh", "按键")] {
        for size in [(80, 24), (120, 40), (200, 60), (50, 24)] {
            let home = Home::new();
            let mut tty = home.demo(size, &["--lang", lang]);
            tty.shows("78");
            tty.keys("olongtime\r");
            tty.until("the newest message", |tty| tty.text().contains("在吗？"));
            tty.keys("?");
            tty.shows(help);
            tty.keys(ESC);
            tty.keys("+__+\u{c}q");
            tty.signal(Signal::TERM);
            tty.ends_with(128 + 15);
        }
    }
}

#[test]
fn no_live_change_of_size_ends_it_or_loses_the_place() {
    let home = Home::new();
    let mut tty = home.demo(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("olongtime\r");
    tty.shows("0 of ");
    let sizes = [(0, 0), (1, 1), (2, 1), (10, 3), (19, 4), (20, 4), (20, 5), (39, 9), (50, 24), (500, 300)];
    for (columns, rows) in sizes.into_iter().chain([(65_535, 1), (1000, 1000), (1, 1000), (1000, 1), (300, 80)]) {
        tty.resize(columns, rows);
        tty.keys("jk");
    }
    tty.resize(10, 3);
    tty.shows("needs 20x4");
    tty.resize(120, 40);
    tty.shows("longtime");
    tty.shows("78 conversations");
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_locale_without_utf_8_gets_no_byte_above_ascii() {
    for locale in ["C", "zh_CN.GBK"] {
        let home = Home::new();
        let mut command = home.command(&["demo", "--lang", "en"]);
        command.env("LC_ALL", locale);
        let mut tty = crate::tty::Tty::start(command, (80, 24));
        tty.shows("78 conversations");
        tty.keys("olongtime\r");
        tty.shows("50 of 50+");
        tty.keys("i");
        tty.listen(std::time::Duration::from_millis(200));
        tty.keys("iqq");
        tty.ends_with(0);
        assert!(tty.sent.is_ascii(), "{locale}");
    }
    let home = Home::new();
    let mut command = home.command(&["demo", "--lang", "en"]);
    command.env("LC_ALL", "xx_YY.UTF-8");
    let mut tty = crate::tty::Tty::start(command, (80, 24));
    tty.shows("78 ");
    tty.keys("q");
    tty.ends_with(0);
}

/// What of the list of bad terminals is tried elsewhere or not yet.
#[test]
fn every_bad_terminal_is_tried_or_named() {
    let lines = include_str!("../badinputs/terminal.jsonl").lines();
    let cases = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a case"));
    let mut unknown = Vec::new();
    for id in cases.map(|case| case["id"].as_str().expect("an id").to_owned()) {
        match id.as_str() {
            "tmux" | "screen" => println!("left: {id}: needs a program that is not ours"),
            "panic-main" | "panic-task" => {
                println!("left: {id}: no hook makes the program fail; tests/terminal_guard.rs");
            }
            "sigpipe" => println!("left: {id}: concerns the command line; tests/cli.rs"),
            tried if tried.starts_with("size-") || tried.starts_with("sig-") || tried.starts_with("lang-") => {}
            "term-dumb" | "term-unset" | "stdin-devnull" | "stdin-closed" | "stdout-closed" => {}
            "pty-hangup" | "pty-hangup-ignored" | "paste-1m" | "paste-escape" | "key-garbage" => {}
            _ => unknown.push(id),
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn a_key_that_comes_with_a_change_of_size_is_taken_without_another() {
    let home = Home::new();
    let mut tty = home.demo((120, 40), &[]);
    tty.shows("78 conversations");
    for n in 0..20 {
        // Stopped, so that it meets both at once.
        tty.signal(Signal::STOP);
        tty.resize(100 + n, 40);
        tty.keys("?");
        tty.signal(Signal::CONT);
        tty.shows("type to narrow");
        tty.keys(ESC);
        tty.gone("type to narrow");
    }
    tty.keys("q");
    tty.ends_with(0);
}

//! Whatever ends or stops the program, the terminal is given back as it was.

use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::bytes;
use crate::tty::{End, Tty};
use crate::world::{Home, PROGRAM};

const SIZE: (u16, u16) = (80, 24);

#[test]
fn signals_end_it_with_their_number_and_give_the_terminal_back() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2), (Signal::QUIT, 3)] {
        let home = Home::new();
        let mut tty = home.demo(SIZE, &[]);
        tty.shows("78 conversations");
        assert!(tty.is_taken());
        tty.signal(signal);
        tty.ends_with(128 + number);
        assert_eq!(home.left(), Vec::<std::path::PathBuf>::new(), "{signal:?}");
    }
}

#[test]
fn a_closed_terminal_ends_it_within_two_seconds_also_when_hangups_are_ignored() {
    for ignored in ["", "trap '' HUP; "] {
        let home = Home::new();
        let script = format!("{ignored}{PROGRAM} demo --lang en; echo $? > code");
        // A group of its own, so that the shell lives to write the code down.
        let script = format!("trap 'true' HUP; {script}");
        let mut tty = Tty::start(home.other("sh", &["-c", &script]), SIZE);
        tty.shows("78 conversations");
        tty.hang_up();
        assert!(tty.within(Duration::from_secs(4), Tty::has_ended), "it lives on");
        let code = std::fs::read_to_string(home.path().join("code")).expect("the code");
        assert_eq!(code.trim(), "129");
        assert_eq!(home.left(), Vec::<std::path::PathBuf>::new());
    }
}

#[test]
fn c_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let home = Home::new();
    let mut tty = Tty::start(home.other("bash", &["--norc", "--noprofile", "--noediting", "-i"]), SIZE);
    tty.keys(&format!("PS1='shell> '; {PROGRAM} demo --lang en\n"));
    tty.shows("78 conversations");
    for round in 1..=2 {
        tty.keys("\u{1a}");
        tty.until("a stopped job", |tty| tty.text().matches("Stopped").count() == round);
        tty.until("the shell's terminal", |tty| !tty.model.screen().alternate_screen());
        assert!(!tty.model.screen().hide_cursor() && !tty.model.screen().bracketed_paste());
        tty.keys(&format!("stty -a | tr '\\n' ' '; echo as''ked {round}\n"));
        tty.shows(&format!("asked {round}\nshell>"));
        assert!(tty.text().contains(" icanon") && tty.text().contains(" echo "), "{}", tty.text());
        tty.keys("fg\n");
        tty.until("the list again", |tty| tty.is_taken() && tty.text().contains("78 conversations"));
    }
    tty.keys("q");
    tty.until("the shell's prompt", |tty| tty.text().trim_end().ends_with("\nshell>"));
    tty.keys("echo code $?\n");
    tty.shows("code 0");
}

#[test]
fn what_is_typed_once_the_terminal_is_back_is_for_whoever_comes_next() {
    let home = Home::new();
    let script = format!("{PROGRAM} demo --lang en; read line; echo \"read: $line\"");
    let mut tty = Tty::start(home.other("sh", &["-c", &script]), SIZE);
    tty.shows("78 conversations");
    tty.keys("q");
    // The program goes on for a while: it stops its server and removes its folder.
    tty.until("the terminal given back", |tty| tty.sent.ends_with(b"\x1b[?25h"));
    tty.keys("for the shell\n");
    tty.shows("read: for the shell");
}

#[test]
fn a_stop_from_outside_gives_the_terminal_back_first() {
    let home = Home::new();
    let mut tty = Tty::start(home.other("bash", &["--norc", "--noprofile", "--noediting", "-i"]), SIZE);
    tty.keys(&format!("PS1='shell> '; {PROGRAM} demo --lang en\n"));
    tty.shows("78 conversations");
    let program = child_of(tty.pid.as_raw_nonzero().get());
    rustix::process::kill_process(program, Signal::TSTP).expect("signalled");
    tty.shows("Stopped");
    tty.until("the shell's terminal", |tty| !tty.model.screen().alternate_screen());
    assert!(!tty.model.screen().hide_cursor() && !tty.model.screen().bracketed_paste());
    tty.keys("fg\n");
    tty.shows("78 conversations");
    rustix::process::kill_process(program, Signal::STOP).expect("signalled");
    tty.until("the shell's prompt", |tty| tty.text().contains("Stopped"));
    tty.keys("\nfg\n");
    tty.shows("78 conversations");
    tty.keys("q");
    tty.until("the shell's terminal", |tty| !tty.model.screen().alternate_screen());
}

/// The one child of a process.
fn child_of(pid: i32) -> rustix::process::Pid {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let children = std::fs::read_to_string(path).expect("children");
    let child = children.split_whitespace().next().expect("one child").parse().expect("a pid");
    rustix::process::Pid::from_raw(child).expect("a pid")
}

#[test]
fn where_nobody_could_continue_it_c_z_stops_nothing() {
    let home = Home::new();
    let mut tty = home.demo(SIZE, &[]);
    tty.shows("78 conversations");
    tty.keys("\u{1a}");
    tty.until("the terminal taken again", |tty| {
        tty.sent.windows(8).filter(|w| *w == b"\x1b[?1049h").count() == 2 && tty.text().contains("78 conversations")
    });
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn a_dumb_terminal_and_no_terminal_get_one_line_and_no_escape() {
    let home = Home::new();
    for term in [Some("dumb"), Some(""), None] {
        let mut command = home.command(&["demo"]);
        match term {
            Some(term) => command.env("TERM", term),
            None => command.env_remove("TERM"),
        }
        let mut tty = Tty::start(command, SIZE);
        assert_eq!(tty.end(), End { code: 2, signal: None });
        assert!(!tty.sent.contains(&0x1B) && tty.sent.ends_with(b"\r\n"), "{}", tty.text());
        tty.is_restored();
    }
    for (stdin, stdout) in [("</dev/null", ""), ("<&-", ""), ("", ">/dev/null"), ("", ">&-")] {
        for verb in ["", "demo", "tui"] {
            let script = format!("{PROGRAM} {verb} {stdin} {stdout}; echo code $?");
            let mut tty = Tty::start(home.other("sh", &["-c", &format!("({script}) 2>&1")]), SIZE);
            if stdout.is_empty() {
                tty.end();
                let wanted = if verb == "tui" { "code " } else { "code 2" };
                assert!(tty.text().contains(wanted), "{verb} {stdin}: {}", tty.text());
            } else {
                tty.end();
            }
            assert!(!tty.sent.contains(&0x1B) && !tty.text().contains("panic"), "{verb} {stdin} {stdout}");
        }
    }
}

#[test]
fn an_error_before_the_screen_leaves_the_terminal_alone() {
    let home = Home::new();
    let mut command = home.command(&["tui", "--profile", "nowhere"]);
    command.env("MANYOU_PASSWORD", "pw-never-shown");
    let mut tty = Tty::start(command, SIZE);
    assert_ne!(tty.end().code, 0);
    assert!(!tty.sent.contains(&0x1B) && !tty.text().contains("pw-never-shown"), "{}", tty.text());
    tty.is_restored();
}

#[test]
fn garbage_from_the_keyboard_neither_ends_it_badly_nor_acts_on_the_terminal() {
    let home = Home::new();
    let mut tty = home.demo(SIZE, &[]);
    tty.shows("78 conversations");
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..16 {
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as u8
        })
        // Keys that leave are not garbage: q, C-c, C-z.
        .filter(|byte| !matches!(byte, b'q' | 3 | 26))
        .take(1024)
        .collect();
        tty.bytes(&noise);
    }
    // Whatever is open, C-c twice leaves.
    let tries = (0..100).find(|_| {
        tty.keys("\u{3}\u{3}");
        tty.within(Duration::from_millis(250), Tty::has_ended)
    });
    assert!(tries.is_some(), "it goes on: {}", tty.text());
    assert_eq!(bytes::foreign(&tty.sent), None);
    assert!(!tty.text().contains("panic"));
}

#[test]
fn a_huge_paste_is_cut_and_its_end_mark_is_text() {
    let home = Home::new();
    let mut tty = home.demo(SIZE, &[]);
    tty.shows("78 conversations");
    tty.keys("/");
    tty.shows("in this list");
    tty.paste(&"漫游 q x D ".repeat(80_000));
    tty.shows("游 q x D");
    tty.keys("\u{1b}");
    tty.gone("in this list");
    tty.keys("/");
    tty.paste("before\u{1b}after");
    tty.shows("after");
    tty.keys("\u{1b}");
    tty.gone("after");
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn the_command_line_without_a_terminal_says_what_to_do() {
    let output = Command::new(PROGRAM).arg("demo").stdin(Stdio::null()).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("list, history and show"));
}

//! The terminal is given back whole, whichever way the program ends; run in a pseudo-terminal by starting this test again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Read;

use manyou::tui::terminal::Guard;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const ROLE: &str = "MANYOU_TEST_TERMINAL_ROLE";

/// Plays the program when started by the others; alone it has nothing to do.
#[test]
fn program() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let _guard = Guard::enter(Some("xterm")).unwrap();
    assert!(role != "panic", "told to fail");
}

fn run(role: &str) -> String {
    let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "program", "--nocapture"]);
    command.env(ROLE, role);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut sent = Vec::new();
    // A pseudo-terminal ends with an error once nobody holds its other side.
    let _ = reader.read_to_end(&mut sent);
    child.wait().unwrap();
    String::from_utf8(sent).unwrap()
}

#[test]
fn an_ended_and_a_failed_program_leave_the_terminal_as_it_was() {
    for role in ["end", "panic"] {
        let sent = run(role);
        let mut model = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        model.process(sent.as_bytes());
        let screen = model.screen();
        assert!(sent.contains("\x1b[?1049h"), "{sent:?}");
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste(), "{role}: {sent:?}");
        let left = sent.find("\x1b[?1049l").unwrap();
        assert_eq!(sent.find("told to fail").is_some_and(|message| message > left), role == "panic");
    }
}

#[test]
fn without_a_terminal_nothing_is_sent() {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "program", "--nocapture"]).env(ROLE, "end").stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("NotATerminal"));
    assert!(!output.stdout.contains(&0x1B) && !output.stderr.contains(&0x1B));
}

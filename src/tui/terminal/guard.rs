//! Takes the terminal over and gives it back exactly as it was: on drop, on panic, before a stop.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use ratatui::layout::Size;
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use thiserror::Error;

/// Alternate screen, bracketed paste, cursor hidden.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Ends a frame that was cut short, then styles, margins, paste mode and the alternate screen; the cursor is shown.
const LEAVE: &str = "\x1b[?2026l\x1b[m\x1b[r\x1b[?2004l\x1b[?1049l\x1b[?25h";

/// How the terminal was before, and the thread that draws on it; nothing while it is not ours.
static BEFORE: Mutex<Option<(Termios, ThreadId)>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// Why the terminal cannot be taken over. Not one byte was written to it.
#[derive(Debug, Error)]
pub enum StartError {
    /// Standard input or output is something else, or closed.
    #[error("standard input and output must be a terminal")]
    NotATerminal,
    /// `TERM` is unset, empty or `dumb`.
    #[error("this terminal can only print lines (TERM is unset or dumb)")]
    Dumb,
    /// The terminal refused.
    #[error("the terminal could not be set up: {0}")]
    Io(#[from] io::Error),
}

/// Holds the terminal; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal over; `term` is the value of `TERM`. From now on a panic of the calling thread gives it back first.
    pub fn enter(term: Option<&str>) -> Result<Self, StartError> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(StartError::NotATerminal);
        }
        if matches!(term, None | Some("" | "dumb")) {
            return Err(StartError::Dumb);
        }
        HOOK.call_once(restore_before_panics);
        let guard = Self(());
        enter()?;
        Ok(guard)
    }

    /// Gives the terminal back, stops the process group as a shell expects, and takes it over again once continued. Everything must be
    /// drawn anew afterwards. Where nobody could continue it (no job control) nothing is stopped.
    pub fn suspend(&mut self) -> io::Result<()> {
        leave()?;
        let stopped = stop();
        enter()?;
        stopped
    }

    /// Sets the terminal up again after somebody else used it: the process was stopped from outside and continued.
    pub fn reenter(&mut self) -> io::Result<()> {
        enter()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Nothing is left to be done about a terminal that is gone.
        let _ = leave();
    }
}

/// Columns and rows of the terminal; 80 by 24 if it does not know them.
pub fn size() -> io::Result<Size> {
    let told = tcgetwinsize(rustix::stdio::stdout())?;
    if told.ws_col == 0 || told.ws_row == 0 {
        return Ok(Size::new(80, 24));
    }
    Ok(Size::new(told.ws_col, told.ws_row))
}

fn enter() -> io::Result<()> {
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    let now = tcgetattr(rustix::stdio::stdin())?;
    let (original, _) = before.get_or_insert_with(|| (now, thread::current().id()));
    let mut raw = original.clone();
    raw.make_raw();
    tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw)?;
    send(ENTER)
}

/// A shell with job control puts each job into a group of its own; in the session's first group nobody is there to continue us.
/// The stop that cannot be listened to: the keyboard's is, so that one from outside finds the terminal given back too.
fn stop() -> io::Result<()> {
    if getsid(None)? != getpgrp() {
        kill_current_process_group(Signal::STOP)?;
    }
    Ok(())
}

/// Does nothing if the terminal is not ours, so it may run twice.
fn leave() -> io::Result<()> {
    let taken = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some((original, _)) = taken else { return Ok(()) };
    let sent = send(LEAVE);
    tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &original)?;
    sent
}

fn send(bytes: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes.as_bytes())?;
    out.flush()
}

/// A panic elsewhere is reported as a failed task; its message must not run over the screen.
fn restore_before_panics() {
    let message = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let ours = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, thread)| *thread);
        if ours.is_none_or(|thread| thread == thread::current().id()) {
            let _ = leave();
            message(panic);
        }
    }));
}

//! What reaches the program from outside: keys, pastes, sizes, signals, the loss of the terminal.

use std::convert::Infallible;
use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::keymap::{Code, Key};

/// Events kept until the program takes them: more than anybody types, less than a paste of garbage.
const QUEUE: usize = 256;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key, `C-z` excepted.
    Key(Key),
    /// Pasted text, as foreign as any other: it is never a confirmation.
    Paste(String),
    /// The terminal has another size.
    Resize,
    /// The terminal's window has the keyboard.
    FocusGained,
    /// Another window has it.
    FocusLost,
    /// `C-z`, or a stop asked for from outside: give the terminal back and stop.
    Suspend,
    /// The process was continued: take the terminal again and draw everything.
    Resume,
    /// The terminal is gone; nothing can be shown or asked any more.
    Hangup,
    /// A signal asks the program to end; its number (exit code 128 + n).
    Terminate(i32),
}

/// What happens, in order. Once it is dropped nothing is read any more: what is typed then is the shell's.
#[derive(Debug)]
pub struct Inputs {
    queue: Receiver<Input>,
    /// Ends with the thread that reads keys.
    reads: mpsc::Receiver<Infallible>,
    is_gone: bool,
}

/// The thread that reads keys is waited for so long; on a dead terminal it may never end.
const LET_GO: Duration = Duration::from_millis(500);

impl Inputs {
    /// The next thing that happens; `None` never comes before [`Input::Hangup`].
    pub async fn next(&mut self) -> Option<Input> {
        let input = self.queue.recv().await;
        self.is_gone |= input == Some(Input::Hangup);
        input
    }

    /// What happened already.
    pub fn try_next(&mut self) -> Option<Input> {
        let input = self.queue.try_recv().ok();
        self.is_gone |= input == Some(Input::Hangup);
        input
    }

    /// Whether nothing waits to be taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

impl Drop for Inputs {
    fn drop(&mut self) {
        self.queue.close();
        // The reader waits for a key or for a change of size: it looks up, and sees that nobody listens. Until it has, it would take
        // what is typed.
        _ = kill_process(getpid(), Signal::WINCH);
        if !self.is_gone {
            _ = self.reads.recv_timeout(LET_GO);
        }
    }
}

/// Starts listening; must be called inside a tokio runtime.
pub fn events() -> io::Result<Inputs> {
    let (sender, receiver) = channel(QUEUE);
    for ending in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        forward(ending, Input::Terminate(ending.as_raw()), sender.clone())?;
    }
    forward(Signal::TSTP, Input::Suspend, sender.clone())?;
    forward(Signal::CONT, Input::Resume, sender.clone())?;
    // Sizes are told by their signal alone.
    forward(Signal::WINCH, Input::Resize, sender.clone())?;
    let keys = sender.clone();
    let (reading, reads) = mpsc::channel();
    thread::Builder::new().name("terminal-keys".to_owned()).spawn(move || {
        read_keys(&keys);
        drop(reading);
    })?;
    thread::Builder::new().name("terminal-watch".to_owned()).spawn(move || watch(&sender))?;
    Ok(Inputs { queue: receiver, reads, is_gone: false })
}

fn forward(of: Signal, input: Input, sender: Sender<Input>) -> io::Result<()> {
    let mut arrivals = signal(SignalKind::from_raw(of.as_raw()))?;
    tokio::spawn(async move { while arrivals.recv().await.is_some() && sender.send(input.clone()).await.is_ok() {} });
    Ok(())
}

/// Reads keys where nothing but the loop has to be woken for them, until nobody takes them any more.
///
/// Of crossterm's two readers it is the one of `use-dev-tty`: the other one is told once that there are keys, and forgets it where the
/// window changes its size at that moment, so that a key stays unread until the next.
fn read_keys(sender: &Sender<Input>) {
    while !sender.is_closed() {
        let input = match event::read() {
            Ok(event) => input(event),
            Err(_) => Some(Input::Hangup),
        };
        let Some(input) = input else { continue };
        let last = input == Input::Hangup;
        if sender.blocking_send(input).is_err() || last {
            return;
        }
    }
}

/// Waits for the terminal to go away. The key reader cannot tell: on a dead terminal it neither returns nor fails.
fn watch(sender: &Sender<Input>) {
    let stdin = rustix::stdio::stdin();
    loop {
        let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
        match poll(&mut fds, None) {
            Err(Errno::INTR) => {}
            Ok(_) if fds[0].revents().is_empty() => {}
            Ok(_) | Err(_) => break,
        }
    }
    // If the program has stopped listening it is ending anyway.
    let _ = sender.blocking_send(Input::Hangup);
}

fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(event) => key(event).map(|key| match key {
            Key { code: Code::Char('z'), ctrl: true, alt: false, .. } => Input::Suspend,
            key => Input::Key(key),
        }),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::FocusGained => Some(Input::FocusGained),
        Event::FocusLost => Some(Input::FocusLost),
        Event::Mouse(_) | Event::Resize(..) => None,
    }
}

/// Presses and repeats alike; releases and keys we have no name for are nothing.
fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = code(event.code)?;
    let held = |modifier| event.modifiers.contains(modifier);
    let shift = event.code == KeyCode::BackTab || (held(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_)));
    Some(Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT), shift })
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
        input(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn shift_belongs_to_named_keys_and_not_to_characters() {
        assert_eq!(press(KeyCode::Char('G'), KeyModifiers::SHIFT), Some(Input::Key(Key::char('G'))));
        let back_tab = Key { shift: true, ..Key::plain(Code::Tab) };
        assert_eq!(press(KeyCode::BackTab, KeyModifiers::SHIFT), Some(Input::Key(back_tab)));
        assert_eq!(press(KeyCode::Tab, KeyModifiers::SHIFT), Some(Input::Key(back_tab)));
    }

    #[test]
    fn releases_and_nameless_keys_are_nothing() {
        let mut event = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(input(Event::Key(event)), None);
        assert_eq!(press(KeyCode::CapsLock, KeyModifiers::NONE), None);
        assert_eq!(press(KeyCode::Char('z'), KeyModifiers::CONTROL), Some(Input::Suspend));
    }
}

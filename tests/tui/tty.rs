//! A pseudo-terminal with a program in it: keys go in, a model of the screen and every byte come out.
#![allow(clippy::disallowed_methods, reason = "deadlines of tests are real time")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::bytes;

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const PAGE_UP: &str = "\u{1b}[5~";
/// What is waited for comes within this time, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

enum Event {
    Sent(Vec<u8>),
    Ended(End),
    ReaderGone,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) code: u32,
    /// The signal that killed it, by name.
    pub(crate) signal: Option<String>,
}

pub(crate) struct Tty {
    pub(crate) pid: Pid,
    /// Every byte the program has sent so far.
    pub(crate) sent: Vec<u8>,
    pub(crate) model: vt100::Parser,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    /// Our own hold on the program's side, to read its settings.
    side: File,
    events: Receiver<Event>,
    closing: Arc<AtomicBool>,
    ended: Option<End>,
    before: String,
}

impl Tty {
    /// Starts `command` in a terminal of `columns` by `rows`.
    pub(crate) fn start(command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let name = pair.master.tty_name().expect("its name");
        let no_control = rustix::fs::OFlags::NOCTTY.bits() as i32;
        let side = File::options().read(true).write(true).custom_flags(no_control).open(name).expect("its other side");
        let before = settings(&side);
        let reader = pair.master.try_clone_reader().expect("reader");
        let writer = pair.master.take_writer().expect("writer");
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        let pid = Pid::from_raw(child.process_id().expect("pid") as i32).expect("a pid");
        let (events_in, events) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let (closed, sender) = (Arc::clone(&closing), events_in.clone());
        thread::spawn(move || read(reader, &closed, &sender));
        thread::spawn(move || {
            let status = child.wait().expect("waited for");
            events_in.send(Event::Ended(End { code: status.exit_code(), signal: status.signal().map(str::to_owned) }))
        });
        let model = vt100::Parser::new(at_least_one(rows), at_least_one(columns), 0);
        let (master, writer) = (Some(pair.master), Some(writer));
        Self { pid, sent: Vec::new(), model, master, writer, side, events, closing, ended: None, before }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.bytes(keys.as_bytes());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(bytes).and_then(|()| writer.flush()).expect("typed");
    }

    /// A bracketed paste.
    pub(crate) fn paste(&mut self, text: &str) {
        self.keys(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("signalled");
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.model.screen_mut().set_size(at_least_one(rows), at_least_one(columns));
        self.master.as_ref().expect("open").resize(size(columns, rows)).expect("resized");
    }

    /// The rows as text.
    pub(crate) fn text(&self) -> String {
        let width = self.model.screen().size().1.get();
        self.model.screen().rows(0, width).collect::<Vec<_>>().join("\n")
    }

    /// Waits until `found` holds; fails with the screen after [`PATIENCE`].
    pub(crate) fn until(&mut self, what: &str, found: impl Fn(&Self) -> bool) {
        assert!(self.within(PATIENCE, found), "never: {what}; ended: {:?}\n{}", self.ended, self.text());
    }

    /// Whether `found` comes to hold within `time`.
    pub(crate) fn within(&mut self, time: Duration, found: impl Fn(&Self) -> bool) -> bool {
        let end = Instant::now() + time;
        while !found(self) {
            if !self.step(end) {
                return found(self);
            }
        }
        true
    }

    pub(crate) fn shows(&mut self, words: &str) {
        self.until(words, |tty| tty.text().contains(words));
    }

    pub(crate) fn gone(&mut self, words: &str) {
        self.until(&format!("no {words}"), |tty| !tty.text().contains(words));
    }

    /// Types `keys` again and again until `words` are shown: for keys that are ignored at first.
    pub(crate) fn insist(&mut self, keys: &str, words: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.within(Duration::from_millis(250), |tty| tty.text().contains(words)) {
            assert!(Instant::now() < end, "never, for all {keys:?}: {words}\n{}", self.text());
            self.keys(keys);
        }
    }

    /// Takes in what comes during `time`.
    pub(crate) fn listen(&mut self, time: Duration) {
        self.within(time, |_| false);
    }

    /// Waits for one thing that happens; `false` when nothing does before `end`.
    fn step(&mut self, end: Instant) -> bool {
        match self.events.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Event::Sent(bytes)) => {
                self.model.process(&bytes);
                self.sent.extend_from_slice(&bytes);
            }
            Ok(Event::Ended(end)) => self.ended = Some(end),
            Ok(Event::ReaderGone) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        }
        true
    }

    /// Waits for the program's end and for what it sent last.
    pub(crate) fn end(&mut self) -> End {
        self.until("the end of the program", |tty| tty.ended.is_some());
        // The end may overtake the last bytes.
        while self.step(Instant::now() + Duration::from_millis(150)) {}
        self.ended.clone().expect("ended")
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Waits for the end, which must have this exit code and leave the terminal as it was.
    pub(crate) fn ends_with(&mut self, code: u32) {
        assert_eq!(self.end(), End { code, signal: None }, "{}", self.text());
        self.is_restored();
        assert_eq!(bytes::foreign(&self.sent), None);
    }

    /// Settings bit for bit, alternate screen off, cursor shown, no mode left on.
    pub(crate) fn is_restored(&mut self) {
        self.until("terminal given back", |tty| {
            let screen = tty.model.screen();
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        let screen = self.model.screen();
        assert!(!screen.application_cursor() && !screen.application_keypad());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_eq!(settings(&self.side), self.before);
    }

    /// Whether the terminal is the program's at the moment.
    pub(crate) fn is_taken(&self) -> bool {
        self.model.screen().alternate_screen() && settings(&self.side) != self.before
    }

    /// Closes the terminal: nobody holds its outer side any more.
    pub(crate) fn hang_up(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // The reader sees the mark when the next byte comes.
        self.side.write_all(b"\0").expect("poked");
        let end = Instant::now() + PATIENCE;
        loop {
            match self.events.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Event::ReaderGone) => break,
                Ok(Event::Ended(end)) => self.ended = Some(end),
                Ok(Event::Sent(_)) => {}
                Err(e) => panic!("the reader stays: {e}"),
            }
        }
        drop((self.writer.take(), self.master.take()));
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        if self.ended.is_none() {
            // The test has failed or looked no further; it may have ended meanwhile.
            _ = kill_process(self.pid, Signal::KILL);
        }
        self.closing.store(true, Ordering::SeqCst);
        _ = self.side.write_all(b"\0");
    }
}

fn read(mut from: Box<dyn Read + Send>, closing: &AtomicBool, to: &Sender<Event>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if closing.load(Ordering::SeqCst) || to.send(Event::Sent(buffer[..count].to_vec())).is_err() {
            break;
        }
    }
    drop(from);
    _ = to.send(Event::ReaderGone);
}

fn settings(side: &File) -> String {
    format!("{:?}", rustix::termios::tcgetattr(side).expect("settings"))
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn at_least_one(n: u16) -> std::num::NonZeroU16 {
    n.max(1).try_into().expect("not zero")
}

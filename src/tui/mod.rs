//! The loop: input, answers and deadlines become messages; after each batch the screen is drawn, at most once in 16 ms,
//! and written only where it changed.

mod clipboard;
pub mod screen;
pub mod terminal;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::msg::{Seed, SignIn};
use crate::app::update::{deadline, painted, seed, sign_in, stay_local, update};
use crate::app::{Answer, Effect, Local, Msg, Now, Options, RequestId, Screen as Shown, State, Target};
use crate::cells::Palette;
use crate::domain::{Clock, Peer};
use crate::runtime::{Connector, Runtime, Setting};
use crate::ui;
use screen::Screen;
use terminal::{Guard, Input, Inputs, StartError};

/// Frames are at least this far apart; the first key is painted at once.
const FRAME: Duration = Duration::from_millis(16);
/// A deletion that was sent is waited for so long when the terminal goes away.
const LAST_ANSWER: Duration = Duration::from_secs(5);

/// How the screen starts.
pub struct Start {
    /// The person's choices.
    pub options: Options,
    /// Colours and signs of the terminal.
    pub palette: Palette,
    /// Value of `TERM`.
    pub term: Option<String>,
    /// What will be signed in to, where that is known before.
    pub target: Target,
    /// What an archive has for the first picture.
    pub seed: Option<Seed>,
    /// Stay with that, and ask no server.
    pub local: Option<Local>,
    /// Sign in at once; else the welcome screen opens.
    pub sign_in: Option<SignIn>,
    /// Open this conversation once signed in.
    pub open: Option<Peer>,
}

/// Why the screen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person left.
    Quit,
    /// The terminal went away.
    Hangup,
    /// This signal asked for it.
    Signal(i32),
    /// A deletion was on its way and its outcome is unknown, whatever else ended the screen.
    Unanswered,
}

/// Runs the screen until the person leaves. The terminal is given back whatever happens.
///
/// # Errors
/// [`StartError`] when there is no usable terminal; nothing was written to it.
pub async fn run(start: Start, connector: Arc<dyn Connector>, clock: Arc<dyn Clock>) -> Result<End, StartError> {
    let guard = Guard::enter(start.term.as_deref())?;
    let inputs = terminal::events()?;
    let size = terminal::size()?;
    let out = Screen::new(io::stdout(), size, start.palette);
    let (answers_in, answers) = mpsc::unbounded_channel();
    let now = Now { wall: clock.now(), elapsed: clock.elapsed() };
    let setting = Setting {
        texts: Arc::clone(&start.options.texts),
        zone: start.options.zone.clone(),
        clock: Arc::clone(&clock),
    };
    let mut state = State::new(start.options, (size.width, size.height), now);
    state.open_at_start = start.open;
    state.tried = start.target;
    if let Some(kept) = start.seed {
        seed(&mut state, kept);
    }
    if let Some(local) = start.local {
        stay_local(&mut state, local);
    }
    let mut program = Program {
        inputs,
        guard,
        out,
        cache: ui::LayoutCache::default(),
        state,
        runtime: Runtime::new(connector, setting, answers_in),
        clock,
        answers,
    };
    if let Some(how) = start.sign_in {
        program.state.screen = Shown::Main;
        let effects = sign_in(&mut program.state, how);
        program.carry_out(effects)?;
    }
    Ok(program.run().await?)
}

struct Program {
    /// Let go before the terminal is: from then on what is typed is for whoever comes next.
    inputs: Inputs,
    guard: Guard,
    out: Screen<io::Stdout>,
    cache: ui::LayoutCache,
    state: State,
    runtime: Runtime,
    clock: Arc<dyn Clock>,
    answers: mpsc::UnboundedReceiver<Msg>,
}

impl Program {
    fn now(&self) -> Now {
        Now { wall: self.clock.now(), elapsed: self.clock.elapsed() }
    }

    async fn run(mut self) -> io::Result<End> {
        let end = match self.until_the_end().await {
            // A write may learn of it before the watch does.
            Err(e) if is_gone(&e) => End::Hangup,
            ended => ended?,
        };
        Ok(self.finish(end).await)
    }

    async fn until_the_end(&mut self) -> io::Result<End> {
        self.draw()?;
        let (mut painted, mut owes_frame) = (self.clock.elapsed(), false);
        loop {
            if let Some(end) = self.wait(painted + FRAME, owes_frame).await? {
                return Ok(end);
            }
            // Whatever else is there already belongs to the same frame; a flood of keys is one picture, and so is a way up in pieces.
            let since = self.clock.elapsed().saturating_sub(painted);
            let is_on_its_way = !self.inputs.is_empty() || self.state.history.as_ref().is_some_and(|h| h.owed > 0);
            if since < FRAME && is_on_its_way {
                owes_frame = true;
                continue;
            }
            self.draw()?;
            (painted, owes_frame) = (self.clock.elapsed(), false);
            if self.inputs.is_empty() && self.answers.is_empty() {
                ui::ahead(&self.state, &mut self.cache, self.out.scratch());
            }
        }
    }

    /// Waits for the next thing that happens, until `frame` if that is owed, and takes in all that is there. Answers that bring about the
    /// next ones do not hold up the frame, nor the keys.
    async fn wait(&mut self, frame: Duration, is_owed: bool) -> io::Result<Option<End>> {
        let at = [deadline(&self.state), is_owed.then_some(frame)].into_iter().flatten().min();
        let sleep = at.map(|at| at.saturating_sub(self.clock.elapsed()));
        tokio::select! {
            biased;
            input = self.inputs.next() => {
                if let Some(end) = self.input(input.unwrap_or(Input::Hangup))? {
                    return Ok(Some(end));
                }
            }
            msg = self.answers.recv() => {
                if let Some(msg) = msg && self.take(msg)? {
                    return Ok(Some(End::Quit));
                }
            }
            () = tokio::time::sleep(sleep.unwrap_or(Duration::MAX)), if sleep.is_some() => {
                if self.take(Msg::Tick)? {
                    return Ok(Some(End::Quit));
                }
            }
        }
        while let Ok(msg) = self.answers.try_recv() {
            if self.take(msg)? {
                return Ok(Some(End::Quit));
            }
            if self.clock.elapsed() >= frame {
                break;
            }
        }
        while let Some(input) = self.inputs.try_next() {
            if let Some(end) = self.input(input)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    fn input(&mut self, input: Input) -> io::Result<Option<End>> {
        let msg = match input {
            Input::Key(key) => Msg::Key(key),
            Input::Paste(text) => Msg::Paste(text),
            Input::Resize => {
                self.repaint()?;
                return Ok(None);
            }
            Input::FocusGained | Input::FocusLost => return Ok(None),
            Input::Suspend => {
                self.suspend()?;
                return Ok(None);
            }
            Input::Resume => {
                self.guard.reenter()?;
                self.repaint()?;
                return Ok(None);
            }
            Input::Hangup => return Ok(Some(End::Hangup)),
            Input::Terminate(signal) => return Ok(Some(End::Signal(signal))),
        };
        Ok(self.take(msg)?.then_some(End::Quit))
    }

    /// Updates the state; `true` when the program is to leave.
    fn take(&mut self, msg: Msg) -> io::Result<bool> {
        let now = self.now();
        let effects = update(&mut self.state, msg, now);
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<bool> {
        let mut goes_on = false;
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::GoOn => goes_on = true,
                Effect::Redraw => self.repaint()?,
                Effect::Suspend => self.suspend()?,
                Effect::Copy(text) => {
                    let copied = clipboard::copy(&mut self.out, &text);
                    let now = self.now();
                    update(&mut self.state, Msg::Copied(copied), now);
                }
                effect => self.runtime.start(effect),
            }
        }
        if goes_on { self.take(Msg::GoOn) } else { Ok(false) }
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.guard.suspend()?;
        self.repaint()
    }

    /// Asks the terminal for its size and forgets what it shows; the next frame writes everything.
    fn repaint(&mut self) -> io::Result<()> {
        let size = terminal::size()?;
        let now = self.now();
        let effects = update(&mut self.state, Msg::Resized(size.width, size.height), now);
        effects.into_iter().for_each(|effect| self.runtime.start(effect));
        self.out.resize(size);
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        let Self { out, state, cache, clock, .. } = self;
        out.draw(|frame| ui::draw(state, cache, frame))?;
        painted(state, clock.elapsed());
        Ok(())
    }

    /// A deletion that was sent is accounted for even when nobody can be shown its outcome: whoever leaves in spite of
    /// it is not kept, whoever was thrown out may still learn of it.
    async fn finish(mut self, end: End) -> End {
        // What is written to a file ends here, before anything that waits for a server.
        _ = tokio::time::timeout(LAST_ANSWER, self.runtime.finish()).await;
        let Some(running) = self.state.running.as_ref().map(|r| r.request) else { return end };
        let patience = if end == End::Quit { Duration::ZERO } else { LAST_ANSWER };
        let known = tokio::time::timeout(patience, last_answer(&mut self.answers, running)).await;
        if known == Ok(true) {
            tracing::info!("the deletion on its way was answered before the end");
            return end;
        }
        tracing::warn!("left with a deletion on its way; its outcome is unknown");
        End::Unanswered
    }
}

/// Whether an error of the terminal says that there is none any more.
fn is_gone(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let gone = [Errno::IO, Errno::NXIO, Errno::BADF, Errno::NOTTY].map(Errno::raw_os_error);
    error.kind() == io::ErrorKind::BrokenPipe || error.raw_os_error().is_some_and(|code| gone.contains(&code))
}

/// Waits for the answer to a deletion; whether its outcome is known then.
async fn last_answer(answers: &mut mpsc::UnboundedReceiver<Msg>, deletion: RequestId) -> bool {
    while let Some(msg) = answers.recv().await {
        match msg {
            Msg::Done(id, Answer::Deleted(report)) if id == deletion => return !report.has_unknown(),
            Msg::Failed(id, _) if id == deletion => return true,
            _ => {}
        }
    }
    false
}

//! The program without its terminal: keys through `update`, pages answered at once, every frame drawn and written.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use manyou::app::msg::{Answer, SignIn};
use manyou::app::update::{sign_in, update};
use manyou::app::{Account, Depth, Effect, Msg, Now, Options, Screen as Shown, State, ThemeKind, TimeFormat};
use manyou::cells::{Colors, Palette};
use manyou::domain::{Conversation, ConversationList};
use manyou::i18n::{Lang, Texts};
use manyou::keymap::{Keymap, parse_chord};
use manyou::tui::screen::Screen;
use manyou::ui::{self, LayoutCache};
use ratatui::layout::Size;

use super::talk::{NOW, Talk};

const SIZE: Size = Size { width: 200, height: 60 };

/// One picture: what it measured, wrapped and took.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// It answers a key; else a page that came.
    pub(crate) is_key: bool,
    pub(crate) measured: u64,
    pub(crate) wrapped: usize,
    pub(crate) took: Duration,
}

pub(crate) struct Viewer<'a> {
    talk: &'a Talk,
    state: State,
    cache: LayoutCache,
    out: Screen<File>,
    now: Now,
}

fn options() -> Options {
    Options {
        texts: Arc::new(Texts::new(Lang::En)),
        keymap: Arc::new(Keymap::defaults().unwrap_or_else(|_| std::process::abort())),
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(8)),
        theme: ThemeKind::Dark,
        depth: Depth::True,
        ascii: false,
        wrap: true,
        time: TimeFormat::Local,
        profiles: Vec::new(),
    }
}

fn terminal() -> Screen<File> {
    let sink = File::create("/dev/null").unwrap_or_else(|_| std::process::abort());
    let palette = Palette { colors: Colors::True, utf8: true };
    Screen::new(sink, SIZE, palette)
}

#[allow(clippy::disallowed_methods, reason = "a bench measures with the machine's clock")]
fn clock() -> std::time::Instant {
    std::time::Instant::now()
}

impl<'a> Viewer<'a> {
    /// Signed in, the conversation open at its newest message.
    pub(crate) fn open(talk: &'a Talk) -> Self {
        let now = Now { wall: NOW, elapsed: Duration::from_secs(1) };
        let mut state = State::new(options(), (SIZE.width, SIZE.height), now);
        state.screen = Shown::Main;
        let effects = sign_in(&mut state, SignIn::Demo);
        let mut viewer = Self { talk, state, cache: LayoutCache::default(), out: terminal(), now };
        viewer.answer(effects);
        viewer.press("Enter");
        viewer
    }

    /// The same state before a screen that was drawn once.
    pub(crate) fn again(&self) -> Self {
        let mut other = Self {
            talk: self.talk,
            state: self.state.clone(),
            cache: LayoutCache::default(),
            out: terminal(),
            now: self.now,
        };
        other.draw();
        other
    }

    fn draw(&mut self) {
        let Self { out, state, cache, .. } = self;
        out.draw(|frame| ui::draw(state, cache, frame)).unwrap_or_else(|_| std::process::abort());
    }

    fn measured(&self) -> u64 {
        self.state.history.as_ref().map_or(0, |h| h.heights.measured())
    }

    fn frame(&mut self, msg: Msg) -> (Frame, Vec<Effect>) {
        let (before, is_key) = (self.measured(), matches!(msg, Msg::Key(_)));
        let start = clock();
        let effects = update(&mut self.state, msg, self.now);
        self.draw();
        let took = start.elapsed();
        let measured = self.measured().saturating_sub(before);
        (Frame { is_key, measured, wrapped: self.cache.wrapped(), took }, effects)
    }

    /// Presses a key, then answers what it asked for; a frame each.
    pub(crate) fn press(&mut self, keys: &str) -> Vec<Frame> {
        let mut frames = Vec::new();
        for key in parse_chord(keys).unwrap_or_else(|_| std::process::abort()) {
            self.now.elapsed += Duration::from_millis(50);
            let (frame, effects) = self.frame(Msg::Key(key));
            frames.push(frame);
            frames.extend(self.answer(effects));
        }
        frames
    }

    fn answer(&mut self, effects: Vec<Effect>) -> Vec<Frame> {
        let (mut effects, mut frames) = (std::collections::VecDeque::from(effects), Vec::new());
        while let Some(effect) = effects.pop_front() {
            let (id, answer) = match effect {
                Effect::SignIn(id, _) => (id, Answer::SignedIn(account())),
                Effect::LoadList(id) => (id, Answer::List(list(self.talk))),
                Effect::LoadPage(id, query) => (id, Answer::Page(self.talk.page(&query))),
                Effect::OpenLocal(id, _) => (id, Answer::Local(None)),
                Effect::LoadNames(id, _) => (id, Answer::Names(HashMap::new(), HashMap::new())),
                _ => continue,
            };
            let (frame, more) = self.frame(Msg::Done(id, answer));
            frames.push(frame);
            effects.extend(more);
        }
        frames
    }

    /// Place of the message under the cursor, counted from the oldest.
    fn place(&self) -> usize {
        let current = self.state.history.as_ref().and_then(|h| h.current());
        current.and_then(|entry| self.talk.place(entry.message.id)).unwrap_or_else(|| std::process::abort())
    }

    /// Presses `key` until the cursor stands at or above `place`.
    pub(crate) fn up_to(&mut self, place: usize, key: &str) {
        while self.place() > place {
            self.press(key);
        }
    }

    /// Pages down until the cursor stands at or below `place`.
    pub(crate) fn down_to(&mut self, place: usize) {
        while self.place() < place {
            self.press("PageDown");
        }
    }

    /// The first message of all.
    pub(crate) fn go_to_oldest(&mut self) {
        self.press("g g");
    }
}

fn account() -> Account {
    let user = manyou::server::demo::AGENT.parse().unwrap_or_else(|_| std::process::abort());
    Account {
        user,
        place: "demo".to_owned(),
        read_only: false,
        on_behalf: false,
        keeps: true,
        target: manyou::app::Target::default(),
    }
}

fn list(talk: &Talk) -> ConversationList {
    let last = talk.last().map(Box::new);
    let one =
        Conversation { peer: talk.peer.clone(), unread: 0, pinned: false, pinned_at: None, marks: Vec::new(), last };
    ConversationList { conversations: vec![one], ..ConversationList::default() }
}

//! Presses keys, answers requests, tells the time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use manyou::app::msg::{Answer, Effect, Msg, Now};
use manyou::app::update::{painted, sign_in, update};
use manyou::app::{Account, Options, RequestId, Screen, State, TimeFormat};
use manyou::domain::{
    Body, ChatType, Conversation, ConversationList, Cursor, Direction, Failure, FailureKind, HistoryPage, HistoryQuery,
    Message, MessageId, PageEnd, Peer, ServerTime,
};
use manyou::i18n::{Lang, Texts};
use manyou::keymap::{Keymap, parse_chord};

/// Times of messages: one a minute, number 1 first.
pub(crate) const START: i64 = 1_700_000_000_000;
const MINUTE: i64 = 60_000;

pub(crate) struct Driver {
    pub(crate) state: State,
    pub(crate) effects: VecDeque<Effect>,
    /// Questions to an archive are answered at once: nothing is there.
    pub(crate) keeps_nothing: bool,
    now: Now,
}

/// Message number `n` of the conversation with `peer`; odd ones come from the peer.
pub(crate) fn message(peer: &Peer, n: i64) -> Message {
    let time = ServerTime(START + n * MINUTE);
    let (from, to) = if n % 2 == 1 { (peer.id(), "agent") } else { ("agent", peer.id()) };
    let from_to = [if peer.chat_type == ChatType::Single { from } else { "member" }.to_owned(), to.to_owned()];
    Message::plain(
        MessageId::at(time),
        peer.chat_type,
        from_to,
        time,
        Body::Text { text: format!("message {n}"), stream: None },
        format!("{n}").into_bytes().into(),
    )
}

pub(crate) fn peer(id: &str) -> Peer {
    id.parse().expect("a peer")
}

pub(crate) fn conversation(id: &str, last: i64, unread: u64) -> Conversation {
    let peer = peer(id);
    let last = Some(Box::new(message(&peer, last)));
    Conversation { peer, unread, pinned: false, pinned_at: None, marks: Vec::new(), last }
}

impl Driver {
    /// A signed-in agent at 80 by 24 whose list is still to come.
    pub(crate) fn new() -> Self {
        Self::signed_in("agent", false)
    }

    pub(crate) fn signed_in(user: &str, read_only: bool) -> Self {
        let options = Options {
            texts: Arc::new(Texts::new(Lang::En)),
            keymap: Arc::new(Keymap::defaults().expect("keys")),
            zone: jiff::tz::TimeZone::UTC,
            theme: manyou::app::ThemeKind::Dark,
            depth: manyou::app::Depth::True,
            ascii: false,
            wrap: true,
            time: TimeFormat::Local,
            profiles: Vec::new(),
        };
        let now = Now { wall: ServerTime(START + 100_000 * MINUTE), elapsed: Duration::from_secs(1) };
        let mut state = State::new(options, (80, 24), now);
        state.screen = Screen::Main;
        let effects = sign_in(&mut state, manyou::app::msg::SignIn::Demo).into();
        let mut driver = Self { state, effects, keeps_nothing: true, now };
        let Some(Effect::SignIn(id, _)) = driver.effects.pop_front() else { panic!("no sign-in") };
        let user = user.parse().expect("a user");
        let account = Account {
            user,
            place: "shop".to_owned(),
            read_only,
            on_behalf: read_only,
            keeps: !read_only,
            target: manyou::app::Target::default(),
        };
        driver.msg(Msg::Done(id, Answer::SignedIn(account)));
        driver
    }

    /// Signed in, with this list.
    pub(crate) fn with_list(conversations: Vec<Conversation>) -> Self {
        let mut driver = Self::new();
        driver.answer_list(conversations);
        driver.drop_names();
        driver
    }

    /// Signed in, with one single chat of `count` messages open at its newest.
    pub(crate) fn with_history(count: i64) -> Self {
        let mut driver = Self::with_list(vec![conversation("alice", count, 0)]);
        driver.press("Enter");
        driver.serve(&peer("alice"), 1..=count);
        driver
    }

    pub(crate) fn msg(&mut self, msg: Msg) {
        self.unpainted(msg);
        painted(&mut self.state, self.now.elapsed);
    }

    /// A message whose consequences the terminal has not shown yet.
    pub(crate) fn unpainted(&mut self, msg: Msg) {
        self.effects.extend(update(&mut self.state, msg, self.now));
        if self.take(|e| if let Effect::GoOn = e { Some(()) } else { None }).is_some() {
            self.effects.extend(update(&mut self.state, Msg::GoOn, self.now));
        }
        // There is no archive unless a test says so.
        if self.keeps_nothing
            && let Some(id) = self.take(|e| if let Effect::OpenLocal(id, _) = e { Some(*id) } else { None })
        {
            self.effects.extend(update(&mut self.state, Msg::Done(id, Answer::Local(None)), self.now));
        }
    }

    /// Types keys, one a second.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in parse_chord(keys).expect("keys") {
            self.pass(1000);
            self.msg(Msg::Key(key));
        }
        self
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.now.elapsed += Duration::from_millis(ms);
        self.now.wall = self.now.wall.plus_ms(ms as i64);
    }

    pub(crate) fn answer_list(&mut self, conversations: Vec<Conversation>) {
        let id = self.take(|e| if let Effect::LoadList(id) = e { Some(*id) } else { None }).expect("a list request");
        let list = ConversationList { conversations, ..ConversationList::default() };
        self.msg(Msg::Done(id, Answer::List(list)));
    }

    /// Takes the first effect that `wanted` picks.
    pub(crate) fn take<T>(&mut self, wanted: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        let (index, found) = self.effects.iter().enumerate().find_map(|(i, e)| wanted(e).map(|found| (i, found)))?;
        self.effects.remove(index);
        Some(found)
    }

    pub(crate) fn drop_names(&mut self) {
        while self.take(|e| if let Effect::LoadNames(..) = e { Some(()) } else { None }).is_some() {}
    }

    pub(crate) fn page_request(&mut self) -> Option<(RequestId, HistoryQuery)> {
        self.take(|e| if let Effect::LoadPage(id, query) = e { Some((*id, query.clone())) } else { None })
    }

    /// Answers page requests from a server that has these messages, until none is asked for.
    pub(crate) fn serve(&mut self, peer: &Peer, numbers: impl IntoIterator<Item = i64>) {
        let all: Vec<Message> = numbers.into_iter().map(|n| message(peer, n)).collect();
        while let Some((id, query)) = self.page_request() {
            assert_eq!(query.peer, *peer);
            self.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
        }
    }

    pub(crate) fn fail_page(&mut self, kind: FailureKind) {
        let (id, _) = self.page_request().expect("a page request");
        self.msg(Msg::Failed(id, Failure::local(kind, "no")));
    }

    /// Texts of the rows on the screen, top to bottom.
    pub(crate) fn loaded(&self) -> Vec<i64> {
        let history = self.state.history.as_ref().expect("an open history");
        history.timeline.entries().map(|e| (e.message.time.ms() - START) / MINUTE).collect()
    }

    /// Number of the message under the cursor.
    pub(crate) fn cursor(&self) -> Option<i64> {
        let history = self.state.history.as_ref()?;
        history.current().map(|e| (e.message.time.ms() - START) / MINUTE)
    }
}

/// What a server with `all` (oldest first) answers.
pub(crate) fn page(all: &[Message], query: &HistoryQuery) -> HistoryPage {
    page_of(all, query, query.size.get())
}

/// A page of at most so many messages.
pub(crate) fn page_of(all: &[Message], query: &HistoryQuery, size: usize) -> HistoryPage {
    let from = query.cursor.as_ref().map(|c| c.as_str().parse::<MessageId>().expect("an id"));
    let up = query.direction == Direction::Up;
    let beyond = |m: &&Message| from.is_none_or(|from| if up { m.id < from } else { m.id > from });
    let mut messages: Vec<Message> = all.iter().filter(beyond).cloned().collect();
    if up {
        messages.reverse();
    }
    let more = messages.len() > size;
    messages.truncate(size);
    let end = match messages.last() {
        Some(last) if more => PageEnd::More(Cursor::from(last.id)),
        _ => PageEnd::End,
    };
    HistoryPage::new(messages, end)
}

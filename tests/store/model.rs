//! A server's one conversation, and an archive that pages of it are put into.

use manyou::domain::{Body, ChatType, Cursor, Direction, HistoryPage, Message, MessageId, PageEnd, Peer, ServerTime};
use manyou::store::{At, Fetched, Local, LocalEnd, Owner, Store, Taken};
use manyou::wire::{message, pb};
use prost::Message as _;

pub(crate) const START: i64 = 1_700_000_000_000;
pub(crate) const NOW: ServerTime = ServerTime(START + 40 * 24 * 3_600_000);

pub(crate) fn owner(user: &str) -> Owner {
    Owner { api: "http://127.0.0.1:1".to_owned(), app_key: "org#app".parse().unwrap(), user: user.parse().unwrap() }
}

pub(crate) fn peer(id: &str) -> Peer {
    id.parse().unwrap()
}

/// A text as a server keeps it: `low` tells messages of one millisecond apart.
pub(crate) fn text(ms: i64, low: u64, words: &str) -> Message {
    let id = MessageId(MessageId::at(ServerTime(ms)).0 | (low << 2));
    let mut chat = message::damaged(bytes::Bytes::new(), String::new());
    chat.body = Body::Text { text: words.to_owned(), stream: None };
    (chat.chat_type, chat.from, chat.to) = (ChatType::Single, "bob".to_owned(), "alice".to_owned());
    let meta = pb::Meta {
        id: Some(id.0),
        timestamp: Some(ms as u64),
        ns: Some(1),
        payload: Some(message::encode_body(&chat).encode_to_vec().into()),
        ..Default::default()
    };
    message::decode_meta(&meta.encode_to_vec().into()).expect("a chat message")
}

/// What one conversation holds on the server, oldest first; cursors are exclusive in both directions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server(pub(crate) Vec<Message>);

impl Server {
    pub(crate) fn page(&self, cursor: Option<&Cursor>, direction: Direction, size: usize) -> HistoryPage {
        let at = cursor.map(|c| c.as_str().parse::<MessageId>().expect("an id"));
        let key = |m: &Message| (m.time, m.id);
        let from = at.map(|id| self.0.iter().find(|m| m.id == id).map_or((id.time(), id), key));
        let mut rest: Vec<&Message> = match direction {
            Direction::Up => self.0.iter().rev().filter(|m| from.is_none_or(|f| key(m) < f)).collect(),
            Direction::Down => self.0.iter().filter(|m| from.is_none_or(|f| key(m) > f)).collect(),
        };
        let more = rest.len() > size;
        rest.truncate(size);
        let end = match rest.last() {
            Some(last) if more => PageEnd::More(Cursor::from(last.id)),
            _ => PageEnd::End,
        };
        HistoryPage::new(rest.into_iter().cloned().collect(), end)
    }
}

pub(crate) struct Archive {
    pub(crate) store: Store,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) peer: Peer,
    /// When pages are asked for.
    pub(crate) now: std::cell::Cell<ServerTime>,
}

impl Archive {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path(), owner("alice"));
        Self { store, folder, peer: peer("bob"), now: std::cell::Cell::new(NOW) }
    }

    pub(crate) fn fetch(&self, server: &Server, cursor: Option<&Cursor>, direction: Direction, size: usize) -> Taken {
        let page = server.page(cursor, direction, size);
        let fetched =
            Fetched { peer: &self.peer, cursor, direction, page: &page, whole: true, edge: None, at: self.now.get() };
        self.store.take(fetched).expect("kept")
    }

    pub(crate) fn read(&self, at: At, direction: Direction, limit: usize) -> Option<Local> {
        self.store.read(&self.peer, at, direction, limit).expect("read")
    }

    /// All that hangs together from `at`, and where it ends.
    pub(crate) fn run(&self, mut at: At, direction: Direction) -> (Vec<Message>, Option<LocalEnd>) {
        let mut all: Vec<Message> = Vec::new();
        loop {
            let Some(local) = self.read(at, direction, 3) else { return (all, None) };
            all.extend(local.messages);
            match local.end {
                LocalEnd::More(last) => at = At::Beyond(last),
                end => return (all, Some(end)),
            }
        }
    }

    /// Asks the server for everything, newest first, as a person does who reads to the end.
    pub(crate) fn walk(&self, server: &Server, size: usize) {
        let mut cursor = None;
        loop {
            let page = server.page(cursor.as_ref(), Direction::Up, size);
            self.fetch(server, cursor.as_ref(), Direction::Up, size);
            match page.end {
                PageEnd::More(next) => cursor = Some(next),
                PageEnd::End | PageEnd::Refused => return,
            }
        }
    }
}

pub(crate) fn ids(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|m| m.id.0).collect()
}

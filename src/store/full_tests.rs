//! No room left: a page is kept whole or not at all, and the next one is kept once there is room.

use bytes::Bytes;

use super::{At, Fetched, Local, Owner, Store, StoreError};
use crate::domain::{
    Body, ChatType, Cursor, Direction, HistoryPage, Message, MessageId, PageEnd, PageSize, Peer, ServerTime,
};

const START: i64 = 1_700_000_000_000;
const PAGE: i64 = 10;

fn page(from: i64) -> HistoryPage {
    let message = |n: i64| {
        let at = ServerTime(START - n * 1_000);
        // Nothing that packing makes smaller.
        let noise = |i: u32| (i.wrapping_add(n as u32 * 700).wrapping_mul(2_654_435_761) >> 13) as u8;
        let raw: Bytes = (0..700).map(noise).collect();
        let body = Body::Damaged { reason: String::new() };
        Message::plain(MessageId::at(at), ChatType::Single, ["bob".to_owned(), "alice".to_owned()], at, body, raw)
    };
    let messages: Vec<Message> = (from..from + PAGE).map(message).collect();
    let last = messages.last().map_or(MessageId(0), |m| m.id);
    HistoryPage::new(messages, PageEnd::More(Cursor::from(last)))
}

fn keep(store: &Store, peer: &Peer, from: i64) -> Result<(), StoreError> {
    let cursor = (from > 0).then(|| Cursor::from(MessageId::at(ServerTime(START - (from - 1) * 1_000))));
    let (page, at) = (page(from), ServerTime(START + 1_000_000));
    let fetched =
        Fetched { peer, cursor: cursor.as_ref(), direction: Direction::Up, page: &page, whole: true, edge: None, at };
    store.take(fetched).map(drop)
}

fn all(store: &Store, peer: &Peer) -> Option<Local> {
    store.read(peer, At::Newest, Direction::Up, PageSize::MAX.get()).expect("read")
}

/// Lets the file have `more` pages than it has now.
fn allow(store: &Store, more: i64) {
    let writer = store.writer();
    let db = &writer.as_ref().expect("open").db;
    let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).expect("a number");
    db.pragma_update(None, "max_page_count", pages + more).expect("set");
}

#[test]
fn a_full_disk_keeps_pages_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let app_key = "org#app".parse().expect("a key");
    let owner = Owner { api: "http://127.0.0.1:1".to_owned(), app_key, user: "alice".parse().expect("a user") };
    let store = Store::at(folder.path(), owner);
    let peer: Peer = "bob".parse().expect("a peer");
    let (mut from, mut refused) = (0, 0);
    store.open().expect("made");
    for more in [0, 1, 2, 3].into_iter().cycle().take(32) {
        let before = all(&store, &peer);
        allow(&store, more);
        match keep(&store, &peer, from) {
            Ok(()) => from += PAGE,
            Err(StoreError::Full) => {
                refused += 1;
                assert_eq!(all(&store, &peer), before);
                assert_eq!(store.horizon(Some(&peer)).expect("counted").messages, from.unsigned_abs());
            }
            Err(error) => panic!("{error}"),
        }
        _ = store.index(7);
    }
    assert!(refused > 4 && from > 0, "{refused} refused, {from} kept");
    allow(&store, 1_000_000);
    keep(&store, &peer, from).expect("there is room again");
    while store.index(1_000).expect("indexed") > 0 {}
    assert_eq!(store.horizon(Some(&peer)).expect("counted").messages, (from + PAGE).unsigned_abs());
    assert_eq!(store.verify(ServerTime(START + 1_000_000)).expect("checked").findings, []);
}

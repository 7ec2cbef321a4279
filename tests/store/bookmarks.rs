//! Bookmarks: they outlive the program, and go with what the server deleted or with their conversation.

use std::os::unix::fs::PermissionsExt;

use manyou::domain::{Bookmark, Direction, Letter, MessageId, Peer, ServerTime};
use manyou::store::{Discard, Store};
use rusqlite::Connection;

use crate::model::{Archive, NOW, START, Server, owner, peer, text};

const FIRST: &str = include_str!("../../assets/migrations/0001_archive.sql");
const SECOND: &str = include_str!("../../assets/migrations/0002_packed.sql");

fn letter(c: char) -> Letter {
    Letter::new(c).expect("a letter")
}

fn on(c: char, peer: &Peer, id: MessageId, ms: i64) -> Bookmark {
    Bookmark { letter: letter(c), peer: peer.clone(), id, time: ServerTime(ms) }
}

/// Twenty messages, one a second; a letter from a on for each of them.
fn marked() -> (Archive, Server) {
    let archive = Archive::new();
    let server = Server((0..20).map(|n| text(START + n * 1_000, 1, &format!("words {n}"))).collect());
    archive.walk(&server, 50);
    for (c, message) in ('a'..).zip(&server.0) {
        let bookmark = on(c, &archive.peer, message.id, message.time.ms());
        archive.store.keep_bookmark(&bookmark).expect("kept");
    }
    (archive, server)
}

fn letters(archive: &Archive) -> String {
    archive.store.bookmarks().expect("read").iter().map(|bookmark| bookmark.letter.get()).collect()
}

#[test]
fn one_outlives_the_program_and_a_letter_stands_for_the_last_message_it_was_set_on() {
    let archive = Archive::new();
    assert_eq!(archive.store.bookmarks().expect("read"), []);
    let group: Peer = "group:77".parse().unwrap();
    let first = on('q', &archive.peer, MessageId(u64::MAX), START);
    let other = on('a', &group, MessageId(9), START + 1);
    let second = on('q', &group, MessageId(7), START + 2);
    for bookmark in [&first, &other] {
        archive.store.keep_bookmark(bookmark).expect("kept");
    }
    let again = Store::at(archive.folder.path(), owner("alice"));
    assert_eq!(again.bookmarks().expect("read"), [other.clone(), first]);
    again.keep_bookmark(&second).expect("kept");
    assert_eq!(again.bookmarks().expect("read"), [other.clone(), second]);
    again.drop_bookmark(letter('q')).expect("taken out");
    assert_eq!(archive.store.bookmarks().expect("read"), [other]);
    assert_eq!(Store::at(archive.folder.path(), owner("carol")).bookmarks().expect("read"), []);
}

#[test]
fn what_the_server_deleted_takes_its_bookmarks_and_gets_none() {
    let (archive, server) = marked();
    archive.store.deleted(&archive.peer, &[server.0[4].id, server.0[6].id]).expect("deleted");
    assert_eq!(letters(&archive), "abcdfhijklmnopqrst");
    archive.store.deleted_through(&archive.peer, server.0[9].time).expect("deleted");
    assert_eq!(letters(&archive), "klmnopqrst");
    // Whoever has not heard of it sets one too late.
    for n in [4, 8] {
        let late = on('z', &archive.peer, server.0[n].id, server.0[n].time.ms());
        archive.store.keep_bookmark(&late).expect("nothing is wrong");
    }
    assert_eq!(letters(&archive), "klmnopqrst");
    let other = on('a', &peer("carol"), MessageId(9), START);
    archive.store.keep_bookmark(&other).expect("kept");
    // One on a message that is not here goes with its conversation too.
    archive.store.keep_bookmark(&on('b', &archive.peer, MessageId(99), NOW.ms())).expect("kept");
    archive.store.deleted_all(&archive.peer, NOW).expect("deleted");
    assert_eq!(letters(&archive), "a");
}

#[test]
fn what_a_page_shows_as_gone_takes_its_bookmark() {
    let (archive, mut server) = marked();
    let gone = server.0.remove(12);
    assert_eq!(archive.fetch(&server, None, Direction::Up, 50).gone, [gone.id]);
    assert_eq!(letters(&archive), "abcdefghijklnopqrst");
}

#[test]
fn what_leaves_this_disk_keeps_them_as_long_as_its_conversation_is_here() {
    let (archive, server) = marked();
    archive.store.keep_bookmark(&on('x', &peer("carol"), MessageId(9), START)).expect("kept");
    let before = |ms: i64| Discard { peer: None, before: Some(ServerTime(ms)) };
    archive.store.discard(&before(START + 10_000)).expect("gone");
    assert_eq!(letters(&archive), "abcdefghijklmnopqrstx", "the server still has the messages");
    // One that was set on what came after the last message that was here.
    archive.store.keep_bookmark(&on('y', &archive.peer, MessageId(7), NOW.ms())).expect("kept");
    archive.store.discard(&before(START + 60_000)).expect("gone");
    assert_eq!(letters(&archive), "xy", "nothing of the conversation is left");
    archive.walk(&server, 50);
    archive.store.keep_bookmark(&on('a', &archive.peer, server.0[0].id, START)).expect("kept");
    let all_of = |peer: &Peer| Discard { peer: Some(peer.clone()), before: None };
    archive.store.discard(&all_of(&archive.peer)).expect("gone");
    assert_eq!(letters(&archive), "x");
    archive.store.discard(&Discard::default()).expect("gone");
    assert_eq!(letters(&archive), "");
}

#[test]
fn an_archive_of_the_format_before_has_none_and_is_brought_up_to_date_by_the_first() {
    let archive = Archive::new();
    let db = Connection::open(archive.store.path()).expect("made");
    db.execute_batch(FIRST).expect("the first format");
    db.execute_batch(SECOND).expect("the second format");
    let to = owner("alice");
    let whose = format!("{} {} {}", to.user.as_str(), to.app_key, to.api);
    db.execute("INSERT INTO facts (key, value) VALUES ('owner', ?1)", [whose]).expect("noted");
    db.pragma_update(None, "user_version", 2).expect("set");
    std::fs::set_permissions(archive.store.path(), std::fs::Permissions::from_mode(0o600)).expect("set");
    let format = || db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).expect("read");
    assert_eq!((archive.store.bookmarks().expect("read"), format()), (vec![], 2));
    let one = on('a', &archive.peer, MessageId(9), START);
    archive.store.keep_bookmark(&one).expect("kept");
    assert_eq!((archive.store.bookmarks().expect("read"), format()), (vec![one], 4));
    db.pragma_update(None, "user_version", 5).expect("set");
    let later = Store::at(archive.folder.path(), owner("alice"));
    assert!(matches!(later.bookmarks(), Err(manyou::store::StoreError::Newer { found: 5, known: 4 })));
}

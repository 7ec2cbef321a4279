//! Deletions, what ran out, what changed, names and lists.

use std::collections::HashMap;

use manyou::domain::{
    Body, Conversation, Cursor, Direction, HistoryPage, Message, MessageId, PageEnd, Profile, ServerTime,
};
use manyou::store::{At, Discard, Fetched, LocalEnd, Store, Taken};

use crate::model::{Archive, NOW, START, Server, ids, owner, peer, text};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn server(days_ago: &[i64]) -> Server {
    let at = |(n, days): (usize, &i64)| text(NOW.ms() - days * DAY, n as u64, &format!("message {n}"));
    Server(days_ago.iter().enumerate().map(at).collect())
}

fn all(archive: &Archive) -> Vec<u64> {
    ids(&archive.run(At::Newest, Direction::Up).0)
}

#[test]
fn a_deleted_message_does_not_come_back_with_a_late_page() {
    let (archive, server) = (Archive::new(), server(&[5, 4, 3]));
    archive.walk(&server, 50);
    archive.store.deleted(&archive.peer, &[server.0[1].id]).expect("gone");
    assert_eq!(all(&archive), [server.0[2].id.0, server.0[0].id.0]);
    archive.walk(&server, 50);
    assert_eq!(all(&archive), [server.0[2].id.0, server.0[0].id.0]);
}

#[test]
fn a_deletion_before_a_time_holds_for_what_comes_late() {
    let (archive, server) = (Archive::new(), server(&[5, 4, 3]));
    archive.fetch(&server, None, Direction::Up, 1);
    archive.store.deleted_through(&archive.peer, server.0[1].time).expect("gone");
    archive.walk(&server, 50);
    assert_eq!(all(&archive), [server.0[2].id.0]);
}

#[test]
fn no_file_of_the_archive_holds_a_word_that_was_deleted() {
    let archive = Archive::new();
    let server = Server(vec![
        text(START, 1, "keep this"),
        text(START + 5, 2, "CANARY-4711 金丝雀"),
        text(START + 9, 3, "and this"),
    ]);
    archive.walk(&server, 50);
    let listed = |nth: usize| Conversation {
        peer: archive.peer.clone(),
        unread: 0,
        pinned: false,
        pinned_at: None,
        marks: Vec::new(),
        last: Some(Box::new(server.0[nth].clone())),
    };
    archive.store.keep_list(&[listed(1)], NOW).expect("kept");
    let files = || -> Vec<Vec<u8>> {
        std::fs::read_dir(archive.folder.path())
            .expect("a folder")
            .map(|f| std::fs::read(f.expect("a file").path()).expect("bytes"))
            .collect()
    };
    let found = |word: &[u8]| files().iter().any(|bytes| bytes.windows(word.len()).any(|part| part == word));
    assert!(found(b"CANARY-4711") && found("金丝雀".as_bytes()));
    archive.store.deleted(&archive.peer, &[server.0[1].id]).expect("gone");
    assert!(!found(b"CANARY-4711") && !found("金丝雀".as_bytes()) && found(b"keep this"));
    archive.store.keep_list(&[listed(0)], NOW).expect("kept");
    archive.store.deleted(&archive.peer, &[server.0[2].id]).expect("gone");
    assert!(archive.store.list().expect("read").conversations[0].last.is_some(), "the latest is another one");
    archive.store.deleted_through(&archive.peer, server.0[0].time).expect("gone");
    assert!(!found(b"keep this") && archive.store.list().expect("read").conversations.len() == 1);
}

#[test]
fn what_was_deleted_elsewhere_goes_and_what_ran_out_stays() {
    // Seven days are kept; everything was read eight days after the oldest was sent.
    let (archive, mut server) = (Archive::new(), server(&[8, 7, 6, 2, 1]));
    archive.walk(&server, 50);
    let later = ServerTime(NOW.ms() + 2 * DAY);
    let before = ids(&server.0);
    server.0.drain(..3);
    server.0.remove(0);
    let taken = newest_page(&archive, &server, later);
    // The two-day-old one is beyond the server's end too, but older ones than it were served today.
    assert_eq!(taken.gone, []);
    assert_eq!(all(&archive).len(), 5);
    let local = archive.read(At::Newest, Direction::Up, 50).expect("a page");
    assert_eq!((local.served_from, local.end), (Some(server.0[0].time), LocalEnd::End));
    assert_eq!(ids(&local.messages).last(), before.first());
}

fn newest_page(archive: &Archive, server: &Server, at: ServerTime) -> Taken {
    let page = server.page(None, Direction::Up, 50);
    let (peer, direction) = (&archive.peer, Direction::Up);
    archive
        .store
        .take(Fetched { peer, cursor: None, direction, page: &page, whole: true, edge: None, at })
        .expect("kept")
}

#[test]
fn what_ran_out_between_two_looks_on_one_day_stays() {
    // Seven days are kept: one and six hours from now the first two run out.
    let at = |(n, hours): (usize, i64)| text(NOW.ms() - hours * HOUR, n as u64, &format!("message {n}"));
    let (archive, mut server) = (Archive::new(), Server([167, 162, 48].into_iter().enumerate().map(at).collect()));
    archive.walk(&server, 50);
    server.0.drain(..2);
    assert_eq!(newest_page(&archive, &server, NOW.plus_ms(12 * HOUR)).gone, []);
    assert_eq!(all(&archive).len(), 3);
}

#[test]
fn what_ran_out_between_two_pages_that_meet_in_one_millisecond_stays() {
    // All of a millisecond eight days ago: the first page ended within it, and the rest ran out before the second came.
    let (archive, old) = (Archive::new(), NOW.ms() - 8 * DAY);
    let server = Server((0..4).map(|n| text(old, n, &format!("message {n}"))).collect());
    archive.walk(&server, 50);
    let first = HistoryPage::new(vec![server.0[3].clone()], PageEnd::More(Cursor::from(server.0[3].id)));
    let end = HistoryPage::new(Vec::new(), PageEnd::End);
    let (peer, direction, seen) = (&archive.peer, Direction::Up, [server.0[3].id]);
    let cursor = Cursor::from(server.0[3].id);
    let fetched = Fetched { peer, cursor: None, direction, page: &first, whole: true, edge: None, at: NOW };
    archive.store.take(fetched).expect("kept");
    let edge = Some((ServerTime(old), &seen[..]));
    let at = NOW.plus_ms(1_000);
    let fetched = Fetched { cursor: Some(&cursor), page: &end, edge, at, ..fetched };
    assert_eq!(archive.store.take(fetched).expect("kept").gone, []);
    assert_eq!(all(&archive).len(), 4);
}

#[test]
fn what_goes_from_the_middle_was_deleted() {
    let (archive, mut server) = (Archive::new(), server(&[8, 7, 6, 2, 1]));
    archive.walk(&server, 50);
    let gone = server.0.remove(2);
    let taken = archive.fetch(&server, None, Direction::Up, 50);
    assert_eq!((taken.gone, taken.new, taken.changed), (vec![gone.id], 0, 0));
    assert_eq!(all(&archive).len(), 4);
}

#[test]
fn what_the_server_has_deleted_comes_back_from_the_server_alone() {
    let (archive, mut server) = (Archive::new(), server(&[8, 7, 6, 2, 1]));
    archive.walk(&server, 50);
    let gone = server.0.remove(2);
    assert_eq!(archive.fetch(&server, None, Direction::Up, 50).gone, [gone.id]);
    let from_file = [(archive.peer.clone(), gone.clone())];
    assert_eq!(archive.store.import(&from_file, NOW).expect("read").new, 0);
    assert_eq!(all(&archive).len(), 4);
    // Taken off this disk, it is deleted all the same.
    archive.store.discard(&Discard::default()).expect("gone");
    assert_eq!(archive.store.import(&from_file, NOW).expect("read").new, 0);
    // The server was wrong, or somebody took the deletion back.
    server.0.insert(2, gone.clone());
    assert_eq!(archive.fetch(&server, None, Direction::Up, 50).new, 5);
    assert_eq!(archive.store.discard(&Discard::default()).expect("gone"), 5);
    assert_eq!(archive.store.import(&from_file, NOW).expect("read").new, 1);
}

#[test]
fn a_message_that_changed_is_kept_as_it_is_now() {
    let (archive, mut server) = (Archive::new(), server(&[3, 2, 1]));
    archive.walk(&server, 50);
    let low = server.0[1].id.0 & 0x3f_ffff;
    server.0[1] = text(server.0[1].time.ms(), low >> 2, "edited");
    let taken = archive.fetch(&server, None, Direction::Up, 50);
    assert_eq!((taken.changed, taken.new), (1, 0));
    let kept = archive.store.message(&archive.peer, server.0[1].id).expect("read").expect("there");
    assert_eq!(kept.body, Body::Text { text: "edited".to_owned(), stream: None });
}

#[test]
fn a_damaged_copy_does_not_replace_what_can_be_read() {
    let (archive, server) = (Archive::new(), server(&[3]));
    archive.walk(&server, 50);
    let mut copy = server.0[0].clone();
    copy.body = Body::Damaged { reason: "unreadable".to_owned() };
    copy.raw = bytes::Bytes::from_static(b"@@@@");
    let taken = archive.store.import(&[(archive.peer.clone(), copy)], NOW).expect("kept");
    assert_eq!((taken.new, taken.changed), (0, 0));
    let kept = archive.store.message(&archive.peer, server.0[0].id).expect("read").expect("there");
    assert_eq!(kept.body, server.0[0].body);
}

#[test]
fn a_copy_from_a_file_does_not_replace_what_a_server_said() {
    let (archive, server) = (Archive::new(), server(&[3]));
    archive.walk(&server, 50);
    let older = Message { raw: bytes::Bytes::from_static(b"{}"), ..server.0[0].clone() };
    let taken = archive.store.import(&[(archive.peer.clone(), older)], NOW).expect("kept");
    assert_eq!((taken.new, taken.changed), (0, 0));
    let kept = archive.store.message(&archive.peer, server.0[0].id).expect("read").expect("there");
    assert_eq!(kept, server.0[0]);
}

#[test]
fn what_a_conversation_was_emptied_of_comes_back_from_no_file_and_a_clock_ahead_hides_nothing() {
    let (archive, server) = (Archive::new(), server(&[3]));
    let own: Vec<_> = server.0.iter().map(|m| (archive.peer.clone(), m.clone())).collect();
    archive.store.deleted_all(&archive.peer, NOW).expect("emptied");
    assert_eq!(archive.store.import(&own, NOW).expect("read").new, 0);
    let ahead = Archive::new();
    ahead.store.deleted_all(&ahead.peer, ServerTime(NOW.ms() + 400 * 86_400_000)).expect("emptied");
    ahead.walk(&server, 50);
    assert_eq!(all(&ahead).len(), server.0.len());
}

#[test]
fn a_clock_that_is_years_behind_puts_nothing_in_another_place() {
    let (archive, server) = (Archive::new(), server(&[6, 5, 4, 3]));
    archive.now.set(ServerTime(START - 3 * 365 * DAY));
    archive.walk(&server, 2);
    let mut found = all(&archive);
    found.reverse();
    assert_eq!(found, ids(&server.0), "in the order they were sent in");
}

#[test]
fn what_is_only_in_the_list_is_not_looked_through() {
    let (archive, server) = (Archive::new(), server(&[3]));
    archive.walk(&server, 50);
    assert!(archive.store.horizon(None).expect("read").whole);
    let listed = |id: &str| Conversation {
        peer: peer(id),
        unread: 0,
        pinned: false,
        pinned_at: None,
        marks: Vec::new(),
        last: None,
    };
    archive.store.keep_list(&[listed("bob"), listed("carol")], NOW).expect("kept");
    assert!(!archive.store.horizon(None).expect("read").whole, "nothing of carol was ever fetched");
    assert!(archive.store.horizon(Some(&archive.peer)).expect("read").whole);
}

#[test]
fn five_hundred_messages_of_one_millisecond_are_all_there_in_order() {
    let archive = Archive::new();
    let server = Server((0..500).map(|n| text(START, n, &format!("message {n}"))).collect());
    archive.walk(&server, 50);
    let mut found = all(&archive);
    found.reverse();
    assert_eq!(found, ids(&server.0));
}

#[test]
fn damaged_messages_keep_their_bytes_and_are_there_once() {
    let archive = Archive::new();
    let mut server = server(&[3, 2]);
    for raw in [&b"\xff\xff\xff"[..], b"{\"msg\":7}", b"@@@@"] {
        server.0.push(manyou::wire::message::damaged(bytes::Bytes::copy_from_slice(raw), "unreadable".to_owned()));
    }
    archive.fetch(&server, None, Direction::Up, 50);
    archive.fetch(&server, None, Direction::Up, 50);
    let (found, _) = archive.run(At::Newest, Direction::Up);
    let damaged: Vec<_> = found.iter().filter(|m| m.id == MessageId(0)).map(|m| m.raw.to_vec()).collect();
    assert_eq!((found.len(), damaged.len()), (5, 3));
    assert!(damaged.contains(&b"{\"msg\":7}".to_vec()));
}

#[test]
fn one_whose_bytes_cannot_be_read_keeps_the_id_that_came_with_them() {
    let (archive, mut server) = (Archive::new(), server(&[3, 2]));
    let torn = Message {
        id: MessageId(server.0[1].id.0 + 4),
        ..manyou::wire::message::damaged(bytes::Bytes::from_static(b"@@@@"), "unreadable".to_owned())
    };
    server.0.push(torn.clone());
    archive.fetch(&server, None, Direction::Up, 50);
    assert_eq!(all(&archive)[0], torn.id.0);
    let kept = archive.store.after(&archive.peer, -1, 10).expect("read");
    // As an export carries it and an import brings it back.
    let out: Vec<_> = kept.into_iter().map(|(_, message)| (archive.peer.clone(), message)).collect();
    assert_eq!(archive.store.import(&out, NOW).expect("read"), Taken::default());
    assert_eq!(all(&archive).len(), 3);
}

#[test]
fn list_and_names_come_back_as_they_were() {
    let archive = Archive::new();
    let entry = |id: &str, unread| Conversation {
        peer: peer(id),
        unread,
        pinned: unread == 0,
        pinned_at: Some(ServerTime(START)),
        marks: vec![0, 3, 19],
        last: Some(Box::new(text(START, 1, id))),
    };
    let list = vec![entry("zoe", 3), entry("group:77", 0), entry("bob", 1)];
    archive.store.keep_list(&list, NOW).expect("kept");
    let users = HashMap::from([("zoe".to_owned(), Profile { nickname: "Zoë 李".to_owned() })]);
    archive.store.keep_names(&users, &HashMap::new()).expect("kept");
    let again = Store::at(archive.folder.path(), owner("alice"));
    let kept = again.list().expect("read");
    assert_eq!((kept.conversations, kept.at), (list, Some(NOW)));
    assert_eq!(again.names().expect("read").0, users);
    again.opened(&peer("group:77"), NOW).expect("noted");
    assert_eq!(again.last_opened().expect("read"), Some(peer("group:77")));
}

#[test]
fn an_empty_page_with_a_cursor_of_no_use_does_not_make_an_end() {
    let (archive, server) = (Archive::new(), Server((0..10).map(|n| text(START + n * 60_000, 1, "words")).collect()));
    archive.fetch(&server, None, Direction::Up, 3);
    let (_, Some(LocalEnd::Hole(cursor))) = archive.run(At::Newest, Direction::Up) else { panic!("a hole") };
    let page = HistoryPage::new(Vec::new(), PageEnd::Refused);
    let (peer, at) = (&archive.peer, archive.now.get());
    let fetched =
        Fetched { peer, cursor: Some(&cursor), direction: Direction::Up, page: &page, whole: true, edge: None, at };
    archive.store.take(fetched).expect("kept");
    assert!(matches!(archive.run(At::Newest, Direction::Up).1, Some(LocalEnd::Hole(_))));
}

#[test]
fn a_day_is_found_and_whether_all_of_it_is_here() {
    let archive = Archive::new();
    let all: Vec<_> = (0..40).map(|n| text(START + n * 1000, n as u64 + 1, "word")).collect();
    let server = Server(all.clone());
    archive.fetch(&server, None, Direction::Up, 10);
    let between = |from: i64, until: i64| {
        let (from, until) = (ServerTime(START + from * 1000), ServerTime(START + until * 1000));
        let (keys, whole) = archive.store.between(&archive.peer, from, until).expect("read");
        let first = keys.first().map(|key| {
            let found = archive.store.after(&archive.peer, key - 1, 1).expect("read");
            (found[0].1.time.ms() - START) / 1000
        });
        (keys.len(), first, whole)
    };
    assert_eq!(between(32, 35), (3, Some(32), true), "the last moment is not part of it");
    assert_eq!(between(35, 900), (5, Some(35), true), "what comes later has not come yet");
    assert_eq!(between(20, 35), (5, Some(30), false));
    assert_eq!(between(0, 20), (0, None, false));
    archive.fetch(&server, None, Direction::Down, 10);
    assert_eq!(between(0, 9), (9, Some(0), true));
    assert_eq!(between(5, 20), (5, Some(5), false), "it ends in a hole");
    archive.walk(&server, 50);
    assert_eq!(between(0, 20), (20, Some(0), true));
}

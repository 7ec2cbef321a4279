//! Many messages in one millisecond, and deletions that overtake what was never read.

use std::time::Duration;

use manyou::domain::{Direction, Message, MessageId, ServerTime};
use manyou::store::At;

use crate::model::{Archive, NOW, START, Server, ids, text};

const PAGE: usize = 50;

/// Messages of one millisecond whose ids differ only above the bits that order them: they all want the same place.
fn crowd(count: u64) -> Server {
    let of = |n: u64| {
        let mut message = text(START - 1_000_000 + n as i64, 7, &format!("message {n}"));
        message.time = ServerTime(START);
        message
    };
    Server((0..count).map(of).chain([text(START + 1, 1, "the last")]).collect())
}

/// The same messages, each in a millisecond of its own.
fn apart(count: u64) -> Server {
    Server((0..count).map(|n| text(START + n as i64, 7, &format!("message {n}"))).collect())
}

#[allow(clippy::disallowed_methods, reason = "two times of one run are compared")]
fn took(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

#[test]
fn three_thousand_messages_of_one_millisecond_cost_what_others_cost_and_keep_their_order() {
    let (crowded, server) = (Archive::new(), crowd(3_000));
    let crowd_took = took(|| crowded.walk(&server, PAGE));
    let others = Archive::new();
    let others_took = took(|| others.walk(&apart(3_000), PAGE));
    let same: Vec<u64> = ids(&crowded.run(At::Oldest, Direction::Down).0);
    assert_eq!(same.len(), 3_001);
    for page in ids(&server.0).rchunks(PAGE) {
        let places: Vec<_> = page.iter().map(|id| same.iter().position(|s| s == id)).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
    assert!(crowd_took < others_took * 8, "{crowd_took:?} against {others_took:?}");
    crowded.walk(&server, PAGE);
    assert_eq!(crowded.run(At::Oldest, Direction::Down).0.len(), 3_001, "nothing is there twice");
}

#[test]
fn a_deleted_conversation_does_not_come_back_with_what_was_never_read() {
    let at = |n: i64| text(NOW.ms() - 10_000 + n * 1_000, n as u64, &format!("message {n}"));
    let (archive, mut server) = (Archive::new(), Server((0..6).map(at).collect()));
    let late = Server(server.0.clone());
    server.0.truncate(3);
    archive.walk(&server, PAGE);
    archive.store.deleted_all(&archive.peer, NOW).expect("gone");
    archive.now.set(NOW.plus_ms(-4_000));
    archive.walk(&late, PAGE);
    let kept: Vec<MessageId> = archive.run(At::Newest, Direction::Up).0.iter().map(|m: &Message| m.id).collect();
    assert!(kept.is_empty(), "{kept:?}");
    let newer = Server(vec![text(NOW.ms() - 3_000, 9, "said after it")]);
    archive.now.set(NOW.plus_ms(1));
    archive.walk(&newer, PAGE);
    assert_eq!(ids(&archive.run(At::Newest, Direction::Up).0), ids(&newer.0));
}

#[test]
fn a_conversation_of_which_nothing_was_read_can_be_deleted_too() {
    let (archive, server) = (Archive::new(), apart(5));
    archive.store.deleted_all(&archive.peer, NOW).expect("gone");
    archive.walk(&server, PAGE);
    assert_eq!(archive.run(At::Newest, Direction::Up).0, []);
}

#[test]
fn where_the_clock_here_is_behind_the_newest_that_is_kept_counts() {
    let (archive, server) = (Archive::new(), apart(5));
    archive.walk(&server, PAGE);
    archive.store.deleted_all(&archive.peer, ServerTime(START - 5_000)).expect("gone");
    archive.walk(&server, PAGE);
    assert_eq!(archive.run(At::Newest, Direction::Up).0, []);
}

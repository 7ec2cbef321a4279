//! Keeping the archive small: what goes at a person's word goes for good, and can be fetched again.

use manyou::domain::{Direction, MessageId, ServerTime};
use manyou::store::{At, Discard, LocalEnd};
use proptest::prelude::*;

use crate::model::{Archive, NOW, START, Server, ids, text};

fn before(ms: i64) -> Discard {
    Discard { peer: None, before: Some(ServerTime(ms)) }
}

fn indexed(archive: &Archive) {
    while archive.store.index(7).expect("indexed") > 0 {}
}

/// A hundred messages, all here and in the index.
fn whole() -> (Archive, Server) {
    let archive = Archive::new();
    let server = Server((0..100).map(|n| text(START + n * 1_000, n as u64, &format!("退款 {n}"))).collect());
    archive.walk(&server, 20);
    indexed(&archive);
    (archive, server)
}

/// Every file of the archive's folder that holds the bytes.
fn holds(archive: &Archive, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(archive.folder.path()).expect("a folder");
    files.flatten().any(|file| {
        let held = std::fs::read(file.path()).expect("read");
        held.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn the_status_tells_size_messages_and_holes() {
    let (archive, server) = whole();
    let status = archive.store.status().expect("read");
    assert!(status.file > 0 && status.format > 0 && status.behind == 0);
    let [kept] = &status.conversations[..] else { panic!("{status:?}") };
    assert_eq!((kept.messages, kept.holes, kept.only_here), (100, 0, 0));
    assert_eq!((kept.oldest, kept.newest), (server.0[0].time, server.0[99].time));
    assert_eq!(kept.verified, Some(NOW));
    archive.store.discard(&before(START + 50_000)).expect("gone");
    let status = archive.store.status().expect("read");
    assert_eq!((status.conversations[0].messages, status.conversations[0].holes), (50, 1));
    assert_eq!(
        manyou::store::Store::at(&archive.folder.path().join("none"), crate::model::owner("a")).status().expect("read"),
        manyou::store::Status::default()
    );
}

#[test]
fn what_was_given_up_is_in_no_file_and_comes_back_when_it_is_asked_for() {
    let archive = Archive::new();
    let server = Server(vec![text(START, 1, "canary in a coalmine"), text(START + 9_000, 2, "what stays")]);
    archive.walk(&server, 20);
    indexed(&archive);
    let going = archive.store.going(&before(START + 5_000)).expect("looked");
    assert_eq!((going.len(), going[0].messages, going[0].whole, going[0].oldest), (1, 1, false, ServerTime(START)));
    let kept = |sql: &str| -> Vec<u8> {
        let db = rusqlite::Connection::open(archive.store.path()).expect("opens");
        db.query_row(sql, [], |row| row.get(0)).expect("kept")
    };
    let goes = kept("SELECT raw FROM messages ORDER BY key LIMIT 1");
    let stays = kept("SELECT raw FROM messages ORDER BY key DESC LIMIT 1");
    assert!(holds(&archive, &goes) && holds(&archive, &stays) && holds(&archive, b"canary"));
    assert_eq!(archive.store.discard(&before(START + 5_000)).expect("gone"), 1);
    assert!(!holds(&archive, &goes) && !holds(&archive, b"canary") && !holds(&archive, b"coalmine"));
    assert!(holds(&archive, &stays));
    let (all, end) = archive.run(At::Newest, Direction::Up);
    assert_eq!((all.len(), end), (1, Some(LocalEnd::Hole(server.0[1].id.into()))));
    archive.fetch(&server, Some(&server.0[1].id.into()), Direction::Up, 20);
    assert_eq!(archive.run(At::Newest, Direction::Up).1, Some(LocalEnd::End));
    assert_eq!(archive.run(At::Newest, Direction::Up).0.len(), 2);
}

#[test]
fn giving_up_everything_leaves_no_name_and_no_word_but_what_was_deleted_stays_deleted() {
    let (archive, server) = whole();
    let gone = server.0[99].id;
    archive.store.deleted(&archive.peer, &[gone]).expect("deleted");
    let users = [("canary".to_owned(), manyou::domain::Profile { nickname: "canary name".to_owned() })].into();
    archive.store.keep_names(&users, &std::collections::HashMap::new()).expect("kept");
    assert_eq!(archive.store.discard(&Discard::default()).expect("gone"), 99);
    assert!(!holds(&archive, "退款".as_bytes()) && !holds(&archive, b"canary"));
    assert_eq!(archive.store.peers().expect("read"), []);
    assert_eq!(archive.read(At::Newest, Direction::Up, 9), None);
    archive.walk(&server, 20);
    let here = archive.run(At::Newest, Direction::Up).0;
    assert_eq!(here.len(), 99);
    assert!(here.iter().all(|message| message.id != gone));
    indexed(&archive);
    assert_eq!(archive.store.verify(NOW).expect("checked").findings, []);
}

#[test]
fn a_conversation_goes_alone() {
    let (archive, server) = whole();
    let other: manyou::domain::Peer = "carol".parse().expect("a peer");
    let own = vec![(other.clone(), text(START, 77, "of carol"))];
    archive.store.import(&own, NOW).expect("kept");
    let what = Discard { peer: Some(archive.peer.clone()), before: None };
    let going = archive.store.going(&what).expect("looked");
    assert_eq!((going.len(), going[0].messages, going[0].whole), (1, 100, true));
    assert_eq!(archive.store.discard(&what).expect("gone"), server.0.len() as u64);
    assert_eq!(archive.store.peers().expect("read"), [other]);
    indexed(&archive);
    assert_eq!(archive.store.verify(NOW).expect("checked").findings, []);
}

#[test]
fn compacting_gives_the_room_back_while_another_program_reads() {
    let archive = Archive::new();
    let long = "退款 refund ".repeat(60);
    let server = Server((0..900).map(|n| text(START + n, n as u64, &format!("{n} {long}"))).collect());
    archive.walk(&server, 50);
    indexed(&archive);
    archive.store.discard(&before(START + 700)).expect("gone");
    let other = rusqlite::Connection::open(archive.store.path()).expect("opens");
    let count = || other.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, i64>(0)).expect("read");
    assert_eq!(count(), 200);
    let done = archive.store.compact().expect("compacted");
    assert!(done.after * 2 < done.before, "{done:?}");
    assert_eq!(count(), 200);
    let status = archive.store.status().expect("read");
    assert_eq!((status.log, status.free, status.file), (0, 0, done.after));
    assert_eq!(archive.store.verify(NOW).expect("checked").findings, []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_given_up_nothing_is_claimed_that_is_not_here_and_all_can_be_fetched_again(
        gaps in prop::collection::vec(0_i64..3, 1..60),
        walks in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), 1_usize..9), 0..6),
        cuts in prop::collection::vec(0_i64..120, 1..4),
        with_index in any::<bool>(),
    ) {
        let archive = Archive::new();
        let mut ms = START;
        let server = Server(gaps.iter().zip(0..).map(|(gap, n)| { ms += gap; text(ms, n, &format!("退款 {n}")) }).collect());
        for cut in cuts {
            for (at, is_up, size) in &walks {
                let cursor = server.0[at.index(server.0.len())].id.into();
                let direction = if *is_up { Direction::Up } else { Direction::Down };
                archive.fetch(&server, Some(&cursor), direction, *size);
            }
            archive.fetch(&server, None, Direction::Up, 7);
            if with_index {
                indexed(&archive);
            }
            let edge = ServerTime(START + cut);
            archive.store.discard(&before(edge.ms())).expect("gone");
            prop_assert!(archive.store.after(&archive.peer, 0, 999).expect("read").iter().all(|(_, m)| m.time >= edge));
            prop_assert_eq!(archive.store.verify(NOW).expect("checked").findings, vec![]);
            // What hangs together is what the server has there.
            let (here, _) = archive.run(At::Newest, Direction::Up);
            let there: Vec<MessageId> = server.0.iter().rev().map(|m| m.id).take(here.len()).collect();
            prop_assert_eq!(here.iter().map(|m| m.id).collect::<Vec<_>>(), there);
        }
        // As mirroring goes on: from the end of what hangs together.
        let mut steps = 0;
        loop {
            let cursor = match archive.run(At::Newest, Direction::Up).1 {
                Some(LocalEnd::End) => break,
                Some(LocalEnd::Hole(cursor)) => Some(cursor),
                _ => None,
            };
            archive.fetch(&server, cursor.as_ref(), Direction::Up, 5);
            steps += 1;
            prop_assert!(steps < 200, "no end");
        }
        let mut here = ids(&archive.run(At::Newest, Direction::Up).0);
        here.reverse();
        prop_assert_eq!(here, ids(&server.0));
    }
}

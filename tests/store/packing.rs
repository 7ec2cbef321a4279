//! Messages are kept packed; an archive of the first format is read as it is, and packed little by little.

use std::os::unix::fs::PermissionsExt;

use manyou::domain::{Body, Direction, Message, MessageId, Peer};
use manyou::store::{At, Fault, Owner, Store};
use rusqlite::Connection;

use crate::model::{Archive, NOW, START, Server, ids, owner, peer, text};

const FIRST: &str = include_str!("../../assets/migrations/0001_archive.sql");

fn talk(count: i64) -> Server {
    Server((0..count).map(|n| text(START + n * 1_000, n as u64, &format!("退款 refund {n} 退款 refund"))).collect())
}

/// The archive as the first version wrote it: nothing packed.
fn first_format(server: &Server) -> Archive {
    let archive = Archive::new();
    let db = Connection::open(archive.store.path()).expect("made");
    db.execute_batch(FIRST).expect("the first format");
    let to = owner("alice");
    let whose = format!("{} {} {}", to.user.as_str(), to.app_key, to.api);
    db.execute("INSERT INTO facts (key, value) VALUES ('owner', ?1)", [whose]).expect("noted");
    db.execute_batch(
        "INSERT INTO peers (peer, kind, id) VALUES (1, 0, 'bob'); INSERT INTO senders (sender, id) VALUES (1, 'bob');",
    )
    .expect("noted");
    for message in &server.0 {
        let key = (message.time.ms() << 20) | ((message.id.0 >> 2) & 0xf_ffff) as i64;
        db.execute(
            "INSERT INTO messages (key, peer, id, sender, kind, form, raw) VALUES (?1, 1, ?2, 1, 0, 0, ?3)",
            rusqlite::params![key, message.id.0 as i64, &message.raw[..]],
        )
        .expect("kept");
    }
    let (first, last) = (server.0[0].time.ms(), server.0[server.0.len() - 1].time.ms());
    let newest = server.0[server.0.len() - 1].id.to_string();
    db.execute(
        "INSERT INTO coverage (peer, first, last, older, newer, verified) VALUES (1, 0, ?1, NULL, ?2, ?3)",
        rusqlite::params![last.max(first), newest, NOW.ms()],
    )
    .expect("kept");
    db.pragma_update(None, "user_version", 1).expect("set");
    drop(db);
    std::fs::set_permissions(archive.store.path(), std::fs::Permissions::from_mode(0o600)).expect("set");
    archive
}

fn forms(archive: &Archive) -> Vec<i64> {
    let db = Connection::open(archive.store.path()).expect("opens");
    let mut ask = db.prepare("SELECT DISTINCT form FROM messages ORDER BY form").expect("asked");
    let forms = ask.query_map([], |row| row.get(0)).expect("asked");
    forms.collect::<Result<_, _>>().expect("numbers")
}

fn newest_first(archive: &Archive) -> Vec<u64> {
    ids(&archive.run(At::Newest, Direction::Up).0)
}

fn expected(server: &Server) -> Vec<u64> {
    server.0.iter().rev().map(|message| message.id.0).collect()
}

#[test]
fn messages_are_kept_packed_and_come_back_as_they_were() {
    let (archive, server) = (Archive::new(), talk(60));
    archive.walk(&server, 20);
    assert_eq!(forms(&archive), [8]);
    let mut here = archive.run(At::Newest, Direction::Up).0;
    here.reverse();
    assert_eq!(here, server.0);
    archive.walk(&server, 20);
    assert_eq!(archive.fetch(&server, None, Direction::Up, 20), manyou::store::Taken::default());
}

#[test]
fn an_archive_of_the_first_format_is_read_before_anything_is_brought_up_to_date() {
    let server = talk(60);
    let archive = first_format(&server);
    assert_eq!(newest_first(&archive), expected(&server));
    let db = Connection::open(archive.store.path()).expect("opens");
    assert_eq!(db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).expect("read"), 1);
}

#[test]
fn rows_of_the_first_format_are_packed_little_by_little_wherever_that_ends() {
    let server = talk(60);
    let archive = first_format(&server);
    archive.store.open().expect("brought up to date");
    assert_eq!(forms(&archive), [0]);
    assert!(archive.store.repack(25).expect("packed"));
    assert_eq!((forms(&archive), newest_first(&archive)), (vec![0, 8], expected(&server)));
    // As another start goes on.
    let again = Archive { store: Store::at(archive.folder.path(), owner("alice")), ..archive };
    while again.store.index(7).expect("indexed") > 0 {}
    while again.store.repack(25).expect("packed") {}
    assert_eq!((forms(&again), newest_first(&again)), (vec![8], expected(&server)));
    assert!(!again.store.repack(25).expect("nothing is left"));
    again.store.deleted(&again.peer, &[server.0[3].id, MessageId(5)]).expect("deleted");
    assert_eq!(again.store.verify(NOW).expect("looked").findings, []);
}

#[test]
fn what_the_third_format_packed_is_read_and_packed_anew_little_by_little() {
    let to = Owner { user: "kefu01".parse().expect("a user"), ..owner("alice") };
    let archive = Archive { peer: peer("user_1000"), ..Archive::new() };
    let store = Store::at(archive.folder.path(), to);
    std::fs::write(store.path(), include_bytes!("../golden/archive-3.db")).expect("written");
    let archive = Archive { store, ..archive };
    let all = |archive: &Archive| {
        let peers = archive.store.peers().expect("read");
        let of = |peer: &Peer| archive.store.after(peer, -1, 100).expect("read");
        peers.iter().flat_map(of).map(|(_, message)| message).collect::<Vec<_>>()
    };
    let before = all(&archive);
    assert_eq!((forms(&archive), before.len()), (vec![4], 40));
    let is_damaged = |message: &Message| matches!(message.body, Body::Damaged { .. });
    assert!(!before.iter().any(is_damaged));
    archive.store.open().expect("brought up to date");
    assert!(archive.store.repack(25).expect("packed"));
    assert_eq!((forms(&archive), all(&archive) == before), (vec![4, 8], true));
    while archive.store.repack(25).expect("packed") {}
    assert_eq!((forms(&archive), all(&archive) == before), (vec![8], true));
    assert_eq!(archive.store.verify(NOW).expect("looked").findings, []);
}

#[test]
fn the_same_bytes_packed_and_unpacked_are_the_same_message() {
    let server = talk(20);
    let archive = first_format(&server);
    assert_eq!(archive.fetch(&server, None, Direction::Up, 20), manyou::store::Taken::default());
    assert_eq!(forms(&archive), [0]);
}

#[test]
fn packed_bytes_that_are_torn_are_found() {
    let (archive, server) = (Archive::new(), talk(9));
    archive.walk(&server, 20);
    let db = Connection::open(archive.store.path()).expect("opens");
    db.execute_batch("UPDATE messages SET raw = substr(raw, 1, 20) WHERE key = (SELECT max(key) FROM messages)")
        .expect("torn");
    let found = archive.store.verify(NOW).expect("looked").findings;
    assert!(found.iter().any(|finding| finding.fault == Fault::Unreadable && finding.count == 1), "{found:?}");
    // What the server still has puts it right.
    assert_eq!(archive.fetch(&server, None, Direction::Up, 20).changed, 1);
    assert_eq!(archive.run(At::Newest, Direction::Up).0.len(), 9);
}

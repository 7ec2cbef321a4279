//! A look at everything: what is broken is found and named, and indexes are made anew.

use manyou::store::{Fault, Store};
use rusqlite::Connection;

use crate::model::{Archive, NOW, START, Server, owner, text};

fn whole() -> Archive {
    let archive = Archive::new();
    archive.walk(&Server((0..40).map(|n| text(START + n * 10, n as u64, &format!("退款 refund {n}"))).collect()), 20);
    while archive.store.index(7).expect("indexed") > 0 {}
    archive
}

/// What is found after `sql` broke a whole archive: the fault, how often, and whether it was mended.
fn found(sql: &str) -> Vec<(Fault, u64, bool)> {
    let archive = whole();
    Connection::open(archive.store.path()).expect("opens").execute_batch(sql).expect("broken");
    let look = || archive.store.verify(NOW).expect("looked").findings;
    let first = look();
    while archive.store.index(7).expect("indexed") > 0 {}
    let again = look();
    assert_eq!(again.len(), first.iter().filter(|finding| !finding.is_mended).count(), "{sql}: {again:?}");
    first.into_iter().map(|finding| (finding.fault, finding.count, finding.is_mended)).collect()
}

#[test]
fn a_sound_archive_has_nothing_wrong_and_none_at_all_is_sound_too() {
    let archive = whole();
    let sound = archive.store.verify(NOW).expect("looked");
    assert_eq!((sound.messages, sound.findings), (40, vec![]));
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = Store::at(folder.path(), owner("alice"));
    assert_eq!(nothing.verify(NOW).expect("looked").messages, 0);
    assert!(!nothing.path().exists());
}

#[test]
fn an_index_that_says_other_words_is_found_and_made_anew() {
    let one = "(SELECT min(key) FROM messages)";
    for sql in [
        format!("INSERT INTO search (search, rowid, words) SELECT 'delete', {one}, ' refund'"),
        format!("INSERT INTO search (rowid, words) SELECT {one} + 5, ' nobody'"),
        format!("INSERT INTO unindexed SELECT {one}, {one}, peer FROM messages LIMIT 1"),
        "INSERT INTO search (search) VALUES ('delete-all')".to_owned(),
    ] {
        let found = found(&sql);
        assert!(matches!(found[..], [(Fault::Index, _, true)]), "{sql}: {found:?}");
    }
}

#[test]
fn rows_that_contradict_their_bytes_are_found() {
    let first = "WHERE key = (SELECT min(key) FROM messages)";
    assert_eq!(found(&format!("UPDATE messages SET sender = sender + 1 {first}")), [(Fault::Columns, 1, false)]);
    assert_eq!(found(&format!("UPDATE messages SET kind = 3 {first}")), [(Fault::Columns, 1, false)]);
    assert_eq!(
        found("UPDATE messages SET id = id + 1 WHERE key = (SELECT max(key) FROM messages)"),
        [(Fault::Columns, 1, false)]
    );
    let found = found(&format!("UPDATE messages SET raw = x'ff' {first}"));
    assert!(found.contains(&(Fault::Unreadable, 1, false)), "{found:?}");
}

#[test]
fn a_message_at_another_time_and_ranges_that_overlap_are_found() {
    let moved = "UPDATE messages SET key = key + (5 << 20) WHERE key = (SELECT max(key) FROM messages)";
    let moved = found(moved);
    assert!(moved.contains(&(Fault::Place, 1, false)), "{moved:?}");
    let twice = "INSERT INTO coverage SELECT peer, first + 1, last, older, newer, verified FROM coverage";
    assert_eq!(found(twice), [(Fault::Coverage, 1, true)]);
}

#[test]
fn a_torn_file_is_found_and_put_aside() {
    let archive = whole();
    let path = archive.store.path().to_owned();
    drop(archive.store);
    std::fs::write(&path, "a letter").expect("written");
    let again = Store::at(archive.folder.path(), owner("alice"));
    let torn = again.verify(NOW).expect("looked").findings;
    assert_eq!((torn[0].fault, torn[0].is_mended), (Fault::File, false));
    let aside = again.put_aside().expect("told");
    assert_eq!(std::fs::read(&aside).expect("there"), b"a letter");
    assert_eq!(again.verify(NOW).expect("looked").findings, []);
}

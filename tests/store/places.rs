//! Where the file lies: who may read it, what stands in its place, and what becomes of it while the program runs.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use manyou::domain::Direction;
use manyou::store::{At, Store, StoreError};

use crate::model::{Archive, START, Server, owner, text};

fn server() -> Server {
    Server(vec![text(START, 1, "one"), text(START + 1, 2, "two")])
}

fn filled() -> Archive {
    let archive = Archive::new();
    archive.walk(&server(), 50);
    archive
}

/// The same archive as another run of the program sees it.
fn again(archive: Archive) -> Archive {
    let Archive { store, folder, peer, now } = archive;
    drop(store);
    Archive { store: Store::at(folder.path(), owner("alice")), folder, peer, now }
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("there").permissions().mode() & 0o777
}

fn count(archive: &Archive) -> usize {
    archive.run(At::Newest, Direction::Up).0.len()
}

#[test]
fn reading_takes_other_peoples_rights_away() {
    let archive = again(filled());
    let file = archive.store.path().to_owned();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("set");
    fs::set_permissions(archive.folder.path(), fs::Permissions::from_mode(0o755)).expect("set");
    assert_eq!(count(&archive), 2);
    assert_eq!((mode(&file), mode(archive.folder.path())), (0o600, 0o700));
    for entry in fs::read_dir(archive.folder.path()).expect("a folder") {
        assert_eq!(mode(&entry.expect("an entry").path()) & 0o077, 0);
    }
}

#[test]
fn a_link_in_its_place_is_refused_and_what_it_points_to_stays() {
    let archive = again(filled());
    let (file, real) = (archive.store.path().to_owned(), archive.folder.path().join("real.db"));
    fs::rename(&file, &real).expect("moved");
    symlink(&real, &file).expect("linked");
    let before = fs::read(&real).expect("bytes");
    assert!(matches!(archive.store.open(), Err(StoreError::Link(at)) if at == file));
    assert!(matches!(archive.store.list(), Err(StoreError::Link(_))));
    symlink(archive.folder.path().join("nothing"), archive.folder.path().join("x")).expect("linked");
    fs::rename(archive.folder.path().join("x"), &file).expect("moved");
    assert!(matches!(archive.store.open(), Err(StoreError::Link(_))));
    assert!(matches!(archive.store.list(), Err(StoreError::Link(_))));
    assert!(fs::read(&real).expect("bytes") == before && !archive.folder.path().join("nothing").exists());
}

#[test]
fn what_was_put_aside_is_told_once_with_where_it_lies() {
    let archive = again(filled());
    fs::write(archive.store.path(), b"this is a letter").expect("written");
    archive.walk(&server(), 50);
    let aside = archive.store.put_aside().expect("told");
    assert_eq!(fs::read(&aside).expect("kept"), b"this is a letter");
    assert_eq!((archive.store.put_aside(), count(&archive)), (None, 2));
}

#[test]
fn a_folder_in_its_place_is_put_aside_like_any_damaged_file() {
    let archive = Archive::new();
    fs::create_dir(archive.store.path()).expect("made");
    assert!(archive.store.list().is_ok_and(|list| list.conversations.is_empty()));
    archive.walk(&server(), 50);
    assert!(archive.store.put_aside().is_some_and(|aside| aside.is_dir()));
    assert_eq!(count(&archive), 2);
}

#[test]
fn an_archive_that_is_removed_while_it_is_open_is_begun_anew() {
    let archive = filled();
    assert_eq!(count(&archive), 2);
    for entry in fs::read_dir(archive.folder.path()).expect("a folder") {
        fs::remove_file(entry.expect("an entry").path()).expect("removed");
    }
    assert_eq!(count(&archive), 0, "nothing is read that is not there");
    archive.walk(&server(), 50);
    assert_eq!(count(&archive), 2);
    assert_eq!(count(&again(archive)), 2, "and it is in the file");
}

#[test]
fn a_folder_that_goes_while_it_is_open_is_made_again() {
    let archive = filled();
    fs::remove_dir_all(archive.folder.path()).expect("removed");
    archive.walk(&server(), 50);
    assert_eq!(count(&archive), 2);
}

#[test]
fn what_was_deleted_leaves_the_log_as_soon_as_nobody_reads_it_any_more() {
    let archive = Archive::new();
    archive.walk(&Server(vec![text(START, 1, "CANARY-4711"), text(START + 1, 2, "two")]), 50);
    let other = rusqlite::Connection::open(archive.store.path()).expect("opens");
    let held = || {
        other.execute_batch("BEGIN").expect("begun");
        let count = other.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, i64>(0));
        assert!(count.expect("counted") > 0);
    };
    let is_found = || {
        fs::read_dir(archive.folder.path()).expect("a folder").any(|entry| {
            let bytes = fs::read(entry.expect("an entry").path()).expect("bytes");
            bytes.windows(11).any(|part| part == b"CANARY-4711")
        })
    };
    held();
    let id = archive.run(At::Oldest, Direction::Down).0[0].id;
    archive.store.deleted(&archive.peer, &[id]).expect("gone");
    assert!(is_found(), "the other one still reads the old state");
    other.execute_batch("COMMIT").expect("ended");
    archive.store.opened(&archive.peer, crate::model::NOW).expect("noted");
    assert!(!is_found(), "the next change wrote it over");

    archive.walk(&Server(vec![text(START + 1, 2, "two"), text(START + 9, 9, "CANARY-4711")]), 50);
    held();
    let id = archive.run(At::Newest, Direction::Up).0[0].id;
    archive.store.deleted(&archive.peer, &[id]).expect("gone");
    assert!(is_found());
    other.execute_batch("COMMIT").expect("ended");
    let archive = again(archive);
    assert!(fs::read_dir(archive.folder.path()).expect("a folder").all(|entry| {
        let bytes = fs::read(entry.expect("an entry").path()).expect("bytes");
        !bytes.windows(11).any(|part| part == b"CANARY-4711")
    }));
}

//! Files that are not what they should be: each is told apart, and none is harmed.

use std::os::unix::fs::PermissionsExt;

use manyou::domain::Direction;
use manyou::store::{At, Store, StoreError};

use crate::model::{Archive, START, Server, owner, text};

fn filled() -> (Archive, Server) {
    let archive = Archive::new();
    let server = Server(vec![text(START, 1, "one"), text(START + 1, 2, "two")]);
    archive.walk(&server, 50);
    (archive, server)
}

#[test]
fn nothing_is_made_by_reading_and_only_the_owner_can_read_what_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::at(&folder.path().join("archives"), owner("alice"));
    assert_eq!(store.list().expect("read").conversations, []);
    assert!(!folder.path().join("archives").exists());
    store.open().expect("made");
    let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(store.path()), mode(&folder.path().join("archives"))), (0o600, 0o700));
}

#[test]
fn another_account_has_another_file_and_a_copied_one_is_refused_untouched() {
    let (archive, _) = filled();
    let other = Store::at(archive.folder.path(), owner("carol"));
    assert_ne!(other.path(), archive.store.path());
    let db = rusqlite::Connection::open(archive.store.path()).expect("opens");
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("written back");
    std::fs::copy(archive.store.path(), other.path()).expect("copied");
    let before = std::fs::read(other.path()).expect("bytes");
    assert!(matches!(other.open(), Err(StoreError::OtherAccount(_))));
    assert!(matches!(other.list(), Err(StoreError::OtherAccount(_))));
    assert_eq!(std::fs::read(other.path()).expect("bytes"), before);
}

#[test]
fn a_later_format_is_refused_untouched() {
    let (archive, _) = filled();
    let db = rusqlite::Connection::open(archive.store.path()).expect("opens");
    db.pragma_update(None, "user_version", 99).expect("set");
    drop(db);
    let again = Store::at(archive.folder.path(), owner("alice"));
    assert!(matches!(again.open(), Err(StoreError::Newer { found: 99, .. })));
    assert!(matches!(again.list(), Err(StoreError::Newer { found: 99, .. })));
}

#[test]
fn a_file_that_is_no_database_is_put_aside_and_a_new_one_begun() {
    for bytes in [&b"this is not a database, it is a letter"[..], &[0; 5000]] {
        let (archive, server) = filled();
        let path = archive.store.path().to_owned();
        let fresh = Store::at(archive.folder.path(), owner("alice"));
        for companion in ["-wal", "-shm"] {
            let mut name = path.clone().into_os_string();
            name.push(companion);
            _ = std::fs::remove_file(name);
        }
        std::fs::write(&path, bytes).expect("written");
        fresh.open().expect("begun");
        if let Some(aside) = fresh.put_aside() {
            assert_eq!(std::fs::read(aside).expect("kept"), bytes);
        }
        let again = Archive { store: fresh, ..archive };
        again.walk(&server, 50);
        assert_eq!(again.run(At::Newest, Direction::Up).0.len(), 2);
    }
}

#[test]
fn a_second_program_reads_what_the_first_writes() {
    let (archive, server) = filled();
    let second = Archive { store: Store::at(archive.folder.path(), owner("alice")), ..Archive::new() };
    assert_eq!(second.run(At::Newest, Direction::Up).0.len(), 2);
    let mut server = server;
    server.0.push(text(START + 2, 3, "three"));
    second.walk(&server, 50);
    assert_eq!(archive.run(At::Newest, Direction::Up).0.len(), 3);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("file"), b"x").expect("written");
    let store = Store::at(&folder.path().join("file").join("below"), owner("alice"));
    assert!(matches!(store.open(), Err(StoreError::Io { .. })));
}

#[test]
fn programs_that_make_the_archive_at_once_all_get_it() {
    for _ in 0..60 {
        let folder = tempfile::tempdir().expect("a folder");
        let start = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let store = Store::at(folder.path(), owner("alice"));
                    start.wait();
                    store.open().expect("opened");
                });
            }
        });
    }
}

//! Bytes that changed on the disk: nothing crashes, nothing goes round in circles, and what can be had again is had again.

use std::fs;

use manyou::domain::Direction;
use manyou::store::{At, SearchScope, Store, StoreError};
use manyou::text::search::{Query, Script};
use proptest::prelude::*;

use crate::model::{Archive, START, Server, ids, owner, text};

/// What may happen to a file.
#[derive(Clone, Debug)]
enum Harm {
    Cut(f64),
    Zero(f64),
    Garbage(f64, Vec<u8>),
    Flip(f64, u8),
    Empty,
    LogCut(f64),
    LogGarbage(f64, Vec<u8>),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = 0.0..1.0_f64;
    let bytes = prop::collection::vec(any::<u8>(), 1..600);
    prop_oneof![
        2 => place.clone().prop_map(Harm::Cut),
        4 => place.clone().prop_map(Harm::Zero),
        4 => (place.clone(), bytes.clone()).prop_map(|(p, b)| Harm::Garbage(p, b)),
        6 => (place.clone(), 0..8_u8).prop_map(|(p, b)| Harm::Flip(p, b)),
        1 => Just(Harm::Empty),
        2 => place.clone().prop_map(Harm::LogCut),
        2 => (place, bytes).prop_map(|(p, b)| Harm::LogGarbage(p, b)),
    ]
}

fn do_harm(file: &std::path::Path, harm: &Harm) {
    let log = file.with_extension("db-wal");
    let path = if matches!(harm, Harm::LogCut(_) | Harm::LogGarbage(..)) { &log } else { file };
    let Ok(mut bytes) = fs::read(path) else { return };
    let at = |part: &f64| (part * bytes.len() as f64) as usize;
    match harm {
        Harm::Cut(part) | Harm::LogCut(part) => bytes.truncate(at(part)),
        Harm::Zero(part) => {
            let page = at(part) / 4096 * 4096;
            let end = bytes.len().min(page + 4096);
            bytes[page..end].fill(0);
        }
        Harm::Garbage(part, junk) | Harm::LogGarbage(part, junk) => {
            let at = at(part);
            for (byte, junk) in bytes[at..].iter_mut().zip(junk) {
                *byte = *junk;
            }
        }
        Harm::Flip(part, bit) => {
            let at = at(part);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        Harm::Empty => bytes.clear(),
    }
    fs::write(path, bytes).expect("written");
}

fn whole(server: &Server) -> Archive {
    let archive = Archive::new();
    archive.walk(server, 20);
    while archive.store.index(100).expect("indexed") > 0 {}
    archive
}

fn use_all(archive: &Archive, server: &Server) {
    let query = Query::parse("退款 message", Script::Either, |_| None);
    _ = archive.store.list();
    _ = archive.store.names();
    _ = archive.store.horizon(None);
    _ = archive.store.peers();
    _ = archive.store.unindexed();
    _ = archive.store.search(&query, &SearchScope { peer: None, below: None, limit: 50 });
    for at in [At::Newest, At::Oldest, At::Beyond(server.0[7].id)] {
        for direction in [Direction::Up, Direction::Down] {
            _ = archive.store.read(&archive.peer, at, direction, 50);
        }
    }
    _ = archive.store.after(&archive.peer, 0, 1_000);
}

/// Reads the whole conversation, page after page, as far as it hangs together; errors end it.
fn read_all(archive: &Archive) -> Option<Vec<u64>> {
    let (mut all, mut at) = (Vec::new(), At::Newest);
    loop {
        let page = archive.store.read(&archive.peer, at, Direction::Up, 50).ok()??;
        all.extend(ids(&page.messages));
        match page.end {
            manyou::store::LocalEnd::More(last) => at = At::Beyond(last),
            manyou::store::LocalEnd::End => return Some(all),
            manyou::store::LocalEnd::Hole(_) => return None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_to_the_bytes_all_goes_on_and_what_is_torn_is_read_again(harm in harm(), reads_first in any::<bool>()) {
        let server = Server((0..120).map(|n| text(START + n, n as u64, &format!("退款 message {n}"))).collect());
        let archive = whole(&server);
        let keeps_log = matches!(harm, Harm::LogCut(_) | Harm::LogGarbage(..));
        let Archive { store, folder, peer, now } = archive;
        // Another program that has it open keeps the log where it is.
        let other = keeps_log.then(|| {
            let other = rusqlite::Connection::open(store.path()).expect("opens");
            other.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, i64>(0)).expect("read");
            other
        });
        if keeps_log {
            store.opened(&peer, crate::model::NOW).expect("noted");
            let copy = folder.path().join("copy");
            fs::create_dir(&copy).expect("made");
            for ending in ["db", "db-wal"] {
                let from = store.path().with_extension(ending);
                fs::copy(&from, copy.join(from.file_name().expect("named"))).expect("copied");
            }
        }
        drop((store, other));
        let at = if keeps_log { folder.path().join("copy") } else { folder.path().to_owned() };
        let archive = Archive { store: Store::at(&at, owner("alice")), folder, peer, now };
        do_harm(archive.store.path(), &harm);
        if reads_first {
            use_all(&archive, &server);
        }
        // Two starts: the first may find the damage only on its way.
        for _ in 0..2 {
            let mut cursor = None;
            loop {
                let page = server.page(cursor.as_ref(), Direction::Up, 20);
                let fetched = manyou::store::Fetched {
                    peer: &archive.peer, cursor: cursor.as_ref(), direction: Direction::Up, page: &page, whole: true,
                    edge: None,
                    at: crate::model::NOW,
                };
                match archive.store.take(fetched) {
                    Ok(_) => {}
                    // A number that became another number cannot be told from a true one.
                    Err(StoreError::Newer { .. } | StoreError::OtherAccount(_)) => return Ok(()),
                    Err(error) => prop_assert!(false, "{error}"),
                }
                match page.end {
                    manyou::domain::PageEnd::More(next) => cursor = Some(next),
                    _ => break,
                }
            }
            use_all(&archive, &server);
            // No byte has a checksum: what SQLite cannot see by the way, the check sees.
            prop_assert!(archive.store.verify(crate::model::NOW).is_ok());
            while archive.store.index(100).expect("indexed") > 0 {}
        }
        // A value that became another value cannot be told from a true one: then it is enough that all goes on.
        if matches!(harm, Harm::Flip(..) | Harm::Garbage(..)) {
            return Ok(());
        }
        let mut all: Vec<u64> = read_all(&archive).unwrap_or_default();
        all.reverse();
        prop_assert_eq!(all, ids(&server.0));
    }
}

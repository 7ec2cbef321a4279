//! Many pages in one transaction leave what the same pages leave one after another.

use manyou::domain::{Cursor, Direction, HistoryPage, Message, PageEnd, ServerTime};
use manyou::store::{Fetched, Store, Taken};
use proptest::prelude::*;
use rusqlite::Connection;

use crate::model::{Archive, START, Server, text};

#[derive(Clone, Debug)]
enum Step {
    /// Newest first from the end, so many pages of such a size.
    Walk(usize, usize),
    /// From the nth message of the server.
    From(prop::sample::Index, bool, usize),
    Arrive(u8),
    Remove(prop::sample::Index),
    Edit(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        4 => (1..6_usize, 1..7_usize).prop_map(|(pages, size)| Step::Walk(pages, size)),
        2 => (index(), any::<bool>(), 1..7_usize).prop_map(|(i, up, n)| Step::From(i, up, n)),
        1 => (1..4_u8).prop_map(Step::Arrive),
        1 => index().prop_map(Step::Remove),
        1 => index().prop_map(Step::Edit),
    ]
}

struct Asked {
    cursor: Option<Cursor>,
    direction: Direction,
    page: HistoryPage,
    at: ServerTime,
}

/// What was asked of a server that changes meanwhile.
fn talk(gaps: &[u8], steps: Vec<Step>) -> Vec<Asked> {
    let mut ms = START;
    let mut server = Server::default();
    for gap in gaps {
        ms += i64::from(*gap);
        let n = server.0.len();
        server.0.push(text(ms, n as u64, &format!("message {n}")));
    }
    let (mut asked, mut count, mut now) = (Vec::new(), gaps.len() as u64, START + 3_600_000);
    for step in steps {
        now += 20_000;
        let at = ServerTime(now);
        match step {
            Step::Walk(pages, size) => {
                let mut cursor = None;
                for _ in 0..pages {
                    let page = server.page(cursor.as_ref(), Direction::Up, size);
                    let next = page.end.clone();
                    asked.push(Asked { cursor, direction: Direction::Up, page, at });
                    let PageEnd::More(more) = next else { break };
                    cursor = Some(more);
                }
            }
            Step::From(i, up, size) if !server.0.is_empty() => {
                let direction = if up { Direction::Up } else { Direction::Down };
                let cursor = Some(Cursor::from(i.get(&server.0).id));
                let page = server.page(cursor.as_ref(), direction, size);
                asked.push(Asked { cursor, direction, page, at });
            }
            Step::Remove(i) if !server.0.is_empty() => drop(server.0.remove(i.index(server.0.len()))),
            Step::Edit(i) if !server.0.is_empty() => {
                let at = i.index(server.0.len());
                let old = &server.0[at];
                server.0[at] = text(old.time.ms(), (old.id.0 >> 2) & 0xF_FFFF, &format!("edited at {now}"));
            }
            Step::Arrive(n) => {
                for _ in 0..n {
                    let last = server.0.last().map_or(START, |m| m.time.ms());
                    server.0.push(text(last + i64::from(n) - 1, count, "new"));
                    count += 1;
                }
            }
            Step::From(..) | Step::Remove(_) | Step::Edit(_) => {}
        }
    }
    asked
}

/// All of it but where exactly messages stand.
fn left(archive: &Archive) -> (Vec<Message>, Vec<String>) {
    let messages = archive.store.after(&archive.peer, -1, 10_000).expect("read");
    let db = Connection::open(archive.store.path()).expect("opens");
    let mut rows = Vec::new();
    for table in ["coverage", "gone", "tombstones", "facts"] {
        let mut ask = db.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).expect("asked");
        let columns = ask.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            (0..columns).map(|n| row.get::<_, rusqlite::types::Value>(n)).collect::<Result<Vec<_>, _>>()
        };
        let found = ask.query_map([], row).expect("read");
        rows.extend(found.map(|row| format!("{table} {:?}", row.expect("read"))));
    }
    (messages.into_iter().map(|(_, message)| message).collect(), rows)
}

fn take(store: &Store, archive: &Archive, asked: &[Asked]) -> Vec<Taken> {
    let pages = asked.iter().map(|asked| Fetched {
        peer: &archive.peer,
        cursor: asked.cursor.as_ref(),
        direction: asked.direction,
        page: &asked.page,
        whole: true,
        edge: None,
        at: asked.at,
    });
    let packed = asked.iter().filter(|_| asked.len() > 1).map(|asked| store.pack(&asked.page.messages));
    store.take_all(&pages.collect::<Vec<_>>(), &packed.collect::<Vec<_>>()).expect("kept")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn as_one_after_another(
        gaps in prop::collection::vec(0..3_u8, 1..40),
        steps in prop::collection::vec(step(), 1..16),
        at_once in 2..12_usize,
    ) {
        let asked = talk(&gaps, steps);
        prop_assume!(!asked.is_empty());
        let (one, many) = (Archive::new(), Archive::new());
        let in_turn: Vec<Taken> = asked.iter().flat_map(|asked| take(&one.store, &one, std::slice::from_ref(asked))).collect();
        let together: Vec<Taken> = asked.chunks(at_once).flat_map(|asked| take(&many.store, &many, asked)).collect();
        prop_assert_eq!(in_turn, together);
        prop_assert_eq!(left(&one), left(&many));
        while many.store.index(7).expect("indexed") > 0 {}
        prop_assert_eq!(many.store.verify(ServerTime(START + 7_200_000)).expect("looked at").findings, []);
    }
}

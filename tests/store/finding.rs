//! Searching: what the index holds and what it does not hold yet are found alike, and nothing that is gone.

use manyou::domain::{Body, Direction, Message};
use manyou::store::{At, SearchScope};
use manyou::text::search::{Query, Script, Searchable};
use proptest::prelude::*;

use crate::model::{Archive, NOW, START, Server, text};

const WORDS: [&str; 6] = ["退款", "订单", "refund", "訂單 refund", "ok 👍", "好的"];

fn query(typed: &str) -> Query {
    Query::parse(typed, Script::Either, |_| None)
}

fn found(archive: &Archive, typed: &str) -> Vec<u64> {
    let (mut ids, mut below) = (Vec::new(), None);
    loop {
        let scope = SearchScope { peer: None, below, limit: 3 };
        let hits = archive.store.search(&query(typed), &scope).expect("searched");
        ids.extend(hits.hits.iter().map(|h| h.message.id.0));
        below = hits.hits.last().map(|h| h.key);
        if hits.hits.len() < 3 {
            return ids;
        }
    }
}

/// What a look at every message finds, newest first.
fn looked(archive: &Archive, typed: &str) -> Vec<u64> {
    let (all, query) = (archive.run(At::Newest, Direction::Up).0, query(typed));
    let is_hit =
        |m: &&Message| query.matches(&Searchable { message: m, sender_name: "", peer: &archive.peer, peer_name: "" });
    all.iter().filter(is_hit).map(|m| m.id.0).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Walk(usize),
    Index(usize),
    Edit(prop::sample::Index, usize),
    GoneElsewhere(prop::sample::Index),
    Deleted(prop::sample::Index),
    Arrive(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let word = 0..WORDS.len();
    prop_oneof![
        (1..7_usize).prop_map(Step::Walk),
        (1..12_usize).prop_map(Step::Index),
        (any::<prop::sample::Index>(), word.clone()).prop_map(|(i, w)| Step::Edit(i, w)),
        any::<prop::sample::Index>().prop_map(Step::GoneElsewhere),
        any::<prop::sample::Index>().prop_map(Step::Deleted),
        word.prop_map(Step::Arrive),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_a_look_at_every_message_finds(
        words in prop::collection::vec(0..WORDS.len(), 1..30),
        steps in prop::collection::vec(step(), 1..16),
    ) {
        let archive = Archive::new();
        let mut server = Server(words.iter().enumerate().map(|(n, w)| text(START + n as i64, n as u64, WORDS[*w])).collect());
        for step in steps {
            let some = |i: prop::sample::Index, server: &Server| i.index(server.0.len().max(1));
            match step {
                Step::Walk(n) => archive.walk(&server, n),
                Step::Index(n) => drop(archive.store.index(n).expect("indexed")),
                Step::Edit(i, w) if !server.0.is_empty() => {
                    let at = some(i, &server);
                    let (ms, low) = (server.0[at].time.ms(), (server.0[at].id.0 & 0x3f_ffff) >> 2);
                    server.0[at] = text(ms, low, WORDS[w]);
                }
                Step::GoneElsewhere(i) if !server.0.is_empty() => drop(server.0.remove(some(i, &server))),
                Step::Deleted(i) if !server.0.is_empty() => {
                    let gone = server.0.remove(some(i, &server));
                    archive.store.deleted(&archive.peer, &[gone.id]).expect("gone");
                }
                Step::Arrive(w) => {
                    let n = server.0.last().map_or(100, |m| (m.id.0 & 0x3f_ffff) >> 2) + 1;
                    let ms = server.0.last().map_or(START, |m| m.time.ms()) + 1;
                    server.0.push(text(ms, n, WORDS[w]));
                }
                _ => {}
            }
            archive.walk(&server, 5);
            for typed in ["退", "退款", "订单", "ref", "refund 订", "👍", "\"ok 👍\"", "无"] {
                prop_assert_eq!(found(&archive, typed), looked(&archive, typed), "{}", typed);
            }
        }
        while archive.store.index(7).expect("indexed") > 0 {}
        assert_eq!(archive.store.verify(NOW).expect("checked").findings, []);
        prop_assert_eq!(found(&archive, "退"), looked(&archive, "退"));
    }
}

#[test]
fn the_index_holds_no_word_that_was_deleted() {
    let archive = Archive::new();
    let server = Server(vec![text(START, 1, "keep"), text(START + 1, 2, "金丝雀 CANARYX")]);
    archive.walk(&server, 50);
    while archive.store.index(100).expect("indexed") > 0 {}
    assert_eq!(found(&archive, "金丝雀").len(), 1);
    archive.store.deleted(&archive.peer, &[server.0[1].id]).expect("gone");
    assert_eq!(found(&archive, "金丝雀").len(), 0);
    for file in std::fs::read_dir(archive.folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("bytes");
        for word in [&b"canaryx"[..], b"CANARYX", "雀".as_bytes()] {
            assert!(!bytes.windows(word.len()).any(|part| part == word), "{word:?}");
        }
    }
}

#[test]
fn an_index_of_another_version_is_made_anew() {
    let archive = Archive::new();
    let server = Server((0..40).map(|n| text(START + n, n as u64, "退款")).collect());
    archive.walk(&server, 50);
    while archive.store.index(100).expect("indexed") > 0 {}
    let db = rusqlite::Connection::open(archive.store.path()).expect("opens");
    db.execute("UPDATE facts SET value = '0' WHERE key = 'words'", []).expect("set");
    drop(db);
    let again = Archive {
        store: manyou::store::Store::at(archive.folder.path(), crate::model::owner("alice")),
        ..Archive::new()
    };
    again.store.open().expect("opened");
    assert_eq!(again.store.unindexed().expect("counted"), 40);
    while again.store.index(7).expect("indexed") > 0 {}
    assert_eq!(again.store.verify(NOW).expect("checked").findings, []);
    assert_eq!(found(&again, "款").len(), 40);
    assert!(matches!(server.0[0].body, Body::Text { .. }));
}

//! What the demo data must hold.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::{ChatType, MessageKind, Peer};
use crate::wire::{message, pb};
use prost::Message as _;

const NOW: ServerTime = ServerTime(1_790_000_000_000);
const BASE: &str = "http://127.0.0.1:4000";

fn app() -> AppKey {
    "demo#shop".parse().expect("an app key")
}

fn front() -> (Db, Demo) {
    let db = Db::open(None).expect("a database");
    let demo = seed_front(&db, &app(), NOW, BASE).expect("the front");
    (db, demo)
}

/// All of `sql`'s rows as text.
fn rows(db: &Db, sql: &str) -> Vec<String> {
    let db = db.get();
    let mut query = db.prepare(sql).expect("a query");
    let width = query.column_count();
    let text = |row: &rusqlite::Row<'_>| {
        Ok((0..width).map(|n| format!("{:?}", row.get_ref(n).expect("a column"))).collect::<Vec<_>>().join(" "))
    };
    query.query_map([], text).expect("rows").collect::<Result<_, _>>().expect("text")
}

fn count(db: &Db, sql: &str) -> i64 {
    db.get().query_row(sql, [], |row| row.get(0)).expect("a count")
}

#[test]
fn the_older_history_changes_no_list_and_all_is_the_same_every_time() {
    const LISTS: &str = "SELECT * FROM conversation ORDER BY owner, channel";
    const ALL: &str = "SELECT id, time, sender, kind, body, facts FROM message ORDER BY id";
    let (db, demo) = front();
    let (lists, newest) = (rows(&db, LISTS), rows(&db, ALL));
    seed_rest(&db, &app(), NOW, BASE, &demo).expect("the rest");
    assert_eq!(rows(&db, LISTS), lists);
    assert_eq!(
        count(
            &db,
            "SELECT count(*) FROM conversation c WHERE last IS NOT (SELECT id FROM message m
                    WHERE m.channel = c.channel ORDER BY time DESC, id DESC LIMIT 1)"
        ),
        0
    );
    let (again, demo) = front();
    assert_eq!(rows(&again, ALL), newest);
    seed_rest(&again, &app(), NOW, BASE, &demo).expect("the rest");
    for sql in [ALL, "SELECT * FROM file ORDER BY uuid", "SELECT * FROM reaction", "SELECT * FROM user"] {
        assert!(rows(&again, sql) == rows(&db, sql), "{sql} differs");
    }
}

#[test]
fn the_shop_has_eighty_conversations_and_a_group_of_three_hundred() {
    let (db, demo) = front();
    assert_eq!(table::rows().len(), 80, "a line of the table could not be read");
    assert_eq!(count(&db, "SELECT count(*) FROM conversation WHERE owner = 'kefu01'"), 79);
    assert_eq!(count(&db, "SELECT max(n) FROM (SELECT count(*) n FROM member GROUP BY room)"), 300);
    assert_eq!(count(&db, "SELECT count(*) FROM room WHERE kind = 'room'"), 1);
    assert_eq!(demo.users[0], (AGENT.to_owned(), PASSWORD.to_owned()));
    assert!(count(&db, "SELECT count(*) FROM conversation WHERE owner = 'lina88'") >= 3);
    let members = "SELECT count(*) FROM member WHERE user NOT IN (SELECT id FROM user)";
    assert_eq!(count(&db, members), 0, "a member is nobody");
}

#[test]
fn every_script_of_the_table_exists_and_every_mark_is_filled() {
    let talks = script::talks();
    for row in table::rows() {
        if let table::Said::Talks { last, .. } = row.said {
            assert!(talks.iter().any(|talk| talk.name == last), "no talk {last}");
        }
    }
    assert!(talks.iter().filter(|talk| talk.lines.len() >= 6).count() >= 40, "too few long talks");
    let (db, _) = front();
    for mark in ["{o}", "{t}", "{n}", "{s}", "{d}", "{p}", "{w}", "{h}"] {
        let sql = format!("SELECT count(*) FROM message WHERE instr(body, CAST('{mark}' AS BLOB)) > 0");
        assert_eq!(count(&db, &sql), 0, "{mark} was left");
    }
}

#[test]
fn ordinary_chats_hold_every_kind_and_their_customers_share_a_group() {
    let (db, demo) = front();
    seed_rest(&db, &app(), NOW, BASE, &demo).expect("the rest");
    for customer in ["yuanfang", "caicai", "hugo_b", "nadia_r"] {
        let peer: Peer = customer.parse().expect("a peer");
        let (kinds, total, facts) = kinds(&db, &peer);
        assert_eq!(kinds.len(), 12, "{customer}: {kinds:?}");
        assert!((150..600).contains(&total), "{customer} has {total} messages");
        for fact in ["edit_msg", "thread_overview", "translations"] {
            assert!(facts.contains(fact), "{customer} lacks {fact}");
        }
        let groups = format!("SELECT count(*) FROM member WHERE user = '{customer}'");
        assert!(count(&db, &groups) > 0, "{customer} is in no group");
    }
}

fn kinds(db: &Db, peer: &Peer) -> (BTreeSet<String>, usize, String) {
    let db = db.get();
    let channel = crate::server::db::channels::find(&db, AGENT, peer).expect("no error").expect("a channel");
    let mut query = db.prepare("SELECT body, facts FROM message WHERE channel = ?1").expect("a query");
    let found = query.query_map([channel], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<String>>(1)?)));
    let (mut kinds, mut total, mut facts) = (BTreeSet::new(), 0, String::new());
    for row in found.expect("rows") {
        let (body, fact) = row.expect("a row");
        let kind = pb::MessageBody::decode(body.as_slice())
            .map_or(MessageKind::Damaged, |body| message::read_body(&body).kind());
        kinds.insert(kind.to_string());
        facts.push_str(&fact.unwrap_or_default());
        total += 1;
    }
    (kinds, total, facts)
}

#[test]
fn ids_follow_time_in_every_conversation() {
    let (db, demo) = front();
    seed_rest(&db, &app(), NOW, BASE, &demo).expect("the rest");
    let channels = "SELECT count(*) FROM message";
    assert!(count(&db, channels) > 21_000);
    let mut last: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let db = db.get();
    let mut query = db.prepare("SELECT channel, time, id FROM message ORDER BY channel, time, id").expect("a query");
    let all = query.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).expect("rows");
    for row in all {
        let (channel, (time, id)): (i64, (i64, i64)) = row.expect("a row");
        let before = last.insert(channel, (time, id)).unwrap_or_default();
        assert!(before.0 < time && before.1 < id, "{id} at {time} after {before:?}");
        assert_eq!(crate::domain::MessageId(id as u64).time(), ServerTime(time));
        assert!((NOW.0 - 100 * DAY..=NOW.0).contains(&time), "{}", ServerTime(time));
    }
}

#[test]
fn the_long_conversation_opens_at_once_and_its_first_message_is_known() {
    let (db, demo) = front();
    let texts = |db: &Db, order: &str| {
        rows(
            db,
            &format!(
                "SELECT CAST(body AS TEXT) FROM message WHERE sender IN ('longtime', 'kefu01') AND channel =
            (SELECT channel FROM message WHERE sender = 'longtime' LIMIT 1) ORDER BY time {order} LIMIT 50"
            ),
        )
    };
    let page = texts(&db, "DESC");
    assert_eq!(page.len(), 50);
    seed_rest(&db, &app(), NOW, BASE, &demo).expect("the rest");
    assert_eq!(texts(&db, "DESC"), page);
    let ours = "SELECT count(*) FROM message WHERE instr(body, CAST('first message of this conversation' AS BLOB)) > 0";
    assert_eq!(count(&db, ours), 1);
    let peer = Peer::new(ChatType::Single, "longtime").expect("a peer");
    let many: Vec<SeedMessage> = long_conversation(50_000, 3, &peer, NOW).collect();
    assert!(many.windows(2).all(|pair| pair[0].id < pair[1].id), "ids do not rise");
}

#[test]
fn hostile_texts_and_names_are_there_unaltered() {
    let (db, demo) = front();
    seed_rest(&db, &app(), NOW, BASE, &demo).expect("the rest");
    let bodies = "SELECT count(*) FROM message WHERE instr(body, CAST(?1 AS BLOB)) > 0";
    let mut texts = 0;
    for (id, text) in table::hostile("text") {
        let found: i64 = db.get().query_row(bodies, [&text], |row| row.get(0)).expect("a count");
        assert!(found > 0, "{id} is missing");
        texts += 1;
    }
    assert!(texts > 70);
    assert!(people().iter().any(|(_, name)| name.contains('\u{1b}')));
}

#[test]
fn files_are_what_they_say() {
    let world = World::new(&app(), NOW, BASE);
    for (key, magic) in [
        ("sunset", &b"\x89PNG"[..]),
        ("gif", b"GIF89a"),
        ("4", b"RIFF"),
        ("film", b"RIFF"),
        ("invoice", b"%PDF-1.4"),
        ("record", b"cm\0\0"),
    ] {
        let file = world.shelf.files.iter().find(|file| file.key == key).expect("a file");
        assert!(file.bytes.starts_with(magic), "{key}");
        assert!(file.bytes.len() < 120_000, "{key} is large");
    }
    assert_eq!(
        world.shelf.attachment("sunset").0.url,
        format!("{BASE}/demo/shop/chatfiles/{}", rng::uuid_of("sunset"))
    );
}

#[test]
fn the_first_screen_is_a_morning_of_its_own_pace() {
    let (db, _) = front();
    let list =
        "SELECT h.kind, h.b || h.a, ?1 - c.active, c.unread FROM conversation c JOIN channel h ON h.key = c.channel
                WHERE c.owner = 'kefu01' AND c.last IS NOT NULL ORDER BY c.active DESC";
    let db_now = db.get();
    let mut query = db_now.prepare(list).expect("a query");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let all: Vec<(String, String, i64, i64)> =
        query.query_map([NOW.0], row).expect("rows").collect::<Result<_, _>>().expect("rows");
    let first = &all[..12];
    let within = |ms: i64| first.iter().filter(|row| row.2 < ms).count();
    assert!((2..=4).contains(&within(10 * 60_000)) && within(3_600_000) < 10, "{first:?}");
    assert!(first.iter().any(|row| row.0 == "group") && first.iter().any(|row| row.1.contains("-bot")), "{first:?}");
    assert!(first.iter().filter(|row| row.3 > 0).count() >= 8, "{first:?}");
    assert!(first.windows(2).all(|pair| pair[1].2 - pair[0].2 >= 3 * 60_000), "{first:?}");
}

#[test]
fn unread_are_only_those_after_the_shops_last_word() {
    let (db, _) = front();
    let sql = "SELECT h.a || h.b, c.unread, (SELECT count(*) FROM message m WHERE m.channel = c.channel AND m.time >
                 ifnull((SELECT max(time) FROM message o WHERE o.channel = c.channel AND o.sender = 'kefu01'), 0)) AS after
               FROM conversation c JOIN channel h ON h.key = c.channel WHERE c.owner = 'kefu01' AND c.unread > after";
    assert_eq!(rows(&db, sql), Vec::<String>::new());
}

#[test]
fn nobody_could_be_a_real_person() {
    for talk in script::talks() {
        for line in talk.lines {
            let run = line.text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
            assert!(run < 7, "looks like a number of somebody: {}", line.text);
            let address =
                line.text.split('@').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
            assert!(!address && !line.text.contains("http"), "looks like an address: {}", line.text);
        }
    }
}

//! What a million messages cost to fold, to cut into tokens, to index and to find in, two thirds of them Chinese.
//!
//! `cargo bench --bench search` prints one line of JSON; `cargo bench --bench search -- 20000` takes fewer messages.

#[path = "measure/clock.rs"]
mod clock;
#[path = "../examples/corpus/talk.rs"]
mod talk;

use std::error::Error;
use std::hint::black_box;

use clock::timed;
use manyou::domain::{Body, Message};
use manyou::text::search::{FTS_OPTIONS, Plan, Query, Script, fold, index_text};
use rusqlite::{Connection, OptionalExtension as _};

const MESSAGES: usize = 1_000_000;
const ROUNDS: usize = 3;
/// FTS5 writes its hash out whenever a row is not above the last one, so rows go in ascending and in large batches.
const BATCH: usize = 20_000;
const QUERIES: &str = "退|的|退款|谢谢辛苦|，|的，|refund|r|re|the|\"the server\"|x.example|👍|退 refund";

/// The fastest round, in seconds.
fn best(work: impl FnMut()) -> f64 {
    clock::best(ROUNDS, work)
}

fn indexed(messages: &[Message]) -> rusqlite::Result<Connection> {
    let mut db = Connection::open_in_memory()?;
    db.execute_batch(&format!(
        "CREATE TABLE messages(rowid INTEGER PRIMARY KEY);
         CREATE VIRTUAL TABLE search USING fts5(words, content = 'messages', {FTS_OPTIONS});
         INSERT INTO search(search, rank) VALUES ('secure-delete', 1), ('hashsize', 8388608);"
    ))?;
    let mut rowid = 0_i64;
    for batch in messages.chunks(BATCH) {
        let change = db.transaction()?;
        let mut insert = change.prepare("INSERT INTO search(rowid, words) VALUES (?1, ?2)")?;
        for message in batch {
            rowid += 1;
            insert.execute((rowid, index_text(message)))?;
        }
        drop(insert);
        change.commit()?;
    }
    Ok(db)
}

/// Milliseconds to the newest 50 hits, and the number of all.
fn found(db: &Connection, typed: &str) -> rusqlite::Result<String> {
    let Plan::Match(expression) = Query::parse(typed, Script::Either, |_| None).fts() else {
        return Ok(String::new());
    };
    let mut newest = db.prepare("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT 50")?;
    let ms = best(|| drop(black_box(newest.query_map([&expression], |row| row.get::<_, i64>(0)).map(Iterator::count))))
        * 1e3;
    let all = "SELECT count(*) FROM search WHERE search MATCH ?1";
    let (took, all) = timed(|| db.query_row(all, [&expression], |row| row.get::<_, i64>(0)).optional());
    Ok(format!("{typed:?}:[{ms:.2},{:.2},{}]", took.as_secs_f64() * 1e3, all?.unwrap_or(0)))
}

#[allow(clippy::print_stdout, reason = "the figure is the purpose")]
fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(MESSAGES);
    let messages: Vec<Message> = talk::talk(count, 30).map(|(_, message)| message).collect();
    let texts: Vec<&str> = messages
        .iter()
        .filter_map(|m| if let Body::Text { text, .. } = &m.body { Some(text.as_str()) } else { None })
        .collect();
    let (english, chinese): (Vec<&str>, Vec<&str>) = texts.iter().partition(|text| text.is_ascii());
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let folding =
        |texts: &[&str]| texts.len() as f64 / best(|| texts.iter().for_each(|text| drop(black_box(fold(text)))));
    let cutting = best(|| messages.iter().for_each(|message| drop(black_box(index_text(message)))));
    let look = Query::parse("退款 订单", Script::Either, |_| None);
    let looking = best(|| assert!(texts.iter().filter(|text| look.matches_text(text)).count() < count));
    let (indexing, db) = timed(|| indexed(&messages));
    let db = db?;
    let size: i64 = db.query_row("SELECT sum(length(block)) FROM search_data", (), |row| row.get(0))?;
    let found: Vec<String> = QUERIES.split('|').map(|typed| found(&db, typed)).collect::<Result<_, _>>()?;
    let count = count as f64;
    println!(
        "{{\"messages\":{count},\"bytes_each\":{:.0},\"fold_chinese_per_s\":{:.0},\"fold_english_per_s\":{:.0},\"tokens_per_s\":{:.0},\"looked_at_per_s\":{:.0},\
         \"indexed_per_s\":{:.0},\"index_bytes_each\":{:.0},\"ms_newest_ms_count_hits\":{{{}}}}}",
        bytes as f64 / count,
        folding(&chinese),
        folding(&english),
        count / cutting,
        count / looking,
        count / indexing.as_secs_f64(),
        size as f64 / count,
        found.join(",")
    );
    Ok(())
}

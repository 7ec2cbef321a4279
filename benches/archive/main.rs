//! What a message costs in the archive: bytes by table, rows and words a second, and the time to the newest hits.
//!
//! `cargo bench --bench archive` prints one line of JSON; `cargo bench --bench archive -- 10000` takes that many.

#[path = "../measure/clock.rs"]
mod clock;
#[path = "../../examples/corpus/talk.rs"]
mod talk;

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use clock::timed;
use manyou::domain::{Direction, Message, PageSize, Peer, ServerTime};
use manyou::store::{At, Owner, SearchScope, Store};
use manyou::text::search::{Query, Script};
use rusqlite::Connection;
use serde_json::{Value, json};

const MESSAGES: usize = 100_000;
const BATCH: usize = 5_000;
const ROUNDS: usize = 9;
/// Of one, two and four characters, common and rare, and Latin ones.
const QUERIES: [&str; 8] = ["的", "饕", "退款", "饕餮", "谢谢辛苦", "饕餮盛宴", "refund", "server"];
const NOW: ServerTime = ServerTime(1_700_000_000_000);

/// The fastest round, in milliseconds.
fn best(work: impl FnMut()) -> f64 {
    clock::best(ROUNDS, work) * 1e3
}

/// Resident memory in MB: now, and at its highest.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    };
    (of("RssAnon"), of("VmHWM"))
}

fn bytes_each(store: &Store, count: f64) -> rusqlite::Result<BTreeMap<String, f64>> {
    let db = Connection::open(store.path())?;
    let mut ask = db.prepare("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")?;
    let rows = ask.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, f64>(1)? / count)))?;
    Ok(rows.collect::<rusqlite::Result<BTreeMap<_, _>>>()?.into_iter().filter(|(_, each)| *each >= 0.5).collect())
}

#[allow(clippy::print_stdout, reason = "the figure is the purpose")]
fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(MESSAGES);
    let folder = tempfile::tempdir()?;
    let owner = Owner {
        api: "http://127.0.0.1:1".to_owned(),
        app_key: "easemob-demo#support".parse()?,
        user: "kefu01".parse()?,
    };
    let store = Store::at(folder.path(), owner);
    let (mut raw, mut keeping, mut peer) = (0, Duration::ZERO, None);
    let mut talk = talk::talk(count, 30);
    loop {
        let batch: Vec<(Peer, Message)> = talk.by_ref().take(BATCH).collect();
        let Some((first, _)) = batch.first() else { break };
        peer.get_or_insert_with(|| first.clone());
        raw += batch.iter().map(|(_, message)| message.raw.len()).sum::<usize>();
        let (took, kept) = timed(|| store.import(&batch, NOW));
        keeping += took;
        assert_eq!(kept?.new, batch.len());
    }
    let rows_only = std::fs::metadata(store.path())?.len();
    let (indexing, done) = timed(|| {
        while store.index(BATCH)? > 0 {}
        Ok::<_, manyou::store::StoreError>(())
    });
    done?;
    let (anon, peak) = memory();
    let messages = count as f64;
    let each = bytes_each(&store, messages)?;
    let file = std::fs::metadata(store.path())?.len() as f64;
    let search = |typed: &str| {
        let query = Query::parse(typed, Script::Either, |_| None);
        let scope = SearchScope { peer: None, below: None, limit: 50 };
        let hits = store.search(&query, &scope).map_or(0, |found| found.hits.len());
        (typed.to_owned(), json!([best(|| drop(black_box(store.search(&query, &scope)))), hits]))
    };
    let searches: serde_json::Map<String, Value> = QUERIES.iter().map(|typed| search(typed)).collect();
    let peer = peer.ok_or("no messages")?;
    let page = best(|| drop(black_box(store.read(&peer, At::Newest, Direction::Up, PageSize::MAX.get()))));
    let after = best(|| drop(black_box(store.after(&peer, 0, 50))));
    println!(
        "{}",
        json!({
            "messages": count, "raw_bytes": raw as f64 / messages, "archive_bytes": file / messages,
            "times_raw": file / raw as f64, "before_index": rows_only as f64 / messages, "bytes_by_table": each,
            "rows_per_s": messages / keeping.as_secs_f64(), "indexed_per_s": messages / indexing.as_secs_f64(),
            "rss_anon_mb": anon, "rss_peak_mb": peak, "ms_newest_50": searches, "ms_page": page, "ms_after": after,
        })
    );
    Ok(())
}

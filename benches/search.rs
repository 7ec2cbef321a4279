//! What a million messages cost to fold, to cut into tokens, to index and to find in, two thirds of them Chinese.
//!
//! `cargo bench --bench search` prints one line of JSON; `cargo bench --bench search -- 20000` takes fewer messages.

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use manyou::domain::{Body, ChatType, Message, MessageId, ServerTime};
use manyou::text::search::{FTS_OPTIONS, Plan, Query, Script, fold, index_text};
use rusqlite::{Connection, OptionalExtension as _};

const MESSAGES: usize = 1_000_000;
const ROUNDS: usize = 3;
/// FTS5 writes its hash out whenever a row is not above the last one, so rows go in ascending and in large batches.
const BATCH: usize = 20_000;
const HAN: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事\
    成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明\
    性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门\
    任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场\
    件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据\
    程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔猫狗饭茶咖啡晚早班楼群聊消息图片语音视频文件快递订单客户合同发票\
    预算会议周末上线测试版本回滚日志崩溃内存延迟超时谢谢辛苦收到稍等没问题哈哈嗯好吧退款";
const ENGLISH: &str = "the to and of in is it you that for on we have be this with are not can will at as but so if from or was my \
    your they just do what there all out about time no know like when how now then some good could server deploy release build ticket \
    review merge branch customer invoice meeting schedule update version crash memory timeout error please thanks order refund";
const QUERIES: &str = "退|的|退款|谢谢辛苦|，|的，|refund|r|re|the|\"the server\"|a-12|👍|退 refund";
const EMOJI: [&str; 8] = ["😂", "👍🏽", "🙏", "❤️", "👨‍👩‍👧‍👦", "🇨🇳", "☕", "1️⃣"];

/// The same talk on every machine.
struct Dice(u64);

impl Dice {
    /// Below `end`; small numbers come more often, as words do.
    fn often_small(&mut self, end: usize) -> usize {
        let part = self.roll();
        (part * part * part * end as f64) as usize
    }

    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() * end as f64) as usize
    }
}

fn talk(count: usize) -> Vec<Message> {
    let (han, english): (Vec<char>, Vec<&str>) =
        (HAN.chars().filter(|c| !c.is_whitespace()).collect(), ENGLISH.split_whitespace().collect());
    let mut dice = Dice(42);
    let one = |n: usize| {
        let mut text = String::new();
        let is_chinese = dice.roll() < 0.67;
        for clause in 0..=dice.below(4) {
            if clause > 0 {
                text.push_str(if is_chinese { "，" } else { ", " });
            }
            for _ in 0..3 + dice.below(12) {
                if is_chinese {
                    text.push(han[dice.often_small(han.len())]);
                } else {
                    text.extend([english[dice.often_small(english.len())], " "]);
                }
            }
        }
        if dice.roll() < 0.15 {
            text.push_str(EMOJI[dice.below(EMOJI.len())]);
        }
        if dice.roll() < 0.05 {
            text.push_str(&format!(" https://x.test/t/{n:x} A-{n}"));
        }
        said(text, n as u64)
    };
    (1..=count).map(one).collect()
}

fn said(text: String, n: u64) -> Message {
    let from_to = [String::new(), String::new()];
    Message::plain(
        MessageId(n),
        ChatType::Single,
        from_to,
        ServerTime(0),
        Body::Text { text, stream: None },
        Bytes::new(),
    )
}

#[allow(clippy::disallowed_methods, reason = "a bench measures with the machine's clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = std::time::Instant::now();
    let done = work();
    (start.elapsed(), done)
}

/// The fastest round: what disturbs a round only makes it slower.
fn best(mut work: impl FnMut()) -> f64 {
    (0..ROUNDS).map(|_| timed(&mut work).0.as_secs_f64()).fold(f64::INFINITY, f64::min)
}

fn indexed(messages: &[Message]) -> rusqlite::Result<Connection> {
    let mut db = Connection::open_in_memory()?;
    db.execute_batch(&format!(
        "CREATE TABLE messages(rowid INTEGER PRIMARY KEY);
         CREATE VIRTUAL TABLE search USING fts5(words, content = 'messages', {FTS_OPTIONS});
         INSERT INTO search(search, rank) VALUES ('secure-delete', 1), ('hashsize', 8388608);"
    ))?;
    for batch in messages.chunks(BATCH) {
        let change = db.transaction()?;
        let mut insert = change.prepare("INSERT INTO search(rowid, words) VALUES (?1, ?2)")?;
        for message in batch {
            insert.execute((message.id.0 as i64, index_text(message)))?;
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
    let messages = talk(count);
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

//! The sandbox's demo shop: an account with some eighty conversations, always the same for the same `now`.
//!
//! [`seed_front`] makes what the first screen needs, [`seed_rest`] the older histories.

mod draft;
mod history;
mod long;
mod media;
mod paint;
mod people;
mod rng;
mod script;
mod shelf;
mod table;
#[cfg(test)]
mod tests;
mod timeline;

use rusqlite::Transaction;
use serde_json::json;

use self::draft::Draft;
use self::long::low_bits;
use self::script::Talk;
use self::shelf::Shelf;
use self::table::Row;
use self::timeline::DAY;
use super::db::seed::{
    SeedFile, SeedMessage, seed_contact, seed_conversation, seed_file, seed_member, seed_messages, seed_room, seed_user,
};
use super::db::{Db, DbResult};
use crate::domain::{AppKey, ChatType, ServerTime};

pub use self::long::long_conversation;

/// The shop's account.
pub const AGENT: &str = "kefu01";
/// Password of every demo user.
pub const PASSWORD: &str = "demo";
/// Messages of a conversation that are there at once: more than the first page.
const FRONT: usize = 60;
/// Messages of one transaction of [`seed_rest`].
const CHUNK: usize = 500;

/// What was made.
pub struct Demo {
    /// Id and password of everybody: the shop's account first, then the peers of its single chats, then those who are
    /// only members of its groups.
    pub users: Vec<(String, String)>,
}

/// Everybody who can sign in: id and nickname (may be empty or hostile), the shop's account first.
pub fn people() -> Vec<(String, String)> {
    let rows = table::rows();
    let singles = rows.into_iter().filter(Row::is_single).map(|row| (row.peer.id().to_owned(), row.name));
    std::iter::once((AGENT.to_owned(), "小漫".to_owned()))
        .chain(singles)
        .chain((0..people::CROWD).map(people::crowd))
        .collect()
}

/// What both halves build on.
struct World {
    now: ServerTime,
    rows: Vec<Row>,
    talks: Vec<Talk>,
    shelf: Shelf,
}

impl World {
    fn new(app_key: &AppKey, now: ServerTime, base_url: &str) -> Self {
        Self { now, rows: table::rows(), talks: script::talks(), shelf: Shelf::new(app_key, base_url, now) }
    }
}

/// Makes users, groups, contacts, files, conversations, and the newest 60 messages of each conversation, in one
/// transaction. File addresses start with `base_url`.
///
/// # Errors
/// The database's, e.g. when it holds demo data already.
pub fn seed_front(db: &Db, app_key: &AppKey, now: ServerTime, base_url: &str) -> DbResult<Demo> {
    let world = World::new(app_key, now, base_url);
    let everybody = people();
    db.write(|tx| {
        for (id, nickname) in &everybody {
            let profile = json!({ "nickname": nickname }).to_string();
            seed_user(tx, id, PASSWORD, &profile, now.plus_ms(-120 * DAY))?;
        }
        for file in &world.shelf.files {
            let (uuid, secret, thumbnail) = (&file.uuid, &file.secret, file.thumbnail.as_deref());
            seed_file(
                tx,
                &SeedFile { uuid, secret, name: file.name, kind: file.content_type, bytes: &file.bytes, thumbnail },
            )?;
        }
        world.rows.iter().try_for_each(|row| open(tx, &world, row))
    })?;
    Ok(Demo { users: everybody.into_iter().map(|(id, _)| (id, PASSWORD.to_owned())).collect() })
}

/// Makes one conversation as far as lists and first pages show it.
fn open(tx: &Transaction<'_>, world: &World, row: &Row) -> DbResult<()> {
    let since = world.now.plus_ms(-100 * DAY);
    let mut members = Vec::new();
    if row.is_single() {
        seed_contact(tx, AGENT, row.peer.id(), "")?;
    } else {
        seed_room(tx, row.peer.chat_type, row.peer.id(), &row.name, AGENT, since)?;
        members = row.everybody();
        members.iter().try_for_each(|member| seed_member(tx, row.peer.id(), member, since))?;
    }
    put(tx, row, history::drafts(world, row, FRONT).into_iter().enumerate())?;
    let pinned = row.pinned.then_some(world.now);
    match row.peer.chat_type {
        ChatType::Single => {
            seed_conversation(tx, AGENT, &row.peer, row.unread, pinned)?;
            let agent = crate::domain::Peer::new(ChatType::Single, AGENT);
            agent.map_or(Ok(()), |agent| seed_conversation(tx, row.peer.id(), &agent, 0, None))
        }
        ChatType::Group => members.iter().try_for_each(|member| {
            let (unread, pinned) = if member == AGENT { (row.unread, pinned) } else { (0, None) };
            seed_conversation(tx, member, &row.peer, unread, pinned)
        }),
        ChatType::Room => Ok(()),
    }
}

/// Makes the older messages of every conversation, a few hundred to a transaction: other work on `db` goes on in
/// between. No list changes by it.
///
/// # Errors
/// The database's.
pub fn seed_rest(db: &Db, app_key: &AppKey, now: ServerTime, base_url: &str, _demo: &Demo) -> DbResult<()> {
    let world = World::new(app_key, now, base_url);
    for row in &world.rows {
        let mut older = history::drafts(&world, row, usize::MAX).into_iter().enumerate().skip(FRONT).peekable();
        while older.peek().is_some() {
            let chunk: Vec<(usize, Draft)> = older.by_ref().take(CHUNK).collect();
            db.write(|tx| put(tx, row, chunk.into_iter()))?;
        }
    }
    Ok(())
}

/// Puts drafts in, each with its place counted from the newest.
fn put(tx: &Transaction<'_>, row: &Row, drafts: impl Iterator<Item = (usize, Draft)>) -> DbResult<()> {
    let mut reactions = Vec::new();
    let messages: Vec<SeedMessage> = drafts
        .map(|(n, mut draft)| {
            let reaction = draft.reaction.take();
            let message = draft.seed(AGENT, &row.peer, low_bits(row.number, n));
            reactions.extend(reaction.map(|reaction| (message.id, message.time, reaction)));
            message
        })
        .collect();
    seed_messages(tx, messages.into_iter())?;
    let mut add = tx.prepare_cached("INSERT INTO reaction (message, reaction, user, time) VALUES (?1, ?2, ?3, ?4)")?;
    for (id, time, (reaction, count)) in reactions {
        let fans = if row.is_single() { vec![row.peer.id().to_owned(), AGENT.to_owned()] } else { row.speakers() };
        for (user, n) in fans.iter().rev().take(count).zip(1..) {
            add.execute((id.0 as i64, &reaction, user, time.0 + n * 30_000))?;
        }
    }
    Ok(())
}

//! One owner's conversation list, kept true when messages go.

use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::{DbResult, channels, messages};
use crate::domain::{ChatType, MessageId, ServerTime};

/// One entry of a conversation list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its channel.
    pub channel: i64,
    /// Single or group; rooms are never listed.
    pub chat_type: ChatType,
    /// The other side.
    pub peer: String,
    /// Unread messages.
    pub unread: i64,
    /// Newest message the owner sees.
    pub last: Option<MessageId>,
    /// Time it was active last; the order of lists.
    pub active: i64,
    /// When it was pinned.
    pub pinned_at: Option<i64>,
    /// When it came into the list.
    pub created: i64,
}

/// Which entries to list, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only pinned ones, newest pin first.
    pub pinned: bool,
    /// Only with this mark.
    pub mark: Option<i64>,
    /// Also such whose messages are all gone.
    pub empty: bool,
    /// Only what stands after this (order value, channel); `None` from the top.
    pub after: Option<(i64, i64)>,
    /// Leave out first.
    pub skip: usize,
    /// At most so many.
    pub count: usize,
    /// The last message must not be older.
    pub oldest: i64,
}

/// A part of the owner's list.
///
/// # Errors
/// The database's.
pub fn list(db: &Connection, owner: &str, filter: &Filter) -> DbResult<Vec<Entry>> {
    let order = if filter.pinned { "pinned_at" } else { "active" };
    let pinned = if filter.pinned { "AND pinned_at IS NOT NULL" } else { "" };
    let mut query = db.prepare_cached(&format!(
        "SELECT c.channel, h.kind, h.a, h.b, c.unread, iif(m.time >= :oldest, c.last, NULL) AS seen, c.active,
         c.pinned_at, c.created FROM conversation c JOIN channel h ON h.key = c.channel
         LEFT JOIN message m ON m.id = c.last
         WHERE c.owner = :owner AND c.listed AND h.kind <> 'room' {pinned} AND (:empty OR seen IS NOT NULL)
         AND (:mark < 0 OR EXISTS (SELECT 1 FROM mark k WHERE k.owner = c.owner AND k.channel = c.channel AND k.mark = :mark))
         AND (c.{order}, c.channel) < (:after, :after_channel)
         ORDER BY c.{order} DESC, c.channel DESC LIMIT :count OFFSET :skip"
    ))?;
    let after = filter.after.unwrap_or(messages::LAST);
    let rows = query.query_map(
        named_params! {
            ":owner": owner, ":mark": filter.mark.unwrap_or(-1), ":empty": filter.empty, ":oldest": filter.oldest,
            ":after": after.0, ":after_channel": after.1, ":count": filter.count as i64, ":skip": filter.skip as i64,
        },
        |row| {
            let (chat_type, peer) = channels::other_side(&row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, owner);
            Ok(Entry {
                channel: row.get(0)?,
                chat_type,
                peer,
                unread: row.get(4)?,
                last: row.get::<_, Option<i64>>(5)?.map(|id| MessageId(id as u64)),
                active: row.get(6)?,
                pinned_at: row.get(7)?,
                created: row.get(8)?,
            })
        },
    )?;
    rows.collect()
}

/// Marks of a conversation, as numbers.
///
/// # Errors
/// The database's.
pub fn marks(db: &Connection, owner: &str, channel: i64) -> DbResult<Vec<i64>> {
    let mut query = db.prepare_cached("SELECT mark FROM mark WHERE owner = ?1 AND channel = ?2 ORDER BY mark")?;
    query.query_map((owner, channel), |row| row.get(0))?.collect()
}

/// Whether the conversation is in the owner's list.
///
/// # Errors
/// The database's.
pub fn exists(db: &Connection, owner: &str, channel: i64) -> DbResult<bool> {
    db.prepare_cached("SELECT 1 FROM conversation WHERE owner = ?1 AND channel = ?2")?.exists((owner, channel))
}

/// Sets the entry's last message and unread count anew after messages went; with none left the entry goes too. Returns whether it is
/// still there.
///
/// # Errors
/// The database's.
pub fn refresh(db: &Connection, owner: &str, channel: i64) -> DbResult<bool> {
    if !exists(db, owner, channel)? {
        return Ok(false);
    }
    let Some((time, id)) = messages::newest_visible(db, owner, channel)? else {
        remove(db, owner, channel)?;
        return Ok(false);
    };
    db.prepare_cached("UPDATE conversation SET last = ?3, active = ?4 WHERE owner = ?1 AND channel = ?2")?
        .execute((owner, channel, id, time))?;
    lower_unread(db, owner, channel)?;
    Ok(true)
}

/// No more can be unread than others wrote and the owner still sees.
fn lower_unread(db: &Connection, owner: &str, channel: i64) -> DbResult<()> {
    let (time, id) = messages::cleared(db, owner, channel)?;
    db.prepare_cached(
        "UPDATE conversation SET unread = min(unread, (SELECT count(*) FROM message m
           WHERE m.channel = ?2 AND m.sender <> ?1 AND (m.time, m.id) > (?3, ?4)
           AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.owner = ?1 AND h.message = m.id)))
         WHERE owner = ?1 AND channel = ?2 AND unread > 0",
    )?
    .execute((owner, channel, time, id))?;
    Ok(())
}

/// Takes the conversation out of the owner's list; the messages stay.
///
/// # Errors
/// The database's.
pub fn remove(db: &Connection, owner: &str, channel: i64) -> DbResult<()> {
    db.prepare_cached("DELETE FROM mark WHERE owner = ?1 AND channel = ?2")?.execute((owner, channel))?;
    db.prepare_cached("DELETE FROM conversation WHERE owner = ?1 AND channel = ?2")?.execute((owner, channel))?;
    Ok(())
}

/// Makes an entry without messages where there is none, so that it can be pinned.
///
/// # Errors
/// The database's.
pub fn make(db: &Connection, owner: &str, channel: i64, now: ServerTime) -> DbResult<()> {
    let newest = messages::newest_visible(db, owner, channel)?;
    db.prepare_cached(
        "INSERT OR IGNORE INTO conversation (owner, channel, last, active, created) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((owner, channel, newest.map(|(_, id)| id), newest.map_or(now.ms(), |(time, _)| time), now.ms()))?;
    Ok(())
}

/// Pins or unpins.
///
/// # Errors
/// The database's.
pub fn pin(db: &Connection, owner: &str, channel: i64, at: Option<ServerTime>) -> DbResult<()> {
    db.prepare_cached("UPDATE conversation SET pinned_at = ?3 WHERE owner = ?1 AND channel = ?2")?.execute((
        owner,
        channel,
        at.map(ServerTime::ms),
    ))?;
    Ok(())
}

/// How many conversations the owner has pinned, this one aside.
///
/// # Errors
/// The database's.
pub fn pinned_besides(db: &Connection, owner: &str, channel: i64) -> DbResult<usize> {
    let mut query = db.prepare_cached(
        "SELECT count(*) FROM conversation WHERE owner = ?1 AND channel <> ?2 AND pinned_at IS NOT NULL",
    )?;
    query.query_row((owner, channel), |row| row.get::<_, i64>(0)).map(|n| n as usize)
}

/// Everybody who has the channel in their list.
///
/// # Errors
/// The database's.
pub fn owners(db: &Connection, channel: i64) -> DbResult<Vec<String>> {
    let mut query = db.prepare_cached("SELECT owner FROM conversation WHERE channel = ?1")?;
    query.query_map([channel], |row| row.get(0))?.collect()
}

/// Drops the least active conversations beyond `most`.
///
/// # Errors
/// The database's.
pub fn trim(db: &Connection, owner: &str, most: usize) -> DbResult<()> {
    let mut query = db.prepare_cached(
        "SELECT channel FROM conversation WHERE owner = ?1 ORDER BY active DESC, channel DESC LIMIT 1 OFFSET ?2",
    )?;
    while let Some(channel) = query.query_row((owner, most as i64), |row| row.get::<_, i64>(0)).optional()? {
        remove(db, owner, channel)?;
    }
    Ok(())
}

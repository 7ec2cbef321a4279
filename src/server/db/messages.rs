//! Messages as one owner sees them. Order is (time, id): an imported message carries an old time under a new id.

use rusqlite::{Connection, OptionalExtension as _, Row as SqlRow, named_params};

use super::DbResult;
use crate::domain::{MessageId, ServerTime};

/// A place in a channel: time, then id.
pub type Position = (i64, i64);

/// Before everything.
pub const FIRST: Position = (i64::MIN, i64::MIN);
/// After everything.
pub const LAST: Position = (i64::MAX, i64::MAX);

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: MessageId,
    /// Server receive time.
    pub time: ServerTime,
    /// User id of the sender.
    pub sender: String,
    /// The sender's device; empty for none.
    pub device: String,
    /// Word of the history filter.
    pub kind: String,
    /// `MessageBody` as the sender encoded it.
    pub body: Vec<u8>,
    /// JSON of what the server knows of it, reactions aside.
    pub facts: Option<String>,
    /// Somebody reacted to it.
    pub reacted: bool,
}

const COLUMNS: &str = "m.id, m.time, m.sender, m.device, m.kind, m.body, m.facts,
    EXISTS (SELECT 1 FROM reaction r WHERE r.message = m.id)";

fn read(row: &SqlRow<'_>) -> DbResult<Row> {
    Ok(Row {
        id: MessageId(row.get::<_, i64>(0)? as u64),
        time: ServerTime(row.get(1)?),
        sender: row.get(2)?,
        device: row.get(3)?,
        kind: row.get(4)?,
        body: row.get(5)?,
        facts: row.get(6)?,
        reacted: row.get(7)?,
    })
}

/// Which messages of a channel a page holds.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Whose view.
    pub owner: &'a str,
    /// Of which channel.
    pub channel: i64,
    /// Only what comes after it.
    pub after: Position,
    /// Only what comes before it.
    pub before: Position,
    /// Oldest first.
    pub forward: bool,
    /// At most so many.
    pub count: usize,
    /// Only these kinds, as `,txt,img,`; empty for all.
    pub kinds: &'a str,
    /// Only these senders, as `,alice,bob,`; empty for all.
    pub senders: &'a str,
}

const BETWEEN: &str = "(m.time, m.id) < (:before_time, :before_id) AND (m.time, m.id) > (:after_time, :after_id)";

/// One page of what `owner` sees.
///
/// # Errors
/// The database's.
pub fn page(db: &Connection, page: &Page<'_>) -> DbResult<Vec<Row>> {
    let after = page.after.max(cleared(db, page.owner, page.channel)?);
    let order = if page.forward { "m.time, m.id" } else { "m.time DESC, m.id DESC" };
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM message m WHERE m.channel = :channel AND {BETWEEN}
         AND (:kinds = '' OR instr(:kinds, ',' || m.kind || ',') > 0)
         AND (:senders = '' OR instr(:senders, ',' || m.sender || ',') > 0)
         AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.owner = :owner AND h.message = m.id)
         ORDER BY {order} LIMIT :count"
    ))?;
    let rows = query.query_map(
        named_params! {
            ":owner": page.owner, ":channel": page.channel, ":kinds": page.kinds, ":senders": page.senders,
            ":before_time": page.before.0, ":before_id": page.before.1, ":after_time": after.0, ":after_id": after.1,
            ":count": page.count as i64,
        },
        read,
    )?;
    rows.collect()
}

/// Up to where `owner` has cleared the channel, inclusive; [`FIRST`] for never.
///
/// # Errors
/// The database's.
pub fn cleared(db: &Connection, owner: &str, channel: i64) -> DbResult<Position> {
    let mut query = db.prepare_cached("SELECT time, id FROM cleared WHERE owner = ?1 AND channel = ?2")?;
    let row = query.query_row((owner, channel), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row.unwrap_or(FIRST))
}

/// The newest message `owner` sees in the channel.
///
/// # Errors
/// The database's.
pub fn newest_visible(db: &Connection, owner: &str, channel: i64) -> DbResult<Option<Position>> {
    let (time, id) = cleared(db, owner, channel)?;
    let mut query = db.prepare_cached(
        "SELECT m.time, m.id FROM message m WHERE m.channel = ?2 AND (m.time, m.id) > (?3, ?4)
         AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.owner = ?1 AND h.message = m.id)
         ORDER BY m.time DESC, m.id DESC LIMIT 1",
    )?;
    query.query_row((owner, channel, time, id), |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// The newest message of the channel, seen by `owner` or not.
///
/// # Errors
/// The database's.
pub fn newest(db: &Connection, channel: i64) -> DbResult<Option<Position>> {
    let mut query =
        db.prepare_cached("SELECT time, id FROM message WHERE channel = ?1 ORDER BY time DESC, id DESC LIMIT 1")?;
    query.query_row([channel], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// A message by id, with its channel.
///
/// # Errors
/// The database's.
pub fn find(db: &Connection, id: MessageId) -> DbResult<Option<(i64, Row)>> {
    let mut query = db.prepare_cached(&format!("SELECT {COLUMNS}, m.channel FROM message m WHERE m.id = ?1"))?;
    query.query_row([id.0 as i64], |row| Ok((row.get(8)?, read(row)?))).optional()
}

/// A message by id, if `owner` sees it in this channel.
///
/// # Errors
/// The database's.
pub fn visible(db: &Connection, owner: &str, channel: i64, id: MessageId) -> DbResult<Option<Row>> {
    let Some((home, row)) = find(db, id)? else { return Ok(None) };
    let cleared = cleared(db, owner, channel)?;
    let mut query = db.prepare_cached("SELECT 1 FROM hidden WHERE owner = ?1 AND message = ?2")?;
    let seen = home == channel && (row.time.ms(), row.id.0 as i64) > cleared && !query.exists((owner, id.0 as i64))?;
    Ok(seen.then_some(row))
}

/// Where a cursor stands: at its message, or (of a message that is gone, or a made-up id) at the id's own time.
///
/// # Errors
/// The database's.
pub fn position(db: &Connection, channel: i64, id: MessageId) -> DbResult<Position> {
    let mut query = db.prepare_cached("SELECT time FROM message WHERE id = ?1 AND channel = ?2")?;
    let time = query.query_row((id.0 as i64, channel), |row| row.get(0)).optional()?;
    Ok((time.unwrap_or_else(|| id.time().ms()), i64::try_from(id.0).unwrap_or(i64::MAX)))
}

/// The highest id ever stored, 0 for none.
///
/// # Errors
/// The database's.
pub fn newest_id(db: &Connection) -> DbResult<MessageId> {
    let id: Option<i64> = db.query_row("SELECT max(id) FROM message", [], |row| row.get(0))?;
    Ok(MessageId(id.unwrap_or_default() as u64))
}

/// Hides messages of a channel from `owner`; ids of other channels are ignored. Returns those newly hidden.
///
/// # Errors
/// The database's.
pub fn hide(db: &Connection, owner: &str, channel: i64, ids: &[MessageId]) -> DbResult<usize> {
    let mut query = db.prepare_cached(
        "INSERT OR IGNORE INTO hidden (owner, message) SELECT ?1, id FROM message WHERE id = ?3 AND channel = ?2",
    )?;
    ids.iter().try_fold(0, |sum, id| Ok(sum + query.execute((owner, channel, id.0 as i64))?))
}

/// Clears everything at or before `upto` for `owner`; never less than before.
///
/// # Errors
/// The database's.
pub fn clear(db: &Connection, owner: &str, channel: i64, upto: Position) -> DbResult<()> {
    let upto = upto.max(cleared(db, owner, channel)?);
    db.prepare_cached("INSERT OR REPLACE INTO cleared (owner, channel, time, id) VALUES (?1, ?2, ?3, ?4)")?
        .execute((owner, channel, upto.0, upto.1))?;
    Ok(())
}

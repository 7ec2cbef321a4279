//! What devices have still to get. A device that is connected has rows of its own; what comes while no device of a
//! user is connected waits under the empty name for the next sign-in.

use prost::Message as _;
use rusqlite::{Connection, params};

use super::super::db::DbResult;
use super::super::hub::Hub;
use crate::domain::MessageId;
use crate::wire::pb;

/// Entries of one page.
const PAGE: usize = 50;
/// Bytes after which a page ends; one entry may be larger.
const PAGE_BYTES: usize = 256 << 10;
/// Entries one device may have waiting; the oldest go first.
const MOST: i64 = 1000;

/// Something to hand over.
pub struct Parcel {
    /// What the device gets.
    pub meta: pb::Meta,
    /// The message it carries, so that a recall finds it.
    pub message: Option<MessageId>,
    /// Waits for a sign-in when no device is connected.
    pub waits: bool,
}

/// One page of a queue.
pub struct Page {
    /// The entries, oldest first.
    pub metas: Vec<pb::Meta>,
    /// Acknowledges all of them; `None` for an empty page.
    pub next: Option<u64>,
}

/// Puts a parcel into the queue of each connected device of `owner` except one. Wake the owner after the commit.
///
/// # Errors
/// The database's.
pub fn push(db: &Connection, hub: &Hub, owner: &str, except: Option<&str>, parcel: &Parcel) -> DbResult<()> {
    let devices = hub.devices(owner);
    if devices.is_empty() && parcel.waits {
        return insert(db, owner, "", &parcel.stamped(false), parcel.message);
    }
    let meta = parcel.stamped(true);
    devices.iter().filter(|d| Some(d.as_str()) != except).try_for_each(|d| insert(db, owner, d, &meta, parcel.message))
}

impl Parcel {
    /// The bytes, saying of a stored message whether its receiver was online.
    fn stamped(&self, online: bool) -> Vec<u8> {
        let note = self.message.map(|_| format!("{{\"is_online\":{}}}", u8::from(online)).into());
        pb::Meta { meta: note, ..self.meta.clone() }.encode_to_vec()
    }
}

fn insert(db: &Connection, owner: &str, device: &str, meta: &[u8], message: Option<MessageId>) -> DbResult<()> {
    db.prepare_cached("INSERT INTO queue (owner, device, meta, message) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        owner,
        device,
        meta,
        message.map(|id| id.0 as i64)
    ])?;
    let oldest = "SELECT seq FROM queue WHERE owner = ?1 AND device = ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3";
    db.prepare_cached(&format!("DELETE FROM queue WHERE owner = ?1 AND device = ?2 AND seq <= ({oldest})"))?
        .execute(params![owner, device, MOST])?;
    Ok(())
}

/// Gives a device that signs in while no other is connected everything the owner has still to get, once each.
///
/// # Errors
/// The database's.
pub fn adopt(db: &Connection, owner: &str, device: &str) -> DbResult<()> {
    db.execute(
        "DELETE FROM queue WHERE owner = ?1 AND seq NOT IN (SELECT min(seq) FROM queue WHERE owner = ?1 GROUP BY meta)",
        [owner],
    )?;
    db.execute("UPDATE queue SET device = ?2 WHERE owner = ?1", [owner, device])?;
    Ok(())
}

/// How much a device has still to get.
///
/// # Errors
/// The database's.
pub fn count(db: &Connection, owner: &str, device: &str) -> DbResult<u32> {
    let mut query = db.prepare_cached("SELECT count(*) FROM queue WHERE owner = ?1 AND device = ?2")?;
    query.query_row([owner, device], |row| row.get(0))
}

/// The oldest entries of a device.
///
/// # Errors
/// The database's.
pub fn page(db: &Connection, owner: &str, device: &str) -> DbResult<Page> {
    let mut query =
        db.prepare_cached("SELECT seq, meta FROM queue WHERE owner = ?1 AND device = ?2 ORDER BY seq LIMIT ?3")?;
    let rows = query
        .query_map(params![owner, device, PAGE as i64], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let (mut page, mut bytes) = (Page { metas: Vec::new(), next: None }, 0);
    for row in rows {
        let (seq, meta) = row?;
        bytes += meta.len();
        if bytes > PAGE_BYTES && page.next.is_some() {
            break;
        }
        page.next = Some(seq as u64);
        // We wrote it ourselves; a row that cannot be read any more is passed over.
        page.metas.extend(pb::Meta::decode(&meta[..]));
    }
    Ok(page)
}

/// Drops what a device has got: everything up to `upto`.
///
/// # Errors
/// The database's.
pub fn acknowledge(db: &Connection, owner: &str, device: &str, upto: u64) -> DbResult<()> {
    let upto = i64::try_from(upto).unwrap_or_default();
    db.prepare_cached("DELETE FROM queue WHERE owner = ?1 AND device = ?2 AND seq <= ?3")?
        .execute(params![owner, device, upto])?;
    Ok(())
}

/// Drops everything of a device that left while others of its owner stayed.
///
/// # Errors
/// The database's.
pub fn forget(db: &Connection, owner: &str, device: &str) -> DbResult<()> {
    db.execute("DELETE FROM queue WHERE owner = ?1 AND device = ?2", [owner, device])?;
    Ok(())
}

/// Drops every copy of a message that was not handed over yet.
///
/// # Errors
/// The database's.
pub fn withdraw(db: &Connection, message: MessageId) -> DbResult<()> {
    db.prepare_cached("DELETE FROM queue WHERE message = ?1")?.execute([message.0 as i64])?;
    Ok(())
}

//! Putting one message in: new, changed, or known already.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreResult, codec, index, peers};
use crate::domain::{AppKey, Message, MessageKind};

/// What became of a message, and where it stands.
pub(super) enum Put {
    New(i64),
    Changed(i64),
    Known,
}

/// Numbers of senders that this transaction has met.
#[derive(Default)]
pub(super) struct Senders<'a>(HashMap<&'a str, i64>);

impl<'a> Senders<'a> {
    fn number(&mut self, db: &Connection, id: &'a str) -> StoreResult<i64> {
        if let Some(number) = self.0.get(id) {
            return Ok(*number);
        }
        let number = peers::sender(db, id)?;
        self.0.insert(id, number);
        Ok(number)
    }
}

/// A message and the row it becomes.
pub(super) struct New<'a, 'b> {
    pub(super) key: i64,
    pub(super) message: &'a Message,
    pub(super) form: i64,
    pub(super) raw: &'b [u8],
}

/// Puts one message in. Its key is moved on while another message has it; a known id is never doubled. What no server sent just
/// now (`is_served`) takes the place of a damaged message only.
pub(super) fn put<'a>(
    db: &Connection,
    app: &AppKey,
    senders: &mut Senders<'a>,
    peer: i64,
    new: &New<'a, '_>,
    is_served: bool,
) -> StoreResult<Put> {
    let New { key, message, form, raw } = *new;
    if message.id.0 == 0 && has_bytes(db, peer, message)? {
        return Ok(Put::Known);
    }
    let sender = senders.number(db, &message.from)?;
    let kind = codec::kind(message.body.kind());
    let mut insert = db.prepare_cached(
        "INSERT INTO messages (key, peer, id, sender, kind, form, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO NOTHING",
    )?;
    let mut at = |key| insert.execute(params![key, peer, message.id.0 as i64, sender, kind, form, raw]);
    if at(key)? == 1 {
        return Ok(Put::New(key));
    }
    if message.id.0 != 0
        && let Some((at, same)) = known(db, app, peer, message, is_served)?
    {
        if same {
            return Ok(Put::Known);
        }
        index::forget(db, app, at)?;
        let mut change =
            db.prepare_cached("UPDATE messages SET sender = ?2, kind = ?3, form = ?4, raw = ?5 WHERE key = ?1")?;
        change.execute(params![at, sender, kind, form, raw])?;
        return Ok(Put::Changed(at));
    }
    let key = next_free(db, key)?;
    at(key)?;
    Ok(Put::New(key))
}

/// The first key after `key`, which is taken, that no message has.
fn next_free(db: &Connection, key: i64) -> StoreResult<i64> {
    let mut ask = db.prepare_cached(
        "SELECT key + 1 FROM messages m WHERE key >= ?1
         AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.key = m.key + 1) ORDER BY key LIMIT 1",
    )?;
    Ok(ask.query_row([key], |row| row.get(0))?)
}

/// Whether a message without an id is here with the same bytes.
fn has_bytes(db: &Connection, peer: i64, message: &Message) -> StoreResult<bool> {
    let mut ask =
        db.prepare_cached("SELECT EXISTS (SELECT 1 FROM messages WHERE peer = ?1 AND id = 0 AND raw = ?2)")?;
    Ok(ask.query_row(params![peer, &message.raw[..]], |row| row.get(0))?)
}

/// Where a message id stands, and whether it stays as it is: with the same bytes, or readable where this one is damaged.
fn known(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    message: &Message,
    is_served: bool,
) -> StoreResult<Option<(i64, bool)>> {
    let mut ask =
        db.prepare_cached("SELECT key, kind, form, raw FROM messages WHERE peer = ?1 AND id = ?2 AND id <> 0")?;
    let found = ask.query_row([peer, message.id.0 as i64], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
    });
    let Some((key, kind, form, raw)) = found.optional()? else { return Ok(None) };
    let damaged = codec::kind(MessageKind::Damaged);
    let is_worse = kind != damaged && (!is_served || codec::kind(message.body.kind()) == damaged);
    let kept = codec::raw(app, form, raw);
    Ok(Some((key, kept.as_ref().is_some_and(|kept| is_worse || *kept == message.raw))))
}

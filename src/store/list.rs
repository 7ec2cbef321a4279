//! The conversation list as it came last, and the names of people and groups.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreResult, codec, peers};
use crate::domain::{AppKey, ChatType, Conversation, Group, Message, MessageId, Peer, Profile, ServerTime};

/// The list as it came last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptList {
    /// In the server's order.
    pub conversations: Vec<Conversation>,
    /// When it came; `None` when none ever did.
    pub at: Option<ServerTime>,
}

/// Names kept, by id.
pub type KeptNames = (HashMap<String, Profile>, HashMap<String, Group>);

impl Store {
    /// Keeps a whole list in place of the one before.
    ///
    /// # Errors
    /// [`super::StoreError`]; then the one before stays.
    pub fn keep_list(&self, list: &[Conversation], at: ServerTime) -> StoreResult<()> {
        self.write(|db| {
            db.execute("DELETE FROM conversations", [])?;
            list.iter().try_for_each(|entry| keep(db, entry))?;
            let mut note = db.prepare_cached("INSERT OR REPLACE INTO facts (key, value) VALUES ('listed', ?1)")?;
            note.execute([at.ms().to_string()])?;
            Ok(())
        })
    }

    /// The list as it came last.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn list(&self) -> StoreResult<KeptList> {
        let app = &self.0.owner.app_key;
        let found = self.reading(|db| {
            let sql = "SELECT p.kind, p.id, c.unread, c.pinned, c.pinned_at, c.marks, c.form, c.raw
                       FROM conversations c JOIN peers p USING (peer) ORDER BY c.place";
            let mut ask = db.prepare_cached(sql)?;
            let mut rows = ask.query([])?;
            let mut conversations = Vec::new();
            while let Some(row) = rows.next()? {
                let Some(peer) = peers::from_columns(row.get(0)?, &row.get::<_, String>(1)?) else { continue };
                let (marks, form): (i64, Option<i64>) = (row.get(5)?, row.get(6)?);
                let raw: Option<Vec<u8>> = row.get(7)?;
                conversations.push(Conversation {
                    peer,
                    unread: row.get::<_, i64>(2)?.unsigned_abs(),
                    pinned: row.get(3)?,
                    pinned_at: row.get::<_, Option<i64>>(4)?.map(ServerTime),
                    marks: (0..20).filter(|n| marks & (1 << n) != 0).collect(),
                    last: form.zip(raw).map(|(form, raw)| Box::new(codec::decode(app, form, raw))),
                });
            }
            let mut ask = db.prepare_cached("SELECT value FROM facts WHERE key = 'listed'")?;
            let at = ask.query_map([], |row| row.get::<_, String>(0))?.next().transpose()?;
            Ok(KeptList { conversations, at: at.and_then(|ms| ms.parse().ok()).map(ServerTime) })
        })?;
        Ok(found.unwrap_or_default())
    }

    /// A conversation left the list.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn unlist(&self, peer: &Peer) -> StoreResult<()> {
        self.write(|db| {
            let number = peers::number(db, peer)?;
            db.execute("DELETE FROM conversations WHERE peer = ?1", [number])?;
            Ok(())
        })
    }

    /// Keeps names as they came.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn keep_names(&self, users: &HashMap<String, Profile>, groups: &HashMap<String, Group>) -> StoreResult<()> {
        self.write(|db| {
            for (id, profile) in users {
                let number = peers::sender(db, id)?;
                let mut put = db.prepare_cached("UPDATE senders SET name = ?2 WHERE sender = ?1")?;
                put.execute(params![number, profile.nickname])?;
            }
            for (id, group) in groups {
                let Ok(peer) = Peer::new(ChatType::Group, id) else { continue };
                let number = peers::number(db, &peer)?;
                let mut put = db.prepare_cached("UPDATE peers SET name = ?2 WHERE peer = ?1")?;
                put.execute(params![number, group.name])?;
            }
            Ok(())
        })
    }

    /// All names kept. People and groups that have none are left out.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn names(&self) -> StoreResult<KeptNames> {
        let found = self.reading(|db| {
            let pairs = |sql: &str| -> StoreResult<Vec<(String, String)>> {
                let mut ask = db.prepare_cached(sql)?;
                let rows = ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            };
            let users = pairs("SELECT id, name FROM senders WHERE name <> ''")?;
            let groups = pairs("SELECT id, name FROM peers WHERE kind = 1 AND name <> ''")?;
            let users = users.into_iter().map(|(id, nickname)| (id, Profile { nickname })).collect();
            let groups = groups.into_iter().map(|(id, name)| (id, Group { name, members: None })).collect();
            Ok((users, groups))
        })?;
        Ok(found.unwrap_or_default())
    }
}

/// Forgets the latest message of a conversation where it is gone, or where nobody can tell.
pub(super) fn forget_last(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    is_gone: impl Fn(&Message) -> bool,
) -> StoreResult<()> {
    let mut ask = db.prepare_cached("SELECT form, raw FROM conversations WHERE peer = ?1 AND raw IS NOT NULL")?;
    let kept: Option<(i64, Vec<u8>)> = ask.query_row([peer], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let last = kept.map(|(form, raw)| codec::decode(app, form, raw));
    if last.is_some_and(|last| last.id == MessageId(0) || is_gone(&last)) {
        db.prepare_cached("UPDATE conversations SET form = NULL, raw = NULL WHERE peer = ?1")?.execute([peer])?;
    }
    Ok(())
}

fn keep(db: &Connection, entry: &Conversation) -> StoreResult<()> {
    let number = peers::number(db, &entry.peer)?;
    let marks = entry.marks.iter().fold(0_i64, |bits, n| bits | (1 << n));
    let last = entry.last.as_deref();
    let mut put = db.prepare_cached(
        "INSERT OR IGNORE INTO conversations (peer, unread, pinned, pinned_at, marks, form, raw)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    put.execute(params![
        number,
        entry.unread as i64,
        entry.pinned,
        entry.pinned_at.map(ServerTime::ms),
        marks,
        last.map(codec::form),
        last.map(|m| &m.raw[..]),
    ])?;
    Ok(())
}

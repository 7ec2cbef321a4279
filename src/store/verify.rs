//! Whether the archive is sound, and making it so where only what can be made anew is damaged.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::Connection;
use strum::IntoStaticStr;

use super::mend::{complaints, unsound};
use super::{Store, StoreError, StoreResult, codec, key, locked, place};
use crate::domain::{AppKey, Message, MessageId, MessageKind, ServerTime};
use crate::text::search::index_text;

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Fault {
    /// The file is no sound database.
    File,
    /// A message cannot be read any more.
    Unreadable,
    /// What orders and filters a message is not what the message says.
    Columns,
    /// A message stands at another time than its own.
    Place,
    /// What is said to be complete contradicts itself.
    Coverage,
    /// The search index does not say what the messages say.
    Index,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub fault: Fault,
    /// How often.
    pub count: u64,
    /// The first of them, for whoever looks into it.
    pub detail: String,
    /// It was put right.
    pub is_mended: bool,
}

/// What a look at everything came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Messages that were looked at.
    pub messages: u64,
    /// What was wrong; nothing where all is sound.
    pub findings: Vec<Finding>,
}

impl Verified {
    fn add(&mut self, fault: Fault, detail: impl FnOnce() -> String) {
        match self.findings.iter_mut().find(|finding| finding.fault == fault) {
            Some(finding) => finding.count += 1,
            None => self.findings.push(Finding { fault, count: 1, detail: detail(), is_mended: false }),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.findings.iter().any(|finding| finding.fault == fault)
    }
}

impl Store {
    /// Looks at everything at `now`: the file, each message, what is said to be complete, and each word of the index.
    /// Indexes that are wrong are made anew, and what is wrongly said to be complete is not said any more. A file that
    /// cannot be mended is put aside: see [`Store::put_aside`]. Reads the whole file, and keeps nobody from reading or writing.
    ///
    /// # Errors
    /// [`StoreError`], except that a damaged file is a finding.
    pub fn verify(&self, now: ServerTime) -> StoreResult<Verified> {
        if place::look(self.path()).is_ok_and(|found| found.is_none()) {
            return Ok(Verified::default());
        }
        let mut found = Verified::default();
        let mut writer = self.writer();
        match self.ready(&mut writer) {
            Err(StoreError::Damaged) => found.add(Fault::File, || StoreError::Damaged.to_string()),
            outcome => outcome?,
        }
        if locked(&self.0.aside).is_some() {
            found.add(Fault::File, || StoreError::Damaged.to_string());
            return Ok(found);
        }
        let db = &writer.as_ref().ok_or(StoreError::ReadOnly)?.db;
        match look(db, &self.0.owner.app_key, now, &mut found) {
            Err(StoreError::Damaged) => found.add(Fault::File, || StoreError::Damaged.to_string()),
            outcome => outcome?,
        }
        if [Fault::File, Fault::Index, Fault::Coverage].into_iter().any(|fault| found.has(fault)) {
            self.repair(&mut writer)?;
            let is_mended = locked(&self.0.aside).is_none();
            let can_be_mended =
                |finding: &&mut Finding| !matches!(finding.fault, Fault::Unreadable | Fault::Columns | Fault::Place);
            found.findings.iter_mut().filter(can_be_mended).for_each(|finding| finding.is_mended = is_mended);
        }
        Ok(found)
    }
}

/// All of it, on one state of the archive.
fn look(db: &Connection, app: &AppKey, now: ServerTime, found: &mut Verified) -> StoreResult<()> {
    for said in complaints(db)? {
        found.add(Fault::File, || said);
    }
    // The words of the index as rows: they exist for this connection only.
    db.execute_batch("CREATE VIRTUAL TABLE IF NOT EXISTS temp.said USING fts5vocab(main, search, instance)")?;
    let moment = db.unchecked_transaction()?;
    let outcome = look_at(&moment, app, now, found);
    moment.finish()?;
    db.execute_batch("DROP TABLE temp.said")?;
    outcome
}

fn look_at(db: &Connection, app: &AppKey, now: ServerTime, found: &mut Verified) -> StoreResult<()> {
    let noted = Noted::of(db, found)?;
    let mut words = Words::default();
    let senders: HashMap<i64, String> = {
        let mut ask = db.prepare("SELECT sender, id FROM senders")?;
        ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
    };
    let mut ask = db.prepare(
        "SELECT m.key, m.peer, m.id, m.sender, m.kind, m.form, m.raw, d.id IS NOT NULL, p.peer IS NOT NULL
         FROM messages m LEFT JOIN search_docsize d ON d.id = m.key LEFT JOIN peers p ON p.peer = m.peer ORDER BY m.key",
    )?;
    let mut rows = ask.query([])?;
    while let Some(row) = rows.next()? {
        let (key, peer, id): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (sender, kind): (i64, i64) = (row.get(3)?, row.get(4)?);
        let (form, kept): (i64, Vec<u8>) = (row.get(5)?, row.get(6)?);
        let raw = codec::raw(app, form, kept.clone());
        let message = codec::decode(app, form, kept);
        let (is_indexed, has_peer): (bool, bool) = (row.get(7)?, row.get(8)?);
        found.messages += 1;
        let named = || format!("message {} at {key}", MessageId(id as u64));
        let sent_by = senders.get(&sender).is_some_and(|sender| *sender == message.from);
        if raw.is_none() {
            found.add(Fault::Unreadable, named);
        } else if codec::kind(message.body.kind()) == kind {
            // What was never readable does not say itself whose it is.
            let says = kind != codec::kind(MessageKind::Damaged);
            if !has_peer || (says && (message.id.0 as i64 != id || !sent_by)) {
                found.add(Fault::Columns, named);
            }
        } else if message.body.kind() == MessageKind::Damaged {
            found.add(Fault::Unreadable, named);
        } else {
            found.add(Fault::Columns, named);
        }
        if !stands_well(&message, key, now) {
            found.add(Fault::Place, named);
        }
        if is_indexed == noted.has(peer, key) {
            found.add(Fault::Index, named);
        } else if is_indexed {
            words.of_message(key, &message);
        }
    }
    let strays: u64 = db
        .query_row(
            "SELECT count(*) FROM search_docsize d WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.key = d.id)",
            [],
            |row| row.get::<_, i64>(0),
        )?
        .unsigned_abs();
    if strays > 0 {
        found.add(Fault::Index, || format!("words of {strays} messages that are not here"));
    }
    if !found.has(Fault::Index) {
        words.of_index(db)?;
        if !words.agree() {
            found.add(Fault::Index, || "other words than the messages have".to_owned());
        }
    }
    for peer in unsound(db)? {
        found.add(Fault::Coverage, || format!("conversation {peer}"));
    }
    Ok(())
}

/// Whether a message stands at one of the times that it names itself. One that names none, or has no id, stands beside
/// the one it came with.
fn stands_well(message: &Message, key: i64, now: ServerTime) -> bool {
    if message.id == MessageId(0) || message.sent_at(now).is_none() {
        return true;
    }
    let own = [message.time, message.id.time()].map(|time| key::ms_of(key::first_of(time.ms())));
    own.contains(&key::ms_of(key))
}

/// Runs of rows that the index has still to learn, by conversation, in order.
struct Noted(HashMap<i64, Vec<(i64, i64)>>);

impl Noted {
    fn of(db: &Connection, found: &mut Verified) -> StoreResult<Self> {
        let mut runs: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
        let mut ask = db.prepare("SELECT peer, first, last FROM unindexed ORDER BY peer, first, last")?;
        let mut rows = ask.query([])?;
        while let Some(row) = rows.next()? {
            let own = runs.entry(row.get(0)?).or_default();
            let (first, last) = (row.get(1)?, row.get(2)?);
            if own.last().is_some_and(|(_, before)| *before >= first) {
                found.add(Fault::Index, || format!("two runs at {first}"));
            }
            own.push((first, last));
        }
        Ok(Self(runs))
    }

    fn has(&self, peer: i64, key: i64) -> bool {
        let runs = self.0.get(&peer).map_or(&[][..], Vec::as_slice);
        let after = runs.partition_point(|(first, _)| *first <= key);
        after.checked_sub(1).and_then(|at| runs.get(at)).is_some_and(|(_, last)| *last >= key)
    }
}

/// Sums over all words with their places, in any order: of the messages, and of the index.
#[derive(Default)]
struct Words {
    messages: u64,
    index: u64,
}

impl Words {
    /// The words of a message, cut as the index cuts them: letters and digits, and all that is not ASCII.
    fn of_message(&mut self, key: i64, message: &Message) {
        let text = index_text(message);
        let is_between = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
        for (word, at) in text.split(is_between).filter(|word| !word.is_empty()).zip(0_i64..) {
            self.messages = self.messages.wrapping_add(sum(key, at, word.to_ascii_lowercase().as_bytes()));
        }
    }

    fn of_index(&mut self, db: &Connection) -> StoreResult<()> {
        let mut ask = db.prepare("SELECT doc, offset, term FROM temp.said")?;
        let mut rows = ask.query([])?;
        while let Some(row) = rows.next()? {
            let word = row.get_ref(2)?.as_bytes().unwrap_or_default();
            self.index = self.index.wrapping_add(sum(row.get(0)?, row.get(1)?, word));
        }
        Ok(())
    }

    const fn agree(&self) -> bool {
        self.messages == self.index
    }
}

fn sum(key: i64, at: i64, word: &[u8]) -> u64 {
    let mut sum = DefaultHasher::new();
    (key, at, word).hash(&mut sum);
    sum.finish()
}

//! What lies in the shelf, one JSON object a line.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{Going, ShelfError, Wanted, place};
use crate::domain::{MessageId, ServerTime};

/// Its name.
pub(super) const NAME: &str = "manifest.ndjson";
/// Held by whoever works in the folder; no conversation's folder begins with a dot.
pub(super) const LOCK: &str = ".lock";

/// A file of a message: where it lies, or when the server had it no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The id of the file.
    pub(super) file: String,
    /// The id of the message.
    pub(super) id: String,
    /// Its conversation, in the form [`crate::domain::Peer`] reads.
    pub(super) peer: String,
    /// When it was sent, in ms.
    pub(super) time: i64,
    /// Where the file lies.
    #[serde(flatten)]
    pub(super) kept: Option<Kept>,
    /// When the server was asked and had it no more, in ms.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) expired: Option<i64>,
}

/// A file that is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Below the folder: one folder, one name.
    pub(super) path: String,
    /// Its length.
    pub(super) bytes: u64,
    /// Its hash, as hexadecimal digits.
    pub(super) sha256: String,
}

impl Entry {
    pub(super) fn of(wanted: &Wanted<'_>, kept: Option<Kept>, expired: Option<ServerTime>) -> Self {
        let message = wanted.message;
        // Without a time of its own it stands in the archive by the time of its id; so it is deleted by that.
        let time = message.sent_at(wanted.now).unwrap_or(message.time);
        Self {
            file: wanted.file.to_owned(),
            id: message.id.to_string(),
            peer: wanted.peer.to_string(),
            time: time.ms(),
            kept,
            expired: expired.map(ServerTime::ms),
        }
    }

    /// Whether it is one of those that go.
    pub(super) fn is_of(&self, going: Going<'_>) -> bool {
        match going {
            Going::Ids(ids) => self.id.parse::<MessageId>().is_ok_and(|id| id.0 != 0 && ids.contains(&id)),
            Going::Through(time) => self.time <= time.ms(),
            Going::All => true,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.file, &self.peer, &self.id) == (&other.file, &other.peer, &other.id)
    }

    /// A path that leads out of the folder is nobody's of ours.
    fn is_sound(&self) -> bool {
        self.kept.as_ref().is_none_or(|kept| {
            let mut parts = Path::new(&kept.path).components();
            let is_name = |part: Option<Component<'_>>| matches!(part, Some(Component::Normal(_)));
            is_name(parts.next()) && is_name(parts.next()) && parts.next().is_none()
        })
    }
}

/// Which file it is and how long: another one has to be read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64, u64, u64);

/// The entries, by the id of the file.
#[derive(Debug, Default)]
pub(super) struct Manifest(HashMap<String, Vec<Entry>>);

impl Manifest {
    /// Reads all of a file. A line that was cut off by a crash is none, and the next one does not go on in it.
    pub(super) fn read(mut file: File, path: &Path) -> Result<(Self, Mark), ShelfError> {
        let failed = |source| ShelfError::Io { path: path.to_owned(), source };
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        if text.last().is_some_and(|last| *last != b'\n') {
            file.write_all(b"\n").map_err(failed)?;
        }
        let mut manifest = Self::default();
        let entries = text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Entry>(line).ok());
        entries.filter(Entry::is_sound).for_each(|entry| manifest.add(entry));
        Ok((manifest, mark(&file, path)?))
    }

    /// Adds an entry; what it said of the same file of the same message before is over.
    pub(super) fn add(&mut self, entry: Entry) {
        let entries = self.0.entry(entry.file.clone()).or_default();
        entries.retain(|old| !old.is_same(&entry));
        entries.push(entry);
    }

    /// What is said of a file.
    pub(super) fn of_file(&self, file: &str) -> &[Entry] {
        self.0.get(file).map_or(&[], Vec::as_slice)
    }

    /// Where files lie.
    pub(super) fn paths(&self) -> HashSet<String> {
        self.0.values().flatten().filter_map(|entry| Some(entry.kept.as_ref()?.path.clone())).collect()
    }

    /// Takes entries out.
    pub(super) fn take(&mut self, goes: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let mut gone = Vec::new();
        for entries in self.0.values_mut() {
            gone.extend(entries.extract_if(.., |entry| goes(entry)));
        }
        self.0.retain(|_, entries| !entries.is_empty());
        gone
    }

    /// Writes all of it in place of what is there.
    pub(super) fn write(&self, path: &Path) -> Result<(), ShelfError> {
        let failed = |source| ShelfError::Io { path: path.to_owned(), source };
        let mut text = Vec::new();
        for entry in self.0.values().flatten() {
            serde_json::to_writer(&mut text, entry).map_err(|error| failed(error.into()))?;
            text.push(b'\n');
        }
        let mut part = place::part(path.parent().unwrap_or(path)).map_err(failed)?;
        part.write_all(&text).and_then(|()| part.as_file().sync_all()).map_err(failed)?;
        part.persist(path).map_err(|lost| failed(lost.error))?;
        Ok(())
    }
}

/// Opens the file, made where there is none.
pub(super) fn open(path: &Path) -> Result<(File, Mark), ShelfError> {
    let file = place::open(path)?;
    let mark = mark(&file, path)?;
    Ok((file, mark))
}

/// Writes one line at the end, at once.
pub(super) fn append(path: &Path, entry: &Entry) -> Result<Mark, ShelfError> {
    let failed = |source| ShelfError::Io { path: path.to_owned(), source };
    let mut file = place::open(path)?;
    let mut line = serde_json::to_vec(entry).map_err(|error| failed(error.into()))?;
    line.push(b'\n');
    file.write_all(&line).map_err(failed)?;
    mark(&file, path)
}

fn mark(file: &File, path: &Path) -> Result<Mark, ShelfError> {
    let found = file.metadata().map_err(|source| ShelfError::Io { path: path.to_owned(), source })?;
    Ok(Mark(found.dev(), found.ino(), found.len()))
}

//! Files of mirrored messages, in a folder beside the archive: each once, with a manifest of what they are.
//!
//! `manifest.ndjson` has one object a file: `file` (its id), `id` and `peer` of the message, and `path`, `bytes` and
//! `sha256`, or `expired`. A file counts as here when the manifest has it and its length is right.

use std::collections::{HashMap, HashSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Context;
use super::output::{Trouble, note};
use crate::client::file_id;
use crate::domain::{Attachment, Failure, FailureKind, Message, Peer};
use crate::engine::{Archive, Engine, MirrorOptions};
use crate::export::{file_name, free_name, sha256};

/// Messages looked through at once.
const BATCH: usize = 1_000;
const MANIFEST: &str = "manifest.ndjson";

/// What came of it.
#[derive(Default)]
pub(super) struct Kept {
    /// Downloaded now.
    pub(super) new: usize,
    /// Here, with those from before.
    pub(super) files: usize,
    /// The server no longer keeps them.
    pub(super) expired: usize,
    /// Could not be downloaded.
    pub(super) failed: usize,
    why: Option<FailureKind>,
    folder: PathBuf,
}

impl Kept {
    /// Says it to people.
    pub(super) fn tell(&self, context: &Context) {
        let texts = &context.texts;
        let args = [
            ("new", self.new.to_string().into()),
            ("files", self.files.to_string().into()),
            ("expired", self.expired.to_string().into()),
            ("folder", self.folder.display().to_string().into()),
        ];
        note(&context.global, &texts.tr("sync-files", &args));
        if let Some(why) = self.why {
            let args = [("n", self.failed.to_string().into()), ("why", texts.t(&why.text_key()).into())];
            note(&context.global, &texts.tr("sync-files-failed", &args));
        }
    }
}

/// Downloads what is not here yet of the conversations that `options` name. Without a server or a session the rest is
/// left for another time: each file would wait as long for nothing.
pub(super) async fn keep(
    engine: &Engine,
    archive: &Archive,
    shelf: &mut Shelf,
    options: &MirrorOptions,
) -> Result<Kept, Trouble> {
    let failed = |failure: Failure| Trouble::failed(failure, engine.session().user.to_string());
    let mut kept = Kept { folder: shelf.folder.clone(), ..Kept::default() };
    for peer in options.peers.iter().flatten() {
        let mut after = -1;
        loop {
            let found = archive.after(peer, after, BATCH).await.map_err(failed)?;
            let Some((last, _)) = found.last() else { break };
            after = *last;
            for (_, message) in &found {
                let Some(attachment) = message.body.file() else { continue };
                let is_old = options.since.is_some_and(|since| message.time < since);
                if let Some(id) = file_id(attachment).filter(|_| !is_old) {
                    one(engine, shelf, &mut kept, (peer, message), (attachment, id)).await?;
                    if kept.why.is_some_and(|kind| kind.is_lost() || kind.ends_session()) {
                        return Ok(kept);
                    }
                }
            }
        }
    }
    Ok(kept)
}

async fn one(
    engine: &Engine,
    shelf: &mut Shelf,
    kept: &mut Kept,
    (peer, message): (&Peer, &Message),
    (attachment, id): (&Attachment, &str),
) -> io::Result<()> {
    match shelf.has(id) {
        Some(true) => kept.files += 1,
        Some(false) => kept.expired += 1,
        None => match engine.client().file(attachment).await {
            Ok(bytes) => {
                shelf.put(id, peer, message, &attachment.name, &bytes)?;
                (kept.new, kept.files) = (kept.new + 1, kept.files + 1);
            }
            Err(failure) if failure.kind == FailureKind::NotFound => {
                shelf.note(
                    id,
                    json!({"file": id, "id": message.id.to_string(), "peer": peer.to_string(), "expired": true}),
                )?;
                kept.expired += 1;
            }
            Err(failure) => {
                kept.failed += 1;
                kept.why = Some(failure.kind);
            }
        },
    }
    Ok(())
}

/// The folder beside an archive, with its manifest.
pub(super) struct Shelf {
    folder: PathBuf,
    manifest: File,
    /// What the manifest says, by file id.
    known: HashMap<String, Value>,
    /// Names in use, in lower case, by folder.
    names: HashMap<String, HashSet<String>>,
}

impl Shelf {
    /// The folder that belongs to the archive at `archive`, made where there is none.
    pub(super) fn beside(archive: &Path) -> io::Result<Self> {
        let folder = archive.with_extension("files");
        make_private(&folder)?;
        let path = folder.join(MANIFEST);
        let mut manifest = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path)?;
        let mut text = Vec::new();
        manifest.read_to_end(&mut text)?;
        // A line that was cut off by a crash is none, and the next one does not go on in it.
        if text.last().is_some_and(|last| *last != b'\n') {
            manifest.write_all(b"\n")?;
        }
        let objects = text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        let known = objects.filter_map(|object| Some((object["file"].as_str()?.to_owned(), object))).collect();
        Ok(Self { folder, manifest, known, names: HashMap::new() })
    }

    /// Whether a file is here; `false` when it had expired, `None` when it has to be asked for.
    fn has(&self, id: &str) -> Option<bool> {
        let entry = self.known.get(id)?;
        if entry["expired"] == true {
            return Some(false);
        }
        let found = fs::symlink_metadata(self.folder.join(entry["path"].as_str()?)).ok()?;
        (found.is_file() && Some(found.len()) == entry["bytes"].as_u64()).then_some(true)
    }

    /// Writes a file whole or not at all, under a name that nothing else has.
    fn put(&mut self, id: &str, peer: &Peer, message: &Message, name: &str, bytes: &[u8]) -> io::Result<()> {
        let inner = file_name(&peer.to_string());
        let folder = self.folder.join(&inner);
        make_private(&folder)?;
        if !self.names.contains_key(&inner) {
            let names = fs::read_dir(&folder)?;
            let names = names.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().to_lowercase()));
            self.names.insert(inner.clone(), names.collect());
        }
        let taken = self.names.entry(inner.clone()).or_default();
        let name = free_name(&file_name(name), |name| taken.contains(&name.to_lowercase()));
        taken.insert(name.to_lowercase());
        let mut part = tempfile::NamedTempFile::new_in(&folder)?;
        part.write_all(bytes)?;
        part.as_file().sync_all()?;
        part.persist_noclobber(folder.join(&name)).map_err(|failed| failed.error)?;
        let entry = json!({"file": id, "id": message.id.to_string(), "peer": peer.to_string(),
                           "path": format!("{inner}/{name}"), "bytes": bytes.len(), "sha256": sha256(bytes)});
        self.note(id, entry)
    }

    fn note(&mut self, id: &str, entry: Value) -> io::Result<()> {
        // At once, so that two programs do not write into each other's lines.
        self.manifest.write_all(format!("{entry}\n").as_bytes())?;
        self.known.insert(id.to_owned(), entry);
        Ok(())
    }
}

/// Makes a folder for its owner alone; what lies there under its name must be one, not a link to one.
fn make_private(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::other(format!("{} is in the way", folder.display()))),
        Err(_) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
    }
}

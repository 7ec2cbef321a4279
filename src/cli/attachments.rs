//! Files of mirrored messages, downloaded into the folder beside the archive.

use std::collections::HashSet;
use std::path::PathBuf;

use super::Context;
use super::output::{Trouble, note};
use crate::client::file_id;
use crate::domain::{Attachment, Failure, FailureKind, Peer};
use crate::engine::{Archive, Engine, FoundFile, MirrorOptions, ShelfError, WantedFile};
use crate::report::exit;

/// Messages looked through at once.
const BATCH: usize = 1_000;
/// What the server had no more is asked for again after so long.
const EXPIRED_FOR_MS: i64 = 24 * 3_600_000;
/// Files that cannot be downloaded, one after another, before the rest is left.
const HOPELESS: usize = 6;

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
    /// Conversations of which not all came.
    pub(super) left: Vec<Peer>,
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

/// Downloads what is not here yet of the conversations that `options` name. Without a server or a session, and after
/// several failures in a row, the rest is left for another time: each file would wait as long for nothing.
pub(super) async fn keep(
    context: &Context,
    engine: &Engine,
    archive: &Archive,
    options: &MirrorOptions,
) -> Result<Kept, Trouble> {
    let failed = |failure: Failure| Trouble::failed(failure, engine.session().user.to_string());
    let told = |error: ShelfError| in_words(context, error, engine.session().user.to_string());
    let shelf = archive.shelf();
    shelf.make().map_err(told)?;
    let mut keeping = Keeping { engine, archive, verify: options.verify, in_turn: 0, kept: Kept::default() };
    keeping.kept.folder = shelf.folder().to_owned();
    let mut seen = HashSet::new();
    let peers: Vec<&Peer> = options.peers.iter().flatten().filter(|peer| seen.insert(*peer)).collect();
    for (i, peer) in peers.iter().copied().enumerate() {
        let failed_before = keeping.kept.failed;
        let mut after = -1;
        loop {
            let found = archive.after(peer, after, BATCH).await.map_err(failed)?;
            let Some((last, _)) = found.last() else { break };
            after = *last;
            for (_, message) in &found {
                let Some(attachment) = message.body.file() else { continue };
                let is_old = options.since.is_some_and(|since| message.time < since);
                if let Some(file) = file_id(attachment).filter(|_| !is_old) {
                    let now = engine.client().clock().now();
                    keeping.one(WantedFile { file, peer, message, now }, attachment).await.map_err(told)?;
                    if keeping.is_hopeless() {
                        keeping.kept.left.extend(peers[i..].iter().copied().cloned());
                        return Ok(keeping.kept);
                    }
                }
            }
        }
        if keeping.kept.failed > failed_before {
            keeping.kept.left.push(peer.clone());
        }
    }
    Ok(keeping.kept)
}

struct Keeping<'a> {
    engine: &'a Engine,
    archive: &'a Archive,
    verify: bool,
    /// Failures with no file in between.
    in_turn: usize,
    kept: Kept,
}

impl Keeping<'_> {
    fn is_hopeless(&self) -> bool {
        self.in_turn >= HOPELESS || self.kept.why.is_some_and(|kind| kind.is_lost() || kind.ends_session())
    }

    async fn one(&mut self, wanted: WantedFile<'_>, attachment: &Attachment) -> Result<(), ShelfError> {
        let (kept, shelf) = (&mut self.kept, self.archive.shelf());
        match shelf.find(&wanted)? {
            FoundFile::Here => kept.files += 1,
            FoundFile::Expired(at) if !self.verify && (0..EXPIRED_FOR_MS).contains(&(wanted.now.ms() - at.ms())) => {
                kept.expired += 1;
            }
            FoundFile::Expired(_) | FoundFile::Nowhere => match self.engine.client().file(attachment).await {
                Ok(bytes) => {
                    self.in_turn = 0;
                    if self.archive.keep_file(&wanted, &attachment.name, &bytes)? {
                        (kept.new, kept.files) = (kept.new + 1, kept.files + 1);
                    }
                }
                Err(failure) if failure.kind == FailureKind::NotFound => {
                    shelf.expired(&wanted, wanted.now)?;
                    self.in_turn = 0;
                    kept.expired += 1;
                }
                Err(failure) => {
                    kept.failed += 1;
                    self.in_turn += 1;
                    kept.why = Some(failure.kind);
                }
            },
        }
        Ok(())
    }
}

fn in_words(context: &Context, error: ShelfError, user: String) -> Trouble {
    match error {
        ShelfError::InTheWay(path) => {
            let args = [("path", path.display().to_string().into())];
            Trouble::Said(context.texts.tr("sync-files-in-the-way", &args), exit::OTHER)
        }
        error @ ShelfError::Io { .. } => Trouble::failed(error.into(), user),
    }
}

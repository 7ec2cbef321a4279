//! Exports for the screen: one task that writes, is stopped between two pages, and always answers.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::future::{Future, ready};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Setting, labels};
use crate::app::export::{Exported, Missing, Order, Outcome, Refusal, Subject};
use crate::app::{Answer, Msg, RequestId};
use crate::domain::{Failure, FailureKind, Format, Message, Peer, ServerTime};
use crate::engine::Archive;
use crate::engine::export::{Along, AtHand, Broken, Job, OnLeft, Part, PickError, Picked, picture, reason};
use crate::export::{Options, Saved, Scope, Totals};

/// Between two messages of progress.
const STEP: Duration = Duration::from_millis(500);

/// Writes what `order` says and answers as `id`, whether it comes to its end or is stopped.
pub(super) async fn run(
    archive: Archive,
    setting: Setting,
    (id, order): (RequestId, Order),
    stop: CancellationToken,
    out: mpsc::UnboundedSender<Msg>,
) {
    let (left, written) = (Arc::new(Mutex::new(None)), Arc::new(AtomicU64::new(0)));
    let follow = Follow {
        setting: &setting,
        archive: &archive,
        has_pictures: order.format == Format::Html,
        at: order.at,
        id,
        of: 0,
        last: setting.clock.elapsed(),
        written: Arc::clone(&written),
        out: out.clone(),
    };
    let leave = {
        let left = Arc::clone(&left);
        Box::new(move |path: &Path| {
            *left.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(path.components().collect::<PathBuf>().display().to_string());
        })
    };
    let work = stop.run_until_cancelled(write(follow, &order, leave)).await;
    let outcome = match work {
        None => Outcome::Stopped,
        Some(Ok(missing)) => Outcome::Done(missing),
        Some(Err(outcome)) => outcome,
    };
    let left = left.lock().unwrap_or_else(PoisonError::into_inner).take();
    let exported = Exported { outcome, messages: written.load(Ordering::Relaxed), left };
    _ = out.send(Msg::Done(id, Answer::Exported(Box::new(exported))));
}

/// Tells how far it is, and finds the pictures of a page.
struct Follow<'a> {
    setting: &'a Setting,
    archive: &'a Archive,
    has_pictures: bool,
    at: ServerTime,
    id: RequestId,
    of: u64,
    last: Duration,
    written: Arc<AtomicU64>,
    out: mpsc::UnboundedSender<Msg>,
}

impl Along for Follow<'_> {
    type File = AtHand;
    type Error = Infallible;

    fn file(
        &mut self,
        peer: &Peer,
        message: &Message,
    ) -> impl Future<Output = Result<Option<AtHand>, Infallible>> + Send {
        let found = if self.has_pictures { picture(self.archive, peer, message, self.at) } else { Ok(None) };
        // A page does without a picture that cannot be read.
        ready(Ok(found.unwrap_or_else(|error| {
            tracing::warn!(%error, "picture");
            None
        })))
    }

    fn saved(file: &AtHand) -> Saved<'_> {
        file.saved()
    }

    fn written(&mut self, _: &Peer, messages: u64) {
        self.written.store(messages, Ordering::Relaxed);
        let now = self.setting.clock.elapsed();
        if now.saturating_sub(self.last) >= STEP {
            self.last = now;
            _ = self.out.send(Msg::Exporting(self.id, messages, self.of));
        }
    }
}

/// What is to be written, found in the archive.
struct Found {
    peers: Vec<Peer>,
    picked: Option<Picked>,
    messages: u64,
    missing: Missing,
}

async fn write(mut follow: Follow<'_>, order: &Order, on_left: OnLeft<'_>) -> Result<Missing, Outcome> {
    let archive = follow.archive;
    let target = place(order)?;
    let found = find(archive, &order.subject).await?;
    let lossless = matches!(order.format, Format::Ndjson | Format::Json);
    let options = Options {
        zone: follow.setting.zone.clone(),
        // Whoever chooses a table on the screen opens it in a spreadsheet.
        bom: true,
        raw_cells: false,
        lossless,
        labels: labels(&follow.setting.texts),
    };
    let owner = archive.owner();
    let scope = Scope {
        account: owner.user.clone(),
        app_key: owner.app_key.clone(),
        api: owner.api.clone(),
        profile: order.profile.clone(),
        what: order.title.clone(),
        exported_at: order.at,
    };
    let Found { peers, picked, messages, mut missing } = found;
    let is_picked = picked.is_some();
    let job = Job { archive, peers: &peers, picked, format: order.format, options, scope };
    let part =
        Part::new(&target, order.goes_on && order.format == Format::Ndjson, on_left).map_err(|error| unmade(&error))?;
    follow.of = messages;
    _ = follow.out.send(Msg::Exporting(follow.id, 0, messages));
    let to = BufWriter::with_capacity(1 << 16, part.file().map_err(|error| unwritable(&error))?);
    let exporter = job.start(to).map_err(|error| unwritable(&error))?;
    let (to, totals) = job.write(exporter, None, &mut follow).await.map_err(|broken| match broken {
        Broken::Archive(failure) => Outcome::Failed(failure),
        Broken::Writing(error) => unwritable(&error),
        Broken::Along(never) => match never {},
    })?;
    drop(to);
    part.finish(order.replaces).map_err(|error| unwritable(&error))?;
    if !is_picked {
        missing.parts = parts(&totals, missing.nothing);
    }
    Ok(missing)
}

/// Conversations that the archive may have in part.
fn parts(totals: &Totals, nothing: usize) -> usize {
    totals.conversations.iter().filter(|count| !count.whole).count().saturating_sub(nothing)
}

/// Where it is written to; what is there already stays unless it is to be replaced. A link keeps pointing where it does.
fn place(order: &Order) -> Result<PathBuf, Outcome> {
    let typed = at_home(&order.path, std::env::home_dir());
    let target = fs::canonicalize(&typed).unwrap_or(typed);
    match fs::metadata(&target) {
        Ok(there) if !there.is_file() => Err(Outcome::Refused(Refusal::NoFile)),
        Ok(_) if !order.replaces => Err(Outcome::Refused(Refusal::There)),
        _ => Ok(target),
    }
}

/// `~` and what follows it, below the person's own folder.
fn at_home(path: &str, home: Option<PathBuf>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home,
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(path),
    }
}

async fn find(archive: &Archive, subject: &Subject) -> Result<Found, Outcome> {
    let kept = archive.peers().await.map_err(refused)?;
    let (peers, picked, mut missing) = match subject {
        Subject::Conversations(peers) => {
            let nothing = peers.iter().filter(|peer| !kept.contains(peer)).count();
            if nothing == peers.len() {
                return Err(Outcome::Refused(Refusal::Nothing));
            }
            (peers.clone(), None, Missing { parts: 0, nothing })
        }
        Subject::Messages(peer, ids) => {
            let picked = Picked::named(archive, peer, ids).await.map_err(|error| match error {
                PickError::Archive(failure) => refused(failure),
                PickError::Missing(id) => Outcome::Refused(Refusal::NoMessage(id)),
            })?;
            (vec![peer.clone()], Some(picked), Missing::default())
        }
        Subject::Between(peer, from, until) => {
            let (places, is_whole) = archive.between(peer, *from, *until).await.map_err(refused)?;
            let picked = Picked::at([(peer.clone(), places)].into());
            (vec![peer.clone()], Some(picked), Missing { parts: usize::from(!is_whole), nothing: 0 })
        }
        Subject::Places(hits) => {
            let mut places: HashMap<Peer, Vec<i64>> = HashMap::new();
            hits.iter().for_each(|(peer, key)| places.entry(peer.clone()).or_default().push(*key));
            let peers = kept.into_iter().filter(|peer| places.contains_key(peer)).collect();
            (peers, Some(Picked::at(places)), Missing::default())
        }
        Subject::Hits(query, peer) => {
            let peers = peer.clone().map_or(kept, |peer| vec![peer]);
            let picked = Picked::found(archive, query, &peers).await.map_err(refused)?;
            let horizon = archive.horizon(peer.clone()).await.map_err(refused)?;
            (peers, Some(picked), Missing { parts: usize::from(!horizon.whole), nothing: 0 })
        }
    };
    if picked.as_ref().is_some_and(Picked::is_empty) {
        return Err(Outcome::Refused(Refusal::Nothing));
    }
    let mut messages = picked.as_ref().map_or(0, |picked| picked.len() as u64);
    if picked.is_none() {
        for peer in &peers {
            messages += archive.horizon(Some(peer.clone())).await.map_err(refused)?.messages;
        }
        missing.parts = 0;
    }
    Ok(Found { peers, picked, messages, missing })
}

fn refused(failure: Failure) -> Outcome {
    Outcome::Refused(Refusal::Failed(failure))
}

/// Why the file could not be made.
fn unmade(error: &io::Error) -> Outcome {
    Outcome::Refused(match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Refusal::NoFolder,
        _ => Refusal::Unwritable(reason(error)),
    })
}

/// Why it could not be written further.
fn unwritable(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Outcome::DiskFull,
        // Somebody else made one meanwhile.
        io::ErrorKind::AlreadyExists => Outcome::Refused(Refusal::There),
        _ => Outcome::Unwritable(reason(error)),
    }
}

/// Nobody is signed in, and nothing is kept.
pub(super) fn nothing_kept() -> Answer {
    let failure = Failure::local(FailureKind::NotHere, String::new());
    let outcome = Outcome::Refused(Refusal::Failed(failure));
    Answer::Exported(Box::new(Exported { outcome, messages: 0, left: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_folder_and_only_at_the_beginning() {
        let at = |path| at_home(path, Some(PathBuf::from("/home/li"))).display().to_string();
        assert_eq!(at("~/a/b.html"), "/home/li/a/b.html");
        assert_eq!(at("~//etc/x"), "/home/li/etc/x");
        assert_eq!(at("~"), "/home/li");
        assert_eq!(at("~li/x"), "~li/x");
        assert_eq!(at("a~/x"), "a~/x");
        assert_eq!(at_home("~/x", None), PathBuf::from("~/x"));
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        let of = |code| unwritable(&io::Error::from_raw_os_error(code));
        // ENOSPC, EDQUOT, EIO
        assert_eq!([of(28), of(122)], [Outcome::DiskFull, Outcome::DiskFull]);
        assert!(matches!(of(5), Outcome::Unwritable(why) if why.contains("os error 5")));
    }
}

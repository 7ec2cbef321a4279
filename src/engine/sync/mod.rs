//! Mirroring: what the server has of a conversation, of several or of all, into the archive.

mod edge;
mod one;
mod progress;
mod queue;

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::one::{Reach, Walk};
pub use self::progress::{Progress, Running};
use self::queue::Queue;
use super::{Archive, Engine};
use crate::client::ListCall;
use crate::domain::{Failure, FailureKind, MessageId, Peer, ServerTime};

/// How often a conversation is tried before it is left; after the first time when all others have had their turn.
const ROUNDS: u32 = 3;
/// Conversations that fail at their first try one after another, with no page in between, before all is stopped.
const HOPELESS: u32 = 6;
/// Between two words of progress while nothing comes.
const BEAT: Duration = Duration::from_millis(500);
/// How long the index may stay behind while pages come.
const INDEX_EVERY_S: u64 = 2;

/// What to mirror, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorOptions {
    /// Conversations; all of the list when absent.
    pub peers: Option<Vec<Peer>>,
    /// Not older than this.
    pub since: Option<ServerTime>,
    /// Conversations at the same time; at least one.
    pub at_once: usize,
    /// Read all of it again, not only what is missing, and take out what the server has deleted.
    pub verify: bool,
}

impl Default for MirrorOptions {
    /// All conversations, to the server's end, four at once.
    fn default() -> Self {
        Self { peers: None, since: None, at_once: 4, verify: false }
    }
}

/// What reading one conversation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Pages that came.
    pub pages: u64,
    /// Messages on them, those that were here already too.
    pub messages: u64,
    /// Messages that were not here.
    pub new: u64,
    /// Messages that were here with other content.
    pub changed: u64,
    /// Messages that were here and that the server has deleted; they are gone here too. What has only run out stays.
    pub gone: Vec<MessageId>,
    /// The server's end was reached, or what was asked for.
    pub complete: bool,
}

/// What became of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which.
    pub peer: Peer,
    /// What it came to, over all tries.
    pub synced: Synced,
    /// Why it is not complete, where the server or the archive said.
    pub failure: Option<Failure>,
}

/// A word from whoever reads a conversation.
enum Step {
    /// A page came.
    Came { messages: u64, oldest: Option<ServerTime> },
    /// A page is kept.
    Kept { new: u64, changed: u64, gone: u64, known: u64 },
}

/// A conversation that waits for its turn.
struct Waiting {
    peer: Peer,
    round: u32,
    so_far: Synced,
    /// Why it was not read to its end the time before.
    failure: Option<Failure>,
}

type Ended = (Waiting, Synced, Option<Failure>);

impl Engine {
    /// Mirrors conversations, several at once. `told` hears of each page and of each conversation that ends; what it
    /// is given is complete when this returns.
    ///
    /// A conversation that fails is tried again when all others have had their turn, and is left after the third time:
    /// its [`Outcome`] says why. What was read stays, and the next run goes on there; so it does when this is dropped.
    ///
    /// # Errors
    /// The list could not be read, or there is no archive; nothing was mirrored then.
    pub async fn mirror(&self, options: &MirrorOptions, mut told: impl FnMut(&Progress)) -> Result<Progress, Failure> {
        let archive = self.archive().cloned().ok_or_else(no_archive)?;
        let mut progress = Progress::new(self.client().clone());
        let peers: Vec<Peer> = if let Some(peers) = &options.peers {
            let mut seen = HashSet::new();
            peers.iter().filter(|peer| seen.insert(*peer)).cloned().collect()
        } else {
            let list = self.list(ListCall::Auto).await?;
            progress.list_incomplete = list.incomplete;
            list.conversations.into_iter().map(|c| c.peer).collect()
        };
        progress.total = peers.len();
        told(&progress);
        let queue = Queue::new(archive.clone());
        // What would go again is not fetched.
        let since = options.since.max(self.client().agreed_time().and_then(|now| archive.kept_since(now)));
        let mut waiting: VecDeque<Waiting> = peers
            .into_iter()
            .map(|peer| Waiting { peer, round: 1, so_far: Synced::default(), failure: None })
            .collect();
        let (says, mut hears) = mpsc::unbounded_channel::<(Peer, Step)>();
        let mut running = JoinSet::<Ended>::new();
        let (mut failed_in_turn, mut indexed) = (0, self.client().clock().elapsed());
        loop {
            while running.len() < options.at_once.max(1)
                && progress.stopped.is_none()
                && let Some(next) = waiting.pop_front()
            {
                progress.begin(&next.peer);
                let reach = if options.verify { Reach::All(since) } else { Reach::Holes(since) };
                running.spawn(read(self.clone(), archive.clone(), queue.clone(), next, reach, says.clone()));
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                Some((peer, step)) = hears.recv() => {
                    if matches!(step, Step::Kept { .. }) {
                        failed_in_turn = 0;
                    }
                    progress.step(&peer, &step);
                    let now = self.client().clock().elapsed();
                    if now.saturating_sub(indexed).as_secs() >= INDEX_EVERY_S {
                        indexed = now;
                        archive.index_behind();
                    }
                }
                Some(ended) = running.join_next() => {
                    let Ok((conversation, synced, failure)) = ended else {
                        progress.stopped = Some(Failure::local(FailureKind::Local, "mirroring broke off"));
                        continue;
                    };
                    let Waiting { peer, round, mut so_far, .. } = conversation;
                    so_far.add(synced);
                    progress.pause(&peer);
                    failed_in_turn = if failure.is_some() { failed_in_turn + u32::from(round == 1) } else { 0 };
                    if let Some(failure) = failure.as_ref().filter(|f| ends_all(f.kind) || failed_in_turn >= HOPELESS) {
                        progress.stopped = Some(failure.clone());
                    }
                    if failure.is_some() && round < ROUNDS && progress.stopped.is_none() {
                        waiting.push_back(Waiting { peer, round: round + 1, so_far, failure });
                    } else {
                        progress.ended.push(Outcome { peer, synced: so_far, failure });
                    }
                }
                () = tokio::time::sleep(BEAT) => {}
            }
            told(&progress);
        }
        // The last words may have come after the last conversation ended.
        while let Ok((peer, step)) = hears.try_recv() {
            progress.step(&peer, &step);
        }
        for Waiting { peer, so_far, failure, .. } in waiting {
            match failure {
                Some(failure) => progress.ended.push(Outcome { peer, synced: so_far, failure: Some(failure) }),
                None => progress.left.push(peer),
            }
        }
        told(&progress);
        archive.index_behind();
        Ok(progress)
    }

    /// Reads again what is here of a conversation, from its newest message down to the oldest that is covered, and
    /// takes out what the server has deleted; gives what is new, changed and gone. Holes in between are filled on the
    /// way. `told` hears how many messages were met so far.
    ///
    /// # Errors
    /// What the server or the archive said; what was read before stays compared.
    pub async fn reconcile(&self, peer: &Peer, mut told: impl FnMut(u64)) -> Result<Synced, Failure> {
        let archive = self.archive().ok_or_else(no_archive)?;
        let queue = Queue::new(archive.clone());
        let mut met = 0;
        let hear = |step| {
            if let Step::Came { messages, .. } = step {
                met += messages;
                told(met);
            }
        };
        let (synced, failure) = Walk::new(self.client(), archive, &queue, peer, Reach::Covered, hear).run().await;
        archive.index_behind();
        failure.map_or(Ok(synced), Err)
    }
}

async fn read(
    engine: Engine,
    archive: Archive,
    queue: Queue,
    conversation: Waiting,
    reach: Reach,
    says: mpsc::UnboundedSender<(Peer, Step)>,
) -> Ended {
    let peer = conversation.peer.clone();
    let told = |step| drop(says.send((peer.clone(), step)));
    let (synced, failure) = Walk::new(engine.client(), &archive, &queue, &peer, reach, told).run().await;
    (conversation, synced, failure)
}

impl Synced {
    /// Adds what another try came to; how far it came counts alone.
    fn add(&mut self, later: Self) {
        self.pages += later.pages;
        self.messages += later.messages;
        self.new += later.new;
        self.changed += later.changed;
        self.gone.extend(later.gone);
        self.complete = later.complete;
    }
}

/// Whether a failure is of the session, the service or the archive, and would be every other conversation's too.
const fn ends_all(kind: FailureKind) -> bool {
    use FailureKind as K;
    kind.ends_session()
        || matches!(
            kind,
            K::ForeignToken
                | K::WrongAppKey
                | K::ServiceNotEnabled(_)
                | K::Tls
                | K::Proxy
                | K::Busy
                | K::DiskFull
                | K::Local
        )
}

fn no_archive() -> Failure {
    Failure::local(FailureKind::ReadOnly, "there is no archive to mirror into")
}

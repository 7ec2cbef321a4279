//! What the server confirmed as deleted goes from this disk too: text, index and files.

use super::archive::{Archive, broken_off};
use super::patience::patiently;
use super::shelf::Going;
use crate::domain::{ChunkOutcome, DeletionReport, Failure, FailureKind, MessageId, Peer, Scope, ServerTime};

/// How often it is tried, whatever stands in the way.
const TRIES: u32 = 4;

impl Archive {
    /// Takes out what the server confirmed as deleted; `at` is when that was known. Tries again for a while where
    /// something is in the way.
    ///
    /// # Errors
    /// Why it still stands here, or some of it.
    pub(super) async fn deleted(&self, report: &DeletionReport, at: ServerTime) -> Result<(), Failure> {
        let (archive, report) = (self.clone(), report.clone());
        let purged = self.blocking(move || {
            patiently(TRIES, |failure| failure.kind != FailureKind::PutAside, || archive.purge(&report, at))
        });
        purged.await.ok_or_else(broken_off)?
    }

    /// Files go before the messages, so that a run that is killed in between leaves what can be found again; and once
    /// more after them, for one that was downloaded meanwhile.
    fn purge(&self, report: &DeletionReport, at: ServerTime) -> Result<(), Failure> {
        self.purge_here(report, at)?;
        let takes = report.is_done() && report.plan.scope != Scope::Conversation { with_history: false };
        match self.asides().first().filter(|_| takes) {
            // Nothing can be taken out of it alone, and all of it is not ours to remove.
            Some((path, _)) => Err(Failure::local(FailureKind::PutAside, path.display().to_string())),
            None => Ok(()),
        }
    }

    fn purge_here(&self, report: &DeletionReport, at: ServerTime) -> Result<(), Failure> {
        let (store, peer) = (&self.store, &report.plan.peer);
        let ids: Vec<MessageId> = report.ids(|outcome| *outcome == ChunkOutcome::Done).collect();
        match &report.plan.scope {
            Scope::Messages(_) if ids.is_empty() => Ok(()),
            Scope::Messages(_) => self.both(peer, Going::Ids(&ids), || Ok(store.deleted(peer, &ids)?)),
            Scope::Before { .. } | Scope::Conversation { .. } if !report.is_done() => Ok(()),
            Scope::Before { cutoff, .. } => {
                self.both(peer, Going::Through(*cutoff), || Ok(store.deleted_through(peer, *cutoff)?))
            }
            Scope::Conversation { with_history: false } => Ok(store.unlist(peer)?),
            Scope::Conversation { with_history: true } => self.both(peer, Going::All, || {
                store.deleted_all(peer, at)?;
                Ok(store.unlist(peer)?)
            }),
        }
    }

    fn both(
        &self,
        peer: &Peer,
        going: Going<'_>,
        messages: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let files = self.shelf.forget(Some(peer), going);
        // What stands in the way of the files does not keep the messages.
        messages()?;
        files?;
        Ok(self.shelf.forget(Some(peer), going)?)
    }
}

//! Looking after the archive: how it stands, whether it is sound, making it smaller.

use super::Archive;
use super::archive::broken_off;
use super::shelf::Going as Files;
use crate::domain::{Failure, Peer, ServerTime};
use crate::store::{Compacted, Discard, Going, Status, Store, Verified};

const DAY_MS: i64 = 24 * 3_600_000;

/// Rows packed in one transaction: few, since somebody may want to write.
const PACKED_AT_ONCE: usize = 500;

impl Archive {
    /// The same, keeping nothing that is older than so many days.
    #[must_use]
    pub fn keeping(mut self, days: Option<u32>) -> Self {
        self.keep_days = days;
        self
    }

    /// What was sent before this is not kept; `None` where everything is.
    #[must_use]
    pub fn kept_since(&self, now: ServerTime) -> Option<ServerTime> {
        self.keep_days.map(|days| now.plus_ms(-i64::from(days) * DAY_MS))
    }

    /// What may wait until somebody reads already, in the background: lets go of what is older than is kept, and keeps
    /// no more of it; then packs what an earlier version left as it came.
    pub(super) fn tend_behind(&self, now: ServerTime) {
        let since = self.kept_since(now);
        if let Some(since) = since {
            self.store().keep_since(since);
        }
        let Ok(here) = tokio::runtime::Handle::try_current() else { return };
        let archive = self.clone();
        drop(here.spawn_blocking(move || {
            // First as one that writes: it puts a damaged file aside while nobody reads it. Whoever needs what is wrong
            // here will tell.
            if archive.store().open().is_err() {
                return;
            }
            if let Some(since) = since {
                archive.retire(since);
            }
            archive.tidy_files();
            while archive.store().repack(PACKED_AT_ONCE).is_ok_and(|more| more) {}
        }));
    }

    /// Files of messages that were deleted go too. Where the archive cannot say, they stay.
    fn tidy_files(&self) {
        let is_deleted = |peer: &Peer, id, time| self.store().is_deleted(peer, id, time).unwrap_or(false);
        self.said(self.shelf.tidy(is_deleted));
    }

    fn retire(&self, before: ServerTime) {
        let what = Discard { peer: None, before: Some(before) };
        let old = |store: &Store| if store.has_before(before).unwrap_or(false) { self.give_up(&what) } else { Ok(0) };
        if self.said(self.alone(old)).is_some_and(|gone| gone > 0) {
            self.learn();
        }
    }

    /// Files go before the messages, so that a run that is killed in between leaves what can be found again; and once
    /// more after them, for one that was downloaded meanwhile.
    fn give_up(&self, what: &Discard) -> Result<u64, Failure> {
        let which = what.before.map_or(Files::All, |before| Files::Through(before.plus_ms(-1)));
        let files = || self.shelf.forget(what.peer.as_ref(), which);
        let first = files();
        // What stands in the way of the files does not keep the messages.
        let gone = self.store().discard(what)?;
        first?;
        files()?;
        Ok(gone)
    }

    /// How it stands.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn status(&self) -> Result<Status, Failure> {
        self.doing(|archive| archive.store().status()).await
    }

    /// Looks at everything, and mends what can be made anew.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn verify(&self, now: ServerTime) -> Result<Verified, Failure> {
        self.doing(move |archive| {
            let verified = archive.store().verify(now);
            if verified.as_ref().is_ok_and(|verified| verified.findings.iter().any(|finding| finding.is_mended)) {
                archive.learn();
            }
            verified
        })
        .await
    }

    /// Gives back the room of what is no longer here.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn compact(&self) -> Result<Compacted, Failure> {
        self.doing(|archive| archive.store().compact()).await
    }

    /// What would go.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn going(&self, what: Discard) -> Result<Vec<Going>, Failure> {
        self.doing(move |archive| archive.store().going(&what)).await
    }

    /// Takes messages off this disk, and their files; gives how many messages went.
    ///
    /// # Errors
    /// What the archive says; what went until then is gone.
    pub async fn discard(&self, what: Discard) -> Result<u64, Failure> {
        self.doing(move |archive| {
            let gone = archive.give_up(&what);
            archive.learn();
            gone
        })
        .await
    }

    /// Removes damaged archives that were put aside.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn remove_asides(&self) -> Result<(), Failure> {
        self.doing(|archive| archive.store().remove_asides()).await
    }

    async fn doing<T: Send + 'static, E: Into<Failure> + Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure> {
        let archive = self.clone();
        self.blocking(move || work(&archive)).await.ok_or_else(broken_off)?.map_err(Into::into)
    }
}

//! The archive behind an engine: what is read from the server goes in, what is here comes out first.
//!
//! What goes wrong with it never fails a request; [`Archive::trouble`] tells it once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::shelf::{Going, Shelf, Wanted};
use crate::domain::{
    AppKey, Around, Conversation, Cursor, Direction, Failure, FailureKind, Group, HistoryPage, HistoryQuery, Horizon,
    Message, MessageId, PageEnd, PageSize, Peer, Profile, ServerTime, Spot, UserId,
};
use crate::store::{
    At, Fetched, Front, Hits, KeptList, KeptNames, Local, LocalEnd, Owner, Packed, SearchScope, Store, Taken,
};
use crate::text::search::Query;

/// A handle on the archive of one account; clones share it.
#[derive(Clone)]
pub struct Archive {
    pub(super) store: Store,
    pub(super) shelf: Shelf,
    trouble: Arc<Mutex<Option<Failure>>>,
    pub(super) behind: Arc<Behind>,
    /// What is older than so many days is not kept.
    pub(super) keep_days: Option<u32>,
}

/// Work that is done behind what is stored, by one at a time.
#[derive(Default)]
pub(super) struct Behind {
    /// Somebody waits to begin, and will see all that is stored by then.
    is_asked: AtomicBool,
    pub(super) working: Mutex<()>,
    pub(super) is_closed: AtomicBool,
    /// Pages of the server wait to be kept: they go first, and whoever keeps them asks again.
    pub(super) is_storing: AtomicBool,
}

/// Messages the index learns in one transaction: large enough to be quick, small enough to let others write.
const INDEX_BATCH: usize = 5_000;

/// The newest page that is here.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalPage {
    /// Newest first.
    pub page: HistoryPage,
    /// The oldest message the server had when its end was looked at last.
    pub served_from: Option<ServerTime>,
}

/// What the archive says to a query.
pub(super) enum Found {
    /// All of it is here.
    Page(HistoryPage),
    /// Nothing is; the server goes on from this cursor.
    Hole(Cursor),
    /// It cannot tell.
    Unknown,
}

impl Archive {
    /// The archive of an account below the data folder `data`. Touches nothing yet.
    #[must_use]
    pub fn at(data: &Path, api: String, app_key: AppKey, user: UserId) -> Self {
        let store = Store::at(&data.join("archives"), Owner { api, app_key, user });
        let shelf = Shelf::beside(store.path());
        Self { store, shelf, trouble: Arc::default(), behind: Arc::default(), keep_days: None }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// Whether it is there, or there is a folder that it can be begun in; that is made where it is missing.
    #[must_use]
    pub fn has_place(&self) -> bool {
        use std::os::unix::fs::DirBuilderExt;
        let Some(folder) = self.path().parent() else { return false };
        let make = || std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        self.path().exists() || (make().is_ok() && tempfile::tempfile_in(folder).is_ok())
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        self.store.owner()
    }

    /// The files beside it.
    #[must_use]
    pub const fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Keeps a file of a message that is here; one that was deleted meanwhile does not get it back. Gives whether it
    /// was kept.
    ///
    /// # Errors
    /// [`super::ShelfError`].
    pub fn keep_file(&self, wanted: &Wanted<'_>, name: &str, bytes: &[u8]) -> Result<bool, super::ShelfError> {
        let message = wanted.message;
        // One that cannot be asked for by its id may be here.
        let is_here = || message.id.0 == 0 || !matches!(self.store.message(wanted.peer, message.id), Ok(None));
        self.shelf.put(wanted, name, bytes, is_here)
    }

    /// What went wrong last, told once.
    #[must_use]
    pub fn trouble(&self) -> Option<Failure> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Where an archive lies that was damaged and had to be put aside; told once.
    #[must_use]
    pub fn put_aside(&self) -> Option<PathBuf> {
        self.store.put_aside()
    }

    /// Damaged archives that were put aside and are still there, with their sizes in bytes.
    #[must_use]
    pub fn asides(&self) -> Vec<(PathBuf, u64)> {
        self.store.asides()
    }

    /// The list as it came last; read at once, for the first picture.
    #[must_use]
    pub fn list_now(&self) -> KeptList {
        self.said(self.store.list()).unwrap_or_default()
    }

    /// Names kept; read at once.
    #[must_use]
    pub fn names_now(&self) -> KeptNames {
        self.said(self.store.names()).unwrap_or_default()
    }

    /// The conversation that was on the screen last; read at once.
    #[must_use]
    pub fn last_opened_now(&self) -> Option<Peer> {
        self.said(self.store.last_opened()).flatten()
    }

    /// The newest page of a conversation; read at once. `None` where nothing is here.
    #[must_use]
    pub fn newest_now(&self, peer: &Peer) -> Option<LocalPage> {
        let local = self.said(self.store.read(peer, At::Newest, Direction::Up, PageSize::MAX.get())).flatten()?;
        let served_from = local.served_from;
        (!local.messages.is_empty()).then(|| LocalPage { page: page(local), served_from })
    }

    /// The newest page of a conversation, which counts as opened where `at` is given.
    pub async fn open(&self, peer: &Peer, at: Option<ServerTime>) -> Option<LocalPage> {
        let (archive, peer) = (self.clone(), peer.clone());
        self.blocking(move || {
            let newest = archive.newest_now(&peer);
            at.map(|at| archive.said(archive.store.opened(&peer, at)));
            newest
        })
        .await
        .flatten()
    }

    /// What is here of a query that goes on from a message.
    pub(super) async fn find(&self, query: &HistoryQuery) -> Found {
        let Some(id) = query.cursor.as_ref().and_then(|c| c.as_str().parse().ok()) else { return Found::Unknown };
        let (archive, query) = (self.clone(), query.clone());
        let limit = query.size.get().max(query.kept);
        let read = move || archive.said(archive.store.read(&query.peer, At::Beyond(id), query.direction, limit));
        match self.blocking(read).await.flatten().flatten() {
            Some(local) if !local.messages.is_empty() => Found::Page(page(local)),
            Some(Local { end: LocalEnd::Hole(cursor), .. }) => Found::Hole(cursor),
            Some(local) => Found::Page(page(local)),
            None => Found::Unknown,
        }
    }

    /// What is here around a place; only where it lies in a complete stretch, unless `nearest` takes what is next to it.
    pub async fn around(&self, peer: &Peer, spot: Spot, nearest: bool) -> Option<Around> {
        let (archive, peer) = (self.clone(), peer.clone());
        let read = move || archive.said(archive.store.around(&peer, spot, PageSize::MAX));
        let here = self.blocking(read).await.flatten().flatten().filter(|here| here.is_covered || nearest)?;
        let served_from = here.older.served_from;
        let is_loose = here.is_loose;
        Some(Around { older: page(here.older), newer: page(here.newer), is_kept: true, is_loose, served_from })
    }

    /// The next page that is here beyond the hole around a message.
    pub async fn beyond(&self, peer: &Peer, id: MessageId, direction: Direction) -> Option<LocalPage> {
        let (archive, peer) = (self.clone(), peer.clone());
        let read = move || archive.said(archive.store.beyond(&peer, id, direction, PageSize::MAX));
        let local = self.blocking(read).await.flatten().flatten()?;
        let served_from = local.served_from;
        Some(LocalPage { page: page(local), served_from })
    }

    /// Keeps a page of the server that was asked for at `at`.
    pub(super) async fn take(&self, query: &HistoryQuery, page: &HistoryPage, at: ServerTime) {
        let (archive, query, page) = (self.clone(), query.clone(), page.clone());
        let whole = query.is_whole() && page.is_sound;
        self.blocking(move || {
            let fetched = Fetched {
                peer: &query.peer,
                cursor: query.cursor.as_ref(),
                direction: query.direction,
                page: &page,
                whole,
                edge: None,
                at,
            };
            if let Some(taken) = archive.said(archive.store.take(fetched)) {
                archive.forget_files(&query.peer, &taken.gone);
            }
        })
        .await;
        self.index_behind();
    }

    /// A message that is here; read at once.
    #[must_use]
    pub fn message_now(&self, peer: &Peer, id: MessageId) -> Option<Message> {
        self.said(self.store.message(peer, id)).flatten()
    }

    /// Where mirroring a conversation goes on.
    pub(super) async fn front(&self, peer: &Peer) -> Result<Option<Front>, Failure> {
        let (store, peer) = (self.store.clone(), peer.clone());
        Ok(self.blocking(move || store.front(&peer)).await.ok_or_else(broken_off)??)
    }

    /// Keeps pages of the server, all or none; at once, so never on a thread that others wait for.
    pub(super) fn take_all(&self, pages: &[Fetched<'_>], packed: &[Packed]) -> Result<Vec<Taken>, Failure> {
        let taken = self.store.take_all(pages, packed)?;
        pages.iter().zip(&taken).for_each(|(page, taken)| self.forget_files(page.peer, &taken.gone));
        Ok(taken)
    }

    /// Messages are gone, and their files go with them.
    fn forget_files(&self, peer: &Peer, gone: &[MessageId]) {
        if !gone.is_empty()
            && let Err(error) = self.shelf.forget(Some(peer), Going::Ids(gone))
        {
            tracing::warn!(%error, "files");
            *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.into());
        }
    }

    /// Lets the index learn what is new, in the background.
    pub(super) fn index_behind(&self) {
        if !self.behind.is_asked.swap(true, Ordering::AcqRel) {
            let archive = self.clone();
            let calm = move || archive.learn_while(|behind| !behind.is_storing.load(Ordering::Acquire));
            drop(tokio::task::spawn_blocking(calm));
        }
    }

    /// Does something that the index waits for.
    pub(super) fn alone<T>(&self, work: impl FnOnce(&Store) -> T) -> T {
        let _working = self.behind.working.lock().unwrap_or_else(PoisonError::into_inner);
        work(&self.store)
    }

    /// Learns until nothing is left. What is stored once this has begun asks anew.
    pub(super) fn learn(&self) {
        self.learn_while(|_| true);
    }

    fn learn_while(&self, goes_on: impl Fn(&Behind) -> bool) {
        let _working = self.behind.working.lock().unwrap_or_else(PoisonError::into_inner);
        self.behind.is_asked.store(false, Ordering::Release);
        let is_open = || !self.behind.is_closed.load(Ordering::Acquire);
        while is_open()
            && goes_on(&self.behind)
            && self.said(self.store.index(INDEX_BATCH)).is_some_and(|left| left > 0)
        {}
    }

    /// How much is here, of one conversation or of all.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn horizon(&self, peer: Option<Peer>) -> Result<Horizon, Failure> {
        let store = self.store.clone();
        let found = self.blocking(move || store.horizon(peer.as_ref())).await;
        Ok(found.ok_or_else(broken_off)??)
    }

    /// Messages of a conversation that stand after `after`, oldest first, holes or not; each with its place.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn after(&self, peer: &Peer, after: i64, limit: usize) -> Result<Vec<(i64, Message)>, Failure> {
        let (store, peer) = (self.store.clone(), peer.clone());
        let found = self.blocking(move || store.after(&peer, after, limit)).await;
        Ok(found.ok_or_else(broken_off)??)
    }

    /// Conversations of which messages are here.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn peers(&self) -> Result<Vec<Peer>, Failure> {
        let store = self.store.clone();
        Ok(self.blocking(move || store.peers()).await.ok_or_else(broken_off)??)
    }

    /// Conversations of the list of which nothing was fetched yet.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn unfetched(&self) -> Result<Vec<Peer>, Failure> {
        let store = self.store.clone();
        Ok(self.blocking(move || store.unfetched()).await.ok_or_else(broken_off)??)
    }

    /// Keeps messages that come from a file; gives how many are new and how many changed.
    ///
    /// # Errors
    /// What the archive says; then none of them was kept.
    pub async fn import(&self, messages: Vec<(Peer, Message)>, at: ServerTime) -> Result<(usize, usize), Failure> {
        let store = self.store.clone();
        let taken = self.blocking(move || store.import(&messages, at)).await.ok_or_else(broken_off)??;
        Ok((taken.new, taken.changed))
    }

    /// Learns what the index does not hold yet, and waits for it.
    pub async fn index(&self) {
        let archive = self.clone();
        self.blocking(move || archive.learn()).await;
    }

    /// Messages that a query asks for, newest first. Whoever no longer waits for them ends the search.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn search(&self, query: Query, scope: SearchScope) -> Result<Hits, Failure> {
        let (store, waits) = (self.store.clone(), Arc::new(()));
        let waiting = Arc::downgrade(&waits);
        let found = self.blocking(move || store.search_until(&query, &scope, || waiting.strong_count() == 0)).await;
        drop(waits);
        Ok(found.ok_or_else(broken_off)??)
    }

    /// Keeps a whole list.
    pub(super) async fn keep_list(&self, list: &[Conversation], at: ServerTime) {
        let (archive, list) = (self.clone(), list.to_vec());
        self.blocking(move || archive.said(archive.store.keep_list(&list, at))).await;
    }

    /// Keeps names.
    pub async fn keep_names(&self, users: &HashMap<String, Profile>, groups: &HashMap<String, Group>) {
        let (archive, users, groups) = (self.clone(), users.clone(), groups.clone());
        self.blocking(move || archive.said(archive.store.keep_names(&users, &groups))).await;
    }

    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    pub(super) async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        tokio::task::spawn_blocking(work).await.ok()
    }

    pub(super) fn said<T, E: Into<Failure>>(&self, outcome: Result<T, E>) -> Option<T> {
        outcome
            .map_err(|error| {
                let failure = error.into();
                tracing::warn!(cause = %failure.text, "archive");
                *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
            })
            .ok()
    }
}

pub(super) fn broken_off() -> Failure {
    Failure::local(FailureKind::Local, "work on the archive broke off")
}

pub(super) fn page(local: Local) -> HistoryPage {
    let end = match local.end {
        LocalEnd::More(id) => PageEnd::More(Cursor::from(id)),
        LocalEnd::Hole(cursor) => PageEnd::More(cursor),
        LocalEnd::End => PageEnd::End,
    };
    HistoryPage { is_kept: true, ..HistoryPage::new(local.messages, end) }
}

//! What an archive says where nobody else can be asked.

use std::sync::atomic::Ordering;

use super::archive::{Archive, Found, LocalPage, broken_off, page};
use crate::domain::{
    Direction, Failure, HistoryPage, HistoryQuery, Message, MessageId, PageSize, Peer, ServerTime, Spot,
};

impl Archive {
    /// A page without any server; `None` where it is not here. What came from a file is gone through too, though
    /// nobody knows what is missing between.
    pub async fn page(&self, query: &HistoryQuery) -> Option<HistoryPage> {
        if query.cursor.is_none() {
            return self.outermost(&query.peer, query.direction).await;
        }
        match self.find(query).await {
            Found::Page(page) => Some(page),
            Found::Hole(_) => None,
            Found::Unknown => self.loose(query).await,
        }
    }

    /// The newest page, or the oldest where it is known that nothing stands before it.
    async fn outermost(&self, peer: &Peer, direction: Direction) -> Option<HistoryPage> {
        match direction {
            Direction::Up => Some(self.newest(peer).await?.page),
            Direction::Down => Some(self.around(peer, Spot::Time(ServerTime(0)), false).await?.newer),
        }
    }

    /// A page of messages that no stretch holds.
    async fn loose(&self, query: &HistoryQuery) -> Option<HistoryPage> {
        let id = query.cursor.as_ref()?.as_str().parse::<MessageId>().ok()?;
        let (archive, query) = (self.clone(), query.clone());
        let limit = query.size.get().max(query.kept);
        let read = move || archive.said(archive.store.next_to(&query.peer, id, query.direction, limit));
        let page = page(self.blocking(read).await.flatten().flatten()?);
        // Where its own messages end the run does, and what goes on is asked for beyond it.
        (!page.messages.is_empty()).then_some(page)
    }

    /// The newest that is here, whether a server brought it or a file.
    pub async fn newest(&self, peer: &Peer) -> Option<LocalPage> {
        let (archive, peer) = (self.clone(), peer.clone());
        self.blocking(move || archive.latest_now(&peer)).await.flatten()
    }

    /// The same, read at once.
    #[must_use]
    pub fn latest_now(&self, peer: &Peer) -> Option<LocalPage> {
        let last = Spot::Time(ServerTime(i64::MAX));
        let local = self.said(self.store.around(peer, last, PageSize::MAX)).flatten()?.older;
        let served_from = local.served_from;
        (!local.messages.is_empty()).then(|| LocalPage { page: page(local), served_from })
    }

    /// The newest message of a conversation that is here, read at once.
    #[must_use]
    pub fn last_now(&self, peer: &Peer) -> Option<Message> {
        let last = Spot::Time(ServerTime(i64::MAX));
        let one = PageSize::new(1).ok()?;
        self.said(self.store.around(peer, last, one)).flatten()?.older.messages.into_iter().next()
    }

    /// Says that what is here is all there is of these conversations: the archive holds a file that says so.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn seal(&self, peers: Vec<Peer>) -> Result<(), Failure> {
        let store = self.store.clone();
        Ok(self.blocking(move || store.seal(&peers)).await.ok_or_else(broken_off)??)
    }

    /// Ends the work behind, and waits for what of it is on its way: then nothing writes any more.
    pub async fn close(&self) {
        self.behind.is_closed.store(true, Ordering::Release);
        let archive = self.clone();
        self.blocking(move || drop(archive.behind.working.lock())).await;
    }

    /// As [`Archive::after`], read at once: for whoever reads everything on a thread of its own, so that memory is taken
    /// and given back by one thread and does not lie about in the pools of several.
    ///
    /// # Errors
    /// What the archive says.
    pub fn after_now(&self, peer: &Peer, after: i64, limit: usize) -> Result<Vec<(i64, Message)>, Failure> {
        Ok(self.store.after(peer, after, limit)?)
    }

    /// Where messages stand from `from` on and before `until`, oldest first, and whether none is missing among them.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn between(&self, peer: &Peer, from: ServerTime, until: ServerTime) -> Result<(Vec<i64>, bool), Failure> {
        let (store, peer) = (self.store.clone(), peer.clone());
        Ok(self.blocking(move || store.between(&peer, from, until)).await.ok_or_else(broken_off)??)
    }

    /// Where a message stands, as [`Archive::after`] counts places.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn place(&self, peer: &Peer, id: MessageId) -> Result<Option<i64>, Failure> {
        let (store, peer) = (self.store.clone(), peer.clone());
        Ok(self.blocking(move || store.place(&peer, id)).await.ok_or_else(broken_off)??)
    }
}

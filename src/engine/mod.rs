//! What the screen and the command line both call: one signed-in user, listing, paging, naming, counting, deleting.

mod archive;
mod bookmarks;
mod care;
#[cfg(feature = "delete")]
mod deletion;
pub mod export;
mod inquire;
mod offline;
mod patience;
#[cfg(feature = "delete")]
mod purge;
mod shelf;
mod sync;
mod travel;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use self::archive::Found;
pub use self::archive::{Archive, LocalPage};
pub use self::shelf::{Found as FoundFile, KeptFile, Shelf, ShelfError, Wanted as WantedFile};
pub use self::sync::{MirrorOptions, Outcome, Progress, Running, Synced};
pub use crate::client::Held;
use crate::client::{Client, Credentials, ListCall, Session, Stop, Walker};
use crate::domain::{
    ChatType, ConversationList, Cursor, Direction, Failure, FailureKind, Group, HistoryPage, HistoryQuery, Message,
    MessageId, Peer, Profile, ServerTime,
};
pub use crate::store::{Compacted, Discard, Fault, Finding, Going, Hits, Kept, SearchScope, Status, Verified};

/// A signed-in user. Clones share the session and what was seen.
#[derive(Clone)]
pub struct Engine {
    client: Client,
    session: Session,
    seen: Arc<Mutex<Seen>>,
    archive: Option<Archive>,
    tended: Arc<AtomicBool>,
}

/// When each message was sent that a page has shown, by conversation.
type Seen = HashMap<Peer, BTreeSet<(ServerTime, MessageId)>>;

/// Names by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Of users.
    pub profiles: HashMap<String, Profile>,
    /// Of groups.
    pub groups: HashMap<String, Group>,
}

/// How many messages a walk met.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Messages met, each once, damaged ones too.
    pub messages: usize,
    /// The oldest of them.
    pub oldest: Option<Message>,
    /// Whether that is all of them.
    pub stop: Stop,
}

impl Engine {
    /// Signs in; see [`Client::sign_in`].
    ///
    /// # Errors
    /// What the server said.
    pub async fn sign_in(client: Client, credentials: Credentials) -> Result<Self, Failure> {
        let session = client.sign_in(credentials).await?;
        Ok(Self { client, session, seen: Arc::default(), archive: None, tended: Arc::default() })
    }

    /// The same, with an archive behind it, which is tended from now on.
    #[must_use]
    pub fn with_archive(self, archive: Option<Archive>) -> Self {
        let tended = Arc::default();
        let engine = Self { archive, tended, ..self };
        engine.tend();
        engine
    }

    /// Lets the archive go of what is older than is kept, once; not before a server has said what time it is, since a
    /// clock that runs ahead would take everything.
    fn tend(&self) {
        if let (Some(archive), Some(now)) = (&self.archive, self.client.agreed_time())
            && !self.tended.swap(true, Ordering::Relaxed)
        {
            archive.tend_behind(now);
        }
    }

    /// The archive behind it.
    #[must_use]
    pub const fn archive(&self) -> Option<&Archive> {
        self.archive.as_ref()
    }

    /// The session as it was at sign-in.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// The client below.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The conversation list; see [`Client::conversations`].
    ///
    /// # Errors
    /// What the server said.
    pub async fn list(&self, call: ListCall) -> Result<ConversationList, Failure> {
        let list = self.client.conversations(call).await?;
        self.tend();
        if let Some(archive) = &self.archive {
            archive.keep_list(&list.conversations, self.client.clock().now()).await;
        }
        Ok(list)
    }

    /// One page of history: from the archive where it goes on from a message that is there, else from the server
    /// ([`Client::history`]). Remembers when each message was sent, for [`Engine::delete`].
    ///
    /// # Errors
    /// What the server said.
    pub async fn page(&self, query: &HistoryQuery) -> Result<HistoryPage, Failure> {
        let page = self.whichever(query).await?;
        self.remember(&query.peer, &page.messages);
        Ok(page)
    }

    async fn whichever(&self, query: &HistoryQuery) -> Result<HistoryPage, Failure> {
        let Some(archive) = &self.archive else { return self.client.history(query).await };
        let mut asked = query.clone();
        if !query.fresh && query.is_whole() {
            match archive.find(query).await {
                Found::Page(page) => return Ok(page),
                Found::Hole(cursor) => asked.cursor = Some(cursor),
                Found::Unknown => {}
            }
        }
        self.asked(&asked).await
    }

    /// A page of the server, kept.
    async fn asked(&self, query: &HistoryQuery) -> Result<HistoryPage, Failure> {
        // What comes while the answer is on its way is not on it.
        let at = self.client.clock().now();
        let page = self.client.history(query).await?;
        self.tend();
        if let Some(archive) = &self.archive {
            archive.take(query, &page, at).await;
        }
        Ok(page)
    }

    /// Pages to the end of a query; nothing is remembered.
    #[must_use]
    pub fn walk(&self, query: HistoryQuery) -> Walker {
        Walker::new(self.client.clone(), query)
    }

    /// Names of users and groups; rooms have none.
    ///
    /// # Errors
    /// The first request that failed.
    pub async fn names(&self, peers: &[Peer]) -> Result<Names, Failure> {
        let of = |kind| peers.iter().filter(move |p| p.chat_type == kind).map(Peer::id);
        let users: Vec<_> = of(ChatType::Single).filter_map(|id| id.parse().ok()).collect();
        let groups: Vec<_> = of(ChatType::Group).map(str::to_owned).collect();
        let (profiles, groups) = tokio::try_join!(self.client.profiles(&users), self.client.groups(&groups))?;
        if let Some(archive) = &self.archive {
            archive.keep_names(&profiles, &groups).await;
        }
        Ok(Names { profiles, groups })
    }

    /// Counts a whole conversation by paging through it.
    ///
    /// # Errors
    /// What the server said.
    pub async fn count_all(&self, peer: &Peer) -> Result<Count, Failure> {
        self.count(HistoryQuery::new(peer.clone(), None, Direction::Up), |_| true).await
    }

    /// Counts what a deletion up to `cutoff` (inclusive) would take, by paging upwards from `newest`, which has that
    /// time and is counted too.
    ///
    /// # Errors
    /// What the server said.
    pub async fn count_before(&self, peer: &Peer, cutoff: ServerTime, newest: MessageId) -> Result<Count, Failure> {
        let query = HistoryQuery::new(peer.clone(), Some(Cursor::from(newest)), Direction::Up);
        let older = self.count(query, |m| m.time <= cutoff && m.id != newest).await?;
        Ok(Count { messages: older.messages + 1, ..older })
    }

    async fn count(&self, query: HistoryQuery, wanted: impl Fn(&Message) -> bool) -> Result<Count, Failure> {
        let mut walker = self.walk(query);
        let (mut messages, mut oldest) = (0, None);
        while let Some(page) = walker.next().await? {
            messages += page.iter().filter(|m| wanted(m)).count();
            oldest = page.into_iter().rev().find(|m| wanted(m)).or(oldest);
        }
        let stop = walker.stop().ok_or_else(|| Failure::local(FailureKind::BadAnswer, "paging did not end"))?;
        Ok(Count { messages, oldest, stop })
    }

    fn remember(&self, peer: &Peer, messages: &[Message]) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.entry(peer.clone()).or_default();
        known.extend(messages.iter().filter(|m| m.id != MessageId(0)).map(|m| (m.time, m.id)));
    }
}

//! The conversation list, by any of the three calls (`protocol` 3.1).

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use strum::{Display, EnumString};

use super::call::{Call, encoded};
use super::{Client, lock};
use crate::domain::{Conversation, ConversationList, Failure, FailureKind, Peer, Service};
use crate::wire::rest::{self, ListAnswer};

/// Whole lists the service hands out a minute.
const LISTS_A_MINUTE: usize = 5;
const MINUTE: Duration = Duration::from_mins(1);
/// Entries asked for at once by the cursor list.
const CURSOR_PAGE: usize = 50;
/// Entries asked for at once by the paged list: its documented most.
const NUMBERED_PAGE: usize = 20;
/// Conversations the first call keeps.
const V1_CAP: usize = 10;
/// Pages nobody's list has; a server that has more is looping.
const MAX_PAGES: usize = 200;
/// Conversations nobody's list has: the rest is left out, and the list is said to be incomplete.
const MAX_CONVERSATIONS: usize = 10_000;

/// Which list call to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum ListCall {
    /// The cursor list; the first call where the server does not know it.
    #[default]
    Auto,
    /// The first call: at most ten conversations of seven days unless the app has more.
    V1,
    /// The first call by page number.
    Paged,
    /// The cursor list.
    Cursor,
}

/// How many conversations the service keeps for a user: 100, on its largest plan 500 [docs]; the least active go first.
/// Which plan an app has cannot be asked, so the smaller one that holds `count` is named.
fn kept_at_most(count: usize) -> Option<usize> {
    [100, 500].into_iter().find(|cap| count <= *cap)
}

/// When lists were fetched within the last minute.
#[derive(Default)]
pub(super) struct Budget(Mutex<VecDeque<Duration>>);

impl Budget {
    /// Takes one of the minute's lists, or tells how long to wait for one.
    fn take(&self, now: Duration) -> Result<(), Duration> {
        let mut taken = lock(&self.0);
        while taken.front().is_some_and(|at| now.saturating_sub(*at) >= MINUTE) {
            taken.pop_front();
        }
        match taken.front() {
            Some(oldest) if taken.len() == LISTS_A_MINUTE => Err(MINUTE.saturating_sub(now.saturating_sub(*oldest))),
            _ => {
                taken.push_back(now);
                Ok(())
            }
        }
    }
}

impl Client {
    /// The whole list, each conversation once, in server order. At most five a minute.
    ///
    /// # Errors
    /// [`FailureKind::RateLimited`] without a status when the minute's lists are used up; otherwise the server's.
    pub async fn conversations(&self, call: ListCall) -> Result<ConversationList, Failure> {
        self.inner.lists.take(self.inner.clock.elapsed()).map_err(|wait| Failure {
            retry_after: Some(wait),
            ..Failure::local(FailureKind::RateLimited, "the service allows five conversation lists a minute")
        })?;
        match call {
            ListCall::V1 => self.first_list().await,
            ListCall::Paged => self.numbered_list().await,
            ListCall::Cursor => self.cursor_list().await,
            ListCall::Auto => match self.cursor_list().await {
                Err(failure) if failure.status == Some(404) => self.first_list().await,
                other => other,
            },
        }
    }

    async fn first_list(&self) -> Result<ConversationList, Failure> {
        let path = format!("/users/{}/user_channels", encoded(self.user()?.as_str()));
        let answer = self.list_page("GET user_channels", path).await?;
        let mut list = Gathered::default();
        // Fewer are all there are; more come only where the app has no such cap.
        list.list.cap = Some(V1_CAP).filter(|cap| answer.entries() == *cap);
        list.add(answer);
        Ok(list.list)
    }

    async fn numbered_list(&self) -> Result<ConversationList, Failure> {
        let user = encoded(self.user()?.as_str());
        let mut list = Gathered::default();
        for page in 1..=MAX_PAGES {
            let path = format!("/users/{user}/user_channels/page?pageNum={page}&pageSize={NUMBERED_PAGE}");
            let answer = self.list_page("GET user_channels/page", path).await?;
            let sent = answer.entries();
            let added = list.add(answer);
            if sent < NUMBERED_PAGE {
                list.list.cap = kept_at_most(list.list.conversations.len());
                return Ok(list.list);
            }
            // A full page of nothing new: the server does not count pages.
            if added == 0 || list.list.incomplete {
                break;
            }
        }
        list.list.incomplete = true;
        Ok(list.list)
    }

    async fn cursor_list(&self) -> Result<ConversationList, Failure> {
        let user = encoded(self.user()?.as_str());
        let (mut list, mut cursor, mut seen) = (Gathered::default(), String::new(), HashSet::new());
        for _ in 0..MAX_PAGES {
            let path = format!(
                "/sdk/user/{user}/user_channels/list?limit={CURSOR_PAGE}&cursor={}&need_mark=true&needEmptySession=false",
                encoded(&cursor)
            );
            let mut answer = self.list_page("GET user_channels/list", path).await?;
            let next = answer.next.take();
            list.add(answer);
            match next {
                None => {
                    list.list.cap = kept_at_most(list.list.conversations.len());
                    return Ok(list.list);
                }
                Some(next) if !seen.insert(next.clone()) || list.list.incomplete => break,
                Some(next) => cursor = next,
            }
        }
        list.list.incomplete = true;
        Ok(list.list)
    }

    async fn list_page(&self, label: &'static str, path: String) -> Result<ListAnswer, Failure> {
        let call = Call::get(label, path, Service::ConversationList);
        let answer = self.read(&call).await?;
        rest::list(&self.inner.endpoint.app_key, &answer.body).map_err(|e| answer.unreadable(e))
    }
}

/// Pages put together; entries may repeat while the list moves under us.
#[derive(Default)]
struct Gathered {
    list: ConversationList,
    seen: HashSet<Peer>,
}

impl Gathered {
    /// How many were new.
    fn add(&mut self, answer: ListAnswer) -> usize {
        let before = self.list.conversations.len();
        self.list.damaged += answer.damaged;
        let fresh: Vec<Conversation> =
            answer.conversations.into_iter().filter(|c| self.seen.insert(c.peer.clone())).collect();
        let room = MAX_CONVERSATIONS - before;
        self.list.incomplete |= fresh.len() > room;
        self.list.conversations.extend(fresh.into_iter().take(room));
        self.list.conversations.len() - before
    }
}

//! The conversation list: what the server keeps, in the order and through the filter the person chose.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use strum::{EnumIter, IntoStaticStr};

use super::{Names, Now};
use crate::domain::{ChatType, Conversation, Failure, Peer, ServerTime, is_bot};
use crate::text::fold;

/// Orders of the list. A pinned conversation stands first in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Sort {
    /// Newest message first.
    #[default]
    Recent,
    /// Longest wait first; those who do not wait by newest message.
    Waiting,
    /// Most unread first.
    Unread,
    /// By shown name.
    Name,
}

/// Where the list stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ListState {
    /// Never loaded, and not asked for.
    #[default]
    Unloaded,
    /// Asked for since.
    Loading(Now),
    /// Loaded.
    Loaded,
    /// The last try failed; what was there before stays.
    Failed(Box<Failure>),
}

/// How long somebody waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Since when.
    pub since: ServerTime,
    /// It may be longer: the messages before are not loaded.
    pub at_least: bool,
}

/// The list and the person's view of it.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Entries by peer.
    entries: HashMap<Peer, Conversation>,
    /// Peers in shown order, filtered.
    pub shown: Vec<Peer>,
    /// The selected peer; kept by id while rows move.
    pub selected: Option<Peer>,
    /// Index in `shown` of the first visible entry.
    pub top: usize,
    /// Order.
    pub sort: Sort,
    /// The order the other way round.
    pub reversed: bool,
    /// Rows that do not hold these words are hidden; folded.
    pub filter: String,
    /// Words to jump to; folded.
    pub find: String,
    /// Marked conversations.
    pub marked: BTreeSet<Peer>,
    /// Where a range mark began.
    pub range_from: Option<Peer>,
    /// Where the list stands.
    pub state: ListState,
    /// When the server last gave it whole.
    pub synced: Option<ServerTime>,
    /// Entries that could not be read.
    pub damaged: usize,
    /// The server did not say it was all.
    pub incomplete: bool,
    /// The call that answered keeps at most this many.
    pub cap: Option<usize>,
    /// Waits learned from opened histories; more exact than the list's latest message.
    waits: HashMap<Peer, Wait>,
}

impl List {
    /// Entries the server gave, hidden ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the server gave none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// One entry.
    #[must_use]
    pub fn get(&self, peer: &Peer) -> Option<&Conversation> {
        self.entries.get(peer)
    }

    /// All peers, in no order.
    pub fn peers(&self) -> impl Iterator<Item = &Peer> {
        self.entries.keys()
    }

    /// Who wrote the latest messages of groups, as peers whose names can be asked for.
    pub fn last_senders(&self) -> impl Iterator<Item = Peer> {
        let groups = self.entries.values().filter(|c| c.peer.chat_type == ChatType::Group);
        groups.filter_map(|c| Peer::new(ChatType::Single, &c.last.as_ref()?.from).ok())
    }

    /// Row of the selected peer among the shown ones.
    #[must_use]
    pub fn selected_index(&self) -> Option<usize> {
        let selected = self.selected.as_ref()?;
        self.shown.iter().position(|p| p == selected)
    }

    /// How long the peer waits for `me`; `None` when nobody waits. A group or a bot never waits.
    #[must_use]
    pub fn wait(&self, peer: &Peer, me: &str) -> Option<Wait> {
        if peer.chat_type != ChatType::Single || is_bot(peer.id()) {
            return None;
        }
        if let Some(wait) = self.waits.get(peer) {
            return Some(*wait);
        }
        let entry = self.entries.get(peer)?;
        let last = entry.last.as_deref()?;
        entry.waits(me).then_some(Wait { since: last.time, at_least: true })
    }

    /// A history told how long its peer waits, or that nobody does.
    pub fn learn_wait(&mut self, peer: &Peer, wait: Option<Wait>) {
        match wait {
            Some(wait) => drop(self.waits.insert(peer.clone(), wait)),
            None => drop(self.waits.remove(peer)),
        }
    }

    /// Takes a whole list from the server. The selection stays on its peer.
    pub fn replace(&mut self, conversations: Vec<Conversation>) {
        self.entries = conversations.into_iter().map(|c| (c.peer.clone(), c)).collect();
        let entries = &self.entries;
        self.waits.retain(|peer, _| entries.contains_key(peer));
        self.marked.retain(|peer| entries.contains_key(peer));
    }

    /// Puts or changes one entry.
    pub fn put(&mut self, conversation: Conversation) {
        self.entries.insert(conversation.peer.clone(), conversation);
    }

    /// Removes one entry after the server confirmed its deletion.
    pub fn remove(&mut self, peer: &Peer) {
        self.entries.remove(peer);
        self.waits.remove(peer);
        self.marked.remove(peer);
    }

    /// Orders and filters again, keeping the selection by id: when its row is gone, the next one below is taken.
    pub fn arrange(&mut self, names: &Names, me: &str) {
        let old = self.selected_index();
        let mut shown: Vec<&Conversation> =
            self.entries.values().filter(|c| self.filter.is_empty() || self.matches(c, names, &self.filter)).collect();
        match self.sort {
            Sort::Recent => shown.sort_by_cached_key(|c| (Reverse(active(c)), c.peer.clone())),
            Sort::Unread => shown.sort_by_cached_key(|c| (Reverse(c.unread), Reverse(active(c)), c.peer.clone())),
            Sort::Name => shown.sort_by_cached_key(|c| (fold::fold(&shown_name(&c.peer, names)), c.peer.clone())),
            Sort::Waiting => shown.sort_by_cached_key(|c| {
                let wait = self.wait(&c.peer, me);
                (wait.is_none(), wait.map(|w| w.since), Reverse(active(c)), c.peer.clone())
            }),
        }
        if self.reversed {
            shown.reverse();
        }
        shown.sort_by_key(|c| !c.pinned);
        self.shown = shown.into_iter().map(|c| c.peer.clone()).collect();
        if self.selected_index().is_none() {
            let next = old.unwrap_or(0).min(self.shown.len().saturating_sub(1));
            self.selected = self.shown.get(next).cloned();
        }
    }

    /// Whether an entry holds the folded words in its name, id or last line.
    #[must_use]
    pub fn matches(&self, conversation: &Conversation, names: &Names, folded: &str) -> bool {
        let name = shown_name(&conversation.peer, names);
        let last = conversation.last.as_deref().map(super::words::one_line).unwrap_or_default();
        [name.as_str(), conversation.peer.id(), last.as_str()].iter().any(|text| fold::fold(text).contains(folded))
    }

    /// The first visible entry with which the selected one stands within `visible` entries from the top.
    #[must_use]
    pub fn top_for_selected(&self, visible: usize) -> usize {
        let visible = visible.max(1);
        let index = self.selected_index().unwrap_or(0);
        let top = self.top.clamp((index + 1).saturating_sub(visible), index);
        top.min(self.shown.len().saturating_sub(visible))
    }
}

/// Time of the latest message, for order; entries without one come last.
fn active(conversation: &Conversation) -> ServerTime {
    conversation.last.as_ref().map(|m| m.time).or(conversation.pinned_at).unwrap_or_default()
}

/// Nickname or group name, else the id.
#[must_use]
pub fn shown_name(peer: &Peer, names: &Names) -> String {
    names.of(peer).unwrap_or_else(|| peer.id().to_owned())
}

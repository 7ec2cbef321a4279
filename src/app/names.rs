//! Names of people and groups, as far as they are known.

use std::collections::{HashMap, HashSet};

use crate::domain::{ChatType, Group, Peer, Profile};
use crate::text;

/// What is known, and what has been asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    users: HashMap<String, Profile>,
    groups: HashMap<String, Group>,
    asked: HashSet<Peer>,
}

impl Names {
    /// Everything may be asked for again.
    pub fn forget_asked(&mut self) {
        self.asked.clear();
    }

    /// Adds what the server told.
    pub fn learn(&mut self, users: HashMap<String, Profile>, groups: HashMap<String, Group>) {
        self.users.extend(users);
        self.groups.extend(groups);
    }

    /// Those of `peers` nobody asked for yet, at most `limit`.
    #[must_use]
    pub fn unasked<'a>(&self, peers: impl Iterator<Item = &'a Peer>, limit: usize) -> Vec<Peer> {
        peers.filter(|p| p.chat_type != ChatType::Room && !self.asked.contains(*p)).take(limit).cloned().collect()
    }

    /// They count as asked from now on, even when no answer comes: ids stand for names, and `R` asks again.
    pub fn ask(&mut self, peers: impl IntoIterator<Item = Peer>) {
        self.asked.extend(peers);
    }

    /// A user's nickname, sanitized; `None` when unset, blank or unknown.
    #[must_use]
    pub fn nickname(&self, user: &str) -> Option<String> {
        self.users.get(user).and_then(|p| shown(&p.nickname))
    }

    /// A peer's nickname or group name, sanitized; `None` when the id is all there is.
    #[must_use]
    pub fn of(&self, peer: &Peer) -> Option<String> {
        match peer.chat_type {
            ChatType::Single => self.nickname(peer.id()),
            ChatType::Group | ChatType::Room => self.groups.get(peer.id()).and_then(|g| shown(&g.name)),
        }
    }

    /// How many members a group has, where the server told.
    #[must_use]
    pub fn members(&self, group: &str) -> Option<u64> {
        self.groups.get(group).and_then(|g| g.members)
    }
}

/// Bytes of a name that are shown; it is made harmless anew wherever it stands, in every frame.
const LONGEST: usize = 512;

fn shown(name: &str) -> Option<String> {
    let (cut, rest) = name.split_at(name.floor_char_boundary(LONGEST));
    let blank = cut.chars().all(char::is_whitespace);
    (!blank).then(|| text::label(cut).text + if rest.is_empty() { "" } else { "…" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_name_is_cut_and_says_so() {
        let name = shown(&"漫".repeat(1 << 20)).expect("a name");
        assert!(name.len() < 2 * LONGEST && name.ends_with('…'));
        assert_eq!(shown("王小明").as_deref(), Some("王小明"));
        assert_eq!(shown(" \t "), None);
    }
}

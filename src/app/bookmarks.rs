//! Bookmarks, and where the last jump began.

use std::collections::BTreeMap;

use super::timeline::RowKey;
use super::viewport::Anchor;
use crate::domain::{Bookmark, Letter, MessageId, Peer};

/// Where somebody stood in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// In which conversation.
    pub peer: Peer,
    /// The message under the cursor.
    pub key: RowKey,
    /// Where the screen stood.
    pub anchor: Anchor,
}

impl Place {
    /// Whether it is the same message, wherever on the screen.
    #[must_use]
    pub fn is_at(&self, other: Option<&Self>) -> bool {
        other.is_some_and(|other| self.peer == other.peer && self.key == other.key)
    }
}

/// All bookmarks of the account, by letter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bookmarks {
    set: BTreeMap<Letter, Bookmark>,
    /// Where the last jump began.
    pub back: Option<Place>,
    /// Where a jump began that has not arrived yet.
    pub(super) leaves: Option<Place>,
    /// Taken out, and the archive has not been told.
    lost: Vec<Letter>,
}

impl Bookmarks {
    /// What an archive has; a letter that was set meanwhile stays.
    pub fn learn(&mut self, kept: Vec<Bookmark>) {
        for bookmark in kept {
            self.set.entry(bookmark.letter).or_insert(bookmark);
        }
    }

    /// Sets one; gives the one before it.
    pub fn set(&mut self, bookmark: Bookmark) -> Option<Bookmark> {
        self.set.insert(bookmark.letter, bookmark)
    }

    /// The one of a letter.
    #[must_use]
    pub fn get(&self, letter: Letter) -> Option<&Bookmark> {
        self.set.get(&letter)
    }

    /// All of them, by letter.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Bookmark> {
        self.set.values()
    }

    /// Those of one message.
    pub fn of(&self, peer: &Peer, id: MessageId) -> impl Iterator<Item = &Bookmark> {
        self.set.values().filter(move |bookmark| bookmark.peer == *peer && bookmark.id == id)
    }

    /// Takes those out whose messages the server does not have; the archive is to be told.
    pub(super) fn lose(&mut self, letters: &[Letter]) {
        self.set.retain(|letter, _| !letters.contains(letter));
        self.lost.extend_from_slice(letters);
    }

    /// What the archive is to be told.
    pub(super) fn take_lost(&mut self) -> Vec<Letter> {
        std::mem::take(&mut self.lost)
    }

    /// Takes those out whose messages were deleted, as the archive does by itself.
    pub fn forget(&mut self, gone: impl Fn(&Bookmark) -> bool) {
        self.set.retain(|_, bookmark| !gone(bookmark));
    }
}

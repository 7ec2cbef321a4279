//! Bookmarks are kept in the archive of whoever is signed in, or was last; where there is none, in memory only.

use super::Runtime;
use crate::app::{Answer, Msg, RequestId};
use crate::domain::{Bookmark, Letter};

impl Runtime {
    pub(super) fn load_bookmarks(&mut self, id: RequestId) {
        let (archive, out) = (self.archive(), self.out.clone());
        self.spawn(id, async move {
            let found = match archive {
                Some(archive) => archive.bookmarks().await,
                None => Ok(Vec::new()),
            };
            let msg =
                found.map_or_else(|failure| Msg::Failed(id, failure), |all| Msg::Done(id, Answer::Bookmarks(all)));
            _ = out.send(msg);
        });
    }

    pub(super) fn keep_bookmark(&mut self, id: RequestId, letter: Letter, bookmark: Option<Bookmark>) {
        let (archive, out) = (self.archive(), self.out.clone());
        self.spawn(id, async move {
            let kept = match archive {
                Some(archive) => archive.keep_bookmark(letter, bookmark).await.map(|()| true),
                None => Ok(false),
            };
            let msg =
                kept.map_or_else(|failure| Msg::Failed(id, failure), |kept| Msg::Done(id, Answer::BookmarkKept(kept)));
            _ = out.send(msg);
        });
    }
}

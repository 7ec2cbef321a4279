//! Bookmarks of the archive.

use super::Archive;
use super::archive::broken_off;
use crate::domain::{Bookmark, Failure, Letter};

impl Archive {
    /// All bookmarks; read at once, for the first picture.
    #[must_use]
    pub fn bookmarks_now(&self) -> Vec<Bookmark> {
        self.said(self.store.bookmarks()).unwrap_or_default()
    }

    /// All bookmarks, by letter.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn bookmarks(&self) -> Result<Vec<Bookmark>, Failure> {
        let store = self.store.clone();
        Ok(self.blocking(move || store.bookmarks()).await.ok_or_else(broken_off)??)
    }

    /// Keeps the bookmark of a letter, or takes it out.
    ///
    /// # Errors
    /// What the archive says; then nothing changed.
    pub async fn keep_bookmark(&self, letter: Letter, bookmark: Option<Bookmark>) -> Result<(), Failure> {
        let store = self.store.clone();
        let work = move || match bookmark {
            Some(bookmark) => store.keep_bookmark(&bookmark),
            None => store.drop_bookmark(letter),
        };
        Ok(self.blocking(work).await.ok_or_else(broken_off)??)
    }
}

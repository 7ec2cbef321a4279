//! A file that belongs to a message and is at hand.

use crate::client::file_id;
use crate::domain::{Body, Message, Peer, ServerTime};
use crate::engine::{Archive, KeptFile, ShelfError, WantedFile};
use crate::export::Saved;

/// Larger pictures are not shown in a page, so they are not read for it.
const LARGEST_PICTURE: u64 = 512 * 1024;

/// A file that is at hand.
pub struct AtHand {
    path: String,
    sha256: String,
    bytes: u64,
    picture: Option<Vec<u8>>,
}

impl AtHand {
    /// A file that was found. `path` from the export's folder, or nothing; `as_picture`: a page shows it where it is small.
    #[must_use]
    pub fn new(found: KeptFile, path: String, as_picture: bool) -> Self {
        let is_shown = as_picture && found.bytes <= LARGEST_PICTURE;
        let picture = if is_shown { std::fs::read(&found.at).ok() } else { None };
        Self { path, sha256: found.sha256, bytes: found.bytes, picture }
    }

    /// As an export says it.
    #[must_use]
    pub fn saved(&self) -> Saved<'_> {
        let Self { path, sha256, bytes, picture } = self;
        Saved { path_in_folder: path, sha256, bytes: *bytes, picture: picture.as_deref() }
    }
}

/// The picture of a message that lies beside the archive, for a page; no server is asked for it.
///
/// # Errors
/// [`ShelfError`].
pub fn picture(
    archive: &Archive,
    peer: &Peer,
    message: &Message,
    now: ServerTime,
) -> Result<Option<AtHand>, ShelfError> {
    if !matches!(message.body, Body::Image { .. }) {
        return Ok(None);
    }
    let Some(file) = message.body.file().and_then(file_id) else { return Ok(None) };
    let found = archive.shelf().file(&WantedFile { file, peer, message, now })?;
    Ok(found.map(|found| AtHand::new(found, String::new(), true)))
}

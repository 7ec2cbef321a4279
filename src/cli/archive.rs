//! What the command line says of the archive on this disk.

use super::Context;
use super::output::{Mode, note};
use crate::engine::Archive;

/// Says where an archive lies that was damaged and had to be put aside; gives the path for programs.
pub(super) fn tell_put_aside(context: &Context, archive: &Archive) -> Option<String> {
    let path = archive.put_aside()?.display().to_string();
    if context.mode() == Mode::Plain {
        note(&context.global, &context.texts.tr("archive-put-aside", &[("path", path.as_str().into())]));
    }
    Some(path)
}

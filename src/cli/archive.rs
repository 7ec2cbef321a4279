//! What the command line says of the archive on this disk.

use super::Context;
use super::output::{Mode, note};
use crate::engine::Archive;
use crate::report::{Face, Report};

/// Says what went wrong with the archive and was not told yet. A verb that failed has said why (`is_done`).
pub(super) fn tell(context: &Context, archive: &Archive, is_done: bool) {
    _ = tell_put_aside(context, archive);
    if let Some(trouble) = archive.trouble().filter(|_| is_done && context.mode() == Mode::Plain) {
        let why = Report::facing(Face::CommandLine, &trouble, archive.owner().user.as_str(), &context.texts).headline;
        note(&context.global, &context.texts.tr("status-not-kept", &[("why", why.into())]));
    }
}

/// Says where an archive lies that was damaged and had to be put aside; gives the path for programs.
pub(super) fn tell_put_aside(context: &Context, archive: &Archive) -> Option<String> {
    let path = archive.put_aside()?.display().to_string();
    if context.mode() == Mode::Plain {
        note(&context.global, &context.texts.tr("archive-put-aside", &[("path", path.as_str().into())]));
    }
    Some(path)
}

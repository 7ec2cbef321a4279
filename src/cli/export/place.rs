//! Where an export is written to, and what it goes on with.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::Context;
use crate::cli::archive_args::ExportArgs;
use crate::cli::output::{Trouble, note};
use crate::domain::{Message, MessageId, Peer};
use crate::engine::export::{Job, OnLeft, Part, reason};
use crate::export::{self, Before, BeforeError, Scope};
use crate::report::exit;

/// Where an export is written to.
pub(super) enum Begun<'a> {
    /// What is no file is written to as it is.
    Device(PathBuf),
    /// A new file.
    New(Part<'a>),
    /// A file that has the beginning already.
    GoesOn(Part<'a>, Box<Before>),
    /// A file that takes the place of an earlier export.
    Renews(Part<'a>, Box<Old>),
}

/// An export that is there already.
pub(super) struct Old {
    file: File,
    before: Before,
}

impl Begun<'_> {
    /// What it goes on with.
    pub(super) fn before(&self) -> Option<&Before> {
        match self {
            Self::GoesOn(_, before) => Some(before),
            Self::Renews(_, old) => Some(&old.before),
            Self::Device(_) | Self::New(_) => None,
        }
    }
}

/// Says where a file stays that can be gone on with.
fn on_left(context: &Context) -> OnLeft<'_> {
    Box::new(|path| {
        let args = [("path", path.display().to_string().into())];
        note(&context.global, &context.texts.tr("export-broken-off", &args));
    })
}

/// Where the export named by `args` is written to. A link keeps pointing where it does. `stays`: what breaks off can be
/// gone on with.
pub(super) fn place<'a>(context: &'a Context, args: &ExportArgs, stays: bool) -> Result<Begun<'a>, Trouble> {
    let unwritable = |error: io::Error| unwritable(context, &args.output, &error);
    let target = fs::canonicalize(&args.output).unwrap_or_else(|_| args.output.clone());
    if target.exists() && !target.is_file() {
        return Ok(Begun::Device(target));
    }
    if args.update {
        return update(context, args, &target, stays);
    }
    if target.exists() && !args.force {
        return Err(context.refuse("export-there", &[("path", args.output.display().to_string().into())]));
    }
    let left = if stays { Part::left(&target, on_left(context)) } else { None };
    match left {
        Some(part) if args.resume => {
            let before = Before::read(BufReader::new(part.reader())).map_err(|e| unusable(context, part.path(), &e))?;
            part.reader().set_len(before.length).map_err(unwritable)?;
            part.reader().seek(SeekFrom::End(0)).map_err(unwritable)?;
            Ok(Begun::GoesOn(part, Box::new(before)))
        }
        left => {
            if let Some(part) = left {
                let args = [("path", part.path().display().to_string().into())];
                note(&context.global, &context.texts.tr("export-left", &args));
                part.leave();
            }
            Part::new(&target, stays, on_left(context)).map(Begun::New).map_err(unwritable)
        }
    }
}

/// Beside what is there: until the new one is whole, that stays as it is.
fn update<'a>(context: &'a Context, args: &ExportArgs, target: &Path, stays: bool) -> Result<Begun<'a>, Trouble> {
    let unwritable = |error: io::Error| unwritable(context, &args.output, &error);
    let file = File::open(target).map_err(unwritable)?;
    let before = Before::read(BufReader::new(&file)).map_err(|error| unusable(context, &args.output, &error))?;
    let mut part = Part::new(target, stays, on_left(context)).map_err(unwritable)?;
    // What was there is safe where it is.
    part.stays_not();
    Ok(Begun::Renews(part, Box::new(Old { file, before })))
}

/// Copies what is there, edited messages as they are now; gives what the copy holds and how many of them there were.
pub(super) fn renew(
    context: &Context,
    path: &Path,
    part: &Part<'_>,
    old: &Old,
    job: &Job<'_>,
    now: impl FnMut(&Peer, MessageId) -> Option<Message>,
) -> Result<(Box<Before>, u64), Trouble> {
    let unwritable = |error: io::Error| unwritable(context, path, &error);
    let mut from = &old.file;
    from.rewind().map_err(unwritable)?;
    let mut to = BufWriter::with_capacity(1 << 16, part.reader());
    let lines = BufReader::new(from.take(old.before.length));
    let changed = export::renew(lines, &mut to, job.options.clone(), job.scope.clone(), now).map_err(unwritable)?;
    to.flush().map_err(unwritable)?;
    drop(to);
    if changed == 0 {
        return Ok((Box::new(old.before.clone()), 0));
    }
    part.reader().rewind().map_err(unwritable)?;
    let mut before = Before::read(BufReader::new(part.reader())).map_err(|error| unusable(context, path, &error))?;
    before.remember(&old.before);
    part.reader().seek(SeekFrom::End(0)).map_err(unwritable)?;
    Ok((Box::new(before), changed))
}

/// Refuses what is no export of this account.
pub(super) fn check(context: &Context, path: &Path, before: &Before, scope: &Scope) -> Result<(), Trouble> {
    let header = &before.header;
    let same = header.account == scope.account.as_str()
        && header.app_key.as_ref() == Some(&scope.app_key)
        && header.api.trim_end_matches('/') == scope.api.trim_end_matches('/');
    if same {
        return Ok(());
    }
    let args = [("path", path.display().to_string().into()), ("account", header.account.clone().into())];
    Err(Trouble::Said(context.texts.tr("export-other", &args), exit::IDENTITY))
}

fn unusable(context: &Context, path: &Path, error: &BeforeError) -> Trouble {
    let why = match error {
        BeforeError::Io(error) => context.texts.tr("import-why-io", &[("why", error.to_string().into())]),
        BeforeError::Header => context.texts.t("export-why-header"),
        BeforeError::Line(line) => context.texts.tr("export-why-line", &[("line", line.to_string().into())]),
    };
    let args = [("path", path.display().to_string().into()), ("why", why.into())];
    Trouble::Said(context.texts.tr("export-unusable", &args), exit::OTHER)
}

/// Says what went wrong with the file that was asked for, whatever the one beside it is called.
pub(super) fn unwritable(context: &Context, path: &Path, error: &io::Error) -> Trouble {
    let path = ("path", path.display().to_string().into());
    if error.kind() == io::ErrorKind::AlreadyExists {
        return context.refuse("export-there", &[path]);
    }
    Trouble::Said(context.texts.tr("export-exists", &[path, ("why", reason(error).into())]), exit::OTHER)
}

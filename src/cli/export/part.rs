//! The file beside an export that is on its way, and what it goes on with.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::OFlags;
use tempfile::TempPath;

use crate::cli::Context;
use crate::cli::archive_args::ExportArgs;
use crate::cli::output::{Trouble, note};
use crate::export::{Before, BeforeError, Scope};
use crate::report::exit;

const ENDING: &str = ".part";

/// Where an export is written to.
pub(super) enum Begun<'a> {
    /// What is no file is written to as it is.
    Device(PathBuf),
    /// A new file.
    New(Part<'a>),
    /// A file that has the beginning already.
    GoesOn(Part<'a>, Box<Before>),
}

impl Begun<'_> {
    /// What it goes on with.
    pub(super) const fn before(&self) -> Option<&Before> {
        match self {
            Self::GoesOn(_, before) => Some(before),
            Self::Device(_) | Self::New(_) => None,
        }
    }
}

/// A file beside the target that only its owner can read. Unless it is finished it goes; where it can be gone on with,
/// it stays, and that is told.
pub(super) struct Part<'a> {
    context: &'a Context,
    file: File,
    path: PathBuf,
    target: PathBuf,
    stays: bool,
    is_finished: bool,
}

impl<'a> Part<'a> {
    fn new(context: &'a Context, target: &Path, stays: bool) -> io::Result<Self> {
        let part = tempfile::Builder::new().prefix(&prefix(target)).suffix(ENDING).tempfile_in(folder(target))?;
        let (file, path) = part.keep().map_err(|kept| kept.error)?;
        let part = Self { context, file, path, target: target.to_owned(), stays, is_finished: false };
        part.file.try_lock().map_err(io::Error::from)?;
        Ok(part)
    }

    /// The latest one that an export of `target` left when it broke off; none that another process still writes.
    fn left(context: &'a Context, target: &Path) -> Option<Self> {
        let mut found: Vec<(SystemTime, PathBuf)> = fs::read_dir(folder(target))
            .ok()?
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let is_ours = name.starts_with(&*prefix(target).to_string_lossy()) && name.ends_with(ENDING);
                let found = entry.metadata().ok().filter(|found| is_ours && found.is_file())?;
                let is_mine = found.uid() == rustix::process::geteuid().as_raw();
                is_mine.then_some((found.modified().ok()?, entry.path()))
            })
            .collect();
        found.sort();
        found.into_iter().rev().find_map(|(_, path)| {
            let mut options = OpenOptions::new();
            options.read(true).write(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
            let file = options.open(&path).ok()?;
            file.try_lock().ok()?;
            Some(Self { context, file, path, target: target.to_owned(), stays: true, is_finished: false })
        })
    }

    /// To write to.
    pub(super) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Gives it the target's name; in place of a file that is there only where that was asked for.
    pub(super) fn finish(mut self, replaces: bool) -> io::Result<()> {
        self.file.sync_all()?;
        if replaces {
            fs::rename(&self.path, &self.target)?;
        } else {
            let path = TempPath::try_from_path(self.path.clone())?;
            path.persist_noclobber(&self.target).map_err(|failed| {
                // Its own end would remove it.
                _ = failed.path.keep();
                failed.error
            })?;
        }
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if self.is_finished {
            return;
        }
        if self.stays && self.file.metadata().is_ok_and(|found| found.len() > 0) {
            let args = [("path", self.path.display().to_string().into())];
            note(&self.context.global, &self.context.texts.tr("export-broken-off", &args));
        } else {
            _ = fs::remove_file(&self.path);
        }
    }
}

fn prefix(target: &Path) -> std::ffi::OsString {
    let mut prefix = target.file_name().unwrap_or_default().to_owned();
    prefix.push(".");
    prefix
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
    let left = if stays { Part::left(context, &target) } else { None };
    match left {
        Some(part) if args.resume => {
            let before = Before::read(BufReader::new(&part.file)).map_err(|e| unusable(context, &part.path, &e))?;
            part.file.set_len(before.length).map_err(unwritable)?;
            (&part.file).seek(SeekFrom::End(0)).map_err(unwritable)?;
            Ok(Begun::GoesOn(part, Box::new(before)))
        }
        left => {
            if let Some(mut part) = left {
                let args = [("path", part.path.display().to_string().into())];
                note(&context.global, &context.texts.tr("export-left", &args));
                // It is neither removed nor told again.
                part.is_finished = true;
            }
            Part::new(context, &target, stays).map(Begun::New).map_err(unwritable)
        }
    }
}

/// A copy of what is there, to which what is new is added: until that is whole the file stays as it is.
fn update<'a>(context: &'a Context, args: &ExportArgs, target: &Path, stays: bool) -> Result<Begun<'a>, Trouble> {
    let unwritable = |error: io::Error| unwritable(context, &args.output, &error);
    let mut old = File::open(target).map_err(unwritable)?;
    let before = Before::read(BufReader::new(&old)).map_err(|error| unusable(context, &args.output, &error))?;
    old.rewind().map_err(unwritable)?;
    let mut part = Part::new(context, target, stays).map_err(unwritable)?;
    // What was there is safe where it is.
    part.stays = false;
    io::copy(&mut old.take(before.length), &mut part.file).map_err(unwritable)?;
    Ok(Begun::GoesOn(part, Box::new(before)))
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
    // Some errors name the file beside it in brackets.
    let why =
        error.raw_os_error().map_or_else(|| error.to_string(), |code| io::Error::from_raw_os_error(code).to_string());
    let why = why.split(" at path ").next().unwrap_or_default().to_owned();
    Trouble::Said(context.texts.tr("export-exists", &[path, ("why", why.into())]), exit::OTHER)
}

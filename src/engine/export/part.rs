//! The file beside an export that is on its way. What bears the name asked for is a finished one.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::OFlags;
use tempfile::TempPath;

const ENDING: &str = ".part";

/// Is told where a file stays that can be gone on with.
pub type OnLeft<'a> = Box<dyn Fn(&Path) + Send + Sync + 'a>;

/// A file beside the target that only its owner can read. Unless it is finished it goes; where it can be gone on with,
/// it stays, and that is told.
pub struct Part<'a> {
    file: File,
    path: PathBuf,
    target: PathBuf,
    stays: bool,
    is_finished: bool,
    on_left: OnLeft<'a>,
}

impl<'a> Part<'a> {
    /// An empty one. `stays`: what breaks off can be gone on with.
    ///
    /// # Errors
    /// The disk's.
    pub fn new(target: &Path, stays: bool, on_left: OnLeft<'a>) -> io::Result<Self> {
        let part = tempfile::Builder::new().prefix(&prefix(target)).suffix(ENDING).tempfile_in(folder(target))?;
        let (file, path) = part.keep().map_err(|kept| kept.error)?;
        let part = Self { file, path, target: target.to_owned(), stays, is_finished: false, on_left };
        part.file.try_lock().map_err(io::Error::from)?;
        Ok(part)
    }

    /// The latest one that an export of `target` left when it broke off; none that another process still writes.
    #[must_use]
    pub fn left(target: &Path, on_left: OnLeft<'a>) -> Option<Self> {
        let mut found: Vec<(SystemTime, PathBuf)> = fs::read_dir(folder(target))
            .ok()?
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                // The export of a longer name begins alike.
                let middle = name.strip_prefix(&*prefix(target).to_string_lossy()).and_then(|n| n.strip_suffix(ENDING));
                let is_ours = middle.is_some_and(|middle| !middle.contains('.'));
                let found = entry.metadata().ok().filter(|found| is_ours && found.is_file())?;
                let is_mine = found.uid() == rustix::process::geteuid().as_raw();
                is_mine.then_some((found.modified().ok()?, entry.path()))
            })
            .collect();
        found.sort();
        found
            .into_iter()
            .rev()
            .find_map(|(_, path)| {
                let mut options = OpenOptions::new();
                options.read(true).write(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
                let file = options.open(&path).ok()?;
                file.try_lock().ok()?;
                Some((file, path))
            })
            .map(|(file, path)| Self {
                file,
                path,
                target: target.to_owned(),
                stays: true,
                is_finished: false,
                on_left,
            })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// To read from.
    #[must_use]
    pub const fn reader(&self) -> &File {
        &self.file
    }

    /// To write to.
    ///
    /// # Errors
    /// The system's.
    pub fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// What it holds is safe elsewhere: when it breaks off it goes.
    pub const fn stays_not(&mut self) {
        self.stays = false;
    }

    /// Leaves it as it is, and says nothing.
    pub fn leave(mut self) {
        self.is_finished = true;
    }

    /// Gives it the target's name; in place of a file that is there only where that was asked for.
    ///
    /// # Errors
    /// `AlreadyExists` where a file is there; else the disk's.
    pub fn finish(mut self, replaces: bool) -> io::Result<()> {
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
            (self.on_left)(&self.path);
        } else {
            _ = fs::remove_file(&self.path);
        }
    }
}

fn prefix(target: &Path) -> OsString {
    let mut prefix = target.file_name().unwrap_or_default().to_owned();
    prefix.push(".");
    prefix
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The system's reason in its own words. Some errors name the file beside the target in brackets.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let why =
        error.raw_os_error().map_or_else(|| error.to_string(), |code| io::Error::from_raw_os_error(code).to_string());
    why.split(" at path ").next().unwrap_or_default().to_owned()
}

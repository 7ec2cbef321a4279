//! `open`: files read into an archive of their own that lives as long as the screen does. No account is touched.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Context;
use super::folder::OwnFolder;
use super::intake::{Broken, Count, Intake, Source, why};
use super::output::{Trouble, note};
use super::progress::Progress;
use crate::domain::{AppKey, UserId};
use crate::engine::Archive;
use crate::export::{Header, ReadError};
use crate::report::exit;

/// How long what is read when the program is to end is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// What files hold, ready to be looked at.
pub struct Opened {
    /// Nothing but what the files hold.
    pub archive: Archive,
    /// Where that lies; gone when this is dropped.
    pub folder: OwnFolder,
    /// What the files are called.
    pub name: String,
    /// Messages in them.
    pub messages: u64,
    /// Whose view it is; nothing where the files are an app's whole history.
    pub user: String,
}

/// Reads files into an archive of their own. Once `ends` is over, reading stops and everything is removed.
///
/// # Errors
/// A file cannot be read, holds nothing that is read back, or is of another account than the one before it.
pub async fn open(context: &Context, files: &[PathBuf], ends: impl Future<Output = u8>) -> Result<Opened, Trouble> {
    let (mut first, mut header) = (None, None);
    for path in files {
        let source = Source::open(context, path)?;
        header = header.or_else(|| source.header());
        // A pipe can be opened only once.
        first.get_or_insert(source);
    }
    let given = header.as_ref().and_then(|header| header.account.parse::<UserId>().ok());
    let user = given.or_else(|| context.global.user.clone());
    let app = app_of(context, header.as_ref())?;
    let no_folder = |e: std::io::Error| {
        let place = std::env::temp_dir().display().to_string();
        let args = [("path", place.into()), ("why", e.to_string().into())];
        Trouble::Said(context.texts.tr("open-no-folder", &args), exit::OTHER)
    };
    let folder = OwnFolder::of_file(&std::env::temp_dir()).map_err(no_folder)?;
    let api = header.map(|header| header.api).unwrap_or_default();
    let owner = user.clone().map_or_else(|| "nobody".parse(), Ok);
    let owner: UserId = owner.map_err(|e: crate::domain::GrammarError| Trouble::Said(e.to_string(), exit::OTHER))?;
    let archive = Archive::at(folder.path(), api, app.clone(), owner);
    let stop = AtomicBool::new(false);
    let intake = Intake {
        archive: &archive,
        user: user.as_ref(),
        app: &app,
        clock: &*context.clock,
        with_names: true,
        stop: &stop,
    };
    let messages = until(context, read(context, &intake, files, first), &stop, ends).await?;
    let user = user.map(|user| user.to_string()).unwrap_or_default();
    Ok(Opened { archive, folder, name: name(context, files), messages, user })
}

/// Reads until it is done, or `ends` is over; nothing is written any more then.
async fn until(
    context: &Context,
    reading: impl Future<Output = Result<u64, Trouble>>,
    stop: &AtomicBool,
    ends: impl Future<Output = u8>,
) -> Result<u64, Trouble> {
    tokio::pin!(reading, ends);
    tokio::select! {
        biased;
        code = &mut ends => {
            stop.store(true, Ordering::Release);
            // What is being written would come back into the folder; a pipe may never say anything more.
            _ = tokio::time::timeout(PATIENCE, reading).await;
            Err(Trouble::Said(context.texts.t("cli-interrupted"), code))
        }
        read = &mut reading => read,
    }
}

/// The app the files are of. Names in some of them cannot be read without it; where nothing names it, any one does.
fn app_of(context: &Context, header: Option<&Header>) -> Result<AppKey, Trouble> {
    let found = header.and_then(|header| header.app_key.clone()).or_else(|| context.global.app_key.clone());
    found.map_or_else(|| "file#file".parse().map_err(|e| Trouble::Said(format!("{e}"), exit::OTHER)), Ok)
}

/// One file after another; the first is open.
async fn read(
    context: &Context,
    intake: &Intake<'_>,
    files: &[PathBuf],
    mut first: Option<Source>,
) -> Result<u64, Trouble> {
    let mut messages = 0;
    for path in files {
        let source = first.take().map_or_else(|| Source::open(context, path), Ok)?;
        let count = one(context, intake, path, source).await?;
        messages += count.messages as u64;
        if !count.cut && count.unusable == 0 {
            let sealed = intake.archive.seal(count.whole.into_iter().collect()).await;
            sealed.map_err(|failure| Trouble::failed(failure, String::new()))?;
        }
        if count.messages == 0 && count.unusable > 0 {
            let args = [("path", path.display().to_string().into())];
            return Err(Trouble::Said(context.texts.tr("open-nothing", &args), exit::OTHER));
        }
    }
    Ok(messages)
}

async fn one(context: &Context, intake: &Intake<'_>, path: &Path, source: Source) -> Result<Count, Trouble> {
    let named = || ("path", path.display().to_string().into());
    let (mut lines, mut progress) = (Vec::new(), Progress::new(context));
    let what = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let told = |error: &ReadError| {
        let args = [named(), ("line", error.line.to_string().into()), ("why", why(context, &error.kind).into())];
        lines.push(context.texts.tr("import-line", &args));
    };
    let count = intake.read(source, told, |n| progress.show("import-progress", &what, n as u64)).await;
    drop(progress);
    lines.iter().for_each(|line| note(&context.global, line));
    let count = count.map_err(|broken| match broken {
        Broken::Foreign(account) => context.refuse("open-foreign", &[named(), ("account", account.into())]),
        Broken::Archive(failure) => Trouble::failed(failure, String::new()),
        Broken::Stopped => Trouble::Said(context.texts.t("cli-interrupted"), exit::INTERRUPTED),
    })?;
    if count.cut {
        note(&context.global, &context.texts.tr("import-cut", &[named()]));
    }
    Ok(count)
}

/// The file's name, with how many more there are.
fn name(context: &Context, files: &[PathBuf]) -> String {
    let first = files.first().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy().into_owned();
    if files.len() < 2 {
        return first;
    }
    let args = [("name", first.into()), ("n", (files.len() - 1).to_string().into())];
    context.texts.tr("open-more", &args)
}

//! `sync`: conversations mirrored into the archive on this disk.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use jiff::fmt::strtime;
use serde_json::json;

use super::archive_args::SyncArgs;
use super::attachments::{self, Kept, Shelf};
use super::output::{Mode, Printer, Trouble, note};
use super::{Context, archive, session};
use crate::client::ListCall;
use crate::domain::{ConversationList, Failure, MessageId, Peer};
use crate::engine::{Archive, Engine, MirrorOptions, Outcome, Progress};
use crate::report::{Face, Report, exit};

/// How often the line of progress is drawn at most.
const REDRAW: Duration = Duration::from_millis(500);
/// How often the list is looked at at most: the service allows five a minute.
const SHORTEST_WATCH: Duration = Duration::from_secs(15);

/// Mirrors each conversation back to the server's end; prints one line for each as it ends.
pub(super) async fn sync(context: &Context, args: SyncArgs) -> Result<u8, Trouble> {
    let since = args.since.as_deref().map(|text| context.time(text)).transpose()?;
    let (engine, target) = session::open(context).await?;
    let user = engine.session().user.clone();
    let failed = |failure: Failure| Trouble::failed(failure, user.to_string());
    let Some(archive) = engine.archive().cloned() else {
        return Err(session::no_archive(context, &target.profile));
    };
    if let Some(rate) = args.rate {
        engine.client().limit_rate(f64::from(rate));
    }
    let list = engine.list(ListCall::Auto).await.map_err(failed)?;
    let peers = wanted(&args, &list);
    let header = json!({"schema": "manyou.sync/1", "profile": target.name, "user": user,
                        "scope": {"peers": peers.len(), "since": args.since}});
    let mut face = Shown {
        context,
        user: user.as_str(),
        printer: Printer::start(context.mode(), header)?,
        told: 0,
        only_moved: false,
        drawn: None,
    };
    let all = peers.len();
    let options = MirrorOptions { peers: Some(peers), since, at_once: usize::from(args.at_once), verify: args.verify };
    let done = run(&engine, &options, &mut face).await?;
    archive.index().await;
    let aside = archive::tell_put_aside(context, &archive);
    let is_part = args.peers.is_empty() && list.incomplete;
    let horizon = archive.horizon(None).await.map_err(failed)?;
    face.tell(&done, all, &horizon, is_part);
    let mut shelf = args.attachments.then(|| Shelf::beside(archive.path())).transpose()?;
    let kept = files(context, &engine, &archive, shelf.as_mut(), &options).await?;
    if args.watch {
        let first = Watched { list, done, shelf };
        return watch(context, &args, &engine, first, MirrorOptions { verify: false, ..options }, face).await;
    }
    let complete = done.is_complete() && kept.failed == 0 && !is_part;
    face.printer.end(json!({"count": all, "messages": horizon.messages, "new": done.new, "changed": done.changed,
                            "gone": done.gone, "files": kept.files, "expired": kept.expired,
                            "complete": complete, "put_aside": aside}))?;
    if let Some(trouble) = archive.trouble() {
        return Err(failed(trouble));
    }
    let why = done.stopped.clone().or_else(|| done.ended.iter().find_map(|ended| ended.failure.clone()));
    match why {
        Some(failure) if done.complete() == 0 => Err(failed(failure)),
        _ if !complete => Ok(exit::PARTLY),
        _ => Ok(exit::DONE),
    }
}

/// Downloads files where they are wanted, and says what came of it.
async fn files(
    context: &Context,
    engine: &Engine,
    archive: &Archive,
    shelf: Option<&mut Shelf>,
    options: &MirrorOptions,
) -> Result<Kept, Trouble> {
    let Some(shelf) = shelf else { return Ok(Kept::default()) };
    let kept = attachments::keep(engine, archive, shelf, options).await?;
    kept.tell(context);
    Ok(kept)
}

/// What the last look at the server came to.
struct Watched {
    list: ConversationList,
    done: Progress,
    shelf: Option<Shelf>,
}

/// Goes on until interrupted: looks at the list, and mirrors what has changed in it and what is not complete yet.
async fn watch(
    context: &Context,
    args: &SyncArgs,
    engine: &Engine,
    last: Watched,
    mut options: MirrorOptions,
    mut face: Shown<'_>,
) -> Result<u8, Trouble> {
    let Watched { mut list, mut done, mut shelf } = last;
    let user = engine.session().user.to_string();
    let archive = engine.archive().cloned();
    let every = args.every.max(SHORTEST_WATCH);
    note(&context.global, &context.texts.tr("sync-watching", &[("seconds", every.as_secs().into())]));
    face.only_moved = true;
    loop {
        tokio::time::sleep(every).await;
        let seen = latest(&list);
        match engine.list(ListCall::Auto).await {
            Ok(new) => list = new,
            Err(failure) if failure.kind.is_passing() => continue,
            Err(failure) => return Err(Trouble::failed(failure, user)),
        }
        let now = latest(&list);
        let unfinished = done.ended.iter().filter(|ended| !ended.synced.complete).map(|ended| ended.peer.clone());
        let mut peers: Vec<Peer> = unfinished.chain(done.left.iter().cloned()).collect();
        for peer in wanted(args, &list) {
            if seen.get(&peer) != now.get(&peer) && !peers.contains(&peer) {
                peers.push(peer);
            }
        }
        options.peers = Some(peers);
        face.told = 0;
        done = run(engine, &options, &mut face).await?;
        let Some(archive) = &archive else { continue };
        archive.index().await;
        archive::tell_put_aside(context, archive);
        if let Some(trouble) = archive.trouble() {
            return Err(Trouble::failed(trouble, user));
        }
        files(context, engine, archive, shelf.as_mut(), &options).await?;
    }
}

/// The conversations that are meant.
fn wanted(args: &SyncArgs, list: &ConversationList) -> Vec<Peer> {
    if args.peers.is_empty() {
        return list.conversations.iter().map(|c| c.peer.clone()).collect();
    }
    args.peers.iter().map(|word| word.listed(&list.conversations)).collect()
}

/// The latest message of each conversation.
fn latest(list: &ConversationList) -> HashMap<Peer, Option<MessageId>> {
    list.conversations.iter().map(|c| (c.peer.clone(), c.last.as_ref().map(|last| last.id))).collect()
}

async fn run(engine: &Engine, options: &MirrorOptions, face: &mut Shown<'_>) -> Result<Progress, Trouble> {
    let mut broken = None;
    let progress = engine
        .mirror(options, |progress| {
            if let Err(error) = face.hear(progress) {
                broken.get_or_insert(error);
            }
        })
        .await;
    face.clear();
    match broken {
        Some(error) => Err(error.into()),
        None => progress.map_err(|failure| Trouble::failed(failure, face.user.to_owned())),
    }
}

/// What is printed while it runs.
struct Shown<'a> {
    context: &'a Context,
    user: &'a str,
    printer: Printer,
    /// Conversations that ended and were printed.
    told: usize,
    /// Conversations of which nothing is new are left out.
    only_moved: bool,
    /// When the line of progress was drawn last.
    drawn: Option<Duration>,
}

impl Shown<'_> {
    fn hear(&mut self, progress: &Progress) -> io::Result<()> {
        for ended in progress.ended.iter().skip(self.told) {
            let synced = &ended.synced;
            let moved = synced.new + synced.changed + synced.gone.len() as u64 > 0 || ended.failure.is_some();
            if moved || !self.only_moved {
                self.clear();
                self.print(ended)?;
            }
        }
        self.told = progress.ended.len();
        if io::stderr().is_terminal() && !self.context.global.quiet {
            let now = self.context.clock.elapsed();
            if self.drawn.is_none_or(|at| now.saturating_sub(at) >= REDRAW) {
                self.drawn = Some(now);
                // The caret stays at the first column, so that whatever is said meanwhile begins there.
                write!(io::stderr().lock(), "\x1b[K{}\r", crate::text::label(&self.line(progress)).text)?;
            }
        }
        Ok(())
    }

    fn clear(&mut self) {
        if self.drawn.take().is_some() {
            _ = write!(io::stderr().lock(), "\x1b[K");
        }
    }

    fn line(&self, progress: &Progress) -> String {
        let texts = &self.context.texts;
        let mut parts = vec![texts.tr(
            "sync-line",
            &[
                ("done", progress.ended.len().to_string().into()),
                ("all", progress.total.to_string().into()),
                ("n", progress.met.to_string().into()),
                ("new", progress.new.to_string().into()),
            ],
        )];
        match (progress.held(), progress.rate()) {
            (Some(held), _) => {
                let time = held.until.timestamp().map(|at| at.to_zoned(self.context.zone.clone()));
                let time = time.and_then(|at| strtime::format("%H:%M:%S", &at).ok()).unwrap_or_default();
                parts.push(texts.tr("sync-held", &[("n", held.waiting.to_string().into()), ("time", time.into())]));
            }
            (None, Some(rate)) => parts.push(texts.tr("sync-rate", &[("n", format!("{rate:.0}").into())])),
            (None, None) => {}
        }
        parts.join("  ")
    }

    fn print(&mut self, ended: &Outcome) -> io::Result<()> {
        let (texts, synced) = (&self.context.texts, &ended.synced);
        let why = ended.failure.as_ref().map(|f| Report::facing(Face::CommandLine, f, self.user, texts).headline);
        let record = || {
            json!({"peer": ended.peer.to_string(), "messages": synced.messages, "new": synced.new,
                   "changed": synced.changed, "gone": synced.gone.len(), "complete": synced.complete, "failure": why})
        };
        let word = match (&why, synced.complete) {
            (Some(why), _) => why.clone(),
            (None, true) => texts.t("sync-complete"),
            (None, false) => texts.t("sync-incomplete"),
        };
        self.printer.record(record, || format!("{:<24}  {:>8}  {word}", ended.peer.to_string(), synced.messages))?;
        self.printer.flush()
    }

    /// What it came to, for people.
    fn tell(&self, done: &Progress, all: usize, here: &crate::domain::Horizon, list_part: bool) {
        if self.context.mode() != Mode::Plain {
            return;
        }
        let (texts, global) = (&self.context.texts, &self.context.global);
        let args = [
            ("n", here.messages.to_string().into()),
            ("new", done.new.to_string().into()),
            ("changed", done.changed.to_string().into()),
            ("gone", done.gone.to_string().into()),
            ("done", done.complete().to_string().into()),
            ("all", all.to_string().into()),
        ];
        note(global, &texts.tr("sync-done", &args));
        if list_part {
            note(global, &texts.t("sync-list-part"));
        }
        if !done.left.is_empty() {
            note(global, &texts.tr("sync-stopped", &[("n", done.left.len().to_string().into())]));
        }
    }
}

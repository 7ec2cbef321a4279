//! `sync`: conversations mirrored into the archive on this disk.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::json;

use super::archive_args::SyncArgs;
use super::attachments::{self, Kept};
use super::mirrored::Shown;
use super::output::{Mode, Printer, Trouble, note};
use super::{Context, archive, session};
use crate::client::ListCall;
use crate::domain::{
    ConversationList, Direction, Failure, FailureKind, HistoryQuery, MessageId, PageEnd, Peer, Service,
};
use crate::engine::{Archive, Engine, MirrorOptions, Names, Progress};
use crate::report::exit;

/// How often the list is looked at at most: the service allows five a minute.
const SHORTEST_WATCH: Duration = Duration::from_secs(15);
const NO_LIST: FailureKind = FailureKind::ServiceNotEnabled(Service::ConversationList);
/// Names asked for at once.
const NAMES_BATCH: usize = 100;

/// Mirrors each conversation back to the server's end; prints one line for each as it ends.
pub(super) async fn sync(context: &Context, args: SyncArgs) -> Result<u8, Trouble> {
    if args.watch && context.mode() == Mode::Json {
        return Err(context.refuse("sync-watch-json", &[]));
    }
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
    let list = match engine.list(ListCall::Auto).await {
        Ok(list) => list,
        // Who is named needs no list.
        Err(failure) if !args.peers.is_empty() && failure.kind == NO_LIST => ConversationList::default(),
        Err(failure) => return Err(failed(failure)),
    };
    let peers = wanted(&args, &list);
    if let Some(nobody) = unknown(&engine, &archive, &list, &peers).await.map_err(failed)? {
        let args = [("peer", nobody.to_string().into())];
        return Err(Trouble::Said(context.texts.tr("sync-unknown-peer", &args), exit::OTHER));
    }
    let header = json!({"schema": "manyou.sync/1", "profile": target.name, "user": user,
                        "scope": {"peers": peers.len(), "since": args.since}});
    let mut lines = context.lines(&user);
    lines.names = names(&engine, &archive, &peers).await;
    let printer = Printer::start(context.mode(), header)?;
    let mut face = Shown { context, lines, printer, told: 0, only_moved: false, drawn: None };
    let options = MirrorOptions { peers: Some(peers), since, at_once: usize::from(args.at_once), verify: args.verify };
    let done = run(&engine, &options, &mut face).await?;
    archive.index().await;
    let aside = archive::tell_put_aside(context, &archive);
    let is_part = args.peers.is_empty() && list.incomplete;
    let horizon = archive.horizon(None).await.map_err(failed)?;
    face.tell(&done, &horizon, is_part);
    let kept = files(context, &args, &engine, &archive, &options).await?;
    if args.watch {
        face.round(&done)?;
        let first = Watched { list, done, left: kept.left };
        return watch(context, &args, &engine, first, MirrorOptions { verify: false, ..options }, face).await;
    }
    let complete = done.is_complete() && kept.failed == 0 && !is_part;
    face.printer.end(
        json!({"count": done.total, "messages": horizon.messages, "new": done.new, "changed": done.changed,
                            "gone": done.gone, "files": kept.files, "expired": kept.expired,
                            "complete": complete, "put_aside": aside}),
    )?;
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
    args: &SyncArgs,
    engine: &Engine,
    archive: &Archive,
    options: &MirrorOptions,
) -> Result<Kept, Trouble> {
    if !args.attachments {
        return Ok(Kept::default());
    }
    let kept = attachments::keep(context, engine, archive, options).await?;
    kept.tell(context);
    Ok(kept)
}

/// What the last look at the server came to.
struct Watched {
    list: ConversationList,
    done: Progress,
    /// Conversations of which not all files came.
    left: Vec<Peer>,
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
    let Watched { mut list, mut done, mut left } = last;
    let user = engine.session().user.to_string();
    let archive = engine.archive().cloned();
    let every = args.every.max(SHORTEST_WATCH);
    if every > args.every {
        let args = [("asked", args.every.as_secs().into()), ("seconds", every.as_secs().into())];
        note(&context.global, &context.texts.tr("sync-watch-slower", &args));
    }
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
        face.tell_stopped(&done);
        face.round(&done)?;
        let Some(archive) = &archive else { continue };
        archive.index().await;
        archive::tell_put_aside(context, archive);
        if let Some(trouble) = archive.trouble() {
            return Err(Trouble::failed(trouble, user));
        }
        // Of those whose files did not come, messages need not have changed.
        let mut with_files = options.clone();
        with_files.peers = Some(options.peers.iter().flatten().chain(&left).cloned().collect());
        left = files(context, args, engine, archive, &with_files).await?.left;
    }
}

/// The conversations that are meant.
fn wanted(args: &SyncArgs, list: &ConversationList) -> Vec<Peer> {
    if args.peers.is_empty() {
        return list.conversations.iter().map(|c| c.peer.clone()).collect();
    }
    let mut seen = HashSet::new();
    let listed = args.peers.iter().map(|word| word.listed(&list.conversations));
    listed.filter(|peer| seen.insert(peer.clone())).collect()
}

/// The first conversation of which nobody knows anything: not the list, not the server's history, not the archive.
async fn unknown<'a>(
    engine: &Engine,
    archive: &Archive,
    list: &ConversationList,
    peers: &'a [Peer],
) -> Result<Option<&'a Peer>, Failure> {
    let is_listed = |peer: &Peer| list.conversations.iter().any(|c| c.peer == *peer);
    for peer in peers.iter().filter(|peer| !is_listed(peer)) {
        if archive.horizon(Some(peer.clone())).await?.messages > 0 {
            continue;
        }
        // A failure is told of the conversation when it is mirrored.
        let page = engine.client().history(&HistoryQuery::new(peer.clone(), None, Direction::Up)).await;
        if page.is_ok_and(|page| page.messages.is_empty() && page.end == PageEnd::End) {
            return Ok(Some(peer));
        }
    }
    Ok(None)
}

/// Names of those that are mirrored: kept ones, and of those without one the server's. They are an ornament: without
/// them the ids do.
async fn names(engine: &Engine, archive: &Archive, peers: &[Peer]) -> Names {
    let (profiles, groups) = archive.names_now();
    let mut names = Names { profiles, groups };
    let is_known = |peer: &&Peer| names.profiles.contains_key(peer.id()) || names.groups.contains_key(peer.id());
    let unknown: Vec<Peer> = peers.iter().filter(|peer| !is_known(peer)).cloned().collect();
    for some in unknown.chunks(NAMES_BATCH) {
        match engine.names(some).await {
            Ok(found) => {
                names.profiles.extend(found.profiles);
                names.groups.extend(found.groups);
            }
            Err(_) => break,
        }
    }
    names
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
        None => progress.map_err(|failure| Trouble::failed(failure, face.lines.me.to_string())),
    }
}

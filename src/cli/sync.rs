//! `sync`: conversations mirrored into the archive on this disk.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::json;

use super::archive_args::SyncArgs;
use super::output::{Mode, Printer, Trouble, note};
use super::{Context, archive, session};
use crate::client::ListCall;
use crate::domain::{Failure, Peer};
use crate::engine::Synced;
use crate::report::{Face, Report, exit};

/// Mirrors each conversation back to the server's end; prints one line for each as it ends.
pub(super) async fn sync(context: &Context, args: SyncArgs) -> Result<u8, Trouble> {
    let since = args.since.as_deref().map(|text| context.time(text)).transpose()?;
    let (engine, target) = session::open(context).await?;
    let user = engine.session().user.clone();
    let failed = |failure: Failure| Trouble::failed(failure, user.to_string());
    let Some(archive) = engine.archive().cloned() else {
        return Err(Trouble::Said(context.texts.t("sync-no-archive"), exit::READ_ONLY));
    };
    let list = engine.list(ListCall::Auto).await.map_err(failed)?.conversations;
    let peers: Vec<Peer> = if args.peers.is_empty() {
        list.iter().map(|c| c.peer.clone()).collect()
    } else {
        args.peers.iter().map(|word| word.listed(&list)).collect()
    };
    let header = json!({"schema": "manyou.sync/1", "profile": target.name, "user": user,
                        "scope": {"peers": peers.len(), "since": args.since}});
    let mut printer = Printer::start(context.mode(), header)?;
    let engine = Arc::new(engine);
    let mut running = stream::iter(peers.clone())
        .map(|peer| {
            let engine = Arc::clone(&engine);
            async move {
                let outcome = engine.sync(&peer, since, |_| {}).await;
                (peer, outcome)
            }
        })
        .buffer_unordered(usize::from(args.at_once));
    let (mut messages, mut complete, mut worst) = (0, 0, None);
    while let Some((peer, outcome)) = running.next().await {
        let (synced, failure) = match outcome {
            Ok(synced) => (synced, None),
            Err(failure) => (Synced::default(), Some(failure)),
        };
        messages += synced.messages;
        complete += usize::from(synced.complete);
        let why =
            failure.as_ref().map(|f| Report::facing(Face::CommandLine, f, user.as_str(), &context.texts).headline);
        let record = || json!({"peer": peer.to_string(), "messages": synced.messages, "complete": synced.complete, "failure": why});
        let word = match (&why, synced.complete) {
            (Some(why), _) => why.clone(),
            (None, true) => context.texts.t("sync-complete"),
            (None, false) => context.texts.t("sync-incomplete"),
        };
        printer.record(record, || format!("{:<24}  {:>8}  {word}", peer.to_string(), synced.messages))?;
        printer.flush()?;
        worst = worst.or(failure);
    }
    drop(running);
    archive.index().await;
    let all = complete == peers.len();
    let aside = archive::tell_put_aside(context, &archive);
    printer.end(json!({"count": peers.len(), "messages": messages, "complete": all, "put_aside": aside}))?;
    if let Some(trouble) = archive.trouble() {
        return Err(failed(trouble));
    }
    if context.mode() == Mode::Plain {
        let args = [
            ("n", messages.to_string().into()),
            ("done", complete.to_string().into()),
            ("all", peers.len().to_string().into()),
        ];
        note(&context.global, &context.texts.tr("sync-done", &args));
    }
    match worst {
        Some(failure) if complete == 0 => Err(failed(failure)),
        _ if !all => Ok(exit::PARTLY),
        _ => Ok(exit::DONE),
    }
}

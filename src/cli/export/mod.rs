//! `export`: what the archive has, written into a file.

mod attached;
mod pick;
mod place;

use std::collections::HashSet;
use std::fs;
use std::io::{self, BufWriter, IsTerminal};
use std::path::Path;

use serde_json::json;

use self::attached::Attached;

use self::place::Begun;
use super::archive_args::ExportArgs;
use super::output::{Mode, Printer, Trouble, note};
use super::progress::Progress;
use super::{Context, session};
use crate::config::Profile;
use crate::domain::{Failure, Message, Peer};
use crate::engine::Archive;
use crate::engine::export::{Along, AtHand, Broken, Job};
use crate::export::{Before, Exporter, Format, Options, Saved, Scope, Totals};
use crate::report::exit;
use crate::runtime::labels;

/// Writes the conversations named, or all; the messages that a search finds, or those with these ids.
pub(super) async fn export(context: &Context, args: ExportArgs) -> Result<u8, Trouble> {
    let to_stdout = args.output == Path::new("-");
    let format = format_of(context, &args, to_stdout)?;
    let target = session::unconnected(context)?;
    let user = target.profile.user.clone();
    let archive = session::kept(context, &target.profile)?;
    let failed = |failure: Failure| Trouble::failed(failure, user.to_string());
    let mut kept = archive.peers().await.map_err(failed)?;
    let place =
        if to_stdout { None } else { Some(place::place(context, &args, format == Format::Ndjson && !args.no_raw)?) };
    let before = place.as_ref().and_then(Begun::before);
    if args.all {
        // Of these there is nothing yet, and the export says so.
        kept.extend(archive.unfetched().await.map_err(failed)?);
    }
    let peers = peers_of(context, &args, &kept, &archive, before)?;
    let picked = pick::pick(context, &args, &archive, &peers).await?;
    let lossless = matches!(format, Format::Ndjson | Format::Json) && !args.no_raw;
    let options = Options {
        zone: context.zone.clone(),
        bom: args.bom,
        raw_cells: args.raw_cells,
        lossless,
        labels: labels(&context.texts),
    };
    let what = pick::what(context, &args, &peers);
    let scope = scope(context, &target.profile, target.name.clone(), what);
    if let Some(before) = before {
        place::check(context, &args.output, before, &scope)?;
    }
    let mut attached = Attached::new(context, &args, &archive, format)?;
    let mut along = Companion { attached: &mut attached, progress: Progress::new(context) };
    let job = Job { archive: &archive, peers: &peers, picked, format, options, scope };
    let totals = match place {
        None => {
            let exporter = job.start(io::stdout().lock())?;
            job.write(exporter, None, &mut along).await.map_err(|broken| trouble(broken, &failed))?.1
        }
        Some(begun) => into_file(context, &args, begun, job, &mut along, &failed).await?,
    };
    drop(along);
    attached.tell();
    told(context, &args.output, to_stdout, &totals)?;
    Ok(exit::DONE)
}

fn format_of(context: &Context, args: &ExportArgs, to_stdout: bool) -> Result<Format, Trouble> {
    let by_ending = || args.output.extension()?.to_str()?.parse::<Format>().ok();
    let format = args.format.or_else(by_ending).ok_or_else(|| context.refuse("export-format", &[]))?;
    let for_programs = matches!(format, Format::Ndjson | Format::Json | Format::Csv);
    if to_stdout && io::stdout().is_terminal() && for_programs {
        return Err(context.refuse("export-terminal", &[]));
    }
    let goes_on = args.resume || args.update;
    if goes_on && (to_stdout || format != Format::Ndjson || args.no_raw) {
        return Err(context.refuse("export-goes-on", &[]));
    }
    Ok(format)
}

/// The conversations asked for, each once: those of the file where it is gone on with and none is named.
fn peers_of(
    context: &Context,
    args: &ExportArgs,
    kept: &[Peer],
    archive: &Archive,
    before: Option<&Before>,
) -> Result<Vec<Peer>, Trouble> {
    if args.all || (args.peers.is_empty() && args.search.is_some()) {
        return Ok(kept.to_vec());
    }
    if let Some(before) = before.filter(|_| args.peers.is_empty()) {
        return Ok(before.peers().filter(|peer| kept.contains(peer)).cloned().collect());
    }
    if args.peers.is_empty() {
        return Err(context.refuse("export-whom", &[]));
    }
    let list = archive.list_now().conversations;
    let mut seen = HashSet::new();
    let named = args.peers.iter().map(|word| word.listed(&list));
    let peers: Vec<Peer> = named.filter(|peer| seen.insert(peer.clone())).collect();
    if let Some(peer) = peers.iter().find(|peer| !kept.contains(peer)) {
        let args = [("peer", peer.to_string().into())];
        return Err(Trouble::Said(context.texts.tr("export-nothing", &args), exit::OTHER));
    }
    Ok(peers)
}

/// Files beside the messages, and the line that says how far it is.
struct Companion<'a, 'b> {
    attached: &'a mut Attached<'b>,
    progress: Progress<'b>,
}

impl Along for Companion<'_, '_> {
    type File = AtHand;
    type Error = Trouble;

    async fn file(&mut self, peer: &Peer, message: &Message) -> Result<Option<AtHand>, Trouble> {
        self.attached.of(peer, message).await
    }

    fn saved(file: &AtHand) -> Saved<'_> {
        file.saved()
    }

    fn written(&mut self, peer: &Peer, messages: u64) {
        self.progress.show("export-progress", peer.id(), messages);
    }
}

fn trouble(broken: Broken<Trouble>, failed: &impl Fn(Failure) -> Trouble) -> Trouble {
    match broken {
        Broken::Archive(failure) => failed(failure),
        Broken::Writing(error) => error.into(),
        Broken::Along(trouble) => trouble,
    }
}

/// Writes beside the file and renames at the end: a file of that name is a finished one. What is no file, such as a
/// device or a pipe, is written to as it is.
async fn into_file(
    context: &Context,
    args: &ExportArgs,
    begun: Begun<'_>,
    job: Job<'_>,
    along: &mut Companion<'_, '_>,
    failed: &impl Fn(Failure) -> Trouble,
) -> Result<Totals, Trouble> {
    let unwritable = |error: io::Error| place::unwritable(context, &args.output, &error);
    let broken = |broken| match broken {
        Broken::Writing(error) => unwritable(error),
        broken @ (Broken::Archive(_) | Broken::Along(_)) => trouble(broken, failed),
    };
    let (part, before) = match begun {
        Begun::Device(target) => {
            let to = fs::OpenOptions::new().write(true).open(&target).map_err(unwritable)?;
            let exporter = job.start(BufWriter::new(to)).map_err(unwritable)?;
            return Ok(job.write(exporter, None, along).await.map_err(broken)?.1);
        }
        Begun::New(part) => (part, None),
        Begun::GoesOn(part, before) => (part, Some(before)),
        Begun::Renews(part, old) => {
            let now = |peer: &Peer, id| job.archive.message_now(peer, id);
            let (before, changed) = place::renew(context, &args.output, &part, &old, &job, now)?;
            if changed > 0 {
                note(&context.global, &context.texts.tr("export-renewed", &[("n", changed.into())]));
            }
            (part, Some(before))
        }
    };
    let to = BufWriter::with_capacity(1 << 16, part.file().map_err(unwritable)?);
    let exporter = match &before {
        Some(before) => Exporter::go_on(to, job.options.clone(), job.scope.clone(), before),
        None => job.start(to).map_err(unwritable)?,
    };
    let (to, totals) = job.write(exporter, before.as_deref(), along).await.map_err(broken)?;
    drop(to);
    part.finish(args.force || args.update).map_err(unwritable)?;
    Ok(totals)
}

fn told(context: &Context, path: &Path, to_stdout: bool, totals: &Totals) -> Result<(), Trouble> {
    if !to_stdout && context.mode() != Mode::Plain {
        let header = json!({"schema": "manyou.exported/1", "path": path.display().to_string()});
        let printer = Printer::start(context.mode(), header)?;
        printer.end(json!({"messages": totals.messages, "conversations": totals.conversations.len(),
                           "complete": totals.complete, "bytes": totals.bytes, "sha256": totals.sha256}))?;
        return Ok(());
    }
    let messages = context.texts.tr("export-messages", &[("n", totals.messages.into())]);
    let conversations = context.texts.tr("export-what", &[("n", totals.conversations.len().into())]);
    let args = [
        ("messages", messages.into()),
        ("conversations", conversations.into()),
        ("path", path.display().to_string().into()),
    ];
    let key = if to_stdout { "export-done-stdout" } else { "export-done" };
    note(&context.global, &context.texts.tr(key, &args));
    if totals.conversations.iter().any(|count| !count.whole) {
        note(&context.global, &context.texts.t("export-part-note"));
    }
    Ok(())
}

fn scope(context: &Context, profile: &Profile, name: Option<String>, what: String) -> Scope {
    Scope {
        account: profile.user.clone(),
        app_key: profile.app_key.clone(),
        api: profile.api.clone(),
        profile: name,
        what,
        exported_at: context.clock.now(),
    }
}

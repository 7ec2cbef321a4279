//! `export`: what the archive has, written into a file.

mod attached;
mod labels;
mod part;
mod pick;

use std::collections::HashSet;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use serde_json::json;

use self::attached::Attached;
use self::part::Begun;
use self::pick::Picked;
use super::archive_args::ExportArgs;
use super::output::{Mode, Printer, Trouble, note};
use super::progress::Progress;
use super::{Context, session};
use crate::config::Profile;
use crate::domain::{Failure, Message, Peer};
use crate::engine::{Archive, Names};
use crate::export::{Before, Exporter, Format, Heading, Options, Scope, Totals};
use crate::report::exit;

/// Messages read at once.
const PAGE: usize = 200;

/// Writes the conversations named, or all; the messages that a search finds, or those with these ids.
pub(super) async fn export(context: &Context, args: ExportArgs) -> Result<u8, Trouble> {
    let to_stdout = args.output == Path::new("-");
    let format = format_of(context, &args, to_stdout)?;
    let target = session::unconnected(context)?;
    let user = target.profile.user.clone();
    let archive = session::kept(context, &target.profile)?;
    let failed = |failure: Failure| Trouble::failed(failure, user.to_string());
    let kept = archive.peers().await.map_err(failed)?;
    let place =
        if to_stdout { None } else { Some(part::place(context, &args, format == Format::Ndjson && !args.no_raw)?) };
    let before = place.as_ref().and_then(Begun::before);
    let peers = peers_of(context, &args, &kept, &archive, before)?;
    let picked = pick::pick(context, &args, &archive, &peers).await?;
    let lossless = matches!(format, Format::Ndjson | Format::Json) && !args.no_raw;
    let options = Options {
        zone: context.zone.clone(),
        bom: args.bom,
        raw_cells: args.raw_cells,
        lossless,
        labels: labels::labels(context),
    };
    let what = pick::what(context, &args, &peers);
    let scope = scope(context, &target.profile, target.name.clone(), what);
    if let Some(before) = before {
        part::check(context, &args.output, before, &scope)?;
    }
    let mut attached = Attached::new(context, &args, &archive, format)?;
    let job =
        Job { context, archive: &archive, peers: &peers, picked, format, options, scope, attached: &mut attached };
    let totals = match place {
        None => {
            let exporter = job.start(io::stdout().lock())?;
            job.write(exporter, None).await.map_err(|broken| trouble(broken, &failed))?.1
        }
        Some(begun) => into_file(context, &args, begun, job, &failed).await?,
    };
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

/// What is to be written.
struct Job<'a, 'b> {
    context: &'a Context,
    archive: &'a Archive,
    peers: &'a [Peer],
    picked: Option<Picked>,
    format: Format,
    options: Options,
    scope: Scope,
    attached: &'a mut Attached<'b>,
}

/// What broke an export off.
enum Broken {
    Archive(Failure),
    Writing(io::Error),
    Said(Trouble),
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Archive(failure)
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

impl Job<'_, '_> {
    fn start<W: Write>(&self, to: W) -> io::Result<Exporter<W>> {
        Exporter::start(self.format, to, self.options.clone(), self.scope.clone())
    }

    /// Oldest first, a few hundred messages at a time; without those that `before` holds.
    async fn write<W: Write>(self, mut exporter: Exporter<W>, before: Option<&Before>) -> Result<(W, Totals), Broken> {
        let (profiles, groups) = self.archive.names_now();
        let names = Names { profiles, groups };
        let mut progress = Progress::new(self.context);
        let mut written = before.map_or(0, Before::messages);
        for peer in self.peers {
            let keys = match &self.picked {
                Some(picked) => match picked.of(peer) {
                    Some(keys) => Some(keys),
                    None => continue,
                },
                None => None,
            };
            let whole = keys.is_none() && self.archive.horizon(Some(peer.clone())).await?.whole;
            let name = names.profiles.get(peer.id()).map(|p| p.nickname.as_str());
            let name = name.or_else(|| names.groups.get(peer.id()).map(|g| g.name.as_str()));
            exporter.conversation(Heading { peer, name: name.filter(|n| !n.is_empty()), whole, coverage: None })?;
            let mut pages = Pages { archive: self.archive, peer, keys, after: -1, is_over: false };
            while let Some(page) = pages.next().await? {
                for message in page.iter().filter(|m| before.is_none_or(|before| !before.holds(peer, m))) {
                    let from = names.profiles.get(&message.from).map(|p| p.nickname.as_str());
                    let taken = self.attached.of(peer, message).await.map_err(Broken::Said)?;
                    let saved = taken.as_ref().map(attached::Taken::saved);
                    exporter.message(message, from.filter(|n| !n.is_empty()), saved)?;
                    written += 1;
                }
                progress.show("export-progress", peer.id(), written);
            }
        }
        drop(progress);
        Ok(exporter.finish(self.picked.is_none())?)
    }
}

/// The messages of a conversation, oldest first: all of them, or those at these places.
struct Pages<'a> {
    archive: &'a Archive,
    peer: &'a Peer,
    keys: Option<&'a [i64]>,
    after: i64,
    is_over: bool,
}

impl Pages<'_> {
    async fn next(&mut self) -> Result<Option<Vec<Message>>, Failure> {
        // An interrupt is heard between two pages.
        tokio::task::yield_now().await;
        if self.is_over {
            return Ok(None);
        }
        let Some(keys) = self.keys else {
            let page = self.archive.after_now(self.peer, self.after, PAGE)?;
            self.is_over = page.len() < PAGE;
            self.after = page.last().map_or(self.after, |(place, _)| *place);
            return Ok(Some(page.into_iter().map(|(_, message)| message).collect()));
        };
        let (now, rest) = keys.split_at(keys.len().min(PAGE));
        (self.keys, self.is_over) = (Some(rest), rest.is_empty());
        let mut page = Vec::with_capacity(now.len());
        for key in now {
            let found = self.archive.after_now(self.peer, *key - 1, 1)?;
            page.extend(found.into_iter().filter(|(place, _)| place == key).map(|(_, message)| message));
        }
        Ok(Some(page))
    }
}

fn trouble(broken: Broken, failed: &impl Fn(Failure) -> Trouble) -> Trouble {
    match broken {
        Broken::Archive(failure) => failed(failure),
        Broken::Writing(error) => error.into(),
        Broken::Said(trouble) => trouble,
    }
}

/// Writes beside the file and renames at the end: a file of that name is a finished one. What is no file, such as a
/// device or a pipe, is written to as it is.
async fn into_file(
    context: &Context,
    args: &ExportArgs,
    begun: Begun<'_>,
    job: Job<'_, '_>,
    failed: &impl Fn(Failure) -> Trouble,
) -> Result<Totals, Trouble> {
    let unwritable = |error: io::Error| part::unwritable(context, &args.output, &error);
    let broken = |broken| match broken {
        Broken::Writing(error) => unwritable(error),
        broken @ (Broken::Archive(_) | Broken::Said(_)) => trouble(broken, failed),
    };
    let (part, before) = match begun {
        Begun::Device(target) => {
            let to = fs::OpenOptions::new().write(true).open(&target).map_err(unwritable)?;
            let exporter = job.start(BufWriter::new(to)).map_err(unwritable)?;
            return Ok(job.write(exporter, None).await.map_err(broken)?.1);
        }
        Begun::New(part) => (part, None),
        Begun::GoesOn(part, before) => (part, Some(before)),
    };
    let to = BufWriter::with_capacity(1 << 16, part.file().map_err(unwritable)?);
    let exporter = match &before {
        Some(before) => Exporter::go_on(to, job.options.clone(), job.scope.clone(), before),
        None => job.start(to).map_err(unwritable)?,
    };
    let (to, totals) = job.write(exporter, before.as_deref()).await.map_err(broken)?;
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

//! `export`: conversations of the archive written into a file, without any server.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use serde_json::json;
use tempfile::NamedTempFile;

use super::archive_args::ExportArgs;
use super::output::{Mode, Printer, Trouble, note};
use super::{Context, session};
use crate::config::Profile;
use crate::domain::{Failure, Peer};
use crate::engine::{Archive, Names};
use crate::export::{Exporter, Format, Heading, Labels, Options, Scope, Totals};
use crate::report::exit;

/// Messages read at once.
const PAGE: usize = 500;

/// Writes the conversations named, or all.
pub(super) async fn export(context: &Context, args: ExportArgs) -> Result<u8, Trouble> {
    let to_stdout = args.output == Path::new("-");
    let by_ending = || args.output.extension()?.to_str()?.parse::<Format>().ok();
    let format = args.format.or_else(by_ending).ok_or_else(|| context.refuse("export-format", &[]))?;
    let for_programs = matches!(format, Format::Ndjson | Format::Json | Format::Csv);
    if to_stdout && io::stdout().is_terminal() && for_programs {
        return Err(context.refuse("export-terminal", &[]));
    }
    if args.peers.is_empty() && !args.all {
        return Err(context.refuse("export-whom", &[]));
    }
    let target = session::unconnected(context)?;
    let user = target.profile.user.clone();
    let archive = session::kept(context, &target.profile)?;
    let failed = |failure: Failure| Trouble::failed(failure, user.to_string());
    let kept = archive.peers().await.map_err(failed)?;
    let list = archive.list_now().conversations;
    let peers: Vec<Peer> =
        if args.all { kept.clone() } else { args.peers.iter().map(|word| word.listed(&list)).collect() };
    if let Some(peer) = peers.iter().find(|peer| !kept.contains(peer)) {
        return Err(Trouble::Said(
            context.texts.tr("export-nothing", &[("peer", peer.to_string().into())]),
            exit::OTHER,
        ));
    }
    let options = Options {
        zone: context.zone.clone(),
        bom: args.bom,
        raw_cells: args.raw_cells,
        lossless: format == Format::Ndjson && !args.no_raw,
        labels: labels(context),
    };
    let scope = scope(context, &target.profile, target.name.clone(), &peers);
    let job = Job { archive: &archive, peers: &peers, format, options, scope };
    let totals = if to_stdout {
        job.write(io::stdout().lock()).await.map_err(|outcome| trouble(outcome, &failed))?.1
    } else {
        into_file(context, &args.output, job, &failed).await?
    };
    told(context, &args.output, to_stdout, &totals)?;
    Ok(exit::DONE)
}

struct Job<'a> {
    archive: &'a Archive,
    peers: &'a [Peer],
    format: Format,
    options: Options,
    scope: Scope,
}

/// What broke an export off.
enum Broken {
    Archive(Failure),
    Writing(io::Error),
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

impl Job<'_> {
    /// Oldest first, a few hundred messages at a time.
    async fn write<W: Write>(self, to: W) -> Result<(W, Totals), Broken> {
        let (profiles, groups) = self.archive.names_now();
        let names = Names { profiles, groups };
        let mut exporter = Exporter::start(self.format, to, self.options, self.scope)?;
        for peer in self.peers {
            let whole = self.archive.horizon(Some(peer.clone())).await?.whole;
            let name = names.profiles.get(peer.id()).map(|p| p.nickname.as_str());
            let name = name.or_else(|| names.groups.get(peer.id()).map(|g| g.name.as_str()));
            exporter.conversation(Heading { peer, name: name.filter(|n| !n.is_empty()), whole, coverage: None })?;
            let mut after = -1;
            loop {
                let page = self.archive.after(peer, after, PAGE).await?;
                for (place, message) in &page {
                    after = *place;
                    let from = names.profiles.get(&message.from).map(|p| p.nickname.as_str());
                    exporter.message(message, from.filter(|n| !n.is_empty()), None)?;
                }
                if page.len() < PAGE {
                    break;
                }
            }
        }
        Ok(exporter.finish(true)?)
    }
}

fn trouble(broken: Broken, failed: &impl Fn(Failure) -> Trouble) -> Trouble {
    match broken {
        Broken::Archive(failure) => failed(failure),
        Broken::Writing(error) => error.into(),
    }
}

/// Writes beside the file and renames at the end: a file of that name is a finished one. A link keeps pointing where it
/// does; what is no file, such as a device or a pipe, is written to as it is.
async fn into_file(
    context: &Context,
    path: &Path,
    job: Job<'_>,
    failed: &impl Fn(Failure) -> Trouble,
) -> Result<Totals, Trouble> {
    let unwritable = |error: io::Error| {
        let args = [("path", path.display().to_string().into()), ("why", error.to_string().into())];
        Trouble::Said(context.texts.tr("export-exists", &args), exit::OTHER)
    };
    let broken = |broken| match broken {
        Broken::Writing(error) => unwritable(error),
        broken @ Broken::Archive(_) => trouble(broken, failed),
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.exists() && !target.is_file() {
        let to = fs::OpenOptions::new().write(true).open(&target).map_err(unwritable)?;
        return Ok(job.write(BufWriter::new(to)).await.map_err(broken)?.1);
    }
    let part = part_of(&target).map_err(unwritable)?;
    let (part, totals) = job.write(BufWriter::new(part)).await.map_err(broken)?;
    let part = part.into_inner().map_err(|e| unwritable(e.into_error()))?;
    part.as_file().sync_all().map_err(unwritable)?;
    part.persist(&target).map_err(|e| unwritable(e.error))?;
    Ok(totals)
}

/// A new file beside `target` that only its owner can read; it goes when it is not finished.
fn part_of(target: &Path) -> io::Result<NamedTempFile> {
    let mut prefix = target.file_name().unwrap_or_default().to_owned();
    prefix.push(".");
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(&prefix).suffix(".part").tempfile_in(folder)
}

fn told(context: &Context, path: &Path, to_stdout: bool, totals: &Totals) -> Result<(), Trouble> {
    let conversations = context.texts.tr("export-what", &[("n", totals.conversations.len().into())]);
    if !to_stdout && context.mode() != Mode::Plain {
        let header = json!({"schema": "manyou.exported/1", "path": path.display().to_string()});
        let printer = Printer::start(context.mode(), header)?;
        printer.end(json!({"messages": totals.messages, "conversations": totals.conversations.len(),
                           "complete": totals.complete, "bytes": totals.bytes, "sha256": totals.sha256}))?;
        return Ok(());
    }
    let messages = context.texts.tr("export-messages", &[("n", totals.messages.into())]);
    let args = [
        ("messages", messages.into()),
        ("conversations", conversations.into()),
        ("path", path.display().to_string().into()),
    ];
    let key = if to_stdout { "export-done-stdout" } else { "export-done" };
    note(&context.global, &context.texts.tr(key, &args));
    if !totals.complete {
        note(&context.global, &context.texts.t("export-part-note"));
    }
    Ok(())
}

fn scope(context: &Context, profile: &Profile, name: Option<String>, peers: &[Peer]) -> Scope {
    let what = match peers {
        [peer] => peer.to_string(),
        peers => context.texts.tr("export-what", &[("n", peers.len().into())]),
    };
    Scope {
        account: profile.user.clone(),
        app_key: profile.app_key.clone(),
        api: profile.api.clone(),
        profile: name,
        what,
        exported_at: context.clock.now(),
    }
}

/// The words of the formats for people.
fn labels(context: &Context) -> Labels {
    let t = |key: &str| context.texts.t(key);
    let lang: &str = context.texts.lang().into();
    let days = t("export-weekdays");
    let mut days = days.split(' ').map(str::to_owned);
    Labels {
        lang: lang.to_owned(),
        account: t("row-account"),
        app: t("export-app"),
        server: t("export-server"),
        profile: t("export-profile"),
        exported: t("export-exported"),
        zone: t("export-zone"),
        program: t("export-program"),
        messages: t("row-messages"),
        first: t("row-first"),
        last: t("row-last"),
        extent: t("export-extent"),
        whole: t("export-whole"),
        part: t("export-part"),
        image: t("kind-image"),
        gif: t("kind-gif"),
        voice: t("kind-voice"),
        video: t("kind-video"),
        file: t("kind-file"),
        place: t("kind-place"),
        command: t("kind-command"),
        custom: t("kind-custom"),
        record: t("kind-record"),
        thread: t("kind-thread"),
        unknown: t("kind-unknown"),
        damaged: t("kind-damaged"),
        empty: t("text-empty"),
        recalled: t("export-recalled"),
        edited: t("badge-edited"),
        replaced: t("badge-replaced"),
        unfinished: t("badge-stream-running"),
        hidden: t("export-hidden"),
        bad_time: t("export-bad-time"),
        saved: t("export-saved"),
        weekdays: std::array::from_fn(|_| days.next().unwrap_or_default()),
    }
}

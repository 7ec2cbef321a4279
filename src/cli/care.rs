//! `archive status`, `verify` and `compact`: how the archive on this disk stands, and looking after it.

use std::path::Path;

use serde_json::{Value, json};

use super::archive_args::ArchiveVerb;
use super::output::{Mode, Printer, Trouble, note};
use super::{Context, purge, session};
use crate::config::Profile;
use crate::domain::{Failure, ServerTime};
use crate::engine::{Archive, Finding, Kept, Status};
use crate::report::exit;

/// Does what the verb says, without any server.
pub(super) async fn archive(context: &Context, what: ArchiveVerb) -> Result<u8, Trouble> {
    let profile = session::unconnected(context)?.profile;
    let archive = session::kept(context, &profile)?;
    match what {
        ArchiveVerb::Status => status(context, &profile, &archive).await,
        ArchiveVerb::Verify => verify(context, &profile, &archive).await,
        ArchiveVerb::Compact => compact(context, &profile, &archive).await,
        ArchiveVerb::Purge(args) => purge::purge(context, &profile, &archive, args).await,
    }
}

/// What a failure of the archive says.
pub(super) fn failed(profile: &Profile) -> impl Fn(Failure) -> Trouble {
    let user = profile.user.to_string();
    move |failure| Trouble::failed(failure, user.clone())
}

/// The header of what these verbs print.
pub(super) fn header(schema: &str, profile: &Profile, archive: &Archive) -> Value {
    json!({"schema": schema, "user": profile.user, "path": archive.path().display().to_string()})
}

async fn status(context: &Context, profile: &Profile, archive: &Archive) -> Result<u8, Trouble> {
    let status = archive.status().await.map_err(failed(profile))?;
    let mut printer = Printer::start(context.mode(), header("manyou.archive-status/1", profile, archive))?;
    let Totals { messages, holes, only_here, oldest, newest, verified } = Totals::of(&status);
    if context.mode() == Mode::Plain {
        for line in sentences(context, archive, &status) {
            printer.record(|| Value::Null, || crate::text::body(&line).text)?;
        }
    } else {
        for kept in &status.conversations {
            printer.record(|| record(kept), String::new)?;
        }
    }
    let days = archive.kept_since(context.clock.now()).map(|since| context.clock.now().since_ms(since) / DAY_MS);
    printer.end(json!({
        "count": status.conversations.len(), "complete": true, "format": status.format,
        "bytes": status.file, "log_bytes": status.log, "free_bytes": status.free,
        "messages": messages, "holes": holes, "only_here": only_here, "behind": status.behind,
        "oldest": oldest.map(ServerTime::ms), "newest": newest.map(ServerTime::ms),
        "mirrored": verified.map(ServerTime::ms), "served_since": status.served.map(|(oldest, _)| oldest.ms()),
        "keep_days": days, "unfetched": status.unfetched.len(),
        "put_aside": archive.asides().iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>(),
    }))?;
    Ok(exit::DONE)
}

const DAY_MS: i64 = 24 * 3_600_000;

/// Over all conversations.
struct Totals {
    messages: u64,
    holes: u64,
    only_here: u64,
    oldest: Option<ServerTime>,
    newest: Option<ServerTime>,
    verified: Option<ServerTime>,
}

impl Totals {
    fn of(status: &Status) -> Self {
        let all = || status.conversations.iter();
        Self {
            messages: all().map(|kept| kept.messages).sum(),
            holes: all().map(|kept| kept.holes).sum(),
            only_here: all().map(|kept| kept.only_here).sum(),
            oldest: all().map(|kept| kept.oldest).min(),
            newest: all().map(|kept| kept.newest).max(),
            verified: all().filter_map(|kept| kept.verified).max(),
        }
    }
}

fn record(kept: &Kept) -> Value {
    json!({"peer": kept.peer.to_string(), "name": kept.name, "messages": kept.messages, "holes": kept.holes,
           "only_here": kept.only_here, "oldest": kept.oldest.ms(), "oldest_utc": kept.oldest.to_string(),
           "newest": kept.newest.ms(), "newest_utc": kept.newest.to_string(),
           "verified": kept.verified.map(ServerTime::ms)})
}

fn sentences(context: &Context, archive: &Archive, status: &Status) -> Vec<String> {
    let texts = &context.texts;
    let path = archive.path().display().to_string();
    let totals = Totals::of(status);
    let asides = archive.asides().into_iter().map(|(path, bytes)| aside_line(context, &path, bytes));
    let (Some(oldest), Some(newest)) = (totals.oldest, totals.newest) else {
        return [texts.tr("archive-empty", &[("path", path.into())])].into_iter().chain(asides).collect();
    };
    let mut lines = vec![
        texts.tr(
            "archive-file",
            &[
                ("path", path.into()),
                ("size", size(status.file).into()),
                ("free", size(status.free).into()),
                ("log", size(status.log).into()),
            ],
        ),
        texts.tr(
            "archive-messages",
            &[
                ("n", totals.messages.to_string().into()),
                ("conversations", status.conversations.len().into()),
                ("oldest", day(context, oldest).into()),
                ("newest", day(context, newest).into()),
            ],
        ),
    ];
    let behind = if status.behind == 0 { "archive-index" } else { "archive-index-behind" };
    lines.push(texts.tr(behind, &[("n", status.behind.to_string().into())]));
    let open = status.conversations.iter().filter(|kept| kept.holes > 0).count();
    let unfetched = status.unfetched.len();
    if open > 0 {
        let args = [("n", totals.holes.to_string().into()), ("conversations", open.into())];
        lines.push(texts.tr("archive-holes", &args));
    }
    if unfetched > 0 {
        lines.push(texts.tr("archive-unfetched", &[("conversations", unfetched.into())]));
    }
    if open == 0 && unfetched == 0 {
        lines.push(texts.t("archive-whole"));
    }
    if let Some(at) = totals.verified {
        lines.push(texts.tr("archive-mirrored", &[("time", minute(context, at).into())]));
    }
    if let Some((oldest, _)) = status.served {
        lines.push(texts.tr("archive-served", &[("day", day(context, oldest).into())]));
    }
    if totals.only_here > 0 {
        lines.push(texts.tr("archive-only-here", &[("n", totals.only_here.to_string().into())]));
    }
    if let Some(since) = archive.kept_since(context.clock.now()) {
        let days = context.clock.now().since_ms(since) / DAY_MS;
        lines.push(texts.tr("archive-keeps", &[("n", days.to_string().into())]));
    }
    lines.extend(asides);
    lines
}

async fn verify(context: &Context, profile: &Profile, archive: &Archive) -> Result<u8, Trouble> {
    let verified = archive.verify(context.clock.now()).await.map_err(failed(profile))?;
    let mut printer = Printer::start(context.mode(), header("manyou.archive-check/1", profile, archive))?;
    for finding in &verified.findings {
        let Finding { fault, count, detail, is_mended } = finding;
        let word: &str = fault.into();
        let record = || json!({"what": word, "count": count, "detail": detail, "mended": is_mended});
        let line = || {
            let said = context.texts.tr(&format!("archive-fault-{word}"), &[("n", (*count).into())]);
            let end = if *is_mended { "archive-mended" } else { "archive-not-mended" };
            let args = [("what", said.into()), ("detail", crate::text::label(detail).text.into())];
            context.texts.tr(end, &args)
        };
        printer.record(record, line)?;
    }
    let left = verified.findings.iter().filter(|finding| !finding.is_mended).count();
    let aside = archive.put_aside().map(|path| path.display().to_string());
    printer.end(json!({"count": verified.findings.len(), "messages": verified.messages,
                       "sound": left == 0, "put_aside": aside, "complete": true}))?;
    if context.mode() == Mode::Plain {
        let key = match (verified.findings.is_empty(), left) {
            (true, _) => "archive-sound",
            (false, 0) => "archive-sound-again",
            (false, _) => "archive-unsound",
        };
        if let Some(path) = aside {
            note(&context.global, &context.texts.tr("archive-put-aside", &[("path", path.into())]));
            return Ok(exit::OTHER);
        }
        note(&context.global, &context.texts.tr(key, &[("n", verified.messages.to_string().into())]));
    }
    Ok(if left == 0 { exit::DONE } else { exit::OTHER })
}

async fn compact(context: &Context, profile: &Profile, archive: &Archive) -> Result<u8, Trouble> {
    let done = archive.compact().await.map_err(failed(profile))?;
    let mut printer = Printer::start(context.mode(), header("manyou.archive-compact/1", profile, archive))?;
    if context.mode() == Mode::Plain {
        let args = [("before", size(done.before).into()), ("after", size(done.after).into())];
        printer.record(|| Value::Null, || context.texts.tr("archive-compacted", &args))?;
    }
    printer.end(json!({"bytes_before": done.before, "bytes_after": done.after, "complete": true}))?;
    Ok(exit::DONE)
}

/// A day in the person's zone.
pub(super) fn day(context: &Context, at: ServerTime) -> String {
    shown(context, at, "%Y-%m-%d")
}

fn minute(context: &Context, at: ServerTime) -> String {
    shown(context, at, "%Y-%m-%d %H:%M")
}

fn shown(context: &Context, at: ServerTime, form: &str) -> String {
    at.timestamp().map_or_else(|| at.to_string(), |t| t.to_zoned(context.zone.clone()).strftime(form).to_string())
}

/// A damaged archive that was put aside.
pub(super) fn aside_line(context: &Context, path: &Path, bytes: u64) -> String {
    let args = [("path", path.display().to_string().into()), ("size", size(bytes).into())];
    context.texts.tr("archive-aside", &args)
}

/// Bytes for people.
fn size(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{:.1} KB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.2} GB", n as f64 / 1e9),
    }
}

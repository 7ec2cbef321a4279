//! `archive purge`: messages taken off this disk, shown first. The server keeps them.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

use super::archive_args::PurgeArgs;
use super::care::{aside_line, day, failed, header};
use super::ink::Ink;
use super::output::{Mode, Printer, Trouble, note};
use super::trouble::tell_end;
use super::{Context, can_ask};
use crate::config::Profile;
use crate::domain::ServerTime;
use crate::engine::{Archive, Discard, Going};
use crate::report::exit;

/// Shows what would go, and takes it off where that is agreed to.
pub(super) async fn purge(
    context: &Context,
    profile: &Profile,
    archive: &Archive,
    args: PurgeArgs,
) -> Result<u8, Trouble> {
    let what = Discard {
        peer: args.conversation.as_ref().map(|word| word.listed(&archive.list_now().conversations)),
        before: before(context, &args)?,
    };
    let going = archive.going(what.clone()).await.map_err(failed(profile))?;
    let count: u64 = going.iter().map(|going| going.messages).sum();
    let asides = if args.all { archive.asides() } else { Vec::new() };
    let is_nothing = count == 0 && asides.is_empty();
    let mut head = header("manyou.archive-purge/1", profile, archive);
    head["scope"] = json!({"peer": what.peer.as_ref().map(ToString::to_string),
                           "before": what.before.map(ServerTime::ms), "all": args.all});
    let mut printer = Printer::start(context.mode(), head)?;
    for going in &going {
        printer.record(|| record(going), || crate::text::body(&line(context, going)).text)?;
    }
    if context.mode() == Mode::Plain {
        for (path, bytes) in &asides {
            printer.record(|| Value::Null, || aside_line(context, path, *bytes))?;
        }
        printer.record(|| Value::Null, || sentence(context, &going, count, is_nothing))?;
        printer.flush()?;
    }
    // Where no message is left, files of messages that went before may be: nobody has to agree to those again.
    let is_agreed = args.yes || is_nothing || (!args.dry_run && ask(context)?);
    if !is_agreed || args.dry_run {
        printer.end(json!({"count": going.len(), "messages": count, "purged": 0, "complete": true}))?;
        return Ok(if args.dry_run { exit::DONE } else { left(context) });
    }
    let purged = archive.discard(what).await.map_err(failed(profile))?;
    if args.all {
        archive.remove_asides().await.map_err(failed(profile))?;
    }
    if is_nothing {
        printer.end(json!({"count": 0, "messages": 0, "purged": 0, "complete": true}))?;
        return Ok(exit::DONE);
    }
    printer.end(json!({"count": going.len(), "messages": count, "purged": purged, "complete": true}))?;
    if context.mode() == Mode::Plain {
        note(&context.global, &context.texts.tr("archive-purged", &[("n", purged.to_string().into())]));
    }
    Ok(exit::DONE)
}

/// The moment of `--older-than` or `--before`; one that has not come yet is refused.
fn before(context: &Context, args: &PurgeArgs) -> Result<Option<ServerTime>, Trouble> {
    let at = match (&args.older_than, &args.before) {
        (Some(length), _) => context.time(&format!("-{length}"))?,
        (None, Some(time)) => context.time(time)?,
        (None, None) => return Ok(None),
    };
    if at > context.clock.now() {
        return Err(context.refuse("archive-purge-future", &[("time", at.to_string().into())]));
    }
    Ok(Some(at))
}

fn record(going: &Going) -> Value {
    json!({"peer": going.peer.to_string(), "messages": going.messages, "whole": going.whole,
           "oldest": going.oldest.ms(), "oldest_utc": going.oldest.to_string(),
           "newest": going.newest.ms(), "newest_utc": going.newest.to_string()})
}

fn line(context: &Context, going: &Going) -> String {
    let args = [
        ("peer", going.peer.to_string().into()),
        ("n", going.messages.to_string().into()),
        ("oldest", day(context, going.oldest).into()),
        ("newest", day(context, going.newest).into()),
    ];
    context.texts.tr(if going.whole { "archive-purge-whole" } else { "archive-purge-part" }, &args)
}

fn sentence(context: &Context, going: &[Going], count: u64, is_nothing: bool) -> String {
    if is_nothing {
        return context.texts.t("archive-purge-nothing");
    }
    let args = [("n", count.to_string().into()), ("conversations", going.len().into())];
    let what = context.texts.tr("archive-purge-what", &args);
    format!("{what}\n{}", Ink::of(&context.global).hot(&context.texts.t("archive-purge-final")))
}

/// Asks the person; without one nothing is agreed to.
fn ask(context: &Context) -> Result<bool, Trouble> {
    if !can_ask(&context.global) || context.mode() != Mode::Plain {
        return Ok(false);
    }
    let mut to = io::stderr().lock();
    write!(to, "{} ", context.texts.t("archive-purge-ask"))?;
    to.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    Ok(matches!(typed.trim(), "y" | "Y" | "yes" | "是"))
}

/// Nothing went, since nobody agreed.
fn left(context: &Context) -> u8 {
    let said = context.texts.t("archive-purge-confirm");
    if context.mode() == Mode::Plain {
        note(&context.global, &said);
        return exit::CONFIRM;
    }
    tell_end("confirmation-needed", exit::CONFIRM, &said, None, context.mode())
}

//! `delete`: a plan that is printed first, and sent exactly so only with `--yes`.

use std::future::poll_fn;
use std::io::{self, Read};
use std::pin::pin;
use std::task::Poll;

use serde_json::json;

use super::args::{Consent, DeleteVerb};
use super::output::{Mode, Printer, Trouble, note};
use super::peer::PeerWord;
use super::plan::{Planned, Tally, print_plan, print_report};
use super::read::note_capitals;
use super::seen::Seen;
use super::trouble::{Ending, tell_end, tell_failure};
use super::{Context, session};
use crate::client::Stop;
use crate::domain::{
    Chunk, ChunkOutcome, Cursor, DeletionPlan, DeletionReport, Direction, Failure, FailureKind, HistoryQuery,
    MessageId, Peer, Scope, ServerTime, UserId,
};
use crate::engine::Engine;
use crate::report::{exit, exit_code};

/// Plans, shows the plan, and carries it out where that was agreed to.
pub(super) async fn delete(context: &Context, what: DeleteVerb) -> Result<u8, Trouble> {
    let what = checked(context, what)?;
    let (engine, target) = session::open(context).await?;
    let user = engine.session().user.clone();
    let failed = |failure| Trouble::failed(failure, user.to_string());
    if target.profile.read_only || engine.session().read_only {
        return Err(failed(Failure::local(FailureKind::ReadOnly, "")));
    }
    let (mut planned, consent) = plan(context, &engine, what).await?;
    engine.check(&planned.plan).map_err(failed)?;
    if let Some(expected) = consent.expect.filter(|expected| *expected != planned.count) {
        let args = [("expected", expected.into()), ("count", planned.count.into())];
        return Err(Trouble::Said(context.texts.tr("delete-expect", &args), exit::STALE_PLAN));
    }
    if let Scope::Messages(ids) = &planned.plan.scope {
        planned.seen = Seen::look_up(&engine, &planned.plan.peer, ids).await;
    }
    if !consent.yes {
        print_plan(context, &planned)?;
        return Ok(if consent.dry_run { exit::DONE } else { ask_for_yes(context) });
    }
    // Listening starts with the first poll: an interrupt after the header must find the report's branch.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    if poll_fn(|cx| Poll::Ready(interrupted.as_mut().poll(cx))).await.is_ready() {
        return Err(Trouble::Said(context.texts.t("cli-interrupted"), exit::INTERRUPTED));
    }
    let header = json!({"schema": "manyou.deletion/1", "scope": planned.scope()});
    let printer = Printer::start(context.mode(), header)?;
    let mut answered: Vec<Chunk> = Vec::new();
    let report = tokio::select! {
        report = engine.delete(&planned.plan, |chunk| answered.push(chunk.clone())) => report.map_err(failed)?,
        _ = interrupted => {
            let report = cut_short(context, &planned.plan, answered, engine.client().chunk_size());
            let report = engine.purged(report).await;
            // Said whether or not anybody still reads the report.
            _ = print_report(context, printer, &planned, &report);
            note_kept(context, &report);
            return Err(Trouble::Said(context.texts.t("delete-unknown"), exit::INTERRUPTED));
        }
    };
    let (tally, printed) = print_report(context, printer, &planned, &report);
    let code = outcome(context, &report, &tally, &user);
    // A reader who is gone must not turn an unknown outcome into success.
    if code == exit::DONE {
        printed?;
    }
    Ok(code)
}

/// The plan has been printed; nothing happens without consent.
fn ask_for_yes(context: &Context) -> u8 {
    let said = context.texts.t("delete-confirm");
    if context.mode() == Mode::Plain {
        note(&context.global, &said);
        return exit::CONFIRM;
    }
    tell_end("confirmation-needed", exit::CONFIRM, &said, None, context.mode())
}

/// Stopped by the person: the request on its way has an unknown outcome, those after it were not sent.
fn cut_short(context: &Context, plan: &DeletionPlan, mut chunks: Vec<Chunk>, chunk_size: usize) -> DeletionReport {
    let answered: usize = chunks.iter().map(|chunk| chunk.ids.len()).sum();
    let rest = match &plan.scope {
        Scope::Messages(ids) => ids.get(answered..).unwrap_or_default(),
        Scope::Before { .. } | Scope::Conversation { .. } => &[],
    };
    let (on_its_way, not_sent) = rest.split_at(rest.len().min(chunk_size));
    let stopped = Failure::local(FailureKind::Cancelled, context.texts.t("delete-interrupted"));
    chunks.push(Chunk { ids: on_its_way.to_vec(), outcome: ChunkOutcome::Unknown(stopped) });
    if !not_sent.is_empty() {
        chunks.push(Chunk { ids: not_sent.to_vec(), outcome: ChunkOutcome::NotSent });
    }
    DeletionReport { plan: plan.clone(), chunks, kept: None }
}

/// A request whose words have been read; nothing has been asked of the server.
enum Wanted {
    Messages(PeerWord, Vec<MessageId>, Consent),
    Before(PeerWord, ServerTime, Consent),
    Conversation(PeerWord, bool, Consent),
}

fn checked(context: &Context, what: DeleteVerb) -> Result<Wanted, Trouble> {
    match what {
        DeleteVerb::Messages { peer, ids, consent } => Ok(Wanted::Messages(peer, read_ids(context, &ids)?, consent)),
        DeleteVerb::Before { peer, time, consent } => {
            let at = context.time(&time)?;
            if at >= context.clock.now() {
                return Err(context.refuse("delete-future", &[("time", at.to_string().into())]));
            }
            Ok(Wanted::Before(peer, at, consent))
        }
        DeleteVerb::Conversation { peer, .. } if peer.is_room() => Err(context.refuse("delete-room-entry", &[])),
        DeleteVerb::Conversation { peer, with_history, consent } => {
            Ok(Wanted::Conversation(peer, with_history, consent))
        }
    }
}

fn read_ids(context: &Context, text: &str) -> Result<Vec<MessageId>, Trouble> {
    let ids = if text == "-" { ids_of_stdin(context)? } else { ids_of(text, |word| word.into(), context)? };
    if ids.is_empty() {
        return Err(context.refuse("delete-no-ids", &[]));
    }
    let mut seen = std::collections::HashSet::new();
    match ids.iter().find(|id| !seen.insert(**id)) {
        Some(id) => Err(context.refuse("delete-repeated-id", &[("id", id.to_string().into())])),
        None => Ok(ids),
    }
}

fn ids_of(text: &str, name: impl Fn(&str) -> String, context: &Context) -> Result<Vec<MessageId>, Trouble> {
    let words = text.split([',', '\n', '\r', ' ', '\t']).filter(|word| !word.is_empty());
    let wrong = |word: &str| context.refuse("usage-message-id", &[("text", name(word).into())]);
    words.map(|word| word.parse().map_err(|_| wrong(word))).collect()
}

/// What cannot be read is named by its line only: a pipe may hold anything, secrets too.
fn ids_of_stdin(context: &Context) -> Result<Vec<MessageId>, Trouble> {
    if context.global.password_stdin || context.global.token_stdin {
        return Err(context.refuse("usage-stdin-twice", &[]));
    }
    let mut typed = String::new();
    io::stdin().lock().read_to_string(&mut typed)?;
    let mut ids = Vec::new();
    for (line, number) in typed.lines().zip(1_usize..) {
        let name = |_: &str| context.texts.tr("usage-line-of-stdin", &[("line", number.into())]);
        ids.extend(ids_of(line, name, context)?);
    }
    Ok(ids)
}

async fn plan(context: &Context, engine: &Engine, what: Wanted) -> Result<(Planned, Consent), Trouble> {
    let owner = engine.session().user.clone();
    let failed = |failure| Trouble::failed(failure, owner.to_string());
    let (peer, scope, (count, stop), consent) = match what {
        Wanted::Messages(peer, ids, consent) => {
            let (peer, count) = (peer.resolve(engine).await.map_err(failed)?, ids.len());
            (peer, Scope::Messages(ids), (count, Stop::Complete), consent)
        }
        Wanted::Before(peer, at, consent) => {
            let peer = peer.resolve(engine).await.map_err(failed)?;
            let (newest, cutoff) = newest_before(context, engine, &peer, at).await?;
            let counted = engine.count_before(&peer, cutoff, newest).await.map_err(failed)?;
            (peer, Scope::Before { cutoff, newest }, (counted.messages, counted.stop), consent)
        }
        Wanted::Conversation(peer, false, consent) => {
            let peer = peer.resolve(engine).await.map_err(failed)?;
            (peer, Scope::Conversation { with_history: false }, (0, Stop::Complete), consent)
        }
        Wanted::Conversation(peer, true, consent) => {
            let peer = peer.resolve(engine).await.map_err(failed)?;
            let counted = engine.count_all(&peer).await.map_err(failed)?;
            (peer, Scope::Conversation { with_history: true }, (counted.messages, counted.stop), consent)
        }
    };
    note_capitals(context, &peer);
    let is_at_least = stop != Stop::Complete;
    if is_at_least {
        note(&context.global, &context.texts.t("note-repeated-cursor"));
    }
    Ok((Planned { plan: DeletionPlan { owner, peer, scope }, count, is_at_least, seen: Seen::default() }, consent))
}

/// The newest message at or before `at`; refused when a message that should stay has its millisecond.
async fn newest_before(
    context: &Context,
    engine: &Engine,
    peer: &Peer,
    at: ServerTime,
) -> Result<(MessageId, ServerTime), Trouble> {
    let failed = |failure| Trouble::failed(failure, engine.session().user.to_string());
    let mut query = HistoryQuery::new(peer.clone(), None, Direction::Up).afresh();
    query.cursor = Some(Cursor::from(MessageId::at(at.plus_ms(1)))).filter(|c| c.as_str() != "0");
    let page = engine.page(&query).await.map_err(failed)?;
    let now = context.clock.now();
    let usable = page.messages.iter().filter(|m| m.time <= at && m.time.is_valid_at(now) && m.id != MessageId(0));
    let Some(newest) = usable.max_by_key(|m| (m.time, m.id)) else {
        return Err(context.refuse("delete-nothing", &[("time", at.to_string().into())]));
    };
    let query = HistoryQuery::new(peer.clone(), Some(newest.id.into()), Direction::Down).afresh();
    let later = engine.page(&query).await.map_err(failed)?;
    match later.messages.iter().find(|m| m.time <= newest.time && m.id > newest.id) {
        None => Ok((newest.id, newest.time)),
        Some(kept) => {
            let same = page.messages.iter().filter(|m| m.time == newest.time).map(|m| m.id.to_string());
            let ids = same.collect::<Vec<_>>().join(",");
            Err(context.refuse("delete-shared-ms", &[("kept", kept.id.to_string().into()), ("ids", ids.into())]))
        }
    }
}

/// Tells what came of it, and what the process ends with.
fn outcome(context: &Context, report: &DeletionReport, tally: &Tally, user: &UserId) -> u8 {
    let texts = &context.texts;
    let all = report.ids(|_| true).count();
    let Some(failure) = report.failure() else {
        if let Some(kept) = &report.kept {
            return deleted_but_kept(context, kept, all, user);
        }
        let said = match all {
            0 => texts.t("delete-done-all"),
            _ if tally.not_found > 0 => {
                let args = [("count", all.into()), ("missing", tally.not_found.into())];
                let said = texts.tr("delete-done-missing", &args);
                if context.mode() != Mode::Plain {
                    return tell_end("partly", exit::PARTLY, &said, None, context.mode());
                }
                said
            }
            _ => texts.tr("delete-done", &[("count", all.into())]),
        };
        note(&context.global, &said);
        return if tally.not_found > 0 { exit::PARTLY } else { exit::DONE };
    };
    let done = report.ids(|outcome| *outcome == ChunkOutcome::Done).count();
    let mut ending = Ending { exit: exit_code(failure.kind), next_step: None, retryable: failure.kind.is_passing() };
    let said = if exit_code(failure.kind) == exit::IDENTITY {
        None
    } else if report.has_unknown() {
        // The failure's own advice is for reading: a deletion is never simply tried again.
        let next_step = Some(texts.t("delete-unknown"));
        ending = Ending { exit: exit::UNKNOWN, next_step, retryable: false };
        None
    } else if done > 0 {
        ending.exit = exit::PARTLY;
        let args = [("done", done.into()), ("count", all.into()), ("left", (all - done).into())];
        Some(texts.tr("delete-partly", &args))
    } else {
        Some(texts.t("delete-refused"))
    };
    let code = tell_failure(failure, user.as_str(), Some(ending), context.mode(), texts);
    if let (Some(said), Mode::Plain) = (said, context.mode()) {
        note(&context.global, &said);
    }
    note_kept(context, report);
    code
}

/// The server did all of it, and this disk did not: what is deleted there and still stands here.
fn deleted_but_kept(context: &Context, kept: &Failure, all: usize, user: &UserId) -> u8 {
    let texts = &context.texts;
    let is_aside = kept.kind == FailureKind::PutAside;
    if context.mode() == Mode::Plain {
        let said =
            if all == 0 { texts.t("delete-done-all") } else { texts.tr("delete-done", &[("count", all.into())]) };
        note(&context.global, &said);
        if !is_aside {
            note(&context.global, &texts.t("delete-kept"));
        }
    }
    let next_step = (!is_aside).then(|| texts.t("delete-kept-next"));
    let ending = Ending { exit: exit::PARTLY, next_step, retryable: !is_aside };
    tell_failure(kept, user.as_str(), Some(ending), context.mode(), texts)
}

/// Says to people, beside another end, that some of it still stands here; programs read it in the trailer.
fn note_kept(context: &Context, report: &DeletionReport) {
    if let (Some(_), Mode::Plain) = (&report.kept, context.mode()) {
        note(&context.global, &context.texts.t("delete-kept"));
        note(&context.global, &context.texts.t("delete-kept-next"));
    }
}

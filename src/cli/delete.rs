//! `delete`: a plan that is printed first, and sent exactly so only with `--yes`.

use std::future::poll_fn;
use std::io::{self, Read};
use std::pin::pin;
use std::task::Poll;

use serde_json::{Value, json};

use super::args::{Consent, DeleteVerb};
use super::ink::Ink;
use super::output::{Mode, Printer, Trouble, note};
use super::peer::PeerWord;
use super::read::note_capitals;
use super::{Context, session};
use crate::client::Stop;
use crate::domain::{
    Chunk, ChunkOutcome, Cursor, DeletionPlan, DeletionReport, Direction, Failure, FailureKind, HistoryQuery, Message,
    MessageId, PageSize, Peer, Scope, ServerTime, UserId,
};
use crate::engine::Engine;
use crate::i18n::Arg;
use crate::report::{exit, exit_code};

/// A plan and how many messages it is known to concern.
struct Planned {
    plan: DeletionPlan,
    count: usize,
}

/// Plans, shows the plan, and carries it out where that was agreed to.
pub(super) async fn delete(context: &Context, what: DeleteVerb) -> Result<u8, Trouble> {
    let what = checked(context, what)?;
    let (engine, target) = session::open(context).await?;
    let user = engine.session().user.clone();
    let failed = |failure| Trouble::failed(failure, user.to_string());
    if target.profile.read_only || engine.session().read_only {
        return Err(failed(Failure::local(FailureKind::ReadOnly, "")));
    }
    let (planned, consent) = plan(context, &engine, what).await?;
    engine.check(&planned.plan).map_err(failed)?;
    if let Some(expected) = consent.expect.filter(|expected| *expected != planned.count) {
        let args = [("expected", expected.into()), ("count", planned.count.into())];
        return Err(Trouble::Said(context.texts.tr("delete-expect", &args), exit::STALE_PLAN));
    }
    if !consent.yes {
        let seen = look_up(&engine, &planned.plan).await;
        print_plan(context, &planned, seen.as_deref())?;
        if !consent.dry_run {
            note(&context.global, &context.texts.t("delete-confirm"));
        }
        return Ok(if consent.dry_run { exit::DONE } else { exit::CONFIRM });
    }
    // Listening starts with the first poll: an interrupt after the header must find the report's branch.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    if poll_fn(|cx| Poll::Ready(interrupted.as_mut().poll(cx))).await.is_ready() {
        return Err(Trouble::Said(context.texts.t("cli-interrupted"), exit::INTERRUPTED));
    }
    let header = json!({"schema": "manyou.deletion/1", "scope": scope_of(&planned)});
    let printer = Printer::start(context.mode(), header)?;
    let mut answered: Vec<Chunk> = Vec::new();
    let report = tokio::select! {
        report = engine.delete(&planned.plan, |chunk| answered.push(chunk.clone())) => report.map_err(failed)?,
        _ = interrupted => {
            let report = cut_short(context, &planned.plan, answered, engine.client().chunk_size());
            // Said whether or not anybody still reads the report.
            _ = print_report(printer, &planned, &report);
            return Err(Trouble::Said(context.texts.t("delete-unknown"), exit::INTERRUPTED));
        }
    };
    let printed = print_report(printer, &planned, &report);
    let code = outcome(context, &report, &user)?;
    // A reader who is gone must not turn an unknown outcome into success.
    if code == exit::DONE {
        printed?;
    }
    Ok(code)
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
    DeletionReport { plan: plan.clone(), chunks }
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
    let mut typed = text.to_owned();
    if text == "-" {
        typed.clear();
        io::stdin().lock().read_to_string(&mut typed)?;
    }
    let words = typed.split([',', '\n', '\r', ' ', '\t']).filter(|word| !word.is_empty());
    let ids: Vec<MessageId> = words
        .map(|word| word.parse().map_err(|_| context.refuse("usage-message-id", &[("text", word.into())])))
        .collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Err(context.refuse("delete-no-ids", &[]));
    }
    let mut seen = std::collections::HashSet::new();
    match ids.iter().find(|id| !seen.insert(**id)) {
        Some(id) => Err(context.refuse("delete-repeated-id", &[("id", id.to_string().into())])),
        None => Ok(ids),
    }
}

async fn plan(context: &Context, engine: &Engine, what: Wanted) -> Result<(Planned, Consent), Trouble> {
    let owner = engine.session().user.clone();
    let failed = |failure| Trouble::failed(failure, owner.to_string());
    let (peer, scope, count, consent) = match what {
        Wanted::Messages(peer, ids, consent) => {
            let (peer, count) = (peer.resolve(engine).await.map_err(failed)?, ids.len());
            (peer, Scope::Messages(ids), count, consent)
        }
        Wanted::Before(peer, at, consent) => {
            let peer = peer.resolve(engine).await.map_err(failed)?;
            let (newest, cutoff) = newest_before(context, engine, &peer, at).await?;
            let counted = engine.count_before(&peer, cutoff, newest).await.map_err(failed)?;
            known(context, counted.stop);
            (peer, Scope::Before { cutoff, newest }, counted.messages, consent)
        }
        Wanted::Conversation(peer, false, consent) => {
            let peer = peer.resolve(engine).await.map_err(failed)?;
            (peer, Scope::Conversation { with_history: false }, 0, consent)
        }
        Wanted::Conversation(peer, true, consent) => {
            let peer = peer.resolve(engine).await.map_err(failed)?;
            let counted = engine.count_all(&peer).await.map_err(failed)?;
            known(context, counted.stop);
            (peer, Scope::Conversation { with_history: true }, counted.messages, consent)
        }
    };
    note_capitals(context, &peer);
    Ok((Planned { plan: DeletionPlan { owner, peer, scope }, count }, consent))
}

fn known(context: &Context, stop: Stop) {
    if stop != Stop::Complete {
        note(&context.global, &context.texts.t("note-repeated-cursor"));
    }
}

/// The newest message at or before `at`; refused when a message that should stay has its millisecond.
async fn newest_before(
    context: &Context,
    engine: &Engine,
    peer: &Peer,
    at: ServerTime,
) -> Result<(MessageId, ServerTime), Trouble> {
    let failed = |failure| Trouble::failed(failure, engine.session().user.to_string());
    let mut query = HistoryQuery::new(peer.clone(), None, Direction::Up);
    query.cursor = Some(Cursor::from(MessageId::at(at.plus_ms(1)))).filter(|c| c.as_str() != "0");
    let page = engine.page(&query).await.map_err(failed)?;
    let now = context.clock.now();
    let usable = page.messages.iter().filter(|m| m.time <= at && m.time.is_valid_at(now) && m.id != MessageId(0));
    let Some(newest) = usable.max_by_key(|m| (m.time, m.id)) else {
        return Err(context.refuse("delete-nothing", &[("time", at.to_string().into())]));
    };
    let query = HistoryQuery::new(peer.clone(), Some(newest.id.into()), Direction::Down);
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

fn scope_of(planned: &Planned) -> Value {
    let DeletionPlan { owner, peer, scope } = &planned.plan;
    let mut out = json!({"owner": owner, "peer": peer.to_string(), "count": planned.count});
    match scope {
        Scope::Messages(ids) => out["ids"] = json!(ids),
        Scope::Before { cutoff, newest } => {
            out["cutoff"] = json!(cutoff.ms());
            out["cutoff_utc"] = json!(cutoff.to_string());
            out["newest"] = json!(newest);
        }
        Scope::Conversation { with_history } => out["with_history"] = json!(with_history),
    }
    out
}

/// The most ids a plan asks the server about, one request each.
const LOOKED_UP: usize = 20;

/// The messages of the ids, those of them that the history has; nothing where that cannot be told.
async fn look_up(engine: &Engine, plan: &DeletionPlan) -> Option<Vec<Message>> {
    let Scope::Messages(ids) = &plan.scope else { return None };
    if ids.len() > LOOKED_UP {
        return None;
    }
    let mut seen = Vec::new();
    for id in ids {
        // A cursor is exclusive: upwards from the id just above, the message comes first.
        let cursor = id.0.checked_add(1).map(|above| MessageId(above).into());
        let mut query = HistoryQuery::new(plan.peer.clone(), cursor, Direction::Up);
        query.size = PageSize::new(1).ok()?;
        let page = engine.page(&query).await.ok()?;
        seen.extend(page.messages.into_iter().find(|m| m.id == *id));
    }
    Some(seen)
}

fn print_plan(context: &Context, planned: &Planned, seen: Option<&[Message]>) -> io::Result<()> {
    let mut scope = scope_of(planned);
    if matches!(planned.plan.scope, Scope::Messages(_)) {
        scope["found"] = json!(seen.map(|seen| seen.iter().map(|m| m.id).collect::<Vec<_>>()));
    }
    let header = json!({"schema": "manyou.deletion-plan/1", "scope": scope});
    let is_plain = context.mode() == Mode::Plain;
    let mut printer = Printer::start(context.mode(), header)?;
    if is_plain {
        printer.record(|| Value::Null, || sentences(context, planned, seen))?;
    }
    printer.end(json!({"count": planned.count, "sent": 0, "complete": true}))
}

fn sentences(context: &Context, planned: &Planned, seen: Option<&[Message]>) -> String {
    let DeletionPlan { owner, peer, scope } = &planned.plan;
    let mut args: Vec<(&str, Arg<'_>)> =
        vec![("user", owner.as_str().into()), ("peer", peer.to_string().into()), ("count", planned.count.into())];
    let key = match scope {
        Scope::Messages(_) => "delete-plan-messages",
        Scope::Before { cutoff, newest } => {
            args.extend([("cutoff", cutoff.to_string().into()), ("newest", newest.to_string().into())]);
            "delete-plan-before"
        }
        Scope::Conversation { with_history: true } => "delete-plan-conversation-history",
        Scope::Conversation { with_history: false } => "delete-plan-conversation",
    };
    let mut lines: Vec<String> = vec![context.texts.tr(key, &args)];
    if !matches!(scope, Scope::Conversation { with_history: false }) {
        lines.push(context.texts.tr("delete-plan-others", &args));
        lines.push(Ink::of(&context.global).hot(&context.texts.t("delete-plan-final")));
    }
    if let Scope::Messages(ids) = scope {
        let columns = context.lines(owner);
        lines.extend(ids.iter().map(|id| match seen.map(|seen| seen.iter().find(|m| m.id == *id)) {
            None => format!("  {id}"),
            Some(None) => format!("  {id}  {}", context.texts.t("delete-not-found")),
            Some(Some(message)) => format!("  {}", columns.messages(std::slice::from_ref(message)).concat()),
        }));
    } else if !matches!(scope, Scope::Conversation { with_history: false }) {
        lines.push(context.texts.tr("delete-plan-count", &args));
    }
    lines.join("\n")
}

/// One record for each id; one for the whole where the scope names none.
fn print_report(mut printer: Printer, planned: &Planned, report: &DeletionReport) -> io::Result<()> {
    let mut confirmed = 0;
    for chunk in &report.chunks {
        let (word, reason) = told(&chunk.outcome);
        let whole = chunk.ids.is_empty().then(|| report.plan.peer.to_string());
        for id in chunk.ids.iter().map(ToString::to_string).chain(whole) {
            confirmed += usize::from(chunk.outcome == ChunkOutcome::Done);
            let sent = chunk.outcome != ChunkOutcome::NotSent;
            let record = || json!({"id": id, "requested": true, "sent": sent, "outcome": word, "confirmed": word == "confirmed", "failed": word == "refused", "reason": reason});
            printer.record(record, || {
                format!("{id:<20}  {word}  {}", crate::text::label(&reason).text).trim_end().to_owned()
            })?;
        }
    }
    printer.end(json!({"count": planned.count, "confirmed": confirmed, "complete": report.is_done()}))
}

fn told(outcome: &ChunkOutcome) -> (&'static str, String) {
    let words = |failure: &Failure| format!("{} {}", failure.code, failure.text).trim().to_owned();
    match outcome {
        ChunkOutcome::Done => ("confirmed", String::new()),
        ChunkOutcome::Refused(failure) => ("refused", words(failure)),
        ChunkOutcome::Unknown(failure) => ("unknown", words(failure)),
        ChunkOutcome::NotSent => ("not-sent", String::new()),
    }
}

fn outcome(context: &Context, report: &DeletionReport, user: &UserId) -> Result<u8, Trouble> {
    let done = report.ids(|outcome| *outcome == ChunkOutcome::Done).count();
    let all = report.ids(|_| true).count();
    let Some(failure) = report.failure().cloned() else {
        let said = match all {
            0 => context.texts.t("delete-done-all"),
            _ => context.texts.tr("delete-done", &[("count", done.into())]),
        };
        note(&context.global, &said);
        return Ok(exit::DONE);
    };
    let (code, said) = if failure.kind == FailureKind::IdentityChanged {
        (exit::IDENTITY, String::new())
    } else if report.has_unknown() {
        (exit::UNKNOWN, context.texts.t("delete-unknown"))
    } else if done > 0 {
        let args = [("done", done.into()), ("count", all.into()), ("left", (all - done).into())];
        (exit::PARTLY, context.texts.tr("delete-partly", &args))
    } else {
        (exit_code(failure.kind), context.texts.t("delete-refused"))
    };
    Trouble::failed(failure, user.to_string()).tell(context.mode(), &context.texts);
    note(&context.global, &said);
    Ok(code)
}

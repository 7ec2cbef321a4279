//! `list`, `history` and `show`.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::args::{HistoryArgs, ListArgs, Sort, Way};
use super::fields::{Fields, OF_CONVERSATION, OF_MESSAGE};
use super::ink::Ink;
use super::kept::{self, Listed};
use super::output::{Mode, Printer, Trouble, note};
use super::peer::PeerWord;
use super::record::Lines;
use super::trouble::tell_end;
use super::{Context, session};
use crate::client::Stop;
use crate::domain::{
    Body, ChatType, Conversation, Cursor, Direction, HistoryQuery, Message, MessageId, PageSize, Peer, ServerTime,
    UserId,
};
use crate::engine::{Engine, Names};
use crate::report::exit;

impl Context {
    pub(super) fn lines<'a>(&'a self, me: &'a UserId) -> Lines<'a> {
        Lines { texts: &self.texts, zone: &self.zone, ink: Ink::of(&self.global), names: Names::default(), me }
    }
}

/// Prints the conversation list.
pub(super) async fn list(context: &Context, args: &ListArgs) -> Result<u8, Trouble> {
    let fields = Fields::read(context, OF_CONVERSATION)?;
    let is_offline = context.global.offline;
    let Listed { user, profile, list, names, at } =
        if is_offline { kept::list(context)? } else { asked_list(context, args).await? };
    let total = list.conversations.len();
    let mut shown = list.conversations;
    let mut lines = context.lines(&user);
    lines.names = names;
    if let Some(filter) = args.filter.as_ref().map(|f| f.to_lowercase()) {
        shown.retain(|c| lines.conversation_record(c).to_string().to_lowercase().contains(&filter));
    }
    if let Some(sort) = args.sort {
        order(&mut shown, sort, &lines);
    }
    let is_cut = args.limit.is_some_and(|most| shown.len() > most);
    shown.truncate(args.limit.unwrap_or(usize::MAX));
    let scope = if is_offline { kept::list_scope(at) } else { json!({"call": args.call.to_string()}) };
    let header = json!({"schema": "manyou.list/1", "profile": profile, "user": user, "scope": scope});
    let mut printer = Printer::start(context.mode(), header)?;
    for (entry, line) in shown.iter().zip(lines.conversations(&shown)) {
        let record = || lines.conversation_fields(entry, &fields);
        printer.record(record, || if fields.are_named() { fields.row(&record()) } else { line })?;
    }
    printer.end(json!({"count": shown.len(), "total": total, "damaged": list.damaged, "cap": list.cap, "complete": !list.incomplete && !is_cut}))?;
    if is_offline {
        kept::tell_list(context, at);
    } else if total == 0 {
        empty_hints(context, &user);
    }
    if list.damaged > 0 {
        note(&context.global, &context.texts.tr("note-damaged", &[("count", list.damaged.into())]));
    }
    if let Some(cap) = list.cap.filter(|_| total > 0) {
        note(&context.global, &context.texts.tr("cli-capped", &[("cap", cap.into())]));
    }
    if list.incomplete {
        note(&context.global, &context.texts.t("note-repeated-cursor"));
    }
    Ok(exit::DONE)
}

async fn asked_list(context: &Context, args: &ListArgs) -> Result<Listed, Trouble> {
    let (engine, target) = session::open(context).await?;
    let user = engine.session().user.clone();
    let list = engine.list(args.call).await.map_err(|failure| Trouble::failed(failure, user.to_string()))?;
    let peers: Vec<Peer> = list.conversations.iter().map(|c| c.peer.clone()).collect();
    let names = names(&engine, &peers).await;
    Ok(Listed { user, profile: target.name, list, names, at: None })
}

fn empty_hints(context: &Context, user: &UserId) {
    note(&context.global, &context.texts.t("note-empty-list"));
    if user.has_capitals() {
        let args = [("user", user.as_str().into()), ("lowered", user.lowered().to_string().into())];
        note(&context.global, &context.texts.tr("note-capitals", &args));
    }
}

/// Users have lower-case ids on most servers; a PEER is sent as typed.
pub(super) fn note_capitals(context: &Context, peer: &Peer) {
    if peer.chat_type == ChatType::Single && peer.id().chars().any(char::is_uppercase) {
        let args = [("peer", peer.id().into()), ("lowered", peer.id().to_lowercase().into())];
        note(&context.global, &context.texts.tr("cli-peer-capitals", &args));
    }
}

fn order(list: &mut [Conversation], sort: Sort, lines: &Lines<'_>) {
    let at = |c: &Conversation| c.last.as_ref().map_or(ServerTime(0), |m| m.time);
    let name = |c: &Conversation| lines.name_of(&c.peer).unwrap_or(c.peer.id()).to_lowercase();
    match sort {
        Sort::Recent => list.sort_by_key(|c| Reverse(at(c))),
        Sort::Unread => list.sort_by_key(|c| Reverse((c.unread, at(c)))),
        Sort::Name => list.sort_by_key(|c| (name(c), c.peer.clone())),
        Sort::Waiting => list.sort_by_key(|c| (!c.waits(lines.me.as_str()), at(c))),
    }
}

/// Names are an ornament: without them the ids do.
async fn names(engine: &Engine, peers: &[Peer]) -> Names {
    engine.names(peers).await.unwrap_or_else(|failure| {
        tracing::info!(kind = <&str>::from(failure.kind), "names could not be read");
        Names::default()
    })
}

/// Reads the nicknames of senders not met before.
async fn meet(engine: &Engine, page: &[Message], lines: &mut Lines<'_>) {
    let known = &lines.names.profiles;
    let senders: BTreeSet<&str> =
        page.iter().map(|m| m.from.as_str()).filter(|from| !known.contains_key(*from)).collect();
    let users: Vec<Peer> = senders.iter().filter_map(|from| Peer::new(ChatType::Single, from).ok()).collect();
    let mut found = if users.is_empty() { Names::default() } else { names(engine, &users).await };
    for user in users {
        let profile = found.profiles.remove(user.id()).unwrap_or_default();
        lines.names.profiles.insert(user.id().to_owned(), profile);
    }
}

/// Prints messages in page order, page by page as they come.
pub(super) async fn history(context: &Context, args: HistoryArgs) -> Result<u8, Trouble> {
    let fields = Fields::read(context, OF_MESSAGE)?;
    let (start, end) = (time(context, args.from.as_deref())?, time(context, args.to.as_deref())?);
    check_sender(context, &args, args.peer.named())?;
    if context.global.offline {
        return kept::history(context, args, &fields, (start, end)).await;
    }
    let (engine, target) = session::open(context).await?;
    let user = engine.session().user.clone();
    let failed = |failure| Trouble::failed(failure, user.to_string());
    let peer = args.peer.resolve(&engine).await.map_err(failed)?;
    check_sender(context, &args, Some(&peer))?;
    note_capitals(context, &peer);
    let query = HistoryQuery {
        peer: peer.clone(),
        cursor: args.cursor.and_then(|place| place.0),
        size: args.page_size,
        direction: match args.direction {
            Way::Up => Direction::Up,
            Way::Down => Direction::Down,
        },
        kinds: args.kinds,
        start,
        end,
        sender: args.sender,
        fresh: true,
        kept: 0,
    };
    let most = if args.all { usize::MAX } else { args.limit.unwrap_or(query.size.get()) };
    let scope = json!({"peer": query.peer.to_string(), "direction": query.direction, "page_size": query.size.get(),
                       "cursor": query.cursor.as_ref().map(Cursor::as_str)});
    let header = json!({"schema": "manyou.history/1", "profile": target.name, "user": user, "scope": scope});
    let mut printer = Printer::start(context.mode(), header)?;
    let mut lines = context.lines(&user);
    let mut walk = engine.walk(query);
    let mut has_page = false;
    let (mut count, mut damaged, mut cut_at, mut failure) = (0, 0, None, None);
    while count < most {
        let mut page = match walk.next().await {
            Ok(Some(page)) => page,
            Ok(None) => break,
            Err(e) => {
                failure = Some(e);
                break;
            }
        };
        has_page = true;
        let room = most - count;
        if page.len() > room {
            page.truncate(room);
            let named = page.iter().rev().find(|m| m.id != MessageId(0));
            cut_at = named.map(|m| m.id.to_string()).or_else(|| walk.cursor().map(ToString::to_string));
        }
        meet(&engine, &page, &mut lines).await;
        for (message, line) in page.iter().zip(lines.messages(&page)) {
            let record = || lines.message_fields(message, &fields);
            printer.record(record, || if fields.are_named() { fields.row(&record()) } else { line })?;
            damaged += usize::from(matches!(message.body, Body::Damaged { .. }));
        }
        printer.flush()?;
        count += page.len();
    }
    let is_broken = walk.stop().is_some_and(|stop| stop != Stop::Complete) && count < most;
    let is_complete = failure.is_none() && cut_at.is_none() && walk.stop() == Some(Stop::Complete);
    let going_on = || cut_at.clone().or_else(|| walk.cursor().map(ToString::to_string));
    let next = if is_complete { None } else { going_on() };
    let stop = match (&failure, walk.stop()) {
        (Some(_), _) => "failure",
        (None, Some(stop)) if cut_at.is_none() => stop.into(),
        (None, _) => "limit",
    };
    printer.end(json!({"count": count, "damaged": damaged, "complete": is_complete, "cursor": next, "stop": stop}))?;
    if damaged > 0 {
        note(&context.global, &context.texts.tr("note-damaged", &[("count", damaged.into())]));
    }
    if let (Some(cursor), Mode::Plain, false) = (next.as_deref().filter(|_| has_page), context.mode(), is_broken) {
        note(&context.global, &context.texts.tr("cli-incomplete", &[("cursor", cursor.into())]));
    }
    if count == 0 && is_complete {
        note(&context.global, &context.texts.tr("cli-no-messages", &[("peer", peer.to_string().into())]));
    }
    match failure {
        Some(failure) => Err(failed(failure)),
        None if is_broken => {
            let said = context.texts.t("note-repeated-cursor");
            Ok(tell_end("partly", exit::PARTLY, &said, None, context.mode()))
        }
        None => Ok(exit::DONE),
    }
}

/// The service filters by sender in groups and rooms only; asked for in a chat of two it would be left out unsaid.
fn check_sender(context: &Context, args: &HistoryArgs, peer: Option<&Peer>) -> Result<(), Trouble> {
    match peer {
        Some(peer) if args.sender.is_some() && peer.chat_type == ChatType::Single => {
            Err(context.refuse("usage-sender", &[("peer", peer.id().into())]))
        }
        _ => Ok(()),
    }
}

/// `-1` is the service's word for an open bound.
fn time(context: &Context, text: Option<&str>) -> Result<Option<ServerTime>, Trouble> {
    text.filter(|text| *text != "-1").map(|text| context.time(text)).transpose()
}

/// Prints one message.
pub(super) async fn show(
    context: &Context,
    peer: &PeerWord,
    id: MessageId,
    raw: bool,
    force: bool,
) -> Result<u8, Trouble> {
    if raw && !force && io::stdout().is_terminal() {
        return Err(context.refuse("cli-raw-terminal", &[]));
    }
    let wanted = Fields::read(context, OF_MESSAGE)?;
    let Shown { user: me, profile, peer, message, names } = if context.global.offline {
        kept_message(context, peer, id).await?
    } else {
        asked(context, peer, id, &wanted).await?
    };
    let Some(message) = message else {
        let args = [("id", id.to_string().into()), ("peer", peer.to_string().into())];
        return Err(Trouble::Said(context.texts.tr("cli-message-not-found", &args), exit::OTHER));
    };
    if raw {
        io::stdout().lock().write_all(&message.raw)?;
        return Ok(exit::DONE);
    }
    let header =
        json!({"schema": "manyou.message/1", "profile": profile, "user": me, "scope": {"peer": peer.to_string()}});
    let mut printer = Printer::start(context.mode(), header)?;
    if wanted.are_named() {
        let mut lines = context.lines(&me);
        lines.names = names;
        let record = || lines.message_fields(&message, &wanted);
        printer.record(record, || wanted.row(&record()))?;
    } else {
        printer.record(|| message.record(), || fields(&message))?;
    }
    printer.end(json!({"count": 1, "complete": true}))?;
    Ok(exit::DONE)
}

/// A message that is to be printed, if it was found.
struct Shown {
    user: UserId,
    profile: Option<String>,
    peer: Peer,
    message: Option<Message>,
    names: Names,
}

async fn kept_message(context: &Context, peer: &PeerWord, id: MessageId) -> Result<Shown, Trouble> {
    let (target, peer, message, names) = kept::message(context, peer, id).await?;
    Ok(Shown { user: target.profile.user, profile: target.name, peer, message, names })
}

async fn asked(context: &Context, peer: &PeerWord, id: MessageId, wanted: &Fields) -> Result<Shown, Trouble> {
    let (engine, target) = session::open(context).await?;
    let me = engine.session().user.clone();
    let user = me.to_string();
    let peer = peer.resolve(&engine).await.map_err(|failure| Trouble::failed(failure, user.clone()))?;
    note_capitals(context, &peer);
    // A cursor is exclusive: the message comes first after the id just below its own.
    let below = id.0.checked_sub(1).filter(|below| *below > 0).map(|below| MessageId(below).into());
    let mut query = HistoryQuery::new(peer.clone(), below, Direction::Down).afresh();
    query.size = PageSize::MAX;
    let messages = match engine.page(&query).await {
        Ok(page) => page.messages,
        // A server may refuse a cursor that is the id of no message.
        Err(failure) if failure.status == Some(400) => Vec::new(),
        Err(failure) => return Err(Trouble::failed(failure, user)),
    };
    let message = messages.into_iter().find(|m| m.id == id);
    let mut lines = context.lines(&me);
    if let Some(message) = message.as_ref().filter(|_| wanted.are_named()) {
        meet(&engine, std::slice::from_ref(message), &mut lines).await;
    }
    let names = std::mem::take(&mut lines.names);
    Ok(Shown { user: me, profile: target.name, peer, message, names })
}

/// Every field on lines of its own.
fn fields(message: &Message) -> String {
    let mut lines = Vec::new();
    flatten("", &message.record(), &mut lines);
    lines.join("\n")
}

fn flatten(name: &str, value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(&name, value, lines);
            }
        }
        Value::String(text) => lines.push(line(name, text)),
        Value::Null => {}
        other => lines.push(line(name, &other.to_string())),
    }
}

fn line(name: &str, text: &str) -> String {
    let clean = crate::text::body(text).text.replace('\n', &format!("\n{:22}", ""));
    format!("{:<20}  {clean}", crate::text::label(name).text)
}

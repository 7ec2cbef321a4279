//! `list`, `history` and `show` with `--offline`: what the archive has, and where it has a hole.

use serde_json::{Value, json};

use super::args::{HistoryArgs, ProfilesVerb, Verb, Way};
use super::fields::Fields;
use super::output::{Mode, Printer, Trouble, note};
use super::peer::PeerWord;
use super::{Context, session};
use crate::domain::{
    ConversationList, Direction, HistoryPage, HistoryQuery, Message, MessageId, PageEnd, Peer, ServerTime, Spot, UserId,
};
use crate::engine::{Archive, Names};
use crate::report::exit;

impl Verb {
    /// Whether it can do nothing without a server.
    pub(super) const fn needs_server(&self) -> bool {
        match self {
            Self::Login { .. } | Self::Sync(_) | Self::Profiles { what: Some(ProfilesVerb::Test { .. }) } => true,
            #[cfg(feature = "delete")]
            Self::Delete { .. } => true,
            Self::Tui
            | Self::Logout { .. }
            | Self::Profiles { .. }
            | Self::List(_)
            | Self::History(_)
            | Self::Show { .. }
            | Self::Search(_)
            | Self::Archive { .. }
            | Self::Export(_)
            | Self::Import { .. }
            | Self::Open { .. }
            | Self::Serve(_)
            | Self::Demo { .. }
            | Self::Completions { .. }
            | Self::Version => false,
        }
    }
}

/// The list as it came last.
pub(super) struct Listed {
    pub(super) user: UserId,
    pub(super) profile: Option<String>,
    pub(super) list: ConversationList,
    pub(super) names: Names,
    /// When it came; `None` where none ever did.
    pub(super) at: Option<ServerTime>,
}

/// The list that is kept, with the names that are.
pub(super) fn list(context: &Context) -> Result<Listed, Trouble> {
    let (target, archive) = session::offline(context)?;
    let kept = archive.list_now();
    let list = ConversationList { conversations: kept.conversations, ..ConversationList::default() };
    Ok(Listed { user: target.profile.user, profile: target.name, list, names: names(&archive), at: kept.at })
}

/// Says of which moment the list is.
pub(super) fn tell_list(context: &Context, at: Option<ServerTime>) {
    match at {
        Some(at) => {
            let shown = at.timestamp().map(|t| t.to_zoned(context.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
            note(&context.global, &context.texts.tr("offline-list", &[("time", shown.unwrap_or_default().into())]));
        }
        None => note(&context.global, &context.texts.t("offline-no-list")),
    }
}

fn names(archive: &Archive) -> Names {
    let (profiles, groups) = archive.names_now();
    Names { profiles, groups }
}

/// What is kept of a conversation, in the order asked for; holes are passed over, counted and told.
pub(super) async fn history(
    context: &Context,
    args: HistoryArgs,
    fields: &Fields,
    times: (Option<ServerTime>, Option<ServerTime>),
) -> Result<u8, Trouble> {
    let (target, archive) = session::offline(context)?;
    let user = target.profile.user.clone();
    let peer = args.peer.listed(&archive.list_now().conversations);
    let direction = if args.direction == Way::Up { Direction::Up } else { Direction::Down };
    let mut walk = Walk { archive: &archive, peer: &peer, direction, next: Next::From(args.cursor.and_then(|c| c.0)) };
    let wanted = |m: &Message| {
        (args.kinds.is_empty() || args.kinds.contains(&m.body.kind()))
            && args.sender.as_ref().is_none_or(|sender| sender.as_str() == m.from)
            && times.0.is_none_or(|start| m.time >= start)
            && times.1.is_none_or(|end| m.time <= end)
    };
    let most = if args.all { usize::MAX } else { args.limit.unwrap_or(args.page_size.get()) };
    let scope = json!({"peer": peer.to_string(), "direction": direction, "source": "archive"});
    let header = json!({"schema": "manyou.history/1", "profile": target.name, "user": user, "scope": scope});
    let mut printer = Printer::start(context.mode(), header)?;
    let mut lines = context.lines(&user);
    lines.names = names(&archive);
    let (mut count, mut holes, mut last, mut is_cut) = (0, Vec::new(), None::<(ServerTime, MessageId)>, false);
    while let Some(step) = walk.next().await {
        let mut page = step.page.messages;
        if let (true, Some((before, _)), Some(after)) = (step.is_beyond_hole, last, page.first()) {
            holes.push(json!({"from": before.min(after.time), "to": before.max(after.time)}));
        }
        last = page.iter().rev().find(|m| m.id != MessageId(0)).map(|m| (m.time, m.id)).or(last);
        page.retain(wanted);
        is_cut = page.len() > most - count;
        page.truncate(most - count);
        if is_cut {
            last = page.last().map(|m| (m.time, m.id)).or(last);
        }
        for (message, line) in page.iter().zip(lines.messages(&page)) {
            let record = || lines.message_fields(message, fields);
            printer.record(record, || if fields.are_named() { fields.row(&record()) } else { line })?;
        }
        printer.flush()?;
        count += page.len();
        if count == most {
            break;
        }
    }
    let is_cut = is_cut || (count == most && !walk.is_over());
    let is_whole = !is_cut && walk.next == Next::End && holes.is_empty();
    let cursor = last.map(|(_, id)| id.to_string()).filter(|_| is_cut);
    let told = holes.len();
    printer.end(json!({"count": count, "complete": is_whole, "holes": holes, "cursor": cursor,
                       "stop": if is_cut { "limit" } else { "complete" }}))?;
    if context.mode() == Mode::Plain {
        tell(context, &peer, count, told, &walk.next, cursor.as_deref());
    }
    Ok(if is_whole || is_cut { exit::DONE } else { exit::PARTLY })
}

fn tell(context: &Context, peer: &Peer, count: usize, holes: usize, next: &Next, cursor: Option<&str>) {
    let texts = &context.texts;
    if count == 0 {
        let args = [("peer", peer.to_string().into())];
        return note(&context.global, &texts.tr("offline-nothing", &args));
    }
    if holes > 0 {
        note(&context.global, &texts.tr("offline-holes", &[("n", holes.into())]));
    }
    if *next == Next::Nothing {
        note(&context.global, &texts.t("offline-open-end"));
    }
    if let Some(cursor) = cursor {
        note(&context.global, &texts.tr("cli-incomplete", &[("cursor", cursor.into())]));
    }
}

/// One message by its id.
pub(super) async fn message(
    context: &Context,
    peer: &PeerWord,
    id: MessageId,
) -> Result<(session::Target, Peer, Option<Message>, Names), Trouble> {
    let (target, archive) = session::offline(context)?;
    let peer = peer.listed(&archive.list_now().conversations);
    let around = archive.around(&peer, Spot::Message(id), true).await;
    let found = around.and_then(|around| around.newer.messages.into_iter().find(|m| m.id == id));
    Ok((target, peer, found, names(&archive)))
}

/// Pages of what is kept, one after another, over holes.
struct Walk<'a> {
    archive: &'a Archive,
    peer: &'a Peer,
    direction: Direction,
    next: Next,
}

/// Where a walk goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Next {
    /// From this cursor, or from the end it starts at.
    From(Option<crate::domain::Cursor>),
    /// The history ends here.
    End,
    /// Nothing more is kept.
    Nothing,
}

struct Step {
    page: HistoryPage,
    is_beyond_hole: bool,
}

impl Walk<'_> {
    async fn next(&mut self) -> Option<Step> {
        let Next::From(cursor) = self.next.clone() else { return None };
        let (page, is_beyond_hole) = match &cursor {
            None => (self.first().await, false),
            Some(cursor) => {
                let query = HistoryQuery::new(self.peer.clone(), Some(cursor.clone()), self.direction);
                match self.archive.page(&query).await {
                    Some(page) => (Some(page), false),
                    None => (self.beyond(cursor).await, true),
                }
            }
        };
        let Some(page) = page else {
            self.next = Next::Nothing;
            return None;
        };
        self.next = match &page.end {
            PageEnd::More(next) if Some(next) != cursor.as_ref() || !page.messages.is_empty() => {
                Next::From(Some(next.clone()))
            }
            PageEnd::End => Next::End,
            PageEnd::More(_) | PageEnd::Refused => Next::Nothing,
        };
        Some(Step { page, is_beyond_hole })
    }

    async fn first(&self) -> Option<HistoryPage> {
        match self.direction {
            Direction::Up => Some(self.archive.newest(self.peer).await?.page),
            Direction::Down => Some(self.archive.around(self.peer, Spot::Time(ServerTime(0)), true).await?.newer),
        }
    }

    async fn beyond(&self, cursor: &crate::domain::Cursor) -> Option<HistoryPage> {
        let id = cursor.as_str().parse().ok()?;
        Some(self.archive.beyond(self.peer, id, self.direction).await?.page)
    }

    fn is_over(&self) -> bool {
        !matches!(self.next, Next::From(_))
    }
}

/// The scope of a list that no server was asked for.
pub(super) fn list_scope(at: Option<ServerTime>) -> Value {
    json!({"source": "archive", "listed_at": at})
}
